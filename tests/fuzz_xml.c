/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any octets as XML. What is read can be written, plain and indented, and both
 * are read as the same tree. What is refused says why, without control
 * characters.
 */
#include "bootstrap/xml.h"

#include <stdalign.h>
#include <string.h>

#include "tests/fuzz.h"
#include "tests/trees.h"

#define ROOM 400000		/* octets: for FUZZ_INPUT_MAX of markup */
#define TEXT_MAX 400000

static alignas(max_align_t) uint8_t rooms[2][ROOM];

static void check_written(const struct xml_node *root, bool indent)
{
	static char text[TEXT_MAX];
	struct arena a = { .buf = rooms[1], .cap = ROOM };
	struct xml_node *again;
	struct err e;
	size_t len;

	FUZZ_CHECK(xml_write(root, indent, text, sizeof(text), &len) == DM_OK);
	FUZZ_CHECK(strlen(text) == len);
	FUZZ_CHECK(xml_read(&a, text, len, &again, &e) == DM_OK);
	FUZZ_CHECK(trees_same_xml(root, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct arena a = { .buf = rooms[0], .cap = ROOM };
	struct err e = { .code = DM_OK };
	struct xml_node *root;
	int rc;

	if (len > FUZZ_INPUT_MAX)
		return 0;
	rc = xml_read(&a, (const char *)in, len, &root, &e);
	FUZZ_CHECK(rc == e.code);
	if (rc) {
		FUZZ_CHECK(!strcmp(e.field, "xml") && e.came[0]);
		return 0;
	}
	check_written(root, false);
	check_written(root, true);
	return 0;
}
