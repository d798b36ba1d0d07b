/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/bits.h"

#include <string.h>

#include "tests/tap.h"

static void puts_bits_most_significant_first(void)
{
	uint8_t out[8];
	struct writer w = { .buf = out, .cap = sizeof(out) };
	size_t len;

	put_bits(&w, 5, 3);		/* 101 */
	put_bits(&w, 0x1ff, 9);		/* 1 1111 1111 */
	put_bits(&w, 0, 4);
	put_bits(&w, 0xdeadbeef, 32);
	CU_ASSERT_EQUAL(put_done(&w, &len), DM_OK);
	CU_ASSERT(tap_same(out, len, "\xbf\xf0\xde\xad\xbe\xef", 6));
}

static void gets_bits_most_significant_first(void)
{
	struct reader r = { .buf = (const uint8_t *)"\xbf\xf0\xde\xad\xbe\xef",
			    .len = 6 };

	CU_ASSERT_EQUAL(get_bits(&r, 3), 5);
	CU_ASSERT_EQUAL(get_bits(&r, 9), 0x1ff);
	CU_ASSERT_EQUAL(get_bits(&r, 4), 0);
	CU_ASSERT_EQUAL(get_bits(&r, 32), 0xdeadbeef);
	CU_ASSERT_EQUAL(get_left(&r), 0);
	CU_ASSERT_EQUAL(r.err, DM_OK);
	CU_ASSERT_EQUAL(get_bits(&r, 1), 0);
	CU_ASSERT_EQUAL(r.err, DM_EPROTO);
}

static void keeps_the_order_of_octets(void)
{
	static const uint8_t want[] = {
		0xab, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04,
		0x04, 0x03, 0x02, 0x01, 'x', 'y',
	};
	uint8_t out[sizeof(want)];
	struct writer w = { .buf = out, .cap = sizeof(out) };
	struct reader r = { .buf = want, .len = sizeof(want) };
	size_t len;

	put_u8(&w, 0xab);
	put_u16(&w, 0x1234);
	put_u32(&w, 0x01020304);
	put_le32(&w, 0x01020304);
	put_mem(&w, "xy", 2);
	put_mem(&w, NULL, 0);
	CU_ASSERT_EQUAL(put_done(&w, &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, sizeof(want)));

	CU_ASSERT_EQUAL(get_u8(&r), 0xab);
	CU_ASSERT_EQUAL(get_u16(&r), 0x1234);
	CU_ASSERT_EQUAL(get_u32(&r), 0x01020304);
	CU_ASSERT_EQUAL(get_u32(&r), 0x04030201);
	CU_ASSERT_EQUAL(get_left(&r), 2);
	CU_ASSERT(tap_same(get_mem(&r, 2), 2, "xy", 2));
	CU_ASSERT_EQUAL(r.err, DM_OK);
}

/* One call of each kind with the value, into ten octets. */
static int put(char kind, size_t value, unsigned nbits)
{
	uint8_t out[10];
	struct writer w = { .buf = out, .cap = sizeof(out) };
	size_t len;

	switch (kind) {
	case '1': put_u8(&w, value); break;
	case '2': put_u16(&w, value); break;
	case '4': put_u32(&w, value); break;
	case 'l': put_le32(&w, value); break;
	case 'b':
		put_bits(&w, (uint32_t)value, nbits);
		if (nbits % 8)
			put_bits(&w, 0, 8 - nbits % 8);
		break;
	}
	return put_done(&w, &len);
}

static void refuses_a_value_too_big_for_its_field(void)
{
	CU_ASSERT_EQUAL(put('1', 0xff, 0), DM_OK);
	CU_ASSERT_EQUAL(put('1', 0x100, 0), DM_ERANGE);
	CU_ASSERT_EQUAL(put('2', 0xffff, 0), DM_OK);
	CU_ASSERT_EQUAL(put('2', 0x10000, 0), DM_ERANGE);
	CU_ASSERT_EQUAL(put('4', 0xffffffff, 0), DM_OK);
	CU_ASSERT_EQUAL(put('4', (size_t)UINT32_MAX + 1, 0), DM_ERANGE);
	CU_ASSERT_EQUAL(put('l', 0xffffffff, 0), DM_OK);
	CU_ASSERT_EQUAL(put('l', (size_t)UINT32_MAX + 1, 0), DM_ERANGE);
	for (unsigned n = 1; n < 32; n++) {
		CU_ASSERT_EQUAL(put('b', (1u << n) - 1, n), DM_OK);
		CU_ASSERT_EQUAL(put('b', 1u << n, n), DM_ERANGE);
	}
	CU_ASSERT_EQUAL(put('b', UINT32_MAX, 32), DM_OK);
}

/* Asks for 1 + 2 + 4 + 3 + 2 octets. */
static void put_twelve(uint8_t *out, size_t cap)
{
	struct writer w = { .buf = out, .cap = cap };
	size_t len = 77;

	put_u8(&w, 1);
	put_bits(&w, 2, 16);
	put_u32(&w, 3);
	put_mem(&w, "abc", 3);
	put_uintvar(&w, 300);
	CU_ASSERT_EQUAL(put_done(&w, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
	CU_ASSERT(w.len <= cap);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(12, put_twelve);
}

static void get_twelve(const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	size_t left;

	get_u8(&r);
	get_bits(&r, 16);
	get_u32(&r);
	get_mem(&r, 3);
	get_uintvar(&r);
	CU_ASSERT_EQUAL(r.err, DM_EPROTO);
	CU_ASSERT_EQUAL(get_u8(&r), 0);
	CU_ASSERT_EQUAL(get_bits(&r, 7), 0);
	CU_ASSERT_PTR_NULL(get_mem(&r, 0));
	CU_ASSERT_PTR_NULL(get_text(&r, &left));
	CU_ASSERT_EQUAL(left, 0);
	CU_ASSERT_PTR_NULL(get_rest(&r, &left));
	CU_ASSERT_EQUAL(left, 0);
	CU_ASSERT_EQUAL(get_left(&r), 0);
}

static void refuses_every_cut_input(void)
{
	tap_each_cut((const uint8_t *)"\1\0\2\0\0\0\3abc\x82\x2c", 12,
		     get_twelve);
}

static void keeps_the_first_error(void)
{
	uint8_t out[2];
	struct writer w = { .buf = out, .cap = sizeof(out) };
	size_t len = 77;

	put_u8(&w, 256);
	put_u32(&w, 1);
	put_u8(&w, 1);
	CU_ASSERT_EQUAL(w.len, 0);
	CU_ASSERT_EQUAL(put_done(&w, &len), DM_ERANGE);

	w = (struct writer){ .buf = out, .cap = sizeof(out) };
	put_u32(&w, 1);
	put_u8(&w, 256);
	CU_ASSERT_EQUAL(put_done(&w, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

/* WAP-230-WSP, 8.1.2: its own example is 0x87a5 as 82 8f 25. */
static const struct {
	uint32_t value;
	const char *octets;
	size_t len;
} uintvars[] = {
	{ 0, "\x00", 1 },
	{ 0x7f, "\x7f", 1 },
	{ 0x80, "\x81\x00", 2 },
	{ 0x3fff, "\xff\x7f", 2 },
	{ 0x4000, "\x81\x80\x00", 3 },
	{ 0x87a5, "\x82\x8f\x25", 3 },
	{ 0x1fffff, "\xff\xff\x7f", 3 },
	{ 0x200000, "\x81\x80\x80\x00", 4 },
	{ 0xfffffff, "\xff\xff\xff\x7f", 4 },
	{ 0x10000000, "\x81\x80\x80\x80\x00", 5 },
	{ 0xffffffff, "\x8f\xff\xff\xff\x7f", 5 },
};

static void writes_and_reads_uintvars(void)
{
	for (size_t i = 0; i < sizeof(uintvars) / sizeof(uintvars[0]); i++) {
		const uint8_t *want = (const uint8_t *)uintvars[i].octets;
		struct reader r = { .buf = want, .len = uintvars[i].len };
		uint8_t out[5];
		struct writer w = { .buf = out, .cap = sizeof(out) };
		size_t len = 0;

		put_uintvar(&w, uintvars[i].value);
		CU_ASSERT_EQUAL(put_done(&w, &len), DM_OK);
		CU_ASSERT(tap_same(out, len, want, uintvars[i].len));
		CU_ASSERT_EQUAL(get_uintvar(&r), uintvars[i].value);
		CU_ASSERT_EQUAL(r.err, DM_OK);
		CU_ASSERT_EQUAL(get_left(&r), 0);
	}
}

static int uintvar_error(const char *octets, size_t len)
{
	struct reader r = { .buf = (const uint8_t *)octets, .len = len };

	CU_ASSERT_EQUAL(get_uintvar(&r), 0);
	return r.err;
}

static void refuses_a_uintvar_of_more_than_32_bits(void)
{
	CU_ASSERT_EQUAL(uintvar_error("\x90\x80\x80\x80\x00", 5), DM_EPROTO);
	CU_ASSERT_EQUAL(uintvar_error("\xff\xff\xff\xff\x7f", 5), DM_EPROTO);
	CU_ASSERT_EQUAL(uintvar_error("\x80\x80\x80\x80\x80\x01", 6),
			DM_EPROTO);
	CU_ASSERT_EQUAL(uintvar_error("\x80\x80\x80\x80\x00", 5), DM_OK);
	CU_ASSERT_EQUAL(uintvar_error("\x81", 1), DM_EPROTO);
}

static void reads_texts_up_to_their_nul(void)
{
	struct reader r = { .buf = (const uint8_t *)"ab\0\0cd", .len = 6 };
	size_t len = 77;

	CU_ASSERT_STRING_EQUAL(get_text(&r, &len), "ab");
	CU_ASSERT_EQUAL(len, 2);
	CU_ASSERT_STRING_EQUAL(get_text(&r, &len), "");
	CU_ASSERT_EQUAL(len, 0);
	CU_ASSERT_PTR_NULL(get_text(&r, &len));
	CU_ASSERT_EQUAL(r.err, DM_EPROTO);
}

static void counts_whole_octets_as_left(void)
{
	struct reader r = { .buf = (const uint8_t *)"abc", .len = 3 };
	size_t len = 77;

	get_bits(&r, 1);
	CU_ASSERT_EQUAL(get_left(&r), 2);
	get_bits(&r, 7);
	CU_ASSERT_EQUAL(get_left(&r), 2);
	CU_ASSERT(tap_same(get_rest(&r, &len), 2, "bc", 2));
	CU_ASSERT_EQUAL(len, 2);
	CU_ASSERT_PTR_NOT_NULL(get_rest(&r, &len));
	CU_ASSERT_EQUAL(len, 0);
}

/* Fields of random widths, written and read back. */
static void round_trip(uint64_t *state)
{
	uint32_t values[40];
	unsigned widths[40], total = 0;
	uint8_t out[40 * 4 + 1];
	struct writer w = { .buf = out, .cap = sizeof(out) };
	struct reader r = { .buf = out };

	for (size_t i = 0; i < 40; i++) {
		widths[i] = 1 + (unsigned)tap_random_below(state, 32);
		values[i] = (uint32_t)(tap_random(state) >> 32) >>
			    (32 - widths[i]);
		put_bits(&w, values[i], widths[i]);
		total += widths[i];
	}
	CU_ASSERT_EQUAL(w.err, DM_OK);
	CU_ASSERT_EQUAL(w.len, (total + 7) / 8);
	r.len = w.len;
	for (size_t i = 0; i < 40; i++)
		CU_ASSERT_EQUAL(get_bits(&r, widths[i]), values[i]);
	CU_ASSERT_EQUAL(r.err, DM_OK);
}

static void reads_back_fields_of_any_width(void)
{
	tap_property(500, round_trip);
}

static CU_TestInfo tests[] = {
	{ "puts bits most significant first",
	  puts_bits_most_significant_first },
	{ "gets bits most significant first",
	  gets_bits_most_significant_first },
	{ "keeps the order of octets", keeps_the_order_of_octets },
	{ "refuses a value too big for its field",
	  refuses_a_value_too_big_for_its_field },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "keeps the first error", keeps_the_first_error },
	{ "writes and reads uintvars", writes_and_reads_uintvars },
	{ "refuses a uintvar of more than 32 bits",
	  refuses_a_uintvar_of_more_than_32_bits },
	{ "reads texts up to their NUL", reads_texts_up_to_their_nul },
	{ "counts whole octets as left", counts_whole_octets_as_left },
	{ "reads back fields of any width", reads_back_fields_of_any_width },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("bits", tests);
}
