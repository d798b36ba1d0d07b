/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/syncml_wbxml.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/xml.h"
#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"
#include "wap/wbxml_scan.h"

#define XML_MAX (64 * 1024)

#define BEGIN "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody>"
#define END "</SyncBody></SyncML>"
#define ADD(data) BEGIN "<Add><Item><Data>" data "</Data></Item></Add>" END

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static char xml[XML_MAX];
static uint8_t octets[XML_MAX];

static int encode(const char *text, size_t *len, struct err *e)
{
	e->code = DM_OK;
	return syncml_wbxml_encode(text, strlen(text), octets, sizeof(octets),
				   len, e);
}

/* The XML of octets, in a buffer that the next call overwrites. */
static const char *decode(const uint8_t *in, size_t in_len)
{
	size_t len = 0;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(syncml_wbxml_decode(in, in_len, xml, sizeof(xml),
						  &len, &e), DM_OK);
	CU_ASSERT_EQUAL(len, strlen(xml));
	return xml;
}

static struct xml_node *tree(struct arena *a, const char *text)
{
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(xml_read(a, text, strlen(text), &root, &e),
			      DM_OK);
	return root;
}

static bool is_dm(const json_t *v)
{
	return !strcmp(vector_text(v, "kind"), "dm");
}

static void check_encode(const json_t *v)
{
	uint8_t want[VECTOR_OCTETS_MAX];
	size_t want_len, len = 0;
	struct err e;

	if (!is_dm(v))
		return;
	want_len = vector_hex(v, "wbxml_hex", want);
	CU_ASSERT_EQUAL(encode(vector_text(v, "xml"), &len, &e), DM_OK);
	CU_ASSERT(tap_same(octets, len, want, want_len));
}

static void encodes_the_vectors_octet_for_octet(void)
{
	vectors_each("bootstrap", "vectors", check_encode);
}

/* Of TNDS, libwbxml says +xml; back in WBXML it is +wbxml again. */
static void check_decode(const json_t *v)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t in_len, len = 0;
	const char *text;
	struct err e;

	if (!is_dm(v))
		return;
	in_len = vector_hex(v, "wbxml_hex", in);
	text = decode(in, in_len);
	if (!strstr(text, "dmtnds"))
		CU_ASSERT(trees_same_xml(tree(&a, text),
					 tree(&a, vector_text(v, "xml"))));
	CU_ASSERT_EQUAL(encode(text, &len, &e), DM_OK);
	CU_ASSERT(tap_same(octets, len, in, in_len));
}

static void decodes_the_vectors(void)
{
	vectors_each("bootstrap", "vectors", check_decode);
}

static void reads_strings_out_of_the_string_table(void)
{
	static const uint8_t in[] = "\3\xa4\1\x6a\6./\0a/\0"
		"\x6d\x6b\x45\x54\x6e\x57\x83\0\3Con\0\x83\3\3x\0\1\1\1\1\1\1";
	struct arena a = { .buf = room, .cap = sizeof(room) };

	CU_ASSERT(trees_same_xml(tree(&a, decode(in, sizeof(in) - 1)),
		tree(&a, BEGIN "<Add><Item><Target><LocURI>./Cona/x</LocURI>"
		     "</Target></Item></Add>" END)));
}

/* Documents that must come back as they are. */
static const char *const same[] = {
	BEGIN END,
	BEGIN "<Final/>" END,
	ADD(""),
	ADD("  a  b\t"),
	ADD("&lt;a&gt;&amp;\"'"),
	ADD("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
	ADD("]&gt;]]"),
	BEGIN "<Get><Item><Target><LocURI> &lt;a&#10;&#13;&#10;&#9;\xc3\xa4"
	"]]&gt; </LocURI></Target></Item></Get>" END,
	BEGIN "<Get><Item><Meta><Format xmlns=\"syncml:metinf\">chr</Format>"
	"<Type xmlns=\"syncml:metinf\">text/clear</Type></Meta><Data>a</Data>"
	"</Item></Get>" END,
	"<SyncML xmlns=\"SYNCML:SYNCML1.1\"><SyncHdr/></SyncML>",
};

static void keeps_every_character(void)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct arena a = { .buf = room, .cap = sizeof(room) };
		size_t len = 0;
		struct err e;

		CU_ASSERT_EQUAL_FATAL(encode(same[i], &len, &e), DM_OK);
		CU_ASSERT(trees_same_xml(tree(&a, decode(octets, len)),
					 tree(&a, same[i])));
	}
}

static void makes_cr_lf_of_line_ends_in_data(void)
{
	static const uint8_t want[] = "\2\xa4\1\x6a\0\x6d\x6b\x45\x54\x4f"
				      "\xc3\4a\r\nb\1\1\1\1\1";
	size_t len = 0;
	struct err e;

	CU_ASSERT_EQUAL(encode(ADD("a&#10;b"), &len, &e), DM_OK);
	CU_ASSERT(tap_same(octets, len, want, sizeof(want) - 1));
}

static const struct {
	const char *xml;
	const char *field, *came;
} bad[] = {
	{ BEGIN, "xml", "Parsing of XML Document Failed" },
	{ "", "xml", "Bad Parameter" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.3\"/>", "xml",
	  "The XML language is unknown." },
	{ ADD("<MgmtTree xmlns=\"syncml:dmddf1.2\"><MgmtTree/></MgmtTree>"),
	  "xml", "The XML language is unknown." },
	{ BEGIN "<Put2/>" END, "xml", "another element" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.0\"/>", "wbxml",
	  "octet 5: another public identifier" },
	{ "<wml/>", "wbxml", "octet 4: another public identifier" },
	{ ADD("]]&gt;"), "wbxml", "octet 15: ]]> in Data" },
	{ ADD("<Final/>a"), "wbxml", "octet 14: text beside elements" },
	{ ADD("<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerDTD/></MgmtTree>"),
	  "wbxml", "octet 49: not text in UTF-8" },
};

static void refuses_what_cannot_be_encoded(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len = 77;
		struct err e;

		CU_ASSERT_EQUAL(encode(bad[i].xml, &len, &e), DM_EPROTO);
		CU_ASSERT_EQUAL(len, 77);
		CU_ASSERT_STRING_EQUAL(e.field, bad[i].field);
		CU_ASSERT_STRING_EQUAL(e.came, bad[i].came);
		if (strcmp(e.came, bad[i].came))
			printf("# document %zu: %s\n", i, e.came);
	}
}

static void refuses_octets_that_libwbxml_must_not_see(void)
{
	static const struct {
		const char *octets;
		size_t len;
	} hostile[] = {
		{ "\2\xa4\1\x6a\0\x6d\x71\2\x88\x80\x80\x80\0\1\1", 15 },
		{ "\2\xa4\1\x6a\6a><b/>\0\x6d\x44\0\1\1", 16 },
		{ "\2\0\0\x6a\0\x2d", 6 },
		{ "", 0 },
	};

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		size_t len = 77;
		struct err e = { .code = DM_OK };

		CU_ASSERT_EQUAL(syncml_wbxml_decode(
			(const uint8_t *)hostile[i].octets, hostile[i].len,
			xml, sizeof(xml), &len, &e), DM_EPROTO);
		CU_ASSERT_EQUAL(e.code, DM_EPROTO);
		CU_ASSERT_EQUAL(len, 77);
	}
}

static const uint8_t small[] = "\2\xa4\1\x6a\0\x6d\x6b\x12\1\1";

static void check_short_octets(uint8_t *out, size_t cap)
{
	size_t len = 77;
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(syncml_wbxml_encode(BEGIN "<Final/>" END,
		strlen(BEGIN "<Final/>" END), out, cap, &len, &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(e.code, DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void check_short_xml(uint8_t *out, size_t cap)
{
	size_t len = 77;
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(syncml_wbxml_decode(small, sizeof(small) - 1,
		(char *)out, cap, &len, &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(e.code, DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(sizeof(small) - 1, check_short_octets);
	tap_each_short(strlen(decode(small, sizeof(small) - 1)) + 1,
		       check_short_xml);
}

static void refuses_more_than_sms_can_carry(void)
{
	static char big[WBXML_SCAN_OCTETS_MAX + 1];
	static char text[sizeof(big) + sizeof(ADD(""))];
	static uint8_t out[2 * WBXML_SCAN_OCTETS_MAX];
	size_t len = 77;
	struct err e;

	memset(big, 'a', sizeof(big) - 1);
	snprintf(text, sizeof(text), "%s%s%s", BEGIN "<Add><Item><Data>", big,
		 "</Data></Item></Add>" END);
	CU_ASSERT_EQUAL(syncml_wbxml_encode(text, strlen(text), out,
					    sizeof(out), &len, &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
	CU_ASSERT_STRING_EQUAL(e.allowed, "32640 octets");
}

static CU_TestInfo tests[] = {
	{ "encodes the vectors octet for octet",
	  encodes_the_vectors_octet_for_octet },
	{ "decodes the vectors", decodes_the_vectors },
	{ "reads strings out of the string table",
	  reads_strings_out_of_the_string_table },
	{ "keeps every character", keeps_every_character },
	{ "makes CR LF of line ends in Data",
	  makes_cr_lf_of_line_ends_in_data },
	{ "refuses what cannot be encoded", refuses_what_cannot_be_encoded },
	{ "refuses octets that libwbxml must not see",
	  refuses_octets_that_libwbxml_must_not_see },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses more than SMS can carry",
	  refuses_more_than_sms_can_carry },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("syncml_wbxml", tests);
}
