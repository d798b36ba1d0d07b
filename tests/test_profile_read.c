/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tests/profile_fixture.h"
#include "tests/tap.h"

static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

/* The error's words, after the line, begin with what. */
static void assert_refused(const char *text, unsigned line, const char *what)
{
	char want[100];

	snprintf(want, sizeof(want), "line %u: %s", line, what);
	CU_ASSERT_EQUAL(read_text(text), DM_EINVAL);
	CU_ASSERT_EQUAL(profile_err.code, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(profile_err.field, "profile");
	CU_ASSERT(!strncmp(profile_err.came, want, strlen(want)));
	CU_ASSERT(profile_err.allowed[0]);
	if (strncmp(profile_err.came, want, strlen(want)))
		printf("# %s\n# \"%s\", not \"%s\"\n", text,
		       profile_err.came, want);
}

static void reads_every_attribute_of_a_field(void)
{
	const struct profile_field *f = &profile.fields[0];

	assert_reads("<?xml version='1.0'?><!-- a comment -->\n"
		"<profile client='mediatek' summary='a summary'>"
		"<field name='a-1' type='text' min='0' max='7' secret='yes'"
		" default='x'>\n  Two\n\t\t lines. </field>"
		"<field name='c' type='choice' choices=' A  B-2\nC ' "
		"required='yes'>h</field>"
		"<document><wap-provisioningdoc version='1.1'>"
		"<parm name='{a-1}' value='{c}'/>"
		"</wap-provisioningdoc></document></profile>");
	CU_ASSERT_STRING_EQUAL(profile.name, "test");
	CU_ASSERT_STRING_EQUAL(profile.client, "mediatek");
	CU_ASSERT_STRING_EQUAL(profile.summary, "a summary");
	CU_ASSERT_FALSE(profile.is_dm);
	CU_ASSERT_EQUAL_FATAL(profile.n_fields, 2);
	CU_ASSERT_STRING_EQUAL(f[0].name, "a-1");
	CU_ASSERT_EQUAL(f[0].type, PROFILE_TEXT);
	CU_ASSERT_EQUAL(f[0].min, 0);
	CU_ASSERT_EQUAL(f[0].max, 7);
	CU_ASSERT(f[0].secret && !f[0].required);
	CU_ASSERT_STRING_EQUAL(f[0].default_value, "x");
	CU_ASSERT_PTR_NULL(f[0].choices);
	CU_ASSERT_STRING_EQUAL(f[0].help, "Two lines.");
	CU_ASSERT_STRING_EQUAL(f[1].choices, "A, B-2, C");
	CU_ASSERT(f[1].required && !f[1].secret);
	CU_ASSERT_PTR_NULL(f[1].default_value);
}

/* The numbers of dmbox-profile(5). */
static void gives_each_type_its_own_range(void)
{
	static const struct {
		const char *type;
		int32_t min, max;
	} types[] = {
		{ "text", 1, 4096 }, { "word", 1, 4096 },
		{ "number", 0, INT32_MAX }, { "flag", 0, 0 },
		{ "url", 1, 4096 }, { "host", 1, 253 }, { "ipv4", 0, 0 },
		{ "base64", 1, 3072 }, { "hex", 1, 2048 },
	};
	const struct profile_field *f = &profile.fields[0];
	char text[400];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(text, sizeof(text), PROFILE("<field name='f' "
			 "type='%s'>help</field>", "<parm if='f'/>"),
			 types[i].type);
		assert_reads(text);
		CU_ASSERT_STRING_EQUAL(profile_type_name(f->type),
				       types[i].type);
		CU_ASSERT_EQUAL(f->min, types[i].min);
		CU_ASSERT_EQUAL(f->max, types[i].max);
	}
}

static void knows_documents_of_both_kinds(void)
{
	assert_reads(PROFILE("", ""));
	CU_ASSERT_FALSE(profile.is_dm);
	assert_reads(HEAD "<document><SyncML xmlns='SYNCML:SYNCML1.1'/>"
		     "</document></profile>");
	CU_ASSERT(profile.is_dm);
	assert_reads(HEAD "<document><SyncML xmlns='SYNCML:SYNCML1.2'/>"
		     "</document></profile>");
	CU_ASSERT(profile.is_dm);
}

#define NOT_DOCUMENT "something else in"

static void refuses_what_is_no_profile(void)
{
	assert_refused("<x/>", 1, "unknown element \"x\"");
	assert_refused("<profile xmlns='u'/>", 1, "unknown element");
	assert_refused("<profile summary='s'/>", 1, "no attribute \"client\"");
	assert_refused("<profile client=''/>", 1, "no attribute \"client\"");
	assert_refused("<profile client='generic'/>", 1,
		       "no attribute \"summary\"");
	assert_refused("<profile client='x' summary='s'/>", 1, "client \"x\"");
	assert_refused("<profile client='generic' summary='s' x='1'/>", 1,
		       "unknown attribute \"x\"");
	assert_refused(HEAD "</profile>", 1, "no element \"document\"");
	assert_refused(HEAD "<x/></profile>", 2, "unknown element \"x\"");
	assert_refused(HEAD "<field xmlns='u'/></profile>", 2,
		       "unknown element \"field\"");
	assert_refused(HEAD "x</profile>", 2, "unknown element \"text\"");
	assert_refused(HEAD "\n<document/></profile>", 3, NOT_DOCUMENT);
	assert_refused(HEAD "<document>x</document></profile>", 2,
		       NOT_DOCUMENT);
	assert_refused(HEAD "<document><x/></document></profile>", 2,
		       NOT_DOCUMENT);
	assert_refused(HEAD "<document><SyncML/></document></profile>", 2,
		       NOT_DOCUMENT);
	assert_refused(HEAD "<document><wap-provisioningdoc xmlns='u'/>"
		       "</document></profile>", 2, NOT_DOCUMENT);
	assert_refused(HEAD "<document><wap-provisioningdoc/>"
		       "<wap-provisioningdoc/></document></profile>", 2,
		       NOT_DOCUMENT);
	assert_refused(HEAD "<document x='1'/></profile>", 2,
		       "unknown attribute \"x\"");
	assert_refused(HEAD "<document><wap-provisioningdoc/></document>\n"
		       "<document><wap-provisioningdoc/></document></profile>",
		       3, "again an element \"document\"");
}

static void refuses_names_that_are_no_names(void)
{
	static const char *const bad[] = {
		"", "A", "a_b", "-a", "../a", "a b", "a.xml", "\xc3\xa4",
		"a23456789012345678901234567890123",
	};
	static const char text[] = PROFILE("", "");
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct profile p;
	struct err e;

	CU_ASSERT_EQUAL(profile_name_check("a", &e), DM_OK);
	CU_ASSERT_EQUAL(profile_name_check("0-9z", &e), DM_OK);
	CU_ASSERT_EQUAL(profile_name_check("a2345678901234567890123456789012",
					   &e), DM_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(profile_name_check(bad[i], &e), DM_EINVAL);
		CU_ASSERT_EQUAL(profile_read(&a, bad[i], text,
					     sizeof(text) - 1, &p, &e),
				DM_EINVAL);
	}
}

/* One field with these attributes and this inside. */
static void refuses_field(const char *attributes, const char *inside,
			  const char *what)
{
	char text[600];

	snprintf(text, sizeof(text), HEAD "<field %s>%s</field>\n"
		 CP("<parm if='f'/>"), attributes, inside);
	assert_refused(text, 2, what);
}

static void refuses_fields_that_make_no_sense(void)
{
	static const struct {
		const char *attributes, *what;
	} bad[] = {
		{ "type='text'", "no attribute \"name\"" },
		{ "name='f'", "no attribute \"type\"" },
		{ "name='F' type='text'", "name \"F\"" },
		{ "name='a2345678901234567890123456789012' type='text'",
		  "name \"" },
		{ "name='f' type='texts'", "type \"texts\"" },
		{ "name='f' type='text' x='1'", "unknown attribute \"x\"" },
		{ "name='f' type='text' secre='yes'", "unknown attribute" },
		{ "name='f' type='text' required='true'",
		  "required \"true\"" },
		{ "name='f' type='text' secret=''", "secret \"\"" },
		{ "name='f' type='text' min='-1'", "min \"-1\"" },
		{ "name='f' type='text' max='4097'", "max \"4097\"" },
		{ "name='f' type='text' min='2' max='1'", "max \"1\"" },
		{ "name='f' type='text' min='01'", "min \"01\"" },
		{ "name='f' type='text' min=''", "min \"\"" },
		{ "name='f' type='number' max='2147483648'",
		  "max \"2147483648\"" },
		{ "name='f' type='word' min='0'", "min \"0\"" },
		{ "name='f' type='host' max='254'", "max \"254\"" },
		{ "name='f' type='flag' max='1'", "a range with type" },
		{ "name='f' type='ipv4' min='1'", "a range with type" },
		{ "name='f' type='choice' choices='A' min='1'",
		  "a range with type" },
		{ "name='f' type='choice'", "no choices, type \"choice\"" },
		{ "name='f' type='text' choices='A'",
		  "choices with type \"text\"" },
		{ "name='f' type='choice' choices=' '", "choices \" \"" },
		{ "name='f' type='choice' choices='A,B'", "choices" },
		{ "name='f' type='text' required='yes' default='x'",
		  "needlessly required \"f\"" },
		{ "name='f' type='flag' required='yes'",
		  "needlessly required \"f\"" },
		{ "name='f' type='number' default='x'", "default \"x\"" },
		{ "name='f' type='number' max='5' default='6'",
		  "default \"6\"" },
		{ "name='f' type='choice' choices='A B' default='C'",
		  "default \"C\"" },
		{ "name='f' type='flag' default='true'", "default \"true\"" },
		{ "name='f' type='text' default=''", "default \"\"" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses_field(bad[i].attributes, "help", bad[i].what);
	refuses_field("name='f' type='text'", "", "no help");
	refuses_field("name='f' type='text'", "<b>x</b>", "no help");
	refuses_field("name='f' type='text'", "x<b/>", "no help");
	assert_refused(HEAD REQUIRED("f") "\n" REQUIRED("f")
		       CP(PARM("{f}")), 3, "again a field \"f\"");
}

static void refuses_more_fields_than_it_holds(void)
{
	char text[16 * 1024] = HEAD;
	size_t n = strlen(text);

	for (unsigned i = 0; i <= PROFILE_FIELDS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
			"<field name='f%u' type='flag'>h</field>\n", i);
	snprintf(text + n, sizeof(text) - n, "</profile>");
	assert_refused(text, 2 + PROFILE_FIELDS_MAX, "one too many");
}

static void refuses_what_may_have_no_value(void)
{
	const char *what = "perhaps no value for \"f\"";

	assert_reads(PROFILE(REQUIRED("f"), PARM("{f}")));
	assert_reads(PROFILE(FIELD("f", "default='x'"), PARM("{f}")));
	assert_reads(PROFILE(FIELD("f", ""), "<parm if='f' name='{f}'/>"));
	assert_reads(PROFILE(FIELD("f", ""), "<a if='f'><b>{f}</b></a>"));
	assert_reads(PROFILE(FIELD("f", "") FIELD("g", ""),
			     "<a if='g f'><b>{f}{g}</b></a>"));
	assert_refused(PROFILE(FIELD("f", ""), PARM("{f}")), 3, what);
	assert_refused(PROFILE(FIELD("f", ""), "<a>\n<b>{f}</b></a>"), 4,
		       what);
	assert_refused(PROFILE(FIELD("f", ""), "<a if='f'/>" PARM("{f}")), 3,
		       what);
	assert_refused(PROFILE(FIELD("f", ""), "<a unless='f' b='{f}'/>"), 3,
		       what);
	assert_refused(PROFILE(FIELD("f", "") REQUIRED("g"),
			       "<a if='g' b='{f}'/>"), 3, what);
}

static void refuses_templates_that_do_not_fit_the_fields(void)
{
	assert_refused(PROFILE("", PARM("{x}")), 3, "unknown field \"x\"");
	assert_refused(PROFILE("", "<a>{}</a>"), 3, "unknown field \"\"");
	assert_refused(PROFILE("", "<a if='x'/>"), 3, "unknown field \"x\"");
	assert_refused(PROFILE(REQUIRED("f"), "<a if='f x'/>"), 3,
		       "unknown field \"x\"");
	assert_refused(PROFILE(REQUIRED("f"), "<a unless='f,'/>"), 3,
		       "unknown field \"f,\"");
	assert_refused(PROFILE("", "<a if=' '/>"), 3, "no field in \"if\"");
	assert_refused(PROFILE("", "<a unless=''/>"), 3,
		       "no field in \"unless\"");
	assert_refused(PROFILE("<field name='f' type='flag'>h</field>",
			       "<a if='f'>{f}</a>"), 3,
		       "the value of the flag \"f\"");
	assert_refused(PROFILE(REQUIRED("f"), ""), 2, "unused field \"f\"");
	assert_refused(HEAD FIELD("f", "") "<document><wap-provisioningdoc "
		       "if='f'/></document></profile>", 2,
		       "the document itself has \"if\"");
}

static void refuses_a_brace_alone(void)
{
	assert_reads(PROFILE("", PARM("{{}}{{{{")));
	assert_refused(PROFILE("", PARM("{")), 3, "a brace alone in \"{\"");
	assert_refused(PROFILE("", PARM("}")), 3, "a brace alone");
	assert_refused(PROFILE("", PARM("a}b")), 3, "a brace alone");
	assert_refused(PROFILE("", PARM("{{{")), 3, "a brace alone");
	assert_refused(PROFILE("", PARM("{436EF144-B4FB}")), 3,
		       "unknown field");
	assert_refused(PROFILE(REQUIRED("f"), PARM("{f}}")), 3,
		       "a brace alone");
	assert_refused(PROFILE(REQUIRED("f"), "<a>{f</a>"), 3,
		       "a brace alone");
}

static const char golden[] = PROFILE(
	REQUIRED("f") "<field name='c' type='choice' choices='A B'>h</field>",
	PARM("{f}") "<a if='c'>{c}</a>");

static void check_cut(const uint8_t *in, size_t len)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct profile p = { .n_fields = 77 };
	struct err e;

	CU_ASSERT_EQUAL(profile_read(&a, "test", (const char *)in, len, &p,
				     &e), DM_EPROTO);
	CU_ASSERT_EQUAL(p.n_fields, 77);
}

static void refuses_every_cut_input(void)
{
	tap_each_cut((const uint8_t *)golden, sizeof(golden) - 1, check_cut);
}

static CU_TestInfo tests[] = {
	{ "reads every attribute of a field",
	  reads_every_attribute_of_a_field },
	{ "gives each type its own range", gives_each_type_its_own_range },
	{ "knows documents of both kinds", knows_documents_of_both_kinds },
	{ "refuses what is no profile", refuses_what_is_no_profile },
	{ "refuses names that are no names", refuses_names_that_are_no_names },
	{ "refuses fields that make no sense",
	  refuses_fields_that_make_no_sense },
	{ "refuses more fields than it holds",
	  refuses_more_fields_than_it_holds },
	{ "refuses what may have no value", refuses_what_may_have_no_value },
	{ "refuses templates that do not fit the fields",
	  refuses_templates_that_do_not_fit_the_fields },
	{ "refuses a brace alone", refuses_a_brace_alone },
	{ "refuses every cut input", refuses_every_cut_input },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("profile_read", tests);
}
