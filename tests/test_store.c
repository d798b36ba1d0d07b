/* SPDX-License-Identifier: Apache-2.0 */
/* The life of jobs in the store; test_store_file.c tests the file. */
#include <stdio.h>
#include <string.h>

#include "tests/store_fixture.h"

static void a_job_comes_back_as_it_went(void)
{
	struct job before;
	int64_t id;

	store_start();
	id = add(2);
	CU_ASSERT(id > 0);
	before = submit.job;
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.method, JOB_NOTIFY);
	CU_ASSERT_EQUAL(get.job.client, before.client);
	CU_ASSERT_EQUAL(get.job.until, before.until);
	CU_ASSERT_EQUAL(get.job.created_ms, T0);
	CU_ASSERT_EQUAL(get.job.changed_ms, T0);
	CU_ASSERT_EQUAL(get.job.next_ms, T0);
	CU_ASSERT_EQUAL(get.job.expires_ms, T0 + 3600000);
	CU_ASSERT_STRING_EQUAL(get.job.to, before.to);
	CU_ASSERT_STRING_EQUAL(get.job.from, before.from);
	CU_ASSERT_STRING_EQUAL(get.job.server_id, before.server_id);
	CU_ASSERT_EQUAL(get.job.dm_version, before.dm_version);
	CU_ASSERT_EQUAL(get.job.session_id, before.session_id);
	CU_ASSERT_EQUAL(get.job.dcs, before.dcs);
	CU_ASSERT_EQUAL(get.job.n_segments, 2);
	CU_ASSERT(!memcmp(get.job.token, before.token, JOB_TOKEN_LEN));
	for (unsigned i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(get.segments[i].state, SEGMENT_WAITING);
		CU_ASSERT_EQUAL(get.segments[i].sms.udh_len, 3);
		CU_ASSERT(tap_same(get.segments[i].sms.octets,
				   get.segments[i].sms.len,
				   sent[i].octets, 10));
	}
	store_stop();
}

static void the_longest_message_comes_back_as_it_went(void)
{
	int64_t id;

	store_start();
	id = add(SEGMENTS_MAX);
	store_restart();
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	for (unsigned i = 0; i < SEGMENTS_MAX; i++) {
		const struct segment *sms = &claim.jobs[0].segments[i].sms;

		CU_ASSERT_EQUAL(sms->udh_len, 3);
		CU_ASSERT(tap_same(sms->octets, sms->len, sent[i].octets, 10));
	}
	store_stop();
}

static void a_job_that_is_not_there_is_not_found(void)
{
	store_start();
	CU_ASSERT_EQUAL(get_job(1), DM_ENOENT);
	CU_ASSERT_STRING_EQUAL(get.op.err.field, "job");
	CU_ASSERT_EQUAL(cancel_job(1), DM_ENOENT);
	CU_ASSERT_EQUAL(report_on(1, 0, SEGMENT_REPORTED_OK), DM_ENOENT);
	CU_ASSERT_EQUAL(take_all(1, 1), DM_ENOENT);
	store_stop();
}

/* ------------------------------- submit ------------------------------- */

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
	next_for_device(s);
	s->encode = encode_refuses;
}

static void what_cannot_be_encoded_leaves_nothing_behind(void)
{
	int32_t session_id;

	store_start();
	add_with(1, same_device);
	session_id = submit.job.session_id;
	CU_ASSERT_EQUAL(add_with(1, refuse), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "server-id");
	CU_ASSERT_EQUAL(list_jobs_of(0, -1, "", 10), DM_OK);
	CU_ASSERT_EQUAL(list.n, 1);
	add_with(1, next_for_device);
	CU_ASSERT_EQUAL(submit.job.session_id, session_id + 1);
	store_stop();
}

static void at_most_two(struct store_submit *s)
{
	s->jobs_max = 2;
}

static void a_full_queue_refuses(void)
{
	int64_t first;

	store_start();
	first = add_with(1, at_most_two);
	CU_ASSERT(add_with(1, at_most_two) > 0);
	CU_ASSERT_EQUAL(add_with(1, at_most_two), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_EBUSY);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "queue");
	CU_ASSERT_STRING_EQUAL(submit.op.err.came, "2 jobs are unfinished");
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(add_with(1, at_most_two), -1);
	CU_ASSERT_EQUAL(take_all(first, 1), DM_OK);
	CU_ASSERT_EQUAL(add_with(1, at_most_two), -1);
	CU_ASSERT_EQUAL(report_on(first, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(add_with(1, at_most_two) > 0);
	store_restart();
	CU_ASSERT_EQUAL(add_with(1, at_most_two), -1);
	store_stop();
}

/* -------------------------------- claim -------------------------------- */

static void due_late(struct store_submit *s)
{
	s->job.next_ms = T0 + 500;
}

static void due_early(struct store_submit *s)
{
	s->job.next_ms = T0 - 500;
}

static void jobs_are_claimed_in_the_order_in_which_they_are_due(void)
{
	int64_t late, on_time, early;

	store_start();
	late = add_with(1, due_late);
	on_time = add(1);
	early = add_with(2, due_early);
	CU_ASSERT_EQUAL(claim_at(T0 - 501, 64), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(claim.next_ms, T0 - 500);
	CU_ASSERT_EQUAL(claim_at(T0, 64), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 2);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, early);
	CU_ASSERT_EQUAL(claim.jobs[0].job.state, JOB_SENDING);
	CU_ASSERT_EQUAL(claim.jobs[0].job.tries, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[1].sms.len, 10);
	CU_ASSERT_EQUAL(claim.jobs[1].job.id, on_time);
	CU_ASSERT_EQUAL(claim.next_ms, T0 + 500);
	CU_ASSERT_EQUAL(claim_at(T0 + 499, 64), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(claim_at(T0 + 500, 64), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, late);
	CU_ASSERT_EQUAL(claim.next_ms, -1);
	store_stop();
}

static void a_claim_takes_no_more_than_its_limit(void)
{
	store_start();
	for (unsigned i = 0; i < STORE_CLAIM_MAX + 6; i++)
		add(1);
	CU_ASSERT_EQUAL(claim_at(T0, 5), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 5);
	CU_ASSERT_EQUAL(claim.next_ms, T0);
	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL(claim.n, STORE_CLAIM_MAX);
	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	store_stop();
}

static void what_has_expired_is_not_claimed(void)
{
	int64_t id;

	store_start();
	id = add(1);
	CU_ASSERT_EQUAL(claim_at(T0 + 3600000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(state_of(id), JOB_EXPIRED);
	CU_ASSERT_EQUAL(get.job.tries, 0);
	store_stop();
}

static void jobs_left_sending_are_sent_again(void)
{
	int64_t id;

	store_start();
	id = add(2);
	claim_at(T0, 1);
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 1);
	CU_ASSERT_EQUAL(status.counts[JOB_SENDING], 0);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.tries, 2);
	store_stop();
}

/* ------------------------- cancel, expire, list ------------------------- */

static void what_is_not_final_can_be_cancelled(void)
{
	int64_t id;

	store_start();
	id = add(1);
	CU_ASSERT_EQUAL(cancel_job(id), DM_OK);
	CU_ASSERT_EQUAL(cancel.job.state, JOB_CANCELLED);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	CU_ASSERT_EQUAL(cancel_job(id), DM_ESTATE);
	CU_ASSERT_STRING_EQUAL(cancel.op.err.came,
			       "it is cancelled already");
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	id = add(1);
	claim_at(T0, 1);
	CU_ASSERT_EQUAL(cancel_job(id), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, 1), DM_OK);
	CU_ASSERT(!outcome.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	store_stop();
}

static int expire_at(int64_t now_ms)
{
	expire = (struct store_expire){ .now_ms = now_ms };
	expire.op.run = store_expire_run;
	return store_do(&expire.op);
}

static void many_expire_at_once(void)
{
	store_start();
	for (unsigned i = 0; i < 120; i++)
		(void)add(1);
	CU_ASSERT_EQUAL(expire_at(T0 + 3600000), DM_OK);
	CU_ASSERT_EQUAL(expire.n, 120);
	CU_ASSERT_EQUAL(status_at(T0 + 3600000), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_EXPIRED], 120);
	store_stop();
}

static void what_is_not_final_expires(void)
{
	int64_t waiting, sending, pushed, done;

	store_start();
	sending = add_with(1, due_early);
	pushed = add_with(1, due_early);
	done = add_with(1, due_early);
	waiting = add(1);
	claim_at(T0 - 500, 3);
	take_all(pushed, 1);
	report_on(done, 0, SEGMENT_REPORTED_OK);
	CU_ASSERT_EQUAL(expire_at(T0 + 3599999), DM_OK);
	CU_ASSERT_EQUAL(expire.n, 0);
	CU_ASSERT_EQUAL(expire_at(T0 + 3600000), DM_OK);
	CU_ASSERT_EQUAL(expire.n, 3);
	CU_ASSERT_EQUAL(state_of(waiting), JOB_EXPIRED);
	CU_ASSERT_EQUAL(state_of(sending), JOB_EXPIRED);
	CU_ASSERT_EQUAL(state_of(pushed), JOB_EXPIRED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_TAKEN);
	CU_ASSERT_EQUAL(state_of(done), JOB_DONE);
	CU_ASSERT_EQUAL(expire_at(T0 + 3600000), DM_OK);
	CU_ASSERT_EQUAL(expire.n, 0);
	CU_ASSERT_EQUAL(take_all(sending, 1), DM_OK);
	CU_ASSERT_EQUAL(state_of(sending), JOB_EXPIRED);
	store_stop();
}

static unsigned n_servers;

/* Two devices, and a server for each job. */
static void other_server(struct store_submit *s)
{
	same_device(s);
	snprintf(s->job.server_id, sizeof(s->job.server_id), "server %u",
		 n_servers++);
}

static void other_device(struct store_submit *s)
{
	other_server(s);
	strcpy(s->job.to, "+4917099");
}

static void lists_come_in_pages(void)
{
	int64_t after = 0, n = 0;

	store_start();
	for (unsigned i = 0; i < 25; i++)
		add_with(1, i % 5 ? NULL : other_device);
	for (size_t page = 0; page < 3; page++) {
		CU_ASSERT_EQUAL(list_jobs_of(after, -1, "", 10), DM_OK);
		CU_ASSERT_EQUAL_FATAL(list.n, page < 2 ? 10 : 5);
		for (size_t i = 0; i < list.n; i++)
			CU_ASSERT_EQUAL(list_jobs[i].id, ++n);
		after = n;
	}
	CU_ASSERT_EQUAL(list_jobs_of(after, -1, "", 10), DM_OK);
	CU_ASSERT_EQUAL(list.n, 0);
	store_stop();
}

static void lists_can_be_filtered(void)
{
	store_start();
	for (unsigned i = 0; i < 20; i++)
		add_with(1, i % 4 ? other_server : other_device);
	for (int64_t id = 1; id <= 20; id += 2)
		cancel_job(id);
	CU_ASSERT_EQUAL(list_jobs_of(0, -1, "+4917099", 100), DM_OK);
	CU_ASSERT_EQUAL(list.n, 5);
	CU_ASSERT_EQUAL(list_jobs_of(0, JOB_CANCELLED, "", 100), DM_OK);
	CU_ASSERT_EQUAL(list.n, 10);
	CU_ASSERT_EQUAL(list_jobs_of(0, JOB_WAITING, TO, 100), DM_OK);
	CU_ASSERT_EQUAL(list.n, 10);
	CU_ASSERT_EQUAL(list_jobs_of(10, JOB_WAITING, TO, 3), DM_OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 3);
	CU_ASSERT_EQUAL(list_jobs[0].id, 12);
	CU_ASSERT_EQUAL(list_jobs[0].state, JOB_WAITING);
	CU_ASSERT_STRING_EQUAL(list_jobs[0].to, TO);
	CU_ASSERT_EQUAL(list_jobs_of(0, JOB_CANCELLED, "+4917099", 100),
			DM_OK);
	CU_ASSERT_EQUAL(list.n, 5);
	CU_ASSERT_EQUAL(list_jobs_of(0, -1, "+49", 100), DM_OK);
	CU_ASSERT_EQUAL(list.n, 0);
	store_stop();
}

/* -------------------------------- status -------------------------------- */

static void status_tells_how_long_jobs_wait(void)
{
	store_start();
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.oldest_due_ms, 0);
	add_with(1, due_late);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.oldest_due_ms, 0);
	add(1);
	CU_ASSERT_EQUAL(status_at(T0 + 1234), DM_OK);
	CU_ASSERT_EQUAL(status.oldest_due_ms, 1234);
	store_stop();
}

static void do_something(uint64_t *state)
{
	int64_t id = 1 + (int64_t)tap_random_below(state, 12);
	unsigned segment = (unsigned)tap_random_below(state, 2);
	enum segment_event events[] = {
		(enum segment_event)tap_random_below(state, 3),
		(enum segment_event)tap_random_below(state, 3),
	};

	switch (tap_random_below(state, 8)) {
	case 0:
		add_with(2, refuse);
		break;
	case 1:
		cancel_job(id);
		break;
	case 2:
		(void)report_on(id, segment, SEGMENT_REPORTED_OK);
		break;
	case 3:
		(void)report_on(id, segment, SEGMENT_REPORTED_BAD);
		break;
	case 5:
		(void)report_on(id, segment, SEGMENT_REPORTED_LATER);
		break;
	case 4:
		claim_at(T0 + 100000, 3);
		for (size_t i = 0; i < claim.n; i++)
			outcome_of(claim.jobs[i].job.id, events, 2);
		break;
	default:
		add(2);
	}
}

/* Whatever happens, the counts are those of the rows. */
static void counts_follow_the_rows(uint64_t *state)
{
	store_start();
	for (unsigned i = 0; i < 60; i++)
		do_something(state);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	for (int s = 0; s < JOB_STATES; s++) {
		CU_ASSERT_EQUAL(list_jobs_of(0, s, "", STORE_LIST_MAX), DM_OK);
		CU_ASSERT_EQUAL(status.counts[s], (int64_t)list.n);
		for (size_t i = 0; i < list.n; i++)
			CU_ASSERT(list_jobs[i].n_taken >=
				  list_jobs[i].n_delivered);
	}
	store_stop();
}

static void counts_always_agree_with_the_rows(void)
{
	tap_property(10, counts_follow_the_rows);
}

int main(void)
{
	return store_tests("store", (CU_TestInfo[]){
		{ "a job comes back as it went", a_job_comes_back_as_it_went },
		{ "the longest message comes back as it went",
		  the_longest_message_comes_back_as_it_went },
		{ "a job that is not there is not found",
		  a_job_that_is_not_there_is_not_found },
		{ "what cannot be encoded leaves nothing behind",
		  what_cannot_be_encoded_leaves_nothing_behind },
		{ "a full queue refuses", a_full_queue_refuses },
		{ "jobs are claimed in the order in which they are due",
		  jobs_are_claimed_in_the_order_in_which_they_are_due },
		{ "a claim takes no more than its limit",
		  a_claim_takes_no_more_than_its_limit },
		{ "what has expired is not claimed",
		  what_has_expired_is_not_claimed },
		{ "jobs left sending are sent again",
		  jobs_left_sending_are_sent_again },
		{ "what is not final can be cancelled",
		  what_is_not_final_can_be_cancelled },
		{ "what is not final expires", what_is_not_final_expires },
		{ "many expire at once", many_expire_at_once },
		{ "lists come in pages", lists_come_in_pages },
		{ "lists can be filtered", lists_can_be_filtered },
		{ "status tells how long jobs wait",
		  status_tells_how_long_jobs_wait },
		{ "counts always agree with the rows",
		  counts_always_agree_with_the_rows },
		CU_TEST_INFO_NULL,
	});
}
