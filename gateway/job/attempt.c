/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/attempt.h"

#include <stdio.h>

#include "gateway/job/ending.h"

#define LONGEST 40		/* the random that makes it longest: +20 % */

int64_t attempt_ms(const struct attempt_plan *p, uint32_t attempt,
		   uint32_t random)
{
	int64_t ms = 1000 * (int64_t)p->first_s;
	int64_t ceiling_ms = 1000 * (int64_t)p->ceiling_s;

	while (attempt-- > 1 && p->factor > 1 && ms < ceiling_ms)
		ms *= p->factor;
	if (ms > ceiling_ms)
		ms = ceiling_ms;
	return ms * (80 + random % 41) / 100;
}

static void begin(struct job *j, const struct attempt_plan *p, int64_t now_ms,
		  uint32_t random)
{
	j->attempt++;
	j->n_taken = j->n_delivered = j->n_undelivered = 0;
	j->deadline_ms = now_ms + attempt_ms(p, j->attempt, random);
}

/*
 * What was sent of the open attempt may be valid until its deadline: nothing
 * more is sent before. But if a clock was set back since, for no longer than an
 * attempt lasts.
 */
static int64_t not_before_deadline(const struct job *j,
				   const struct attempt_plan *p,
				   int64_t now_ms, int64_t ms)
{
	int64_t last_ms = now_ms + attempt_ms(p, j->attempt, LONGEST);
	int64_t deadline_ms = j->deadline_ms < last_ms ? j->deadline_ms :
			      last_ms;

	return deadline_ms > ms ? deadline_ms : ms;
}

static void set_reason(struct job *j, const char *reason)
{
	if (reason != j->reason)
		snprintf(j->reason, sizeof(j->reason), "%s", reason);
}

/* Nothing of an attempt was taken: it is begun once more, not counted. */
static bool is_open(const struct job *j, int64_t now_ms)
{
	return j->state == JOB_WAITING && j->n_taken > 0 &&
	       j->deadline_ms > now_ms;
}

static bool is_unused(const struct job *j)
{
	return j->state == JOB_WAITING && j->n_taken == 0 && j->attempt > 0;
}

bool attempt_take_up(struct job *j, const struct attempt_plan *p,
		     int64_t now_ms, uint32_t random, bool *again)
{
	*again = false;
	if (is_unused(j)) {
		/* Begun anew. An acknowledgement can have been lost. */
		j->deadline_ms = not_before_deadline(j, p, now_ms, now_ms +
					attempt_ms(p, j->attempt, random));
	} else if (!is_open(j, now_ms)) {
		if (j->attempt >= (uint32_t)p->max) {
			job_apply(j, JOB_EXHAUSTED, now_ms);
			ending_tell(j, j->reason);
			return false;
		}
		*again = j->n_taken > 0;
		begin(j, p, now_ms, random);
	}
	return job_apply(j, JOB_CLAIM, now_ms);
}

/*
 * A report of an earlier attempt can push a job that has no open attempt, and
 * is due when it was, or when the bootstrap has ended that it waits for.
 */
static void schedule_pushed(struct job *j)
{
	if (j->deadline_ms == 0 && j->next_ms != ATTEMPT_NEVER_MS)
		j->deadline_ms = j->next_ms;
	if (j->deadline_ms != 0)
		j->next_ms = j->deadline_ms;
}

/* The device is off: when the attempt would have ended without a report. */
static void schedule_undelivered(struct job *j, const struct attempt_plan *p,
				 int64_t now_ms)
{
	if (j->deadline_ms == 0)
		return;		/* we knew that before */
	j->next_ms = not_before_deadline(j, p, now_ms, now_ms);
	j->deadline_ms = 0;
}

/* A report stays in a job that is pushed again: its end may have to tell it. */
static void tell(struct job *j, enum job_event event, const char *reason)
{
	if (event == JOB_EXHAUSTED)
		ending_tell(j, reason);
	else if (event == JOB_REFUSED && job_reason_is_report(reason))
		ending_refused(j, reason);
	else if (j->state == JOB_WAITING || j->state == JOB_FAILED)
		set_reason(j, reason);
	else if (event != JOB_TAKEN || !job_reason_is_report(j->reason))
		set_reason(j, "");
}

bool attempt_apply(struct job *j, enum job_event event,
		   const struct attempt_plan *p, const char *reason,
		   int64_t now_ms, uint32_t random)
{
	if (event == JOB_UNDELIVERED && j->attempt >= (uint32_t)p->max)
		event = JOB_EXHAUSTED;
	if (!job_apply(j, event, now_ms))
		return false;
	if (j->state == JOB_PUSHED)
		schedule_pushed(j);
	else if (event == JOB_UNDELIVERED)
		schedule_undelivered(j, p, now_ms);
	else if (event == JOB_LATER)
		j->next_ms = now_ms + job_backoff_ms(j->tries, random);
	tell(j, event, reason);
	return true;
}

int64_t attempt_validity_s(const struct job *j)
{
	int64_t ms = j->deadline_ms && j->deadline_ms < j->expires_ms ?
		     j->deadline_ms : j->expires_ms;

	return ms / 1000;
}
