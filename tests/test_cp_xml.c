/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_xml.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"

#define OUT_MAX 400000

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static alignas(max_align_t) uint8_t other_room[XML_ARENA_MAX];

static int read_in(uint8_t *buf, size_t cap, const char *text,
		   struct cp_doc *doc, struct err *e)
{
	struct arena a = { .buf = buf, .cap = cap };

	return cp_xml_read(&a, text, strlen(text), doc, e);
}

static struct cp_doc read_doc(const char *text)
{
	struct cp_doc doc = { .version = NULL };
	struct err e;

	CU_ASSERT_EQUAL_FATAL(read_in(room, sizeof(room), text, &doc, &e),
			      DM_OK);
	return doc;
}

/* In a buffer that the next call overwrites. */
static const char *written(const struct cp_doc *doc, bool show_secrets)
{
	static char out[OUT_MAX];
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(cp_xml_write(doc, show_secrets, out,
					   sizeof(out), &len), DM_OK);
	CU_ASSERT_EQUAL(len, strlen(out));
	return out;
}

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" \
	"<!DOCTYPE wap-provisioningdoc PUBLIC " \
	"\"-//WAPFORUM//DTD PROV 1.0//EN\" " \
	"\"http://www.wapforum.org/DTD/prov.dtd\">\n"

static const char golden[] =
	HEAD
	"<wap-provisioningdoc version=\"1.1\">\n"
	"  <characteristic type=\"APPLICATION\">\n"
	"    <parm name=\"APPID\" value=\"w7\"/>\n"
	"    <parm name=\"INIT\"/>\n"
	"    <parm name=\"NAME\" value=\"\"/>\n"
	"    <characteristic type=\"APPAUTH\">\n"
	"      <parm name=\"AAUTHNAME\" value=\" a&amp;b \"/>\n"
	"      <parm name=\"AAUTHSECRET\" value=\"s3cr3t\"/>\n"
	"      <parm name=\"AAUTHDATA\" value=\"\"/>\n"
	"    </characteristic>\n"
	"    <parm name=\"USEHWDEVID\"/>\n"
	"  </characteristic>\n"
	"  <characteristic type=\"\"/>\n"
	"</wap-provisioningdoc>\n";

static void reads_a_document_as_it_stands(void)
{
	const struct cp_doc doc = read_doc(golden);
	const struct cp_node *app = doc.nodes, *auth;

	CU_ASSERT_STRING_EQUAL(doc.version, "1.1");
	CU_ASSERT(!app->is_parm);
	CU_ASSERT_STRING_EQUAL(app->name, "APPLICATION");
	CU_ASSERT_EQUAL(app->line, 4);
	CU_ASSERT_STRING_EQUAL(cp_value(app->children, "APPID"), "w7");
	CU_ASSERT_PTR_NULL(cp_parm(app->children, "INIT")->value);
	CU_ASSERT_STRING_EQUAL(cp_parm(app->children, "NAME")->value, "");
	auth = cp_characteristic(app->children, "APPAUTH");
	CU_ASSERT_STRING_EQUAL(cp_value(auth->children, "AAUTHNAME"),
			       " a&b ");
	CU_ASSERT_EQUAL(cp_parm(auth->children, "AAUTHDATA")->line, 11);
	CU_ASSERT_STRING_EQUAL(auth->next->name, "USEHWDEVID");
	CU_ASSERT_STRING_EQUAL(app->next->name, "");
	CU_ASSERT_PTR_NULL(app->next->children);
}

static void writes_a_document_as_it_is(void)
{
	const struct cp_doc doc = read_doc(golden);

	CU_ASSERT_STRING_EQUAL(written(&doc, true), golden);
}

static void writes_documents_of_nothing(void)
{
	struct cp_doc doc = { .version = NULL };

	CU_ASSERT_STRING_EQUAL(written(&doc, true),
			       HEAD "<wap-provisioningdoc/>\n");
	doc.version = "&";
	CU_ASSERT_STRING_EQUAL(written(&doc, true), HEAD
			       "<wap-provisioningdoc version=\"&amp;\"/>\n");
	doc = read_doc("<wap-provisioningdoc version=''/>");
	CU_ASSERT_STRING_EQUAL(doc.version, "");
	CU_ASSERT_PTR_NULL(doc.nodes);
	doc = read_doc("<!DOCTYPE x><wap-provisioningdoc> "
		       "</wap-provisioningdoc>");
	CU_ASSERT_PTR_NULL(doc.version);
}

static void hides_secrets(void)
{
	const struct cp_doc doc = read_doc(golden);
	const char *text = written(&doc, false);

	CU_ASSERT_PTR_NULL(strstr(text, "s3cr3t"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"AAUTHSECRET\" value=\"***\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"AAUTHDATA\" value=\"\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "value=\" a&amp;b \""));
}

static void check_vector(const json_t *v)
{
	struct cp_doc doc, again;
	const char *text;
	struct err e;

	if (strcmp(vector_text(v, "kind"), "cp"))
		return;
	doc = read_doc(vector_text(v, "xml"));
	text = written(&doc, true);
	CU_ASSERT_EQUAL_FATAL(read_in(other_room, sizeof(other_room), text,
				      &again, &e), DM_OK);
	CU_ASSERT(trees_same_cp(&doc, &again));
}

static void reads_and_writes_the_vectors(void)
{
	vectors_each("bootstrap", "vectors", check_vector);
}

#define D(text) "<wap-provisioningdoc>\n" text "</wap-provisioningdoc>"
#define C(text) D("<characteristic type='x'>\n" text "</characteristic>")

static void says_what_is_wrong_and_where(void)
{
	static const struct {
		const char *in, *came;
	} bad[] = {
		{ "\n<SyncML/>", "line 2: another document" },
		{ "<wap-provisioningdoc xmlns='u'/>",
		  "line 1: another document" },
		{ "<wap-provisioningdoc name='x'/>",
		  "line 1: an unknown attribute" },
		{ D("<parm name='x'/>"), "line 2: another element" },
		{ D("<Characteristic type='x'/>"), "line 2: another element" },
		{ D("<characteristic xmlns='u' type='x'/>"),
		  "line 2: another element" },
		{ D(" x "), "line 2: text" },
		{ D("<characteristic/>"), "line 2: an attribute is missing" },
		{ D("<characteristic type='x' name='y'/>"),
		  "line 2: an unknown attribute" },
		{ C("<parm value='x'/>"), "line 3: an attribute is missing" },
		{ C("<parm name='x' Value='y'/>"),
		  "line 3: an unknown attribute" },
		{ C("<parm name='x' type='y'/>"),
		  "line 3: an unknown attribute" },
		{ C("<parm name='x'>y</parm>"),
		  "line 3: something inside a parm" },
		{ C("<parm name='x'>\n<parm name='y'/></parm>"),
		  "line 4: something inside a parm" },
		{ C("<parm name='x'/>\ntext"), "line 4: text" },
		{ C("<wap-provisioningdoc/>"), "line 3: another element" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cp_doc doc = { .version = "untouched" };
		struct err e;

		CU_ASSERT_EQUAL(read_in(room, sizeof(room), bad[i].in, &doc,
					&e), DM_EINVAL);
		CU_ASSERT(tap_same(e.came, strlen(e.came), bad[i].came,
				   strlen(bad[i].came)));
		CU_ASSERT_STRING_EQUAL(e.field, "xml");
		CU_ASSERT_STRING_EQUAL(doc.version, "untouched");
	}
}

static void leaves_xml_to_the_reader_of_xml(void)
{
	struct cp_doc doc;
	struct err e;

	CU_ASSERT_EQUAL(read_in(room, sizeof(room), "<wap-provisioningdoc>",
				&doc, &e), DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.came, "line 1: it ends too early");
}

static int read_nested(size_t depth, struct cp_doc *doc, struct err *e)
{
	char text[2000] = "<wap-provisioningdoc>";

	for (size_t i = 0; i < depth; i++)
		strcat(text, "\n<characteristic type='x'>");
	strcat(text, "<parm name='y'/>");
	for (size_t i = 0; i < depth; i++)
		strcat(text, "</characteristic>");
	strcat(text, "</wap-provisioningdoc>");
	return read_in(room, sizeof(room), text, doc, e);
}

static void refuses_what_is_too_deep(void)
{
	struct cp_doc doc;
	struct err e;

	CU_ASSERT_EQUAL(read_nested(CP_DEPTH_MAX, &doc, &e), DM_OK);
	CU_ASSERT_EQUAL(read_nested(CP_DEPTH_MAX + 1, &doc, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "line 18: it is too deep");
}

/* In blocks of their own, so that the sanitizer sees the octet behind. */
static void refuses_every_arena_that_is_too_small(void)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct cp_doc doc = { .version = "untouched" };
	struct err e;

	CU_ASSERT_EQUAL(cp_xml_read(&a, golden, strlen(golden), &doc, &e),
			DM_OK);
	for (size_t cap = 0; cap < a.used; cap++) {
		uint8_t *block = malloc(cap);

		CU_ASSERT_EQUAL(read_in(block, cap, golden, &doc, &e),
				DM_ENOSPC);
		free(block);
	}
	CU_ASSERT_STRING_EQUAL(doc.version, "1.1");
}

static struct cp_doc short_doc;

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(cp_xml_write(&short_doc, true, (char *)out, cap, &len),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	short_doc = read_doc(golden);
	tap_each_short(sizeof(golden), check_short);
}

static void survives_a_round_trip(uint64_t *state)
{
	struct arena a = { .buf = other_room, .cap = sizeof(other_room) };
	const struct cp_doc doc = trees_any_cp(state, &a);
	const struct cp_doc again = read_doc(written(&doc, true));

	CU_ASSERT(trees_same_cp(&doc, &again));
}

static void reads_any_document_that_it_wrote(void)
{
	tap_property(500, survives_a_round_trip);
}

static CU_TestInfo tests[] = {
	{ "reads a document as it stands", reads_a_document_as_it_stands },
	{ "writes a document as it is", writes_a_document_as_it_is },
	{ "writes documents of nothing", writes_documents_of_nothing },
	{ "hides secrets", hides_secrets },
	{ "reads and writes the vectors", reads_and_writes_the_vectors },
	{ "says what is wrong and where", says_what_is_wrong_and_where },
	{ "leaves XML to the reader of XML", leaves_xml_to_the_reader_of_xml },
	{ "refuses what is too deep", refuses_what_is_too_deep },
	{ "refuses every arena that is too small",
	  refuses_every_arena_that_is_too_small },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "reads any document that it wrote",
	  reads_any_document_that_it_wrote },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp_xml", tests);
}
