/* SPDX-License-Identifier: Apache-2.0 */
/* Whole messages; see test_bootstrap_params.c for their parameters. */
#include "bootstrap/bootstrap.h"

#include <string.h>

#include "tests/bootstrap_vectors.h"
#include "tests/tap.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define OCTETS(text) text, sizeof(text) - 1

/* What the receiver knows: of USERPINMAC, what the user was told. */
static struct mac_source receiver(const struct bootstrap_vector *v)
{
	struct mac_source s = v->source;

	if (v->oob_pin)
		s.pin = v->oob_pin;
	return s;
}

static struct bootstrap_security security_of(const struct wsp_push *p)
{
	struct bootstrap_security s = { .sec = (enum mac_sec)77 };
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(bootstrap_params_decode(p->params, p->params_len, &s,
						&e), DM_OK);
	CU_ASSERT_EQUAL(e.code, DM_OK);
	return s;
}

/* ------------------------------ vectors ------------------------------ */

static void assert_security(const struct bootstrap_security *s,
			    const struct bootstrap_vector *v)
{
	CU_ASSERT_EQUAL(s->sec, v->source.sec);
	CU_ASSERT_EQUAL(s->has_mac, v->key_hex && !v->oob_pin);
	if (s->has_mac)
		CU_ASSERT(tap_same(s->mac, MAC_LEN, v->mac, MAC_LEN));
}

static void check_vector(const struct bootstrap_vector *v)
{
	struct bootstrap_security s;
	struct mac_source source = receiver(v);
	uint8_t params[BOOTSTRAP_PARAMS_MAX];
	struct err e = { .code = DM_OK };
	enum bootstrap_kind kind;
	struct wsp_push p;

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, v->wsp, v->wsp_len), DM_OK);
	CU_ASSERT(tap_same(p.body, p.body_len, v->body, v->body_len));
	s = security_of(&p);
	assert_security(&s, v);
	CU_ASSERT(tap_same(params, bootstrap_params_encode(&s, params),
			   p.params, p.params_len));
	CU_ASSERT_EQUAL(bootstrap_verify(&s, &source, p.body, p.body_len, &e),
			v->key_hex ? DM_OK : DM_EINVAL);

	CU_ASSERT_EQUAL(bootstrap_kind(p.body, p.body_len, &kind), DM_OK);
	CU_ASSERT_EQUAL(bootstrap_content_type(kind), p.content_type.number);
	CU_ASSERT_EQUAL(bootstrap_application(kind) >= 0,
			wsp_push_find(&p, WSP_APPLICATION_ID) != NULL);
}

static void reads_verifies_and_writes_again_every_vector(void)
{
	CU_ASSERT(bootstrap_vectors_each(check_vector) >= 69);
}

/* The message of a vector, and what of it a test alters. */
struct message {
	struct bootstrap_vector v;
	struct bootstrap_security security;
	struct mac_source source;
};

static struct message message(const char *name)
{
	struct message m = { .v = bootstrap_vector(name) };
	struct wsp_push p;

	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, m.v.wsp, m.v.wsp_len),
			      DM_OK);
	m.security = security_of(&p);
	m.source = receiver(&m.v);
	return m;
}

static int verify(const struct message *m, struct err *e)
{
	return bootstrap_verify(&m->security, &m->source, m->v.body,
				m->v.body_len, e);
}

static void assert_verifies(const struct message *m)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(verify(m, &e), DM_OK);
	CU_ASSERT_EQUAL(e.code, DM_OK);
}

static void assert_refused(const struct message *m, const char *text)
{
	struct err e = { .code = DM_OK };
	char got[ERR_TEXT_MAX];

	CU_ASSERT_EQUAL(verify(m, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(err_text(&e, got, sizeof(got)), text);
}

/* Another push around the same body. */
static void replace_wsp(struct message *m, const char *hex)
{
	struct wsp_push p;

	m->v.wsp_len = tap_hex(hex, m->v.wsp, sizeof(m->v.wsp));
	CU_ASSERT_EQUAL_FATAL(wsp_push_decode(&p, m->v.wsp, m->v.wsp_len),
			      DM_OK);
	CU_ASSERT(tap_same(p.body, p.body_len, m->v.body, m->v.body_len));
	m->security = security_of(&p);
}

/* Not asked to sign, it says USERPIN, and its key is empty. */
static void reads_what_kannel_sends_unsigned(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "cp-internet-nosec");
	struct message m = message("cp-internet-nosec");
	uint8_t mac[MAC_LEN];

	replace_wsp(&m, vector_text(json_object_get(v, "kannel_sendota_live"),
				    "wsp_hex"));
	CU_ASSERT_EQUAL(m.security.sec, MAC_USERPIN);
	CU_ASSERT_EQUAL(mac_compute(&(struct mac_key){ .len = 0 }, m.v.body,
				    m.v.body_len, mac), DM_OK);
	CU_ASSERT(tap_same(m.security.mac, MAC_LEN, mac, MAC_LEN));
}

/* With the MAC that the user's digits are made of. */
static void reads_what_kannel_sends_as_userpinmac(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "cp-internet-userpinmac");
	struct message m = message("cp-internet-userpinmac");

	replace_wsp(&m, vector_text(v, "wsp_hex_with_mac_as_kannel_sends"));
	CU_ASSERT_EQUAL(m.security.sec, MAC_USERPINMAC);
	CU_ASSERT(m.security.has_mac);
	CU_ASSERT(tap_same(m.security.mac, MAC_LEN, m.v.mac, MAC_LEN));
	assert_verifies(&m);
}

/* ------------------------------- verify ------------------------------- */

static void refuses_every_altered_octet_of_the_body(void)
{
	struct message m = message("cp-internet-netwpin-imsi13");

	for (size_t i = 0; i < m.v.body_len; i++) {
		m.v.body[i] ^= 0x20;
		assert_refused(&m, "mac: was made with another IMSI, or of "
			       "another body");
		m.v.body[i] ^= 0x20;
	}
	m.v.body_len--;
	assert_refused(&m, "mac: was made with another IMSI, or of another "
		       "body");
}

static void refuses_every_altered_octet_of_the_mac(void)
{
	struct message m = message("cp-internet-userpin");

	for (size_t i = 0; i < MAC_LEN; i++) {
		m.security.mac[i] ^= 1;
		assert_refused(&m, "mac: was made with another PIN, or of "
			       "another body");
		m.security.mac[i] ^= 1;
	}
	assert_verifies(&m);
}

static void refuses_another_pin_imsi_and_order(void)
{
	static const char text[] = "mac: was made with another IMSI or PIN, "
				   "or of another body";
	struct message m = message("cp-internet-usernetwpin-imsi15");

	m.source.pin = "1235";
	assert_refused(&m, text);
	m.source.pin = "1234";
	m.source.imsi = "310150123456780";
	assert_refused(&m, text);
	m.source.imsi = "310150123456789";
	m.source.order = NETWPIN_PIN_IMSI;
	assert_refused(&m, text);
	m.source.order = NETWPIN_IMSI_PIN;
	m.source.imsi_key = IMSI_KEY_GECKO;	/* the same for 15 digits */
	assert_verifies(&m);
}

static void tells_the_rules_apart_where_digits_are_even(void)
{
	static const enum imsi_key others[] = {
		IMSI_KEY_MEDIATEK, IMSI_KEY_SPREADTRUM, IMSI_KEY_GECKO,
	};
	struct message m = message("cp-internet-netwpin-imsi15");
	struct mac_key key;
	struct err e;

	m.source.imsi = "26201123456789";
	CU_ASSERT_EQUAL(mac_key_make(&m.source, &key, &e), DM_OK);
	CU_ASSERT_EQUAL(mac_compute(&key, m.v.body, m.v.body_len,
				    m.security.mac), DM_OK);
	assert_verifies(&m);
	for (size_t i = 0; i < N(others); i++) {
		m.source.imsi_key = others[i];
		assert_refused(&m, "mac: was made with another IMSI, or of "
			       "another body");
	}
}

/*
 * Gecko's octets of an odd IMSI end with 00. That makes another key, but not
 * another MAC: HMAC fills keys up with 00 anyway (RFC 2104, 2).
 */
static void forgives_gecko_octets_that_hmac_adds_itself(void)
{
	struct message m = message("cp-internet-netwpin-imsi13");

	m.source.imsi_key = IMSI_KEY_GECKO;
	assert_verifies(&m);
}

static void takes_a_key_as_octets(void)
{
	struct message m = message("cp-internet-usernetwpin-imsi15");

	m.source.imsi = m.source.pin = NULL;
	m.source.key_hex = "3901511032547698" "31323334";
	assert_verifies(&m);
	m.source.key_hex = "3901511032547698" "31323335";
	assert_refused(&m, "mac: was made with another key, or of another "
		       "body");
}

static void takes_sec_from_the_message_and_what_that_needs(void)
{
	struct message m = message("cp-internet-userpin");

	m.source.imsi = "310150123456789";
	m.source.sec = MAC_NETWPIN;
	assert_verifies(&m);
	m = message("cp-internet-netwpin-imsi15");
	m.source.pin = "1234";
	m.source.sec = MAC_SEC_NONE;
	assert_verifies(&m);
	m = message("cp-internet-userpinmac");
	m.source.imsi = "310150123456789";
	assert_verifies(&m);
}

static void says_what_is_missing(void)
{
	struct message m = message("cp-internet-nosec");

	m.source.pin = "1234";
	assert_refused(&m, "sec: missing: unsigned");
	m = message("cp-internet-userpin");
	m.source.pin = NULL;
	assert_refused(&m, "pin: missing, allowed: required with USERPIN");
	m.security.has_mac = false;
	assert_refused(&m, "mac: missing, allowed: required with SEC");
	m = message("cp-internet-netwpin-imsi15");
	m.source.imsi = NULL;
	assert_refused(&m, "imsi: missing, allowed: required with NETWPIN");
	m = message("cp-internet-userpinmac");
	m.source.pin = NULL;
	assert_refused(&m, "pin: missing, allowed: required with USERPINMAC");
	m.source.pin = "5031734810";
	assert_refused(&m, "pin: does not fit this body, allowed: K, and as "
		       "many digits made of the MAC");
}

/* -------------------------------- kinds -------------------------------- */

static void tells_the_kind_by_the_public_identifier(void)
{
	static const struct {
		const char *body;
		size_t len;
		enum bootstrap_kind kind;
	} bodies[] = {
		{ OCTETS("\3\x0b\x6a\0\xc5"), BOOTSTRAP_CP },
		{ OCTETS("\2\x9f\x53\x6a\0\x6d"), BOOTSTRAP_DM_112 },
		{ OCTETS("\2\xa4\1\x6a\0\x6d"), BOOTSTRAP_DM_12 },
		{ OCTETS("\3\0\0\x6a\x1e-//SYNCML//DTD SyncML 1.1//EN\0"),
		  BOOTSTRAP_DM_112 },
	};
	enum bootstrap_kind kind;

	for (size_t i = 0; i < N(bodies); i++) {
		CU_ASSERT_EQUAL(bootstrap_kind((const uint8_t *)bodies[i].body,
					       bodies[i].len, &kind), DM_OK);
		CU_ASSERT_EQUAL(kind, bodies[i].kind);
	}
	kind = (enum bootstrap_kind)77;
	CU_ASSERT_EQUAL(bootstrap_kind((const uint8_t *)"\3\4\x6a\0", 4,
				       &kind), DM_EPROTO);
	CU_ASSERT_EQUAL(bootstrap_kind((const uint8_t *)"<?xml", 5, &kind),
			DM_EPROTO);
	CU_ASSERT_EQUAL(bootstrap_kind(NULL, 0, &kind), DM_EPROTO);
	CU_ASSERT_EQUAL(kind, 77);
}

static void says_how_each_kind_travels(void)
{
	CU_ASSERT_EQUAL(bootstrap_content_type(BOOTSTRAP_CP), 0x36);
	CU_ASSERT_EQUAL(bootstrap_content_type(BOOTSTRAP_DM_112), 0x42);
	CU_ASSERT_EQUAL(bootstrap_content_type(BOOTSTRAP_DM_12), 0x42);
	CU_ASSERT_EQUAL(bootstrap_application(BOOTSTRAP_CP), -1);
	CU_ASSERT_EQUAL(bootstrap_application(BOOTSTRAP_DM_112), 7);
	CU_ASSERT_EQUAL(bootstrap_application(BOOTSTRAP_DM_12), 7);
}

static CU_TestInfo tests[] = {
	{ "reads, verifies and writes again every vector",
	  reads_verifies_and_writes_again_every_vector },
	{ "reads what Kannel sends unsigned",
	  reads_what_kannel_sends_unsigned },
	{ "reads what Kannel sends as USERPINMAC",
	  reads_what_kannel_sends_as_userpinmac },
	{ "refuses every altered octet of the body",
	  refuses_every_altered_octet_of_the_body },
	{ "refuses every altered octet of the MAC",
	  refuses_every_altered_octet_of_the_mac },
	{ "refuses another PIN, IMSI and order",
	  refuses_another_pin_imsi_and_order },
	{ "tells the rules apart where digits are even",
	  tells_the_rules_apart_where_digits_are_even },
	{ "forgives Gecko octets that HMAC adds itself",
	  forgives_gecko_octets_that_hmac_adds_itself },
	{ "takes a key as octets", takes_a_key_as_octets },
	{ "takes SEC from the message, and what that needs",
	  takes_sec_from_the_message_and_what_that_needs },
	{ "says what is missing", says_what_is_missing },
	{ "tells the kind by the public identifier",
	  tells_the_kind_by_the_public_identifier },
	{ "says how each kind travels", says_how_each_kind_travels },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("bootstrap", tests);
}
