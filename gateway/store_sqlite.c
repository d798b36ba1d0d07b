/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store_sql.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store_schema.h"
#include "gateway/xalloc.h"

struct store_sql {
	sqlite3 *db;
	int64_t counts[JOB_STATES];
	int64_t counts_before[JOB_STATES];	/* this transaction */
	sqlite3_stmt *statements[N_STATEMENTS];
};

/* ------------------------------ helpers ------------------------------ */

static int db_error(struct store_sql *sql, struct err *e)
{
	return err_set(e, DM_EIO, "store", "try again later",
		       "the queue cannot be used: %s", sqlite3_errmsg(sql->db));
}

static sqlite3_stmt *use(struct store_sql *sql, enum statement which)
{
	return sql->statements[which];
}

/* SQLITE_ROW, SQLITE_DONE or, with *e filled, DM_EIO. */
static int step(struct store_sql *sql, sqlite3_stmt *s, struct err *e)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return rc;
	if (rc != SQLITE_DONE)
		rc = db_error(sql, e);
	sqlite3_reset(s);
	return rc;
}

/* A statement without rows. */
static int run(struct store_sql *sql, sqlite3_stmt *s, struct err *e)
{
	int rc = step(sql, s, e);

	return rc == DM_EIO ? rc : DM_OK;
}

static void bind_text(sqlite3_stmt *s, int i, const char *text)
{
	sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

static void copy_text(sqlite3_stmt *s, int column, char *out, size_t cap)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	snprintf(out, cap, "%s", text ? (const char *)text : "");
}

static void copy_blob(sqlite3_stmt *s, int column, uint8_t *out, size_t len)
{
	const void *blob = sqlite3_column_blob(s, column);

	if (blob && (size_t)sqlite3_column_bytes(s, column) == len)
		memcpy(out, blob, len);
}

/* Columns as in JOB_COLUMNS. */
static void read_job(sqlite3_stmt *s, struct job *j)
{
	*j = (struct job){
		.id = sqlite3_column_int64(s, 0),
		.client = (uint32_t)sqlite3_column_int64(s, 1),
		.state = (enum job_state)sqlite3_column_int(s, 2),
		.reached = (enum job_reached)sqlite3_column_int(s, 3),
		.until = (enum job_reached)sqlite3_column_int(s, 4),
		.created_ms = sqlite3_column_int64(s, 5),
		.changed_ms = sqlite3_column_int64(s, 6),
		.expires_ms = sqlite3_column_int64(s, 7),
		.next_ms = sqlite3_column_int64(s, 8),
		.dm_version = sqlite3_column_int(s, 13),
		.session_id = sqlite3_column_int(s, 14),
		.dcs = sqlite3_column_int(s, 15),
		.attempts = (uint32_t)sqlite3_column_int64(s, 16),
		.n_segments = (uint32_t)sqlite3_column_int(s, 17),
		.n_taken = (uint32_t)sqlite3_column_int(s, 18),
		.n_delivered = (uint32_t)sqlite3_column_int(s, 19),
	};
	copy_text(s, 9, j->to, sizeof(j->to));
	copy_text(s, 10, j->from, sizeof(j->from));
	copy_text(s, 11, j->smsc_id, sizeof(j->smsc_id));
	copy_text(s, 12, j->server_id, sizeof(j->server_id));
	copy_blob(s, 20, j->token, sizeof(j->token));
	copy_text(s, 21, j->reason, sizeof(j->reason));
}

int sql_job_insert(struct store_sql *sql, struct job *j, struct err *e)
{
	sqlite3_stmt *s = use(sql, JOB_INSERT);

	sqlite3_bind_int64(s, 2, j->client);
	sqlite3_bind_int(s, 3, (int)j->state);
	sqlite3_bind_int(s, 4, (int)j->reached);
	sqlite3_bind_int(s, 5, (int)j->until);
	sqlite3_bind_int64(s, 6, j->created_ms);
	sqlite3_bind_int64(s, 7, j->changed_ms);
	sqlite3_bind_int64(s, 8, j->expires_ms);
	sqlite3_bind_int64(s, 9, j->next_ms);
	bind_text(s, 10, j->to);
	bind_text(s, 11, j->from);
	bind_text(s, 12, j->smsc_id);
	bind_text(s, 13, j->server_id);
	sqlite3_bind_int(s, 14, j->dm_version);
	sqlite3_bind_int(s, 15, j->session_id);
	sqlite3_bind_int(s, 16, j->dcs);
	sqlite3_bind_int64(s, 17, j->attempts);
	sqlite3_bind_int64(s, 18, j->n_segments);
	sqlite3_bind_int64(s, 19, j->n_taken);
	sqlite3_bind_int64(s, 20, j->n_delivered);
	sqlite3_bind_blob(s, 21, j->token, sizeof(j->token), SQLITE_STATIC);
	bind_text(s, 22, j->reason);
	if (run(sql, s, e))
		return DM_EIO;
	j->id = sqlite3_last_insert_rowid(sql->db);
	sql->counts[j->state]++;
	return DM_OK;
}

/* Writes what can change; was is the state that stands in the database. */
int sql_job_update(struct store_sql *sql, const struct job *j,
		      enum job_state was, struct err *e)
{
	sqlite3_stmt *s = use(sql, JOB_UPDATE);

	sqlite3_bind_int64(s, 1, j->id);
	sqlite3_bind_int(s, 2, (int)j->state);
	sqlite3_bind_int(s, 3, (int)j->reached);
	sqlite3_bind_int64(s, 4, j->changed_ms);
	sqlite3_bind_int64(s, 5, j->next_ms);
	sqlite3_bind_int64(s, 6, j->attempts);
	sqlite3_bind_int64(s, 7, j->n_taken);
	sqlite3_bind_int64(s, 8, j->n_delivered);
	bind_text(s, 9, j->reason);
	sql->counts[was]--;
	sql->counts[j->state]++;
	return run(sql, s, e);
}

int sql_job_select(struct store_sql *sql, int64_t id, struct job *j,
		      struct err *e)
{
	sqlite3_stmt *s = use(sql, JOB_SELECT);
	int rc;

	sqlite3_bind_int64(s, 1, id);
	rc = step(sql, s, e);
	if (rc == SQLITE_DONE)
		return err_set(e, DM_ENOENT, "job", "see job.list",
			       "there is no job %lld", (long long)id);
	if (rc == SQLITE_ROW)
		read_job(s, j);
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? DM_OK : DM_EIO;
}

int sql_segments_select(struct store_sql *sql, int64_t id,
			   struct job_segment out[JOB_SEGMENTS_MAX],
			   struct err *e)
{
	sqlite3_stmt *s = use(sql, SEGMENT_SELECT);
	int rc;

	sqlite3_bind_int64(s, 1, id);
	while ((rc = step(sql, s, e)) == SQLITE_ROW) {
		unsigned i = (unsigned)sqlite3_column_int(s, 0);
		int len = sqlite3_column_bytes(s, 3);

		if (i >= JOB_SEGMENTS_MAX || len > SEGMENT_OCTETS_MAX)
			continue;
		out[i].state = (enum segment_state)sqlite3_column_int(s, 1);
		out[i].sms.udh_len = (uint8_t)sqlite3_column_int(s, 2);
		out[i].sms.len = (uint8_t)len;
		copy_blob(s, 3, out[i].sms.octets, (size_t)len);
	}
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

int sql_segment_insert(struct store_sql *sql, int64_t job, unsigned segment,
		       const struct segment *sms, struct err *e)
{
	sqlite3_stmt *s = use(sql, SEGMENT_INSERT);

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, segment);
	sqlite3_bind_int(s, 3, SEGMENT_WAITING);
	sqlite3_bind_int(s, 4, sms->udh_len);
	sqlite3_bind_blob(s, 5, sms->octets, sms->len, SQLITE_STATIC);
	return run(sql, s, e);
}

int sql_segment_update(struct store_sql *sql, int64_t job, unsigned segment,
		       enum segment_state state, struct err *e)
{
	sqlite3_stmt *s = use(sql, SEGMENT_UPDATE);

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, segment);
	sqlite3_bind_int(s, 3, (int)state);
	return run(sql, s, e);
}

/* A statement that gives one number, or no row: then it leaves *value. */
static int select_number(struct store_sql *sql, sqlite3_stmt *s, int64_t *value,
			 struct err *e)
{
	int rc = step(sql, s, e);

	if (rc == DM_EIO)
		return rc;
	if (rc == SQLITE_ROW) {
		if (sqlite3_column_type(s, 0) != SQLITE_NULL)
			*value = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return DM_OK;
}

int sql_session_get(struct store_sql *sql, const struct job *j, int64_t *last,
		    struct err *e)
{
	sqlite3_stmt *s = use(sql, SESSION_SELECT);

	bind_text(s, 1, msisdn_digits(j->to));
	bind_text(s, 2, j->server_id);
	return select_number(sql, s, last, e);
}

int sql_session_put(struct store_sql *sql, const struct job *j, struct err *e)
{
	sqlite3_stmt *s = use(sql, SESSION_PUT);

	bind_text(s, 1, msisdn_digits(j->to));
	bind_text(s, 2, j->server_id);
	sqlite3_bind_int(s, 3, j->session_id);
	return run(sql, s, e);
}

int sql_reference_get(struct store_sql *sql, const struct job *j, int64_t *last,
		      struct err *e)
{
	sqlite3_stmt *s = use(sql, REF_SELECT);

	bind_text(s, 1, msisdn_digits(j->to));
	return select_number(sql, s, last, e);
}

int sql_reference_put(struct store_sql *sql, const struct job *j,
		      uint16_t reference, struct err *e)
{
	sqlite3_stmt *s = use(sql, REF_PUT);

	bind_text(s, 1, msisdn_digits(j->to));
	sqlite3_bind_int(s, 2, reference);
	return run(sql, s, e);
}

static int read_jobs(struct store_sql *sql, sqlite3_stmt *s, struct job *out,
		     size_t *n, struct err *e)
{
	int rc;

	*n = 0;
	while ((rc = step(sql, s, e)) == SQLITE_ROW)
		read_job(s, &out[(*n)++]);
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

/* A statement of (time, limit). */
static int select_until(struct store_sql *sql, enum statement which,
			int64_t now_ms, size_t limit, struct job *out,
			size_t *n, struct err *e)
{
	sqlite3_stmt *s = use(sql, which);

	sqlite3_bind_int64(s, 1, now_ms);
	sqlite3_bind_int64(s, 2, (int64_t)limit);
	return read_jobs(sql, s, out, n, e);
}

int sql_due_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		   struct job *out, size_t *n, struct err *e)
{
	return select_until(sql, DUE_SELECT, now_ms, limit, out, n, e);
}

int sql_expired_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		       struct job *out, size_t *n, struct err *e)
{
	return select_until(sql, EXPIRED_SELECT, now_ms, limit, out, n, e);
}

int sql_due_next(struct store_sql *sql, int64_t *next_ms, struct err *e)
{
	return select_number(sql, use(sql, DUE_NEXT), next_ms, e);
}

int sql_jobs_list(struct store_sql *sql, int64_t after, int state,
		  const char *to, size_t limit, struct job *out, size_t *n,
		  struct err *e)
{
	sqlite3_stmt *s = use(sql, to[0] ?
			      (state >= 0 ? LIST_TO_STATE : LIST_TO) :
			      (state >= 0 ? LIST_STATE : LIST_ALL));

	sqlite3_bind_int64(s, 1, after);
	sqlite3_bind_int64(s, 2, (int64_t)limit);
	if (state >= 0)
		sqlite3_bind_int(s, 3, state);
	if (to[0])
		bind_text(s, 4, msisdn_digits(to));
	return read_jobs(sql, s, out, n, e);
}

const int64_t *sql_counts(const struct store_sql *sql)
{
	return sql->counts;
}

/* ---------------------------- transactions ---------------------------- */

int store_sql_begin(struct store_sql *sql, struct err *e)
{
	memcpy(sql->counts_before, sql->counts, sizeof(sql->counts));
	return run(sql, use(sql, BEGIN), e);
}

int store_sql_commit(struct store_sql *sql, struct err *e)
{
	int rc = run(sql, use(sql, COMMIT), e);

	if (rc)
		store_sql_rollback(sql);
	return rc;
}

/* SQLite may have rolled back by itself, as when the disk is full. */
void store_sql_rollback(struct store_sql *sql)
{
	struct err e;

	memcpy(sql->counts, sql->counts_before, sizeof(sql->counts));
	if (!sqlite3_get_autocommit(sql->db))
		(void)run(sql, use(sql, ROLLBACK), &e);
}

/* ----------------------------- open, close ----------------------------- */

static int execute(struct store_sql *sql, const char *text, struct err *e)
{
	if (sqlite3_exec(sql->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return db_error(sql, e);
	return DM_OK;
}

static int read_version(struct store_sql *sql, int64_t *version, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (sqlite3_prepare_v2(sql->db, "PRAGMA user_version", -1, &s, NULL))
		return db_error(sql, e);
	rc = select_number(sql, s, version, e);
	sqlite3_finalize(s);
	return rc;
}

static int make_schema(struct store_sql *sql, struct err *e)
{
	int64_t version = 0;
	int rc = read_version(sql, &version, e);

	if (rc || version == SCHEMA_VERSION)
		return rc;
	if (version != 0)
		return err_set(e, DM_EIO, "store", "a database of this dmboxd",
			       "it has version %lld, made by a newer dmboxd",
			       (long long)version);
	if (execute(sql, "BEGIN", e) || execute(sql, schema, e))
		return DM_EIO;
	return execute(sql, "COMMIT", e);
}

static int prepare(struct store_sql *sql, struct err *e)
{
	for (unsigned i = 0; i < N_STATEMENTS; i++)
		if (sqlite3_prepare_v3(sql->db, statement_sql[i], -1,
				       SQLITE_PREPARE_PERSISTENT,
				       &sql->statements[i], NULL))
			return db_error(sql, e);
	return DM_OK;
}

static int count_states(struct store_sql *sql, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (sqlite3_prepare_v2(sql->db, "SELECT state, count(*) FROM jobs"
			       " GROUP BY state", -1, &s, NULL))
		return db_error(sql, e);
	while ((rc = step(sql, s, e)) == SQLITE_ROW) {
		int state = sqlite3_column_int(s, 0);

		if (state >= 0 && state < JOB_STATES)
			sql->counts[state] = sqlite3_column_int64(s, 1);
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

static int open_database(struct store_sql *sql, const char *path,
			 struct err *e)
{
	static const char setup[] =
		"PRAGMA journal_mode = WAL;"
		"PRAGMA synchronous = FULL;";
	int rc = sqlite3_open_v2(path, &sql->db, SQLITE_OPEN_READWRITE |
				 SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				 NULL);

	if (rc != SQLITE_OK)
		return err_set(e, DM_EIO, "store",
			       "a path in a folder that dmboxd may write",
			       "%s: %s", path, sqlite3_errstr(rc));
	sqlite3_busy_timeout(sql->db, 5000);
	rc = execute(sql, setup, e);
	if (!rc)
		rc = make_schema(sql, e);
	/* What was being sent may not have arrived: it is sent again. */
	if (!rc)
		rc = execute(sql, "UPDATE jobs SET state = 0 WHERE state = 1",
			     e);
	if (!rc)
		rc = prepare(sql, e);
	return rc ? rc : count_states(sql, e);
}

int store_sql_open(const char *path, struct store_sql **out, struct err *e)
{
	struct store_sql *sql = xcalloc(1, sizeof(*sql));
	int rc = open_database(sql, path, e);

	if (rc)
		store_sql_close(sql);
	else
		*out = sql;
	return rc;
}

void store_sql_close(struct store_sql *sql)
{
	for (unsigned i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(sql->statements[i]);
	sqlite3_close(sql->db);
	free(sql);
}
