/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that go another way than bearerbox, in the store. */
#include <stdio.h>
#include <string.h>

#include "tests/store_fixture.h"

static void by_lab(struct store_submit *s)
{
	strcpy(s->job.route, "lab");
}

static void by_bench_later(struct store_submit *s)
{
	strcpy(s->job.route, "bench");
	s->job.next_ms = T0 + 5000;
}

static int claim_of(const char *route, int64_t now_ms)
{
	store_claim_clear(&claim);
	claim = (struct store_claim){ .plan = &plan, .route = route,
				      .now_ms = now_ms, .limit = 10 };
	claim.op.run = store_claim_run;
	return store_do(&claim.op);
}

static void each_way_claims_its_own_jobs(void)
{
	int64_t box, lab, bench;

	store_start();
	box = add(1);
	lab = add_with(1, by_lab);
	bench = add_with(1, by_bench_later);
	CU_ASSERT_EQUAL(claim_of("lab", T0), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, lab);
	CU_ASSERT_STRING_EQUAL(claim.jobs[0].job.route, "lab");
	CU_ASSERT_EQUAL(claim.next_ms, -1);
	CU_ASSERT_EQUAL(claim_of("bench", T0), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(claim.next_ms, T0 + 5000);
	CU_ASSERT_EQUAL(claim_of(NULL, T0), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, box);
	CU_ASSERT_EQUAL(claim.next_ms, -1);
	CU_ASSERT_EQUAL(state_of(bench), JOB_WAITING);
	store_stop();
}

static void what_is_sent_again_stays_on_its_way(void)
{
	static const enum segment_event later[] = { SEGMENT_NOT_NOW };
	int64_t lab;

	store_start();
	lab = add_with(1, by_lab);
	CU_ASSERT_EQUAL(claim_of("lab", T0), DM_OK);
	CU_ASSERT_EQUAL(outcome_of(lab, later, 1), DM_OK);
	CU_ASSERT_EQUAL(claim_of(NULL, T0 + 3600), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(claim_of("lab", T0 + 3600), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	store_stop();
}

static void one_that_does_not_fail_but_expires_is_ended(void)
{
	int64_t lab;

	store_start();
	lab = add_with(1, by_lab);
	expire.now_ms = T0 + 3600000;
	expire.op.run = store_expire_run;
	CU_ASSERT_EQUAL(store_do(&expire.op), DM_OK);
	CU_ASSERT_EQUAL(state_of(lab), JOB_EXPIRED);
	store_stop();
}

/* The console of an Android emulator says so at once. */
static void an_outcome_can_say_delivered(void)
{
	static const enum segment_event there[] = {
		SEGMENT_REPORTED_OK, SEGMENT_REPORTED_OK,
	};
	int64_t lab;

	store_start();
	lab = add_with(2, by_lab);
	CU_ASSERT_EQUAL(claim_of("lab", T0), DM_OK);
	CU_ASSERT_EQUAL(outcome_of(lab, there, 2), DM_OK);
	CU_ASSERT_EQUAL(state_of(lab), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(get.job.n_delivered, 2);
	store_stop();
}

int main(void)
{
	return store_tests("store_routes", (CU_TestInfo[]){
		{ "each way claims its own jobs",
		  each_way_claims_its_own_jobs },
		{ "what is sent again stays on its way",
		  what_is_sent_again_stays_on_its_way },
		{ "one that does not fail but expires is ended",
		  one_that_does_not_fail_but_expires_is_ended },
		{ "an outcome can say delivered",
		  an_outcome_can_say_delivered },
		CU_TEST_INFO_NULL,
	});
}
