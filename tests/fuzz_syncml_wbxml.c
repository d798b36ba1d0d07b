/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SyncML in WBXML: what the scanner passes, libwbxml must read, without harm,
 * without losing memory, and give XML that is well formed; and it must hold
 * when that is encoded again, which it may refuse (a MgmtTree in another).
 */
#include <string.h>

#include "bootstrap/xml.h"
#include "tests/fuzz.h"
#include "wap/syncml_wbxml.h"
#include "wap/wbxml_scan.h"

#define XML_MAX (1024 * 1024)	/* octets: more than any such input gives */

static char xml[XML_MAX];
static uint8_t octets[XML_MAX];
static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

/* U+FFFE and U+FFFF are UTF-8, but no characters of XML. */
static bool is_xml(size_t len)
{
	return len <= XML_OCTETS_MAX && !strstr(xml, "\xef\xbf\xbe") &&
	       !strstr(xml, "\xef\xbf\xbf");
}

static void check_xml(size_t len)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct err e;

	FUZZ_CHECK(!xml_read(&a, xml, len, &root, &e));
	FUZZ_CHECK(!strcmp(root->name, "SyncML"));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	size_t xml_len, octets_len;
	struct err e;
	int rc = wbxml_scan(in, len, &e);

	FUZZ_CHECK(syncml_wbxml_decode(in, len, xml, sizeof(xml), &xml_len,
				       &e) == rc);
	if (rc)
		return 0;
	FUZZ_CHECK(xml_len == strlen(xml));
	if (!is_xml(xml_len))
		return 0;
	check_xml(xml_len);
	rc = syncml_wbxml_encode(xml, xml_len, octets, sizeof(octets),
				 &octets_len, &e);
	FUZZ_CHECK(rc == DM_OK || rc == DM_EPROTO);
	return 0;
}
