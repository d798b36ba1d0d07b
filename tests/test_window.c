/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/window.h"

#include "tests/tap.h"

/* It never looks into a flight: any address is one. */
static int nobody;
static struct flight *const flight = (struct flight *)&nobody;

static struct window w;

static uint64_t fill(unsigned segment)
{
	struct slot *slot = window_slot(&w);

	window_fill(&w, slot, flight, segment);
	return slot->tag;
}

static void has_room_for_its_size(void)
{
	window_init(&w, 3);
	CU_ASSERT_EQUAL(window_room(&w), 3);
	for (unsigned i = 0; i < 3; i++)
		fill(i);
	CU_ASSERT_EQUAL(window_room(&w), 0);
	CU_ASSERT_EQUAL(w.n_used, 3);
	window_free(&w);
}

static void finds_a_segment_by_its_tag(void)
{
	uint64_t tags[3];

	window_init(&w, 3);
	for (unsigned i = 0; i < 3; i++)
		tags[i] = fill(i);
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(window_find(&w, tags[i])->segment, i);
	CU_ASSERT_PTR_NULL(window_find(&w, tags[2] + 1));
	CU_ASSERT_PTR_NULL(window_find(&w, UINT64_MAX));
	window_free(&w);
}

static void no_tag_comes_twice(void)
{
	uint64_t first, second;

	window_init(&w, 1);
	first = fill(0);
	window_clear(&w, window_find(&w, first));
	CU_ASSERT_PTR_NULL(window_find(&w, first));
	second = fill(1);
	CU_ASSERT_NOT_EQUAL(first, second);
	CU_ASSERT_PTR_NULL(window_find(&w, first));
	window_free(&w);
}

/* It was not sent after all. */
static void a_slot_is_free_until_it_is_filled(void)
{
	window_init(&w, 1);
	(void)window_slot(&w);
	CU_ASSERT_EQUAL(window_room(&w), 1);
	fill(0);
	CU_ASSERT_EQUAL(window_room(&w), 0);
	window_free(&w);
}

static void is_as_old_as_its_oldest_segment(void)
{
	uint64_t old;

	window_init(&w, 2);
	CU_ASSERT_EQUAL(window_tick(&w), 0);
	old = fill(0);
	CU_ASSERT_EQUAL(window_tick(&w), 1);
	fill(1);
	CU_ASSERT_EQUAL(window_tick(&w), 2);
	window_clear(&w, window_find(&w, old));
	CU_ASSERT_EQUAL(window_tick(&w), 2);
	fill(2);
	CU_ASSERT_EQUAL(window_tick(&w), 3);
	window_free(&w);
}

static void is_one_segment_wide_when_narrow(void)
{
	window_init(&w, 10);
	fill(0);
	fill(1);
	w.narrow = true;
	CU_ASSERT_EQUAL(window_room(&w), 0);
	window_clear(&w, &w.slots[0]);
	window_clear(&w, &w.slots[1]);
	CU_ASSERT_EQUAL(window_room(&w), 1);
	w.narrow = false;
	CU_ASSERT_EQUAL(window_room(&w), 10);
	window_free(&w);
}

int main(void)
{
	return tap_run("window", (CU_TestInfo[]){
		{ "has room for its size", has_room_for_its_size },
		{ "finds a segment by its tag", finds_a_segment_by_its_tag },
		{ "no tag comes twice", no_tag_comes_twice },
		{ "a slot is free until it is filled",
		  a_slot_is_free_until_it_is_filled },
		{ "is as old as its oldest segment",
		  is_as_old_as_its_oldest_segment },
		{ "is one segment wide when narrow",
		  is_one_segment_wide_when_narrow },
		CU_TEST_INFO_NULL,
	});
}
