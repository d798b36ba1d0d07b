/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job.h - the life of a job and of its segments
 *
 * A job is one request in the queue; its message is one or more segments, each
 * an SMS. Both change state only through the tables in job.c; what a table
 * does not list changes nothing, since late and repeated acknowledgements and
 * reports are normal. Pure.
 */
#ifndef GATEWAY_JOB_H
#define GATEWAY_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "wap/err.h"
#include "wap/msisdn.h"
#include "wap/segment.h"

#define JOB_SERVER_ID_SIZE 256		/* octets, with NUL */
#define JOB_DEVICE_SIZE 65		/* characters, with NUL */
#define JOB_SENDER_SIZE 21		/* octets, with NUL */
#define JOB_SMSC_ID_SIZE 65		/* octets, with NUL */
#define JOB_ROUTE_SIZE 33		/* characters, with NUL */
#define JOB_REASON_SIZE 200		/* octets, with NUL */
#define JOB_TOKEN_LEN 16		/* octets */
#define JOB_KEY_MAX 64			/* characters of a request's key */

enum job_method {		/* kept on disk: never renumber */
	JOB_NOTIFY = 0,
	JOB_BOOTSTRAP = 1,	/* its octets are secrets */
};
#define JOB_METHODS 2

enum job_state {		/* kept on disk: never renumber */
	JOB_WAITING = 0,	/* for its turn, or for the next try */
	JOB_SENDING = 1,	/* on its way to bearerbox */
	JOB_PUSHED = 2,		/* bearerbox has it; "until" is not met yet */
	JOB_DONE = 3,		/* what "until" asked for is reached */
	JOB_FAILED = 4,		/* refused for good, or no attempt is left */
	JOB_EXPIRED = 5,	/* "expires-s" has passed */
	JOB_CANCELLED = 6,	/* by job.cancel */
};
#define JOB_STATES 7

enum job_reached {		/* only grows; kept on disk */
	REACHED_NONE = 0,
	REACHED_TAKEN = 1,	/* bearerbox took every segment */
	REACHED_DELIVERED = 2,	/* every segment is reported delivered */
	REACHED_SESSION = 3,	/* the device's session has started */
};

enum job_event {
	JOB_CLAIM,		/* the sender takes it up */
	JOB_LATER,		/* not now: link down, no room */
	JOB_TAKEN,		/* bearerbox took every segment */
	JOB_DELIVERED,		/* every segment is reported delivered */
	JOB_UNDELIVERED,	/* all are reported on, some not delivered */
	JOB_REFUSED,		/* a segment was refused for good */
	JOB_EXHAUSTED,		/* no attempt is left */
	JOB_SESSION,		/* the device's session has started */
	JOB_EXPIRE,
	JOB_CANCEL,
};
#define JOB_EVENTS 10

enum segment_state {		/* kept on disk: never renumber */
	SEGMENT_WAITING = 0,	/* not yet with bearerbox, as far as we know */
	SEGMENT_TAKEN = 1,
	SEGMENT_DELIVERED = 2,
	SEGMENT_FAILED = 3,	/* for good */
	SEGMENT_UNDELIVERED = 4,	/* in this attempt */
};
#define SEGMENT_STATES 5

enum segment_event {
	SEGMENT_ACKED,		/* bearerbox: success or buffered */
	SEGMENT_NOT_NOW,	/* bearerbox: temporary; or the link broke */
	SEGMENT_NACKED,		/* bearerbox: refused for good */
	SEGMENT_REPORTED_OK,	/* delivery report: delivered */
	SEGMENT_REPORTED_LATER,	/* delivery report: not delivered this time */
	SEGMENT_REPORTED_BAD,	/* delivery report: failed for good */
	SEGMENT_GIVEN_BACK,	/* delivery report: the SMSC had no room */
};
#define SEGMENT_EVENTS 7

/* What happens when the device has a notification of that server in flight. */
enum on_busy {
	BUSY_JOIN,		/* the answer is the job that is there */
	BUSY_SUPERSEDE,		/* that one is cancelled */
	BUSY_REFUSE,
};

struct job {
	int64_t id;
	enum job_method method;
	uint32_t client;	/* Unix uid of who asked */
	enum job_state state;
	enum job_reached reached;
	enum job_reached until;
	int64_t created_ms;	/* milliseconds since 1970 */
	int64_t changed_ms;
	int64_t expires_ms;
	int64_t next_ms;	/* waiting: not before; pushed: sent again */
	int64_t deadline_ms;	/* end of the open attempt; 0: none is open */
	char to[MSISDN_SIZE];
	char device[JOB_DEVICE_SIZE];	/* its name in the registry; "" */
	char from[JOB_SENDER_SIZE];
	char smsc_id[JOB_SMSC_ID_SIZE];	/* "": bearerbox chooses */
	char route[JOB_ROUTE_SIZE];	/* its name; "": bearerbox */
	char server_id[JOB_SERVER_ID_SIZE];
	int32_t dm_version;	/* enum dm_version; a bootstrap: -1 if none */
	int32_t session_id;	/* of a notification */
	uint32_t n_ids_before;	/* it had those that count up to it */
	bool client_initiated;	/* <initiator>: its session may have any id */
	int32_t dcs;
	uint32_t tries;		/* times that it was taken up */
	uint32_t attempt;	/* attempts begun: see attempt.h */
	uint32_t n_segments;	/* 1..SEGMENTS_MAX; of this attempt: */
	uint32_t n_taken;	/* taken, delivered or undelivered */
	uint32_t n_delivered;
	uint32_t n_undelivered;
	uint8_t token[JOB_TOKEN_LEN];	/* random, part of the DLR key */
	char reason[JOB_REASON_SIZE];	/* why it failed or waits; "". Of one
					 * that is pushed again: the last
					 * report, see job_reason() */
};

#define JOB_REASON_REPORT "delivery report: "	/* how that of one begins */

struct job_segment {
	struct segment sms;
	enum segment_state state;
};

/*
 * What happens to a job in this state: its next state, and whether the table
 * lists the pair at all.
 */
bool job_move(enum job_state state, enum job_event event,
	      enum job_state *next);

/*
 * Applies an event to the job: state, reached, and done where "until" is met.
 * Returns whether anything changed.
 */
bool job_apply(struct job *j, enum job_event event, int64_t now_ms);

/*
 * Applies an event to one segment and counts it in the job; the job's own
 * state is not touched. Returns whether the segment's state changed.
 */
bool job_segment_apply(struct job *j, enum segment_state *s,
		       enum segment_event event);

/* What the counters say of a job none of whose segments is in flight. */
enum job_event job_settle(const struct job *j);

bool job_is_final(enum job_state state);

/* What is told of it: why it waits, or has ended without success; or "". */
const char *job_reason(const struct job *j);
bool job_reason_is_report(const char *reason);

/* Milliseconds before the next try: 1 s, 2 s, ... 60 s, +-20 % by random. */
int64_t job_backoff_ms(uint32_t tries, uint32_t random);

/*
 * The session id after the last one: counts up, skips 0. For a client that
 * swaps the octets only ids with two equal octets.
 */
uint16_t job_next_session_id(uint16_t last, bool swaps);

const char *job_method_name(enum job_method method);
const char *job_state_name(enum job_state state);
const char *job_reached_name(enum job_reached reached);
const char *segment_state_name(enum segment_state state);

/* The state with this name; DM_ENOENT if there is none. */
int job_state_find(const char *name, enum job_state *state) DM_CHECK;

/*
 * The key that goes with a segment to bearerbox and comes back with its
 * report: job, segment, attempt, token. Nobody outside can make one up.
 */
struct job_dlr_key {
	int64_t job;
	unsigned segment;	/* 0..999 */
	uint32_t attempt;	/* 0..999 */
	uint8_t token[JOB_TOKEN_LEN];
};
#define JOB_DLR_KEY_SIZE (20 + 1 + 3 + 1 + 3 + 1 + 2 * JOB_TOKEN_LEN + 1)
void job_dlr_key(const struct job *j, unsigned segment,
		 char out[JOB_DLR_KEY_SIZE]);

/*
 * Reads such a key of len characters; DM_EPROTO if it is none. A key without
 * attempt, as older versions made it, is of the first one.
 */
int job_dlr_key_parse(const char *key, size_t len, struct job_dlr_key *out)
	DM_CHECK;

#endif
