/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/spelling.h"

#include <string.h>

#include "tests/tap.h"

static void counts_what_differs(void)
{
	static const struct {
		const char *came, *known;
		unsigned distance;
	} pairs[] = {
		{ "NAPID", "NAPID", 0 },
		{ "NapId", "NAPID", 0 },
		{ "NAPIDS", "NAPID", 1 },
		{ "NAPI", "NAPID", 1 },
		{ "APID", "NAPID", 1 },
		{ "NAPUD", "NAPID", 1 },
		{ "NAPDI", "NAPID", 2 },
		{ "TO-NAPID", "NAPID", SPELLING_FAR },
		{ "XNAPIDX", "NAPID", 2 },
		{ "INITIALBACKOFTIME", "INITIALBACKOFFTIME", 1 },
		{ "PXADDRESS", "PXADDR", SPELLING_FAR },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		CU_ASSERT_EQUAL(spelling_distance(pairs[i].came,
						  pairs[i].known),
				pairs[i].distance);
		CU_ASSERT_EQUAL(spelling_is_near(pairs[i].came,
						 pairs[i].known),
				pairs[i].distance != SPELLING_FAR);
	}
}

/* Less than half of what came: else any two short words would be alike. */
static void is_strict_with_short_words(void)
{
	CU_ASSERT(!spelling_is_near("w4", "w5"));
	CU_ASSERT(spelling_is_near("W7", "w7"));
	CU_ASSERT(!spelling_is_near("SIP", "SPI"));
	CU_ASSERT(spelling_is_near("URL", "URI"));
	CU_ASSERT(!spelling_is_near("NOME", "NAMES"));
	CU_ASSERT(!spelling_is_near("", "A"));
	CU_ASSERT(!spelling_is_near("", "ABC"));
	CU_ASSERT(spelling_is_near("", ""));
}

static void takes_no_long_word_for_a_known_one(void)
{
	char word[2 * SPELLING_WORD_SIZE], more[sizeof(word) + 1];

	for (size_t len = 4; len < sizeof(word); len++) {
		memset(word, 'A', len);
		word[len] = '\0';
		memset(more, 'A', len + 1);
		more[len + 1] = '\0';
		CU_ASSERT_EQUAL(spelling_is_near(word, word),
				len < SPELLING_WORD_SIZE);
		CU_ASSERT_EQUAL(spelling_is_near(word, more),
				len + 1 < SPELLING_WORD_SIZE);
		CU_ASSERT_EQUAL(spelling_is_near(more, word),
				len + 1 < SPELLING_WORD_SIZE);
	}
}

static void finds_the_nearest_word_of_a_list(void)
{
	char meant[SPELLING_WORD_SIZE] = "";

	CU_ASSERT_EQUAL(spelling_find("PAP CHAP MD5", "CHAP", meant),
			SPELLING_KNOWN);
	CU_ASSERT_EQUAL(spelling_find("PAP CHAP MD5", "MD5", meant),
			SPELLING_KNOWN);
	CU_ASSERT_EQUAL(spelling_find("PAP CHAP MD5", "XCHAP", meant),
			SPELLING_NEAR);
	CU_ASSERT_STRING_EQUAL(meant, "CHAP");
	CU_ASSERT_EQUAL(spelling_find("PAP CHAP MD5", "md5", meant),
			SPELLING_NEAR);
	CU_ASSERT_STRING_EQUAL(meant, "MD5");
	CU_ASSERT_EQUAL(spelling_find("PAP CHAP MD5", "EAP-TLS", meant),
			SPELLING_UNKNOWN);
	CU_ASSERT_EQUAL(spelling_find("", "PAP", meant), SPELLING_UNKNOWN);
}

static void knows_any_number_where_the_list_says_so(void)
{
	char meant[SPELLING_WORD_SIZE];

	CU_ASSERT_EQUAL(spelling_find("A #", "9200", meant), SPELLING_KNOWN);
	CU_ASSERT_EQUAL(spelling_find("A", "9200", meant), SPELLING_UNKNOWN);
	CU_ASSERT_EQUAL(spelling_find("A #", "9200x", meant),
			SPELLING_UNKNOWN);
	CU_ASSERT(spelling_is_number("0"));
	CU_ASSERT(!spelling_is_number(""));
	CU_ASSERT(!spelling_is_number("-1"));
	CU_ASSERT(!spelling_is_number("1 "));
}

static CU_TestInfo tests[] = {
	{ "counts what differs", counts_what_differs },
	{ "is strict with short words", is_strict_with_short_words },
	{ "takes no long word for a known one",
	  takes_no_long_word_for_a_known_one },
	{ "finds the nearest word of a list",
	  finds_the_nearest_word_of_a_list },
	{ "knows any number where the list says so",
	  knows_any_number_where_the_list_says_so },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("spelling", tests);
}
