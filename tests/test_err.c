/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/err.h"

#include <string.h>

#include "tests/tap.h"
#include "wap/utf8.h"

static void says_what_came_and_what_is_allowed(void)
{
	char text[ERR_TEXT_MAX];
	struct err e;

	CU_ASSERT_EQUAL(err_set(&e, DM_EINVAL, "server-id",
				"1 to 255 octets", "%d octets", 300),
			DM_EINVAL);
	CU_ASSERT_EQUAL(e.code, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
		"server-id: 300 octets, allowed: 1 to 255 octets");
	err_set(&e, DM_ENOENT, "job", "", "no such job");
	CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
			       "job: no such job");
}

static void keeps_an_error_on_one_line(void)
{
	struct err e;

	err_set(&e, DM_EINVAL, "a\nb", "", "c\r\td\x7f%s", "\x1f[m");
	CU_ASSERT_STRING_EQUAL(e.field, "a?b");
	CU_ASSERT_STRING_EQUAL(e.came, "c??d??[m");
}

/* n_ascii letters, then many of the two octets of U+00E9. */
static const char *accents(size_t n_ascii)
{
	static char text[400];

	memset(text, 'a', n_ascii);
	for (size_t i = n_ascii; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	return text;
}

static void assert_cut(const char *text, size_t cap)
{
	size_t len = strlen(text);

	CU_ASSERT(len < cap && len + 2 >= cap);
	CU_ASSERT(utf8_valid(text, len));
	CU_ASSERT_STRING_EQUAL(text + len - 3, "...");
}

static void cuts_long_texts_between_characters(void)
{
	char text[ERR_TEXT_MAX];
	struct err e;

	for (size_t n = 0; n < 2; n++) {
		err_set(&e, DM_EINVAL, accents(n), accents(n), "%s",
			accents(n));
		assert_cut(e.field, sizeof(e.field));
		assert_cut(e.came, sizeof(e.came));
		assert_cut(e.allowed, sizeof(e.allowed));
		err_text(&e, text, sizeof(text));
		CU_ASSERT(utf8_valid(text, strlen(text)));
		CU_ASSERT_STRING_EQUAL(text + strlen(text) - 3, "...");
	}
}

static void leaves_a_text_that_just_fits(void)
{
	struct err e;
	char full[sizeof(e.came)];

	memset(full, 'x', sizeof(full) - 1);
	full[sizeof(full) - 1] = '\0';
	err_set(&e, DM_EINVAL, "f", "", "%s", full);
	CU_ASSERT_STRING_EQUAL(e.came, full);
}

static void check_short_err_text(uint8_t *out, size_t cap)
{
	struct err e;

	err_set(&e, DM_EINVAL, "field", "this", "that");
	err_text(&e, (char *)out, cap);
	CU_ASSERT(cap == 0 || strlen((char *)out) == cap - 1);
}

static void cuts_the_text_to_the_buffer(void)
{
	tap_each_short(sizeof("field: that, allowed: this"),
		       check_short_err_text);
}

static CU_TestInfo tests[] = {
	{ "says what came and what is allowed",
	  says_what_came_and_what_is_allowed },
	{ "keeps an error on one line", keeps_an_error_on_one_line },
	{ "cuts long texts between characters",
	  cuts_long_texts_between_characters },
	{ "leaves a text that just fits", leaves_a_text_that_just_fits },
	{ "cuts the text to the buffer", cuts_the_text_to_the_buffer },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("err", tests);
}
