/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/segment.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

#define ONE_MAX 133	/* 140 octets less 7 of UDH */
#define PART_8 128	/* 140 less 12 */
#define PART_16 127	/* 140 less 13 */

static const struct segment_form form_8 = {
	.dest_port = 2948,
	.source_port = 9200,
	.concat = UDH_CONCAT_8,
	.reference = 0x5b,
};

static const struct segment_form form_16 = {
	.dest_port = 2948,
	.source_port = 9200,
	.concat = UDH_CONCAT_16,
	.reference = 0x121b,
};

static const struct segment_form form_none = {
	.dest_port = 2948,
	.source_port = 9200,
};

static struct segment segments[SEGMENTS_MAX + 1];
static uint8_t message[SEGMENTS_MAX * PART_8 + 1];

static void fill_message(void)
{
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 31 + i / 251);
}

static void assert_segment(const struct segment *s, const json_t *want)
{
	uint8_t octets[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(want, "udh_hex", octets);

	CU_ASSERT(tap_same(s->octets, s->udh_len, octets, len));
	len = vector_hex(want, "ud_hex", octets);
	CU_ASSERT(tap_same(s->octets + s->udh_len,
			   (size_t)s->len - s->udh_len, octets, len));
}

/* The reference is the one that stands in the vector's own UDH. */
static void check_segments(const json_t *v, const char *field,
			   struct segment_form form)
{
	const json_t *want = json_object_get(v, field);
	uint8_t wsp[VECTOR_OCTETS_MAX], udh[VECTOR_OCTETS_MAX];
	size_t wsp_len = vector_hex(v, "wsp_hex", wsp), n = 0;
	struct udh u;

	if (!want)
		return;
	CU_ASSERT_FALSE(udh_decode(&u, udh,
		vector_hex(json_array_get(want, 0), "udh_hex", udh)));
	form.reference = u.reference;
	CU_ASSERT_EQUAL(segment_split(&form, wsp, wsp_len, segments,
				      json_array_size(want), &n), DM_OK);
	CU_ASSERT_EQUAL_FATAL(n, json_array_size(want));
	CU_ASSERT_EQUAL(segment_count(&form, wsp_len), n);
	for (size_t i = 0; i < n; i++)
		assert_segment(&segments[i], json_array_get(want, i));
}

static void check_vector(const json_t *v)
{
	CU_ASSERT(vector_has(v, "sms8"));
	check_segments(v, "sms8", form_8);
	check_segments(v, "sms16", form_16);
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", check_vector) >=
		  37);
}

static void counts_segments_at_every_edge(void)
{
	CU_ASSERT_EQUAL(segment_count(&form_8, 0), 1);
	CU_ASSERT_EQUAL(segment_count(&form_8, ONE_MAX), 1);
	CU_ASSERT_EQUAL(segment_count(&form_8, ONE_MAX + 1), 2);
	for (size_t n = 2; n <= SEGMENTS_MAX; n++) {
		CU_ASSERT_EQUAL(segment_count(&form_8, n * PART_8), n);
		CU_ASSERT_EQUAL(segment_count(&form_8, n * PART_8 + 1),
				n < SEGMENTS_MAX ? n + 1 : 0);
		CU_ASSERT_EQUAL(segment_count(&form_16, n * PART_16), n);
		CU_ASSERT_EQUAL(segment_count(&form_16, n * PART_16 + 1),
				n < SEGMENTS_MAX ? n + 1 : 0);
	}
	CU_ASSERT_EQUAL(segment_count(&form_8, SIZE_MAX / 2), 0);
	CU_ASSERT_EQUAL(segment_count(&form_8, SIZE_MAX), 0);
}

/* Splits len octets of message and puts them together by hand. */
static void assert_split(const struct segment_form *form, size_t len)
{
	size_t n = 0, at = 0;

	CU_ASSERT_EQUAL_FATAL(segment_split(form, message, len, segments,
					    SEGMENTS_MAX, &n), DM_OK);
	CU_ASSERT_EQUAL(n, segment_count(form, len));
	for (size_t i = 0; i < n; i++) {
		const struct segment *s = &segments[i];
		size_t part = (size_t)s->len - s->udh_len;
		struct udh u;

		CU_ASSERT(s->len <= SEGMENT_OCTETS_MAX);
		CU_ASSERT(i + 1 == n || s->len == SEGMENT_OCTETS_MAX);
		CU_ASSERT_EQUAL(udh_decode(&u, s->octets, s->len), DM_OK);
		CU_ASSERT_EQUAL(u.len, s->udh_len);
		CU_ASSERT_EQUAL(u.index, n > 1 ? i + 1 : 0);
		CU_ASSERT_EQUAL(u.total, n > 1 ? n : 0);
		CU_ASSERT(tap_same(s->octets + s->udh_len, part, message + at,
				   part));
		at += part;
	}
	CU_ASSERT_EQUAL(at, len);
}

static void splits_messages_of_every_length(void)
{
	fill_message();
	for (size_t len = 0; len < 600; len++) {
		assert_split(&form_8, len);
		assert_split(&form_16, len);
	}
	assert_split(&form_8, SEGMENTS_MAX * PART_8);
	assert_split(&form_16, SEGMENTS_MAX * PART_16);
}

static int split(struct segment_form form, unsigned reference, size_t len,
		 size_t cap)
{
	size_t n = 777;
	int rc;

	form.reference = (uint16_t)reference;
	rc = segment_split(&form, message, len, segments, cap, &n);
	CU_ASSERT_EQUAL(n == 777, rc != DM_OK);
	return rc;
}

static void refuses_a_message_of_more_than_255_segments(void)
{
	CU_ASSERT_EQUAL(split(form_8, 0, SEGMENTS_MAX * PART_8,
			      SEGMENTS_MAX), DM_OK);
	CU_ASSERT_EQUAL(split(form_8, 0, SEGMENTS_MAX * PART_8 + 1,
			      SEGMENTS_MAX + 1), DM_ENOSPC);
}

static void refuses_every_short_array(void)
{
	for (size_t cap = 0; cap < 5; cap++)
		CU_ASSERT_EQUAL(split(form_8, 0, 5 * PART_8, cap), DM_ENOSPC);
	CU_ASSERT_EQUAL(split(form_8, 0, 5 * PART_8, 5), DM_OK);
	CU_ASSERT_EQUAL(split(form_8, 0, 0, 0), DM_ENOSPC);
}

static void refuses_a_reference_that_does_not_fit(void)
{
	CU_ASSERT_EQUAL(split(form_8, 255, 300, 3), DM_OK);
	CU_ASSERT_EQUAL(split(form_8, 256, 300, 3), DM_ERANGE);
	CU_ASSERT_EQUAL(split(form_16, 256, 300, 3), DM_OK);
	CU_ASSERT_EQUAL(split(form_8, 256, ONE_MAX, 1), DM_OK);
}

static void refuses_to_cut_without_concatenation(void)
{
	CU_ASSERT_EQUAL(segment_count(&form_none, ONE_MAX), 1);
	CU_ASSERT_EQUAL(segment_count(&form_none, ONE_MAX + 1), 0);
	CU_ASSERT_EQUAL(split(form_none, 0, ONE_MAX, 1), DM_OK);
	CU_ASSERT_EQUAL(split(form_none, 0, ONE_MAX + 1, 9), DM_ENOSPC);
}

static void takes_an_empty_message_that_stands_nowhere(void)
{
	size_t n = 0;

	CU_ASSERT_EQUAL(segment_split(&form_8, NULL, 0, segments, 1, &n),
			DM_OK);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(segments[0].len, 7);
	CU_ASSERT_EQUAL(segments[0].udh_len, 7);
}

static CU_TestInfo tests[] = {
	{ "agrees with every vector, 8 and 16 bit reference",
	  agrees_with_every_vector },
	{ "counts segments at every edge", counts_segments_at_every_edge },
	{ "splits messages of every length",
	  splits_messages_of_every_length },
	{ "refuses a message of more than 255 segments",
	  refuses_a_message_of_more_than_255_segments },
	{ "refuses every short array", refuses_every_short_array },
	{ "refuses a reference that does not fit",
	  refuses_a_reference_that_does_not_fit },
	{ "refuses to cut without concatenation",
	  refuses_to_cut_without_concatenation },
	{ "takes an empty message that stands nowhere",
	  takes_an_empty_message_that_stands_nowhere },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("segment", tests);
}
