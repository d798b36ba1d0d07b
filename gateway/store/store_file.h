/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_file.h - whose the queue's files are
 */
#ifndef GATEWAY_STORE_FILE_H
#define GATEWAY_STORE_FILE_H

#include "wap/err.h"

/*
 * Takes the lock PATH.lock, so that no other dmboxd uses the queue at path, and
 * makes the database readable by its owner alone. The lock lasts until *lock is
 * closed. Returns DM_OK or DM_EIO with *e; on error *lock is untouched.
 */
int store_file_take(const char *path, int *lock, struct err *e) DM_CHECK;

/*
 * Syncs the folder that path is in, so that a file just made or renamed has
 * its name after a power loss, too. DM_OK, or DM_EIO with *e about field.
 */
int store_file_sync_folder(const char *path, const char *field, struct err *e)
	DM_CHECK;

#endif
