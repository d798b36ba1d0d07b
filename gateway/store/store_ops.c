/* SPDX-License-Identifier: Apache-2.0 */
/* Operations of store.h that look at jobs, or end them. */
#include "gateway/store/store_change.h"

#include <string.h>

#include "gateway/job/ending.h"

#define EXPIRE_MAX 1000		/* jobs in one store_expire */
#define EXPIRE_PAGE 50		/* jobs at once: it runs each second */

int store_get_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_get *op = (struct store_get *)base;
	int rc = sql_job_select(sql, op->id, &op->job, e);

	if (!rc)
		rc = sql_session_read(sql, op->id, &op->session, e);
	return rc ? rc : store_read_segments(sql, &op->job, &op->segments, e);
}

int store_list_run(struct store_sql *sql, struct store_op *base, struct err *e)
{
	struct store_list *op = (struct store_list *)base;

	return sql_jobs_list(sql, op, e);
}

int store_cancel_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_cancel *op = (struct store_cancel *)base;
	int rc = sql_job_select(sql, op->id, &op->job, e);
	enum job_state was = op->job.state;

	if (rc)
		return rc;
	if (!ending_cancel(&op->job, op->client, op->now_ms))
		return err_set(e, DM_ESTATE, "job",
			       "a job that waits, is being sent or is pushed",
			       "it is %s already", job_state_name(was));
	return store_change(sql, &op->job, was, e);
}

/* Ends a page of them; how many it was comes in *n. */
static int expire_page(struct store_sql *sql, int64_t now_ms, size_t *n,
		       struct err *e)
{
	struct job jobs[EXPIRE_PAGE];
	int rc = sql_expired_select(sql, now_ms, EXPIRE_PAGE, jobs, n, e);

	for (size_t i = 0; i < *n && !rc; i++) {
		enum job_state was = jobs[i].state;

		ending_expire(&jobs[i], now_ms);
		rc = store_change(sql, &jobs[i], was, e);
	}
	return rc;
}

int store_expire_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_expire *op = (struct store_expire *)base;
	size_t n = EXPIRE_PAGE;
	int rc = DM_OK;

	op->n = 0;
	while (!rc && n == EXPIRE_PAGE && op->n < EXPIRE_MAX) {
		rc = expire_page(sql, op->now_ms, &n, e);
		op->n += n;
	}
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
