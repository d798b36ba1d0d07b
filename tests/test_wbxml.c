/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/wbxml.h"

#include <string.h>

#include "tests/bootstrap_vectors.h"
#include "tests/tap.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* DM vectors say 1.2 or 1.3; those of CP are 1.3 with public id 0x0b. */
static void check_vector(const struct bootstrap_vector *v)
{
	struct wbxml_head h;
	bool is_dm112 = !strncmp(v->name, "dm112", 5);
	bool is_dm = is_dm112 || !strncmp(v->name, "dm12", 4);

	CU_ASSERT_EQUAL_FATAL(wbxml_head_decode(&h, v->body, v->body_len),
			      DM_OK);
	CU_ASSERT_EQUAL(h.version, v->body[0]);
	CU_ASSERT(h.version == 3 || (is_dm && h.version == 2));
	CU_ASSERT_EQUAL(h.public_id, is_dm112 ? WBXML_PUBLIC_SYNCML_11 :
				     is_dm ? WBXML_PUBLIC_SYNCML_12 :
					     WBXML_PUBLIC_PROV);
	CU_ASSERT_EQUAL(h.charset, WBXML_CHARSET_UTF8);
	CU_ASSERT_PTR_EQUAL(h.strings + h.strings_len, v->body + h.len);
	/* The root comes next: wap-provisioningdoc or SyncML. */
	CU_ASSERT_EQUAL(v->body[h.len] & 0x3f, is_dm ? 0x2d : 0x05);
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(bootstrap_vectors_each(check_vector) >= 69);
}

static struct wbxml_head decode(const char *octets, size_t len)
{
	struct wbxml_head h = { .version = 77 };

	CU_ASSERT_EQUAL(wbxml_head_decode(&h, (const uint8_t *)octets, len),
			DM_OK);
	return h;
}

static void assert_refused(const char *octets, size_t len)
{
	struct wbxml_head h = { .version = 77 };

	CU_ASSERT_EQUAL(wbxml_head_decode(&h, (const uint8_t *)octets, len),
			DM_EPROTO);
	CU_ASSERT_EQUAL(h.version, 77);
}

/* By hand from WAP-192-WBXML: a public identifier in the string table. */
static const uint8_t golden[] = {
	0x03, 0x00, 0x03, 0x6a, 0x21, 'a', 'b', 0x00,
	'-', '/', '/', 'S', 'Y', 'N', 'C', 'M', 'L', '/', '/', 'D', 'T', 'D',
	' ', 'S', 'y', 'n', 'c', 'M', 'L', ' ', '1', '.', '2', '/', '/', 'E',
	'N', 0x00,
};

static void looks_up_a_public_identifier_given_as_text(void)
{
	uint8_t copy[sizeof(golden)];
	struct wbxml_head h = decode((const char *)golden, sizeof(golden));

	CU_ASSERT_EQUAL(h.public_id, WBXML_PUBLIC_SYNCML_12);
	CU_ASSERT_EQUAL(h.strings_len, 0x21);
	CU_ASSERT_STRING_EQUAL((const char *)h.strings, "ab");
	CU_ASSERT_EQUAL(h.len, sizeof(golden));

	memcpy(copy, golden, sizeof(golden));
	copy[32] = '1';		/* SyncML 1.1 */
	h = decode((const char *)copy, sizeof(copy));
	CU_ASSERT_EQUAL(h.public_id, WBXML_PUBLIC_SYNCML_11);
	copy[32] = '9';		/* nobody's */
	h = decode((const char *)copy, sizeof(copy));
	CU_ASSERT_EQUAL(h.public_id, 1);
	h = decode("\3\0\0\x6a\x1e-//WAPFORUM//DTD PROV 1.0//EN", 35);
	CU_ASSERT_EQUAL(h.public_id, WBXML_PUBLIC_PROV);
}

/* As clients built from the SyncML Reference Toolkit write it. */
static void the_text_may_end_with_the_string_table(void)
{
	struct wbxml_head h = decode("\2\0\0\x6a\x1d-//SYNCML//DTD SyncML "
				     "1.1//EN\x6d", 35);

	CU_ASSERT_EQUAL(h.public_id, WBXML_PUBLIC_SYNCML_11);
	CU_ASSERT_EQUAL(h.len, 34);
	h = decode("\2\0\0\x6a\x1d-//SYNCML//DTD SyncML 1.3//EN\x6d", 35);
	CU_ASSERT_EQUAL(h.public_id, 1);
	h = decode("\2\0\0\x6a\1-\x6d", 7);
	CU_ASSERT_EQUAL(h.public_id, 1);
}

static void reads_the_usual_heads(void)
{
	static const struct {
		const char *octets;
		size_t len;
		struct wbxml_head want;
	} heads[] = {
		{ "\3\x0b\x6a\0", 4, { 3, 0x0b, 106, NULL, 0, 4 } },
		{ "\2\x9f\x53\x6a\0", 5, { 2, 0x0fd3, 106, NULL, 0, 5 } },
		{ "\2\xa4\1\x6a\0", 5, { 2, 0x1201, 106, NULL, 0, 5 } },
		{ "\1\1\3\0\x45", 5, { 1, 1, 3, NULL, 0, 4 } },
		{ "\3\x0b\x8f\xff\xff\xff\x7f\0", 8,
		  { 3, 0x0b, 0xffffffff, NULL, 0, 8 } },
		/* 1.0 has no charset */
		{ "\0\4\1\0\5", 5, { 0, 4, 0, NULL, 1, 4 } },
		/* public id 0x0b, padded as no encoder does */
		{ "\3\x80\x80\x80\x80\x0b\x6a\0", 8,
		  { 3, 0x0b, 106, NULL, 0, 8 } },
	};

	for (size_t i = 0; i < N(heads); i++) {
		const struct wbxml_head *want = &heads[i].want;
		struct wbxml_head h = decode(heads[i].octets, heads[i].len);

		CU_ASSERT_EQUAL(h.version, want->version);
		CU_ASSERT_EQUAL(h.public_id, want->public_id);
		CU_ASSERT_EQUAL(h.charset, want->charset);
		CU_ASSERT_EQUAL(h.strings_len, want->strings_len);
		CU_ASSERT_EQUAL(h.len, want->len);
	}
}

static void check_cut(const uint8_t *in, size_t len)
{
	assert_refused((const char *)in, len);
}

static void refuses_every_cut_input(void)
{
	tap_each_cut(golden, sizeof(golden), check_cut);
	tap_each_cut((const uint8_t *)"\2\x9f\x53\x6a\0", 5, check_cut);
}

static void refuses_malformed_heads(void)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
		{ "\x13\x0b\x6a\0", 4 },	/* major version 2 */
		{ "\xf3\x0b\x6a\0", 4 },
		{ "<?xml version", 13 },
		{ "\3\x80\x80\x80\x80\x80\x0b\x6a\0", 9 },	/* 6 octets */
		{ "\3\x90\x80\x80\x80\0\x6a\0", 8 },	/* more than 32 bits */
		{ "\3\x0b\x6a\1", 4 },		/* table past the end */
		{ "\3\x0b\x6a\x8f\xff\xff\xff\x7f", 8 },
		{ "\3\0\0\x6a\0", 5 },		/* no table at all */
		{ "\3\0\1\x6a\1a", 6 },		/* behind the table */
		{ "\3\0\1\x6a\1\0", 6 },	/* offset at its end */
		{ "\3\0\2\x6a\1\0", 6 },	/* and past it */
		{ "\3\0\x8f\xff\xff\xff\x7f\x6a\1\0", 10 },
	};

	for (size_t i = 0; i < N(bad); i++)
		assert_refused(bad[i].octets, bad[i].len);
}

static CU_TestInfo tests[] = {
	{ "agrees with every vector", agrees_with_every_vector },
	{ "looks up a public identifier given as text",
	  looks_up_a_public_identifier_given_as_text },
	{ "the text may end with the string table",
	  the_text_may_end_with_the_string_table },
	{ "reads the usual heads", reads_the_usual_heads },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses malformed heads", refuses_malformed_heads },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("wbxml", tests);
}
