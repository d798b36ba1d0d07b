/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_wbxml.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap/cp_xml.h"
#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"

#define OUT_MAX 400000

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static alignas(max_align_t) uint8_t other_room[XML_ARENA_MAX];

static struct cp_doc read_xml(const char *text)
{
	struct arena a = { .buf = other_room, .cap = sizeof(other_room) };
	struct cp_doc doc = { .version = NULL };
	struct err e;

	CU_ASSERT_EQUAL_FATAL(cp_xml_read(&a, text, strlen(text), &doc, &e),
			      DM_OK);
	return doc;
}

static int decode_in(uint8_t *buf, size_t cap, const uint8_t *in, size_t len,
		     struct cp_doc *doc, struct err *e)
{
	struct arena a = { .buf = buf, .cap = cap };

	return cp_wbxml_decode(&a, in, len, doc, e);
}

static struct cp_doc decode(const uint8_t *in, size_t len)
{
	struct cp_doc doc = { .version = NULL };
	struct err e = { .code = DM_OK };

	if (decode_in(room, sizeof(room), in, len, &doc, &e))
		CU_FAIL_FATAL("a document that does not decode");
	return doc;
}

static bool is_cp(const json_t *v)
{
	return !strcmp(vector_text(v, "kind"), "cp");
}

static size_t recommended(const json_t *v, uint8_t *out)
{
	return vector_hex(v, vector_has(v, "recommended_wbxml_hex") ?
			     "recommended_wbxml_hex" : "wbxml_hex", out);
}

static void check_golden(const json_t *v)
{
	uint8_t want[VECTOR_OCTETS_MAX], out[VECTOR_OCTETS_MAX];
	struct cp_doc doc, again;
	size_t want_len, len = 0;

	if (!is_cp(v))
		return;
	want_len = recommended(v, want);
	doc = read_xml(vector_text(v, "xml"));
	CU_ASSERT_EQUAL(cp_wbxml_encode(&doc, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));
	again = decode(want, want_len);
	CU_ASSERT(trees_same_cp(&doc, &again));
}

static void agrees_with_the_recommended_octets(void)
{
	vectors_each("bootstrap", "vectors", check_golden);
}

/* Kannel changes the case of what looks like a token to it. */
static bool only_of_kannel(const json_t *variant)
{
	const json_t *encoders = json_object_get(variant, "encoders");

	return json_array_size(encoders) == 1 &&
	       !strcmp(json_string_value(json_array_get(encoders, 0)),
		       "kannel-test_ota");
}

static void fold_case(struct cp_node *list)
{
	for (; list; list = list->next) {
		for (char *p = (char *)list->name; *p; p++)
			*p = (char)(*p & 0x40 ? *p & ~0x20 : *p);
		for (char *p = (char *)list->value; p && *p; p++)
			*p = (char)(*p & 0x40 ? *p & ~0x20 : *p);
		fold_case(list->children);
	}
}

static size_t n_variants;

static void check_variants(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	const json_t *variant;
	size_t i;

	if (!is_cp(v))
		return;
	json_array_foreach(json_object_get(v, "variants"), i, variant) {
		struct cp_doc want = read_xml(vector_text(v, "xml"));
		struct cp_doc doc = decode(in, vector_hex(variant,
							  "wbxml_hex", in));

		if (only_of_kannel(variant)) {
			fold_case(want.nodes);
			fold_case(doc.nodes);
		}
		CU_ASSERT(trees_same_cp(&doc, &want));
		n_variants++;
	}
}

static void reads_what_every_encoder_made_of_them(void)
{
	vectors_each("bootstrap", "vectors", check_variants);
	CU_ASSERT_EQUAL(n_variants, 41);
}

/* The octets of one encoder alone. */
static struct cp_doc decode_kannel(const char *name)
{
	const json_t *v = vectors_find("bootstrap", "vectors", name);
	uint8_t in[VECTOR_OCTETS_MAX];
	const json_t *variant;
	size_t i;

	json_array_foreach(json_object_get(v, "variants"), i, variant)
		if (only_of_kannel(variant))
			return decode(in, vector_hex(variant, "wbxml_hex",
						     in));
	CU_FAIL_FATAL("no variant of Kannel");
	return (struct cp_doc){ .version = NULL };
}

static void reads_what_kannel_wrote_not_what_it_meant(void)
{
	struct cp_doc doc = decode_kannel("cp-casefold-secret");
	const struct cp_node *list;

	list = cp_characteristic(doc.nodes, "NAPDEF")->children;
	list = cp_characteristic(list, "NAPAUTHINFO")->children;
	CU_ASSERT_STRING_EQUAL(cp_value(list, "AUTHNAME"), "MAN");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "AUTHSECRET"), "CHAP");

	doc = decode_kannel("cp-ms-characteristics");
	list = cp_characteristic(doc.nodes, "CM_GPRSEntries")->children;
	list = cp_characteristic(list, "Acme GPRS")->children;
	CU_ASSERT_PTR_NULL(cp_parm(list, "UserName"));
	CU_ASSERT_STRING_EQUAL(cp_value(list, "USERNAME"), "");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "PASSWORD"), "");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "DOMAIN"), "");
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct cp_doc doc = { .version = "untouched" };
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(decode_in(room, sizeof(room), in, len, &doc, &e),
			DM_EPROTO);
	CU_ASSERT_EQUAL(e.code, DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(doc.version, "untouched");
}

static void cut_variants(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	const json_t *variant;
	size_t i;

	if (is_cp(v))
		json_array_foreach(json_object_get(v, "variants"), i, variant)
			tap_each_cut(in, vector_hex(variant, "wbxml_hex", in),
				     check_cut);
}

static void refuses_every_cut_input(void)
{
	vectors_each("bootstrap", "vectors", cut_variants);
}

/* In blocks of their own, so that the sanitizer sees the octet behind. */
static void refuses_every_arena_that_is_too_small(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "cp-codepage1-tokens");
	struct arena a = { .buf = room, .cap = sizeof(room) };
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = recommended(v, in);
	struct cp_doc doc;
	struct err e;

	CU_ASSERT_EQUAL(cp_wbxml_decode(&a, in, len, &doc, &e), DM_OK);
	for (size_t cap = 0; cap < a.used; cap++) {
		uint8_t *block = malloc(cap);

		CU_ASSERT_EQUAL(decode_in(block, cap, in, len, &doc, &e),
				DM_ENOSPC);
		CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "too big"));
		free(block);
	}
}

#define NAPDEF(inside) "<characteristic type='NAPDEF'>" inside \
	"</characteristic>"

/* How each thing is written: documents without version, and their octets. */
static const struct {
	const char *xml, *hex;
} rules[] = {
	{ "", "05" },
	{ NAPDEF(""), "45 86 55 01 01" },
	{ NAPDEF("<parm name='INTERNET'/>"), "45 c6 55 01 87 14 01 01 01" },

	/* an empty value is an empty string, none is none */
	{ NAPDEF("<parm name='NAME' value=''/>"),
	  "45 c6 55 01 87 07 06 03 00 01 01 01" },

	/* a token as a whole, where values are enumerated */
	{ NAPDEF("<parm name='BEARER' value='GSM-GPRS'/>"),
	  "45 c6 55 01 87 10 06 ab 01 01 01" },
	{ NAPDEF("<parm name='BEARER' value='gsm-gprs'/>"),
	  "45 c6 55 01 87 10 06 03 67736d2d67707273 00 01 01 01" },
	{ NAPDEF("<parm name='BEARER' value='GSM-GPRS '/>"),
	  "45 c6 55 01 87 10 06 03 47534d2d4750525320 00 01 01 01" },

	/* not elsewhere, and no pieces */
	{ NAPDEF("<parm name='AUTHSECRET' value='CHAP'/>"),
	  "45 c6 55 01 87 0e 06 03 43484150 00 01 01 01" },
	{ NAPDEF("<parm name='NAME' value='MANAGER'/>"),
	  "45 c6 55 01 87 07 06 03 4d414e41474552 00 01 01 01" },
	{ NAPDEF("<parm name='AUTHSECRET' value='a,b'/>"),
	  "45 c6 55 01 87 0e 06 03 612c62 00 01 01 01" },
	{ NAPDEF("<parm name='AAUTHTYPE' value='HTTP-BASIC,DIGEST'/>"),
	  "45 c6 55 01 87 0001 33 0000 06"
	  "03 485454502d42415349432c444947455354 00 01 01 01" },

	/* not what few decoders know: page 1, later ones, TETRA */
	{ NAPDEF("<parm name='AAUTHLEVEL' value='OBEX'/>"),
	  "45 c6 55 01 87 0001 30 0000 06 03 4f424558 00 01 01 01" },
	{ NAPDEF("<parm name='BEARER' value='WLAN'/>"),
	  "45 c6 55 01 87 10 06 03 574c414e 00 01 01 01" },
	{ NAPDEF("<parm name='BEARER' value='TETRA-SDS'/>"),
	  "45 c6 55 01 87 10 06 03 54455452412d534453 00 01 01 01" },
	{ NAPDEF("<parm name='APPREF'/>"),
	  "45 c6 55 01 87 05 03 415050524546 00 01 01 01" },

	/* page 1 lasts until something of page 0 comes */
	{ "<characteristic type='APPLICATION'><parm name='APPID'/>"
	  "<parm name='x'/><parm name='ADDR'/>"
	  "<characteristic type='PORT'/></characteristic>",
	  "45 c6 0001 55 01 87 36 01 87 0000 05 03 78 00 01 87 0001 34 01"
	  "86 0000 53 01 01 01" },

	/* names and types that nobody knows, or that are empty */
	{ "<characteristic type=''><parm name='' value=' '/>"
	  "</characteristic>",
	  "45 c6 50 03 00 01 87 05 03 00 06 03 20 00 01 01 01" },
	{ "<characteristic type='napdef'><parm name='Name'/>"
	  "</characteristic>",
	  "45 c6 50 03 6e6170646566 00 01 87 05 03 4e616d65 00 01 01 01" },
};

static void check_octets(const char *xml, const char *hex)
{
	uint8_t want[200] = { 0x03, 0x0b, 0x6a, 0x00 }, out[200];
	size_t want_len = 4 + tap_hex(hex, want + 4, sizeof(want) - 4);
	const struct cp_doc doc = read_xml(xml);
	size_t len = 0;

	CU_ASSERT_EQUAL(cp_wbxml_encode(&doc, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));
}

static void writes_each_thing_in_one_form(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		char xml[400] = "<wap-provisioningdoc>";

		strcat(strcat(xml, rules[i].xml), "</wap-provisioningdoc>");
		check_octets(xml, rules[i].hex);
	}
	check_octets("<wap-provisioningdoc version='1.0'/>", "85 46 01");
	check_octets("<wap-provisioningdoc version='1.1'/>",
		     "85 45 03 312e31 00 01");
	check_octets("<wap-provisioningdoc version=''/>", "85 45 03 00 01");
}

static int encode(const char *version, const char *type, const char *name,
		  const char *value)
{
	struct cp_node parm = {
		.is_parm = true,
		.name = name,
		.value = value,
	};
	struct cp_node characteristic = { .name = type, .children = &parm };
	struct cp_doc doc = { .version = version, .nodes = &characteristic };
	uint8_t out[100];
	size_t len;

	return cp_wbxml_encode(&doc, out, sizeof(out), &len);
}

static void refuses_text_that_xml_cannot_hold(void)
{
	CU_ASSERT_EQUAL(encode("x", "x", "x", "x"), DM_OK);
	CU_ASSERT_EQUAL(encode("\xff", "x", "x", "x"), DM_EINVAL);
	CU_ASSERT_EQUAL(encode("x", "\xc3", "x", "x"), DM_EINVAL);
	CU_ASSERT_EQUAL(encode("x", "x", "\xed\xa0\x80", "x"), DM_EINVAL);
	CU_ASSERT_EQUAL(encode("x", "x", "x", "\x1b[0m"), DM_EINVAL);
}

static struct cp_doc short_doc;

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(cp_wbxml_encode(&short_doc, out, cap, &len),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "cp-w7-dm12-wm6");
	uint8_t want[VECTOR_OCTETS_MAX];

	short_doc = read_xml(vector_text(v, "xml"));
	tap_each_short(recommended(v, want), check_short);
}

static void survives_a_round_trip(uint64_t *state)
{
	static uint8_t first[OUT_MAX], second[OUT_MAX];
	struct arena a = { .buf = other_room, .cap = sizeof(other_room) };
	const struct cp_doc doc = trees_any_cp(state, &a);
	size_t first_len = 0, second_len = 0;
	struct cp_doc again;

	CU_ASSERT_EQUAL(cp_wbxml_encode(&doc, first, OUT_MAX, &first_len),
			DM_OK);
	again = decode(first, first_len);
	CU_ASSERT(trees_same_cp(&doc, &again));
	CU_ASSERT_EQUAL(cp_wbxml_encode(&again, second, OUT_MAX, &second_len),
			DM_OK);
	CU_ASSERT(tap_same(second, second_len, first, first_len));
}

static void reads_back_any_document_that_it_wrote(void)
{
	tap_property(500, survives_a_round_trip);
}

static CU_TestInfo tests[] = {
	{ "agrees with the recommended octets",
	  agrees_with_the_recommended_octets },
	{ "reads what every encoder made of them",
	  reads_what_every_encoder_made_of_them },
	{ "reads what Kannel wrote, not what it meant",
	  reads_what_kannel_wrote_not_what_it_meant },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses every arena that is too small",
	  refuses_every_arena_that_is_too_small },
	{ "writes each thing in one form", writes_each_thing_in_one_form },
	{ "refuses text that XML cannot hold",
	  refuses_text_that_xml_cannot_hold },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "reads back any document that it wrote",
	  reads_back_any_document_that_it_wrote },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp_wbxml", tests);
}
