/* SPDX-License-Identifier: Apache-2.0 */
/* Against outside messages; see test_wsp_values.c for what they lack. */
#include "wap/wsp_push.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

/* Encodes what was decoded; it has to be the same again. */
static void assert_encodes_to(const struct wsp_push *p, const uint8_t *want,
			      size_t want_len)
{
	uint8_t out[VECTOR_OCTETS_MAX];
	size_t len = 0;

	CU_ASSERT_EQUAL(wsp_push_encode(p, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));
}

static void assert_body(const struct wsp_push *p, const json_t *package0)
{
	uint8_t body[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(package0, "package0_hex", body);

	CU_ASSERT(tap_same(p->body, p->body_len, body, len));
}

/* TID 06 03 C4 AF 87 package 0: OMA DM Notification 1.2, 6.3.1 */
static void check_minimal(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "wsp_hex", in);
	struct wsp_push p, made = { .tid = 1, .pdu_type = WSP_PUSH };

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, in, len), DM_OK);
	CU_ASSERT_EQUAL(p.tid, 1);
	CU_ASSERT_EQUAL(p.pdu_type, WSP_PUSH);
	CU_ASSERT_PTR_NULL(p.content_type.text);
	CU_ASSERT_EQUAL(p.content_type.number, WSP_SYNCML_NOTIFICATION);
	CU_ASSERT_EQUAL(p.params_len, 0);
	CU_ASSERT_EQUAL(p.n_headers, 1);
	CU_ASSERT_EQUAL(p.headers[0].code, WSP_APPLICATION_ID);
	CU_ASSERT_EQUAL(p.headers[0].value.number, WSP_APPLICATION_SYNCML_DM);
	CU_ASSERT_EQUAL(p.headers_offset, 3);
	CU_ASSERT_EQUAL(p.body_offset, 6);
	assert_body(&p, v);

	made.content_type.number = WSP_SYNCML_NOTIFICATION;
	wsp_push_add(&made, WSP_APPLICATION_ID, WSP_APPLICATION_SYNCML_DM);
	made.body = p.body;
	made.body_len = p.body_len;
	assert_encodes_to(&made, in, len);
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", check_minimal) >=
		  37);
}

/* tshark's reading of a number: decimal or 0x; "" if there is no header. */
static void assert_tshark_number(const struct wsp_push *p, const char *want,
				 enum wsp_header_code code)
{
	const struct wsp_value *v = wsp_push_find(p, code);

	CU_ASSERT_EQUAL(v != NULL, want[0] != '\0');
	if (v && want[0])
		CU_ASSERT_EQUAL(v->number, strtoul(want, NULL, 0));
}

static void assert_tshark_flags(const struct wsp_push *p, const char *want)
{
	const struct wsp_value *v = wsp_push_find(p, WSP_PUSH_FLAG);
	unsigned flags = (strstr(want, "authenticated") ? 1 : 0) |
			 (strstr(want, "trusted") ? 2 : 0) |
			 (strstr(want, "Last") ? 4 : 0);

	CU_ASSERT_EQUAL(v ? v->number : 0, flags);
}

static void assert_tshark_application(const struct wsp_push *p,
				      const char *want)
{
	const struct wsp_value *v = wsp_push_find(p, WSP_APPLICATION_ID);

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	CU_ASSERT_STRING_EQUAL(v->text ? v->text
				       : wsp_application_name(v->number),
			       want);
}

static void assert_tshark_content_type(const struct wsp_push *p,
				       const char *want)
{
	size_t len;
	const char *name = wsp_content_type_name(&p->content_type, &len);
	const char *code = strstr(want, "0x");

	if (code)	/* "<Unknown media type identifier 0x4E>" */
		CU_ASSERT_EQUAL(p->content_type.number,
				strtoul(code, NULL, 16));
	if (!code)
		CU_ASSERT(tap_same(name, len, want, strlen(want)));
}

static void assert_tshark(const struct wsp_push *p, const json_t *t)
{
	const json_t *version = json_object_get(t, "encoding_version");
	const struct wsp_value *v = wsp_push_find(p, WSP_ENCODING_VERSION);

	CU_ASSERT_EQUAL(p->tid, strtoul(vector_text(t, "tid"), NULL, 0));
	CU_ASSERT_EQUAL(p->pdu_type,
			strtoul(vector_text(t, "pdu_type"), NULL, 0));
	CU_ASSERT_EQUAL(p->body_offset - p->headers_offset,
			(size_t)vector_number(t, "headers_length"));
	assert_tshark_content_type(p, vector_text(t, "content_type"));
	assert_tshark_application(p, vector_text(t, "application_id"));
	assert_tshark_flags(p, vector_text(t, "push_flag"));
	assert_tshark_number(p, vector_text(t, "content_length"),
			     WSP_CONTENT_LENGTH);
	if (!strcmp(json_string_value(version), "1.5"))
		CU_ASSERT_EQUAL(v ? v->number : 0, 0x15);
}

static void check_variant(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "wsp_hex", in);
	struct wsp_push p;

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, in, len), DM_OK);
	assert_tshark(&p, json_object_get(v, "tshark"));
	assert_body(&p, vectors_find("notification", "vectors",
				     vector_text(v, "package0_of")));
	assert_encodes_to(&p, in, len);
}

static void reads_every_variant_as_tshark_does_and_writes_it_again(void)
{
	CU_ASSERT(vectors_each("notification", "wsp_variants",
			       check_variant) >= 11);
}

static void check_capture(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	struct wsp_push p;
	size_t len;

	if (!vector_has(v, "wsp_hex"))
		return;
	len = vector_hex(v, "wsp_hex", in);
	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, in, len), DM_OK);
	CU_ASSERT_EQUAL(p.content_type.number, WSP_SYNCML_NOTIFICATION);
	CU_ASSERT_EQUAL(wsp_push_find(&p, WSP_APPLICATION_ID)->number,
			WSP_APPLICATION_SYNCML_DM);
	assert_encodes_to(&p, in, len);
	if (vector_has(v, "package0_hex"))
		assert_body(&p, v);
}

static void reads_the_captures(void)
{
	vectors_each("notification", "captures", check_capture);
	vectors_each("notification", "wsp_captures", check_capture);
}

/* C4 B4 84 8D 9E AF 87; its body is cut, in its source already. */
static void keeps_the_order_of_a_carrier_s_headers(void)
{
	static const struct {
		uint8_t code;
		uint32_t number;
	} want[] = {
		{ WSP_PUSH_FLAG, 4 },
		{ WSP_CONTENT_LENGTH, 30 },
		{ WSP_APPLICATION_ID, WSP_APPLICATION_SYNCML_DM },
	};
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(vectors_find("notification", "wsp_captures",
					     "carrier-test-server-wsp"),
				"wsp_hex", in);
	struct wsp_push p;

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, in, len), DM_OK);
	CU_ASSERT_EQUAL_FATAL(p.n_headers, 3);
	for (size_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(p.headers[i].code, want[i].code);
		CU_ASSERT_EQUAL(p.headers[i].value.number, want[i].number);
		CU_ASSERT_EQUAL(p.headers[i].offset, 4 + 2 * i);
		CU_ASSERT_EQUAL(p.headers[i].len, 2);
	}
	CU_ASSERT_EQUAL(p.body_len, len - p.body_offset);
}

/* The headers that Kannel 1.4.5 packs for its push proxy. */
static void reads_the_headers_of_kannel_s_push_proxy(void)
{
	const json_t *v = vectors_section("notification",
					  "kannel_push_path_headers");
	uint8_t in[3 + VECTOR_OCTETS_MAX] = { 0x01, 0x06 };
	size_t n = vector_hex(v, "encoding_1_3_hex", in + 3);
	struct wsp_push p;

	CU_ASSERT_EQUAL(n, 42);
	in[2] = (uint8_t)n;
	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, in, 3 + n), DM_OK);
	CU_ASSERT_PTR_NOT_NULL(p.content_type.text);
	CU_ASSERT_EQUAL(wsp_content_type_code(&p.content_type),
			WSP_SYNCML_NOTIFICATION);
	CU_ASSERT_EQUAL(p.n_headers, 3);
	CU_ASSERT_EQUAL(wsp_push_find(&p, WSP_APPLICATION_ID)->number, 7);
	CU_ASSERT_EQUAL(wsp_push_find(&p, WSP_PUSH_FLAG)->number, 4);
	CU_ASSERT_EQUAL(wsp_push_find(&p, WSP_ENCODING_VERSION)->number,
			0x13);
	CU_ASSERT_EQUAL(p.body_len, 0);
	assert_encodes_to(&p, in, 3 + n);
}

/*
 * By hand from WAP-230-WSP, 8.2.4.1 and 8.4: content type with a parameter
 * (charset UTF-8), a text value, a named header, raw octets, a long integer.
 */
static const uint8_t golden[] = {
	0x2a, 0x06, 0x1a,
	0x03, 0xc4, 0x81, 0xea,
	0xb1, 'h', ':', '/', 0x00,		/* X-Wap-Initiator-URI */
	'X', '-', 'a', 0x00, 'b', 0x00,
	0x92, 0x05, 1, 2, 3, 4, 5,		/* Date, but too long */
	0x8d, 0x02, 0x01, 0x00,			/* Content-Length: 256 */
	'b', 'o', 'd', 'y',
};
#define BODY_LEN 4

static void agrees_with_the_golden_octets(void)
{
	struct wsp_push p;

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, golden, sizeof(golden)),
			      DM_OK);
	CU_ASSERT_EQUAL(p.tid, 0x2a);
	CU_ASSERT(tap_same(p.params, p.params_len, "\x81\xea", 2));
	CU_ASSERT_EQUAL(p.n_headers, 4);
	CU_ASSERT_STRING_EQUAL(p.headers[0].value.text, "h:/");
	CU_ASSERT_STRING_EQUAL(p.headers[1].name, "X-a");
	CU_ASSERT_EQUAL(p.headers[1].name_len, 3);
	CU_ASSERT_STRING_EQUAL(p.headers[1].value.text, "b");
	CU_ASSERT(tap_same(p.headers[2].value.raw, p.headers[2].value.raw_len,
			   "\1\2\3\4\5", 5));
	CU_ASSERT_EQUAL(p.headers[3].value.number, 256);
	CU_ASSERT(tap_same(p.body, p.body_len, "body", 4));
	assert_encodes_to(&p, golden, sizeof(golden));
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct wsp_push p = { .tid = 0x77 };
	bool body_begins = len >= sizeof(golden) - BODY_LEN;

	CU_ASSERT_EQUAL(wsp_push_decode(&p, in, len),
			body_begins ? DM_OK : DM_EPROTO);
	CU_ASSERT_EQUAL(p.tid, body_begins ? 0x2a : 0x77);
}

static void refuses_every_cut_input_until_the_body_begins(void)
{
	tap_each_cut(golden, sizeof(golden), check_cut);
}

/* The header block shortened, with its length saying so. */
static void check_cut_block(const uint8_t *in, size_t len)
{
	static const size_t whole[] = { 7, 12, 18, 25, 29 };
	uint8_t copy[sizeof(golden)];
	struct wsp_push p;
	bool ok = false;

	if (len < 3)
		return;
	memcpy(copy, in, len);
	copy[2] = (uint8_t)(len - 3);
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		ok = ok || whole[i] == len;
	CU_ASSERT_EQUAL(wsp_push_decode(&p, copy, len),
			ok ? DM_OK : DM_EPROTO);
}

static void refuses_a_block_that_ends_inside_a_header(void)
{
	tap_each_cut(golden, sizeof(golden) - BODY_LEN + 1, check_cut_block);
}

static void check_short(uint8_t *out, size_t cap)
{
	struct wsp_push p;
	size_t len = 77;

	CU_ASSERT_FALSE(wsp_push_decode(&p, golden, sizeof(golden)));
	CU_ASSERT_EQUAL(wsp_push_encode(&p, out, cap, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(sizeof(golden), check_short);
}

static CU_TestInfo tests[] = {
	{ "agrees with every vector", agrees_with_every_vector },
	{ "reads every variant as tshark does, and writes it again",
	  reads_every_variant_as_tshark_does_and_writes_it_again },
	{ "reads the captures", reads_the_captures },
	{ "keeps the order of a carrier's headers",
	  keeps_the_order_of_a_carrier_s_headers },
	{ "reads the headers of Kannel's push proxy",
	  reads_the_headers_of_kannel_s_push_proxy },
	{ "agrees with the golden octets", agrees_with_the_golden_octets },
	{ "refuses every cut input until the body begins",
	  refuses_every_cut_input_until_the_body_begins },
	{ "refuses a block that ends inside a header",
	  refuses_a_block_that_ends_inside_a_header },
	{ "refuses every short buffer", refuses_every_short_buffer },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("wsp_push", tests);
}
