/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that are sent again: what the store makes of attempt.h. */
#include <stdio.h>
#include <string.h>

#include "tests/store_fixture.h"

#define OK SEGMENT_REPORTED_OK
#define LATER SEGMENT_REPORTED_LATER
#define BAD SEGMENT_REPORTED_BAD
#define BACK SEGMENT_GIVEN_BACK
#define EVENTS(...) (const enum segment_event []){ __VA_ARGS__ }

static void until_session(struct store_submit *s)
{
	s->job.until = REACHED_SESSION;
}

/* A job whose n segments bearerbox has. */
static int64_t pushed_with(unsigned n, void (*change)(struct store_submit *))
{
	int64_t id;

	store_start();
	id = add_with(n, change);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, n), DM_OK);
	return id;
}

static bool claims(int64_t id, int64_t now_ms)
{
	CU_ASSERT_EQUAL(claim_at(now_ms, STORE_CLAIM_MAX), DM_OK);
	return claim.n == 1 && claim.jobs[0].job.id == id;
}

/* As a report of an attempt that was not the last. */
static int report_of(int64_t id, unsigned segment, uint32_t attempt,
		     enum segment_event event)
{
	report = (struct store_report){
		.plan = &plan,
		.key = { id, segment, attempt, "0123456789abcde" },
		.event = event,
		.now_ms = T0 + 20,
		.reason = "delivery report: late",
	};
	report.op.run = store_report_run;
	return store_do(&report.op);
}

static void what_gets_no_report_is_sent_again_whole(void)
{
	int64_t id = pushed_with(2, NULL), deadline;

	report_on(id, 0, OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	deadline = get.job.deadline_ms;
	CU_ASSERT(deadline >= T0 + ATTEMPT_MS * 8 / 10);
	CU_ASSERT(deadline <= T0 + ATTEMPT_MS * 12 / 10);
	CU_ASSERT(!claims(id, deadline - 1));
	CU_ASSERT_EQUAL(claim.next_ms, deadline);
	CU_ASSERT(claims(id, deadline));
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 2);
	CU_ASSERT_EQUAL(claim.jobs[0].job.n_delivered, 0);
	for (unsigned i = 0; i < 2; i++) {
		const struct job_segment *s = &claim.jobs[0].segments[i];

		CU_ASSERT_EQUAL(s->state, SEGMENT_WAITING);
		CU_ASSERT(tap_same(s->sms.octets, s->sms.len, sent[i].octets,
				   10));
	}
	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT(get.job.next_ms >= deadline + 2 * ATTEMPT_MS * 8 / 10);
	store_stop();
}

static void a_bootstrap_is_sent_again_with_its_octets(void)
{
	int64_t id = pushed_with(2, bootstrap);

	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	store_restart();
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT(tap_same(claim.jobs[0].segments[1].sms.octets,
			   claim.jobs[0].segments[1].sms.len, sent[1].octets,
			   10));
	store_stop();
}

static void a_device_that_is_off_is_tried_again_later(void)
{
	int64_t id = pushed_with(2, NULL);

	CU_ASSERT_EQUAL(report_on(id, 0, LATER), DM_OK);
	CU_ASSERT(!report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_UNDELIVERED);
	CU_ASSERT_EQUAL(report_on(id, 1, OK), DM_OK);
	CU_ASSERT(report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.deadline_ms, 0);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "delivery report: err:001");
	CU_ASSERT(get.job.next_ms >= T0 + ATTEMPT_MS * 8 / 10);
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 2);
	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 0, OK), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 1, OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "");
	store_stop();
}

static void what_no_smsc_had_room_for_is_no_attempt(void)
{
	int64_t id = pushed_with(2, NULL);

	plan.max = 1;
	for (unsigned i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(report_on(id, 0, BACK), DM_OK);
		CU_ASSERT(report.changed);
		CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
		CU_ASSERT_EQUAL(get.job.reached, REACHED_TAKEN);
		CU_ASSERT_STRING_EQUAL(get.job.reason,
				       "delivery report: err:001");
		CU_ASSERT_EQUAL(report_on(id, 1, BACK), DM_OK);
		CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
		CU_ASSERT_EQUAL(get.job.n_taken, 0);
		CU_ASSERT(get.job.next_ms > T0 + 20);
		CU_ASSERT(claims(id, get.job.next_ms));
		CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 1);
		CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
		CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	}
	store_stop();
}

/* What the others come to, is not decided by the one. */
static void one_that_comes_back_is_sent_with_what_is_left(void)
{
	int64_t id;

	store_start();
	id = add(2);
	CU_ASSERT(claims(id, T0));
	outcome_of(id, EVENTS(SEGMENT_ACKED, SEGMENT_NOT_NOW), 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(report_on(id, 0, BACK), DM_OK);
	CU_ASSERT(!report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	outcome_of(id, EVENTS(SEGMENT_NOT_NOW, SEGMENT_ACKED), 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(claim.jobs[0].segments[0].state, SEGMENT_WAITING);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[1].state, SEGMENT_TAKEN);
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 1);
	store_stop();
}

static void reports_that_overtake_the_acks_count(void)
{
	int64_t id;

	store_start();
	id = add(1);
	CU_ASSERT(claims(id, T0));
	CU_ASSERT_EQUAL(report_on(id, 0, LATER), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(take_all(id, 1), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_UNDELIVERED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "delivery report: err:001");
	store_stop();
}

/* Its acks come when the next attempt is on its way. */
static void the_outcome_of_an_earlier_attempt_changes_nothing(void)
{
	int64_t id;

	store_start();
	id = add(1);
	CU_ASSERT(claims(id, T0));
	report_on(id, 0, LATER);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT(claims(id, get.job.next_ms));
	outcome = (struct store_outcome){ .plan = &plan, .id = id,
		.attempt = 1, .now_ms = T0, .n = 1,
		.results = &(struct segment_result){ 0, SEGMENT_ACKED } };
	outcome.op.run = store_outcome_run;
	CU_ASSERT_EQUAL(store_do(&outcome.op), DM_OK);
	CU_ASSERT(!outcome.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_WAITING);
	store_stop();
}

static void a_late_failure_changes_nothing(void)
{
	int64_t id = pushed_with(1, NULL);

	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT(claims(id, get.job.next_ms));
	take_all(id, 1);
	CU_ASSERT_EQUAL(report_of(id, 0, 1, LATER), DM_OK);
	CU_ASSERT_EQUAL(report_of(id, 0, 1, BAD), DM_OK);
	CU_ASSERT(!report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_TAKEN);
	store_stop();
}

static void a_late_success_counts(void)
{
	int64_t id = pushed_with(1, NULL);

	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(report_of(id, 0, 1, OK), DM_OK);
	CU_ASSERT(report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	store_stop();
	id = pushed_with(1, NULL);
	report_on(id, 0, LATER);
	CU_ASSERT_EQUAL(report_of(id, 0, 1, OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

static void a_report_on_an_attempt_to_come_is_none(void)
{
	int64_t id = pushed_with(1, NULL);

	CU_ASSERT_EQUAL(report_of(id, 0, 2, OK), DM_ENOENT);
	CU_ASSERT_EQUAL(report_of(id, 0, UINT32_MAX, OK), DM_ENOENT);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	store_stop();
}

static void a_bad_number_is_not_tried_again(void)
{
	int64_t id = pushed_with(2, NULL);

	report_on(id, 0, LATER);
	CU_ASSERT_EQUAL(report_on(id, 1, BAD), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_FAILED);
	CU_ASSERT(!claims(id, T0 + 3000000));
	store_stop();
}

static void what_is_to_reach_a_session_is_sent_again(void)
{
	int64_t id = pushed_with(1, until_session);

	report_on(id, 0, OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	CU_ASSERT(claims(id, get.job.next_ms));
	take_all(id, 1);
	report_on(id, 0, LATER);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	store_stop();
}

static void attempts_come_to_an_end(void)
{
	int64_t id = pushed_with(1, NULL);

	plan.max = 3;
	for (uint32_t n = 2; n <= 3; n++) {
		CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
		CU_ASSERT(claims(id, get.job.next_ms));
		CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, n);
		take_all(id, 1);
	}
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT(!claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(state_of(id), JOB_FAILED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "3 attempts, no delivery report "
		"came: the device is off, or the SMSC tells nothing of it");
	store_stop();
}

static void a_crash_burns_no_attempt(void)
{
	int64_t id;

	store_start();
	id = add(2);
	for (unsigned i = 0; i < 3; i++) {
		CU_ASSERT(claims(id, T0 + 1000 * i));
		CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 1);
		CU_ASSERT_EQUAL(claim.jobs[0].job.tries, i + 1);
		store_restart();
	}
	CU_ASSERT(claims(id, T0 + 3000));
	outcome_of(id, EVENTS(SEGMENT_ACKED, SEGMENT_NOT_NOW), 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT(claims(id, get.job.next_ms));
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[0].state, SEGMENT_TAKEN);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[1].state, SEGMENT_WAITING);
	store_stop();
}

static int claim_of(bool again_first, size_t limit)
{
	store_claim_clear(&claim);
	claim = (struct store_claim){ .plan = &plan, .now_ms = T0 + 3000000,
				      .again_first = again_first,
				      .limit = limit };
	claim.op.run = store_claim_run;
	return store_do(&claim.op);
}

static size_t n_again(void)
{
	size_t n = 0;

	for (size_t i = 0; i < claim.n; i++)
		n += claim.jobs[i].job.attempt > 1;
	return n;
}

/* However long the others have been due. */
static void devices_that_are_off_do_not_delay_those_that_are_on(void)
{
	store_start();
	for (unsigned i = 0; i < 30; i++)
		add(1);
	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	for (int64_t id = 1; id <= 30; id++) {
		take_all(id, 1);
		if (id % 2)
			report_on(id, 0, LATER);
	}
	for (unsigned i = 0; i < 30; i++)
		add(1);
	CU_ASSERT_EQUAL(claim_of(false, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 10);
	CU_ASSERT_EQUAL(n_again(), 0);
	CU_ASSERT_EQUAL(claim_of(true, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 10);
	CU_ASSERT_EQUAL(n_again(), 10);
	CU_ASSERT_EQUAL(claim_of(false, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 40);
	CU_ASSERT_EQUAL(n_again(), 20);
	store_stop();
}

int main(void)
{
	return store_tests("store_attempts", (CU_TestInfo[]){
		{ "what gets no report is sent again whole",
		  what_gets_no_report_is_sent_again_whole },
		{ "a bootstrap is sent again with its octets",
		  a_bootstrap_is_sent_again_with_its_octets },
		{ "a device that is off is tried again later",
		  a_device_that_is_off_is_tried_again_later },
		{ "what no SMSC had room for is no attempt",
		  what_no_smsc_had_room_for_is_no_attempt },
		{ "one that comes back is sent with what is left",
		  one_that_comes_back_is_sent_with_what_is_left },
		{ "reports that overtake the acks count",
		  reports_that_overtake_the_acks_count },
		{ "the outcome of an earlier attempt changes nothing",
		  the_outcome_of_an_earlier_attempt_changes_nothing },
		{ "a late failure changes nothing",
		  a_late_failure_changes_nothing },
		{ "a late success counts", a_late_success_counts },
		{ "a report on an attempt to come is none",
		  a_report_on_an_attempt_to_come_is_none },
		{ "a bad number is not tried again",
		  a_bad_number_is_not_tried_again },
		{ "what is to reach a session is sent again",
		  what_is_to_reach_a_session_is_sent_again },
		{ "attempts come to an end", attempts_come_to_an_end },
		{ "a crash burns no attempt", a_crash_burns_no_attempt },
		{ "devices that are off do not delay those that are on",
		  devices_that_are_off_do_not_delay_those_that_are_on },
		CU_TEST_INFO_NULL,
	});
}
