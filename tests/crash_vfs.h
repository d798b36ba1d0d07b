/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash_vfs.h - a disk that loses what was not synced, and that fails, for
 * SQLite
 *
 * A VFS over "unix". Files in one folder pass through it: they are written as
 * always, and beside that it keeps what a disk is sure to hold of each, its
 * octets at its last sync, and the writes and truncations since. The same of
 * the names in the folder: a file that was created or removed since the folder
 * was synced may be there after a crash or not. Shared memory is unix's own, it
 * does not outlive a machine. Files elsewhere are unix's own, too.
 *
 * One thread at a time may use the files.
 */
#ifndef TESTS_CRASH_VFS_H
#define TESTS_CRASH_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the disk tells SQLite of itself. */
struct crash_disk {
	int sector_len;		/* octets: 512 or 4096 */
	bool powersafe;		/* a torn write harms nothing beside it */
};

/* What happens to files; each may be counted, fail, and precede a crash. */
enum crash_call {
	CRASH_WRITE = 1,
	CRASH_TRUNCATE = 2,
	CRASH_SYNC = 4,
	CRASH_DELETE = 8,
	CRASH_READ = 16,
	CRASH_OPEN = 32,
};
#define CRASH_CHANGES \
	(CRASH_WRITE | CRASH_TRUNCATE | CRASH_SYNC | CRASH_DELETE)

/* The default VFS from now on, for the files of this folder. */
void crash_vfs_install(const char *folder);

/* Forgets all files: the folder is empty, and of another disk. */
void crash_vfs_reset(const struct crash_disk *disk);

/* After that: a file that stands in the folder is safe on the disk. */
void crash_vfs_adopt(const char *name);

/*
 * Calls watch() after each change, in the thread that made it; whether that
 * was of the database itself, which in WAL mode only a checkpoint changes.
 * NULL: nobody watches.
 */
void crash_vfs_watch(void (*watch)(enum crash_call call, bool of_database));

/*
 * Writes to folder, where nothing is, what could be on the disk after a power
 * loss now: of what was not synced each change may be there, be missing, be
 * torn at 512 octets with old ones or garbage in the rest, or have come before
 * one that was made earlier. *random decides.
 */
void crash_vfs_image(const char *folder, uint64_t *random);

/* The same with nothing but what was synced. */
void crash_vfs_image_of_synced(const char *folder);

/*
 * Failures. The calls of these kinds are counted from here on, and so many
 * from number first (from 1) on fail with rc, as SQLITE_FULL, half of a write
 * being done.
 * A sync that fails loses what it should have written: a later one
 * that succeeds does not bring it back. With forgets, it is gone from the cache
 * of the system, too, and the file reads as it was.
 */
struct crash_failure {
	unsigned calls;		/* enum crash_call, added up; 0: none */
	unsigned first, n;
	int rc;
	bool forgets;
};
void crash_vfs_fail(const struct crash_failure *failure);
unsigned crash_vfs_n_calls(void);	/* counted */
unsigned crash_vfs_n_failed(void);

#endif
