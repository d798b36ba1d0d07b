/* SPDX-License-Identifier: Apache-2.0 */
/* What is too old goes from the store, and the file does not grow for ever. */
#include "gateway/store/store_prune.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/store/store_events.h"
#include "tests/store_fixture.h"

#define DAY_MS 86400000

static struct store_prune prune;

static int prune_before(int64_t jobs_ms, int64_t events_ms)
{
	prune.jobs_before_ms = jobs_ms;
	prune.events_before_ms = events_ms;
	prune.op.run = store_prune_run;
	return store_do(&prune.op);
}

/* Rows of a table; the store is open, and reads on. */
static int64_t rows(const char *table)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	char text[64];
	int64_t n;

	snprintf(text, sizeof(text), "SELECT count(*) FROM %s", table);
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

/* Cancels at a time. */
static void end_at(int64_t id, int64_t now_ms)
{
	cancel = (struct store_cancel){ .id = id, .now_ms = now_ms };
	cancel.op.run = store_cancel_run;
	CU_ASSERT_EQUAL(store_do(&cancel.op), DM_OK);
}

static void with_key(struct store_submit *s)
{
	strcpy(s->key, "key 1");
}

static void with_a_job_goes_all_of_it(void)
{
	int64_t old, bootstrap_id, young;

	store_start();
	old = add_with(3, with_key);
	bootstrap_id = add_with(2, bootstrap);
	young = add(1);
	end_at(old, T0 + 1000);
	end_at(bootstrap_id, T0 + 1999);
	end_at(young, T0 + 2000);
	CU_ASSERT_EQUAL(prune_before(T0 + 2000, 0), DM_OK);
	CU_ASSERT_EQUAL(prune.n_jobs, 2);
	CU_ASSERT_FALSE(prune.more);
	CU_ASSERT_EQUAL(get_job(old), DM_ENOENT);
	CU_ASSERT_EQUAL(get_job(bootstrap_id), DM_ENOENT);
	CU_ASSERT_EQUAL(state_of(young), JOB_CANCELLED);
	CU_ASSERT_EQUAL(rows("jobs"), 1);
	CU_ASSERT_EQUAL(rows("segments"), 1);
	CU_ASSERT_EQUAL(rows("secrets"), 0);
	CU_ASSERT_EQUAL(rows("keys"), 0);
	CU_ASSERT_EQUAL(rows("events"), 1);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_CANCELLED], 1);
	store_restart();
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_CANCELLED], 1);
	store_stop();
}

static void what_has_not_ended_stays(void)
{
	int64_t sending, pushed, waiting;

	store_start();
	sending = add(1);
	pushed = add(1);
	waiting = add(1);
	claim_at(T0, 2);
	take_all(pushed, 1);
	CU_ASSERT_EQUAL(prune_before(T0 + DAY_MS, 0), DM_OK);
	CU_ASSERT_EQUAL(prune.n_jobs, 0);
	CU_ASSERT_EQUAL(state_of(sending), JOB_SENDING);
	CU_ASSERT_EQUAL(state_of(pushed), JOB_PUSHED);
	CU_ASSERT_EQUAL(state_of(waiting), JOB_WAITING);
	store_stop();
}

static void events_may_go_before_their_job(void)
{
	struct store_events *page = calloc(1, sizeof(*page));
	int64_t id;

	store_start();
	id = add(1);
	end_at(id, T0 + 1000);
	CU_ASSERT_EQUAL(prune_before(0, T0 + 1000), DM_OK);
	CU_ASSERT_EQUAL(prune.n_events, 1);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	page->op.run = store_events_run;
	CU_ASSERT_EQUAL(store_do(&page->op), DM_EINVAL);
	CU_ASSERT_EQUAL(page->oldest, 1);
	page->after = 1;
	CU_ASSERT_EQUAL(store_do(&page->op), DM_OK);
	CU_ASSERT_EQUAL(page->n, 1);
	CU_ASSERT_EQUAL(prune_before(0, T0 + 1001), DM_OK);
	CU_ASSERT_EQUAL(rows("events"), 0);
	store_stop();
	free(page);
}

/* The clock was set back: an event is younger than its job's end. */
static void of_a_job_that_is_gone_no_event_is_shown(void)
{
	struct store_events *page = calloc(1, sizeof(*page));
	int64_t id;

	store_start();
	id = add(1);
	end_at(id, T0 - 5000);
	CU_ASSERT_EQUAL(prune_before(T0 - 1000, 0), DM_OK);
	CU_ASSERT_EQUAL(prune.n_jobs, 1);
	page->op.run = store_events_run;
	CU_ASSERT_EQUAL(store_do(&page->op), DM_OK);
	CU_ASSERT_EQUAL(page->n, 0);
	CU_ASSERT_EQUAL(page->cursor, 2);
	CU_ASSERT_EQUAL(prune_before(T0 + 1, 0), DM_OK);
	CU_ASSERT_EQUAL(rows("events"), 0);
	store_stop();
	free(page);
}

static void a_late_report_finds_nothing(void)
{
	int64_t id;

	store_start();
	id = add(1);
	claim_at(T0, 1);
	end_at(id, T0 + 1);
	CU_ASSERT_EQUAL(prune_before(T0 + DAY_MS, 0), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, 1), DM_ENOENT);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_ENOENT);
	CU_ASSERT_EQUAL(rows("events"), 0);
	store_stop();
}

/* -------------------------------- in steps -------------------------------- */

static unsigned n_out;

static void free_done(struct store_op *op)
{
	CU_ASSERT_EQUAL(op->rc, DM_OK);
	n_out--;
	free(op);
}

/* Pushes a copy of an operation. */
static void push_copy(const void *op, size_t size)
{
	struct store_op *copy = malloc(size);

	memcpy(copy, op, size);
	copy->done = free_done;
	n_out++;
	store_push(store, copy);
}

static void wait_for_all(void)
{
	while (n_out > 0)
		CU_ASSERT_EQUAL(status_at(T0), DM_OK);
}

/*
 * n jobs that have ended; the first of them is the one after last. They are for
 * the same devices each time, since the numbers of a device are kept.
 */
static void add_ended(int64_t last, unsigned n)
{
	CU_ASSERT_EQUAL(add(2), last + 1);
	for (unsigned i = 1; i < n; i++) {
		snprintf(submit.job.to, sizeof(submit.job.to), "+4918%08u", i);
		push_copy(&submit, sizeof(submit));
	}
	wait_for_all();
	end_at(last + 1, T0);
	for (unsigned i = 1; i < n; i++) {
		cancel.id = last + 1 + i;
		push_copy(&cancel, sizeof(cancel));
	}
	wait_for_all();
}

static void so_many_go_in_one_step(void)
{
	unsigned n_steps = 0;
	size_t n_jobs = 0, n_events = 0;

	store_start();
	add_ended(0, 1000);
	do {
		CU_ASSERT_EQUAL_FATAL(prune_before(T0 + 1, 0), DM_OK);
		CU_ASSERT(prune.n_events + 3 * prune.n_jobs <=
			  STORE_PRUNE_MAX + 3);
		n_jobs += prune.n_jobs;
		n_events += prune.n_events;
		n_steps++;
	} while (prune.more);
	CU_ASSERT_EQUAL(n_events, 2000);
	CU_ASSERT_EQUAL(n_jobs, 1000);
	CU_ASSERT(n_steps >= 10 && n_steps <= 12);
	CU_ASSERT_EQUAL(rows("segments"), 0);
	store_stop();
}

static off_t file_len(void)
{
	struct stat st;

	return stat(store_path, &st) ? 0 : st.st_size;
}

static void the_file_does_not_grow_for_ever(void)
{
	off_t early = 0;

	store_start();
	for (unsigned i = 0; i < 15; i++) {
		add_ended(500 * i, 500);
		do {
			CU_ASSERT_EQUAL_FATAL(prune_before(T0 + 1, 0), DM_OK);
		} while (prune.more);
		store_restart();	/* all of the WAL is in the file */
		if (i == 2)
			early = file_len();
	}
	CU_ASSERT(early > 0);
	CU_ASSERT(file_len() <= early);
	store_stop();
}

int main(void)
{
	return store_tests("store_prune", (CU_TestInfo[]){
		{ "with a job goes all of it", with_a_job_goes_all_of_it },
		{ "what has not ended stays", what_has_not_ended_stays },
		{ "events may go before their job",
		  events_may_go_before_their_job },
		{ "of a job that is gone no event is shown",
		  of_a_job_that_is_gone_no_event_is_shown },
		{ "a late report finds nothing", a_late_report_finds_nothing },
		{ "so many go in one step", so_many_go_in_one_step },
		{ "the file does not grow for ever",
		  the_file_does_not_grow_for_ever },
		CU_TEST_INFO_NULL,
	});
}
