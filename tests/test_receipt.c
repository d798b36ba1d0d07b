/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/receipt.h"

#include <string.h>

#include "emulator/smsc/receipt_queue.h"
#include "emulator/smsc/smpp_time.h"
#include "tests/tap.h"

#define NOON 1704110400		/* 2024-01-01 12:00:00 UTC */

static void knows_every_final_state(void)
{
	static const struct {
		const char *name;
		unsigned message_state;
	} states[] = {		/* SMPP 3.4, 5.2.28 */
		{ "DELIVRD", 2 }, { "EXPIRED", 3 }, { "DELETED", 4 },
		{ "UNDELIV", 5 }, { "ACCEPTD", 6 }, { "UNKNOWN", 7 },
		{ "REJECTD", 8 },
	};

	for (size_t i = 0; i < 7; i++) {
		const struct receipt_state *s =
			receipt_state_find(states[i].name);

		CU_ASSERT_PTR_NOT_NULL_FATAL(s);
		CU_ASSERT_EQUAL(s->message_state, states[i].message_state);
		CU_ASSERT_PTR_NOT_NULL(strstr(receipt_state_names(),
					      s->name));
	}
	CU_ASSERT_PTR_NULL(receipt_state_find("ENROUTE"));
	CU_ASSERT_PTR_NULL(receipt_state_find("delivrd"));
}

static void sends_what_registered_delivery_asks_for(void)
{
	const struct receipt_state *good = receipt_state_find("DELIVRD");
	const struct receipt_state *bad = receipt_state_find("UNDELIV");

	CU_ASSERT(!receipt_wanted(good, 0) && !receipt_wanted(bad, 0));
	CU_ASSERT(receipt_wanted(good, 1) && receipt_wanted(bad, 1));
	CU_ASSERT(!receipt_wanted(good, 2) && receipt_wanted(bad, 2));
	CU_ASSERT(receipt_wanted(good, 3) && !receipt_wanted(bad, 3));
	CU_ASSERT(!receipt_wanted(good, 0x10));
	CU_ASSERT(receipt_wanted(good, 0x11));
}

static void writes_the_text_of_appendix_b(void)
{
	char text[RECEIPT_TEXT_MAX];

	receipt_text(receipt_state_find("DELIVRD"), "0123", NOON, NOON + 60,
		     text);
	CU_ASSERT_STRING_EQUAL(text, "id:0123 sub:001 dlvrd:001 submit date:"
		"2401011200 done date:2401011201 stat:DELIVRD err:000 text:");
	receipt_text(receipt_state_find("REJECTD"), "0123", NOON, NOON, text);
	CU_ASSERT_STRING_EQUAL(text, "id:0123 sub:001 dlvrd:000 submit date:"
		"2401011200 done date:2401011200 stat:REJECTD err:001 text:");
}

static int64_t parse(const char *text)
{
	int64_t t = -1;

	return smpp_time_parse(text, NOON, &t) ? -1 : t;
}

static void reads_absolute_times(void)
{
	CU_ASSERT_EQUAL(parse("240101120000000+"), NOON);
	CU_ASSERT_EQUAL(parse("240101120000000-"), NOON);
	CU_ASSERT_EQUAL(parse("240101130000004+"), NOON);
	CU_ASSERT_EQUAL(parse("240101110000004-"), NOON);
	CU_ASSERT_EQUAL(parse("240101120001900+"), NOON + 1);
	CU_ASSERT_EQUAL(parse("240102120000000+"), NOON + 86400);
}

static void reads_relative_times(void)
{
	CU_ASSERT_EQUAL(parse("000000000000000R"), NOON);
	CU_ASSERT_EQUAL(parse("000000010203000R"), NOON + 3723);
	CU_ASSERT_EQUAL(parse("000001000000000R"), NOON + 86400);
}

static void refuses_other_times(void)
{
	static const char *const bad[] = {
		"", "2", "240101120000000", "240101120000000+0",
		"240101120000000Z", "24010112000000a+", "240001120000000+",
		"241301120000000+", "240100120000000+", "240132120000000+",
		"240101240000000+", "240101126000000+", "240101120060000+",
		"240101120000049+", "-40101120000000+",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(parse(bad[i]), -1);
}

static void gives_receipts_when_they_are_due(void)
{
	struct receipt_queue q = { 0 };
	int64_t last = 0;
	unsigned n = 0, seed = 1;

	for (unsigned i = 0; i < 1000; i++) {
		seed = seed * 1103515245 + 12345;
		receipt_queue_put(&q, &(struct receipt){
			.due_ms = seed >> 16 & 0xff });
	}
	for (const struct receipt *r; (r = receipt_queue_next(&q)); n++) {
		CU_ASSERT(r->due_ms >= last);
		last = r->due_ms;
		receipt_queue_drop(&q);
	}
	CU_ASSERT_EQUAL(n, 1000);
	receipt_queue_free(&q);
}

static void keeps_the_order_of_those_due_together(void)
{
	struct receipt_queue q = { 0 };
	const struct receipt *r;

	for (uint64_t i = 0; i < 100; i++)
		receipt_queue_put(&q, &(struct receipt){ .session = i });
	for (uint64_t i = 0; i < 100; i++) {
		r = receipt_queue_next(&q);
		CU_ASSERT_PTR_NOT_NULL_FATAL(r);
		CU_ASSERT_EQUAL(r->session, i);
		receipt_queue_drop(&q);
	}
	CU_ASSERT_PTR_NULL(receipt_queue_next(&q));
	receipt_queue_free(&q);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "knows every final state", knows_every_final_state },
		{ "sends what registered_delivery asks for",
		  sends_what_registered_delivery_asks_for },
		{ "writes the text of appendix B",
		  writes_the_text_of_appendix_b },
		{ "reads absolute times", reads_absolute_times },
		{ "reads relative times", reads_relative_times },
		{ "refuses other times", refuses_other_times },
		{ "gives receipts when they are due",
		  gives_receipts_when_they_are_due },
		{ "keeps the order of those due together",
		  keeps_the_order_of_those_due_together },
		CU_TEST_INFO_NULL,
	};

	return tap_run("receipt", tests);
}
