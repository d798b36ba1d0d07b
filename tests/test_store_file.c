/* SPDX-License-Identifier: Apache-2.0 */
/* The store's file: opening, locking, crashes and a full disk. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store_fixture.h"

static unsigned mode_of(const char *ending)
{
	char name[128];
	struct stat st;

	snprintf(name, sizeof(name), "%s%s", store_path, ending);
	return stat(name, &st) ? 0 : st.st_mode & 0777;
}

static void only_its_owner_may_read_it(void)
{
	mode_t before = umask(0);

	store_start();
	add(1);
	CU_ASSERT_EQUAL(mode_of(""), 0600);
	CU_ASSERT_EQUAL(mode_of("-wal"), 0600);
	CU_ASSERT_EQUAL(mode_of("-shm"), 0600);
	CU_ASSERT_EQUAL(mode_of(".lock"), 0600);
	store_stop();
	umask(before);
}

static void it_opens_and_closes_many_times(void)
{
	store_start();
	for (int64_t i = 1; i <= 20; i++) {
		CU_ASSERT_EQUAL(add(1), i);
		store_restart();
		CU_ASSERT_EQUAL(status_at(T0), DM_OK);
		CU_ASSERT_EQUAL(status.counts[JOB_WAITING], i);
	}
	store_stop();
}

static unsigned n_done;

static void count_done(struct store_op *op)
{
	n_done += op->rc == DM_OK;
	free(op);
}

static void closing_first_does_what_is_queued(void)
{
	store_start();
	CU_ASSERT(add(1) > 0);
	n_done = 0;
	for (unsigned i = 0; i < 2500; i++) {
		struct store_submit *s = malloc(sizeof(*s));

		*s = submit;
		new_device(s);
		s->op.done = count_done;
		store_push(store, &s->op);
	}
	store_restart();
	CU_ASSERT_EQUAL(n_done, 2500);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 2501);
	store_stop();
}

static void a_second_one_is_locked_out(void)
{
	struct store *second = NULL;
	struct err e;

	store_start();
	CU_ASSERT_EQUAL(store_open(store_path, &second, &e), DM_EIO);
	CU_ASSERT_PTR_NULL(second);
	CU_ASSERT_STRING_EQUAL(e.field, "store");
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came,
				      "is in use by another dmboxd"));
	CU_ASSERT(add(1) > 0);
	store_stop();
	store_start();		/* the lock is free again */
	store_stop();
}

static void refuses_to_open(const char *path, const char *why)
{
	struct store *s = NULL;
	struct err e;

	CU_ASSERT_EQUAL(store_open(path, &s, &e), DM_EIO);
	CU_ASSERT_PTR_NULL(s);
	CU_ASSERT_STRING_EQUAL(e.field, "store");
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, why));
	if (!strstr(e.came, why))
		printf("# %s\n", e.came);
}

static void what_is_no_database_is_refused(void)
{
	char first[8] = "";
	FILE *f;

	store_start();
	store_stop();
	f = fopen(store_path, "w");
	fputs("This is somebody's letter, and longer than a header of SQLite "
	      "would be; it must stay as it is, whatever happens to dmboxd.",
	      f);
	fclose(f);
	refuses_to_open(store_path, "file is not a database");
	f = fopen(store_path, "r");
	CU_ASSERT_PTR_NOT_NULL(fgets(first, sizeof(first), f));
	CU_ASSERT_STRING_EQUAL(first, "This is");
	fclose(f);
	refuses_to_open("/nonexistent/q.db", "No such file or directory");
	refuses_to_open("/proc/q.db", "");
}

/* -------------------------------- kill -9 -------------------------------- */

static int answers[2];		/* ids of accepted jobs */

static void answer_and_die(struct store_op *op)
{
	struct store_submit *s = (struct store_submit *)op;

	if (op->rc == DM_OK)
		(void)!write(answers[1], &s->job.id, sizeof(s->job.id));
	if (s->job.id == 100)
		raise(SIGKILL);
}

/* Accepts job after job until it is killed in the middle of it. */
static _Noreturn void accept_and_die(void)
{
	static struct store_submit many[200];

	store_start();
	add(1);
	for (size_t i = 0; i < 200; i++) {
		many[i] = submit;
		new_device(&many[i]);
		many[i].op.done = answer_and_die;
		store_push(store, &many[i].op);
		store_poll(store);
	}
	for (;;)
		store_poll(store);
}

static void what_was_accepted_survives_kill_9(void)
{
	int64_t id, n = 0;
	int how;
	pid_t child;

	CU_ASSERT_EQUAL_FATAL(pipe(answers), 0);
	fflush(stdout);
	child = fork();
	if (child == 0)
		accept_and_die();
	close(answers[1]);
	CU_ASSERT_EQUAL(waitpid(child, &how, 0), child);
	CU_ASSERT(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
	store_reopen();
	while (read(answers[0], &id, sizeof(id)) == sizeof(id)) {
		CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
		CU_ASSERT_EQUAL(get.segments[0].sms.len, 10);
		n++;
	}
	CU_ASSERT_EQUAL(n, 99);		/* 2 to 100 */
	close(answers[0]);
	store_stop();
}

/* ------------------------------- disk full ------------------------------- */

static void count_all(int64_t *jobs, int64_t *segments)
{
	*jobs = *segments = 0;
	CU_ASSERT_EQUAL(list_jobs_of(0, -1, "", STORE_LIST_MAX), DM_OK);
	for (size_t i = 0; i < list.n; i++) {
		CU_ASSERT_EQUAL(state_of(list_jobs[i].id), JOB_WAITING);
		for (unsigned k = 0; k < get.job.n_segments; k++)
			*segments += get.segments[k].sms.len == 10;
		++*jobs;
	}
}

static void a_full_disk_refuses_and_loses_nothing(void)
{
	int64_t accepted = 0, refused = 0, jobs, segments;
	struct store_op full;

	signal(SIGXFSZ, SIG_IGN);
	store_start();
	store_limit_files(100000);
	for (unsigned i = 0; i < 60; i++) {
		if (add(10) > 0)
			accepted++;
		else
			refused++, full = submit.op;
	}
	store_limit_files(0);
	CU_ASSERT(accepted > 0);
	CU_ASSERT_FATAL(refused > 0);
	CU_ASSERT_EQUAL(full.rc, DM_EIO);
	CU_ASSERT_STRING_EQUAL(full.err.field, "store");
	CU_ASSERT_STRING_EQUAL(full.err.allowed, "try again later");
	CU_ASSERT(add(10) > 0);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], accepted + 1);
	store_restart();
	count_all(&jobs, &segments);
	CU_ASSERT_EQUAL(jobs, accepted + 1);
	CU_ASSERT_EQUAL(segments, 10 * jobs);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], jobs);
	store_stop();
}

static bool came_back;

static void note_back(struct store_op *op)
{
	(void)op;
	came_back = true;
}

static bool comes_back_within(unsigned tenths)
{
	while (!came_back && tenths-- > 0) {
		usleep(100000);
		store_poll(store);
	}
	return came_back;
}

/* What became of a segment is not told twice: nobody may give it up. */
static void what_must_not_be_lost_is_tried_until_there_is_room(void)
{
	int64_t id;

	signal(SIGXFSZ, SIG_IGN);
	store_start();
	id = add(1);
	cancel = (struct store_cancel){ .id = id, .now_ms = T0 };
	cancel.op.run = store_cancel_run;
	cancel.op.done = note_back;
	cancel.op.keep_trying = true;
	came_back = false;
	store_limit_files(1);
	store_push(store, &cancel.op);
	CU_ASSERT_FALSE(comes_back_within(13));
	store_limit_files(0);
	CU_ASSERT_TRUE_FATAL(comes_back_within(30));
	CU_ASSERT_EQUAL(cancel.op.rc, DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	store_stop();
}

/* It comes back with its error when the store is closed. */
static void closing_gives_it_back(void)
{
	store_start();
	cancel = (struct store_cancel){ .id = add(1), .now_ms = T0 };
	cancel.op.run = store_cancel_run;
	cancel.op.done = note_back;
	cancel.op.keep_trying = true;
	came_back = false;
	store_limit_files(1);
	store_push(store, &cancel.op);
	CU_ASSERT_FALSE(comes_back_within(2));
	store_stop();
	store_limit_files(0);
	CU_ASSERT(came_back);
	CU_ASSERT_EQUAL(cancel.op.rc, DM_EIO);
}

/* One that fails for good must not take its neighbours with it. */
static void a_refusal_among_many_refuses_only_itself(void)
{
	store_start();
	add(1);
	n_done = 0;
	for (size_t i = 0; i < 50; i++) {
		struct store_submit *s = malloc(sizeof(*s));

		*s = submit;
		new_device(s);
		s->jobs_max = i % 2 ? 0 : 1000;
		s->op.done = count_done;
		store_push(store, &s->op);
	}
	store_restart();
	CU_ASSERT_EQUAL(n_done, 25);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 26);
	store_stop();
}

int main(void)
{
	return store_tests("store_file", (CU_TestInfo[]){
		{ "only its owner may read it", only_its_owner_may_read_it },
		{ "it opens and closes many times",
		  it_opens_and_closes_many_times },
		{ "closing first does what is queued",
		  closing_first_does_what_is_queued },
		{ "a second one is locked out", a_second_one_is_locked_out },
		{ "what is no database is refused",
		  what_is_no_database_is_refused },
		{ "what was accepted survives kill -9",
		  what_was_accepted_survives_kill_9 },
		{ "a full disk refuses and loses nothing",
		  a_full_disk_refuses_and_loses_nothing },
		{ "what must not be lost is tried until there is room",
		  what_must_not_be_lost_is_tried_until_there_is_room },
		{ "closing gives it back", closing_gives_it_back },
		{ "a refusal among many refuses only itself",
		  a_refusal_among_many_refuses_only_itself },
		CU_TEST_INFO_NULL,
	});
}
