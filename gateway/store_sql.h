/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_sql.h - the rows of the queue's database
 *
 * Between store_ops.c (what operations mean) and the SQL: store_db.c (the
 * connection) and store_sqlite.c (rows). All of it belongs to the store's
 * thread. Functions return DM_OK or, with *e, DM_EIO (the database failed), and
 * what else they say.
 */
#ifndef GATEWAY_STORE_SQL_H
#define GATEWAY_STORE_SQL_H

#include "gateway/store.h"

int store_sql_open(const char *path, struct store_sql **out, struct err *e)
	DM_CHECK;
void store_sql_close(struct store_sql *sql);

/* A transaction; a commit that fails has rolled back. */
int store_sql_begin(struct store_sql *sql, struct err *e) DM_CHECK;
int store_sql_commit(struct store_sql *sql, struct err *e) DM_CHECK;
void store_sql_rollback(struct store_sql *sql);

/* Jobs by state, kept up to date; JOB_STATES numbers. */
const int64_t *sql_counts(const struct store_sql *sql);

/* Sets j->id. */
int sql_job_insert(struct store_sql *sql, struct job *j, struct err *e)
	DM_CHECK;
/* DM_ENOENT: no such job. */
int sql_job_select(struct store_sql *sql, int64_t id, struct job *j,
		   struct err *e) DM_CHECK;
/* Writes what can change; was is the state that the row still has. */
int sql_job_update(struct store_sql *sql, const struct job *j,
		   enum job_state was, struct err *e) DM_CHECK;

int sql_segment_insert(struct store_sql *sql, int64_t job, unsigned segment,
		       const struct segment *sms, struct err *e) DM_CHECK;
int sql_segments_select(struct store_sql *sql, int64_t job,
			struct job_segment *out, unsigned n, struct err *e)
	DM_CHECK;
int sql_segment_state(struct store_sql *sql, int64_t job, unsigned segment,
		      enum segment_state *state, struct err *e) DM_CHECK;
int sql_segment_update(struct store_sql *sql, int64_t job, unsigned segment,
		       enum segment_state state, struct err *e) DM_CHECK;

/*
 * The session id and concatenation reference that were last used for the
 * job's device (and server); get leaves *last where there is none yet.
 */
int sql_session_get(struct store_sql *sql, const struct job *j, int64_t *last,
		    struct err *e) DM_CHECK;
int sql_session_put(struct store_sql *sql, const struct job *j,
		    struct err *e) DM_CHECK;
int sql_reference_get(struct store_sql *sql, const struct job *j, int64_t *last,
		      struct err *e) DM_CHECK;
int sql_reference_put(struct store_sql *sql, const struct job *j,
		      uint16_t reference, struct err *e) DM_CHECK;

/* Waiting jobs whose time has come, and when the next one's comes. */
int sql_due_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		   struct job *out, size_t *n, struct err *e) DM_CHECK;
int sql_due_next(struct store_sql *sql, int64_t *next_ms, struct err *e)
	DM_CHECK;

/* Unfinished jobs whose time is over. */
int sql_expired_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		       struct job *out, size_t *n, struct err *e) DM_CHECK;

/* Jobs behind one, in the order of their ids; state -1: any, to "": any. */
int sql_jobs_list(struct store_sql *sql, int64_t after, int state,
		  const char *to, size_t limit, struct job *out, size_t *n,
		  struct err *e) DM_CHECK;

#endif
