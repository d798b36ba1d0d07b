/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_sql.h"

#include <string.h>

#include "gateway/store/store_db.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

void db_bind_text(sqlite3_stmt *s, int i, const char *text)
{
	sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

void db_copy_blob(sqlite3_stmt *s, int column, uint8_t *out, size_t len)
{
	const void *blob = sqlite3_column_blob(s, column);

	if (blob && (size_t)sqlite3_column_bytes(s, column) == len)
		memcpy(out, blob, len);
}

void db_read_job(sqlite3_stmt *s, struct job *j)
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
		.tries = (uint32_t)sqlite3_column_int64(s, 16),
		.n_segments = (uint32_t)sqlite3_column_int(s, 17),
		.n_taken = (uint32_t)sqlite3_column_int(s, 18),
		.n_delivered = (uint32_t)sqlite3_column_int(s, 19),
		.method = (enum job_method)sqlite3_column_int(s, 22),
		.attempt = (uint32_t)sqlite3_column_int64(s, 23),
		.deadline_ms = sqlite3_column_int64(s, 24),
		.n_undelivered = (uint32_t)sqlite3_column_int(s, 25),
		.client_initiated = sqlite3_column_int(s, 26),
		.n_ids_before = (uint32_t)sqlite3_column_int64(s, 28),
	};
	db_copy_text(s, 9, j->to, sizeof(j->to));
	db_copy_text(s, 10, j->from, sizeof(j->from));
	db_copy_text(s, 11, j->smsc_id, sizeof(j->smsc_id));
	db_copy_text(s, 12, j->server_id, sizeof(j->server_id));
	db_copy_blob(s, 20, j->token, sizeof(j->token));
	db_copy_text(s, 21, j->reason, sizeof(j->reason));
	db_copy_text(s, 27, j->device, sizeof(j->device));
	db_copy_text(s, 29, j->route, sizeof(j->route));
}

int sql_job_insert(struct store_sql *sql, struct job *j, struct err *e)
{
	sqlite3_stmt *s = sql->statements[JOB_INSERT];

	sqlite3_bind_int64(s, 2, j->client);
	sqlite3_bind_int(s, 3, (int)j->state);
	sqlite3_bind_int(s, 4, (int)j->reached);
	sqlite3_bind_int(s, 5, (int)j->until);
	sqlite3_bind_int64(s, 6, j->created_ms);
	sqlite3_bind_int64(s, 7, j->changed_ms);
	sqlite3_bind_int64(s, 8, j->expires_ms);
	sqlite3_bind_int64(s, 9, j->next_ms);
	db_bind_text(s, 10, j->to);
	db_bind_text(s, 11, j->from);
	db_bind_text(s, 12, j->smsc_id);
	db_bind_text(s, 13, j->server_id);
	sqlite3_bind_int(s, 14, j->dm_version);
	sqlite3_bind_int(s, 15, j->session_id);
	sqlite3_bind_int(s, 16, j->dcs);
	sqlite3_bind_int64(s, 17, j->tries);
	sqlite3_bind_int64(s, 18, j->n_segments);
	sqlite3_bind_int64(s, 19, j->n_taken);
	sqlite3_bind_int64(s, 20, j->n_delivered);
	sqlite3_bind_blob(s, 21, j->token, sizeof(j->token), SQLITE_STATIC);
	db_bind_text(s, 22, j->reason);
	sqlite3_bind_int(s, 23, (int)j->method);
	sqlite3_bind_int64(s, 24, j->attempt);
	sqlite3_bind_int64(s, 25, j->deadline_ms);
	sqlite3_bind_int64(s, 26, j->n_undelivered);
	sqlite3_bind_int(s, 27, j->client_initiated);
	db_bind_text(s, 28, j->device);
	sqlite3_bind_int64(s, 29, j->n_ids_before);
	db_bind_text(s, 30, j->route);
	if (db_run(sql, s, e))
		return DM_EIO;
	j->id = sqlite3_last_insert_rowid(sql->db);
	sql->counts[j->state]++;
	return DM_OK;
}

int sql_job_update(struct store_sql *sql, const struct job *j,
		      enum job_state was, struct err *e)
{
	sqlite3_stmt *s = sql->statements[job_is_final(j->state) ? JOB_END
								 : JOB_UPDATE];

	sqlite3_bind_int64(s, 1, j->id);
	sqlite3_bind_int(s, 2, (int)j->state);
	sqlite3_bind_int(s, 3, (int)j->reached);
	sqlite3_bind_int64(s, 4, j->changed_ms);
	sqlite3_bind_int64(s, 5, j->next_ms);
	sqlite3_bind_int64(s, 6, j->tries);
	sqlite3_bind_int64(s, 7, j->n_taken);
	sqlite3_bind_int64(s, 8, j->n_delivered);
	db_bind_text(s, 9, j->reason);
	sqlite3_bind_int64(s, 10, j->attempt);
	sqlite3_bind_int64(s, 11, j->deadline_ms);
	sqlite3_bind_int64(s, 12, j->n_undelivered);
	sql->counts[was]--;
	sql->counts[j->state]++;
	return db_run(sql, s, e);
}

int sql_job_select(struct store_sql *sql, int64_t id, struct job *j,
		      struct err *e)
{
	sqlite3_stmt *s = sql->statements[JOB_SELECT];
	int rc;

	sqlite3_bind_int64(s, 1, id);
	rc = db_step(sql, s, e);
	if (rc == SQLITE_DONE)
		return err_set(e, DM_ENOENT, "job", "see job.list",
			       "there is no job %lld", (long long)id);
	if (rc == SQLITE_ROW)
		db_read_job(s, j);
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? DM_OK : DM_EIO;
}

int sql_segments_select(struct store_sql *sql, int64_t job,
			struct job_segment *out, unsigned n, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENTS_SELECT];
	int rc;

	sqlite3_bind_int64(s, 1, job);
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW) {
		unsigned i = (unsigned)sqlite3_column_int(s, 0);
		int len = sqlite3_column_bytes(s, 3);

		if (i >= n || len > SEGMENT_OCTETS_MAX)
			continue;
		out[i].state = (enum segment_state)sqlite3_column_int(s, 1);
		out[i].sms.udh_len = (uint8_t)sqlite3_column_int(s, 2);
		out[i].sms.len = (uint8_t)len;
		db_copy_blob(s, 3, out[i].sms.octets, (size_t)len);
	}
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

int sql_segment_insert(struct store_sql *sql, int64_t job, unsigned segment,
		       const struct segment *sms, const uint8_t *octets,
		       struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENT_INSERT];

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, segment);
	sqlite3_bind_int(s, 3, SEGMENT_WAITING);
	sqlite3_bind_int(s, 4, sms->udh_len);
	if (octets)
		sqlite3_bind_blob(s, 5, octets, sms->len, SQLITE_STATIC);
	else
		sqlite3_bind_zeroblob(s, 5, sms->len);
	return db_run(sql, s, e);
}

int sql_segment_state(struct store_sql *sql, int64_t job, unsigned segment,
		      enum segment_state *state, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENT_STATE];
	int64_t number = SEGMENT_WAITING;
	int rc;

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, segment);
	rc = db_number(sql, s, &number, e);
	*state = (enum segment_state)number;
	return rc;
}

int sql_segment_update(struct store_sql *sql, int64_t job, unsigned segment,
		       enum segment_state state, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENT_UPDATE];

	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_int64(s, 2, segment);
	sqlite3_bind_int(s, 3, (int)state);
	return db_run(sql, s, e);
}

int sql_segments_reset(struct store_sql *sql, int64_t job, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENTS_RESET];

	sqlite3_bind_int64(s, 1, job);
	return db_run(sql, s, e);
}

/* ------------------------ octets of a bootstrap ------------------------ */

/*
 * SQLite moves short rows from page to page as these fill, and secure_delete
 * does not reach the copies that stay in the gaps. What a long row has beyond
 * its first page stands in pages of its own: they do not move, and are
 * overwritten with zeros when the row is deleted. So a row of secrets begins
 * with a page of zeros, and SQLite itself is never given the octets as a value:
 * they are written to where they shall stand.
 */
static int secret_pos(const struct store_sql *sql, unsigned segment)
{
	return (int)sql->page_len + (int)segment * SEGMENT_OCTETS_MAX;
}

static int secret_open(struct store_sql *sql, int64_t job, bool to_write,
		       sqlite3_blob **secret, struct err *e)
{
	if (sqlite3_blob_open(sql->db, "main", "secrets", "octets", job,
			      to_write, secret))
		return db_error(sql, e);
	return DM_OK;
}

int sql_secret_put(struct store_sql *sql, int64_t job,
		   const struct segment *segments, unsigned n,
		   const char *account, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SECRET_INSERT];
	int account_len = account ? (int)strlen(account) : 0;
	sqlite3_blob *secret = NULL;
	int rc;

	sql->has_put_secret = true;
	sqlite3_bind_int64(s, 1, job);
	sqlite3_bind_zeroblob(s, 2, secret_pos(sql, n) + account_len);
	rc = db_run(sql, s, e);
	if (!rc)
		rc = secret_open(sql, job, true, &secret, e);
	for (unsigned i = 0; i < n && !rc; i++)
		if (sqlite3_blob_write(secret, segments[i].octets,
				       segments[i].len, secret_pos(sql, i)))
			rc = db_error(sql, e);
	if (!rc && account &&
	    sqlite3_blob_write(secret, account, account_len,
			       secret_pos(sql, n)))
		rc = db_error(sql, e);
	sqlite3_blob_close(secret);
	return rc;
}

int sql_account_get(struct store_sql *sql, const struct job *j, char **account,
		    struct err *e)
{
	int pos = secret_pos(sql, j->n_segments);
	sqlite3_blob *secret = NULL;
	char *text = NULL;
	int rc = secret_open(sql, j->id, false, &secret, e);
	int len = rc ? 0 : sqlite3_blob_bytes(secret) - pos;

	if (len > 0) {
		text = xcalloc(1, (size_t)len + 1);
		if (sqlite3_blob_read(secret, text, len, pos))
			rc = db_error(sql, e);
	}
	sqlite3_blob_close(secret);
	if (rc)
		wipe_free(text);
	else
		*account = text;
	return rc;
}

int sql_secret_get(struct store_sql *sql, int64_t job,
		   struct job_segment *segments, unsigned n, struct err *e)
{
	sqlite3_blob *secret = NULL;
	int rc = secret_open(sql, job, false, &secret, e);

	for (unsigned i = 0; i < n && !rc; i++) {
		struct segment *sms = &segments[i].sms;

		if (sqlite3_blob_read(secret, sms->octets, sms->len,
				      secret_pos(sql, i)))
			rc = db_error(sql, e);
	}
	sqlite3_blob_close(secret);
	return rc;
}

int sql_secret_delete(struct store_sql *sql, int64_t job, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SECRET_DELETE];

	sqlite3_bind_int64(s, 1, job);
	sql->unclean = true;
	return db_run(sql, s, e);
}

/* ------------------------- numbers of devices ------------------------- */

int sql_session_get(struct store_sql *sql, const struct job *j, int64_t *last,
		    struct err *e)
{
	sqlite3_stmt *s = sql->statements[SESSION_SELECT];

	db_bind_text(s, 1, msisdn_digits(j->to));
	db_bind_text(s, 2, j->server_id);
	return db_number(sql, s, last, e);
}

int sql_session_put(struct store_sql *sql, const struct job *j, struct err *e)
{
	sqlite3_stmt *s = sql->statements[SESSION_PUT];

	db_bind_text(s, 1, msisdn_digits(j->to));
	db_bind_text(s, 2, j->server_id);
	sqlite3_bind_int(s, 3, j->session_id);
	sqlite3_bind_int64(s, 4, j->id);
	return db_run(sql, s, e);
}

int sql_reference_get(struct store_sql *sql, const struct job *j, int64_t *last,
		      struct err *e)
{
	sqlite3_stmt *s = sql->statements[REF_SELECT];

	db_bind_text(s, 1, msisdn_digits(j->to));
	return db_number(sql, s, last, e);
}

int sql_reference_put(struct store_sql *sql, const struct job *j,
		      uint16_t reference, struct err *e)
{
	sqlite3_stmt *s = sql->statements[REF_PUT];

	db_bind_text(s, 1, msisdn_digits(j->to));
	sqlite3_bind_int(s, 2, reference);
	return db_run(sql, s, e);
}

/* ---------------------------- lists of jobs ---------------------------- */

static int read_jobs(struct store_sql *sql, sqlite3_stmt *s, struct job *out,
		     size_t *n, struct err *e)
{
	int rc;

	*n = 0;
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW)
		db_read_job(s, &out[(*n)++]);
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

/* A statement of (time, limit). */
static int select_until(struct store_sql *sql, sqlite3_stmt *s,
			int64_t now_ms, size_t limit, struct job *out,
			size_t *n, struct err *e)
{
	sqlite3_bind_int64(s, 1, now_ms);
	sqlite3_bind_int64(s, 2, (int64_t)limit);
	return read_jobs(sql, s, out, n, e);
}

int sql_due_select(struct store_sql *sql, bool again, int64_t now_ms,
		   size_t limit, struct job *out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = sql->statements[DUE_SELECT];

	sqlite3_bind_int(s, 3, again);
	return select_until(sql, s, now_ms, limit, out, n, e);
}

int sql_expired_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		       struct job *out, size_t *n, struct err *e)
{
	return select_until(sql, sql->statements[EXPIRED_SELECT], now_ms,
			    limit, out, n, e);
}

int sql_due_next(struct store_sql *sql, int64_t *next_ms, struct err *e)
{
	sqlite3_stmt *s = sql->statements[DUE_NEXT];
	int64_t first_ms = ATTEMPT_NEVER_MS;

	for (int again = 0; again <= 1; again++) {
		int64_t ms = ATTEMPT_NEVER_MS;

		sqlite3_bind_int(s, 1, again);
		if (db_number(sql, s, &ms, e))
			return DM_EIO;
		if (ms < first_ms)
			first_ms = ms;
	}
	if (first_ms != ATTEMPT_NEVER_MS)
		*next_ms = first_ms;
	return DM_OK;
}

int sql_routed_select(struct store_sql *sql, const char *route, int64_t now_ms,
		      size_t limit, struct job *out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = sql->statements[ROUTED_SELECT];

	db_bind_text(s, 3, route);
	return select_until(sql, s, now_ms, limit, out, n, e);
}

int sql_routed_next(struct store_sql *sql, const char *route, int64_t *next_ms,
		    struct err *e)
{
	sqlite3_stmt *s = sql->statements[ROUTED_NEXT];
	int64_t ms = ATTEMPT_NEVER_MS;

	db_bind_text(s, 1, route);
	if (db_number(sql, s, &ms, e))
		return DM_EIO;
	if (ms != ATTEMPT_NEVER_MS)
		*next_ms = ms;
	return DM_OK;
}

/* So many are sorted sooner than found among those that have ended. */
#define LIVE_FEW 10000

static enum statement list_of_state(const struct store_sql *sql, int state)
{
	int64_t n_live = sql->counts[JOB_WAITING] + sql->counts[JOB_SENDING] +
			 sql->counts[JOB_PUSHED];

	if (state > JOB_DONE)
		return LIST_ENDED;
	return state < JOB_DONE && n_live <= LIVE_FEW ? LIST_LIVE : LIST_STATE;
}

static enum statement list_statement(const struct store_sql *sql,
				     const struct store_list *op)
{
	if (op->device[0])
		return LIST_DEVICE;
	if (op->to[0])
		return LIST_TO;
	return op->state < 0 ? LIST_ALL : list_of_state(sql, op->state);
}

/* A statement that has no room for a filter knows that there is none. */
int sql_jobs_list(struct store_sql *sql, struct store_list *op, struct err *e)
{
	sqlite3_stmt *s = sql->statements[list_statement(sql, op)];

	sqlite3_bind_int64(s, 1, op->after);
	sqlite3_bind_int64(s, 2, (int64_t)op->limit);
	sqlite3_bind_int(s, 3, op->state);
	db_bind_text(s, 4, msisdn_digits(op->to));
	db_bind_text(s, 5, op->device);
	return read_jobs(sql, s, op->jobs, &op->n, e);
}
