/* SPDX-License-Identifier: Apache-2.0 */
/* Events in the store: written with the change, read behind a cursor. */
#include "gateway/store/store_events.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store_fixture.h"

static struct store_events page;

static int read_page(int64_t after)
{
	page.after = after;
	page.op.run = store_events_run;
	return store_do(&page.op);
}

/* Reads from the beginning, unfiltered; true if it is kind after kind. */
static bool events_are(const enum event_kind *kinds, size_t n)
{
	page.filter = (struct event_filter){ 0 };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	for (size_t i = 0; i < page.n; i++)
		if (i >= n || page.events[i].kind != kinds[i])
			return false;
	return page.n == n && page.at_end;
}

#define EVENTS_ARE(...) events_are((const enum event_kind[]){ __VA_ARGS__ }, \
	sizeof((const enum event_kind[]){ __VA_ARGS__ }) / \
	sizeof(enum event_kind))

static int expire_at(int64_t now_ms)
{
	expire = (struct store_expire){ .now_ms = now_ms };
	expire.op.run = store_expire_run;
	return store_do(&expire.op);
}

/* ---------------------------- what is written ---------------------------- */

static void a_job_s_life_is_told(void)
{
	const struct event_record *r = page.events;
	int64_t id;

	store_start();
	id = add_with(1, same_device);
	claim_at(T0 + 5, 1);
	take_all(id, 1);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED, EVENT_PUSHED, EVENT_DONE));
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(r[i].cursor, i + 1);
		CU_ASSERT_EQUAL(r[i].job, id);
		CU_ASSERT_EQUAL(r[i].method, JOB_NOTIFY);
		CU_ASSERT_STRING_EQUAL(r[i].to, TO);
		CU_ASSERT_STRING_EQUAL(r[i].server_id, SERVER_ID);
		CU_ASSERT_STRING_EQUAL(r[i].reason, "");
		CU_ASSERT_EQUAL(r[i].result, -1);
		CU_ASSERT_EQUAL(r[i].attempt, i > 0);
	}
	CU_ASSERT_EQUAL(r[0].time_ms, T0);
	CU_ASSERT_EQUAL(r[1].time_ms, T0 + 10);
	CU_ASSERT_EQUAL(r[2].time_ms, T0 + 20);
	CU_ASSERT_EQUAL(r[0].state, JOB_WAITING);
	CU_ASSERT_EQUAL(r[1].state, JOB_PUSHED);
	CU_ASSERT_EQUAL(r[1].reached, REACHED_TAKEN);
	CU_ASSERT_EQUAL(r[2].state, JOB_DONE);
	CU_ASSERT_EQUAL(r[2].reached, REACHED_DELIVERED);
	store_stop();
}

static void every_end_is_told(void)
{
	enum segment_event later = SEGMENT_NOT_NOW, nack = SEGMENT_NACKED;
	int64_t id;

	store_start();
	id = add(1);
	claim_at(T0, 1);
	outcome_of(id, &later, 1);
	cancel_job(id);
	id = add_with(1, bootstrap);
	claim_at(T0, 1);
	outcome_of(id, &nack, 1);
	add(1);
	expire_at(T0 + 3600000);
	add(1);
	claim_at(T0 + 3600000, 1);
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED, EVENT_WAITING, EVENT_CANCELLED,
			     EVENT_ACCEPTED, EVENT_FAILED,
			     EVENT_ACCEPTED, EVENT_EXPIRED,
			     EVENT_ACCEPTED, EVENT_EXPIRED));
	CU_ASSERT_STRING_EQUAL(page.events[1].reason, "a reason");
	CU_ASSERT_STRING_EQUAL(page.events[4].reason, "a reason");
	CU_ASSERT_EQUAL(page.events[4].method, JOB_BOOTSTRAP);
	CU_ASSERT_STRING_EQUAL(page.events[4].server_id, "");
	CU_ASSERT_EQUAL(page.events[8].time_ms, T0 + 3600000);
	store_stop();
}

static void one_that_is_superseded_says_by_which(void)
{
	store_start();
	add_with(1, same_device);
	add_with(1, same_device);
	add_with(1, next_for_device);
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED, EVENT_ACCEPTED, EVENT_CANCELLED));
	CU_ASSERT_EQUAL(page.events[1].job, 2);
	CU_ASSERT_EQUAL(page.events[2].job, 1);
	CU_ASSERT_STRING_EQUAL(page.events[2].reason, "superseded by job 2");
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 1);
	CU_ASSERT_EQUAL(status.counts[JOB_CANCELLED], 1);
	store_stop();
}

static int encode_refuses(struct store_submit *s, uint16_t session_id,
			  uint16_t reference, struct err *e)
{
	(void)s;
	(void)session_id;
	(void)reference;
	return err_set(e, DM_EINVAL, "server-id", "less", "too much");
}

static void refuse(struct store_submit *s)
{
	s->encode = encode_refuses;
}

static void what_changes_nothing_is_no_event(void)
{
	int64_t id;

	store_start();
	id = add(2);
	CU_ASSERT_EQUAL(add_with(1, refuse), -1);
	CU_ASSERT_EQUAL(get_job(id), DM_OK);
	CU_ASSERT_EQUAL(cancel_job(77), DM_ENOENT);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED));
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(cancel_job(id), DM_ESTATE);
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_BAD), DM_OK);
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED, EVENT_DONE));
	store_restart();
	CU_ASSERT(EVENTS_ARE(EVENT_ACCEPTED, EVENT_DONE));
	store_stop();
}

/* ------------------- exactly if the change is committed ------------------- */

static void what_the_disk_refuses_is_no_event(void)
{
	int64_t accepted = 0, before;

	signal(SIGXFSZ, SIG_IGN);
	store_start();
	store_limit_files(100000);
	for (unsigned i = 0; i < 60; i++)
		accepted += add(10) > 0;
	CU_ASSERT_FATAL(accepted < 60);
	before = store_last_event(store);
	CU_ASSERT_EQUAL(before, accepted);
	store_limit_files(0);
	page.filter = (struct event_filter){ 0 };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	CU_ASSERT_EQUAL((int64_t)page.n, accepted);
	CU_ASSERT(add(1) > 0);
	CU_ASSERT_EQUAL(read_page(before), DM_OK);
	CU_ASSERT_EQUAL(page.n, 1);
	store_restart();
	CU_ASSERT_EQUAL(store_last_event(store), accepted + 1);
	store_stop();
}

static struct store_submit copies[20];
static unsigned n_back;

static void tell_back(struct store_op *op)
{
	int answers = *(int *)((struct store_submit *)op)->job.reason;

	(void)!write(answers, &op->rc, sizeof(op->rc));
	n_back++;
}

/* Adds jobs until it is killed, and says so of each that is accepted. */
static _Noreturn void add_for_ever(int answers)
{
	store_start();
	add(1);
	for (;;) {
		n_back = 0;
		for (unsigned i = 0; i < 20; i++) {
			copies[i] = submit;
			new_device(&copies[i]);
			*(int *)copies[i].job.reason = answers;
			copies[i].op.done = tell_back;
			store_push(store, &copies[i].op);
		}
		while (n_back < 20) {
			store_poll(store);
			usleep(100);
		}
	}
}

static int64_t count_answers(int answers)
{
	int64_t n = 0;
	int rc;

	while (read(answers, &rc, sizeof(rc)) == sizeof(rc))
		n += rc == DM_OK;
	return n;
}

/* Every job has its event, and every event its job. */
static void check_all(int64_t n_jobs)
{
	int64_t after = 0, n = 0;

	page.filter = (struct event_filter){ 0 };
	do {
		CU_ASSERT_EQUAL_FATAL(read_page(after), DM_OK);
		after = page.cursor;
		for (size_t i = 0; i < page.n; i++) {
			CU_ASSERT_EQUAL(page.events[i].cursor, ++n);
			CU_ASSERT_EQUAL(page.events[i].job, n);
		}
	} while (!page.at_end);
	CU_ASSERT_EQUAL(n, n_jobs);
}

static void kill_9_leaves_jobs_and_events_that_agree(void)
{
	int answers[2];
	int64_t heard, n_jobs;
	pid_t child;

	CU_ASSERT_EQUAL_FATAL(pipe(answers), 0);
	fflush(stdout);
	child = fork();
	if (child == 0)
		add_for_ever(answers[1]);
	close(answers[1]);
	usleep(200000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	heard = count_answers(answers[0]);
	close(answers[0]);
	store_reopen();
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	n_jobs = status.counts[JOB_WAITING];
	CU_ASSERT(n_jobs > heard && heard > 0);
	check_all(n_jobs);
	store_stop();
}

/* -------------------------------- reading -------------------------------- */

static void they_are_read_in_their_order_page_by_page(void)
{
	store_start();
	for (int i = 0; i < 250; i++)
		CU_ASSERT(add(1) > 0);
	page.filter = (struct event_filter){ 0 };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	CU_ASSERT_EQUAL(page.n, STORE_EVENTS_MAX);
	CU_ASSERT_FALSE(page.at_end);
	check_all(250);
	CU_ASSERT_EQUAL(read_page(250), DM_OK);
	CU_ASSERT_EQUAL(page.n, 0);
	CU_ASSERT(page.at_end);
	store_restart();
	check_all(250);
	store_stop();
}

static void now_is_behind_all_of_them(void)
{
	store_start();
	page.filter = (struct event_filter){ 0 };
	CU_ASSERT_EQUAL(read_page(-1), DM_OK);
	CU_ASSERT_EQUAL(page.cursor, 0);
	add(1);
	add(1);
	CU_ASSERT_EQUAL(read_page(-1), DM_OK);
	CU_ASSERT_EQUAL(page.n, 0);
	CU_ASSERT(page.at_end);
	CU_ASSERT_EQUAL(page.cursor, 2);
	CU_ASSERT_EQUAL(store_last_event(store), 2);
	store_stop();
}

static void other_device(struct store_submit *s)
{
	strcpy(s->job.to, "4917099");
}

static void a_page_can_be_filtered(void)
{
	store_start();
	for (int i = 0; i < 6; i++)
		add_with(1, i == 3 ? other_device : NULL);
	cancel_job(4);
	cancel_job(5);
	page.filter = (struct event_filter){ .to = "+4917099" };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	CU_ASSERT_EQUAL_FATAL(page.n, 2);
	CU_ASSERT_EQUAL(page.events[1].kind, EVENT_CANCELLED);
	page.filter.states = 1U << JOB_WAITING;
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	CU_ASSERT_EQUAL(page.n, 1);
	page.filter = (struct event_filter){ .job = 5 };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	CU_ASSERT_EQUAL(page.n, 2);
	CU_ASSERT_EQUAL(page.cursor, 8);
	store_stop();
}

/* Who looks for one job among many holds up nobody for long. */
static void a_page_looks_at_so_many_only(void)
{
	unsigned n_pages = 0;
	int64_t after = 0;

	store_start();
	for (int i = 0; i < 450; i++)
		add(1);
	page.filter = (struct event_filter){ .job = 450 };
	do {
		CU_ASSERT_EQUAL_FATAL(read_page(after), DM_OK);
		CU_ASSERT(page.cursor - after <= STORE_EVENTS_LOOK_MAX);
		after = page.cursor;
		CU_ASSERT_EQUAL(page.n, page.at_end);
	} while (++n_pages < 5 && !page.at_end);
	CU_ASSERT_EQUAL(n_pages, 3);
	store_stop();
}

static void a_cursor_must_be_one_that_was_given(void)
{
	store_start();
	page.filter = (struct event_filter){ 0 };
	CU_ASSERT_EQUAL(read_page(0), DM_OK);
	for (int i = 0; i < 5; i++)
		add(1);
	CU_ASSERT_EQUAL(read_page(6), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(page.op.err.field, "after");
	CU_ASSERT_STRING_EQUAL(page.op.err.came, "6 has not been reached");
	CU_ASSERT_STRING_EQUAL(page.op.err.allowed, "0 to 5");
	store_stop();
	store_run_sql("DELETE FROM events WHERE cursor < 4");
	store_reopen();
	CU_ASSERT_EQUAL(read_page(2), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(page.op.err.came, "2 is not kept any more");
	CU_ASSERT_STRING_EQUAL(page.op.err.allowed, "3 to 5");
	CU_ASSERT_EQUAL(page.oldest, 3);
	CU_ASSERT_EQUAL(read_page(3), DM_OK);
	CU_ASSERT_EQUAL(page.n, 2);
	store_stop();
	store_run_sql("DELETE FROM events");
	store_reopen();
	CU_ASSERT_EQUAL(read_page(4), DM_EINVAL);
	CU_ASSERT_EQUAL(page.oldest, 5);
	CU_ASSERT_EQUAL(read_page(5), DM_OK);
	add(1);
	CU_ASSERT_EQUAL(read_page(5), DM_OK);
	CU_ASSERT_EQUAL_FATAL(page.n, 1);
	CU_ASSERT_EQUAL(page.events[0].cursor, 6);	/* never used again */
	store_stop();
}

static void a_result_comes_with_its_event(void)
{
	store_start();
	add(1);
	store_stop();
	store_run_sql("UPDATE events SET event = 10, result = 1200");
	store_reopen();
	CU_ASSERT(EVENTS_ARE(EVENT_SESSION_ENDED));
	CU_ASSERT_EQUAL(page.events[0].result, 1200);
	store_stop();
}

int main(void)
{
	return store_tests("store_events", (CU_TestInfo[]){
		{ "a job's life is told", a_job_s_life_is_told },
		{ "every end is told", every_end_is_told },
		{ "one that is superseded says by which",
		  one_that_is_superseded_says_by_which },
		{ "what changes nothing is no event",
		  what_changes_nothing_is_no_event },
		{ "what the disk refuses is no event",
		  what_the_disk_refuses_is_no_event },
		{ "kill -9 leaves jobs and events that agree",
		  kill_9_leaves_jobs_and_events_that_agree },
		{ "they are read in their order, page by page",
		  they_are_read_in_their_order_page_by_page },
		{ "now is behind all of them", now_is_behind_all_of_them },
		{ "a page can be filtered", a_page_can_be_filtered },
		{ "a page looks at so many only",
		  a_page_looks_at_so_many_only },
		{ "a cursor must be one that was given",
		  a_cursor_must_be_one_that_was_given },
		{ "a result comes with its event",
		  a_result_comes_with_its_event },
		CU_TEST_INFO_NULL,
	});
}
