/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/imsi.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

static void assert_octets(const char *imsi, enum imsi_key rule,
			  const char *want_hex)
{
	uint8_t out[IMSI_OCTETS_MAX], want[IMSI_OCTETS_MAX];
	size_t len = imsi_octets(imsi, rule, out);

	CU_ASSERT(tap_same(out, len, want,
			   tap_hex(want_hex, want, sizeof(want))));
}

static void agrees_with_every_row_of_the_matrix(void)
{
	static const struct {
		const char *field;
		enum imsi_key rule;
	} clients[] = {
		{ "spec", IMSI_KEY_SPEC },
		{ "Qualcomm/LGE OmaSigner", IMSI_KEY_SPEC },
		{ "Symbian CWPPushMessage", IMSI_KEY_SPEC },
		{ "Funambol", IMSI_KEY_SPEC },
		{ "MediaTek imsiToKey", IMSI_KEY_MEDIATEK },
		{ "Spreadtrum OtaPreParser", IMSI_KEY_SPREADTRUM },
		{ "Gecko CpPduHelper", IMSI_KEY_GECKO },
	};
	const json_t *rows = json_object_get(
		vectors_section("bootstrap", "about"), "imsi_key_matrix");
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		CU_ASSERT_EQUAL(json_object_size(row), 1 + 7);
		for (size_t k = 0; k < 7; k++)
			assert_octets(vector_text(row, "imsi"),
				      clients[k].rule,
				      vector_text(row, clients[k].field));
	}
	CU_ASSERT_EQUAL(json_array_size(rows), 3);
}

/*
 * GSM 11.11, 10.3.2, and what the sources of the clients compute: MediaTek's
 * parity is always 9, Spreadtrum's, too, and it drops an octet that has one
 * digit only; Gecko fills up to 15 digits with 0.
 */
static const struct {
	const char *imsi, *spec;
	const char *mediatek, *spreadtrum, *gecko;
} lengths[] = {
	{ "123456", "113254f6",
	  "193254f6", "193254", "1132540600000000" },
	{ "1234567", "19325476",
	  "19325476", "19325476", "1932547600000000" },
	{ "12345678", "11325476f8",
	  "19325476f8", "19325476", "1132547608000000" },
	{ "123456789", "1932547698",
	  "1932547698", "1932547698", "1932547698000000" },
	{ "1234567890", "1132547698f0",
	  "1932547698f0", "1932547698", "1132547698000000" },
	{ "12345678901", "193254769810",
	  "193254769810", "193254769810", "1932547698100000" },
	{ "123456789012", "113254769810f2",
	  "193254769810f2", "193254769810", "1132547698100200" },
	{ "1234567890123", "19325476981032",
	  "19325476981032", "19325476981032", "1932547698103200" },
	{ "12345678901234", "11325476981032f4",
	  "19325476981032f4", "19325476981032", "1132547698103204" },
	{ "123456789012345", "1932547698103254",
	  "1932547698103254", "1932547698103254", "1932547698103254" },
};

static void makes_the_octets_of_every_length_by_every_rule(void)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const char *imsi = lengths[i].imsi;

		CU_ASSERT_EQUAL(strlen(imsi), IMSI_DIGITS_MIN + i);
		assert_octets(imsi, IMSI_KEY_SPEC, lengths[i].spec);
		assert_octets(imsi, IMSI_KEY_MEDIATEK, lengths[i].mediatek);
		assert_octets(imsi, IMSI_KEY_SPREADTRUM,
			      lengths[i].spreadtrum);
		assert_octets(imsi, IMSI_KEY_GECKO, lengths[i].gecko);
	}
}

static void takes_6_to_15_digits(void)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(imsi_check("000000", &e), DM_OK);
	CU_ASSERT_EQUAL(imsi_check("310150123456789", &e), DM_OK);
	CU_ASSERT_EQUAL(e.code, DM_OK);
}

static void refuses_all_else_without_telling_it(void)
{
	static const struct {
		const char *imsi, *text;
	} bad[] = {
		{ "", "imsi: 0 characters, allowed: 6 to 15 digits" },
		{ "31015", "imsi: 5 characters, allowed: 6 to 15 digits" },
		{ "3101501234567890",
		  "imsi: 16 characters, allowed: 6 to 15 digits" },
		{ "+31015012345678", "imsi: 15 characters, not all of them "
		  "digits, allowed: 6 to 15 digits" },
		{ "31015012345678 ", "imsi: 15 characters, not all of them "
		  "digits, allowed: 6 to 15 digits" },
		{ "31015012345678:", "imsi: 15 characters, not all of them "
		  "digits, allowed: 6 to 15 digits" },
	};
	char text[ERR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = { .code = DM_OK };

		CU_ASSERT_EQUAL(imsi_check(bad[i].imsi, &e), DM_EINVAL);
		CU_ASSERT_EQUAL(e.code, DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
				       bad[i].text);
	}
}

static CU_TestInfo tests[] = {
	{ "agrees with every row of the matrix",
	  agrees_with_every_row_of_the_matrix },
	{ "makes the octets of every length by every rule",
	  makes_the_octets_of_every_length_by_every_rule },
	{ "takes 6 to 15 digits", takes_6_to_15_digits },
	{ "refuses all else without telling it",
	  refuses_all_else_without_telling_it },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("imsi", tests);
}
