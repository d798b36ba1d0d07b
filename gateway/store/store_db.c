/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_schema.h"
#include "gateway/xalloc.h"

#define BUSY_MS 5000		/* another program has the lock: wait */

/*
 * About; then they go into the database. So many that the page of a device
 * which is written often is copied there once.
 */
#define WAL_PAGES_MAX 4000

/* Of the pools that SQLite takes small things from: octets, and how many. */
#define SMALL_LEN 1200
#define SMALL_N 500

int db_error(struct store_sql *sql, struct err *e)
{
	return err_set(e, DM_EIO, "store", "try again later",
		       "the queue cannot be used: %s", sqlite3_errmsg(sql->db));
}

int db_step(struct store_sql *sql, sqlite3_stmt *s, struct err *e)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return rc;
	if (rc != SQLITE_DONE)
		rc = db_error(sql, e);
	sqlite3_reset(s);
	return rc;
}

int db_run(struct store_sql *sql, sqlite3_stmt *s, struct err *e)
{
	int rc = db_step(sql, s, e);

	return rc == DM_EIO ? rc : DM_OK;
}

int db_number(struct store_sql *sql, sqlite3_stmt *s, int64_t *value,
	      struct err *e)
{
	int rc = db_step(sql, s, e);

	if (rc == DM_EIO)
		return rc;
	if (rc == SQLITE_ROW) {
		if (sqlite3_column_type(s, 0) != SQLITE_NULL)
			*value = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return DM_OK;
}

void db_copy_text(sqlite3_stmt *s, int column, char *out, size_t cap)
{
	const unsigned char *text = sqlite3_column_text(s, column);
	size_t len = (size_t)sqlite3_column_bytes(s, column);

	if (len >= cap)
		len = cap - 1;
	if (text)
		memcpy(out, text, len);
	out[text ? len : 0] = '\0';
}

int64_t sql_last_event(const struct store_sql *sql)
{
	return sql->last_event;
}

const int64_t *sql_counts(const struct store_sql *sql)
{
	return sql->counts;
}

/* ---------------------------- transactions ---------------------------- */

int store_sql_begin(struct store_sql *sql, struct err *e)
{
	memcpy(sql->counts_before, sql->counts, sizeof(sql->counts));
	sql->last_event_before = sql->last_event;
	sql->has_put_secret = false;
	return db_run(sql, sql->statements[BEGIN], e);
}

int store_sql_commit(struct store_sql *sql, struct err *e)
{
	int rc = db_run(sql, sql->statements[COMMIT], e);

	if (rc)
		store_sql_rollback(sql);
	return rc;
}

/* SQLite may have rolled back by itself, as when the disk is full. */
void store_sql_rollback(struct store_sql *sql)
{
	memcpy(sql->counts, sql->counts_before, sizeof(sql->counts));
	sql->last_event = sql->last_event_before;
	sql->unclean |= sql->has_put_secret;
	if (!sqlite3_get_autocommit(sql->db))
		sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
}

/* --------------------------- what was wiped --------------------------- */

bool store_sql_is_unclean(const struct store_sql *sql)
{
	return sql->unclean;
}

/*
 * Where a reader is in the way, SQLite copies a part of the WAL into the
 * database, counts that as done, and syncs it with the rest, later. If that
 * sync fails it copies only the rest again; but the system has dropped all that
 * it could not write. So from then on the WAL, which has all of it, is kept:
 * the next start copies it from its beginning.
 */
static int checkpoint(struct store_sql *sql, int mode)
{
	int n = -1, n_copied = -1;
	int rc;

	if (sql->keep_wal)
		return SQLITE_IOERR_FSYNC;
	rc = sqlite3_wal_checkpoint_v2(sql->db, NULL, mode, &n, &n_copied);
	if (rc == SQLITE_OK || rc == SQLITE_BUSY)
		sql->half_copied = n < 0 ? sql->half_copied : n_copied < n;
	else if (sqlite3_extended_errcode(sql->db) == SQLITE_IOERR_FSYNC)
		sql->keep_wal = sql->half_copied;
	return rc;
}

/* Instead of SQLite's own, which says nothing when it fails. */
static int on_commit(void *sql, sqlite3 *db, const char *name, int n_pages)
{
	(void)db;
	(void)name;
	if (n_pages >= WAL_PAGES_MAX)
		(void)checkpoint(sql, SQLITE_CHECKPOINT_PASSIVE);
	return SQLITE_OK;
}

int store_sql_clean(struct store_sql *sql, struct err *e)
{
	int rc;

	sqlite3_busy_timeout(sql->db, 0);
	rc = checkpoint(sql, SQLITE_CHECKPOINT_TRUNCATE);
	sqlite3_busy_timeout(sql->db, BUSY_MS);
	sql->unclean = rc != SQLITE_OK;
	if (!sql->unclean)
		return DM_OK;
	return err_set(e, DM_EIO, "store", sql->keep_wal ?
		       "another start of dmboxd" : "no reader for a moment",
		       "its WAL could not be emptied: %s", sqlite3_errstr(rc));
}

/* ----------------------------- open, close ----------------------------- */

static int execute(struct store_sql *sql, const char *text, struct err *e)
{
	if (sqlite3_exec(sql->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return db_error(sql, e);
	return DM_OK;
}

static int read_number(struct store_sql *sql, const char *text,
		       int64_t *number, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (sqlite3_prepare_v2(sql->db, text, -1, &s, NULL))
		return db_error(sql, e);
	rc = db_number(sql, s, number, e);
	sqlite3_finalize(s);
	return rc;
}

/* Brings the schema up to date, all steps or none. */
static int make_schema(struct store_sql *sql, struct err *e)
{
	int64_t version = 0;
	int rc = read_number(sql, "PRAGMA user_version", &version, e);

	if (rc)
		return rc;
	if (version < 0 || version > (int64_t)SCHEMA_VERSION)
		return err_set(e, DM_EIO, "store", "a database of this dmboxd",
			       "it has version %lld, made by a newer dmboxd",
			       (long long)version);
	rc = execute(sql, "BEGIN", e);
	for (size_t i = (size_t)version; i < SCHEMA_VERSION && !rc; i++)
		rc = execute(sql, schema_steps[i], e);
	return rc ? rc : execute(sql, "COMMIT", e);
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
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW) {
		int state = sqlite3_column_int(s, 0);

		if (state >= 0 && state < JOB_STATES)
			sql->counts[state] = sqlite3_column_int64(s, 1);
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}

/* Writes the octets of a file again, where they stand, and syncs them. */
static int write_again(sqlite3_file *f)
{
	uint8_t octets[65536];
	sqlite3_int64 len;
	int rc = f->pMethods->xFileSize(f, &len);

	for (sqlite3_int64 at = 0; at < len && !rc;) {
		int n = (int)(len - at < (int)sizeof(octets) ? len - at :
			      (int)sizeof(octets));

		rc = f->pMethods->xRead(f, octets, n, at);
		if (!rc)
			rc = f->pMethods->xWrite(f, octets, n, at);
		at += n;
	}
	hash_wipe(octets, sizeof(octets));
	return rc ? rc : f->pMethods->xSync(f, SQLITE_SYNC_NORMAL);
}

/* While nobody else can write to it, or empty it. */
static int sync_wal(struct store_sql *sql, struct err *e)
{
	sqlite3_file *wal = NULL;
	int rc = execute(sql, "BEGIN IMMEDIATE", e);

	if (rc)
		return rc;
	if (sqlite3_file_control(sql->db, "main", SQLITE_FCNTL_JOURNAL_POINTER,
				 &wal) || !wal->pMethods ||
	    write_again(wal))
		rc = err_set(e, DM_EIO, "store", "a disk that can be written",
			     "its WAL could not be synced");
	sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/*
 * What the last run left in the WAL goes into the database and is synced there
 * before anything is written: what that run could not sync may be in the cache
 * of the system alone, where a sync of ours would not look for it; and the
 * first write behind the end of a WAL that was cut by a crash could harm, in
 * another crash, what stands before it in its sector. While a reader is in the
 * way, the WAL stays, and is made safe as it is.
 */
static int empty_wal(struct store_sql *sql, struct err *e)
{
	struct err ignored;

	return store_sql_clean(sql, &ignored) ? sync_wal(sql, e) : DM_OK;
}

/*
 * Devices come in any order, and their pages with them: the cache, in KiB,
 * holds those of some 100,000.
 */
static int open_database(struct store_sql *sql, const char *path,
			 struct err *e)
{
	static const char setup[] =
		"PRAGMA journal_mode = WAL;"
		"PRAGMA synchronous = FULL;"
		"PRAGMA cache_size = -16384;"
		"PRAGMA secure_delete = ON;";
	int rc;

	/*
	 * Without its counts, which nobody reads, SQLite takes no lock for each
	 * piece of memory. Too late, as in a test with many stores: no harm.
	 */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(path, &sql->db, SQLITE_OPEN_READWRITE |
				 SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				 NULL);

	if (rc != SQLITE_OK)
		return err_set(e, DM_EIO, "store",
			       "a path in a folder that dmboxd may write",
			       "%s: %s", path, sqlite3_errstr(rc));
	sqlite3_busy_timeout(sql->db, BUSY_MS);
	sqlite3_db_config(sql->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, SMALL_LEN,
			  SMALL_N);
	sqlite3_wal_hook(sql->db, on_commit, sql);
	rc = execute(sql, setup, e);
	if (!rc)
		rc = empty_wal(sql, e);
	if (!rc)
		rc = make_schema(sql, e);
	if (!rc)
		rc = read_number(sql, "PRAGMA page_size", &sql->page_len, e);
	/* What was being sent may not have arrived: it is sent again. */
	if (!rc)
		rc = execute(sql, "UPDATE jobs SET state = 0"
			     " WHERE live = 1 AND state = 1", e);
	if (!rc)
		rc = read_number(sql, "SELECT seq FROM sqlite_sequence"
				 " WHERE name = 'events'", &sql->last_event,
				 e);
	if (!rc)
		rc = prepare(sql, e);
	return rc ? rc : count_states(sql, e);
}

int store_sql_open(const char *path, struct store_sql **out, struct err *e)
{
	struct store_sql *sql = xcalloc(1, sizeof(*sql));
	struct err ignored;
	int rc = open_database(sql, path, e);

	if (rc) {
		store_sql_close(sql);
		return rc;
	}
	/* A new schema may have moved secrets. */
	store_sql_clean(sql, &ignored);
	*out = sql;
	return DM_OK;
}

void store_sql_close(struct store_sql *sql)
{
	struct err ignored;

	if (sql->unclean)
		store_sql_clean(sql, &ignored);
	for (unsigned i = 0; i < N_STATEMENTS; i++)
		sqlite3_finalize(sql->statements[i]);
	if (sql->keep_wal)
		sqlite3_db_config(sql->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
				  NULL);
	sqlite3_close(sql->db);
	free(sql);
}
