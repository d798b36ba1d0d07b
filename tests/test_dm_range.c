/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_range.h"

#include "tests/tap.h"

static void assert_read(const char *text, size_t first, size_t last,
			size_t total)
{
	struct dm_range r = { 0 };

	CU_ASSERT(dm_range_read(&r, text));
	CU_ASSERT_EQUAL(r.first, first);
	CU_ASSERT_EQUAL(r.last, last);
	CU_ASSERT_EQUAL(r.total, total);
}

/* The first two are RFC 9110's, 14.4. */
static void reads_what_servers_say(void)
{
	assert_read("bytes 42-1233/1234", 42, 1233, 1234);
	assert_read("bytes 42-1233/*", 42, 1233, 0);
	assert_read("Bytes 0-0/1", 0, 0, 1);
	assert_read("bytes 0-18446744073709551589/18446744073709551599", 0,
		    18446744073709551589u, 18446744073709551599u);
}

static void refuses_all_else(void)
{
	static const char *const texts[] = {
		"", "bytes", "bytes ", "bytes */1234", "bytes 1-2", "bytes 1-2/",
		"bytes 2-1/3", "bytes 1-3/3", "bytes -3/4", "bytes 1-/4",
		"bytes 1-2/3 ", "bytes 1-2/x", "bytes 1-2/**", "bytes a-2/3",
		"bytes  1-2/3", "bytes +1-2/3", "octets 1-2/3", "bytes 1,2/3",
		"bytes 1-18446744073709551616/*",
		"bytes 1-2/99999999999999999999999",
	};
	struct dm_range r = { 7, 8, 9 };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (dm_range_read(&r, texts[i]))
			CU_FAIL(texts[i]);
	CU_ASSERT_EQUAL(r.first, 7);
	CU_ASSERT_EQUAL(r.last, 8);
	CU_ASSERT_EQUAL(r.total, 9);
}

static void finds_a_strong_validator(void)
{
	const char *at_10 = "Mon, 05 Jan 2026 10:00:00 GMT";
	const char *at_09 = "Mon, 05 Jan 2026 09:59:59 GMT";

	CU_ASSERT_STRING_EQUAL(dm_range_validator("\"x\"", at_09, at_10),
			       "\"x\"");
	CU_ASSERT_PTR_NULL(dm_range_validator("W/\"x\"", at_09, at_10));
	CU_ASSERT_STRING_EQUAL(dm_range_validator(NULL, at_09, at_10), at_09);
	CU_ASSERT_PTR_NULL(dm_range_validator(NULL, at_10, at_10));
	CU_ASSERT_PTR_NULL(dm_range_validator(NULL, at_10, NULL));
	CU_ASSERT_PTR_NULL(dm_range_validator(NULL, NULL, at_10));
}

static CU_TestInfo tests[] = {
	{ "reads what servers say", reads_what_servers_say },
	{ "refuses all else", refuses_all_else },
	{ "finds a strong validator", finds_a_strong_validator },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm range", tests);
}
