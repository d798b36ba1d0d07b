/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What dmboxd makes beside its database has its octets and its name after a
 * power loss, too: each file is synced before it is renamed, and its folder
 * behind that. The syncs and renames of the program pass through here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gateway/api/request_key.h"
#include "gateway/store/store_backup.h"
#include "tests/store_fixture.h"

static char done[4096];		/* "sync NAME\n", "rename NAME\n", ... */
static bool folders_fail;

/* Its name in the folder of the test; the folder itself is ".". */
static void note(const char *what, const char *path)
{
	size_t len = strlen(store_dir), used = strlen(done);

	if (len == 0 || strncmp(path, store_dir, len) != 0)
		return;
	snprintf(done + used, sizeof(done) - used, "%s %s\n", what,
		 path[len] == '/' ? path + len + 1 : ".");
}

static int sync_of(int fd)
{
	char link[32], path[256] = "";
	struct stat st;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) < 0 || fstat(fd, &st))
		return -1;
	note("sync", path);
	if (S_ISDIR(st.st_mode) && folders_fail) {
		errno = EIO;
		return -1;
	}
	return 0;
}

int fsync(int fd)
{
	return sync_of(fd);
}

int fdatasync(int fd)
{
	return sync_of(fd);
}

int rename(const char *from, const char *to)
{
	note("rename", to);
	return (int)syscall(SYS_rename, from, to);
}

/* In this order, with others in between. */
static bool has_done(const char *const steps[], size_t n)
{
	const char *at = done;

	for (size_t i = 0; i < n && at; i++)
		at = strstr(at, steps[i]);
	if (!at)
		printf("# done was: %s\n", done);
	return at;
}

static void begin(void)
{
	done[0] = '\0';
	folders_fail = false;
}

static void a_new_database_has_its_name(void)
{
	static const char *const steps[] = { "sync .\n", "sync q.db-wal\n" };

	begin();
	store_start();
	CU_ASSERT(has_done(steps, 2));
	store_stop();
}

static void a_database_without_a_name_is_not_used(void)
{
	struct store *s = NULL;
	struct err e;

	begin();
	folders_fail = true;
	CU_ASSERT_EQUAL(store_open(store_path, &s, &e), DM_EIO);
	CU_ASSERT_PTR_NULL(s);
	CU_ASSERT_STRING_EQUAL(e.field, "store");
	CU_ASSERT_STRING_EQUAL(e.allowed, "a folder on a sound disk");
	folders_fail = false;
	store_reopen();		/* its lock is free */
	store_stop();
}

/* With another secret no key of a request before would be known. */
static void the_secret_of_keys_is_kept(void)
{
	static const char *const steps[] = {
		"sync q.db.key.new\n", "rename q.db.key\n", "sync .\n",
	};
	struct request_secret s, again;
	char name[160];
	struct err e;

	begin();
	snprintf(name, sizeof(name), "%s.key", store_path);
	CU_ASSERT_EQUAL(request_secret_load(store_path, &s, &e), DM_OK);
	CU_ASSERT(has_done(steps, 3));
	begin();
	CU_ASSERT_EQUAL(request_secret_load(store_path, &again, &e), DM_OK);
	CU_ASSERT(tap_same(&again, sizeof(again), &s, sizeof(s)));
	CU_ASSERT(has_done(steps + 2, 1));	/* the last run may have died */
	folders_fail = true;
	CU_ASSERT_EQUAL(request_secret_load(store_path, &s, &e), DM_EIO);
	unlink(name);
}

static int back_up(const char *path)
{
	static struct store_backup backup;
	int rc;

	backup = (struct store_backup){ .path = path };
	backup.op.step = store_backup_step;
	rc = store_do(&backup.op);
	if (rc) {
		CU_ASSERT_STRING_EQUAL(backup.op.err.field, "file");
	}
	return rc;
}

static void a_backup_is_whole_before_it_has_its_name(void)
{
	static const char *const steps[] = {
		"sync copy.part\n", "rename copy\n", "sync .\n",
	};
	char path[160];

	begin();
	snprintf(path, sizeof(path), "%s/copy", store_dir);
	store_start();
	CU_ASSERT(add(3) > 0);
	CU_ASSERT_EQUAL(back_up(path), DM_OK);
	CU_ASSERT(has_done(steps, 3));
	unlink(path);
	folders_fail = true;
	CU_ASSERT_EQUAL(back_up(path), DM_EIO);
	CU_ASSERT(access(path, F_OK) && errno == ENOENT);
	folders_fail = false;
	CU_ASSERT_EQUAL(back_up(path), DM_OK);
	unlink(path);
	store_stop();
}

int main(void)
{
	return store_tests("disk_names", (CU_TestInfo[]){
		{ "a new database has its name", a_new_database_has_its_name },
		{ "a database without a name is not used",
		  a_database_without_a_name_is_not_used },
		{ "the secret of keys is kept", the_secret_of_keys_is_kept },
		{ "a backup is whole before it has its name",
		  a_backup_is_whole_before_it_has_its_name },
		CU_TEST_INFO_NULL,
	});
}
