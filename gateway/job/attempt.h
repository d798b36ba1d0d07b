/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt.h - when a job is sent, and sent again
 *
 * An attempt is one sending of the whole message, the same octets each time
 * unless it is made anew (store_rebuild.h). It has a deadline, which is also
 * the validity of its SMS: so they are gone when the next attempt begins. That
 * is at the deadline, also if every segment has its final report before: a
 * device that is off is off for a while, and the report that an SMS has expired
 * comes at the deadline. What did not even reach bearerbox, or no SMSC had room
 * for, is no attempt. Pure.
 */
#ifndef GATEWAY_ATTEMPT_H
#define GATEWAY_ATTEMPT_H

#include "gateway/job/job.h"

#define ATTEMPT_S_MAX 604800	/* seconds: 7 days */
#define ATTEMPT_FACTOR_MAX 10
#define ATTEMPTS_MAX 100

struct attempt_plan {
	int32_t first_s;	/* the first attempt, 1..ATTEMPT_S_MAX */
	int32_t factor;		/* each next one takes so much longer */
	int32_t ceiling_s;	/* but not longer than this */
	int32_t max;		/* attempts, 1..ATTEMPTS_MAX */
};

/* Never: what the job waits for will say when. */
#define ATTEMPT_NEVER_MS INT64_MAX

/* How long attempt 1, 2, ... lasts, +-20 % by random. */
int64_t attempt_ms(const struct attempt_plan *p, uint32_t attempt,
		   uint32_t random);

/*
 * Takes up a job that is due: it goes on with its open attempt or begins the
 * next one, or fails when none is left. One that is begun anew, since nothing
 * of it was taken, does not end earlier than it would have. *again: all
 * segments are to be sent once more. Returns whether the job is to be sent.
 */
bool attempt_take_up(struct job *j, const struct attempt_plan *p,
		     int64_t now_ms, uint32_t random, bool *again);

/*
 * As job_apply(), and sets when the job is due again. JOB_UNDELIVERED of the
 * last attempt is JOB_EXHAUSTED. reason says what happened, for people.
 */
bool attempt_apply(struct job *j, enum job_event event,
		   const struct attempt_plan *p, const char *reason,
		   int64_t now_ms, uint32_t random);

/* When the segments of the open attempt must have arrived; seconds. */
int64_t attempt_validity_s(const struct job *j);

#endif
