/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_prune.h"

#include "gateway/store/store_db.h"

struct old_job {
	int64_t id;
	enum job_state state;
	size_t n_segments;
};

/* A statement without rows that wants a job, or a cursor. */
static int run_with(struct store_sql *sql, enum statement which, int64_t number,
		    struct err *e)
{
	sqlite3_stmt *s = sql->statements[which];

	sqlite3_bind_int64(s, 1, number);
	return db_run(sql, s, e);
}

/* They stand in the order of their cursors, and so of their times. */
static int prune_events(struct store_sql *sql, struct store_prune *op,
			int64_t before_ms, struct err *e)
{
	sqlite3_stmt *s = sql->statements[EVENTS_OLDEST];
	int64_t last = 0;
	int rc;

	sqlite3_bind_int64(s, 1, STORE_PRUNE_MAX);
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW &&
	       sqlite3_column_int64(s, 1) < before_ms) {
		last = sqlite3_column_int64(s, 0);
		op->n_events++;
	}
	sqlite3_reset(s);
	if (rc == DM_EIO || last == 0)
		return rc == DM_EIO ? rc : DM_OK;
	return run_with(sql, EVENTS_DELETE, last, e);
}

static int find_jobs(struct store_sql *sql, struct store_prune *op,
		     struct old_job jobs[STORE_PRUNE_MAX], struct err *e)
{
	sqlite3_stmt *s = sql->statements[JOBS_OLDEST];
	size_t n_rows = 0;
	int rc;

	sqlite3_bind_int64(s, 1, op->jobs_before_ms);
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW) {
		struct old_job *j = &jobs[op->n_jobs++];

		j->id = sqlite3_column_int64(s, 0);
		j->state = (enum job_state)sqlite3_column_int(s, 1);
		n_rows += 1 + (size_t)sqlite3_column_int(s, 2);
		if (n_rows >= STORE_PRUNE_MAX) {
			op->more = true;
			break;
		}
	}
	sqlite3_reset(s);
	return rc == DM_EIO ? rc : DM_OK;
}

/* All tables with rows of a job, but the events: those are gone already. */
static int delete_job(struct store_sql *sql, const struct old_job *j,
		      struct err *e)
{
	static const enum statement statements[] = {
		SEGMENTS_DELETE, KEYS_DELETE, JOB_DELETE,
	};
	int rc = DM_OK;

	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) &&
	     !rc; i++)
		rc = run_with(sql, statements[i], j->id, e);
	sql->counts[j->state]--;
	return rc;
}

int store_prune_run(struct store_sql *sql, struct store_op *base,
		    struct err *e)
{
	struct store_prune *op = (struct store_prune *)base;
	struct old_job jobs[STORE_PRUNE_MAX];
	int64_t events_before_ms = op->events_before_ms;
	int rc;

	op->n_events = op->n_jobs = 0;
	if (events_before_ms < op->jobs_before_ms)
		events_before_ms = op->jobs_before_ms;
	rc = prune_events(sql, op, events_before_ms, e);
	op->more = op->n_events == STORE_PRUNE_MAX;
	if (rc || op->more)
		return rc;
	rc = find_jobs(sql, op, jobs, e);
	for (size_t i = 0; i < op->n_jobs && !rc; i++)
		rc = delete_job(sql, &jobs[i], e);
	return rc;
}
