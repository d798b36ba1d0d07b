/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_tokens.h"

#include <stdalign.h>
#include <string.h>

#include "bootstrap/cp_wbxml.h"
#include "bootstrap/cp_xml.h"
#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

/* Each token there may be: two pages of 256. */
static void each_token(void (*test)(const struct cp_token *t, uint8_t page,
				    uint8_t token))
{
	for (unsigned i = 0; i < 2 * 256; i++)
		test(cp_token_read((uint8_t)(i / 256), (uint8_t)(i % 256)),
		     (uint8_t)(i / 256), (uint8_t)(i % 256));
}

static void check_token(const struct cp_token *t, uint8_t page, uint8_t token)
{
	const struct cp_token *w;

	if (!t)
		return;
	CU_ASSERT_EQUAL(t->page, page);
	CU_ASSERT_EQUAL(t->token, token);
	CU_ASSERT_EQUAL(token >= 0x80, t->attribute == CP_VALUE && t->text);
	w = cp_token_write(t->attribute, t->text);
	if (!w)
		return;
	CU_ASSERT_EQUAL(w->attribute, t->attribute);
	CU_ASSERT(t->text ? !strcmp(w->text, t->text) : !w->text);
	CU_ASSERT_PTR_EQUAL(cp_token_read(w->page, w->token), w);
}

static void reads_each_token_that_it_writes(void)
{
	each_token(check_token);
	for (unsigned a = 0; a < N_CP_ATTRIBUTES; a++) {
		const struct cp_token *t = cp_token_write(
			(enum cp_attribute)a, NULL);

		CU_ASSERT_PTR_NOT_NULL_FATAL(t);
		CU_ASSERT_EQUAL(t->page, 0);
	}
}

static size_t n_written, n_in_document;

static void count_token(const struct cp_token *t, uint8_t page, uint8_t token)
{
	(void)page;
	(void)token;
	n_written += t && t->text && cp_token_write(t->attribute, t->text) == t;
}

static void count_nodes(const struct cp_node *list)
{
	for (; list; list = list->next) {
		n_in_document++;
		count_nodes(list->children);
	}
}

/* Each token once, so the octets are the same only if each token is. */
static void writes_the_tokens_of_libwbxml(void)
{
	const json_t *v = vectors_find("cp_tokens", "vectors", "every-token");
	struct arena a = { .buf = room, .cap = sizeof(room) };
	uint8_t want[VECTOR_OCTETS_MAX], out[VECTOR_OCTETS_MAX];
	size_t want_len = vector_hex(v, "wbxml_hex", want), len = 0;
	const char *xml = vector_text(v, "xml");
	struct cp_doc doc;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(cp_xml_read(&a, xml, strlen(xml), &doc, &e),
			      DM_OK);
	CU_ASSERT_EQUAL(cp_wbxml_encode(&doc, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));

	n_written = n_in_document = 0;
	each_token(count_token);
	count_nodes(doc.nodes);
	CU_ASSERT_EQUAL(n_written, 151);
	/* the version is none; the characteristic around the parms is one */
	CU_ASSERT_EQUAL(n_in_document, n_written);
}

static void check_others(const json_t *v)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "wbxml_hex", in);
	const char *xml = vector_text(v, "xml");
	struct cp_doc doc, want;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(cp_xml_read(&a, xml, strlen(xml), &want, &e),
			      DM_OK);
	CU_ASSERT_EQUAL_FATAL(cp_wbxml_decode(&a, in, len, &doc, &e), DM_OK);
	CU_ASSERT(trees_same_cp(&doc, &want));
}

static void reads_the_tokens_of_others(void)
{
	vectors_each("cp_tokens", "vectors", check_others);
}

static void check_value(uint8_t page, uint8_t token, const char *text)
{
	const struct cp_token *t = cp_token_read(page, token);

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_STRING_EQUAL(t->text, text);
	CU_ASSERT_PTR_NOT_EQUAL(cp_token_write(t->attribute, text), t);
}

static void reads_more_than_it_writes(void)
{
	static const char *const pieces[] = { ",", "HTTP-", "BASIC",
					      "DIGEST" };

	for (uint8_t i = 0; i < 4; i++) {
		check_value(1, 0x80 + i, pieces[i]);
		check_value(1, 0x90 + i, pieces[i]);
	}
	check_value(1, 0x8d, "APPSRV");
	check_value(1, 0x8e, "OBEX");
	check_value(1, 0x86, "IPV6");
	check_value(0, 0xb5, "TETRA-SDS");
	check_value(0, 0xbb, "3G-GSM");
	check_value(1, 0x3c, "APPREF");
	check_value(1, 0x3d, "TO-APPREF");
	check_value(1, 0x07, "NAME");
	check_value(0, 0x5c, "BEARERINFO");
	CU_ASSERT_PTR_NULL(cp_token_write(CP_NAME, "APPREF"));
	CU_ASSERT_PTR_NULL(cp_token_write(CP_VALUE, "APPSRV"));
	CU_ASSERT_EQUAL(cp_token_write(CP_VALUE, "IPV6")->page, 0);
}

/* Global tokens have the same meaning in every page: WAP-192, 7.1. */
static void leaves_global_tokens_alone(void)
{
	for (uint8_t page = 0; page < 2; page++)
		for (unsigned i = 0; i < 20; i++) {
			uint8_t token = (uint8_t)(i % 5 + 0x40 * (i / 5));

			if (page == 0 || token < 0x80 || token > 0x83)
				CU_ASSERT_PTR_NULL(cp_token_read(page, token));
		}
	CU_ASSERT_PTR_NULL(cp_token_read(2, 0x05));
	CU_ASSERT_PTR_NULL(cp_token_read(0, 0x4d));
	CU_ASSERT_PTR_NULL(cp_token_read(0, 0xff));
}

static void knows_whose_values_are_enumerated(void)
{
	CU_ASSERT(cp_is_enumerated("NAP-ADDRTYPE"));
	CU_ASSERT(cp_is_enumerated("BEARER"));
	CU_ASSERT(cp_is_enumerated("AAUTHTYPE"));
	CU_ASSERT(cp_is_enumerated("SERVICE"));
	CU_ASSERT(!cp_is_enumerated("service"));
	CU_ASSERT(!cp_is_enumerated("NAME"));
	CU_ASSERT(!cp_is_enumerated("AUTHSECRET"));
	CU_ASSERT(!cp_is_enumerated(""));
}

static CU_TestInfo tests[] = {
	{ "reads each token that it writes", reads_each_token_that_it_writes },
	{ "writes the tokens of libwbxml", writes_the_tokens_of_libwbxml },
	{ "reads the tokens of others", reads_the_tokens_of_others },
	{ "reads more than it writes", reads_more_than_it_writes },
	{ "leaves global tokens alone", leaves_global_tokens_alone },
	{ "knows whose values are enumerated",
	  knows_whose_values_are_enumerated },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp_tokens", tests);
}
