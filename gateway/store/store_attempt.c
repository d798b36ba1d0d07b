/* SPDX-License-Identifier: Apache-2.0 */
/* Operations of store.h that send jobs, and hear what became of them. */
#include "gateway/store/store_change.h"

#include <stdio.h>

#include "gateway/job/ending.h"
#include "gateway/store/store_events.h"
#include "gateway/store/store_rebuild.h"
#include "gateway/wipe.h"

/* --------------------------------- claims --------------------------------- */

/* Each job another one, in a claim of many. */
static uint32_t random_of(const struct store_claim *op, const struct job *j)
{
	return op->random ^ (uint32_t)j->id * 2654435761U;	/* Knuth's */
}

/* A notification follows its device until a segment of it is under way. */
static int rebuild(struct store_sql *sql, struct store_claimed *c, bool again,
		   struct err *e)
{
	struct job *j = &c->job;
	int rc = store_rebuild(sql, j, c->segments, again, &c->rebuilt, e);

	if (rc || !c->rebuilt)
		return rc;
	return event_write(sql, j, EVENT_REBUILT, j->changed_ms, e);
}

static int claim_segments(struct store_sql *sql, struct store_claimed *c,
			  bool again, struct err *e)
{
	const struct job *j = &c->job;
	int rc = again ? sql_segments_reset(sql, j->id, e) : DM_OK;

	c->rebuilt = false;
	if (!rc)
		rc = store_read_segments(sql, j, &c->segments, e);
	if (rc)
		return rc;
	if (j->method == JOB_BOOTSTRAP)
		return sql_secret_get(sql, j->id, c->segments, j->n_segments,
				      e);
	return j->n_taken > 0 ? DM_OK : rebuild(sql, c, again, e);
}

/* Until the bootstrap of its device has ended: see sql_heads_wake(). */
static void put_off(struct job *j, int64_t bootstrap)
{
	j->next_ms = ATTEMPT_NEVER_MS;
	snprintf(j->reason, sizeof(j->reason), "waits for bootstrap %lld",
		 (long long)bootstrap);
}

static int claim_one(struct store_sql *sql, struct store_claim *op,
		     struct job *j, struct err *e)
{
	struct store_claimed *c = &op->jobs[op->n];
	enum job_state was = j->state;
	int64_t bootstrap = 0;
	bool taken_up = false, again = false;

	if (j->method == JOB_NOTIFY && sql_bootstrap_of(sql, j, &bootstrap, e))
		return DM_EIO;
	if (j->expires_ms <= op->now_ms)
		ending_expire(j, op->now_ms);
	else if (bootstrap)
		put_off(j, bootstrap);
	else
		taken_up = attempt_take_up(j, op->plan, op->now_ms,
					   random_of(op, j), &again);
	if (store_change(sql, j, was, e))
		return DM_EIO;
	if (!taken_up)
		return DM_OK;
	c->job = *j;
	op->n++;
	return claim_segments(sql, c, again, e);
}

/* Looks at as many due jobs as there is room left. */
static int claim_due(struct store_sql *sql, struct store_claim *op, bool again,
		     size_t *n_seen, struct err *e)
{
	struct job due[STORE_CLAIM_MAX];
	size_t n, limit = op->limit - *n_seen;
	int rc = op->route ?
		 sql_routed_select(sql, op->route, op->now_ms, limit, due, &n,
				   e) :
		 sql_due_select(sql, again, op->now_ms, limit, due, &n, e);

	*n_seen += n;
	for (size_t i = 0; i < n && !rc; i++)
		rc = claim_one(sql, op, &due[i], e);
	return rc;
}

int store_claim_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_claim *op = (struct store_claim *)base;
	size_t n_seen = 0;
	int rc;

	store_claim_clear(op);
	op->next_ms = -1;
	rc = claim_due(sql, op, op->again_first, &n_seen, e);
	if (!rc && n_seen < op->limit && !op->route)
		rc = claim_due(sql, op, !op->again_first, &n_seen, e);
	if (rc)
		return rc;
	return op->route ? sql_routed_next(sql, op->route, &op->next_ms, e)
			 : sql_due_next(sql, &op->next_ms, e);
}

void store_claim_clear(struct store_claim *op)
{
	while (op->n > 0) {
		wipe_free(op->jobs[--op->n].segments);
		op->jobs[op->n].segments = NULL;
	}
}

/* -------------------------------- outcomes -------------------------------- */

static int apply_result(struct store_sql *sql, struct job *j,
			const struct segment_result *r, bool *failed,
			struct err *e)
{
	enum segment_state state;
	int rc = sql_segment_state(sql, j->id, r->segment, &state, e);

	if (!rc && job_segment_apply(j, &state, r->event))
		rc = sql_segment_update(sql, j->id, r->segment, state, e);
	*failed |= state == SEGMENT_FAILED;
	return rc;
}

/* Why a segment was not delivered, its report has told already. */
static void settle(struct store_outcome *op, enum job_event event)
{
	struct job *j = &op->job;

	op->changed = attempt_apply(j, event, op->plan,
				    event == JOB_UNDELIVERED ? j->reason :
				    op->reason, op->now_ms, op->random);
	if (op->changed && event == JOB_LATER && op->retry_now)
		j->next_ms = op->now_ms;
}

/* Others than those who wait for it hear of it now. */
static int tell_delivered(struct store_sql *sql, const struct job *j,
			  enum job_reached before, int64_t now_ms,
			  struct err *e)
{
	if (before >= REACHED_DELIVERED || j->reached != REACHED_DELIVERED ||
	    job_is_final(j->state))
		return DM_OK;
	return event_write(sql, j, EVENT_DELIVERED, now_ms, e);
}

int store_outcome_run(struct store_sql *sql, struct store_op *base,
		      struct err *e)
{
	struct store_outcome *op = (struct store_outcome *)base;
	struct job *j = &op->job;
	int rc = sql_job_select(sql, op->id, j, e);
	enum job_reached before = j->reached;
	enum job_state was = j->state;
	bool failed = false;

	op->changed = false;
	if (rc || j->attempt != op->attempt)
		return rc;
	for (size_t i = 0; i < op->n && !rc; i++)
		rc = apply_result(sql, j, &op->results[i], &failed, e);
	if (rc)
		return rc;
	settle(op, failed ? JOB_REFUSED : job_settle(j));
	rc = store_change(sql, j, was, e);
	return rc ? rc : tell_delivered(sql, j, before, op->now_ms, e);
}

/* -------------------------------- reports -------------------------------- */

static int check_key(const struct store_report *op, struct err *e)
{
	const struct job *j = &op->job;

	if (op->key.segment < j->n_segments && op->key.attempt <= j->attempt &&
	    hash_equal(op->key.token, j->token, sizeof(j->token)))
		return DM_OK;
	return err_set(e, DM_ENOENT, "report", "", "its key is not ours");
}

/* The one segment that is reported on, and what that means for the job. */
static int apply_report(struct store_sql *sql, struct store_report *op,
			enum segment_state state, struct err *e)
{
	struct job *j = &op->job;
	enum job_reached before = j->reached;
	enum job_state was = j->state;
	enum job_event event;
	int rc;

	if (!job_segment_apply(j, &state, op->event))
		return DM_OK;
	if (sql_segment_update(sql, j->id, op->key.segment, state, e))
		return DM_EIO;
	if (state == SEGMENT_UNDELIVERED && !job_is_final(was))
		snprintf(j->reason, sizeof(j->reason), "%s", op->reason);
	event = state == SEGMENT_FAILED ? JOB_REFUSED : job_settle(j);
	/* While others are on their way, their outcome says when. */
	if (event != JOB_LATER || was == JOB_PUSHED)
		op->changed = attempt_apply(j, event, op->plan,
					    event == JOB_UNDELIVERED ?
					    j->reason : op->reason,
					    op->now_ms, op->random);
	rc = store_change(sql, j, was, e);
	return rc ? rc : tell_delivered(sql, j, before, op->now_ms, e);
}

int store_report_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_report *op = (struct store_report *)base;
	enum segment_state state;
	int rc = sql_job_select(sql, op->key.job, &op->job, e);

	op->changed = false;
	if (!rc)
		rc = check_key(op, e);
	if (rc || (op->key.attempt < op->job.attempt &&
		   op->event != SEGMENT_REPORTED_OK))
		return rc;
	rc = sql_segment_state(sql, op->key.job, op->key.segment, &state, e);
	return rc ? rc : apply_report(sql, op, state, e);
}
