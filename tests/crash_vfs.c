/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/crash_vfs.h"

#include <stdio.h>
#include <string.h>

#include "tests/crash_disk.h"

struct crash_file {
	sqlite3_file base;
	struct disk_file *on_disk;
	bool of_database;
	bool syncs_folder;	/* at its next sync */
	sqlite3_file *real;	/* behind this struct */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *unix_vfs;
static char watched[128];	/* folder, with its slash */
static struct crash_disk kind;
static void (*watcher)(enum crash_call call, bool of_database);
static struct crash_failure fault;
static unsigned n_calls, n_failed;

static struct crash_file *crash_file(sqlite3_file *f)
{
	return (struct crash_file *)f;
}

/* ------------------------------- failures ------------------------------- */

void crash_vfs_fail(const struct crash_failure *failure)
{
	fault = *failure;
	n_calls = n_failed = 0;
}

unsigned crash_vfs_n_calls(void)
{
	return n_calls;
}

unsigned crash_vfs_n_failed(void)
{
	return n_failed;
}

static bool fails(enum crash_call call)
{
	if (!(fault.calls & call))
		return false;
	n_calls++;
	if (n_calls < fault.first || n_calls - fault.first >= fault.n)
		return false;
	n_failed++;
	return true;
}

/* A call has done its work. */
static int changed(enum crash_call call, bool of_database)
{
	if (watcher)
		watcher(call, of_database);
	return SQLITE_OK;
}

/* --------------------------------- files --------------------------------- */

static int file_close(sqlite3_file *f)
{
	return crash_file(f)->real->pMethods->xClose(crash_file(f)->real);
}

static int file_read(sqlite3_file *f, void *out, int len, sqlite3_int64 at)
{
	struct crash_file *c = crash_file(f);

	if (fails(CRASH_READ))
		return fault.rc;
	return c->real->pMethods->xRead(c->real, out, len, at);
}

static int write_through(struct crash_file *c, const void *in, int len,
			 sqlite3_int64 at)
{
	int rc = c->real->pMethods->xWrite(c->real, in, len, at);

	if (!rc)
		disk_write(c->on_disk, in, (size_t)len, (size_t)at);
	return rc;
}

static int file_write(sqlite3_file *f, const void *in, int len,
		      sqlite3_int64 at)
{
	struct crash_file *c = crash_file(f);
	int rc;

	if (fails(CRASH_WRITE)) {
		if (fault.rc == SQLITE_FULL)
			(void)write_through(c, in, len / 2, at);
		return fault.rc;
	}
	rc = write_through(c, in, len, at);
	return rc ? rc : changed(CRASH_WRITE, c->of_database);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 len)
{
	struct crash_file *c = crash_file(f);
	int rc;

	if (fails(CRASH_TRUNCATE))
		return fault.rc;
	rc = c->real->pMethods->xTruncate(c->real, len);
	if (rc)
		return rc;
	disk_truncate(c->on_disk, (size_t)len);
	return changed(CRASH_TRUNCATE, c->of_database);
}

/* The system drops what it could not write: it reads what the disk has. */
static void forget(const void *octets, size_t len, size_t at, void *arg)
{
	sqlite3_file *real = arg;
	sqlite3_int64 file_len = 0;

	real->pMethods->xFileSize(real, &file_len);
	if ((sqlite3_int64)(at + len) <= file_len)
		real->pMethods->xWrite(real, octets, (int)len,
				       (sqlite3_int64)at);
}

static int file_sync(sqlite3_file *f, int flags)
{
	struct crash_file *c = crash_file(f);

	(void)flags;
	if (fails(CRASH_SYNC)) {
		disk_lose(c->on_disk, fault.forgets ? forget : NULL, c->real);
		return fault.rc;
	}
	disk_sync(c->on_disk);
	changed(CRASH_SYNC, c->of_database);
	if (!c->syncs_folder)
		return SQLITE_OK;
	c->syncs_folder = false;
	disk_sync_folder();
	return changed(CRASH_SYNC, false);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *len)
{
	return crash_file(f)->real->pMethods->xFileSize(crash_file(f)->real,
							len);
}

static int file_lock(sqlite3_file *f, int lock)
{
	return crash_file(f)->real->pMethods->xLock(crash_file(f)->real, lock);
}

static int file_unlock(sqlite3_file *f, int lock)
{
	return crash_file(f)->real->pMethods->xUnlock(crash_file(f)->real,
						      lock);
}

static int file_check_lock(sqlite3_file *f, int *out)
{
	sqlite3_file *real = crash_file(f)->real;

	return real->pMethods->xCheckReservedLock(real, out);
}

static int file_control(sqlite3_file *f, int what, void *arg)
{
	return crash_file(f)->real->pMethods->xFileControl(crash_file(f)->real,
							   what, arg);
}

static int file_sector_len(sqlite3_file *f)
{
	(void)f;
	return kind.sector_len;
}

static int file_characteristics(sqlite3_file *f)
{
	(void)f;
	return kind.powersafe ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

static int file_shm_map(sqlite3_file *f, int page, int len, int extend,
			void volatile **out)
{
	sqlite3_file *real = crash_file(f)->real;

	return real->pMethods->xShmMap(real, page, len, extend, out);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	sqlite3_file *real = crash_file(f)->real;

	return real->pMethods->xShmLock(real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
	crash_file(f)->real->pMethods->xShmBarrier(crash_file(f)->real);
}

static int file_shm_unmap(sqlite3_file *f, int remove)
{
	sqlite3_file *real = crash_file(f)->real;

	return real->pMethods->xShmUnmap(real, remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,		/* no memory mapping: each write is seen */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_len,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

/* -------------------------------- the VFS -------------------------------- */

static bool is_watched(const char *path)
{
	size_t len = strlen(watched);

	return path && strncmp(path, watched, len) == 0 &&
	       !strchr(path + len, '/');
}

/* unix syncs the folder with the first sync of these. */
static bool is_journal(int flags)
{
	return flags & SQLITE_OPEN_CREATE &&
	       flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
			SQLITE_OPEN_SUPER_JOURNAL);
}

static int vfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *f,
		    int flags, int *out_flags)
{
	struct crash_file *c = crash_file(f);
	int rc;

	(void)v;
	if (!is_watched(path))
		return unix_vfs->xOpen(unix_vfs, path, f, flags, out_flags);
	f->pMethods = NULL;
	if (fails(CRASH_OPEN))
		return fault.rc;
	c->real = (sqlite3_file *)(c + 1);
	rc = unix_vfs->xOpen(unix_vfs, path, c->real, flags, out_flags);
	if (rc)
		return rc;
	c->on_disk = disk_open(path + strlen(watched));
	c->of_database = flags & SQLITE_OPEN_MAIN_DB;
	c->syncs_folder = is_journal(flags);
	f->pMethods = &methods;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *v, const char *path, int sync_folder)
{
	int rc;

	(void)v;
	if (is_watched(path) && fails(CRASH_DELETE))
		return fault.rc;
	rc = unix_vfs->xDelete(unix_vfs, path, sync_folder);
	if (rc || !is_watched(path))
		return rc;
	disk_remove(path + strlen(watched));
	if (sync_folder)
		disk_sync_folder();
	return changed(CRASH_DELETE, false);
}

void crash_vfs_install(const char *folder)
{
	snprintf(watched, sizeof(watched), "%s/", folder);
	if (unix_vfs)
		return;
	unix_vfs = sqlite3_vfs_find("unix");
	vfs = *unix_vfs;
	vfs.zName = "crash";
	vfs.pNext = NULL;
	vfs.szOsFile += (int)sizeof(struct crash_file);
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	sqlite3_vfs_register(&vfs, 1);
}

void crash_vfs_reset(const struct crash_disk *disk)
{
	kind = *disk;
	disk_reset(disk);
}

void crash_vfs_adopt(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s", watched, name);
	disk_adopt(name, path);
}

void crash_vfs_watch(void (*watch)(enum crash_call call, bool of_database))
{
	watcher = watch;
}

void crash_vfs_image(const char *folder, uint64_t *random)
{
	disk_image(folder, random);
}

void crash_vfs_image_of_synced(const char *folder)
{
	disk_image(folder, NULL);
}
