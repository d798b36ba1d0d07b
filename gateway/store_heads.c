/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a device has in flight: its notifications, one a server, its bootstraps,
 * and the keys that clients gave their requests.
 */
#include "gateway/store_db.h"

int sql_head_select(struct store_sql *sql, const struct job *of,
		    struct job *head, struct err *e)
{
	sqlite3_stmt *s = sql->statements[HEAD_SELECT];
	int rc;

	db_bind_text(s, 1, msisdn_digits(of->to));
	db_bind_text(s, 2, of->server_id);
	rc = db_step(sql, s, e);
	if (rc == SQLITE_ROW)
		db_read_job(s, head);
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? DM_OK :
	       rc == SQLITE_DONE ? DM_ENOENT : DM_EIO;
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
