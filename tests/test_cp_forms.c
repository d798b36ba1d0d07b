/* SPDX-License-Identifier: Apache-2.0 */
/* What others may write, in every legal form, and what they may not. */
#include "bootstrap/cp_wbxml.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/cp_xml.h"
#include "tests/tap.h"
#include "tests/trees.h"

static alignas(max_align_t) uint8_t room[100000], other_room[100000];

static int decode(const uint8_t *in, size_t len, struct cp_doc *doc,
		  struct err *e)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };

	return cp_wbxml_decode(&a, in, len, doc, e);
}

static struct cp_doc read_xml(const char *text)
{
	struct arena a = { .buf = other_room, .cap = sizeof(other_room) };
	struct cp_doc doc = { .version = NULL };
	struct err e;

	CU_ASSERT_EQUAL_FATAL(cp_xml_read(&a, text, strlen(text), &doc, &e),
			      DM_OK);
	return doc;
}

#define HEAD "03 0b 6a 00 "
#define NAPDEF(inside) "<characteristic type='NAPDEF'>" inside \
	"</characteristic>"

/* Octets, and the characteristics that they are. */
static const struct {
	const char *hex, *xml;
} forms[] = {
	{ HEAD "05", "" },
	{ HEAD "45 01", "" },
	{ HEAD "45 86 55 01 01", NAPDEF("") },
	{ HEAD "45 c6 55 01 01 01", NAPDEF("") },
	{ "01 0b 6a 00 05", "" },			/* WBXML 1.1 */
	{ "03 00 00 6a 1e"				/* PROV 1.0, as text */
	  "2d2f2f574150464f52554d2f2f4454442050524f5620312e302f2f454e 00"
	  "05", "" },

	/* values: of page 0; of page 1 in both assignments; pieces */
	{ HEAD "45 c6 55 01 87 0c 06 9a 01 01 01",
	  NAPDEF("<parm name='AUTHTYPE' value='PAP'/>") },
	{ HEAD "45 c6 0001 57 01 87 33 06 83 91 92 90 81 82 80 01 01 01",
	  "<characteristic type='APPAUTH'><parm name='AAUTHTYPE' "
	  "value='DIGESTHTTP-BASIC,HTTP-BASIC,'/></characteristic>" },
	{ HEAD "45 c6 55 01 87 07 06 8c 03 41474552 00 0001 8d 01 01 01",
	  NAPDEF("<parm name='NAME' value='MANAGERAPPSRV'/>") },
	{ HEAD "45 c6 55 01 87 07 03 53 00 06 e1 03 505059 00 01 01 01",
	  NAPDEF("<parm name='NAMES' value='HAPPY'/>") },
	{ HEAD "45 c6 0001 55 03 32 00 01 87 05 03 41 00 06 01 01 01",
	  "<characteristic type='APPLICATION2'><parm name='A' value=''/>"
	  "</characteristic>" },
	{ HEAD "45 c6 55 01 87 06 03 7879 00 07 01 87 07 06 01 01 01",
	  NAPDEF("<parm name='NAME' value='xy'/>"
		 "<parm name='NAME' value=''/>") },

	/* pages: in front of any token, twice, of tags */
	{ HEAD "45 c6 0001 0000 55 01 87 0000 0000 07 0001 06 0000 8c 0001 01"
	  "01 01", NAPDEF("<parm name='NAME' value='MAN'/>") },
	{ HEAD "45 0001 c6 55 01 0000 87 14 01 0001 01 01",
	  NAPDEF("<parm name='INTERNET'/>") },

	/* the string table */
	{ "03 0b 6a 05 61 00 6263 00"
	  "45 c6 50 83 02 01 87 05 83 00 06 83 03 01 01 01",
	  "<characteristic type='bc'><parm name='a' value='c'/>"
	  "</characteristic>" },
	{ "03 0b 6a 02 78 00 45 c6 0001 55 01 87 36 06 90 83 00 93 01 01 01",
	  "<characteristic type='APPLICATION'>"
	  "<parm name='APPID' value=',xDIGEST'/></characteristic>" },

	/* entities */
	{ HEAD "45 c6 55 01 87 07 06 02 7f 02 81 00 02 8f 7f 02 90 00"
	  "02 83 ff 7d 02 84 80 00 02 c3 ff 7f 01 01 01",
	  NAPDEF("<parm name='NAME' value='&#x7f;&#x80;&#x7ff;&#x800;"
		 "&#xfffd;&#x10000;&#x10ffff;'/>") },

	/* literals, of tags and attributes */
	{ "03 0b 6a 38"
	  "7761702d70726f766973696f6e696e67646f63 00"	/* 00: the root */
	  "6368617261637465726973746963 00"	/* 14: characteristic */
	  "74797065 00 7061726d 00"		/* 23: type; 28: parm */
	  "6e616d65 00 76616c7565 00"		/* 2d: name; 32: value */
	  "44 00 c4 14 04 23 03 78 00 01"
	  "84 28 04 2d 8c 04 32 03 79 00 01 01 01",
	  "<characteristic type='x'><parm name='MAN' value='y'/>"
	  "</characteristic>" },

	/* blanks between tags, and in a parm */
	{ "03 0b 6a 02 09 00"
	  "45 03 0a2020 00 c6 55 01 83 00 87 14 01 03 00 c7 14 01 03 20 00 01"
	  "01 01", NAPDEF("<parm name='INTERNET'/><parm name='INTERNET'/>") },

	/* US-ASCII, ISO-8859-1 */
	{ "03 0b 03 00 45 c6 50 03 78 00 01 01 01",
	  "<characteristic type='x'/>" },
	{ "03 0b 04 00 45 86 50 03 78e9ff 00 01 01",
	  "<characteristic type='x&#xe9;&#xff;'/>" },
};

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

static void reads_every_legal_form(void)
{
	for (size_t i = 0; i < N_FORMS; i++) {
		uint8_t in[200];
		size_t len = tap_hex(forms[i].hex, in, sizeof(in));
		char xml[400] = "<wap-provisioningdoc>";
		struct cp_doc doc, want;
		struct err e;

		strcat(strcat(xml, forms[i].xml), "</wap-provisioningdoc>");
		want = read_xml(xml);
		if (!decode(in, len, &doc, &e) && trees_same_cp(&doc, &want))
			continue;
		printf("# the form %s\n", forms[i].hex);
		CU_FAIL("a legal form is refused, or means something else");
	}
}

#define CUT "it is cut short, or a number is malformed"
#define TEXT "a text that is not in its charset, or that XML cannot hold"

static const struct {
	const char *hex, *came;
} bad[] = {
	{ "", "octet 0: " CUT },
	{ "03 0b 6a", "octet 0: " CUT },
	{ "04 0b 6a 00 05", "octet 0: a version other than WBXML 1.1 to 1.3" },
	{ "00 0b 00 05", "octet 0: a version other than WBXML 1.1 to 1.3" },
	{ "03 05 6a 00 05",
	  "octet 0: another document type than PROV 1.0" },
	{ "03 0b 07 00 05",
	  "octet 0: a charset other than UTF-8, US-ASCII, ISO-8859-1" },
	{ "03 0b 00 00 05",
	  "octet 0: a charset other than UTF-8, US-ASCII, ISO-8859-1" },

	/* tags */
	{ HEAD, "octet 4: " CUT },
	{ HEAD "01", "octet 4: it does not begin with its root" },
	{ HEAD "86 55 01", "octet 4: it does not begin with its root" },
	{ HEAD "05 05", "octet 5: octets behind its end" },
	{ HEAD "45 05 01", "octet 5: a tag in the wrong place" },
	{ HEAD "45 87 07 01 01", "octet 5: a tag in the wrong place" },
	{ HEAD "45 c6 55 01 c7 07 01 86 55 01 01 01 01",
	  "octet 11: a tag in the wrong place" },
	{ HEAD "45 c6 55 01 05 01 01", "octet 8: a tag in the wrong place" },
	{ HEAD "45 48 01", "octet 5: an unknown tag" },
	{ HEAD "45 0002 86 55 01 01", "octet 7: an unknown tag" },
	{ HEAD "45 06 01", "octet 5: a tag without type or name" },
	{ HEAD "45 86 01 01", "octet 6: a tag without type or name" },
	{ HEAD "45 c6 55 01 87 06 03 78 00 01 01 01",
	  "octet 13: a tag without type or name" },
	{ HEAD "45 04 00 01", "octet 5: a string that is not in the table" },
	{ "03 0b 6a 02 78 00 45 04 00 01",
	  "octet 7: a name that the DTD does not have" },
	{ "03 0b 6a 02 78 78 45 04 00 01",
	  "octet 7: a string that is not in the table" },

	/* content that is none */
	{ HEAD "45 03 78 00 01", "octet 5: something that is no element" },
	{ HEAD "45 02 20 01", "octet 5: something that is no element" },
	{ HEAD "45 40 20 00 01", "octet 5: something that is no element" },
	{ HEAD "45 43 01 01", "octet 5: something that is no element" },
	{ HEAD "45 c3 01 20 01", "octet 5: something that is no element" },
	{ HEAD "45 83 00 01", "octet 5: a string that is not in the table" },

	/* attributes */
	{ HEAD "85 55 01", "octet 5: an attribute of another element" },
	{ HEAD "45 86 07 01 01", "octet 6: an attribute of another element" },
	{ HEAD "45 86 45 01 01", "octet 6: an attribute of another element" },
	{ HEAD "45 c6 55 01 87 50 01 01 01",
	  "octet 9: an attribute of another element" },
	{ HEAD "45 86 55 56 01 01",
	  "octet 7: an attribute that is there twice" },
	{ HEAD "45 86 4d 01 01", "octet 6: an unknown attribute token" },
	{ HEAD "45 86 43 01 01", "octet 6: an unknown attribute token" },
	{ HEAD "45 86 0002 55 01 01", "octet 8: an unknown attribute token" },
	{ HEAD "45 86 8c 55 01 01", "octet 6: a value without an attribute" },
	{ "03 0b 6a 02 78 00 45 86 04 00 01 01",
	  "octet 8: a name that the DTD does not have" },

	/* values */
	{ HEAD "45 86 50 ff 01 01", "octet 7: an unknown value token" },
	{ HEAD "45 86 50 0001 94 01 01", "octet 9: an unknown value token" },
	{ HEAD "45 86 50 84 01 01", "octet 7: an unknown value token" },
	{ HEAD "45 86 50 40 78 00 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 42 78 00 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 80 00 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 82 00 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 c0 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 c2 01 01", "octet 7: an extension token" },
	{ HEAD "45 86 50 c3 01 78 01 01", "octet 7: opaque data" },
	{ HEAD "45 86 50 83 00 01 01",
	  "octet 7: a string that is not in the table" },
	{ HEAD "45 86 50 03 78", "octet 7: " CUT },
	{ HEAD "45 86 50 02 ff ff ff ff ff 7f 01 01", "octet 7: " CUT },
	{ HEAD "45 86 50 02 c4 80 00 01 01",
	  "octet 7: an entity that is no character" },
	{ HEAD "45 86 50 02 83 b0 00 01 01", "octet 7: " TEXT },
	{ HEAD "45 86 50 02 00 01 01", "octet 7: " TEXT },
	{ HEAD "45 86 50 03 ff 00 01 01", "octet 7: " TEXT },
	{ HEAD "45 86 50 03 c3 00 03 a9 00 01 01", "octet 7: " TEXT },
	{ HEAD "45 86 50 03 1b 00 01 01", "octet 7: " TEXT },
	{ HEAD "45 86 50 03 efbfbe 00 01 01", "octet 7: " TEXT },
	{ "03 0b 03 00 45 86 50 03 e9 00 01 01", "octet 7: " TEXT },
	{ "03 0b 04 00 45 86 50 03 1b 00 01 01", "octet 7: " TEXT },
};

static void says_what_is_wrong_and_where(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cp_doc doc = { .version = "untouched" };
		uint8_t in[100];
		struct err e;

		CU_ASSERT_EQUAL(decode(in, tap_hex(bad[i].hex, in,
						   sizeof(in)), &doc, &e),
				DM_EPROTO);
		CU_ASSERT_STRING_EQUAL(e.field, "wbxml");
		CU_ASSERT(tap_same(e.came, strlen(e.came), bad[i].came,
				   strlen(bad[i].came)));
		CU_ASSERT_STRING_EQUAL(doc.version, "untouched");
	}
}

static int decode_nested(size_t depth, struct cp_doc *doc, struct err *e)
{
	uint8_t in[200] = { 0x03, 0x0b, 0x6a, 0x00, 0x45 };
	size_t len = 5;

	for (size_t i = 0; i < depth; i++) {
		memcpy(in + len, "\xc6\x55\x01", 3);
		len += 3;
	}
	memcpy(in + len, "\x87\x14\x01", 3);
	len += 3;
	memset(in + len, 0x01, depth + 1);
	return decode(in, len + depth + 1, doc, e);
}

static void refuses_what_is_too_deep(void)
{
	struct cp_doc doc;
	struct err e;

	CU_ASSERT_EQUAL(decode_nested(CP_DEPTH_MAX, &doc, &e), DM_OK);
	CU_ASSERT_EQUAL(decode_nested(CP_DEPTH_MAX + 1, &doc, &e), DM_ENOSPC);
	CU_ASSERT_STRING_EQUAL(e.came, "octet 53: it is too deep");
}

static CU_TestInfo tests[] = {
	{ "reads every legal form", reads_every_legal_form },
	{ "says what is wrong and where", says_what_is_wrong_and_where },
	{ "refuses what is too deep", refuses_what_is_too_deep },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp_forms", tests);
}
