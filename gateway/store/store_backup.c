/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/store/store_db.h"
#include "gateway/store/store_file.h"
#include "gateway/xalloc.h"

#define STEP_PAGES 64		/* 256 KiB: some milliseconds */

struct store_copy {
	sqlite3 *db;
	sqlite3_backup *backup;
	char part[4096];
};

static int file_error(const char *path, struct err *e)
{
	return err_set(e, DM_EINVAL, "file",
		       "a new file in a folder that dmboxd may write",
		       "%s: %m", path);
}

static int copy_error(const struct store_copy *c, struct err *e)
{
	return err_set(e, DM_EIO, "file", "try again, or elsewhere",
		       "%s: %s", c->part, sqlite3_errmsg(c->db));
}

/* Nobody else's file is touched. */
static int make_file(const char *path, struct store_copy *c, struct err *e)
{
	int fd;

	if (access(path, F_OK) == 0)
		return err_set(e, DM_EINVAL, "file",
			       "a path where nothing is yet",
			       "%s: there is one", path);
	snprintf(c->part, sizeof(c->part), "%s.part", path);
	fd = open(c->part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_error(c->part, e);
	close(fd);
	return DM_OK;
}

/*
 * The copy is written through our own connection, so that what is changed
 * meanwhile goes into it, too, and it need not begin anew. A copy that fails
 * is removed: it needs no journal.
 */
static int begin(struct store_sql *sql, struct store_copy *c, struct err *e)
{
	if (sqlite3_open_v2(c->part, &c->db, SQLITE_OPEN_READWRITE |
			    SQLITE_OPEN_NOMUTEX, NULL) ||
	    sqlite3_exec(c->db, "PRAGMA journal_mode = OFF", NULL, NULL, NULL))
		return copy_error(c, e);
	c->backup = sqlite3_backup_init(c->db, "main", sql->db, "main");
	return c->backup ? DM_OK : copy_error(c, e);
}

static void copy_free(struct store_copy *c)
{
	if (c->backup)
		sqlite3_backup_finish(c->backup);
	sqlite3_close(c->db);
	free(c);
}

static int start(struct store_sql *sql, struct store_backup *op, struct err *e)
{
	struct store_copy *c = xcalloc(1, sizeof(*c));
	int rc = make_file(op->path, c, e);

	if (rc) {
		free(c);
		return rc;
	}
	op->copy = c;
	return begin(sql, c, e);
}

static int finish(struct store_backup *op, struct err *e)
{
	struct store_copy *c = op->copy;
	struct stat st;
	int rc = sqlite3_backup_finish(c->backup);

	c->backup = NULL;
	if (rc)
		return copy_error(c, e);
	if (stat(c->part, &st) || rename(c->part, op->path))
		return file_error(op->path, e);
	op->len = st.st_size;
	rc = store_file_sync_folder(op->path, "file", e);
	if (rc)
		unlink(op->path);
	return rc;
}

static int step(struct store_sql *sql, struct store_backup *op, struct err *e)
{
	int rc;

	if (op->op.give_up)
		return err_set(e, DM_EIO, "file", "try again",
			       "dmboxd was stopped before the end");
	if (!op->copy)
		rc = start(sql, op, e);
	else if ((rc = sqlite3_backup_step(op->copy->backup, STEP_PAGES)) ==
		 SQLITE_DONE)
		return finish(op, e);
	else if (rc)
		return err_set(e, DM_EIO, "file", "try again, or elsewhere",
			       "%s: %s", op->copy->part, sqlite3_errstr(rc));
	return rc ? rc : STORE_MORE;
}

int store_backup_step(struct store_sql *sql, struct store_op *base,
		      struct err *e)
{
	struct store_backup *op = (struct store_backup *)base;
	int rc = step(sql, op, e);

	if (rc == STORE_MORE || !op->copy)
		return rc;
	if (rc)
		unlink(op->copy->part);
	copy_free(op->copy);
	op->copy = NULL;
	return rc;
}
