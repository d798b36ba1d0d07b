/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is full, that fails, and that fails to sync: what the store has
 * accepted stays, what it cannot keep it refuses, and it goes on by itself.
 *
 * DISK_FAILURES: how many, instead of 200. DISK_SEED: another run.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/aftermath.h"
#include "tests/crash_vfs.h"
#include "tests/load.h"
#include "tests/store_fixture.h"

#define FAILURES 200
#define FOR_EVER 1000000	/* calls */
#define SEED 20261127		/* any; fixed, so that runs repeat */

static const struct crash_disk disk = { 4096, true };
static struct load load;
static struct ledger after;

/* What is opened after a crash need not be safe on the disk of this machine. */
int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static void heal(void)
{
	crash_vfs_fail(&(struct crash_failure){ 0 });
}

static void begin(uint64_t seed)
{
	crash_vfs_install(store_dir);
	heal();
	crash_vfs_reset(&disk);
	store_start();
	load_begin(&load, seed);
}

/* Runs a batch, with failures or without; how many operations failed? */
static unsigned batch(const struct crash_failure *failure)
{
	unsigned before = load_counts.failed;

	crash_vfs_fail(failure);
	load_run(&load, &after);
	load_settle(&load, &after);
	return load_counts.failed - before;
}

/* What follows reads from the disk again, and cleans at once. */
static void restart(void)
{
	heal();
	store_restart();
	ledger_restart(&load.ledger);
}

static unsigned good_batch(void)
{
	return batch(&(struct crash_failure){ 0 });
}

/* What a power loss would leave now goes to a folder, and its database is: */
static const char *lose_power(void)
{
	static char path[140];
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/crash", store_dir);
	mkdir(folder, 0700);
	crash_vfs_image_of_synced(folder);
	snprintf(path, sizeof(path), "%s/q.db", folder);
	return path;
}

static void remove_it(const char *path)
{
	static const char *const endings[] = {
		"", "-wal", "-journal", "-shm", ".lock",
	};
	char name[160];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
	rmdir(dirname(name));
}

/* Would all that was answered survive a power loss now, and nothing else? */
static bool is_safe(void)
{
	char why[AFTERMATH_TEXT_MAX];
	const char *path = lose_power();
	bool safe = aftermath_is_right(path, NULL, &load.ledger, why);

	if (!safe)
		printf("# %s\n", why);
	remove_it(path);
	return safe;
}

/* ------------------------------- each call ------------------------------- */

static const struct {
	const char *text;
	unsigned calls;
	int rc;
	unsigned first_max;	/* there are so many in a batch, about */
	bool refuses;		/* operations, not only checkpoints */
} kinds[] = {
	{ "disk full", CRASH_WRITE, SQLITE_FULL, 60, true },
	{ "write fails", CRASH_WRITE, SQLITE_IOERR_WRITE, 60, true },
	{ "sync fails", CRASH_SYNC, SQLITE_IOERR_FSYNC, 3, true },
	{ "truncate fails", CRASH_TRUNCATE, SQLITE_IOERR_TRUNCATE, 2, false },
	{ "read fails", CRASH_READ, SQLITE_IOERR_READ, 10, true },
	{ "all changes fail", CRASH_CHANGES, SQLITE_IOERR, 60, true },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct {
	unsigned failures, refused;
} seen[KINDS];

/* Once, for a while, or until somebody has made room. */
static struct crash_failure choose(size_t kind, uint64_t *random)
{
	static const unsigned lasts[] = { 1, 3, FOR_EVER };
	return (struct crash_failure){
		.calls = kinds[kind].calls,
		.first = 1 + (unsigned)tap_random_below(random,
						kinds[kind].first_max),
		.n = lasts[tap_random_below(random, 3)],
		.rc = kinds[kind].rc,
		.forgets = tap_random_below(random, 2),
	};
}

static bool survives(size_t kind, uint64_t *random)
{
	struct crash_failure failure = choose(kind, random);
	bool right;

	if (tap_random_below(random, 2))
		restart();
	seen[kind].refused += batch(&failure);
	seen[kind].failures += crash_vfs_n_failed() > 0;
	right = is_safe();
	right &= good_batch() == 0;
	right &= is_safe();
	if (!right)
		printf("# %s: call %u, %u times, forgets %d\n",
		       kinds[kind].text, failure.first, failure.n,
		       failure.forgets);
	CU_ASSERT(right);
	return right;
}

static unsigned number_of(const char *variable, unsigned otherwise)
{
	const char *text = getenv(variable);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static unsigned n_tried;

/* Until the ledger is full. */
static bool survive_many(uint64_t *random, unsigned n)
{
	while (n_tried < n &&
	       load.ledger.n_jobs + 2 * LOAD_BATCH_MAX < LEDGER_JOBS_MAX)
		if (!survives(n_tried++ % KINDS, random))
			return false;
	return true;
}

static void what_fails_is_refused_and_nothing_is_lost(void)
{
	unsigned n = number_of("DISK_FAILURES", FAILURES);
	uint64_t random = number_of("DISK_SEED", SEED);
	bool right = true;

	while (n_tried < n && right) {
		begin(tap_random(&random));
		right = survive_many(&random, n);
		store_stop();
	}
	for (size_t i = 0; i < KINDS; i++) {
		printf("# %s: %u times, %u operations refused\n",
		       kinds[i].text, seen[i].failures, seen[i].refused);
		CU_ASSERT(seen[i].failures > n / 100);
		CU_ASSERT_EQUAL(seen[i].refused > 0, kinds[i].refuses);
	}
}

/* --------------------------------- starts --------------------------------- */

static void fail_from(unsigned calls, unsigned n)
{
	crash_vfs_fail(&(struct crash_failure){ .calls = calls, .first = n,
						.n = FOR_EVER,
						.rc = SQLITE_IOERR });
}

static void fail_all(unsigned calls)
{
	fail_from(calls, 1);
}

/* Opens it while call number n and all that follow fail. */
static bool opens_without(unsigned calls, unsigned n)
{
	struct err e;
	bool opened;

	fail_from(calls, n);
	opened = store_open(store_path, &store, &e) == DM_OK;
	if (opened) {
		store_stop();
	} else {
		CU_ASSERT_STRING_EQUAL(e.field, "store");
	}
	return opened && crash_vfs_n_failed() == 0;
}

/* What it has written stays as it is. */
static void stop_as_if_killed(void)
{
	fail_all(CRASH_CHANGES);
	store_stop();
}

static void a_start_that_fails_loses_nothing(unsigned calls)
{
	unsigned n = 0;

	begin(SEED);
	for (unsigned i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(good_batch(), 0);
	stop_as_if_killed();
	ledger_restart(&load.ledger);
	while (n < 1000 && !opens_without(calls, ++n))
		;
	CU_ASSERT(n > 2 && n < 1000);
	heal();
	store_reopen();
	CU_ASSERT(is_safe());
	CU_ASSERT_EQUAL(good_batch(), 0);
	CU_ASSERT(is_safe());
	store_stop();
}

static void a_start_that_fails_can_be_repeated(void)
{
	a_start_that_fails_loses_nothing(CRASH_CHANGES);
	a_start_that_fails_loses_nothing(CRASH_READ);
	a_start_that_fails_loses_nothing(CRASH_SYNC);
}

/* ------------------------- what was not synced ------------------------- */

/* A reader who sees what the database is like now. */
static sqlite3 *read_on(void)
{
	sqlite3 *db;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, "BEGIN; SELECT * FROM jobs", NULL,
				     NULL, NULL), SQLITE_OK);
	return db;
}

static bool survive_power_loss(int64_t first, int64_t second)
{
	const char *path = lose_power();
	struct store *other = store;
	struct err e;
	bool both = false;

	if (store_open(path, &store, &e) == DM_OK) {
		both = get_job(first) == DM_OK && get_job(second) == DM_OK;
		store_stop();
	}
	store = other;
	remove_it(path);
	return both;
}

/*
 * The commit that was refused is whole in the cache of the system, but not on
 * the disk: what is written behind it must not hang on it.
 */
static void a_start_makes_up_for_a_sync_that_failed(bool with_reader)
{
	sqlite3 *reader = NULL;
	int64_t first, second;

	begin(SEED);
	first = add(1);
	fail_all(CRASH_SYNC);
	CU_ASSERT_EQUAL(add(1), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_EIO);
	stop_as_if_killed();
	heal();
	if (with_reader)
		reader = read_on();
	store_reopen();
	second = add(1);
	CU_ASSERT(first > 0 && second > 0);
	CU_ASSERT(survive_power_loss(first, second));
	sqlite3_close(reader);
	store_stop();
}

static void what_was_not_synced_is_synced_at_the_next_start(void)
{
	a_start_makes_up_for_a_sync_that_failed(false);
	a_start_makes_up_for_a_sync_that_failed(true);
}

/* A file grows until SQLite copies the WAL into the database. */
static void add_many(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		CU_ASSERT(add(3) > 0);
}

/* Commits, and then its checkpoint fails to sync the database. */
static void add_and_fail_to_sync_the_copy(void)
{
	crash_vfs_fail(&(struct crash_failure){ .calls = CRASH_SYNC, .n = 1,
						.first = 3,
						.rc = SQLITE_IOERR_FSYNC });
	CU_ASSERT(add(3) > 0);
	CU_ASSERT_EQUAL(crash_vfs_n_failed(), 1);
	heal();
}

/*
 * What SQLite copied while there was a reader, and did not sync, it does not
 * copy again: the WAL must not go before that is on the disk.
 */
static void a_copy_that_was_not_synced_is_made_again(void)
{
	sqlite3 *reader;
	int64_t first, last;

	begin(SEED);
	first = add(1);
	add_many(240);
	reader = read_on();
	add_many(600);
	sqlite3_close(reader);
	add_and_fail_to_sync_the_copy();
	add_many(3);
	last = add(1);
	CU_ASSERT(survive_power_loss(first, last));
	store_restart();
	CU_ASSERT(survive_power_loss(first, last));
	add_many(100);
	CU_ASSERT(survive_power_loss(first, last));
	store_stop();
}

int main(void)
{
	return store_tests("disk_failure", (CU_TestInfo[]){
		{ "what fails is refused, and nothing is lost",
		  what_fails_is_refused_and_nothing_is_lost },
		{ "a start that fails can be repeated",
		  a_start_that_fails_can_be_repeated },
		{ "what was not synced is synced at the next start",
		  what_was_not_synced_is_synced_at_the_next_start },
		{ "a copy that was not synced is made again",
		  a_copy_that_was_not_synced_is_made_again },
		CU_TEST_INFO_NULL,
	});
}
