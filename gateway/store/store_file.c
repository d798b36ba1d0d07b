/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* Two dmboxd on one queue would send everything twice. */
static int take_lock(const char *path, int *lock, struct err *e)
{
	char name[4096];
	int fd;

	snprintf(name, sizeof(name), "%s.lock", path);
	fd = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, DM_EIO, "store",
			       "a path in a folder that dmboxd may write",
			       "%s: %m", name);
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return err_set(e, DM_EIO, "store", "stop the other one first",
			       "%s is in use by another dmboxd", path);
	}
	*lock = fd;
	return DM_OK;
}

/* SQLite gives the files beside it the same mode. */
static int make_private(const char *path, struct err *e)
{
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(e, DM_EIO, "store",
			       "a path in a folder that dmboxd may write",
			       "%s: %m", path);
	close(fd);
	return DM_OK;
}

/* Some file systems have no sync of folders, and need none. */
int store_file_sync_folder(const char *path, const char *field, struct err *e)
{
	char name[4096];
	int fd, rc = DM_OK;

	snprintf(name, sizeof(name), "%s", path);
	fd = open(dirname(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		rc = err_set(e, DM_EIO, field, "a folder on a sound disk",
			     "the folder of %s cannot be synced: %m", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int store_file_take(const char *path, int *lock, struct err *e)
{
	int fd;
	int rc = take_lock(path, &fd, e);

	if (rc)
		return rc;
	rc = make_private(path, e);
	if (!rc)
		rc = store_file_sync_folder(path, "store", e);
	if (rc)
		close(fd);
	else
		*lock = fd;
	return rc;
}
