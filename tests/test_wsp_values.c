/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a WSP header value, WAP-230-WSP 8.4, and their edges. */
#include <string.h>

#include "tests/tap.h"
#include "wap/wsp_push.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A push with the content type 0x44 and one header, 0x31. */
static struct wsp_push one_header(struct wsp_value value)
{
	return (struct wsp_push){
		.tid = 1,
		.pdu_type = WSP_PUSH,
		.content_type.number = WSP_SYNCML_NOTIFICATION,
		.headers = { { .code = 0x31, .value = value } },
		.n_headers = 1,
	};
}

static bool same_value(const struct wsp_value *a, const struct wsp_value *b)
{
	return a->number == b->number && !a->text == !b->text &&
	       !a->raw == !b->raw &&
	       (!a->text || tap_same(a->text, a->text_len, b->text,
				     b->text_len)) &&
	       (!a->raw || tap_same(a->raw, a->raw_len, b->raw, b->raw_len));
}

/* value becomes the octets want after 01 06 len C4 B1, and comes back. */
static void assert_value(struct wsp_value value, const char *want,
			 size_t want_len)
{
	struct wsp_push back, p = one_header(value);
	uint8_t out[400];
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(wsp_push_encode(&p, out, sizeof(out), &len),
			      DM_OK);
	CU_ASSERT_FATAL(len > want_len);
	CU_ASSERT(tap_same(out + len - want_len, want_len, want, want_len));
	CU_ASSERT_EQUAL(out[len - want_len - 1], 0x80 | 0x31);
	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&back, out, len), DM_OK);
	CU_ASSERT_EQUAL(back.n_headers, 1);
	CU_ASSERT(same_value(&back.headers[0].value, &value));
}

static void writes_numbers_as_short_as_they_go(void)
{
	static const struct {
		uint32_t number;
		const char *octets;
		size_t len;
	} numbers[] = {
		{ 0, "\x80", 1 },
		{ 127, "\xff", 1 },
		{ 128, "\x01\x80", 2 },
		{ 255, "\x01\xff", 2 },
		{ 256, "\x02\x01\x00", 3 },
		{ 0xffff, "\x02\xff\xff", 3 },
		{ 0x10000, "\x03\x01\x00\x00", 4 },
		{ 0xffffff, "\x03\xff\xff\xff", 4 },
		{ 0x1000000, "\x04\x01\x00\x00\x00", 5 },
		{ 0xffffffff, "\x04\xff\xff\xff\xff", 5 },
	};

	for (size_t i = 0; i < N(numbers); i++)
		assert_value((struct wsp_value){ .number = numbers[i].number },
			     numbers[i].octets, numbers[i].len);
}

static struct wsp_value text(const char *octets, size_t len)
{
	return (struct wsp_value){ .text = octets, .text_len = len };
}

static void quotes_a_text_that_looks_like_something_else(void)
{
	assert_value(text("plain", 5), "plain", 6);
	assert_value(text(" ~", 2), " ~", 3);
	assert_value(text("\xc3\xa9", 2), "\x7f\xc3\xa9", 4);
	assert_value(text("\x1f", 1), "\x7f\x1f", 3);
	assert_value(text("\x7f", 1), "\x7f\x7f", 3);
	assert_value(text("", 0), "\x7f", 2);
}

static void writes_raw_octets_with_their_length(void)
{
	static uint8_t raw[200];
	char want[203] = { 0 };
	size_t lens[] = { 0, 5, 30, 31, 127, 128, 200 };

	for (size_t i = 0; i < N(lens); i++) {
		size_t n = lens[i];
		size_t at = n <= 30 ? 1 : n < 128 ? 2 : 3;

		/* WSP 8.4.2.2: Short-length, or 31 and a uintvar */
		want[0] = (char)(n <= 30 ? n : 31);
		want[1] = (char)(n < 128 ? n : 0x81);
		want[2] = (char)(n & 0x7f);
		memset(want + at, 0, sizeof(want) - at);
		assert_value((struct wsp_value){ .raw = raw, .raw_len = n },
			     want, at + n);
	}
}

static void writes_a_long_content_type_with_a_length(void)
{
	static const uint8_t want[] = {	/* WSP 8.4.2.24: general form */
		0x01, 0x06, 0x04, 0x03, 0x02, 0x03, 0x0a,
	};
	struct wsp_push back, p = {
		.tid = 1, .pdu_type = WSP_PUSH, .content_type.number = 0x30a,
	};
	uint8_t out[16];
	size_t len = 0;

	CU_ASSERT_EQUAL(wsp_push_encode(&p, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, sizeof(want)));
	CU_ASSERT_EQUAL(wsp_push_decode(&back, want, sizeof(want)), DM_OK);
	CU_ASSERT_EQUAL(back.content_type.number, 0x30a);
	CU_ASSERT_EQUAL(back.params_len, 0);
}

static int encode(const struct wsp_push *p)
{
	static uint8_t out[2000];
	size_t len = 77;
	int rc = wsp_push_encode(p, out, sizeof(out), &len);

	CU_ASSERT_EQUAL(len == 77, rc != DM_OK);
	return rc;
}

static int encode_name(const char *name, size_t len)
{
	struct wsp_push p = one_header((struct wsp_value){ .number = 1 });

	p.headers[0].name = name;
	p.headers[0].name_len = len;
	return encode(&p);
}

static void refuses_what_the_format_cannot_carry(void)
{
	struct wsp_push p = one_header(text("a\0b", 3));

	CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
	p = one_header((struct wsp_value){ .number = 1 });
	p.headers[0].code = 0x7f;
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
	p.headers[0].code = 0x80;
	CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
	p.headers[0].code = 0;
	p.content_type.raw = (const uint8_t *)"abcde";
	p.content_type.raw_len = 5;
	CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
	CU_ASSERT_EQUAL(encode_name("X-a", 3), DM_OK);
	CU_ASSERT_EQUAL(encode_name("X\0a", 3), DM_ERANGE);
	CU_ASSERT_EQUAL(encode_name("", 0), DM_ERANGE);
	CU_ASSERT_EQUAL(encode_name("\x1f", 1), DM_ERANGE);
	CU_ASSERT_EQUAL(encode_name("\x7f", 1), DM_ERANGE);
	CU_ASSERT_EQUAL(encode_name("\xc3\xa9", 2), DM_ERANGE);
}

static void refuses_more_headers_than_it_has_room_for(void)
{
	static char long_text[WSP_HEADER_OCTETS_MAX];
	struct wsp_push p;

	memset(long_text, 'a', sizeof(long_text));
	p = one_header(text(long_text, WSP_HEADER_OCTETS_MAX - 3));
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
	p = one_header(text(long_text, WSP_HEADER_OCTETS_MAX - 2));
	CU_ASSERT_EQUAL(encode(&p), DM_ENOSPC);
	p = one_header((struct wsp_value){ .number = 1 });
	p.params = (const uint8_t *)"\x81\xea";
	p.params_len = 2;
	p.content_type = text(long_text, 127);
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
	p.content_type = text(long_text, 128);
	CU_ASSERT_EQUAL(encode(&p), DM_ENOSPC);
}

static void refuses_malformed_headers(void)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
		{ "\1\5\3\xc4\xaf\x87", 6 },		/* not a push */
		{ "\1\x46\3\xc4\xaf\x87", 6 },
		{ "\1\6\0", 3 },			/* no content type */
		{ "\1\6\1\0", 4 },
		{ "\1\6\4\xc4\xaf\x87", 6 },		/* length too great */
		{ "\1\6\xff\xff\xff\xff\x7f\xc4", 8 },
		{ "\1\6\x8f\xff\xff\xff\x7f\xc4", 8 },
		{ "\1\6\2\xc4\xaf\x87", 6 },		/* ends too early */
		{ "\1\6\3\xc4\x01\x87", 6 },		/* code page shift */
		{ "\1\6\4\xc4\x7f\x01\x87", 7 },
		{ "\1\6\3\xc4\x00\x87", 6 },
		{ "\1\6\3\xc4" "ab\0", 7 },		/* no NUL in time */
		{ "\1\6\4\xc4\xaf" "ab\0", 8 },
		{ "\1\6\3" "abc\0", 7 },
		{ "\1\6\3\xc4\xaf\x02\1\2", 8 },	/* value too long */
		{ "\1\6\3\xc4\xaf\x1f\1\2", 8 },
		{ "\1\6\2\2\xc4\xaf\x87", 7 },		/* type too long */
		{ "\1\6\5\4\4\1\2\3\xaf", 9 },
		{ "\1\6\7\6\5\1\2\3\4\5\x87", 11 },	/* raw octets */
		{ "\1\6\2\1\0", 5 },
	};

	for (size_t i = 0; i < N(bad); i++) {
		struct wsp_push p = { .tid = 0x77 };

		CU_ASSERT_EQUAL(wsp_push_decode(&p,
				(const uint8_t *)bad[i].octets, bad[i].len),
				DM_EPROTO);
		CU_ASSERT_EQUAL(p.tid, 0x77);
	}
}

/* 0x8d 0x80, n times, after 01 06 len C4. */
static int decode_headers(size_t n)
{
	uint8_t in[4 + 2 * (WSP_HEADERS_MAX + 1)] = { 1, 6, 0, 0xc4 };
	struct wsp_push p;

	in[2] = (uint8_t)(1 + 2 * n);
	for (size_t i = 0; i < 2 * n; i++)
		in[4 + i] = i % 2 ? 0x80 : 0x8d;
	return wsp_push_decode(&p, in, 4 + 2 * n);
}

static void takes_sixteen_headers_and_no_more(void)
{
	CU_ASSERT_EQUAL(decode_headers(0), DM_OK);
	CU_ASSERT_EQUAL(decode_headers(WSP_HEADERS_MAX), DM_OK);
	CU_ASSERT_EQUAL(decode_headers(WSP_HEADERS_MAX + 1), DM_EPROTO);
}

static void adds_numbers_texts_and_named_headers(void)
{
	static const uint8_t want[] = {
		0x01, 0x06, 0x0b, 0xc4, 0xb4, 0x81, 0xb1, 'h', ':', 0x00,
		'X', 0x00, 'y', 0x00,
	};
	struct wsp_push p = {
		.tid = 1, .pdu_type = WSP_PUSH,
		.content_type.number = WSP_SYNCML_NOTIFICATION,
	};
	uint8_t out[20];
	size_t len = 0;

	wsp_push_add(&p, WSP_PUSH_FLAG, 1);
	wsp_push_add_text(&p, WSP_INITIATOR_URI, "h:");
	wsp_push_add_named(&p, "X", "y");
	CU_ASSERT_EQUAL(wsp_push_encode(&p, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, sizeof(want)));
}

/* WSP 8.4.2.4: typed, untyped, Q (two octets), no value, a quoted text. */
static const uint8_t params[] = {
	0x81, 0xea,
	0x80, 0x83, 0x31,
	0x91, 0x81,
	0x92, 'A', 'F', 0x00,
	'x', 0x00, '"', 'y', ' ', 'z', 0x00,
	0x90, 0x00,
	0x02, 0x01, 0x00, 0x02, 0x03, 0x04,
};

static const struct wsp_param read_params[] = {
	{ .code = 0x01, .value.number = 106 },
	{ .code = WSP_PARAM_Q, .value.number = 0x1b1 },
	{ .code = WSP_PARAM_SEC, .value.number = 1 },
	{ .code = WSP_PARAM_MAC, .value = { .text = "AF", .text_len = 2 } },
	{ .name = "x", .name_len = 1,
	  .value = { .text = "y z", .text_len = 3 } },
	{ .code = 0x10, .value = { .raw = params + 20 } },
	{ .code = 0x100, .value.number = 0x0304 },
};

static void reads_the_parameters_of_a_content_type(void)
{
	struct reader r = { .buf = params, .len = sizeof(params) };

	for (size_t i = 0; i < N(read_params); i++) {
		const struct wsp_param *want = &read_params[i];
		struct wsp_param p = wsp_param_get(&r);

		CU_ASSERT_EQUAL(r.err, DM_OK);
		CU_ASSERT_EQUAL(p.code, want->code);
		CU_ASSERT(tap_same(p.name, p.name_len, want->name,
				   want->name_len));
		CU_ASSERT(same_value(&p.value, &want->value));
	}
	CU_ASSERT_EQUAL(get_left(&r), 0);
	wsp_param_get(&r);
	CU_ASSERT_EQUAL(r.err, DM_EPROTO);
}

static void check_cut_params(const uint8_t *in, size_t len)
{
	static const size_t whole[] = { 0, 2, 5, 7, 11, 18, 20 };
	struct reader r = { .buf = in, .len = len };
	bool ok = false;

	for (size_t i = 0; i < N(whole); i++)
		ok = ok || whole[i] == len;
	while (get_left(&r) > 0)
		wsp_param_get(&r);
	CU_ASSERT_EQUAL(r.err, ok ? DM_OK : DM_EPROTO);
}

static void refuses_parameters_cut_inside(void)
{
	static const uint8_t raw_token[] = { 6, 1, 2, 3, 4, 5, 6, 0x01 };

	tap_each_cut(params, sizeof(params), check_cut_params);
	check_cut_params(raw_token, sizeof(raw_token));
}

static void finds_the_first_header_with_a_code(void)
{
	struct wsp_push p = one_header(text("named", 5));

	p.headers[0].name = "X-a";
	p.headers[0].code = WSP_PUSH_FLAG;
	wsp_push_add(&p, WSP_PUSH_FLAG, 1);
	wsp_push_add(&p, WSP_PUSH_FLAG, 2);
	CU_ASSERT_EQUAL(wsp_push_find(&p, WSP_PUSH_FLAG)->number, 1);
	CU_ASSERT_PTR_NULL(wsp_push_find(&p, WSP_CONTENT_LENGTH));
}

static int code_of(const char *media)
{
	struct wsp_value v = text(media, strlen(media));

	return wsp_content_type_code(&v);
}

static void knows_content_types_by_number_and_name(void)
{
	struct wsp_value v = { .number = 0x44 };
	struct wsp_value raw = { .raw = (const uint8_t *)"", .number = 0x44 };
	size_t len;

	CU_ASSERT_EQUAL(wsp_content_type_code(&v), 0x44);
	CU_ASSERT_STRING_EQUAL(wsp_content_type_name(&v, &len),
			       "application/vnd.syncml.notification");
	CU_ASSERT_EQUAL(len, 35);
	v.number = 0x7e;
	CU_ASSERT_EQUAL(wsp_content_type_code(&v), -1);
	CU_ASSERT_PTR_NULL(wsp_content_type_name(&v, &len));
	CU_ASSERT_EQUAL(len, 0);
	CU_ASSERT_EQUAL(wsp_content_type_code(&raw), -1);
	CU_ASSERT_PTR_NULL(wsp_content_type_name(&raw, &len));
	CU_ASSERT_EQUAL(code_of("Application/vnd.syncml.notification"), 0x44);
	CU_ASSERT_EQUAL(code_of("application/vnd.syncml.notificatio"), -1);
	CU_ASSERT_EQUAL(code_of("application/vnd.syncml.notification2"), -1);
	CU_ASSERT_EQUAL(code_of("application/vnd.wap.connectivity-wbxml"),
			0x36);
	CU_ASSERT_EQUAL(code_of("application/vnd.syncml.dm+wbxml"), 0x42);
}

static void names_headers_and_applications(void)
{
	CU_ASSERT_STRING_EQUAL(wsp_header_name(WSP_APPLICATION_ID),
			       "X-Wap-Application-Id");
	CU_ASSERT_STRING_EQUAL(wsp_header_name(WSP_PUSH_FLAG), "Push-Flag");
	CU_ASSERT_PTR_NULL(wsp_header_name(0x7f));
	CU_ASSERT_STRING_EQUAL(wsp_application_name(7),
			       "x-wap-application:syncml.dm");
	CU_ASSERT_PTR_NULL(wsp_application_name(0x107));
}

static CU_TestInfo tests[] = {
	{ "writes numbers as short as they go",
	  writes_numbers_as_short_as_they_go },
	{ "quotes a text that looks like something else",
	  quotes_a_text_that_looks_like_something_else },
	{ "writes raw octets with their length",
	  writes_raw_octets_with_their_length },
	{ "writes a long content type with a length",
	  writes_a_long_content_type_with_a_length },
	{ "refuses what the format cannot carry",
	  refuses_what_the_format_cannot_carry },
	{ "refuses more headers than it has room for",
	  refuses_more_headers_than_it_has_room_for },
	{ "refuses malformed headers", refuses_malformed_headers },
	{ "takes sixteen headers and no more",
	  takes_sixteen_headers_and_no_more },
	{ "adds numbers, texts and named headers",
	  adds_numbers_texts_and_named_headers },
	{ "reads the parameters of a content type",
	  reads_the_parameters_of_a_content_type },
	{ "refuses parameters cut inside", refuses_parameters_cut_inside },
	{ "finds the first header with a code",
	  finds_the_first_header_with_a_code },
	{ "knows content types by number and name",
	  knows_content_types_by_number_and_name },
	{ "names headers and applications", names_headers_and_applications },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("wsp_values", tests);
}
