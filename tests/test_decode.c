/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/decode.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

#define ITEMS_MAX 16
#define MESSAGE "dm12-body-200"		/* two segments */

static uint8_t octets[ITEMS_MAX][VECTOR_OCTETS_MAX];
static struct decode_item items[ITEMS_MAX];
static size_t n_items;
static struct decode_request rq;
static json_t *messages;		/* of the last decode() */
static struct err e;

static void begin(enum decode_as as)
{
	n_items = 0;
	rq = (struct decode_request){ .as = (int32_t)as };
}

static void add_hex(const json_t *v, const char *field)
{
	size_t len = vector_hex(v, field, octets[n_items]);

	items[n_items] = (struct decode_item){ octets[n_items], len };
	n_items++;
}

/* UDH and data of a segment are one item. */
static void add_segment(const json_t *v, const char *sms, size_t i)
{
	const json_t *s = json_array_get(json_object_get(v, sms), i);
	size_t len = vector_hex(s, "udh_hex", octets[n_items]);
	uint8_t ud[VECTOR_OCTETS_MAX];
	size_t ud_len = vector_hex(s, "ud_hex", ud);

	memcpy(octets[n_items] + len, ud, ud_len);
	items[n_items] = (struct decode_item){ octets[n_items], len + ud_len };
	n_items++;
}

static void add_text(const char *hex)
{
	size_t len = tap_hex(hex, octets[n_items], VECTOR_OCTETS_MAX);

	items[n_items] = (struct decode_item){ octets[n_items], len };
	n_items++;
}

static enum decode_status decode(void)
{
	enum decode_status status = 99;

	json_decref(messages);
	messages = NULL;
	CU_ASSERT_EQUAL_FATAL(decode_items(&rq, items, n_items, &messages,
					   &status, &e), DM_OK);
	return status;
}

static const json_t *message(size_t i)
{
	return json_array_get(messages, i);
}

static const char *text_in(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static const json_t *vector(const char *name)
{
	return vectors_find("notification", "vectors", name);
}

/* Does message i tell what stands in the vector? */
static void tells(size_t i, const json_t *v)
{
	const json_t *n = json_object_get(message(i), "notification");

	CU_ASSERT_STRING_EQUAL(text_in(n, "server-id"),
			       vector_text(v, "server_id"));
	CU_ASSERT_STRING_EQUAL(text_in(n, "ui-mode"),
			       vector_text(v, "ui_mode"));
	CU_ASSERT_STRING_EQUAL(text_in(n, "initiator"),
			       vector_text(v, "initiator"));
	CU_ASSERT_STRING_EQUAL(text_in(n, "session-id-text"),
			       vector_text(v, "session_id_text"));
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(n, "session-id")),
			vector_number(v, "session_id"));
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(n,
				"version-field")),
			vector_number(v, "version_field"));
	CU_ASSERT_STRING_EQUAL(text_in(n, "vendor-hex"),
			       vector_text(v, "body_hex"));
}

static void takes_as(const json_t *v, const char *as)
{
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT_EQUAL_FATAL(json_array_size(messages), 1);
	CU_ASSERT_STRING_EQUAL(text_in(message(0), "as"), as);
	CU_ASSERT_PTR_NULL(json_object_get(message(0), "error"));
	CU_ASSERT_PTR_NULL(json_object_get(message(0), "verified"));
	tells(0, v);
}

static void decode_vector(const json_t *v)
{
	begin(DECODE_AUTO);
	add_hex(v, "wsp_hex");
	takes_as(v, "wsp");
	begin(DECODE_AUTO);
	add_hex(v, "package0_hex");
	takes_as(v, "package0");
	begin(DECODE_TRIGGER);
	add_hex(v, "trigger_hex");
	takes_as(v, "trigger");
	begin(DECODE_AUTO);
	for (size_t i = json_array_size(json_object_get(v, "sms8")); i-- > 0;)
		add_segment(v, "sms8", i);
	takes_as(v, "sms");
}

static void decodes_every_vector_in_every_form(void)
{
	vectors_each("notification", "vectors", decode_vector);
}

static void verify_vector(const json_t *v)
{
	begin(DECODE_AUTO);
	add_hex(v, "wsp_hex");
	rq.key.password = vector_text(v, "password");
	rq.key.nonce_hex = vector_text(v, "nonce_hex");
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT(json_is_true(json_object_get(message(0), "verified")));
	rq.key.server_id = vector_text(v, "server_id");
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	rq.key.server_id = "another";
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_VERIFIED);
	rq.key.server_id = NULL;
	rq.key.password = "wrong";
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_VERIFIED);
	CU_ASSERT(json_is_false(json_object_get(message(0), "verified")));
	tells(0, v);
}

static void verifies_every_vector(void)
{
	vectors_each("notification", "vectors", verify_vector);
}

/* The right key under another name is not the right server. */
static void a_key_of_another_server_does_not_verify(void)
{
	const json_t *v = vector("dm12-bg-srv");

	begin(DECODE_AUTO);
	add_hex(v, "package0_hex");
	rq.key.server_id = "another";
	rq.key.credential = vector_text(v, "cred_b64");
	rq.key.nonce_hex = vector_text(v, "nonce_hex");
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_VERIFIED);
	rq.key.server_id = NULL;
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
}

static void decode_negative(const json_t *v)
{
	const json_t *of = vector(vector_text(v, "of"));
	bool parses = strstr(vector_text(v, "expect"), "digest rejected");

	begin(DECODE_PACKAGE0);
	add_hex(v, "package0_hex");
	rq.key.password = vector_text(of, "password");
	rq.key.nonce_hex = vector_text(of, "nonce_hex");
	CU_ASSERT_EQUAL(decode(), parses ? DECODE_NOT_VERIFIED
					 : DECODE_NOT_UNDERSTOOD);
	CU_ASSERT_EQUAL(!json_object_get(message(0), "error"), parses);
}

static void refuses_every_bad_vector(void)
{
	vectors_each("notification", "negative", decode_negative);
}

static void mixed_segments_find_each_other(void)
{
	const json_t *a = vector(MESSAGE), *b = vector("dm12-serverid-255");

	begin(DECODE_AUTO);
	add_segment(a, "sms8", 1);
	add_segment(b, "sms16", 2);
	add_segment(b, "sms16", 0);
	add_hex(vector("dm12-bg-srv"), "wsp_hex");
	add_segment(a, "sms8", 0);
	add_segment(b, "sms16", 1);
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT_EQUAL_FATAL(json_array_size(messages), 3);
	tells(0, vector("dm12-bg-srv"));
	tells(1, a);
	tells(2, b);
}

static void tells_what_is_missing(void)
{
	begin(DECODE_AUTO);
	add_segment(vector("dm12-serverid-255"), "sms8", 0);
	add_segment(vector("dm12-serverid-255"), "sms8", 2);
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_UNDERSTOOD);
	CU_ASSERT_EQUAL_FATAL(json_array_size(messages), 1);
	CU_ASSERT_STRING_EQUAL(text_in(message(0), "error"),
		"only 2 of 3 segments of the message came");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(message(0),
							"layers")), 2);
}

/* Digests are any octets: this one looks like a WSP push, too. */
static void says_what_it_could_be_else(void)
{
	const json_t *others;

	begin(DECODE_AUTO);
	add_text("010603c4af87" "00000000000000000000"
		 "02d8000000010401" "58");
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_UNDERSTOOD);
	CU_ASSERT_STRING_EQUAL(text_in(message(0), "as"), "wsp");
	others = json_object_get(message(0), "could-be");
	CU_ASSERT_EQUAL(json_array_size(others), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(others, 0)),
			       "package0");
	rq.as = DECODE_PACKAGE0;
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT_PTR_NULL(json_object_get(message(0), "could-be"));
}

static void guesses_no_bare_trigger(void)
{
	begin(DECODE_AUTO);
	add_hex(vector("dm12-bg-srv"), "trigger_hex");
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_UNDERSTOOD);
	CU_ASSERT_STRING_EQUAL(text_in(message(0), "error"),
		"neither segment, WSP push, WBXML, SMS PDU nor "
			       "package 0");
}

static void one_bad_item_hides_no_other(void)
{
	begin(DECODE_AUTO);
	add_text("ff");
	add_hex(vector("dm12-bg-srv"), "wsp_hex");
	CU_ASSERT_EQUAL(decode(), DECODE_NOT_UNDERSTOOD);
	CU_ASSERT_EQUAL_FATAL(json_array_size(messages), 2);
	CU_ASSERT_PTR_NOT_NULL(json_object_get(message(0), "error"));
	tells(1, vector("dm12-bg-srv"));
}

static void what_is_taken_for_something_must_be_it(void)
{
	static const enum decode_as all[] = {
		DECODE_TRIGGER, DECODE_PACKAGE0, DECODE_WSP, DECODE_SMS,
		DECODE_PDU,
	};

	for (size_t i = 0; i < 5; i++) {
		begin(all[i]);
		add_text("020600");
		CU_ASSERT_EQUAL(decode(), DECODE_NOT_UNDERSTOOD);
		CU_ASSERT_EQUAL(json_array_size(messages), 1);
		CU_ASSERT(text_in(message(0), "error")[0]);
	}
}

static void lists_what_deviates(void)
{
	begin(DECODE_TRIGGER);
	add_text("0318000000000000");	/* version 12, session id 0, no id */
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(message(0),
							"deviations")), 3);
	begin(DECODE_TRIGGER);
	add_hex(vector("dm12-bg-srv"), "trigger_hex");
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(message(0),
							"deviations")), 0);
}

/* A server-id may hold anything; what is shown may not. */
static void what_is_shown_cannot_steer_a_terminal(void)
{
	const json_t *n;

	begin(DECODE_TRIGGER);
	add_text("02d800000001" "0104" "1b5b324a");	/* ESC [ 2 J */
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	n = json_object_get(message(0), "notification");
	CU_ASSERT_STRING_EQUAL(text_in(n, "server-id"), "\\x1b[2J");
	begin(DECODE_TRIGGER);
	add_text("02d800000001" "0104" "c29b324a");	/* U+009B 2 J */
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	n = json_object_get(message(0), "notification");
	CU_ASSERT_STRING_EQUAL(text_in(n, "server-id"), "\\xc2\\x9b2J");
	begin(DECODE_TRIGGER);
	add_text("02d800000001" "0104" "c3a9ff00");
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	n = json_object_get(message(0), "notification");
	CU_ASSERT_STRING_EQUAL(text_in(n, "server-id"), "\\xc3\\xa9\\xff\\x00");
	begin(DECODE_TRIGGER);
	add_text("02d800000001" "0102" "c3a9");
	CU_ASSERT_EQUAL(decode(), DECODE_OK);
	n = json_object_get(message(0), "notification");
	CU_ASSERT_STRING_EQUAL(text_in(n, "server-id"), "\xc3\xa9");
}

static void half_a_key_is_refused(void)
{
	enum decode_status status;
	json_t *out = NULL;

	begin(DECODE_AUTO);
	add_hex(vector("dm12-bg-srv"), "wsp_hex");
	rq.key.password = "secret";
	CU_ASSERT_EQUAL(decode_items(&rq, items, 1, &out, &status, &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "nonce");
	rq.key = (struct digest_source){ .nonce_hex = "00" };
	CU_ASSERT_EQUAL(decode_items(&rq, items, 1, &out, &status, &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "password");
	CU_ASSERT_PTR_NULL(out);
}

int main(void)
{
	int status = tap_run("decode", (CU_TestInfo[]){
		{ "decodes every vector in every form",
		  decodes_every_vector_in_every_form },
		{ "verifies every vector", verifies_every_vector },
		{ "a key of another server does not verify",
		  a_key_of_another_server_does_not_verify },
		{ "refuses every bad vector", refuses_every_bad_vector },
		{ "mixed segments find each other",
		  mixed_segments_find_each_other },
		{ "tells what is missing", tells_what_is_missing },
		{ "says what it could be else", says_what_it_could_be_else },
		{ "guesses no bare trigger", guesses_no_bare_trigger },
		{ "one bad item hides no other", one_bad_item_hides_no_other },
		{ "what is taken for something must be it",
		  what_is_taken_for_something_must_be_it },
		{ "lists what deviates", lists_what_deviates },
		{ "what is shown cannot steer a terminal",
		  what_is_shown_cannot_steer_a_terminal },
		{ "half a key is refused", half_a_key_is_refused },
		CU_TEST_INFO_NULL,
	});

	json_decref(messages);
	return status;
}
