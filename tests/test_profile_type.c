/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/profile_type.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct err e;

static struct profile_field field(const char *type)
{
	struct profile_field f = { .name = "f", .choices = "PAP, CHAP, MD-5" };
	struct profile_range range;

	CU_ASSERT_EQUAL(profile_type_find(type, &f.type), DM_OK);
	range = profile_type_range(f.type);
	if (range.least <= range.max) {
		f.min = range.min;
		f.max = range.max;
	}
	return f;
}

static const struct {
	const char *type, *good[9], *bad[16];
} values[] = {
	{ "text", { "x", " ", "Z\xc3\xbcrich \xe2\x82\xac", "<&>{}" },
	  { "", "\n", "a\tb", "\x7f", "\xc3", "\xff", "\xed\xa0\x80",
	    "\xef\xbf\xbe" } },
	{ "word", { "a", "7", "dm.example-1_A" },
	  { "", ".", "..", "-a", "_a", "a/b", "a b", "\xc3\xbc", "a\n" } },
	{ "number", { "0", "1", "65535", "2147483647" },
	  { "", "-1", "-0", "00", "08", "+1", " 1", "1 ", "1.0", "0x1",
	    "2147483648", "99999999999999999999", "-", "--1" } },
	{ "flag", { "yes", "no" }, { "", "true", "1", "Yes", "yes " } },
	{ "choice", { "PAP", "CHAP", "MD-5" },
	  { "", "pap", "PA", "PAPX", "PAP, CHAP", ",", " CHAP", "CHAP,",
	    "5" } },
	{ "url", { "http://a", "https://dm.example.com:8443/dm?x=%20#y",
		   "http://[2001:db8::1]/", "https://a/@b" },
	  { "", "http://", "https:///x", "http://:80", "ftp://a", "HTTP://a",
	    "//a", "http:/a", "http://a b", "http://a\"", "http://a\\b",
	    "http://bank.example@evil.example/", "http://\xc3\xbc",
	    "http://?", "https:" } },
	{ "host", { "a", "dm.example.com", "10.0.0.172", "a-1.x2", "7z",
		    "1.2.3.4.example" },
	  { "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a:80", "1.2.3",
	    "10.0.0.256", "12", "\xc3\xbc.example", "a.1", "a b" } },
	{ "ipv4", { "0.0.0.0", "255.255.255.255", "10.0.0.172" },
	  { "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1..2.3",
	    "1.2.3.4 ", "a.2.3.4", "1.2.3.", "1.2.3.4.", "1,2,3,4",
	    "1.2.3.1000" } },
	{ "base64", { "AA==", "c2VydmVybm9uY2Ux", "AQIDBA==" },
	  { "", "AA", "AA=", "AB==", "A===", "AQID BA==", "AQIDBA==\n", "-_-_",
	    "AA==AA==" } },
	{ "hex", { "00", "0aFF" }, { "", "0", "0g", "00 11", "0x00", "000" } },
};

#define N_VALUES (sizeof(values) / sizeof(values[0]))

static void takes_the_values_of_each_type_and_no_others(void)
{
	for (size_t i = 0; i < N_VALUES; i++) {
		struct profile_field f = field(values[i].type);

		for (const char *const *v = values[i].good; *v; v++) {
			CU_ASSERT_EQUAL(profile_type_check(&f, *v, &e), DM_OK);
			if (profile_type_check(&f, *v, &e))
				printf("# %s: %s\n", values[i].type, *v);
		}
		for (const char *const *v = values[i].bad; *v; v++) {
			e.code = DM_OK;
			CU_ASSERT_EQUAL(profile_type_check(&f, *v, &e),
					DM_EINVAL);
			if (!e.code)
				printf("# %s: %s\n", values[i].type, *v);
			CU_ASSERT_STRING_EQUAL(e.field, "f");
			CU_ASSERT(e.came[0] && e.allowed[0]);
		}
	}
}

static void lists_each_type_with_its_name(void)
{
	enum profile_type type = PROFILE_HEX;
	char names[200] = "";
	size_t n = 0;

	for (size_t i = 0; i <= PROFILE_HEX; i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s",
				      i ? ", " : "", profile_type_name(
				      (enum profile_type)i));
	CU_ASSERT_STRING_EQUAL(profile_type_names(), names);
	CU_ASSERT_EQUAL(N_VALUES, PROFILE_HEX + 1);
	CU_ASSERT_EQUAL(profile_type_find("texts", &type), DM_ENOENT);
	CU_ASSERT_EQUAL(profile_type_find("", &type), DM_ENOENT);
	CU_ASSERT_EQUAL(type, PROFILE_HEX);
}

/* size: what the range is about, in the middle of it, and its two edges. */
static void check_range(const char *type, const char *const sizes[4])
{
	struct profile_field f = field(type);

	f.min = 2;
	f.max = 3;
	CU_ASSERT_EQUAL(profile_type_check(&f, sizes[0], &e), DM_EINVAL);
	CU_ASSERT(!strncmp(e.allowed, "2 to 3", 6));
	CU_ASSERT_EQUAL(profile_type_check(&f, sizes[1], &e), DM_OK);
	CU_ASSERT_EQUAL(profile_type_check(&f, sizes[2], &e), DM_OK);
	CU_ASSERT_EQUAL(profile_type_check(&f, sizes[3], &e), DM_EINVAL);
	CU_ASSERT(!strncmp(e.allowed, "2 to 3", 6));
}

/* An umlaut is two octets. */
static void holds_each_range_at_its_edges(void)
{
	check_range("text", (const char *[]){ "a", "\xc3\xbc", "a\xc3\xbc",
					      "\xc3\xbc\xc3\xbc" });
	check_range("word", (const char *[]){ "a", "ab", "abc", "abcd" });
	check_range("number", (const char *[]){ "1", "2", "3", "4" });
	check_range("host", (const char *[]){ "a", "ab", "abc", "abcd" });
	check_range("base64", (const char *[]){ "AA==", "AAA=", "AAAA",
						"AAAAAA==" });
	check_range("hex", (const char *[]){ "00", "0000", "000000",
					     "00000000" });
}

static void counts_numbers_below_zero(void)
{
	struct profile_field f = field("number");

	f.min = INT32_MIN;
	CU_ASSERT_EQUAL(profile_type_check(&f, "-2147483648", &e), DM_OK);
	CU_ASSERT_EQUAL(profile_type_check(&f, "-2147483649", &e), DM_EINVAL);
	CU_ASSERT_EQUAL(profile_type_check(&f, "-0", &e), DM_EINVAL);
}

static void says_what_came_and_what_is_allowed(void)
{
	struct profile_field f = field("number");
	char text[ERR_TEXT_MAX];

	f.max = 65535;
	CU_ASSERT_EQUAL(profile_type_check(&f, "70000", &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
			       "f: \"70000\", allowed: 0 to 65535");
	f = field("base64");
	f.max = 2;
	CU_ASSERT_EQUAL(profile_type_check(&f, "AAAA", &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
		"f: 3 octets once decoded, allowed: 1 to 2 octets once "
		"decoded");
	f = field("choice");
	CU_ASSERT_EQUAL(profile_type_check(&f, "EAP", &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(err_text(&e, text, sizeof(text)),
		"f: \"EAP\", allowed: PAP, CHAP, MD-5");
}

static void holds_the_longest_value(void)
{
	static char value[PROFILE_VALUE_MAX + 5];
	struct profile_field text = field("text"), hex = field("hex"),
			     base64 = field("base64");

	memset(value, 'A', PROFILE_VALUE_MAX);
	CU_ASSERT_EQUAL(profile_type_check(&text, value, &e), DM_OK);
	CU_ASSERT_EQUAL(profile_type_check(&hex, value, &e), DM_OK);
	CU_ASSERT_EQUAL(profile_type_check(&base64, value, &e), DM_OK);
	value[PROFILE_VALUE_MAX] = 'A';
	CU_ASSERT_EQUAL(profile_type_check(&text, value, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "4097 octets");
	memset(value, 'A', PROFILE_VALUE_MAX + 4);
	CU_ASSERT_EQUAL(profile_type_check(&base64, value, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "4100 octets");
}

/* RFC 1035, 2.3.4 */
static void holds_the_longest_host(void)
{
	char label[65] = "", name[256] = "";
	struct profile_field f = field("host");

	memset(label, 'a', 63);
	CU_ASSERT_EQUAL(profile_type_check(&f, label, &e), DM_OK);
	snprintf(name, sizeof(name), "%s.%s.%s.%.61s", label, label, label,
		 label);
	CU_ASSERT_EQUAL(strlen(name), 253);
	CU_ASSERT_EQUAL(profile_type_check(&f, name, &e), DM_OK);
	strcat(name, "a");
	CU_ASSERT_EQUAL(profile_type_check(&f, name, &e), DM_EINVAL);
	label[63] = 'a';
	CU_ASSERT_EQUAL(profile_type_check(&f, label, &e), DM_EINVAL);
}

static void does_not_tell_a_secret(void)
{
	struct profile_field f = field("number");

	f.secret = true;
	f.max = 5;
	CU_ASSERT_EQUAL(profile_type_check(&f, "12345", &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "something else, 5 octets");
	f = field("choice");
	f.secret = true;
	CU_ASSERT_EQUAL(profile_type_check(&f, "12345", &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "something else, 5 octets");
}

static CU_TestInfo tests[] = {
	{ "takes the values of each type, and no others",
	  takes_the_values_of_each_type_and_no_others },
	{ "lists each type with its name", lists_each_type_with_its_name },
	{ "holds each range at its edges", holds_each_range_at_its_edges },
	{ "counts numbers below zero", counts_numbers_below_zero },
	{ "says what came and what is allowed",
	  says_what_came_and_what_is_allowed },
	{ "holds the longest value", holds_the_longest_value },
	{ "holds the longest host", holds_the_longest_host },
	{ "does not tell a secret", does_not_tell_a_secret },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("profile_type", tests);
}
