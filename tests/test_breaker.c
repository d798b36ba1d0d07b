/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/breaker.h"

#include "tests/tap.h"

#define T0 1700000000000

static void refuse(struct breaker *b, unsigned n)
{
	while (n-- > 0)
		breaker_count(b, SEGMENT_NOT_NOW, T0);
}

static void holds_after_ten_refusals(void)
{
	struct breaker b = { 0 };

	refuse(&b, BREAKER_REFUSALS_MAX - 1);
	CU_ASSERT_FALSE(breaker_holds(&b, T0));
	refuse(&b, 1);
	CU_ASSERT(breaker_holds(&b, T0));
	CU_ASSERT(breaker_holds(&b, T0 + BREAKER_HOLD_MS - 1));
	CU_ASSERT_FALSE(breaker_holds(&b, T0 + BREAKER_HOLD_MS));
	refuse(&b, 1);
	CU_ASSERT(breaker_holds(&b, T0));
}

static void counts_those_one_after_the_other(void)
{
	struct breaker b = { 0 };

	refuse(&b, BREAKER_REFUSALS_MAX - 1);
	breaker_count(&b, SEGMENT_ACKED, T0);
	refuse(&b, BREAKER_REFUSALS_MAX - 1);
	breaker_count(&b, SEGMENT_NACKED, T0);
	refuse(&b, 1);
	CU_ASSERT_FALSE(breaker_holds(&b, T0));
}

static void a_clock_that_was_set_back_ends_it(void)
{
	struct breaker b = { 0 };

	refuse(&b, BREAKER_REFUSALS_MAX);
	CU_ASSERT_FALSE(breaker_holds(&b, T0 - 1));
	CU_ASSERT(breaker_holds(&b, T0));
}

int main(void)
{
	return tap_run("breaker", (CU_TestInfo[]){
		{ "holds after ten refusals", holds_after_ten_refusals },
		{ "counts those one after the other",
		  counts_those_one_after_the_other },
		{ "a clock that was set back ends it",
		  a_clock_that_was_set_back_ends_it },
		CU_TEST_INFO_NULL,
	});
}
