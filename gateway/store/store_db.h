/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_db.h - the connection to the queue's database
 *
 * Shared by store_db.c (opening, schema, transactions), store_sqlite.c (rows)
 * and store_heads.c (what a device has in flight); to all others it is
 * store_sql.h.
 */
#ifndef GATEWAY_STORE_DB_H
#define GATEWAY_STORE_DB_H

#include <sqlite3.h>

#include "gateway/store/store_sql.h"

enum statement {		/* their text: store_schema.h */
	BEGIN, COMMIT,
	JOB_INSERT, JOB_SELECT, JOB_UPDATE, JOB_END,
	SEGMENTS_SELECT, SEGMENT_INSERT, SEGMENT_STATE, SEGMENT_UPDATE,
	SEGMENTS_RESET,
	SECRET_INSERT, SECRET_DELETE,
	SESSION_SELECT, SESSION_PUT, REF_SELECT, REF_PUT,
	DUE_SELECT, DUE_NEXT, ROUTED_SELECT, ROUTED_NEXT, EXPIRED_SELECT,
	LIST_ALL, LIST_STATE, LIST_ENDED, LIST_LIVE, LIST_TO, LIST_DEVICE,
	EVENT_INSERT, EVENTS_SELECT, EVENTS_FIRST,
	EVENTS_OLDEST, EVENTS_DELETE, JOBS_OLDEST, SEGMENTS_DELETE, KEYS_DELETE,
	JOB_DELETE,
	DEVICE_BY_NAME, DEVICE_BY_DEV_ID, DEVICES_BY_MSISDN, DEVICE_PUT,
	DEVICE_DELETE, DEVICES_LIST, DEVICES_LIST_TO,
	REQUEST_INSERT, REQUEST_SELECT, REQUEST_UPDATE, REQUEST_DELETE,
	SEGMENT_OCTETS, JOB_SESSION_ID,
	HEAD_SELECT, BOOTSTRAP_SELECT, ACCOUNT_SELECT, HEADS_WAKE,
	KEY_SELECT, KEY_INSERT,
	SESSION_READ, SESSION_WRITE, SESSIONS_OF_NUMBER, SESSIONS_OF_NAME,
	N_STATEMENTS,
};

struct store_sql {
	sqlite3 *db;
	int64_t page_len;			/* octets */
	bool unclean;				/* see store_sql_clean() */
	bool has_put_secret;			/* this transaction */
	bool half_copied;		/* by a checkpoint, and not synced */
	bool keep_wal;			/* no checkpoint until the next start */
	int64_t counts[JOB_STATES];
	int64_t counts_before[JOB_STATES];	/* this transaction */
	int64_t last_event;			/* cursor; 0: none yet */
	int64_t last_event_before;		/* this transaction */
	sqlite3_stmt *statements[N_STATEMENTS];
};

/* Fills *e with SQLite's last error; DM_EIO. */
int db_error(struct store_sql *sql, struct err *e);

/* SQLITE_ROW; or, and then s is reset, SQLITE_DONE or with *e DM_EIO. */
int db_step(struct store_sql *sql, sqlite3_stmt *s, struct err *e) DM_CHECK;

/* A statement without rows. */
int db_run(struct store_sql *sql, sqlite3_stmt *s, struct err *e) DM_CHECK;

/* A statement that gives one number, or no row: then it leaves *value. */
int db_number(struct store_sql *sql, sqlite3_stmt *s, int64_t *value,
	      struct err *e) DM_CHECK;

/* A column of the row that s stands on, cut to cap octets; "" for NULL. */
void db_copy_text(sqlite3_stmt *s, int column, char *out, size_t cap);

/* text is borrowed until the statement is reset. */
void db_bind_text(sqlite3_stmt *s, int i, const char *text);

/* Copies a blob of that very len; out is left where it has another. */
void db_copy_blob(sqlite3_stmt *s, int column, uint8_t *out, size_t len);

/* A row whose columns are JOB_COLUMNS, and maybe others behind them. */
void db_read_job(sqlite3_stmt *s, struct job *j);
#define JOB_COLUMNS_N 30

#endif
