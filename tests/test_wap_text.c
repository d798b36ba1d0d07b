/* SPDX-License-Identifier: Apache-2.0 */
/* Octets and numbers as text: hex, base64, msisdn, utf8. */
#include <string.h>

#include "tests/tap.h"
#include "wap/base64.h"
#include "wap/err.h"
#include "wap/hex.h"
#include "wap/msisdn.h"
#include "wap/utf8.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ------------------------------- hex ------------------------------- */

static void check_hex(const char *text, const char *want, int want_rc)
{
	uint8_t out[8];
	size_t len = 77;

	CU_ASSERT_EQUAL(hex_decode(text, strlen(text), out, sizeof(out),
				   &len), want_rc);
	if (want_rc)
		CU_ASSERT_EQUAL(len, 77);
	if (!want_rc)
		CU_ASSERT(tap_same(out, len, want, strlen(want)));
}

static void reads_hex_in_either_case_and_with_blanks(void)
{
	check_hex("", "", DM_OK);
	check_hex("  \t", "", DM_OK);
	check_hex("1aF0", "\x1a\xf0", DM_OK);
	check_hex(" 09 af\tAF ", "\x09\xaf\xaf", DM_OK);
}

static void refuses_what_is_not_hex(void)
{
	static const char *const bad[] = {
		"1", "123", "1 2", "0x12", "1g", "g1", "12\n34", "/0", "0:",
		"@1", "`1", "1G", "12 3", "\xc3\xa9",
	};

	for (size_t i = 0; i < N(bad); i++)
		check_hex(bad[i], NULL, DM_EPROTO);
	check_hex("010203040506070809", NULL, DM_ENOSPC);
	check_hex("0102030405060708", "\1\2\3\4\5\6\7\10", DM_OK);
}

static void writes_every_octet_as_hex(void)
{
	uint8_t all[256], back[256];
	char text[HEX_SIZE(256)];
	size_t len;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	hex_encode(all, sizeof(all), text);
	CU_ASSERT_EQUAL(strlen(text), 512);
	CU_ASSERT_EQUAL(strspn(text, "0123456789abcdef"), 512);
	CU_ASSERT_FALSE(hex_decode(text, 512, back, sizeof(back), &len));
	CU_ASSERT(tap_same(back, len, all, sizeof(all)));
	hex_encode(all, 0, text);
	CU_ASSERT_STRING_EQUAL(text, "");
}

/* ------------------------------ base64 ------------------------------ */

static void agrees_with_rfc_4648(void)
{
	static const char *const pairs[][2] = {	/* RFC 4648, 10 */
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+" },
	};
	char text[BASE64_SIZE(6)];
	uint8_t out[6];

	for (size_t i = 0; i < N(pairs); i++) {
		const char *plain = pairs[i][0], *b64 = pairs[i][1];
		size_t len = 77, n = strlen(plain);

		base64_encode((const uint8_t *)plain, n, text);
		CU_ASSERT_STRING_EQUAL(text, b64);
		CU_ASSERT_EQUAL(strlen(b64) + 1, BASE64_SIZE(n));
		CU_ASSERT_FALSE(base64_decode(b64, strlen(b64), out, n,
					      &len));
		CU_ASSERT(tap_same(out, len, plain, n));
		for (size_t cap = 0; cap < n; cap++)
			CU_ASSERT_EQUAL(base64_decode(b64, strlen(b64), out,
						      cap, &len), DM_ENOSPC);
	}
}

static void refuses_what_is_not_strict_base64(void)
{
	static const char *const bad[] = {
		"Z", "Zg", "Zg=", "Z===", "====", "Zm9vY", "Zm9v=", "Zg==Zg==",
		"Zm 9", "Zm9v\n", "Zm9-", "Zm9_", "Zh==", "Zm9=", "=Zg=",
		"Z=g=", "Zm9v====", "Zg=a", "\xc3\xa9zz",
	};
	uint8_t out[16];
	size_t len = 77;

	for (size_t i = 0; i < N(bad); i++)
		CU_ASSERT_EQUAL(base64_decode(bad[i], strlen(bad[i]), out,
					      sizeof(out), &len), DM_EPROTO);
	CU_ASSERT_EQUAL(base64_decode("Zm\0v", 4, out, sizeof(out), &len),
			DM_EPROTO);
	CU_ASSERT_EQUAL(len, 77);
}

static void check_cut_base64(const uint8_t *in, size_t len)
{
	uint8_t out[8];
	size_t n = 77;

	CU_ASSERT_EQUAL(base64_decode((const char *)in, len, out, sizeof(out),
				      &n), len % 4 ? DM_EPROTO : DM_OK);
}

static void refuses_every_cut_base64(void)
{
	tap_each_cut((const uint8_t *)"Zm9vZg==", 8, check_cut_base64);
}

static void round_trip(uint64_t *state)
{
	uint8_t in[50], out[50];
	char text[BASE64_SIZE(sizeof(in)) + HEX_SIZE(sizeof(in))];
	size_t n = tap_random_below(state, sizeof(in) + 1), len;

	tap_random_octets(state, in, n);
	base64_encode(in, n, text);
	CU_ASSERT_FALSE(base64_decode(text, strlen(text), out, n, &len));
	CU_ASSERT(tap_same(out, len, in, n));
	hex_encode(in, n, text);
	CU_ASSERT_FALSE(hex_decode(text, strlen(text), out, n, &len));
	CU_ASSERT(tap_same(out, len, in, n));
}

static void reads_back_random_octets(void)
{
	tap_property(1000, round_trip);
}

/* ------------------------------ msisdn ------------------------------ */

static void takes_5_to_15_digits(void)
{
	static const char *const good[] = {
		"12345", "+12345", "123456789012345", "+123456789012345",
	};
	static const char *const bad[] = {
		"", "+", "1234", "+1234", "1234567890123456",
		"+1234567890123456", "++12345", "12345+", "12 345", "0x12345",
		"123456a", " 123456", "device-1",
	};
	char out[MSISDN_SIZE];
	struct err e;

	for (size_t i = 0; i < N(good); i++) {
		CU_ASSERT_FALSE(msisdn_parse(good[i], "to", out, &e));
		CU_ASSERT_STRING_EQUAL(out, good[i]);
	}
	strcpy(out, "same");
	for (size_t i = 0; i < N(bad); i++) {
		CU_ASSERT_EQUAL(msisdn_parse(bad[i], "to", out, &e),
				DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.field, "to");
	}
	CU_ASSERT_STRING_EQUAL(out, "same");
}

static void tells_numbers_from_names(void)
{
	CU_ASSERT(msisdn_looks_like("1"));
	CU_ASSERT(msisdn_looks_like("+"));
	CU_ASSERT(msisdn_looks_like("+12345678901234567890"));
	CU_ASSERT_FALSE(msisdn_looks_like(""));
	CU_ASSERT_FALSE(msisdn_looks_like("12a"));
	CU_ASSERT_FALSE(msisdn_looks_like("1+2"));
}

static void masks_all_but_two_digits_at_each_end(void)
{
	static const char *const pairs[][2] = {
		{ "+491701234567", "+49********67" },
		{ "491701234567", "49********67" },
		{ "12345", "12*45" }, { "+12345", "+12*45" },
		{ "123456789012345", "12***********45" },
		{ "+123456789012345", "+12***********45" },
		{ "+1234", "***" }, { "1234", "***" }, { "", "***" },
		{ "1234567890123456", "***" }, { "device-1", "***" },
		{ "+1234567890123456", "***" }, { "+", "***" },
	};
	char out[MSISDN_SIZE];

	for (size_t i = 0; i < N(pairs); i++)
		CU_ASSERT_STRING_EQUAL(msisdn_mask(pairs[i][0], out),
				       pairs[i][1]);
}

/* ------------------------------- utf8 ------------------------------- */

static void knows_well_formed_utf8(void)
{
	static const char *const good[] = {	/* first and last of each */
		"", "a\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xe0\xbf\xbf", "\xe1\x80\x80", "\xec\xbf\xbf",
		"\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf3\xbf\xbf\xbf",
		"\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9z",
	};
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"\xc2", "\xc2z", "\xc2\xc0", "\xe1\x80", "\xe1\x80z",
		"\xe1z\x80", "\xf1\x80\x80", "\xf1\x80\x80z",
		"\xf1\x80z\x80", "a\xc3", "\xe1\x80\xc0",
	};

	for (size_t i = 0; i < N(good); i++)
		CU_ASSERT(utf8_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < N(bad); i++)
		CU_ASSERT_FALSE(utf8_valid(bad[i], strlen(bad[i])));
	CU_ASSERT(utf8_valid("\0", 1));
}

static void check_cut_utf8(const uint8_t *in, size_t len)
{
	CU_ASSERT_EQUAL(utf8_valid((const char *)in, len), len == 0);
}

static void refuses_every_cut_character(void)
{
	tap_each_cut((const uint8_t *)"\xf0\x9f\x98\x80", 4, check_cut_utf8);
	tap_each_cut((const uint8_t *)"\xe2\x82\xac", 3, check_cut_utf8);
	tap_each_cut((const uint8_t *)"\xc3\xa9", 2, check_cut_utf8);
}

static void knows_text_without_controls(void)
{
	static const char *const good[] = {
		"", " ~", "\xc2\xa0", "\xc3\x80", "\xe2\x82\x80",
		"\xf0\x9f\x98\x80 ",
	};
	static const char *const bad[] = {
		"\x1f", "a\n", "\x7f", "\xc2\x80", "a\xc2\x9fz", "\xc2", "\xff",
	};

	for (size_t i = 0; i < N(good); i++)
		CU_ASSERT(utf8_plain(good[i], strlen(good[i])));
	for (size_t i = 0; i < N(bad); i++)
		CU_ASSERT_FALSE(utf8_plain(bad[i], strlen(bad[i])));
	CU_ASSERT_FALSE(utf8_plain("\0", 1));
}

static void ends_a_text_behind_its_last_whole_character(void)
{
	static const char *const texts[][2] = {
		{ "", "" }, { "ab", "ab" }, { "a\xc3\xa9", "a\xc3\xa9" },
		{ "a\xc3", "a" }, { "\xe2\x82", "" },
		{ "\xe2\x82\xac\xf0\x9f\x98", "\xe2\x82\xac" },
		{ "a\xff" "b", "a" },
	};

	for (size_t i = 0; i < N(texts); i++) {
		char text[16];

		strcpy(text, texts[i][0]);
		utf8_end_whole(text);
		CU_ASSERT_STRING_EQUAL(text, texts[i][1]);
	}
}

static CU_TestInfo tests[] = {
	{ "hex: reads either case, and blanks between octets",
	  reads_hex_in_either_case_and_with_blanks },
	{ "hex: refuses what is not hex", refuses_what_is_not_hex },
	{ "hex: writes every octet", writes_every_octet_as_hex },
	{ "base64: agrees with RFC 4648", agrees_with_rfc_4648 },
	{ "base64: refuses what is not strict",
	  refuses_what_is_not_strict_base64 },
	{ "base64: refuses every cut input", refuses_every_cut_base64 },
	{ "base64 and hex read back random octets", reads_back_random_octets },
	{ "msisdn: takes 5 to 15 digits", takes_5_to_15_digits },
	{ "msisdn: tells numbers from names", tells_numbers_from_names },
	{ "msisdn: masks all but two digits at each end",
	  masks_all_but_two_digits_at_each_end },
	{ "utf8: knows what is well formed", knows_well_formed_utf8 },
	{ "utf8: ends a text behind its last whole character",
	  ends_a_text_behind_its_last_whole_character },
	{ "utf8: refuses every cut character", refuses_every_cut_character },
	{ "utf8: knows text without controls", knows_text_without_controls },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("wap_text", tests);
}
