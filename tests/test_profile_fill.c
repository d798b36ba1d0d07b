/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tests/profile_fixture.h"
#include "tests/tap.h"

#define NONE { NULL, NULL }
#define FILL(want, ...) fill((const struct profile_value[]){ \
	__VA_ARGS__, NONE }, want)

/* Fills with the values before NONE; the document, inside its root. */
static const char *fill(const struct profile_value *values, int want)
{
	const struct xml_node *root;
	const char *text;
	size_t n = 0;

	while (values[n].name)
		n++;
	root = fill_values(values, n);
	CU_ASSERT_EQUAL(profile_err.code, want);
	if (!root)
		return "";
	text = xml_of(root);
	if (strstr(text, "</wap-provisioningdoc>"))
		*strstr(text, "</wap-provisioningdoc>") = '\0';
	return strchr(text, '>') + 1;
}

static const char golden[] = PROFILE(
	REQUIRED("f") "<field name='c' type='choice' choices='A B'>h</field>",
	PARM("{f}") "<a if='c'>{c}</a>");

static void puts_values_into_attributes_and_texts(void)
{
	assert_reads(PROFILE(REQUIRED("f") FIELD("g", "default='D'"),
		"<a b='{f}' c='1{g}2{f}3'>{{{f}}} {g}}}</a>"));
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "f", "x" }),
		"<a b=\"x\" c=\"1D2x3\">{x} D}</a>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "g", "{f}" },
					    { "f", "}{{" }),
		"<a b=\"}{{\" c=\"1{f}2}{{3\">{}{{} {f}}</a>");
}

static void keeps_elements_by_if_and_unless(void)
{
	assert_reads(PROFILE(FIELD("f", "") FIELD("g", "")
		"<field name='h' type='flag'>h</field>",
		"<a if='f'/><b unless='f'/><c if='f g'/><d unless='f g'/>"
		"<e if='f' unless='g'/><i if='h'/><j unless='h'/>"));
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, NONE), "<b/><d/><j/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "f", "1" }),
			       "<a/><e/><j/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "g", "1" }),
			       "<b/><j/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "f", "1" },
					    { "g", "1" }), "<a/><c/><j/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "h", "yes" }),
			       "<b/><d/><i/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "h", "no" }),
			       "<b/><d/><j/>");
}

static void lets_a_flag_be_yes_by_default(void)
{
	assert_reads(PROFILE("<field name='f' type='flag' default='yes'>h"
			     "</field>", "<a if='f'/>"));
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, NONE), "<a/>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "f", "no" }), "");
}

static void takes_an_empty_value_for_a_value(void)
{
	assert_reads(PROFILE(FIELD("f", "min='0'"), "<a if='f'>{f}</a>"
			     "<b unless='f'/>"));
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, { "f", "" }), "<a></a>");
	CU_ASSERT_STRING_EQUAL(FILL(DM_OK, NONE), "<b/>");
}

static void leaves_no_line_of_the_profile_in_the_document(void)
{
	struct xml_node *root;

	assert_reads(PROFILE("", "<a>x</a>"));
	root = assert_fills(NULL, 0);
	CU_ASSERT_EQUAL(root->line, 0);
	CU_ASSERT_EQUAL(root->children->line, 0);
	CU_ASSERT_EQUAL(root->children->children->line, 0);
	CU_ASSERT_NOT_EQUAL(profile.template->children->line, 0);
}

static void assert_error(const char *field, const char *came)
{
	CU_ASSERT_STRING_EQUAL(profile_err.field, field);
	CU_ASSERT_STRING_EQUAL(profile_err.came, came);
	CU_ASSERT(profile_err.allowed[0]);
}

static void refuses_fields_unknown_twice_or_missing(void)
{
	assert_reads(golden);
	FILL(DM_EINVAL, { "f", "x" }, { "F", "x" });
	assert_error("F", "unknown field");
	FILL(DM_EINVAL, { "f", "x" }, { "f", "x" });
	assert_error("f", "given twice");
	FILL(DM_EINVAL, { "c", "A" });
	assert_error("f", "missing");
	FILL(DM_EINVAL, { "f", "x" }, { "c", "C" });
	assert_error("c", "\"C\"");
	CU_ASSERT_STRING_EQUAL(profile_err.allowed, "A, B");
}

/* A value would be lost, and its sender believe that it was sent. */
static void refuses_a_value_without_a_place(void)
{
	const char *lost = "it has no place in this document";

	assert_reads(PROFILE(FIELD("f", "") FIELD("g", "default='x'")
		"<field name='h' type='flag'>h</field>",
		"<a if='f'><b c='{g}'/><d if='h'/></a>"));
	FILL(DM_OK, NONE);
	FILL(DM_OK, { "h", "no" });
	FILL(DM_OK, { "f", "1" }, { "g", "1" }, { "h", "yes" });
	FILL(DM_EINVAL, { "g", "1" });
	assert_error("g", lost);
	FILL(DM_EINVAL, { "h", "yes" });
	assert_error("h", lost);
	assert_reads(PROFILE(FIELD("f", "") FIELD("g", ""), "<a if='f g'/>"));
	FILL(DM_EINVAL, { "f", "1" });
	assert_error("f", lost);
	FILL(DM_EINVAL, { "g", "1" });
	assert_error("g", lost);
}

static void does_not_tell_a_secret(void)
{
	static const char *const types[] = {
		"text", "number", "url", "host", "ipv4", "base64", "hex",
	};
	char text[400], words[ERR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(text, sizeof(text), PROFILE("<field name='f' "
			 "type='%s' secret='yes' required='yes'>h</field>",
			 PARM("{f}")), types[i]);
		assert_reads(text);
		FILL(DM_EINVAL, { "f", "geheim\1" });
		err_text(&profile_err, words, sizeof(words));
		CU_ASSERT_PTR_NULL(strstr(words, "geheim"));
	}
}

/* Octets that XML, templates and lists care about. */
static void random_text(uint64_t *state, char *out, size_t len)
{
	static const char of[] = "{}<>&\"' \t;ab]";

	for (size_t i = 0; i < len; i++)
		out[i] = of[tap_random_below(state, sizeof(of) - 1)];
	for (char *c = out; (c = strchr(c, '\t')); )
		*c = '?';
}

static void survives_xml(uint64_t *state)
{
	static _Alignas(max_align_t) uint8_t again_room[64 * 1024];
	static char text[64 * 1024];
	struct arena a = { .buf = again_room, .cap = sizeof(again_room) };
	struct xml_node *root, *again;
	char value[41] = "x";
	size_t len;

	random_text(state, value + 1, tap_random_below(state, 40));
	assert_reads(PROFILE(REQUIRED("f"), "<a b='{{{f}' c='{f}'>{f}</a>"));
	root = assert_fills(&(struct profile_value){ "f", value }, 1);
	CU_ASSERT_EQUAL_FATAL(xml_write(root, true, text, sizeof(text), &len),
			      DM_OK);
	CU_ASSERT_EQUAL_FATAL(xml_read(&a, text, len, &again, &profile_err),
			      DM_OK);
	CU_ASSERT_STRING_EQUAL(xml_attribute(again->children, "b") + 1, value);
	CU_ASSERT_STRING_EQUAL(xml_attribute(again->children, "c"), value);
	CU_ASSERT_STRING_EQUAL(xml_text(again->children), value);
}

static void makes_no_xml_of_values(void)
{
	tap_property(500, survives_xml);
}

/* Both in one block of every size: none is enough but the last. */
static void refuses_every_short_arena(void)
{
	static _Alignas(max_align_t) uint8_t room[16 * 1024];
	static const struct profile_value values[] = {
		{ "f", "x" }, { "c", "B" },
	};
	struct profile p;
	struct xml_node *root;
	struct err e;
	int rc = DM_ENOSPC;
	size_t cap = 0;

	for (; rc == DM_ENOSPC && cap < sizeof(room); cap++) {
		struct arena a = { .buf = room, .cap = cap };

		e.code = DM_OK;
		rc = profile_read(&a, "test", golden, sizeof(golden) - 1, &p,
				  &e);
		if (!rc)
			rc = profile_fill(&p, values, 2, &a, &root, &e);
		CU_ASSERT_EQUAL(rc, e.code);
	}
	CU_ASSERT_EQUAL(rc, DM_OK);
	CU_ASSERT(cap > sizeof(golden));
}

static CU_TestInfo tests[] = {
	{ "puts values into attributes and texts",
	  puts_values_into_attributes_and_texts },
	{ "keeps elements by if and unless", keeps_elements_by_if_and_unless },
	{ "lets a flag be yes by default", lets_a_flag_be_yes_by_default },
	{ "takes an empty value for a value",
	  takes_an_empty_value_for_a_value },
	{ "leaves no line of the profile in the document",
	  leaves_no_line_of_the_profile_in_the_document },
	{ "refuses fields unknown, twice or missing",
	  refuses_fields_unknown_twice_or_missing },
	{ "refuses a value without a place", refuses_a_value_without_a_place },
	{ "does not tell a secret", does_not_tell_a_secret },
	{ "makes no XML of values", makes_no_xml_of_values },
	{ "refuses every short arena", refuses_every_short_arena },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("profile_fill", tests);
}
