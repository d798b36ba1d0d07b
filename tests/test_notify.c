/* SPDX-License-Identifier: Apache-2.0 */
/* From the JSON of a request to octets, held against the golden vectors. */
#include "gateway/request/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

static struct notify_request rq;
static struct message m;
static struct err e;
static json_t *params;		/* of the last encode: rq borrows from it */

/* Through the table and the encoder, as the API and the command line do. */
static int encode_with(json_t *json, uint16_t session_id, uint16_t reference,
		       bool lenient)
{
	int rc;

	json_decref(params);
	params = json;
	memset(&m, 0, sizeof(m));
	memset(&e, 0, sizeof(e));
	rc = fields_parse(request_notify_fields, params, lenient, &rq, &e);
	return rc ? rc : notify_encode(&rq, session_id, reference, lenient, &m,
				       &e);
}

static int encode(json_t *json)
{
	return encode_with(json, 0x1234, 0, false);
}

static json_t *request(void)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "to", "+491701234567",
			 "server-id", "com.example.dms", "password", "srvpwd",
			 "nonce", "AAAA");
}

/* The request with one more member; value is JSON. */
static json_t *with(const char *name, const char *value)
{
	json_t *json = request();

	json_object_set_new(json, name,
			    json_loads(value, JSON_DECODE_ANY, NULL));
	return json;
}

static bool refuses(json_t *json, int code, const char *field,
		    const char *came, const char *allowed)
{
	int rc = encode(json);

	if (rc == code && e.code == code && !strcmp(e.field, field) &&
	    !strcmp(e.came, came) && !strcmp(e.allowed, allowed))
		return true;
	printf("# %d \"%s\" \"%s\" \"%s\"\n", rc, e.field, e.came, e.allowed);
	return false;
}

/* ------------------------------- vectors ------------------------------- */

static json_t *vector_request(const json_t *v)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:s,"
			 " s:i}",
		"to", "+491701234567",
		"server-id", vector_text(v, "server_id"),
		"password", vector_text(v, "password"),
		"nonce-hex", vector_text(v, "nonce_hex"),
		"dm-version", vector_text(v, "version"),
		"version-field", (int)vector_number(v, "version_field"),
		"ui-mode", vector_text(v, "ui_mode"),
		"initiator", vector_text(v, "initiator"),
		"session-id", (int)vector_number(v, "session_id"),
		"vendor-hex", vector_text(v, "body_hex"),
		"tid", (int)vector_number(v, "tid"));
}

static bool is_hex(const uint8_t *got, size_t len, const json_t *v,
		   const char *field)
{
	uint8_t want[VECTOR_OCTETS_MAX];

	return tap_same(got, len, want, vector_hex(v, field, want));
}

static void check_segments(const json_t *segments)
{
	const json_t *s;
	size_t i;

	CU_ASSERT_EQUAL_FATAL(m.n_segments, json_array_size(segments));
	json_array_foreach(segments, i, s) {
		const struct segment *got = &m.segments[i];

		CU_ASSERT(is_hex(got->octets, got->udh_len, s, "udh_hex"));
		CU_ASSERT(is_hex(got->octets + got->udh_len,
				 (size_t)(got->len - got->udh_len), s,
				 "ud_hex"));
	}
}

/* What only testers may send: session id 0, no server-id. */
static bool is_unusual(const json_t *v)
{
	return vector_number(v, "session_id") == 0 ||
	       vector_text(v, "server_id")[0] == '\0';
}

/* The reference that the vector's first segment carries. */
static unsigned reference_of(const json_t *v, const char *sms)
{
	uint8_t udh[VECTOR_OCTETS_MAX];
	struct udh u;
	size_t len = vector_hex(json_array_get(json_object_get(v, sms), 0),
				"udh_hex", udh);

	CU_ASSERT_EQUAL_FATAL(udh_decode(&u, udh, len), DM_OK);
	return u.reference;
}

static void vector_8(const json_t *v)
{
	CU_ASSERT_EQUAL(encode(vector_request(v)),
			is_unusual(v) ? DM_EINVAL : DM_OK);
	CU_ASSERT_EQUAL_FATAL(encode_with(vector_request(v), 7,
		(uint16_t)reference_of(v, "sms8"), is_unusual(v)), DM_OK);
	CU_ASSERT(is_hex(m.body, m.body_len, v, "package0_hex"));
	CU_ASSERT(is_hex(m.body + DIGEST_LEN, m.body_len - DIGEST_LEN,
			 v, "trigger_hex"));
	CU_ASSERT(is_hex(m.wsp, m.wsp_len, v, "wsp_hex"));
	check_segments(json_object_get(v, "sms8"));
}

static void makes_the_octets_of_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", vector_8) > 30);
}

static unsigned n_16;

static void vector_16(const json_t *v)
{
	json_t *json;

	if (!vector_has(v, "sms16"))
		return;
	json = vector_request(v);
	json_object_set_new(json, "concat", json_integer(16));
	json_object_set_new(json, "reference",
			    json_integer(reference_of(v, "sms16")));
	CU_ASSERT_EQUAL_FATAL(encode(json), DM_OK);
	check_segments(json_object_get(v, "sms16"));
	n_16++;
}

static void makes_segments_with_16_bit_references(void)
{
	vectors_each("notification", "vectors", vector_16);
	CU_ASSERT(n_16 >= 4);
}

static void a_credential_does_what_the_password_does(const json_t *v)
{
	json_t *json = vector_request(v);

	json_object_del(json, "password");
	json_object_set(json, "credential", json_object_get(v, "cred_b64"));
	CU_ASSERT_EQUAL(encode_with(json, 0, 0, true), DM_OK);
	CU_ASSERT(is_hex(m.body, m.body_len, v, "package0_hex"));
}

static void takes_credentials(void)
{
	vectors_each("notification", "vectors",
		     a_credential_does_what_the_password_does);
}

/* ------------------------------- numbers ------------------------------- */

static uint16_t session_id_made(void)
{
	return (uint16_t)(m.body[DIGEST_LEN + 5] << 8 |
			  m.body[DIGEST_LEN + 6]);
}

static void session_ids_that_do_not_come_are_given(void)
{
	CU_ASSERT_EQUAL(encode_with(request(), 0xabcd, 0, false), DM_OK);
	CU_ASSERT_EQUAL(session_id_made(), 0xabcd);
	CU_ASSERT_EQUAL(encode_with(with("session-id", "7"), 0xabcd, 0,
				    false), DM_OK);
	CU_ASSERT_EQUAL(session_id_made(), 7);
	CU_ASSERT_EQUAL(encode_with(with("session-id", "\"1F\""), 1, 0,
				    false), DM_OK);
	CU_ASSERT_EQUAL(session_id_made(), 0x1f);
	CU_ASSERT_EQUAL(encode_with(with("session-id", "0"), 1, 0, true),
			DM_OK);
	CU_ASSERT_EQUAL(session_id_made(), 0);
}

/* A vendor body that needs two segments. */
static json_t *long_request(const char *name, const char *value)
{
	char hex[401];
	json_t *json = with(name, value);

	memset(hex, 'a', 400);
	hex[400] = '\0';
	json_object_set_new(json, "vendor-hex", json_string(hex));
	return json;
}

static void references_fit_their_width(void)
{
	CU_ASSERT_EQUAL(encode_with(long_request("concat", "8"), 1, 0x1234,
				    false), DM_OK);
	CU_ASSERT_EQUAL(m.segments[0].octets[0], 11);
	CU_ASSERT_EQUAL(m.segments[1].octets[9], 0x34);
	CU_ASSERT_EQUAL(encode_with(long_request("concat", "16"), 1, 0x1234,
				    false), DM_OK);
	CU_ASSERT_EQUAL(m.segments[1].octets[9], 0x12);
	CU_ASSERT_EQUAL(m.segments[1].octets[10], 0x34);
	CU_ASSERT_EQUAL(encode(long_request("reference", "255")), DM_OK);
	CU_ASSERT_EQUAL(m.segments[0].octets[9], 255);
	CU_ASSERT(refuses(long_request("reference", "256"), DM_EINVAL,
			  "reference", "256", "0 to 255, or concat 16"));
}

static void transport_options_reach_the_octets(void)
{
	static const uint8_t headers[] = { 0x2a, 0x06, 0x07, 0xc4, 0xb4, 0x84,
					   0xc3, 0x95, 0xaf, 0x87 };
	json_t *json = with("push-flag", "4");

	json_object_set_new(json, "tid", json_integer(42));
	json_object_set_new(json, "encoding-version", json_string("1.5"));
	json_object_set_new(json, "dest-port", json_integer(2949));
	json_object_set_new(json, "source-port", json_integer(1));
	CU_ASSERT_EQUAL(encode(json), DM_OK);
	CU_ASSERT(tap_same(m.wsp, sizeof(headers), headers, sizeof(headers)));
	CU_ASSERT(tap_same(m.segments[0].octets, 7,
			   "\x06\x05\x04\x0b\x85\x00\x01", 7));
}

/* ------------------------------- refusals ------------------------------- */

static void refuses_what_cannot_be_sent(void)
{
	json_t *json = with("credential", "\"YQr3nhYDR/JY0imB7v2wfA==\"");

	CU_ASSERT(refuses(json, DM_EINVAL, "credential", "both came",
			  "password or credential"));
	CU_ASSERT(refuses(with("nonce-hex", "\"00\""), DM_EINVAL, "nonce",
			  "more than one came",
			  "one of nonce, nonce-hex and nonce-text"));
	CU_ASSERT(refuses(with("nonce", "\"A\""), DM_EINVAL, "nonce",
			  "1 characters", "base64 of 0 to 128 octets"));
	CU_ASSERT(refuses(with("vendor-hex", "\"0\""), DM_EINVAL,
			  "vendor-hex", "1 characters",
			  "hexadecimal, 0 to 1024 octets"));
	CU_ASSERT(refuses(with("version-field", "9"), DM_EINVAL,
			  "version-field", "9",
			  "10 to 12; 11 is right for DM 1.1.2 and 1.2"));
	CU_ASSERT(refuses(with("quirks", "\"nokia\""), DM_EINVAL, "quirks",
			  "\"nokia\"", quirks_names()));
	CU_ASSERT(refuses(with("until", "\"sent\""), DM_EINVAL, "until",
			  "\"sent\"", "taken, delivered or session"));
	CU_ASSERT(refuses(with("on-busy", "\"wait\""), DM_EINVAL, "on-busy",
			  "\"wait\"", "join, supersede or refuse"));
	CU_ASSERT(refuses(with("key", "\"\""), DM_EINVAL, "key",
			  "0 octets", "1 to 64 octets"));
	CU_ASSERT(refuses(with("tid", "0"), DM_EINVAL, "tid", "0",
			  "1 to 255"));
	CU_ASSERT(refuses(with("expires-s", "31536001"), DM_EINVAL,
			  "expires-s", "31536001", "1 to 31536000"));
	CU_ASSERT(refuses(with("dcs", "0"), DM_EINVAL, "dcs", "0",
			  "0x04, 0xf5 or 0x15"));
}

static void refuses_what_is_missing(void)
{
	static const struct {
		const char *name, *field, *allowed;
	} needed[] = {
		{ "to", "to", "it is required" },
		{ "server-id", "server-id",
		  "it is required, unless a registered device has it" },
		{ "password", "password", "password or credential" },
		{ "nonce", "nonce",
		  "one of nonce, nonce-hex and nonce-text" },
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		json_t *json = request();

		json_object_del(json, needed[i].name);
		CU_ASSERT(refuses(json, DM_EINVAL, needed[i].field, "missing",
				  needed[i].allowed));
	}
}

/* A request for a client with such a server-id and vendor body. */
static json_t *for_client(const char *quirk, size_t id_len, size_t vendor_len)
{
	char text[4096];
	json_t *json = request();

	memset(text, 'a', sizeof(text));
	json_object_set_new(json, "quirks", json_string(quirk));
	json_object_set_new(json, "server-id", json_stringn(text, id_len));
	json_object_set_new(json, "vendor-hex",
			    json_stringn(text, 2 * vendor_len));
	return json;
}

static void clients_have_limits(void)
{
	CU_ASSERT_EQUAL(encode(for_client("aosp", 23, 0)), DM_OK);
	CU_ASSERT(refuses(for_client("aosp", 24, 0), DM_EINVAL, "server-id",
			  "24 octets", "1 to 23 octets for a aosp client"));
	CU_ASSERT_EQUAL(encode(for_client("aosp", 23, 255 - 8 - 23)), DM_OK);
	CU_ASSERT(refuses(for_client("aosp", 23, 256 - 8 - 23), DM_EINVAL,
			  "vendor-hex", "a trigger of 256 octets",
			  "a trigger of at most 255 octets for a aosp client"));
	CU_ASSERT_EQUAL(encode(for_client("samsung", 127, 0)), DM_OK);
	CU_ASSERT_EQUAL(encode(for_client("samsung", 128, 0)), DM_EINVAL);
	CU_ASSERT_EQUAL(encode(for_client("generic", 255, 1024)), DM_OK);
	CU_ASSERT(m.n_segments > 1 && m.n_segments <= 16);
	CU_ASSERT_EQUAL(encode(for_client("generic", 255, 1025)), DM_EINVAL);
	CU_ASSERT_EQUAL(encode(for_client("generic", 256, 0)), DM_EINVAL);
	CU_ASSERT(refuses(for_client("buteo", 10, 1), DM_EINVAL, "vendor-hex",
			  "1 octets", "none for a buteo client"));
}

static void quirks_hold_for_testers_too(void)
{
	CU_ASSERT_EQUAL(encode_with(for_client("aosp", 24, 0), 1, 0, true),
			DM_EINVAL);
	CU_ASSERT_EQUAL(encode_with(with("version-field", "1023"), 1, 0,
				    true), DM_OK);
	CU_ASSERT_EQUAL(encode_with(with("tid", "0"), 1, 0, true), DM_OK);
}

/* --------------------------------- jobs --------------------------------- */

static struct submit_defaults defaults = {
	.sender = "12345", .expires_s = 60, .expires_max_s = 2592000,
	.until = REACHED_DELIVERED,
};

static int make_job(json_t *json, struct job *j)
{
	int rc = encode(json);

	CU_ASSERT_EQUAL_FATAL(rc, DM_OK);
	rc = submit_job(&rq.delivery, &defaults, 1000, 1700000000000, j, &e);
	CU_ASSERT_EQUAL(notify_describe(&rq, j, &e), DM_OK);
	return rc;
}

static void a_job_keeps_what_the_queue_needs(void)
{
	struct job j;

	CU_ASSERT_EQUAL(make_job(with("smsc-id", "\"a\""), &j), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.to, "+491701234567");
	CU_ASSERT_STRING_EQUAL(j.from, "12345");
	CU_ASSERT_STRING_EQUAL(j.smsc_id, "a");
	CU_ASSERT_STRING_EQUAL(j.server_id, "com.example.dms");
	CU_ASSERT_EQUAL(j.client, 1000);
	CU_ASSERT_EQUAL(j.state, JOB_WAITING);
	CU_ASSERT_EQUAL(j.until, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(j.next_ms, 1700000000000);
	CU_ASSERT_EQUAL(j.expires_ms, 1700000060000);
	CU_ASSERT_EQUAL(make_job(with("expires-s", "2592000"), &j), DM_OK);
	CU_ASSERT_EQUAL(j.expires_ms, 1702592000000);
	CU_ASSERT_EQUAL(make_job(with("from", "\"Shop 24\""), &j), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.from, "Shop 24");
}

static void what_a_request_does_not_say_is_configured(void)
{
	struct job j;

	defaults.until = REACHED_SESSION;
	CU_ASSERT_EQUAL(make_job(with("key", "\"k\""), &j), DM_OK);
	CU_ASSERT_EQUAL(j.until, REACHED_SESSION);
	CU_ASSERT_EQUAL(make_job(with("until", "\"taken\""), &j), DM_OK);
	CU_ASSERT_EQUAL(j.until, REACHED_TAKEN);
	CU_ASSERT_FALSE(j.client_initiated);
	CU_ASSERT_EQUAL(make_job(with("initiator", "\"client\""), &j), DM_OK);
	CU_ASSERT(j.client_initiated);
	defaults.until = REACHED_DELIVERED;
}

static void a_client_that_drops_repeats_is_not_pushed_again(void)
{
	CU_ASSERT_EQUAL(encode(with("quirks", "\"symbian\"")), DM_OK);
	CU_ASSERT_EQUAL(notify_check_until(&rq, REACHED_DELIVERED, &e), DM_OK);
	CU_ASSERT_EQUAL(notify_check_until(&rq, REACHED_SESSION, &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "until");
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "a symbian client"));
	CU_ASSERT_EQUAL(encode(with("quirks", "\"aosp\"")), DM_OK);
	CU_ASSERT_EQUAL(notify_check_until(&rq, REACHED_SESSION, &e), DM_OK);
}

static void no_job_lives_longer_than_is_configured(void)
{
	struct job j;

	CU_ASSERT_EQUAL(make_job(with("expires-s", "2592001"), &j), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "expires-s");
	CU_ASSERT_STRING_EQUAL(e.came, "2592001");
	CU_ASSERT_STRING_EQUAL(e.allowed, "1 to 2592000");
}

static void a_key_is_printable(void)
{
	struct job j;

	CU_ASSERT_EQUAL(make_job(with("key", "\"a\\u007f\""), &j), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "key");
	CU_ASSERT_STRING_EQUAL(e.allowed,
			       "1 to 64 printable ASCII characters");
	CU_ASSERT_EQUAL(make_job(with("key", "\"order 7/3\""), &j), DM_OK);
}

static void a_job_has_a_receiver_and_a_sender(void)
{
	static const char allowed[] =
		"an optional + and 5 to 15 digits";
	struct job j;

	CU_ASSERT_EQUAL(make_job(with("to", "\"1234\""), &j), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "to");
	CU_ASSERT_STRING_EQUAL(e.came, "\"1234\"");
	CU_ASSERT_STRING_EQUAL(e.allowed, allowed);
	CU_ASSERT_EQUAL(make_job(with("to", "\"+\""), &j), DM_EINVAL);
	CU_ASSERT_EQUAL(make_job(with("to", "\"1234567890123456\""), &j),
			DM_EINVAL);
	CU_ASSERT_EQUAL(make_job(with("to", "\"+49170abc\""), &j),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "to");
	CU_ASSERT_EQUAL(make_job(with("to", "\"dev1\""), &j), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.to, "");
	CU_ASSERT_EQUAL(make_job(with("from", "\"a\\tb\""), &j), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "from");
	CU_ASSERT_EQUAL(make_job(with("from", "\"\\u00e9\""), &j), DM_EINVAL);
}

int main(void)
{
	int status = tap_run("notify", (CU_TestInfo[]){
		{ "makes the octets of every vector",
		  makes_the_octets_of_every_vector },
		{ "makes segments with 16 bit references",
		  makes_segments_with_16_bit_references },
		{ "takes credentials", takes_credentials },
		{ "session ids that do not come are given",
		  session_ids_that_do_not_come_are_given },
		{ "references fit their width", references_fit_their_width },
		{ "transport options reach the octets",
		  transport_options_reach_the_octets },
		{ "refuses what cannot be sent", refuses_what_cannot_be_sent },
		{ "refuses what is missing", refuses_what_is_missing },
		{ "clients have limits", clients_have_limits },
		{ "quirks hold for testers, too",
		  quirks_hold_for_testers_too },
		{ "a job keeps what the queue needs",
		  a_job_keeps_what_the_queue_needs },
		{ "what a request does not say is configured",
		  what_a_request_does_not_say_is_configured },
		{ "a client that drops repeats is not pushed again",
		  a_client_that_drops_repeats_is_not_pushed_again },
		{ "no job lives longer than is configured",
		  no_job_lives_longer_than_is_configured },
		{ "a key is printable", a_key_is_printable },
		{ "a job has a receiver and a sender",
		  a_job_has_a_receiver_and_a_sender },
		CU_TEST_INFO_NULL,
	});

	json_decref(params);
	return status;
}
