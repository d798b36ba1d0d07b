/* SPDX-License-Identifier: Apache-2.0 */
/* SEC and MAC, as parameters of a content type. */
#include <string.h>

#include "bootstrap/bootstrap.h"
#include "tests/tap.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define OCTETS(text) text, sizeof(text) - 1

#define MAC_HEX "0123456789abcdefABCDEF000102030405060708"

static const uint8_t mac_octets[MAC_LEN] = {
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xab, 0xcd,
	0xef, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
};

static void reads_what_anybody_writes(void)
{
	static const struct {
		const char *params;
		size_t len;
		enum mac_sec sec;
		bool has_mac;
	} good[] = {
		{ OCTETS(""), MAC_SEC_NONE, false },
		{ OCTETS("\x91\x80"), MAC_NETWPIN, false },
		{ OCTETS("\x91\x83"), MAC_USERPINMAC, false },
		{ OCTETS("\x91\x82\x92" MAC_HEX "\0"), MAC_USERNETWPIN, true },
		{ OCTETS("\x92" MAC_HEX "\0\x91\x81"), MAC_USERPIN, true },
		{ OCTETS("\x92" MAC_HEX "\0"), MAC_SEC_NONE, true },
		{ OCTETS("\x92\"" MAC_HEX "\0"), MAC_SEC_NONE, true },
		/* SEC as a text, and as a long integer */
		{ OCTETS("\x91" "0\0"), MAC_NETWPIN, false },
		{ OCTETS("\x91" "3\0"), MAC_USERPINMAC, false },
		{ OCTETS("\x91USERPIN\0"), MAC_USERPIN, false },
		{ OCTETS("\x91\"USERNETWPIN\0"), MAC_USERNETWPIN, false },
		{ OCTETS("\x91NetworkId\0"), MAC_NETWPIN, false },
		{ OCTETS("\x91USERPIN_NETWORKID\0"), MAC_USERNETWPIN, false },
		{ OCTETS("\x91\x01\x02"), MAC_USERNETWPIN, false },
		/* named in text; the code as a long integer */
		{ OCTETS("SEC\0\x81mac\0" MAC_HEX "\0"), MAC_USERPIN, true },
		{ OCTETS("sec\0NETWPIN\0"), MAC_NETWPIN, false },
		{ OCTETS("\x01\x11\x81\x01\x12" MAC_HEX "\0"),
		  MAC_USERPIN, true },
		/* charset, Q, name, a date, no value, one named in text */
		{ OCTETS("\x81\xea\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("\x80\x8a\x24\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("\x80\x05\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("\x85" "a.b\0\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("\x93\4\1\2\3\4\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("\x90\0\x91\x81"), MAC_USERPIN, false },
		{ OCTETS("x\0y\0\x91\x81SECS\0z\0"), MAC_USERPIN, false },
	};

	for (size_t i = 0; i < N(good); i++) {
		struct bootstrap_security s = { .has_mac = true };
		struct err e;

		CU_ASSERT_EQUAL(bootstrap_params_decode(
			(const uint8_t *)good[i].params, good[i].len, &s, &e),
				DM_OK);
		CU_ASSERT_EQUAL(s.sec, good[i].sec);
		CU_ASSERT_EQUAL(s.has_mac, good[i].has_mac);
		if (s.has_mac)
			CU_ASSERT(tap_same(s.mac, MAC_LEN, mac_octets,
					   MAC_LEN));
	}
}

static void assert_no_params(const char *params, size_t len, const char *text)
{
	struct bootstrap_security s = { .sec = (enum mac_sec)77 };
	struct err e = { .code = DM_OK };
	char got[ERR_TEXT_MAX];

	CU_ASSERT_EQUAL(bootstrap_params_decode((const uint8_t *)params, len,
						&s, &e), DM_EPROTO);
	CU_ASSERT_EQUAL(s.sec, 77);
	CU_ASSERT_STRING_EQUAL(err_text(&e, got, sizeof(got)), text);
}

static void refuses_what_is_no_sec_or_mac(void)
{
	static const char sec[] = "sec: something else, allowed: 0 to 3, or "
				  "their names";
	static const char mac[] = "mac: something else, allowed: 40 "
				  "hexadecimal digits";

	assert_no_params(OCTETS("\x91\x84"), sec);
	assert_no_params(OCTETS("\x91\x04\xff\xff\xff\xff"), sec);
	assert_no_params(OCTETS("\x91\0"), sec);
	assert_no_params(OCTETS("\x91\x05\0\0\0\0\1"), sec);
	assert_no_params(OCTETS("\x91none\0"), sec);
	assert_no_params(OCTETS("\x91USERPINX\0"), sec);
	assert_no_params(OCTETS("\x91USERPI\0"), sec);
	assert_no_params(OCTETS("\x91\x7f\0"), sec);
	assert_no_params(OCTETS("\x92\x81"), mac);
	assert_no_params(OCTETS("\x92\0"), mac);
	assert_no_params(OCTETS("\x92" MAC_HEX "0\0"), mac);
	assert_no_params(OCTETS("\x92" MAC_HEX "00\0"), mac);
	assert_no_params(OCTETS("\x92" "0123456789abcdefABCDEF0001020304050607"
				" 8\0"), mac);
	assert_no_params(OCTETS("\x92" "0123456789abcdefABCDEF00010203040506"
				"  08\0"), mac);
	assert_no_params(OCTETS("\x92" "0123456789abcdefABCDEF0001020304050607"
				"0g\0"), mac);
	assert_no_params(OCTETS("\x92" MAC_HEX " \0"), mac);
	assert_no_params(OCTETS("\x92\x14" "01234567890123456789"), mac);
}

static void refuses_a_parameter_that_comes_twice(void)
{
	assert_no_params(OCTETS("\x91\x81\x91\x81"),
			 "sec: came twice, allowed: one");
	assert_no_params(OCTETS("\x91\x81SEC\0\x80"),
			 "sec: came twice, allowed: one");
	assert_no_params(OCTETS("\x92" MAC_HEX "\0\x92" MAC_HEX "\0"),
			 "mac: came twice, allowed: one");
}

#define WHOLE "\x91\x81\x92" MAC_HEX "\0"

static void check_cut(const uint8_t *in, size_t len)
{
	struct bootstrap_security s;
	struct err e;

	if (len != 0 && len != 2)
		assert_no_params((const char *)in, len,
				 "content-type: its parameters do not parse");
	else
		CU_ASSERT_EQUAL(bootstrap_params_decode(in, len, &s, &e),
				DM_OK);
}

static void refuses_every_cut_inside_a_parameter(void)
{
	tap_each_cut((const uint8_t *)WHOLE, sizeof(WHOLE) - 1, check_cut);
	assert_no_params(OCTETS("\x06" "123456\x81"),
			 "content-type: its parameters do not parse");
	assert_no_params(OCTETS("\x80\x8a"),
			 "content-type: its parameters do not parse");
}

static void writes_sec_and_mac_as_the_method_needs_them(void)
{
	struct bootstrap_security s = { .sec = MAC_SEC_NONE, .has_mac = true };
	uint8_t out[BOOTSTRAP_PARAMS_MAX];

	memcpy(s.mac, mac_octets, MAC_LEN);
	CU_ASSERT_EQUAL(bootstrap_params_encode(&s, out), 0);
	s.sec = MAC_USERPINMAC;
	CU_ASSERT(tap_same(out, bootstrap_params_encode(&s, out), "\x91\x83",
			   2));
	s.sec = MAC_USERNETWPIN;
	CU_ASSERT(tap_same(out, bootstrap_params_encode(&s, out),
			   OCTETS("\x91\x82\x92"
				  "0123456789ABCDEFABCD"
				  "EF000102030405060708\0")));
}

static CU_TestInfo tests[] = {
	{ "reads what anybody writes", reads_what_anybody_writes },
	{ "refuses what is no SEC or MAC", refuses_what_is_no_sec_or_mac },
	{ "refuses a parameter that comes twice",
	  refuses_a_parameter_that_comes_twice },
	{ "refuses every cut inside a parameter",
	  refuses_every_cut_inside_a_parameter },
	{ "writes SEC and MAC as the method needs them",
	  writes_sec_and_mac_as_the_method_needs_them },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("bootstrap_params", tests);
}
