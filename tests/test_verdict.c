/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/verdict.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define OK SEGMENT_REPORTED_OK
#define LATER SEGMENT_REPORTED_LATER
#define NEVER SEGMENT_REPORTED_BAD
#define BACK SEGMENT_GIVEN_BACK
#define NOTHING (-1)

static int verdict(enum box_dlr dlr, const char *text, size_t len)
{
	enum segment_event event = SEGMENT_ACKED;
	bool final = verdict_of_report(dlr, (const uint8_t *)text, len,
				       &event);

	return final ? (int)event : NOTHING;
}

/* As bearerbox passes an SMPP receipt on. */
static int receipt(enum box_dlr dlr, const char *stat, const char *err)
{
	char text[200];

	snprintf(text, sizeof(text), "id:123 sub:001 dlvrd:000 submit date:"
		 "2611221800 done date:2611221801 stat:%s err:%s text:", stat,
		 err);
	return verdict(dlr, text, strlen(text));
}

static int nack(const char *text)
{
	return verdict(BOX_DLR_SMSC_REFUSED, text, strlen(text));
}

static void an_ack_says_whether_bearerbox_has_it(void)
{
	static const enum segment_event events[] = {
		[BOX_ACK_SUCCESS] = SEGMENT_ACKED,
		[BOX_ACK_FAILED] = SEGMENT_NACKED,
		[BOX_ACK_FAILED_TMP] = SEGMENT_NOT_NOW,
		[BOX_ACK_BUFFERED] = SEGMENT_ACKED,
	};

	for (unsigned i = 0; i < 4; i++) {
		const struct verdict *v = verdict_of_ack(i);

		CU_ASSERT_EQUAL(v->event, events[i]);
		CU_ASSERT_EQUAL(v->reason[0] != '\0',
				v->event != SEGMENT_ACKED);
	}
}

static void a_device_that_is_off_may_come_back(void)
{
	CU_ASSERT_EQUAL(receipt(BOX_DLR_FAILED, "UNDELIV", "001"), LATER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_FAILED, "EXPIRED", "000"), LATER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_EXPIRED, "EXPIRED", "000"), LATER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_UNKNOWN, "UNKNOWN", "255"), LATER);
}

static void what_was_rejected_stays_rejected(void)
{
	CU_ASSERT_EQUAL(receipt(BOX_DLR_FAILED, "REJECTD", "000"), NEVER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_FAILED, "DELETED", "000"), NEVER);
}

static void the_reason_counts_more_than_the_code(void)
{
	CU_ASSERT_EQUAL(receipt(BOX_DLR_SMSC_REFUSED, "UNDELIV", "1"), LATER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_EXPIRED, "REJECTD", "1"), NEVER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_FAILED, "rejectd", "1"), NEVER);
	CU_ASSERT_EQUAL(receipt(BOX_DLR_DELIVERED, "UNDELIV", "1"), OK);
}

static void without_a_known_reason_the_code_counts(void)
{
	static const char *const texts[] = {
		"", "stat:", "stat:UNDELI", "stat:NEW", "NACK/", "NACK/0x",
		"stat REJECTD", "err:011", "text:stat:REJECTD",
		"id:1 text:stat:REJECTD",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t len = strlen(texts[i]);

		CU_ASSERT_EQUAL(verdict(BOX_DLR_FAILED, texts[i], len), LATER);
		CU_ASSERT_EQUAL(verdict(BOX_DLR_UNKNOWN, texts[i], len),
				LATER);
		CU_ASSERT_EQUAL(verdict(BOX_DLR_SMSC_REFUSED, texts[i], len),
				NEVER);
		CU_ASSERT_EQUAL(verdict(BOX_DLR_DELIVERED, texts[i], len), OK);
	}
	CU_ASSERT_EQUAL(verdict(BOX_DLR_FAILED, NULL, 0), LATER);
}

static void what_the_smsc_refused_now_it_may_take_later(void)
{
	CU_ASSERT_EQUAL(nack("NACK/0x0000000b/Invalid Destination Address"),
			NEVER);
	CU_ASSERT_EQUAL(nack("NACK/0x0000000a/Invalid Source Address"), NEVER);
	CU_ASSERT_EQUAL(nack("NACK/no SMSC"), NEVER);
	CU_ASSERT_EQUAL(nack("NACK/0x00000008/System Error"), LATER);
	CU_ASSERT_EQUAL(nack("NACK/0x00000064/Temporary"), LATER);
	CU_ASSERT_EQUAL(nack("NACK/0x000000FE/Delivery failure"), LATER);
	CU_ASSERT_EQUAL(nack("NACK/validity expired"), LATER);
}

static void what_the_smsc_had_no_room_for_comes_back(void)
{
	CU_ASSERT_EQUAL(nack("NACK/0x00000058/Throttling error"), BACK);
	CU_ASSERT_EQUAL(nack("NACK/0x00000014/Message Queue Full"), BACK);
	CU_ASSERT_EQUAL(nack("NACK/Retries Exceeded"), BACK);
}

static void a_report_on_the_way_tells_nothing_final(void)
{
	CU_ASSERT_EQUAL(receipt(BOX_DLR_BUFFERED, "ENROUTE", "0"), NOTHING);
	CU_ASSERT_EQUAL(verdict(BOX_DLR_SMSC_TOOK, "ACK/", 4), NOTHING);
	CU_ASSERT_EQUAL(verdict(0, "stat:REJECTD", 12), NOTHING);
}

static size_t plain(const char *text)
{
	return verdict_text_len((const uint8_t *)text, strlen(text));
}

static void what_a_receipt_repeats_of_the_message_is_left_out(void)
{
	CU_ASSERT_EQUAL(plain("stat:UNDELIV err:001 text:secret"), 21);
	CU_ASSERT_EQUAL(plain("stat:UNDELIV Text:secret text:"), 13);
	CU_ASSERT_EQUAL(plain("text:stat:UNDELIV"), 0);
	CU_ASSERT_EQUAL(plain("NACK/0x0000000b/text"), 20);
	CU_ASSERT_EQUAL(plain("stat:UNDELIV text"), 17);
	CU_ASSERT_EQUAL(verdict_text_len(NULL, 0), 0);
}

/* Cut anywhere: read no further, and never a worse verdict than the whole. */
static void a_text_that_is_cut_is_read_as_far_as_it_goes(void)
{
	static const char whole[] = "id:1 stat:REJECTD err:011 text:";

	for (size_t len = 0; len < sizeof(whole); len++) {
		char cut[sizeof(whole)];

		memset(cut, 'x', sizeof(cut));
		memcpy(cut, whole, len);
		CU_ASSERT_EQUAL(verdict(BOX_DLR_FAILED, cut, len),
				len < 17 ? LATER : NEVER);
	}
}

static void any_octets_are_judged(uint64_t *state)
{
	char text[64];
	size_t len = (size_t)tap_random_below(state, sizeof(text));

	for (size_t i = 0; i < len; i++)
		text[i] = "stexNACK/0x:\0\xff"[tap_random_below(state, 14)];
	CU_ASSERT(verdict(BOX_DLR_FAILED, text, len) != NOTHING);
}

static void whatever_the_text_there_is_a_verdict(void)
{
	tap_property(2000, any_octets_are_judged);
}

int main(void)
{
	return tap_run("verdict", (CU_TestInfo[]){
		{ "an ack says whether bearerbox has it",
		  an_ack_says_whether_bearerbox_has_it },
		{ "a device that is off may come back",
		  a_device_that_is_off_may_come_back },
		{ "what was rejected stays rejected",
		  what_was_rejected_stays_rejected },
		{ "the reason counts more than the code",
		  the_reason_counts_more_than_the_code },
		{ "without a known reason the code counts",
		  without_a_known_reason_the_code_counts },
		{ "what the SMSC refused now it may take later",
		  what_the_smsc_refused_now_it_may_take_later },
		{ "what the SMSC had no room for comes back",
		  what_the_smsc_had_no_room_for_comes_back },
		{ "what a receipt repeats of the message is left out",
		  what_a_receipt_repeats_of_the_message_is_left_out },
		{ "a report on the way tells nothing final",
		  a_report_on_the_way_tells_nothing_final },
		{ "a text that is cut is read as far as it goes",
		  a_text_that_is_cut_is_read_as_far_as_it_goes },
		{ "whatever the text, there is a verdict",
		  whatever_the_text_there_is_a_verdict },
		CU_TEST_INFO_NULL,
	});
}
