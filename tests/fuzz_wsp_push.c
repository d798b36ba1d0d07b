/* SPDX-License-Identifier: Apache-2.0 */
/* WSP push: what decodes and is encoded again decodes to the same. */
#include <stdbool.h>
#include <string.h>

#include "tests/fuzz.h"
#include "wap/wsp_push.h"

static bool same(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || !memcmp(a, b, a_len));
}

static bool same_value(const struct wsp_value *a, const struct wsp_value *b)
{
	return a->number == b->number && !a->text == !b->text &&
	       !a->raw == !b->raw &&
	       same(a->text, a->text_len, b->text, b->text_len) &&
	       same(a->raw, a->raw_len, b->raw, b->raw_len);
}

static bool same_header(const struct wsp_header *a, const struct wsp_header *b)
{
	return a->code == b->code && !a->name == !b->name &&
	       same(a->name, a->name_len, b->name, b->name_len) &&
	       same_value(&a->value, &b->value);
}

static void check_same(const struct wsp_push *a, const struct wsp_push *b)
{
	FUZZ_CHECK(a->tid == b->tid && a->pdu_type == b->pdu_type);
	FUZZ_CHECK(same_value(&a->content_type, &b->content_type));
	FUZZ_CHECK(same(a->params, a->params_len, b->params, b->params_len));
	FUZZ_CHECK(a->n_headers == b->n_headers);
	for (size_t i = 0; i < a->n_headers; i++)
		FUZZ_CHECK(same_header(&a->headers[i], &b->headers[i]));
	FUZZ_CHECK(same(a->body, a->body_len, b->body, b->body_len));
}

/* Headers follow each other without a gap up to the body. */
static void check_offsets(const struct wsp_push *p, size_t len)
{
	size_t at = p->n_headers ? p->headers[0].offset : p->body_offset;

	FUZZ_CHECK(p->headers_offset >= 3 && at > p->headers_offset);
	for (size_t i = 0; i < p->n_headers; i++) {
		FUZZ_CHECK(p->headers[i].offset == at);
		at += p->headers[i].len;
	}
	FUZZ_CHECK(at == p->body_offset);
	FUZZ_CHECK(p->body_offset + p->body_len == len);
}

static void check_names(const struct wsp_push *p)
{
	size_t len;
	const char *name = wsp_content_type_name(&p->content_type, &len);

	FUZZ_CHECK(name || len == 0);
	FUZZ_CHECK(name || wsp_content_type_code(&p->content_type) == -1);
	for (size_t i = 0; i < p->n_headers; i++) {
		wsp_header_name(p->headers[i].code);
		wsp_application_name(p->headers[i].value.number);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static uint8_t out[2 * FUZZ_INPUT_MAX];
	struct wsp_push p, again;
	size_t out_len;
	int rc;

	if (len > FUZZ_INPUT_MAX || wsp_push_decode(&p, in, len))
		return 0;
	check_offsets(&p, len);
	check_names(&p);
	rc = wsp_push_encode(&p, out, sizeof(out), &out_len);
	if (rc == DM_ENOSPC)	/* over our bounds of headers */
		return 0;
	FUZZ_CHECK(rc == DM_OK);
	FUZZ_CHECK(wsp_push_decode(&again, out, out_len) == DM_OK);
	check_same(&p, &again);
	return 0;
}
