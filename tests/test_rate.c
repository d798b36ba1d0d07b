/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/rate.h"

#include "tests/tap.h"

#define SUM(r, now_ms) (rate_get((r), (now_ms)) * RATE_SECONDS)

static bool near(double a, double b)
{
	return a - b < 1e-6 && b - a < 1e-6;
}

static void begins_at_nothing(void)
{
	struct rate r = { 0 };

	CU_ASSERT(near(SUM(&r, 0), 0));
	CU_ASSERT(near(SUM(&r, 1700000000123), 0));
}

static void counts_for_a_minute(void)
{
	struct rate r = { 0 };
	const int64_t now = 1700000000000;

	rate_add(&r, now, 60);
	rate_add(&r, now + 999, 60);
	CU_ASSERT(near(rate_get(&r, now + 999), 2));
	CU_ASSERT(near(rate_get(&r, now + 59999), 2));
	CU_ASSERT(near(rate_get(&r, now + 60000), 0));
}

static void forgets_second_by_second(void)
{
	struct rate r = { 0 };

	for (int64_t s = 0; s < 200; s++)
		rate_add(&r, s * 1000, (uint32_t)s);
	for (int64_t ahead = 0; ahead < 61; ahead++) {
		int64_t sum = 0;

		for (int64_t s = 140 + ahead; s < 200; s++)
			sum += s;
		CU_ASSERT(near(SUM(&r, (199 + ahead) * 1000), (double)sum));
	}
}

static void a_gap_leaves_nothing_old(void)
{
	struct rate r = { 0 };

	rate_add(&r, 10000, 5);
	rate_add(&r, 10000 + 30000, 7);
	CU_ASSERT(near(SUM(&r, 40000), 12));
	rate_add(&r, 40000 + 59000, 1);
	CU_ASSERT(near(SUM(&r, 99000), 8));
	rate_add(&r, 99000 + 3600000, 2);
	CU_ASSERT(near(SUM(&r, 3699000), 2));
}

static void a_clock_that_goes_back_begins_anew(void)
{
	struct rate r = { 0 };

	rate_add(&r, 1000000, 5);
	rate_add(&r, 500000, 3);
	CU_ASSERT(near(SUM(&r, 500000), 3));
	CU_ASSERT(near(SUM(&r, 501000), 3));
}

static void sums_do_not_wrap(void)
{
	struct rate r = { 0 };

	for (int64_t s = 0; s < RATE_SECONDS; s++)
		rate_add(&r, s * 1000, UINT32_MAX);
	CU_ASSERT(near(rate_get(&r, 59000), UINT32_MAX));
}

int main(void)
{
	return tap_run("rate", (CU_TestInfo[]){
		{ "begins at nothing", begins_at_nothing },
		{ "counts for a minute", counts_for_a_minute },
		{ "forgets second by second", forgets_second_by_second },
		{ "a gap leaves nothing old", a_gap_leaves_nothing_old },
		{ "a clock that goes back begins anew",
		  a_clock_that_goes_back_begins_anew },
		{ "sums do not wrap", sums_do_not_wrap },
		CU_TEST_INFO_NULL,
	});
}
