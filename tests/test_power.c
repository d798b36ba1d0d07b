/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power loss: the store runs on a disk that loses what was not synced, and is
 * opened again from what could be left, at many points of many runs.
 *
 * POWER_POINTS: how many points, instead of 200. POWER_SEED and POWER_POINT:
 * that run alone, and of it that point alone, as a failure prints them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/aftermath.h"
#include "tests/crash_vfs.h"
#include "tests/load.h"
#include "tests/store_fixture.h"

#define POINTS 200
#define POINTS_OF_RUN 50
#define IMAGES_MAX 64		/* in one batch */
#define RESTART_EVERY 12	/* batches, on average */

static const struct crash_disk disks[] = {
	{ 512, true },		/* as SQLite takes a disk to be */
	{ 4096, true },
	{ 512, false },
	{ 4096, false },
};

/* A crash, whose files wait in a folder of their own. */
struct image {
	unsigned point;		/* in its run, from 1 */
	bool answered;		/* before it */
};

/* What is opened after a crash need not be safe on the disk of this machine. */
int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

static struct load load;
static struct ledger after;
static struct image images[IMAGES_MAX];
static size_t n_images;
static uint64_t seed;
static unsigned n_points, n_failures;	/* of this run */
static unsigned only_point;		/* 0: all */
static unsigned n_all, n_in_checkpoints, n_in_restarts;
static int64_t last_event;
static bool restarting;

/* -------------------------------- crashes -------------------------------- */

static void name_folder(size_t i, char out[128])
{
	snprintf(out, 128, "%s/crash%zu", store_dir, i);
}

static const char *const names[] = {
	"q.db", "q.db-wal", "q.db-journal", "q.db-shm", "q.db.lock",
};
#define N_DURABLE 3		/* the first of them */
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static void remove_files(const char *folder)
{
	char name[160];

	for (size_t i = 0; i < N_NAMES; i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
		unlink(name);
	}
}

/* Every point has chance of its own, so that it can be had alone. */
static uint64_t chance_of(unsigned point)
{
	uint64_t state = seed ^ point;

	return tap_random(&state);
}

static void take_image(unsigned point)
{
	uint64_t random = chance_of(point);
	char folder[128];

	name_folder(n_images, folder);
	mkdir(folder, 0700);
	crash_vfs_image(folder, &random);
	images[n_images++] = (struct image){
		.point = point,
		.answered = !restarting && store_last_event(store) > last_event,
	};
}

/*
 * Of some changes there are few, as of the database itself, in each of which
 * lies a checkpoint that is half done: more of them are chosen.
 */
static bool is_chosen(enum crash_call call, bool of_database)
{
	bool usual = call == CRASH_WRITE && !restarting;

	return tap_random_below(&load.random,
				usual && !of_database ? 120 : 12) == 0;
}

static void crash_now_and_then(enum crash_call call, bool of_database)
{
	if (n_points >= POINTS_OF_RUN || n_images == IMAGES_MAX ||
	    !is_chosen(call, of_database))
		return;
	n_points++;
	if (only_point && n_points != only_point)
		return;
	n_all++;
	n_in_checkpoints += of_database;
	n_in_restarts += restarting;
	take_image(n_points);
}

static void look_at(size_t i)
{
	char folder[128], path[140], why[AFTERMATH_TEXT_MAX];
	bool right;

	name_folder(i, folder);
	snprintf(path, sizeof(path), "%s/q.db", folder);
	right = aftermath_is_right(path, images[i].answered ? NULL :
				   &load.ledger, &after, why);
	CU_ASSERT(right);
	if (!right) {
		n_failures++;
		printf("# %s: POWER_SEED=0x%llx POWER_POINT=%u\n", why,
		       (unsigned long long)seed, images[i].point);
	}
	remove_files(folder);
	rmdir(folder);
}

static void look_at_all(void)
{
	for (size_t i = 0; i < n_images; i++)
		look_at(i);
	n_images = 0;
}

/* ---------------------------------- runs ---------------------------------- */

/* The store's files become those that a crash leaves now; nobody watches. */
static void crash(const struct crash_disk *disk)
{
	char folder[128], from[160], to[160];

	snprintf(folder, sizeof(folder), "%s/crash", store_dir);
	mkdir(folder, 0700);
	crash_vfs_image(folder, &load.random);
	crash_vfs_watch(NULL);
	store_stop();
	remove_files(store_dir);
	crash_vfs_reset(disk);
	for (size_t i = 0; i < N_DURABLE; i++) {
		snprintf(from, sizeof(from), "%s/%s", folder, names[i]);
		snprintf(to, sizeof(to), "%s/%s", store_dir, names[i]);
		if (rename(from, to) == 0)
			crash_vfs_adopt(names[i]);
	}
	rmdir(folder);
}

/* In order, or by a crash; then the power can fail in mid-recovery, too. */
static void restart(const struct crash_disk *disk)
{
	restarting = true;
	if (tap_random_below(&load.random, 2))
		store_stop();
	else
		crash(disk);
	crash_vfs_watch(crash_now_and_then);
	store_reopen();
	ledger_restart(&load.ledger);
	ledger_copy(&after, &load.ledger);
	restarting = false;
	look_at_all();
}

static void run_batches(const struct crash_disk *disk)
{
	while (n_points < POINTS_OF_RUN && n_failures == 0 &&
	       load.ledger.n_jobs + LOAD_BATCH_MAX < LEDGER_JOBS_MAX) {
		last_event = store_last_event(store);
		load_run(&load, &after);
		look_at_all();
		load_settle(&load, &after);
		if (tap_random_below(&load.random, RESTART_EVERY) == 0)
			restart(disk);
	}
}

/* From the first start, when there is nothing yet, to the last stop. */
static void run(const struct crash_disk *disk)
{
	n_points = 0;
	crash_vfs_reset(disk);
	load_begin(&load, seed);
	ledger_copy(&after, &load.ledger);
	crash_vfs_watch(crash_now_and_then);
	restarting = true;
	store_start();
	restarting = false;
	look_at_all();
	load_begin(&load, seed);
	run_batches(disk);
	restarting = true;
	store_stop();
	restarting = false;
	crash_vfs_watch(NULL);
	look_at_all();
}

static unsigned number_of(const char *variable, unsigned otherwise)
{
	const char *text = getenv(variable);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void what_was_accepted_survives_power_loss(void)
{
	unsigned wanted = number_of("POWER_POINTS", POINTS);
	const char *only = getenv("POWER_SEED");
	uint64_t seeds = 20261127;	/* any; fixed, so that runs repeat */

	crash_vfs_install(store_dir);
	only_point = number_of("POWER_POINT", 0);
	for (unsigned i = 0; n_all < wanted && n_failures == 0; i++) {
		seed = only ? strtoull(only, NULL, 16) : tap_random(&seeds);
		run(&disks[seed % 4]);
		if (only)
			break;
	}
	CU_ASSERT(only || n_in_checkpoints > wanted / 10);
	CU_ASSERT(only || n_in_restarts > 0);
	printf("# %u crash points, %u of them in checkpoints, %u while the "
	       "store opened or closed; %u operations had been answered\n",
	       n_all, n_in_checkpoints, n_in_restarts, load_counts.ok);
}

/* ---------------------------- again and again ---------------------------- */

#define TWICE 24		/* runs */
#define IMAGES_OF_WRITE 16

static void crash_in_first_write(enum crash_call call, bool of_database)
{
	if (call != CRASH_WRITE || of_database || n_images > 0)
		return;
	while (n_images < IMAGES_OF_WRITE)
		take_image((unsigned)n_images + 1);
}

static void lose_power_twice(const struct crash_disk *disk)
{
	crash_vfs_reset(disk);
	load_begin(&load, seed);
	store_start();
	load_begin(&load, seed);
	for (unsigned i = 0; i < 5; i++) {
		load_run(&load, &after);
		load_settle(&load, &after);
	}
	restarting = true;
	crash(disk);
	crash_vfs_watch(crash_in_first_write);
	store_reopen();
	crash_vfs_watch(NULL);
	restarting = false;
	look_at_all();
	store_stop();
}

/* What a crash left of the WAL need not end where a sector does. */
static void a_crash_right_after_a_crash_harms_nothing(void)
{
	uint64_t seeds = 20261128;	/* any; fixed, so that runs repeat */

	crash_vfs_install(store_dir);
	for (unsigned i = 0; i < TWICE; i++) {
		seed = tap_random(&seeds);
		lose_power_twice(&disks[2 + i % 2]);
	}
}

int main(void)
{
	return store_tests("power", (CU_TestInfo[]){
		{ "what was accepted survives power loss",
		  what_was_accepted_survives_power_loss },
		{ "a crash right after a crash harms nothing",
		  a_crash_right_after_a_crash_harms_nothing },
		CU_TEST_INFO_NULL,
	});
}
