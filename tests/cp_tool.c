/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_tool.c - our codecs as a filter, for tests that ask other programs
 *
 *	cp_tool encode	XML to WBXML
 *	cp_tool decode	WBXML to XML
 *	cp_tool xml	XML to XML in our form
 *	cp_tool tokens	XML in which each token that we write is used once
 */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap/cp_tokens.h"
#include "bootstrap/cp_wbxml.h"
#include "bootstrap/cp_xml.h"

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t in[XML_OCTETS_MAX], out[2 * XML_OCTETS_MAX];

static void check(int rc, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!rc)
		return;
	fprintf(stderr, "cp_tool: %d: %s\n", rc, err_text(e, text,
							  sizeof(text)));
	exit(EXIT_FAILURE);
}

static const struct cp_token *written(unsigned page, unsigned token)
{
	const struct cp_token *t = cp_token_read((uint8_t)page,
						 (uint8_t)token);

	if (!t || !t->text || cp_token_write(t->attribute, t->text) != t)
		return NULL;
	return t;
}

/* Arena full: a crash, which a test may have. */
static struct cp_doc all_tokens(void)
{
	struct cp_doc doc = { .version = "1.0" };
	struct cp_node *first = cp_add(&arena, &doc.nodes, false, "x", NULL);

	for (unsigned i = 0; i < 2 * 256; i++) {
		const struct cp_token *t = written(i / 256, i % 256);

		if (t && t->attribute == CP_TYPE)
			cp_add(&arena, &doc.nodes, false, t->text, NULL);
		if (t && t->attribute == CP_NAME)
			cp_add(&arena, &first->children, true, t->text, NULL);
		if (t && t->attribute == CP_VALUE)
			cp_add(&arena, &first->children, true, "SERVICE",
			       t->text);
	}
	return doc;
}

int main(int argc, char **argv)
{
	const char *mode = argc == 2 ? argv[1] : "";
	struct err e = { .code = DM_OK };
	struct cp_doc doc = { .version = NULL };
	size_t len = 0;

	if (strcmp(mode, "tokens"))
		len = fread(in, 1, sizeof(in), stdin);
	if (!strcmp(mode, "tokens"))
		doc = all_tokens();
	else if (!strcmp(mode, "decode"))
		check(cp_wbxml_decode(&arena, in, len, &doc, &e), &e);
	else
		check(cp_xml_read(&arena, (const char *)in, len, &doc, &e),
		      &e);
	if (!strcmp(mode, "encode"))
		check(cp_wbxml_encode(&doc, out, sizeof(out), &len), &e);
	else
		check(cp_xml_write(&doc, true, (char *)out, sizeof(out), &len),
		      &e);
	return fwrite(out, 1, len, stdout) == len ? EXIT_SUCCESS : EXIT_FAILURE;
}
