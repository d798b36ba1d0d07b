/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_events.h"

#include <stdio.h>

#include "gateway/store/store_db.h"

static int insert(struct store_sql *sql, const struct job *j,
		  enum event_kind kind, int32_t result, int64_t now_ms,
		  struct err *e)
{
	sqlite3_stmt *s = sql->statements[EVENT_INSERT];

	sqlite3_bind_int64(s, 1, now_ms);
	sqlite3_bind_int64(s, 2, j->id);
	sqlite3_bind_int(s, 3, (int)kind);
	sqlite3_bind_int(s, 4, (int)j->state);
	sqlite3_bind_int(s, 5, (int)j->reached);
	sqlite3_bind_int64(s, 6, j->attempt);
	if (job_reason(j)[0])
		sqlite3_bind_text(s, 7, job_reason(j), -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, 7);
	if (result >= 0)
		sqlite3_bind_int(s, 8, result);
	else
		sqlite3_bind_null(s, 8);
	if (db_run(sql, s, e))
		return DM_EIO;
	sql->last_event = sqlite3_last_insert_rowid(sql->db);
	return DM_OK;
}

int event_write(struct store_sql *sql, const struct job *j,
		enum event_kind kind, int64_t now_ms, struct err *e)
{
	return insert(sql, j, kind, -1, now_ms, e);
}

int event_write_ended(struct store_sql *sql, const struct job *j,
		      int32_t result, int64_t now_ms, struct err *e)
{
	return insert(sql, j, EVENT_SESSION_ENDED, result, now_ms, e);
}

/* Columns as in EVENTS_SELECT. */
static void read_event(sqlite3_stmt *s, struct event_record *r)
{
	*r = (struct event_record){
		.cursor = sqlite3_column_int64(s, 0),
		.time_ms = sqlite3_column_int64(s, 1),
		.job = sqlite3_column_int64(s, 2),
		.kind = (enum event_kind)sqlite3_column_int(s, 3),
		.state = (enum job_state)sqlite3_column_int(s, 4),
		.reached = (enum job_reached)sqlite3_column_int(s, 5),
		.attempt = (uint32_t)sqlite3_column_int64(s, 6),
		.result = sqlite3_column_type(s, 8) == SQLITE_NULL ? -1 :
			  sqlite3_column_int(s, 8),
		.method = (enum job_method)sqlite3_column_int(s, 9),
		.session_id = sqlite3_column_int(s, 13),
	};
	db_copy_text(s, 7, r->reason, sizeof(r->reason));
	db_copy_text(s, 10, r->to, sizeof(r->to));
	db_copy_text(s, 11, r->server_id, sizeof(r->server_id));
	db_copy_text(s, 12, r->device, sizeof(r->device));
	db_copy_text(s, 14, r->alert_type, sizeof(r->alert_type));
}

/* What is behind the cursor must all be there still. */
static int check_after(struct store_sql *sql, struct store_events *op,
		       int64_t after, struct err *e)
{
	int64_t first = sql->last_event + 1;
	char allowed[64];

	if (db_number(sql, sql->statements[EVENTS_FIRST], &first, e))
		return DM_EIO;
	op->oldest = first - 1;
	if (after >= op->oldest && after <= sql->last_event)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%lld to %lld",
		 (long long)op->oldest, (long long)sql->last_event);
	return err_set(e, DM_EINVAL, "after", allowed, "%lld %s",
		       (long long)after, after < op->oldest ?
		       "is not kept any more" : "has not been reached");
}

/* The events of a job that is gone are not there any more. */
static int read_page(struct store_sql *sql, struct store_events *op,
		     struct err *e)
{
	sqlite3_stmt *s = sql->statements[EVENTS_SELECT];
	size_t looked = 0;
	int rc;

	sqlite3_bind_int64(s, 1, op->cursor);
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW) {
		struct event_record *r = &op->events[op->n];

		read_event(s, r);
		op->cursor = r->cursor;
		if (event_matches(&op->filter, r))
			op->n++;
		if (++looked == STORE_EVENTS_LOOK_MAX ||
		    op->n == STORE_EVENTS_MAX) {
			sqlite3_reset(s);
			return DM_OK;
		}
	}
	if (rc != SQLITE_DONE)
		return DM_EIO;
	op->cursor = sql->last_event;
	op->at_end = true;
	return DM_OK;
}

int store_events_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_events *op = (struct store_events *)base;
	int rc;

	op->n = 0;
	op->at_end = false;
	op->cursor = op->after < 0 ? sql->last_event : op->after;
	rc = check_after(sql, op, op->cursor, e);
	return rc ? rc : read_page(sql, op, e);
}
