/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a device has in flight: its notifications, one a server, its bootstraps;
 * what became of its sessions; and the keys that clients gave their requests.
 */
#include "gateway/store/store_db.h"

/* DM_ENOENT, without *e, if the statement gives none. */
static int select_job(struct store_sql *sql, sqlite3_stmt *s, struct job *out,
		      struct err *e)
{
	int rc = db_step(sql, s, e);

	if (rc == SQLITE_ROW)
		db_read_job(s, out);
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? DM_OK :
	       rc == SQLITE_DONE ? DM_ENOENT : DM_EIO;
}

int sql_head_select(struct store_sql *sql, const struct job *of,
		    struct job *head, struct err *e)
{
	sqlite3_stmt *s = sql->statements[HEAD_SELECT];

	db_bind_text(s, 1, msisdn_digits(of->to));
	db_bind_text(s, 2, of->server_id);
	return select_job(sql, s, head, e);
}

int sql_account_select(struct store_sql *sql, const struct job *of,
		       struct job *out, struct err *e)
{
	sqlite3_stmt *s = sql->statements[ACCOUNT_SELECT];

	db_bind_text(s, 1, msisdn_digits(of->to));
	db_bind_text(s, 2, of->device);
	db_bind_text(s, 3, of->server_id);
	sqlite3_bind_int64(s, 4, of->id);
	return select_job(sql, s, out, e);
}

int sql_bootstrap_of(struct store_sql *sql, const struct job *of, int64_t *id,
		     struct err *e)
{
	sqlite3_stmt *s = sql->statements[BOOTSTRAP_SELECT];

	*id = 0;
	db_bind_text(s, 1, msisdn_digits(of->to));
	return db_number(sql, s, id, e);
}

int sql_heads_wake(struct store_sql *sql, const struct job *bootstrap,
		   struct err *e)
{
	sqlite3_stmt *s = sql->statements[HEADS_WAKE];

	db_bind_text(s, 1, msisdn_digits(bootstrap->to));
	sqlite3_bind_int64(s, 2, bootstrap->changed_ms);
	sqlite3_bind_int64(s, 3, ATTEMPT_NEVER_MS);
	return db_run(sql, s, e);
}

/* ------------------------------- sessions ------------------------------- */

/* Columns as in SESSION_COLUMNS, from the first one on. */
static void read_session(sqlite3_stmt *s, int first, struct job_session *out)
{
	*out = (struct job_session){
		.started_ms = sqlite3_column_int64(s, first),
		.ended_ms = sqlite3_column_int64(s, first + 1),
		.result = sqlite3_column_int(s, first + 2),
	};
	db_copy_text(s, first + 3, out->alert_type, sizeof(out->alert_type));
	db_copy_text(s, first + 4, out->correlator, sizeof(out->correlator));
}

int sql_session_read(struct store_sql *sql, int64_t job,
		     struct job_session *out, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SESSION_READ];
	int rc;

	sqlite3_bind_int64(s, 1, job);
	rc = db_step(sql, s, e);
	if (rc == SQLITE_ROW)
		read_session(s, 0, out);
	sqlite3_reset(s);
	return rc == DM_EIO ? DM_EIO : DM_OK;
}

int sql_session_write(struct store_sql *sql, int64_t job,
		      const struct job_session *session, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SESSION_WRITE];

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, session->started_ms);
	sqlite3_bind_int64(s, 3, session->ended_ms);
	sqlite3_bind_int(s, 4, session->result);
	db_bind_text(s, 5, session->alert_type);
	db_bind_text(s, 6, session->correlator);
	return db_run(sql, s, e);
}

/* A statement of (of whom, server, limit). */
static int read_sessions(struct store_sql *sql, sqlite3_stmt *s,
			 const char *whose, const char *server_id,
			 size_t limit, struct session_job *out, size_t *n,
			 struct err *e)
{
	int rc;

	*n = 0;
	db_bind_text(s, 1, whose);
	db_bind_text(s, 2, server_id);
	sqlite3_bind_int64(s, 3, (int64_t)limit);
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW) {
		db_read_job(s, &out[*n].job);
		read_session(s, JOB_COLUMNS_N, &out[*n].session);
		++*n;
	}
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

int sql_sessions_of_number(struct store_sql *sql, const char *to, bool named,
			   const char *server_id, size_t limit,
			   struct session_job *out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SESSIONS_OF_NUMBER];

	sqlite3_bind_int(s, 4, named);
	return read_sessions(sql, s, msisdn_digits(to), server_id, limit, out,
			     n, e);
}

int sql_sessions_of_name(struct store_sql *sql, const char *device,
			 const char *server_id, size_t limit,
			 struct session_job *out, size_t *n, struct err *e)
{
	return read_sessions(sql, sql->statements[SESSIONS_OF_NAME], device,
			     server_id, limit, out, n, e);
}

/* ---------------------------- keys of requests ---------------------------- */

int sql_key_get(struct store_sql *sql, uint32_t client, const char *key,
		struct store_key *out, struct err *e)
{
	sqlite3_stmt *s = sql->statements[KEY_SELECT];
	int rc;

	sqlite3_bind_int64(s, 1, client);
	db_bind_text(s, 2, key);
	rc = db_step(sql, s, e);
	if (rc == SQLITE_ROW) {
		out->job = sqlite3_column_int64(s, 0);
		out->joined = sqlite3_column_int(s, 1);
		db_copy_blob(s, 2, out->digest, sizeof(out->digest));
	}
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? DM_OK :
	       rc == SQLITE_DONE ? DM_ENOENT : DM_EIO;
}

int sql_key_put(struct store_sql *sql, uint32_t client, const char *key,
		const struct store_key *k, struct err *e)
{
	sqlite3_stmt *s = sql->statements[KEY_INSERT];

	sqlite3_bind_int64(s, 1, client);
	db_bind_text(s, 2, key);
	sqlite3_bind_int64(s, 3, k->job);
	sqlite3_bind_int(s, 4, k->joined);
	sqlite3_bind_blob(s, 5, k->digest, sizeof(k->digest), SQLITE_STATIC);
	return db_run(sql, s, e);
}
