/* SPDX-License-Identifier: Apache-2.0 */
/* Of a bootstrap that has ended nothing stays in the store's files. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/xalloc.h"
#include "tests/store_fixture.h"

#define TRACE "S3cret"		/* what a bootstrap's octets are made of */
#define OTHER "Lasts."		/* the same of one that shall not end */
#define PATIENCE_MS 30000

/* ------------------------------- bootstraps ------------------------------- */

static unsigned n_segments;
static const char *text = TRACE;

static struct segment secret_segment(unsigned i, uint8_t reference)
{
	struct segment sms = { .udh_len = 12, .len = SEGMENT_OCTETS_MAX };

	if (i + 1 == n_segments)
		sms.len = 20;
	for (size_t k = 0; k < sms.len; k++)
		sms.octets[k] = (uint8_t)text[k % 6];
	sms.octets[0] = (uint8_t)i;
	sms.octets[1] = reference;
	return sms;
}

static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	(void)session_id;
	(void)e;
	s->job.n_segments = n_segments;
	s->segments = xcalloc(n_segments, sizeof(s->segments[0]));
	for (unsigned i = 0; i < n_segments; i++)
		s->segments[i] = secret_segment(i, (uint8_t)reference);
	return DM_OK;
}

static void secret(struct store_submit *s)
{
	bootstrap(s);
	s->encode = encode;
}

static void lasting_secret(struct store_submit *s)
{
	secret(s);
	s->job.expires_ms += 3600000;
}

static int64_t add_secret(unsigned n)
{
	n_segments = n;
	text = TRACE;
	return add_with(n, secret);
}

static void add_lasting(unsigned n)
{
	n_segments = n;
	text = OTHER;
	CU_ASSERT(add_with(n, lasting_secret) > 0);
}

static bool is_whole(const struct store_claimed *c)
{
	bool whole = true;

	n_segments = c->job.n_segments;
	text = c->segments[0].sms.octets[2] == TRACE[2] ? TRACE : OTHER;
	for (unsigned i = 0; i < n_segments && whole; i++) {
		const struct segment *got = &c->segments[i].sms;
		struct segment want = secret_segment(i, got->octets[1]);

		whole = got->udh_len == want.udh_len &&
			tap_same(got->octets, got->len, want.octets, want.len);
	}
	return whole;
}

/* ---------------------------------- files --------------------------------- */

/* By a program of its own: a close() here would take SQLite's locks away. */
static bool found(void)
{
	char command[256];

	snprintf(command, sizeof(command), "cat %s* | grep -aqF %s", store_path,
		 TRACE);
	return system(command) == 0;
}

static bool vanishes(void)
{
	for (int i = 0; i < PATIENCE_MS / 10 && found(); i++)
		usleep(10000);
	return !found();
}

static off_t wal_len(void)
{
	char name[128];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", store_path);
	return stat(name, &st) ? 0 : st.st_size;
}

/* A reader of the database, who sees what it is like now. */
static sqlite3 *read_on(void)
{
	sqlite3 *db;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, "BEGIN; SELECT * FROM jobs", NULL,
				     NULL, NULL), SQLITE_OK);
	return db;
}

/* ---------------------------------- ends ---------------------------------- */

static void expire_at(int64_t now_ms)
{
	expire = (struct store_expire){ .now_ms = now_ms };
	expire.op.run = store_expire_run;
	CU_ASSERT_EQUAL(store_do(&expire.op), DM_OK);
}

static void deliver(int64_t id)
{
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, 20), DM_OK);
	for (unsigned i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(report_on(id, i, SEGMENT_REPORTED_OK), DM_OK);
}

static void nack(int64_t id)
{
	enum segment_event event = SEGMENT_NACKED;

	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(outcome_of(id, &event, 1), DM_OK);
}

static void report_bad(int64_t id)
{
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, 20), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 7, SEGMENT_REPORTED_BAD), DM_OK);
}

static void let_expire(int64_t id)
{
	(void)id;
	expire_at(T0 + 3600000);
}

static void claim_too_late(int64_t id)
{
	(void)id;
	CU_ASSERT_EQUAL(claim_at(T0 + 3600000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
}

static void cancel_it(int64_t id)
{
	CU_ASSERT_EQUAL(cancel_job(id), DM_OK);
}

static void leaves_no_trace(void (*end)(int64_t id), enum job_state state)
{
	int64_t id;

	store_start();
	id = add_secret(20);
	CU_ASSERT(found());
	end(id);
	CU_ASSERT(vanishes());
	CU_ASSERT_EQUAL(state_of(id), state);
	CU_ASSERT_EQUAL(get.segments[0].sms.len, SEGMENT_OCTETS_MAX);
	CU_ASSERT_EQUAL(get.segments[19].sms.len, 20);
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), state);
	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	store_stop();
}

static void whatever_its_end_it_leaves_no_trace(void)
{
	leaves_no_trace(deliver, JOB_DONE);
	leaves_no_trace(nack, JOB_FAILED);
	leaves_no_trace(report_bad, JOB_FAILED);
	leaves_no_trace(let_expire, JOB_EXPIRED);
	leaves_no_trace(claim_too_late, JOB_EXPIRED);
	leaves_no_trace(cancel_it, JOB_CANCELLED);
}

static void until_its_end_it_is_whole(void)
{
	enum segment_event later = SEGMENT_NOT_NOW;
	int64_t id;

	store_start();
	id = add_secret(SEGMENTS_MAX);
	cancel_job(add_secret(3));
	store_restart();
	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT(is_whole(&claim.jobs[0]));
	outcome_of(id, &later, 1);
	CU_ASSERT_EQUAL(claim_at(T0 + 5000, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT(is_whole(&claim.jobs[0]));
	CU_ASSERT(found());
	store_stop();
}

/* Who asks for a job is shown how long its segments are. */
static void its_octets_are_given_to_the_sender_alone(void)
{
	static const uint8_t zeros[SEGMENT_OCTETS_MAX];

	store_start();
	CU_ASSERT_EQUAL(state_of(add_secret(2)), JOB_WAITING);
	CU_ASSERT(tap_same(get.segments[0].sms.octets, get.segments[0].sms.len,
			   zeros, SEGMENT_OCTETS_MAX));
	CU_ASSERT_EQUAL(get.segments[1].sms.len, 20);
	store_stop();
}

/* ------------------------------ among others ------------------------------ */

static void end_somehow(uint64_t *state, int64_t id)
{
	if (tap_random_below(state, 2))
		(void)report_on(id, 0, SEGMENT_REPORTED_BAD);
	else
		(void)cancel_job(id);
}

static void do_something(uint64_t *state)
{
	static const unsigned sizes[] = { 1, 1, 1, 1, 2, 2, 3, 9 };
	unsigned n = sizes[tap_random_below(state, 8)];
	int64_t id = 1 + (int64_t)tap_random_below(state, 400);

	switch (tap_random_below(state, 7)) {
	case 0:
		add_secret(n);
		break;
	case 1:
		add_lasting(n);
		break;
	case 2:
		add(1 + (unsigned)tap_random_below(state, 8));
		break;
	case 3:
	case 4:
		(void)report_on(id, (unsigned)tap_random_below(state, 30),
				SEGMENT_REPORTED_OK);
		break;
	case 5:
		end_somehow(state, id);
		break;
	default:
		CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
		for (size_t i = 0; i < claim.n; i++)
			if (claim.jobs[i].job.method == JOB_BOOTSTRAP)
				CU_ASSERT(is_whole(&claim.jobs[i]));
	}
}

/* SQLite moves rows as others come and go: no copy may stay behind. */
static void some_go_and_some_stay(uint64_t *state)
{
	store_start();
	for (unsigned i = 0; i < 1500; i++)
		do_something(state);
	expire_at(T0 + 3600000);
	CU_ASSERT(vanishes());
	store_restart();
	CU_ASSERT_EQUAL(claim_at(T0 + 3600000, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT(claim.n > 0);
	for (size_t i = 0; i < claim.n; i++)
		CU_ASSERT(is_whole(&claim.jobs[i]));
	store_stop();
}

static void those_that_end_leave_no_trace_among_the_others(void)
{
	tap_property(1, some_go_and_some_stay);
}

/* -------------------------------- the WAL -------------------------------- */

static void a_reader_only_delays_it(void)
{
	sqlite3 *reader;
	int64_t id;

	store_start();
	id = add_secret(20);
	reader = read_on();
	cancel_it(id);
	CU_ASSERT(add(1) > 0);		/* it waits for nobody */
	CU_ASSERT(found());
	sqlite3_close(reader);
	CU_ASSERT(vanishes());
	store_stop();
}

/* A connection that stays keeps SQLite from removing the WAL at the end. */
static void closing_cleans_up(void)
{
	sqlite3 *reader;
	int64_t id;

	store_start();
	id = add_secret(20);
	reader = read_on();
	cancel_it(id);
	sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL);
	store_stop();
	CU_ASSERT_FALSE(found());
	sqlite3_close(reader);
}

static _Noreturn void end_and_die(void)
{
	int64_t id;

	store_start();
	id = add_secret(20);
	read_on();
	_exit(cancel_job(id) || raise(SIGKILL));
}

static void what_a_crash_left_is_gone_after_the_next_start(void)
{
	pid_t child;
	int how;

	fflush(stdout);
	child = fork();
	if (child == 0)
		end_and_die();
	CU_ASSERT_EQUAL(waitpid(child, &how, 0), child);
	CU_ASSERT(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
	CU_ASSERT(found());
	store_reopen();
	CU_ASSERT_FALSE(found());
	CU_ASSERT_EQUAL(state_of(1), JOB_CANCELLED);
	store_stop();
}

/* A transaction that fails may have written some of its pages already. */
static void what_was_refused_leaves_no_trace(void)
{
	size_t room = 60000;
	sqlite3 *reader;

	signal(SIGXFSZ, SIG_IGN);
	store_start();
	CU_ASSERT(add(1) > 0);
	reader = read_on();
	do {
		room += 4000;
		store_limit_files(room);
		CU_ASSERT_EQUAL_FATAL(add_secret(SEGMENTS_MAX), -1);
		CU_ASSERT_EQUAL(submit.op.rc, DM_EIO);
	} while (!found());
	store_limit_files(0);
	sqlite3_close(reader);
	CU_ASSERT(vanishes());
	store_stop();
}

static void free_done(struct store_op *op)
{
	CU_ASSERT_EQUAL(op->rc, DM_OK);
	free(op);
}

static void the_wal_does_not_grow_for_ever(void)
{
	store_start();
	cancel_job(add_secret(SEGMENTS_MAX));
	CU_ASSERT(vanishes());
	CU_ASSERT(add(1) > 0);
	CU_ASSERT(wal_len() > 0 && wal_len() < 1000000);
	for (unsigned i = 0; i < 20000; i++) {
		struct store_submit *s = malloc(sizeof(*s));

		*s = submit;
		new_device(s);
		s->op.done = free_done;
		store_push(store, &s->op);
		if (i % 100 == 99)
			CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	}
	CU_ASSERT(wal_len() < 24000000);
	store_stop();
}

int main(void)
{
	return store_tests("store_wipe", (CU_TestInfo[]){
		{ "whatever its end, it leaves no trace",
		  whatever_its_end_it_leaves_no_trace },
		{ "until its end it is whole", until_its_end_it_is_whole },
		{ "its octets are given to the sender alone",
		  its_octets_are_given_to_the_sender_alone },
		{ "those that end leave no trace among the others",
		  those_that_end_leave_no_trace_among_the_others },
		{ "a reader only delays it", a_reader_only_delays_it },
		{ "closing cleans up", closing_cleans_up },
		{ "what a crash left is gone after the next start",
		  what_a_crash_left_is_gone_after_the_next_start },
		{ "what was refused leaves no trace",
		  what_was_refused_leaves_no_trace },
		{ "the WAL does not grow for ever",
		  the_wal_does_not_grow_for_ever },
		CU_TEST_INFO_NULL,
	});
}
