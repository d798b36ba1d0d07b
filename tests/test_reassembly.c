/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/reassembly.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

#define TIMEOUT_MS 1000
#define N_SLOTS 2
#define MSG_MAX (SEGMENTS_MAX * 128)

static struct reassembly_slot slots[N_SLOTS];
static struct reassembly room;
static uint8_t message[MSG_MAX];

static void set_up(void)
{
	memset(slots, 0, sizeof(slots));
	room = (struct reassembly){ slots, N_SLOTS, TIMEOUT_MS };
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 31 + i / 251);
}

/* Splits len octets of message; returns the number of segments. */
static size_t split(unsigned reference, size_t len, struct segment *out,
		    size_t cap)
{
	struct segment_form form = {
		.dest_port = 2948,
		.source_port = 9200,
		.concat = reference > 255 ? UDH_CONCAT_16 : UDH_CONCAT_8,
		.reference = (uint16_t)reference,
	};
	size_t n = 0;

	CU_ASSERT_EQUAL_FATAL(segment_split(&form, message, len, out, cap,
					    &n), DM_OK);
	return n;
}

static int add_from(uint64_t peer, const struct segment *s, int64_t now_ms,
		    struct reassembled *out)
{
	return reassembly_add(&room, peer, s->octets, s->len, now_ms, out);
}

static int add(const struct segment *s, struct reassembled *out)
{
	return add_from(1, s, 0, out);
}

static void assert_message(const struct reassembled *got, size_t len)
{
	CU_ASSERT(tap_same(got->msg, got->len, message, len));
}

static void check_octets(const json_t *s, int want_rc,
			 struct reassembled *out)
{
	static uint8_t in[2 * VECTOR_OCTETS_MAX];
	size_t len = vector_hex(s, "udh_hex", in);

	len += vector_hex(s, "ud_hex", in + len);
	CU_ASSERT_EQUAL(reassembly_add(&room, 1, in, len, 0, out), want_rc);
}

/* Backwards, so that order plays no part. */
static void check_segments(const json_t *v, const char *field)
{
	const json_t *all = json_object_get(v, field);
	uint8_t want[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "wsp_hex", want);
	struct reassembled got = { .len = 0 };

	if (!all)
		return;
	for (size_t i = json_array_size(all); i-- > 0;)
		check_octets(json_array_get(all, i), i ? DM_EBUSY : DM_OK,
			     &got);
	CU_ASSERT(tap_same(got.msg, got.len, want, len));
	CU_ASSERT_EQUAL(got.udh.dest_port, 2948);
}

static void check_vector(const json_t *v)
{
	check_segments(v, "sms8");
	check_segments(v, "sms16");
}

static void joins_every_vector(void)
{
	set_up();
	vectors_each("notification", "vectors", check_vector);
}

static void joins_three_segments_in_any_order(void)
{
	static const uint8_t orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	struct reassembled got;
	struct segment s[3];

	set_up();
	CU_ASSERT_EQUAL(split(7, 300, s, 3), 3);
	for (size_t i = 0; i < 6; i++) {
		CU_ASSERT_EQUAL(add(&s[orders[i][0]], &got), DM_EBUSY);
		CU_ASSERT_EQUAL(add(&s[orders[i][1]], &got), DM_EBUSY);
		CU_ASSERT_EQUAL_FATAL(add(&s[orders[i][2]], &got), DM_OK);
		assert_message(&got, 300);
		CU_ASSERT_EQUAL(got.udh.index, orders[i][2] + 1);
	}
}

static void takes_a_segment_twice(void)
{
	struct reassembled got;
	struct segment s[3], other;

	set_up();
	split(7, 300, s, 3);
	other = s[1];
	other.octets[20] ^= 0xff;
	CU_ASSERT_EQUAL(add(&s[1], &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add(&s[1], &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add(&s[0], &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add(&other, &got), DM_EBUSY);
	CU_ASSERT_EQUAL_FATAL(add(&s[2], &got), DM_OK);
	assert_message(&got, 300);	/* the first to come counts */
}

static void passes_on_a_message_of_one_segment(void)
{
	struct reassembled got;
	struct segment s[1];

	set_up();
	split(7, 133, s, 1);
	CU_ASSERT_EQUAL_FATAL(add(s, &got), DM_OK);
	assert_message(&got, 133);
	CU_ASSERT_PTR_EQUAL(got.msg, s->octets + 7);
	CU_ASSERT_EQUAL(got.udh.concat, UDH_CONCAT_NONE);
	CU_ASSERT_EQUAL(reassembly_add(&room, 1,
		(const uint8_t *)"\5\0\3\7\1\1xy", 8, 0, &got), DM_OK);
	CU_ASSERT(tap_same(got.msg, got.len, "xy", 2));
	CU_ASSERT_EQUAL(reassembly_add(&room, 1,
		(const uint8_t *)"\5\0\3\7\1\1", 6, 0, &got), DM_OK);
	CU_ASSERT_EQUAL(got.len, 0);
}

/* What keeps s, the other half of a message, apart from its first half. */
static void assert_apart(const struct segment *first, uint64_t peer,
			 const struct segment *s)
{
	struct reassembled got;

	set_up();
	CU_ASSERT_EQUAL(add(first, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(peer, s, 0, &got), DM_EBUSY);
}

static struct segment changed(struct segment s, size_t at, uint8_t octet)
{
	s.octets[at] = octet;
	return s;
}

/* 0b 05 04 0b84 23f0 00 03 ref total index */
static void keeps_messages_apart(void)
{
	struct segment s[2], long_ref[2], other;
	struct reassembled got;

	set_up();
	split(7, 200, s, 2);
	assert_apart(&s[0], 2, &s[1]);
	other = changed(s[1], 3, 0x0c);		/* destination port */
	assert_apart(&s[0], 1, &other);
	other = changed(s[1], 6, 0xf1);		/* source port */
	assert_apart(&s[0], 1, &other);
	other = changed(s[1], 9, 8);		/* reference */
	assert_apart(&s[0], 1, &other);
	other = changed(s[0], 10, 3);		/* total */
	assert_apart(&other, 1, &s[1]);

	split(0x107, 200, long_ref, 2);		/* kind of reference */
	other = changed(long_ref[1], 9, 0);
	assert_apart(&s[0], 1, &other);
	CU_ASSERT_EQUAL(add(&s[1], &got), DM_OK);	/* and s is whole */
}

static void keeps_ports_and_no_ports_apart(void)
{
	struct reassembled got;

	set_up();
	CU_ASSERT_EQUAL(reassembly_add(&room, 1,
		(const uint8_t *)"\5\0\3\7\2\1a", 7, 0, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(reassembly_add(&room, 1,
		(const uint8_t *)"\x0b\5\4\0\0\0\0\0\3\7\2\2b", 13, 0, &got),
		DM_EBUSY);
	CU_ASSERT_EQUAL(reassembly_add(&room, 1,
		(const uint8_t *)"\5\0\3\7\2\2b", 7, 0, &got), DM_OK);
	CU_ASSERT(tap_same(got.msg, got.len, "ab", 2));
}

static void joins_two_messages_that_come_interleaved(void)
{
	struct segment s[3], other[2];
	struct reassembled got;

	set_up();
	split(7, 300, s, 3);
	split(8, 200, other, 2);
	CU_ASSERT_EQUAL(add(&s[2], &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add(&other[1], &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add(&s[0], &got), DM_EBUSY);
	CU_ASSERT_EQUAL_FATAL(add(&other[0], &got), DM_OK);
	assert_message(&got, 200);
	CU_ASSERT_EQUAL_FATAL(add(&s[1], &got), DM_OK);
	assert_message(&got, 300);
}

static void drops_a_message_that_is_not_complete_in_time(void)
{
	struct reassembled got;
	struct segment s[2];

	set_up();
	split(7, 200, s, 2);
	CU_ASSERT_EQUAL(add_from(1, &s[0], 5, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &s[1], 5 + TIMEOUT_MS - 1, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &s[0], 5, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &s[1], 5 + TIMEOUT_MS, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &s[0], 6 + TIMEOUT_MS, &got), DM_OK);
	assert_message(&got, 200);
}

/* Three messages of two segments each, for two slots. */
static struct segment a[2], b[2], c[2];

static void set_up_three(void)
{
	set_up();
	split(1, 200, a, 2);
	split(2, 200, b, 2);
	split(3, 200, c, 2);
}

static void drops_the_oldest_message_when_room_is_needed(void)
{
	struct reassembled got;

	set_up_three();
	CU_ASSERT_EQUAL(add_from(1, &b[0], 11, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &a[0], 10, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &c[0], 12, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &b[1], 13, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &c[1], 13, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &a[1], 13, &got), DM_EBUSY);
}

static void takes_a_timed_out_slot_before_a_waiting_one(void)
{
	struct reassembled got;
	int64_t late = 10 + TIMEOUT_MS;

	set_up_three();
	CU_ASSERT_EQUAL(add_from(1, &a[0], 20, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &b[0], 10, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &c[0], late, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &a[1], late, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &c[1], late, &got), DM_OK);
}

/* b waits; a comes and goes, before or after b's first segment. */
static void assert_waiting_is_kept(int64_t a_ms, int64_t b_ms)
{
	struct reassembled got;

	set_up_three();
	if (a_ms < b_ms)
		CU_ASSERT_EQUAL(add_from(1, &a[0], a_ms, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &b[0], b_ms, &got), DM_EBUSY);
	if (a_ms > b_ms)
		CU_ASSERT_EQUAL(add_from(1, &a[0], a_ms, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &a[1], 7, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &c[0], 8, &got), DM_EBUSY);
	CU_ASSERT_EQUAL(add_from(1, &b[1], 8, &got), DM_OK);
	CU_ASSERT_EQUAL(add_from(1, &c[1], 8, &got), DM_OK);
}

static void takes_a_free_slot_before_a_waiting_one(void)
{
	assert_waiting_is_kept(5, 6);
	assert_waiting_is_kept(6, 5);
}

static void joins_255_segments_in_random_order(uint64_t *state)
{
	static struct segment s[SEGMENTS_MAX];
	size_t order[SEGMENTS_MAX], n = split(9, MSG_MAX, s, SEGMENTS_MAX);
	struct reassembled got = { .len = 0 };

	for (size_t i = 0; i < n; i++) {
		size_t k = tap_random_below(state, i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_EQUAL(add(&s[order[i]], &got),
				i + 1 < n ? DM_EBUSY : DM_OK);
	assert_message(&got, MSG_MAX);
}

static void joins_255_segments(void)
{
	set_up();
	tap_property(20, joins_255_segments_in_random_order);
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct reassembled got = { .len = 77 };

	CU_ASSERT_EQUAL(reassembly_add(&room, 1, in, len, 0, &got),
			DM_EPROTO);
	CU_ASSERT_EQUAL(got.len, 77);
}

static void refuses_what_has_no_header(void)
{
	static uint8_t too_long[SEGMENT_OCTETS_MAX + 1];
	struct segment s[2];

	set_up();
	split(7, 200, s, 2);
	tap_each_cut(s[0].octets, s[0].udh_len, check_cut);
	check_cut(too_long, sizeof(too_long));
	CU_ASSERT_FALSE(slots[0].busy);
}

static CU_TestInfo tests[] = {
	{ "joins every vector", joins_every_vector },
	{ "joins three segments in any order",
	  joins_three_segments_in_any_order },
	{ "takes a segment twice", takes_a_segment_twice },
	{ "passes on a message of one segment",
	  passes_on_a_message_of_one_segment },
	{ "keeps messages apart", keeps_messages_apart },
	{ "keeps ports and no ports apart", keeps_ports_and_no_ports_apart },
	{ "joins two messages that come interleaved",
	  joins_two_messages_that_come_interleaved },
	{ "drops a message that is not complete in time",
	  drops_a_message_that_is_not_complete_in_time },
	{ "drops the oldest message when room is needed",
	  drops_the_oldest_message_when_room_is_needed },
	{ "takes a timed-out slot before a waiting one",
	  takes_a_timed_out_slot_before_a_waiting_one },
	{ "takes a free slot before a waiting one",
	  takes_a_free_slot_before_a_waiting_one },
	{ "joins 255 segments in random order", joins_255_segments },
	{ "refuses what has no header", refuses_what_has_no_header },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("reassembly", tests);
}
