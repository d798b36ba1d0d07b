/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash_disk.h - what a disk is sure to hold of a folder's files, and what not
 *
 * The model behind crash_vfs.h: the files that it is told of, in memory.
 */
#ifndef TESTS_CRASH_DISK_H
#define TESTS_CRASH_DISK_H

#include "tests/crash_vfs.h"

struct disk_file;

void disk_reset(const struct crash_disk *disk);

/* The file of that name, which is created if there is none. */
struct disk_file *disk_open(const char *name);
/* One that is synced, with the octets that stand at path. */
void disk_adopt(const char *name, const char *path);
void disk_remove(const char *name);
void disk_sync_folder(void);

void disk_write(struct disk_file *f, const void *in, size_t len, size_t at);
void disk_truncate(struct disk_file *f, size_t len);
void disk_sync(struct disk_file *f);

/*
 * Writes that were not synced will not come any more; truncations may. Calls
 * lost(), if there is one, with what the disk has where each of them was.
 */
void disk_lose(struct disk_file *f,
	       void (*lost)(const void *octets, size_t len, size_t at,
			    void *arg), void *arg);

/* See crash_vfs_image(); random NULL: only what was synced. */
void disk_image(const char *folder, uint64_t *random);

#endif
