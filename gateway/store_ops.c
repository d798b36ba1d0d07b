/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of store.h: what they mean for jobs, in terms of the rows of
 * store_sql.h. They run on the store's thread, inside a transaction; one that
 * refuses has written nothing before.
 */
#include "gateway/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store_devices.h"
#include "gateway/store_events.h"
#include "gateway/store_rebuild.h"
#include "gateway/store_sql.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"
#include "wap/hash.h"

#define EXPIRE_MAX 1000		/* jobs in one store_expire */

static int insert_segments(struct store_sql *sql, const struct store_submit *op,
			   struct err *e)
{
	const struct job *j = &op->job;
	bool secret = j->method == JOB_BOOTSTRAP;
	int rc = DM_OK;

	for (unsigned i = 0; i < j->n_segments && !rc; i++) {
		const struct segment *sms = &op->segments[i];

		rc = sql_segment_insert(sql, j->id, i, sms,
					secret ? NULL : sms->octets, e);
	}
	if (!rc && secret)
		rc = sql_secret_put(sql, j->id, op->segments, j->n_segments,
				    op->account, e);
	return rc;
}

/*
 * Every change of a job, with its event. What is kept for its sending is gone
 * when it ends.
 */
static int update_job(struct store_sql *sql, const struct job *j,
		      enum job_state was, struct err *e)
{
	int rc = sql_job_update(sql, j, was, e);
	enum event_kind kind;

	if (!rc && j->state != was && event_of_state(j->state, &kind))
		rc = event_write(sql, j, kind, j->changed_ms, e);
	if (rc || !job_is_final(j->state) || job_is_final(was))
		return rc;
	return j->method == JOB_BOOTSTRAP ? sql_secret_delete(sql, j->id, e)
					  : sql_request_delete(sql, j->id, e);
}

/*
 * A device whose numbers we do not know begins at a random one. A bootstrap has
 * no session id: 0.
 */
static int next_numbers(struct store_sql *sql, const struct store_submit *op,
			uint16_t *session_id, uint16_t *reference,
			struct err *e)
{
	int64_t last_id = op->random & 0xffff;
	int64_t last_reference = op->random >> 16;

	*session_id = 0;
	if (op->job.method == JOB_NOTIFY) {
		if (sql_session_get(sql, &op->job, &last_id, e))
			return DM_EIO;
		*session_id = job_next_session_id((uint16_t)last_id,
						  op->swaps_session_id);
	}
	if (sql_reference_get(sql, &op->job, &last_reference, e))
		return DM_EIO;
	*reference = (uint16_t)(last_reference + 1);
	return DM_OK;
}

static int check_room(const struct store_sql *sql, int64_t jobs_max,
		      struct err *e)
{
	const int64_t *counts = sql_counts(sql);
	int64_t live = counts[JOB_WAITING] + counts[JOB_SENDING] +
		       counts[JOB_PUSHED];

	if (live < jobs_max)
		return DM_OK;
	return err_set(e, DM_EBUSY, "queue", "try again when jobs have ended",
		       "%lld jobs are unfinished", (long long)live);
}

void store_submit_segments(struct store_submit *s, const struct segment *list,
			   size_t n)
{
	s->job.n_segments = (uint32_t)n;
	s->segments = xcalloc(n, sizeof(*list));
	memcpy(s->segments, list, n * sizeof(*list));
}

int store_merge_run(struct store_sql *sql, struct store_op *base,
		    struct err *e)
{
	struct store_submit *op = (struct store_submit *)base;
	struct device_key key = { .to = op->device_name };
	int rc = sql_device_find(sql, &key, op->device, e);

	op->device_changed = false;
	return rc ? rc : op->merge(op, e);
}

int store_submit_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_submit *op = (struct store_submit *)base;
	uint16_t session_id, reference;
	int rc = check_room(sql, op->jobs_max, e);

	if (!rc && op->device_name)
		rc = store_merge_run(sql, base, e);
	if (!rc)
		rc = next_numbers(sql, op, &session_id, &reference, e);
	if (!rc)
		rc = op->encode(op, session_id, reference, e);
	if (!rc)
		rc = sql_job_insert(sql, &op->job, e);
	if (!rc)
		rc = insert_segments(sql, op, e);
	if (!rc)
		rc = event_write(sql, &op->job, EVENT_ACCEPTED,
				 op->job.created_ms, e);
	if (!rc && op->job.method == JOB_NOTIFY)
		rc = sql_session_put(sql, &op->job, e);
	if (!rc && op->job.n_segments > 1)
		rc = sql_reference_put(sql, &op->job, reference, e);
	if (!rc && op->device_changed)
		rc = sql_device_put(sql, op->device, op->job.created_ms, e);
	if (!rc && op->request)
		rc = sql_request_put(sql, &op->job, op->device, op->request,
				     e);
	wipe_free(op->segments);
	op->segments = NULL;
	return rc;
}

/* All segments of the job, in memory of their own; what *out held is freed. */
static int read_segments(struct store_sql *sql, const struct job *j,
			 struct job_segment **out, struct err *e)
{
	wipe_free(*out);
	*out = xcalloc(j->n_segments, sizeof(**out));
	return sql_segments_select(sql, j->id, *out, j->n_segments, e);
}

int store_get_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_get *op = (struct store_get *)base;
	int rc = sql_job_select(sql, op->id, &op->job, e);

	return rc ? rc : read_segments(sql, &op->job, &op->segments, e);
}

int store_list_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_list *op = (struct store_list *)base;

	return sql_jobs_list(sql, op->after, op->state, op->to, op->limit,
			     op->jobs, &op->n, e);
}

int store_cancel_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_cancel *op = (struct store_cancel *)base;
	int rc = sql_job_select(sql, op->id, &op->job, e);
	enum job_state was = op->job.state;

	if (rc)
		return rc;
	if (!job_apply(&op->job, JOB_CANCEL, op->now_ms))
		return err_set(e, DM_ESTATE, "job",
			       "a job that waits, is being sent or is pushed",
			       "it is %s already", job_state_name(was));
	return update_job(sql, &op->job, was, e);
}

static int claim_one(struct store_sql *sql, struct store_claim *op,
		     struct job *j, struct err *e)
{
	enum job_event event = j->expires_ms <= op->now_ms ? JOB_EXPIRE
							   : JOB_CLAIM;
	enum job_state was = j->state;
	struct store_claimed *c = &op->jobs[op->n];

	job_apply(j, event, op->now_ms);
	if (update_job(sql, j, was, e))
		return DM_EIO;
	if (event == JOB_EXPIRE)
		return DM_OK;
	c->job = *j;
	c->rebuilt = false;
	op->n++;
	if (read_segments(sql, j, &c->segments, e))
		return DM_EIO;
	if (j->method == JOB_BOOTSTRAP)
		return sql_secret_get(sql, j->id, c->segments, j->n_segments,
				      e);
	return j->n_taken > 0 ? DM_OK :
	       store_rebuild(sql, &c->job, c->segments, false, &c->rebuilt,
			     e);
}

int store_claim_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_claim *op = (struct store_claim *)base;
	struct job due[STORE_CLAIM_MAX];
	size_t n;
	int rc = sql_due_select(sql, op->now_ms, op->limit, due, &n, e);

	store_claim_clear(op);
	op->next_ms = -1;
	for (size_t i = 0; i < n && !rc; i++)
		rc = claim_one(sql, op, &due[i], e);
	if (!rc)
		rc = sql_due_next(sql, &op->next_ms, e);
	return rc;
}

void store_claim_clear(struct store_claim *op)
{
	while (op->n > 0) {
		wipe_free(op->jobs[--op->n].segments);
		op->jobs[op->n].segments = NULL;
	}
}

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

int store_outcome_run(struct store_sql *sql, struct store_op *base,
		      struct err *e)
{
	struct store_outcome *op = (struct store_outcome *)base;
	struct job *j = &op->job;
	int rc = sql_job_select(sql, op->id, j, e);
	enum job_state was = j->state;
	bool failed = false;

	for (size_t i = 0; i < op->n && !rc; i++)
		rc = apply_result(sql, j, &op->results[i], &failed, e);
	if (rc)
		return rc;
	op->changed = job_apply(j, failed ? JOB_REFUSED : job_settle(j),
				op->now_ms);
	if (j->state == JOB_WAITING)
		j->next_ms = op->retry_now ? op->now_ms :
			op->now_ms + job_backoff_ms(j->tries, op->random);
	if (op->changed)
		snprintf(j->reason, sizeof(j->reason), "%s",
			 j->state == JOB_WAITING || j->state == JOB_FAILED ?
			 op->reason : "");
	return update_job(sql, j, was, e);
}

static int check_key(const struct store_report *op, struct err *e)
{
	const struct job *j = &op->job;

	if (op->segment < j->n_segments &&
	    hash_equal(op->token, j->token, sizeof(op->token)))
		return DM_OK;
	return err_set(e, DM_ENOENT, "report", "", "its key is not ours");
}

/* The one segment that is reported on, and what that means for the job. */
static int apply_report(struct store_sql *sql, struct store_report *op,
			enum segment_state state, struct err *e)
{
	struct job *j = &op->job;
	enum job_state was = j->state;
	enum job_event event;

	if (!job_segment_apply(j, &state, op->event))
		return DM_OK;
	if (sql_segment_update(sql, j->id, op->segment, state, e))
		return DM_EIO;
	event = state == SEGMENT_FAILED ? JOB_REFUSED : job_settle(j);
	if (event != JOB_LATER)
		op->changed = job_apply(j, event, op->now_ms);
	if (op->changed && j->state == JOB_FAILED)
		snprintf(j->reason, sizeof(j->reason), "%s", op->reason);
	return update_job(sql, j, was, e);
}

int store_report_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_report *op = (struct store_report *)base;
	enum segment_state state;
	int rc = sql_job_select(sql, op->id, &op->job, e);

	if (!rc)
		rc = check_key(op, e);
	if (!rc)
		rc = sql_segment_state(sql, op->id, op->segment, &state, e);
	if (!rc)
		rc = apply_report(sql, op, state, e);
	return rc;
}

int store_expire_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_expire *op = (struct store_expire *)base;
	struct job *jobs = xcalloc(EXPIRE_MAX, sizeof(*jobs));
	int rc = sql_expired_select(sql, op->now_ms, EXPIRE_MAX, jobs, &op->n,
				    e);

	for (size_t i = 0; i < op->n && !rc; i++) {
		enum job_state was = jobs[i].state;

		job_apply(&jobs[i], JOB_EXPIRE, op->now_ms);
		rc = update_job(sql, &jobs[i], was, e);
	}
	free(jobs);
	return rc;
}

int store_status_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_status *op = (struct store_status *)base;
	int64_t next_ms = op->now_ms;
	int rc = sql_due_next(sql, &next_ms, e);

	memcpy(op->counts, sql_counts(sql), sizeof(op->counts));
	op->oldest_due_ms = next_ms < op->now_ms ? op->now_ms - next_ms : 0;
	return rc;
}
