/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/turns.h"

#include <string.h>

#include "tests/tap.h"

#define N 5

static struct turns turns;
static struct turn turn[N];

static void begin(unsigned max)
{
	memset(turn, 0, sizeof(turn));
	turns_init(&turns, max);
}

static void first_come_first_served(void)
{
	begin(2);
	for (size_t i = 0; i < N; i++)
		CU_ASSERT_EQUAL(turns_take(&turns, &turn[i]), i < 2);
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[1]), &turn[2]);
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[0]), &turn[3]);
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[2]), &turn[4]);
	CU_ASSERT_PTR_NULL(turns_give(&turn[3]));
	CU_ASSERT_PTR_NULL(turns_give(&turn[4]));
	CU_ASSERT_EQUAL(turns.n, 0);
}

static void one_place_each(void)
{
	begin(1);
	CU_ASSERT(turns_take(&turns, &turn[0]));
	CU_ASSERT(turns_take(&turns, &turn[0]));
	CU_ASSERT(!turns_take(&turns, &turn[1]));
	CU_ASSERT(!turns_take(&turns, &turn[1]));
	CU_ASSERT_EQUAL(turns.n, 1);
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[0]), &turn[1]);
	CU_ASSERT(turns_take(&turns, &turn[1]));
	CU_ASSERT_PTR_NULL(turns_give(&turn[0]));
	CU_ASSERT_EQUAL(turns.n, 1);
}

static void who_leaves_the_line_takes_nobodys_turn(void)
{
	begin(1);
	for (size_t i = 0; i < 3; i++)
		turns_take(&turns, &turn[i]);
	CU_ASSERT_PTR_NULL(turns_give(&turn[1]));
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[0]), &turn[2]);
	CU_ASSERT(!turns_take(&turns, &turn[1]));
	CU_ASSERT_PTR_EQUAL(turns_give(&turn[2]), &turn[1]);
}

static CU_TestInfo tests[] = {
	{ "first come, first served", first_come_first_served },
	{ "one place each", one_place_each },
	{ "who leaves the line takes nobody's turn",
	  who_leaves_the_line_takes_nobodys_turn },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("turns", tests);
}
