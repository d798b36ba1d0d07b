/* SPDX-License-Identifier: Apache-2.0 */
/* A bootstrap's way into a WSP push. */
#include <stdlib.h>
#include <string.h>

#include "bootstrap/bootstrap.h"
#include "tests/bootstrap_vectors.h"
#include "tests/tap.h"
#include "wap/transport.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static int wrap(const struct transport *t,
		const struct transport_bootstrap *b, uint8_t *out, size_t cap,
		size_t *len)
{
	struct err e = { .code = DM_OK };
	int rc = transport_wrap_bootstrap(t, b, out, cap, len, &e);

	CU_ASSERT_EQUAL(e.code, rc);
	return rc;
}

/* What the one vector with more headers than the usual ones was made of. */
static void choose_tps_headers(struct transport *t,
			       struct transport_bootstrap *b)
{
	t->push_flag = 3;
	b->initiator_uri = "http://tps.example.net/";
	b->ms_desc = "Acme device management";
}

/* The body of a vector and its MAC become its WSP octets. */
static void check_vector(const struct bootstrap_vector *v)
{
	struct transport t = transport_default;
	struct bootstrap_security s = { .sec = v->source.sec, .has_mac = true };
	uint8_t params[BOOTSTRAP_PARAMS_MAX], out[BOOTSTRAP_VECTOR_MAX];
	enum bootstrap_kind kind = BOOTSTRAP_CP;
	struct transport_bootstrap b = {
		.params = params, .body = v->body, .body_len = v->body_len,
	};
	size_t len = 0;

	memcpy(s.mac, v->mac, MAC_LEN);
	b.params_len = bootstrap_params_encode(&s, params);
	CU_ASSERT_EQUAL(bootstrap_kind(v->body, v->body_len, &kind), DM_OK);
	b.type = bootstrap_content_type(kind);
	b.application = bootstrap_application(kind);
	if (!strcmp(v->name, "cp-wm6-tps-headers"))
		choose_tps_headers(&t, &b);

	CU_ASSERT_EQUAL(wrap(&t, &b, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, v->wsp, v->wsp_len));
}

static void wraps_every_vector(void)
{
	CU_ASSERT(bootstrap_vectors_each(check_vector) >= 69);
}

static const struct transport_bootstrap plain = {
	.type = WSP_CONNECTIVITY_WBXML,
	.application = -1,
	.body = (const uint8_t *)"body",
	.body_len = 4,
};

/* WAP-230-WSP: every header that there is, in the order of the header. */
static void writes_all_headers_at_once(void)
{
	static const uint8_t want[] = {
		0x09, 0x06, 0x24, 0x03, 0xb6, 0x91, 0x83, 0xaf, 0x87,
		0xb1, 'h', ':', 0x00, 0xb4, 0x81, 0x8d, 0x84, 0xc3, 0x95,
		'X', '-', 'M', 'S', '-', 'D', 'E', 'S', 'C', 0x00,
		0x7f, 0xc3, 0x9c, 'b', 'e', 'r', ' ', '1', '!', 0x00,
		'b', 'o', 'd', 'y',
	};
	struct transport t = transport_default;
	struct transport_bootstrap b = plain;
	uint8_t out[100];
	size_t len = 0;

	t.tid = 9;
	t.push_flag = 1;
	t.content_length = true;
	t.encoding_version = 0x15;
	b.params = (const uint8_t *)"\x91\x83";
	b.params_len = 2;
	b.application = WSP_APPLICATION_SYNCML_DM;
	b.initiator_uri = "h:";
	b.ms_desc = "\xc3\x9c" "ber 1!";
	CU_ASSERT_EQUAL(wrap(&t, &b, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, sizeof(want)));
}

/* WSP 8.4.2.2: one octet up to 30, then 1F and a uintvar. */
static void writes_the_length_of_a_content_type_as_short_as_it_goes(void)
{
	static const struct {
		size_t params_len;
		const char *head;
		size_t len;
	} heads[] = {
		{ 0, "\1\6\1\xb6", 4 },
		{ 1, "\1\6\3\2\xb6", 5 },
		{ 29, "\1\6\x1f\x1e\xb6", 5 },
		{ 30, "\1\6\x21\x1f\x1f\xb6", 6 },
		{ 64, "\1\6\x43\x1f\x41\xb6", 6 },
	};
	uint8_t params[64], out[100];
	struct transport_bootstrap b = plain;

	memset(params, 'p', sizeof(params));
	b.params = params;
	for (size_t i = 0; i < N(heads); i++) {
		size_t len = 0;

		b.params_len = heads[i].params_len;
		CU_ASSERT_EQUAL(wrap(&transport_default, &b, out, sizeof(out),
				     &len), DM_OK);
		CU_ASSERT_EQUAL(len, heads[i].len + b.params_len + 4);
		CU_ASSERT(tap_same(out, heads[i].len, heads[i].head,
				   heads[i].len));
	}
}

/* All at its longest, but for Content-Length: this body has 3 octets of it. */
static void keeps_to_its_bound_of_headers(void)
{
	static uint8_t body[1 << 16], out[sizeof(body) + 1000];
	uint8_t params[BOOTSTRAP_PARAMS_MAX];
	char uri[TRANSPORT_TEXT_MAX + 1] = "", desc[TRANSPORT_TEXT_MAX + 1];
	struct transport t = {
		.tid = 255, .push_flag = 7, .content_length = true,
		.encoding_version = 255, .form = transport_default.form,
	};
	struct transport_bootstrap b = {
		.type = WSP_CONNECTIVITY_WBXML, .params = params,
		.params_len = sizeof(params), .application = INT32_MAX,
		.initiator_uri = uri, .ms_desc = desc, .body = body,
		.body_len = sizeof(body),
	};
	size_t len = 0;

	memset(params, 'p', sizeof(params));
	memset(uri, 'u', TRANSPORT_TEXT_MAX);
	for (size_t i = 0; i < TRANSPORT_TEXT_MAX; i += 3)
		memcpy(desc + i, "\xe2\x82\xac", 4);
	CU_ASSERT_EQUAL(wrap(&t, &b, out, sizeof(out), &len), DM_OK);
	CU_ASSERT_EQUAL(len - sizeof(body), TRANSPORT_WSP_HEADERS_MAX - 1);
}

static void assert_refused(const char *uri, const char *desc)
{
	struct transport_bootstrap b = plain;
	uint8_t out[1000];
	size_t len = 77;
	struct err e = { .code = DM_OK };

	b.initiator_uri = uri;
	b.ms_desc = desc;
	CU_ASSERT_EQUAL(transport_wrap_bootstrap(&transport_default, &b, out,
						 sizeof(out), &len, &e),
			DM_EINVAL);
	CU_ASSERT_EQUAL(len, 77);
	CU_ASSERT_STRING_EQUAL(e.field, uri ? "initiator-uri" : "ms-desc");
	CU_ASSERT_EQUAL(strtoul(e.came, NULL, 10), strlen(uri ? uri : desc));
}

static void refuses_texts_that_a_header_cannot_carry(void)
{
	static const char *const uris[] = {
		"", "h:/a b", " h:", "h:\t", "h:\x7f", "h:\xc3\xbc",
	};
	static const char *const descs[] = {
		"", "a\nb", "\x7f", "a\x1f", "\xc3", "\xff", "\xc2\x85",
	};
	char text[TRANSPORT_TEXT_MAX + 2] = "";

	for (size_t i = 0; i < N(uris); i++)
		assert_refused(uris[i], NULL);
	for (size_t i = 0; i < N(descs); i++)
		assert_refused(NULL, descs[i]);
	memset(text, 'a', TRANSPORT_TEXT_MAX + 1);
	assert_refused(text, NULL);
	assert_refused(NULL, text);
}

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(wrap(&transport_default, &plain, out, cap, &len),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(4 + 4, check_short);
}

static CU_TestInfo tests[] = {
	{ "wraps every vector", wraps_every_vector },
	{ "writes all headers at once", writes_all_headers_at_once },
	{ "writes the length of a content type as short as it goes",
	  writes_the_length_of_a_content_type_as_short_as_it_goes },
	{ "keeps to its bound of headers", keeps_to_its_bound_of_headers },
	{ "refuses texts that a header cannot carry",
	  refuses_texts_that_a_header_cannot_carry },
	{ "refuses every short buffer", refuses_every_short_buffer },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("transport_bootstrap", tests);
}
