/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h - what has happened to jobs, as event.subscribe tells it
 *
 * An event is one change of one job, with a number that only grows: its cursor.
 * That a job is being sent is no event, since it lasts for moments: the one
 * after it tells what came of it. Pure.
 */
#ifndef GATEWAY_EVENT_H
#define GATEWAY_EVENT_H

#include <jansson.h>

#include "gateway/job/session.h"

enum event_kind {		/* kept on disk: never renumber */
	EVENT_ACCEPTED = 0,
	EVENT_WAITING = 1,	/* put off: it will be tried again */
	EVENT_PUSHED = 2,
	EVENT_DONE = 3,
	EVENT_FAILED = 4,
	EVENT_EXPIRED = 5,
	EVENT_CANCELLED = 6,
	EVENT_DELIVERED = 7,	/* and not done: the session is awaited */
	EVENT_REBUILT = 8,	/* encoded again before its next attempt */
	EVENT_SESSION_STARTED = 9,
	EVENT_SESSION_ENDED = 10,
};
#define EVENT_KINDS 11

struct event_record {
	int64_t cursor;		/* from 1 */
	int64_t time_ms;	/* since 1970 */
	enum event_kind kind;
	int64_t job;
	enum job_method method;
	char to[MSISDN_SIZE];
	char device[JOB_DEVICE_SIZE];		/* "": none */
	char server_id[JOB_SERVER_ID_SIZE];	/* "": none */
	enum job_state state;	/* this, and what follows: after the change */
	enum job_reached reached;
	uint32_t attempt;
	int32_t result;		/* of a session that ended; -1: none */
	int32_t session_id;	/* the job's; of a notification */
	char alert_type[SESSION_ALERT_TYPE_SIZE];	/* the job's; "" */
	char reason[JOB_REASON_SIZE];	/* "": none */
};

struct event_filter {
	int64_t job;		/* 0: any */
	char to[MSISDN_SIZE];	/* "": any; with or without a + */
	char device[JOB_DEVICE_SIZE];	/* "": any */
	unsigned states;	/* bits 1 << enum job_state; 0: any */
};

/* What a job's move to this state is; false: no event. */
bool event_of_state(enum job_state state, enum event_kind *kind);

bool event_matches(const struct event_filter *f, const struct event_record *r);

const char *event_kind_name(enum event_kind kind);

/* The "params" of an event; the caller owns them. */
json_t *event_json(const struct event_record *r);

#endif
