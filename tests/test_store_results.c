/* SPDX-License-Identifier: Apache-2.0 */
/* What acknowledgements and delivery reports make of jobs in the store. */
#include <string.h>

#include "tests/store_fixture.h"

#define ACKED SEGMENT_ACKED
#define NOT_NOW SEGMENT_NOT_NOW
#define NACKED SEGMENT_NACKED
#define EVENTS(...) (const enum segment_event []){ __VA_ARGS__ }

/* A claimed job with n segments. */
static int64_t claimed(unsigned n)
{
	int64_t id;

	store_start();
	id = add(n);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	return id;
}

static void until_taken(struct store_submit *s)
{
	s->job.until = REACHED_TAKEN;
}

static void all_taken_and_delivered_is_done(void)
{
	int64_t id = claimed(2);

	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT(outcome.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_TAKEN);
	CU_ASSERT_EQUAL(get.job.n_taken, 2);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "");
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(!report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.segments[1].state, SEGMENT_DELIVERED);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(get.job.n_delivered, 2);
	store_stop();
}

static void each_of_255_segments_counts(void)
{
	int64_t id = claimed(SEGMENTS_MAX);

	CU_ASSERT_EQUAL(take_all(id, SEGMENTS_MAX), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	for (unsigned i = SEGMENTS_MAX; i-- > 0; ) {
		CU_ASSERT_EQUAL(get.job.n_delivered, SEGMENTS_MAX - 1 - i);
		CU_ASSERT_EQUAL(report_on(id, i, SEGMENT_REPORTED_OK), DM_OK);
		CU_ASSERT_EQUAL(state_of(id), i ? JOB_PUSHED : JOB_DONE);
		CU_ASSERT_EQUAL(get.segments[i].state, SEGMENT_DELIVERED);
	}
	store_stop();
}

static void until_taken_ends_with_the_last_ack(void)
{
	int64_t id;

	store_start();
	id = add_with(2, until_taken);
	claim_at(T0, 1);
	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_TAKEN);
	store_stop();
}

static void only_what_was_not_taken_is_tried_again(void)
{
	int64_t id = claimed(3);

	CU_ASSERT_EQUAL(outcome_of(id, EVENTS(ACKED, NOT_NOW, ACKED), 3),
			DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "a reason");
	CU_ASSERT_EQUAL(get.job.n_taken, 2);
	CU_ASSERT(get.job.next_ms >= T0 + 10 + 800);
	CU_ASSERT(get.job.next_ms <= T0 + 10 + 1200);
	CU_ASSERT_EQUAL(claim_at(T0 + 700, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(claim_at(T0 + 2000, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[0].state, SEGMENT_TAKEN);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[1].state, SEGMENT_WAITING);
	CU_ASSERT_EQUAL(claim.jobs[0].segments[2].state, SEGMENT_TAKEN);
	outcome = (struct store_outcome){ .plan = &plan, .id = id,
		.attempt = 1, .now_ms = T0 + 2000, .n = 1,
		.results = &(struct segment_result){ 1, ACKED } };
	outcome.op.run = store_outcome_run;
	CU_ASSERT_EQUAL(store_do(&outcome.op), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "");
	store_stop();
}

static void waits_grow_with_the_tries(void)
{
	int64_t id = claimed(1), before = 0;

	for (unsigned try = 1; try <= 7; try++) {
		int64_t wait;

		CU_ASSERT_EQUAL(outcome_of(id, EVENTS(NOT_NOW), 1), DM_OK);
		CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
		wait = get.job.next_ms - (T0 + 10);
		CU_ASSERT(wait > before);
		before = wait;
		CU_ASSERT_EQUAL(claim_at(get.job.next_ms, 1), DM_OK);
		CU_ASSERT_EQUAL_FATAL(claim.n, 1);
		CU_ASSERT_EQUAL(claim.jobs[0].job.tries, try + 1);
	}
	store_stop();
}

static void a_broken_link_costs_no_wait(void)
{
	int64_t id = claimed(2);

	outcome = (struct store_outcome){ .plan = &plan, .id = id,
		.attempt = 1, .now_ms = T0 + 10, .retry_now = true, .n = 1,
		.results = &(struct segment_result){ 0, NOT_NOW } };
	outcome.op.run = store_outcome_run;
	CU_ASSERT_EQUAL(store_do(&outcome.op), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.next_ms, T0 + 10);
	store_stop();
}

static void a_claim_without_results_is_tried_again(void)
{
	int64_t id = claimed(2);

	CU_ASSERT_EQUAL(outcome_of(id, NULL, 0), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	store_stop();
}

static void one_refused_segment_fails_the_job(void)
{
	int64_t id = claimed(3);

	CU_ASSERT_EQUAL(outcome_of(id, EVENTS(ACKED, NACKED, NOT_NOW), 3),
			DM_OK);
	CU_ASSERT(outcome.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_FAILED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "a reason");
	CU_ASSERT_EQUAL(get.job.reached, REACHED_NONE);
	CU_ASSERT_EQUAL(claim_at(T0 + 100000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_FAILED);
	store_stop();
}

static void a_bad_report_fails_the_job(void)
{
	int64_t id = claimed(2);

	take_all(id, 2);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_BAD), DM_OK);
	CU_ASSERT(report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_FAILED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_TAKEN);
	CU_ASSERT_EQUAL(get.job.n_delivered, 1);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "refused by the network for good "
			       "(report: err:001)");
	store_stop();
}

static void reports_may_come_before_the_acks(void)
{
	int64_t id = claimed(2);

	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	CU_ASSERT_EQUAL(get.job.n_taken, 1);
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT(!outcome.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.n_taken, 2);
	CU_ASSERT_EQUAL(get.job.n_delivered, 2);
	store_stop();
}

static void one_report_before_and_one_after_the_acks(void)
{
	int64_t id = claimed(2);

	report_on(id, 0, SEGMENT_REPORTED_OK);
	CU_ASSERT_EQUAL(take_all(id, 2), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.n_taken, 2);
	report_on(id, 1, SEGMENT_REPORTED_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

/* The ack was lost with the link, the report was not. */
static void a_report_can_settle_a_job_that_waits(void)
{
	int64_t id = claimed(2);

	outcome_of(id, EVENTS(ACKED, NOT_NOW), 2);
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(claim_at(T0 + 100000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

static void a_report_that_comes_twice_counts_once(void)
{
	int64_t id = claimed(2);

	take_all(id, 2);
	for (unsigned i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
		CU_ASSERT(!report.changed);
	}
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_BAD), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.n_delivered, 1);
	store_stop();
}

static void a_late_report_changes_no_final_job(void)
{
	int64_t id = claimed(1);

	take_all(id, 1);
	cancel_job(id);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT(!report.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	CU_ASSERT_EQUAL(get.job.changed_ms, T0 + 30);
	store_stop();
}

static int report_with(int64_t id, unsigned segment, const char *token)
{
	report = (struct store_report){ .plan = &plan,
		.key = { .job = id, .segment = segment, .attempt = 1 },
		.event = SEGMENT_REPORTED_OK, .now_ms = T0 + 20 };
	memcpy(report.key.token, token, JOB_TOKEN_LEN);
	report.op.run = store_report_run;
	return store_do(&report.op);
}

static void a_report_needs_the_right_key(void)
{
	static const char token[] = "0123456789abcde";
	int64_t id = claimed(1);

	take_all(id, 1);
	CU_ASSERT_EQUAL(report_with(id, 0, "0123456789abcdE"), DM_ENOENT);
	CU_ASSERT_EQUAL(report_with(id, 0, "x123456789abcde"), DM_ENOENT);
	CU_ASSERT_EQUAL(report_with(id, 1, token), DM_ENOENT);
	CU_ASSERT_EQUAL(report_with(id, UINT32_MAX, token), DM_ENOENT);
	CU_ASSERT_EQUAL(report_with(id + 1, 0, token), DM_ENOENT);
	CU_ASSERT_EQUAL(report_with(-1, 0, token), DM_ENOENT);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(report_with(id, 0, token), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

static void results_survive_a_restart(void)
{
	int64_t id = claimed(2);

	take_all(id, 2);
	report_on(id, 0, SEGMENT_REPORTED_OK);
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_DELIVERED);
	CU_ASSERT_EQUAL(get.segments[1].state, SEGMENT_TAKEN);
	CU_ASSERT_EQUAL(report_on(id, 1, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

int main(void)
{
	return store_tests("store_results", (CU_TestInfo[]){
		{ "all taken and delivered is done",
		  all_taken_and_delivered_is_done },
		{ "each of 255 segments counts", each_of_255_segments_counts },
		{ "until taken ends with the last ack",
		  until_taken_ends_with_the_last_ack },
		{ "only what was not taken is tried again",
		  only_what_was_not_taken_is_tried_again },
		{ "waits grow with the tries", waits_grow_with_the_tries },
		{ "a broken link costs no wait", a_broken_link_costs_no_wait },
		{ "a claim without results is tried again",
		  a_claim_without_results_is_tried_again },
		{ "one refused segment fails the job",
		  one_refused_segment_fails_the_job },
		{ "a bad report fails the job", a_bad_report_fails_the_job },
		{ "reports may come before the acks",
		  reports_may_come_before_the_acks },
		{ "one report before and one after the acks",
		  one_report_before_and_one_after_the_acks },
		{ "a report can settle a job that waits",
		  a_report_can_settle_a_job_that_waits },
		{ "a report that comes twice counts once",
		  a_report_that_comes_twice_counts_once },
		{ "a late report changes no final job",
		  a_late_report_changes_no_final_job },
		{ "a report needs the right key",
		  a_report_needs_the_right_key },
		{ "results survive a restart", results_survive_a_restart },
		CU_TEST_INFO_NULL,
	});
}
