/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any octets as a provisioning document in WBXML. What decodes can be encoded,
 * and written as XML, and comes back from both as the same tree.
 */
#include "bootstrap/cp_wbxml.h"

#include <stdalign.h>
#include <string.h>

#include "bootstrap/cp_xml.h"
#include "tests/fuzz.h"
#include "tests/trees.h"

#define OUT_MAX 2000000		/* octets: tokens for FUZZ_INPUT_MAX */

static alignas(max_align_t) uint8_t rooms[2][XML_ARENA_MAX];

static void check_wbxml(const struct cp_doc *doc)
{
	static uint8_t out[OUT_MAX];
	struct arena a = { .buf = rooms[1], .cap = sizeof(rooms[1]) };
	struct cp_doc again;
	struct err e;
	size_t len;

	FUZZ_CHECK(cp_wbxml_encode(doc, out, sizeof(out), &len) == DM_OK);
	FUZZ_CHECK(cp_wbxml_decode(&a, out, len, &again, &e) == DM_OK);
	FUZZ_CHECK(trees_same_cp(doc, &again));
}

static void check_xml(const struct cp_doc *doc)
{
	static char out[OUT_MAX];
	struct arena a = { .buf = rooms[1], .cap = sizeof(rooms[1]) };
	struct cp_doc again;
	struct err e;
	size_t len;

	FUZZ_CHECK(cp_xml_write(doc, true, out, sizeof(out), &len) == DM_OK);
	if (len > XML_OCTETS_MAX)
		return;
	FUZZ_CHECK(cp_xml_read(&a, out, len, &again, &e) == DM_OK);
	FUZZ_CHECK(trees_same_cp(doc, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct arena a = { .buf = rooms[0], .cap = sizeof(rooms[0]) };
	struct err e = { .code = DM_OK };
	struct cp_doc doc;
	int rc;

	if (len > FUZZ_INPUT_MAX)
		return 0;
	rc = cp_wbxml_decode(&a, in, len, &doc, &e);
	FUZZ_CHECK(rc == e.code);
	if (rc) {
		FUZZ_CHECK(!strcmp(e.field, "wbxml") && e.came[0]);
		return 0;
	}
	check_wbxml(&doc);
	check_xml(&doc);
	return 0;
}
