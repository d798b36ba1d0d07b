/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_backup.h - a copy of the store, made while it is in use
 */
#ifndef GATEWAY_STORE_BACKUP_H
#define GATEWAY_STORE_BACKUP_H

#include "gateway/store/store.h"

/*
 * Copies the database to a new file at path, mode 0600: as it is when the copy
 * is complete, which is when the file gets its name; until then it is called
 * PATH.part. Set op.step to store_backup_step. DM_EINVAL about "file": there is
 * one already, or it cannot be made; DM_EIO: a disk failed, or the store was
 * closed. Then there is no file.
 */
struct store_backup {
	struct store_op op;
	const char *path;	/* absolute; borrowed until done() */
	int64_t len;		/* out: octets */
	struct store_copy *copy;	/* the store's */
};
store_run store_backup_step;

#endif
