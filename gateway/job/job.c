/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wap/hex.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 60000

/*
 * One line a legal move. A job that is pushed and has reached what "until"
 * asks for is done: see job_apply().
 */
static const struct {
	enum job_state state;
	enum job_event event;
	enum job_state next;
} moves[] = {
	{ JOB_WAITING, JOB_CLAIM, JOB_SENDING },
	{ JOB_WAITING, JOB_EXHAUSTED, JOB_FAILED },
	{ JOB_WAITING, JOB_EXPIRE, JOB_EXPIRED },
	{ JOB_WAITING, JOB_CANCEL, JOB_CANCELLED },
	/* A report can come for a try whose acknowledgement was lost. */
	{ JOB_WAITING, JOB_TAKEN, JOB_PUSHED },
	{ JOB_WAITING, JOB_DELIVERED, JOB_PUSHED },
	{ JOB_WAITING, JOB_UNDELIVERED, JOB_WAITING },
	{ JOB_WAITING, JOB_REFUSED, JOB_FAILED },
	/* ... and a session after any of them. */
	{ JOB_WAITING, JOB_SESSION, JOB_DONE },

	{ JOB_SENDING, JOB_LATER, JOB_WAITING },
	{ JOB_SENDING, JOB_TAKEN, JOB_PUSHED },
	{ JOB_SENDING, JOB_DELIVERED, JOB_PUSHED },
	{ JOB_SENDING, JOB_UNDELIVERED, JOB_WAITING },
	{ JOB_SENDING, JOB_REFUSED, JOB_FAILED },
	{ JOB_SENDING, JOB_EXHAUSTED, JOB_FAILED },
	{ JOB_SENDING, JOB_SESSION, JOB_DONE },
	{ JOB_SENDING, JOB_EXPIRE, JOB_EXPIRED },
	{ JOB_SENDING, JOB_CANCEL, JOB_CANCELLED },

	{ JOB_PUSHED, JOB_CLAIM, JOB_SENDING },	/* the next attempt */
	{ JOB_PUSHED, JOB_LATER, JOB_WAITING },	/* it came back */
	{ JOB_PUSHED, JOB_DELIVERED, JOB_PUSHED },
	{ JOB_PUSHED, JOB_UNDELIVERED, JOB_WAITING },
	{ JOB_PUSHED, JOB_REFUSED, JOB_FAILED },
	{ JOB_PUSHED, JOB_EXHAUSTED, JOB_FAILED },
	{ JOB_PUSHED, JOB_SESSION, JOB_DONE },
	{ JOB_PUSHED, JOB_EXPIRE, JOB_EXPIRED },
	{ JOB_PUSHED, JOB_CANCEL, JOB_CANCELLED },

	{ JOB_DONE, JOB_SESSION, JOB_DONE },	/* it only reaches further */
};

static const struct {
	enum segment_state state;
	enum segment_event event;
	enum segment_state next;
} segment_moves[] = {
	{ SEGMENT_WAITING, SEGMENT_ACKED, SEGMENT_TAKEN },
	{ SEGMENT_WAITING, SEGMENT_NACKED, SEGMENT_FAILED },
	/* Reports may overtake the acknowledgement. */
	{ SEGMENT_WAITING, SEGMENT_REPORTED_OK, SEGMENT_DELIVERED },
	{ SEGMENT_WAITING, SEGMENT_REPORTED_LATER, SEGMENT_UNDELIVERED },
	{ SEGMENT_WAITING, SEGMENT_REPORTED_BAD, SEGMENT_FAILED },

	{ SEGMENT_TAKEN, SEGMENT_REPORTED_OK, SEGMENT_DELIVERED },
	{ SEGMENT_TAKEN, SEGMENT_REPORTED_LATER, SEGMENT_UNDELIVERED },
	{ SEGMENT_TAKEN, SEGMENT_REPORTED_BAD, SEGMENT_FAILED },
	{ SEGMENT_TAKEN, SEGMENT_GIVEN_BACK, SEGMENT_WAITING },

	/* An earlier attempt has brought it there after all. */
	{ SEGMENT_UNDELIVERED, SEGMENT_REPORTED_OK, SEGMENT_DELIVERED },
	/* Another try of this attempt was refused for good. */
	{ SEGMENT_UNDELIVERED, SEGMENT_REPORTED_BAD, SEGMENT_FAILED },
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

bool job_move(enum job_state state, enum job_event event,
	      enum job_state *next)
{
	for (size_t i = 0; i < LENGTH(moves); i++) {
		if (moves[i].state == state && moves[i].event == event) {
			*next = moves[i].next;
			return true;
		}
	}
	return false;
}

static enum job_reached reached_by(enum job_event event)
{
	if (event == JOB_SESSION)
		return REACHED_SESSION;
	if (event == JOB_DELIVERED)
		return REACHED_DELIVERED;
	return event == JOB_TAKEN ? REACHED_TAKEN : REACHED_NONE;
}

bool job_apply(struct job *j, enum job_event event, int64_t now_ms)
{
	enum job_state next;

	if (!job_move(j->state, event, &next))
		return false;
	if (reached_by(event) > j->reached)
		j->reached = reached_by(event);
	if (next == JOB_PUSHED && j->reached >= j->until)
		next = JOB_DONE;
	if (event == JOB_CLAIM)
		j->tries++;
	j->state = next;
	j->changed_ms = now_ms;
	return true;
}

/* What a segment's move adds to the job's counters. */
static void count(struct job *j, enum segment_state was,
		  enum segment_state now)
{
	if (was == SEGMENT_WAITING && now != SEGMENT_FAILED)
		j->n_taken++;
	if (now == SEGMENT_WAITING)
		j->n_taken--;
	if (was == SEGMENT_UNDELIVERED)
		j->n_undelivered--;
	if (now == SEGMENT_UNDELIVERED)
		j->n_undelivered++;
	if (now == SEGMENT_DELIVERED)
		j->n_delivered++;
}

bool job_segment_apply(struct job *j, enum segment_state *s,
		       enum segment_event event)
{
	for (size_t i = 0; i < LENGTH(segment_moves); i++) {
		if (segment_moves[i].state != *s ||
		    segment_moves[i].event != event)
			continue;
		count(j, *s, segment_moves[i].next);
		*s = segment_moves[i].next;
		return true;
	}
	return false;
}

enum job_event job_settle(const struct job *j)
{
	if (j->n_delivered == j->n_segments)
		return JOB_DELIVERED;
	if (j->n_delivered + j->n_undelivered == j->n_segments)
		return JOB_UNDELIVERED;
	if (j->n_taken == j->n_segments)
		return JOB_TAKEN;
	return JOB_LATER;
}

bool job_is_final(enum job_state state)
{
	return state >= JOB_DONE;
}

const char *job_reason(const struct job *j)
{
	return j->state == JOB_PUSHED || j->state == JOB_DONE ? "" : j->reason;
}

bool job_reason_is_report(const char *reason)
{
	return !strncmp(reason, JOB_REASON_REPORT, strlen(JOB_REASON_REPORT));
}

int64_t job_backoff_ms(uint32_t tries, uint32_t random)
{
	int64_t delay = BACKOFF_FIRST_MS;

	while (tries-- > 1 && delay < BACKOFF_MAX_MS)
		delay *= 2;
	if (delay > BACKOFF_MAX_MS)
		delay = BACKOFF_MAX_MS;
	return delay * (80 + random % 41) / 100;
}

uint16_t job_next_session_id(uint16_t last, bool swaps)
{
	if (swaps)
		return (uint16_t)(((last >> 8) % 255 + 1) * 0x0101);
	return last == UINT16_MAX ? 1 : (uint16_t)(last + 1);
}

const char *job_method_name(enum job_method method)
{
	static const char *const names[JOB_METHODS] = {
		[JOB_NOTIFY] = "notify",
		[JOB_BOOTSTRAP] = "bootstrap",
	};

	return names[method];
}

static const char *const state_names[JOB_STATES] = {
	[JOB_WAITING] = "waiting",
	[JOB_SENDING] = "sending",
	[JOB_PUSHED] = "pushed",
	[JOB_DONE] = "done",
	[JOB_FAILED] = "failed",
	[JOB_EXPIRED] = "expired",
	[JOB_CANCELLED] = "cancelled",
};

const char *job_state_name(enum job_state state)
{
	return state_names[state];
}

int job_state_find(const char *name, enum job_state *state)
{
	for (unsigned i = 0; i < JOB_STATES; i++) {
		if (!strcmp(state_names[i], name)) {
			*state = i;
			return DM_OK;
		}
	}
	return DM_ENOENT;
}

const char *job_reached_name(enum job_reached reached)
{
	static const char *const names[] = {
		[REACHED_NONE] = "none",
		[REACHED_TAKEN] = "taken",
		[REACHED_DELIVERED] = "delivered",
		[REACHED_SESSION] = "session",
	};

	return names[reached];
}

const char *segment_state_name(enum segment_state state)
{
	static const char *const names[SEGMENT_STATES] = {
		[SEGMENT_WAITING] = "waiting",
		[SEGMENT_TAKEN] = "taken",
		[SEGMENT_DELIVERED] = "delivered",
		[SEGMENT_FAILED] = "failed",
		[SEGMENT_UNDELIVERED] = "undelivered",
	};

	return names[state];
}

void job_dlr_key(const struct job *j, unsigned segment,
		 char out[JOB_DLR_KEY_SIZE])
{
	char token[HEX_SIZE(JOB_TOKEN_LEN)];

	hex_encode(j->token, sizeof(j->token), token);
	snprintf(out, JOB_DLR_KEY_SIZE, "%" PRId64 ".%u.%u.%s", j->id,
		 segment % 1000, j->attempt % 1000, token);
}

int job_dlr_key_parse(const char *key, size_t len, struct job_dlr_key *out)
{
	struct job_dlr_key got = { .attempt = 1 };
	char text[JOB_DLR_KEY_SIZE];
	int at = 0, behind = 0;
	size_t n;

	if (len >= sizeof(text))
		return DM_EPROTO;
	memcpy(text, key, len);
	text[len] = '\0';
	if (sscanf(text, "%19" SCNd64 ".%3u.%n%3u.%n", &got.job, &got.segment,
		   &at, &got.attempt, &behind) < 2 || at == 0 || got.job < 0)
		return DM_EPROTO;
	if (behind == 0)
		got.attempt = 1;	/* what was read is of the token */
	else
		at = behind;
	if (hex_decode(text + at, strlen(text + at), got.token, JOB_TOKEN_LEN,
		       &n) || n != JOB_TOKEN_LEN)
		return DM_EPROTO;
	*out = got;
	return DM_OK;
}
