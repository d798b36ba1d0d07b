/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syncml_tool.c - our codec of SyncML DM as a filter, for tests that ask others
 *
 *	syncml_tool encode	XML to WBXML
 *	syncml_tool decode	WBXML to XML
 *	syncml_tool xml		XML to XML in our form
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/syncml_fixture.h"

static _Alignas(max_align_t) uint8_t room[SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t in[XML_OCTETS_MAX], out[WBXML_SCAN_OCTETS_MAX];

static void check(int rc, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!rc)
		return;
	fprintf(stderr, "syncml_tool: %s\n", err_text(e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	bool from_wbxml = !strcmp(what, "decode");
	size_t len = fread(in, 1, sizeof(in), stdin);
	struct syncml_message m;
	struct err e;

	if (!from_wbxml && strcmp(what, "encode") && strcmp(what, "xml"))
		return EXIT_FAILURE;
	check(syncml_read(&arena, from_wbxml ? SYNCML_WBXML : SYNCML_XML, in,
			  len, &m, &e), &e);
	if (strcmp(what, "encode")) {
		fputs(syncml_to_text(&m), stdout);
		return EXIT_SUCCESS;
	}
	check(syncml_write(&arena, SYNCML_WBXML, &m, out, sizeof(out), &len,
			   &e), &e);
	fwrite(out, 1, len, stdout);
	return EXIT_SUCCESS;
}
