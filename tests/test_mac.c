/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/mac.h"

#include <string.h>

#include "tests/bootstrap_vectors.h"
#include "tests/tap.h"
#include "wap/imsi.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct mac_key make(const struct mac_source *s)
{
	struct mac_key key = { .len = 0 };
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(mac_key_make(s, &key, &e), DM_OK);
	CU_ASSERT_EQUAL(e.code, DM_OK);
	return key;
}

static void assert_key(const struct mac_key *key, const char *want_hex)
{
	uint8_t want[MAC_KEY_MAX];

	CU_ASSERT(tap_same(key->octets, key->len, want,
			   tap_hex(want_hex, want, sizeof(want))));
}

static void assert_mac(const struct mac_key *key, const uint8_t *body,
		       size_t len, const char *want_hex)
{
	uint8_t mac[MAC_LEN], want[MAC_LEN];

	CU_ASSERT_EQUAL(mac_compute(key, body, len, mac), DM_OK);
	CU_ASSERT(tap_same(mac, sizeof(mac), want,
			   tap_hex(want_hex, want, sizeof(want))));
}

/* ------------------------------ vectors ------------------------------ */

static void check_vector(const struct bootstrap_vector *v)
{
	char oob_pin[MAC_OOB_PIN_SIZE];
	uint8_t mac[MAC_LEN];
	struct mac_key key;

	if (!v->key_hex)
		return;
	key = make(&v->source);
	assert_key(&key, v->key_hex);
	CU_ASSERT_EQUAL(mac_compute(&key, v->body, v->body_len, mac), DM_OK);
	CU_ASSERT(tap_same(mac, sizeof(mac), v->mac, sizeof(v->mac)));
	if (!v->oob_pin)
		return;
	mac_oob_pin(v->source.pin, mac, oob_pin);
	CU_ASSERT_STRING_EQUAL(oob_pin, v->oob_pin);
	CU_ASSERT_EQUAL(mac_oob_verify(oob_pin, v->body, v->body_len), DM_OK);
}

static void agrees_with_every_encoder_s_message_of_the_vectors(void)
{
	CU_ASSERT(bootstrap_vectors_each(check_vector) >= 69);
}

/* Vector dm12-dmacc-usernetwpin: each of its two bodies in both orders. */
static void puts_imsi_and_pin_in_either_order(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "dm12-dmacc-usernetwpin");
	struct bootstrap_vector b = bootstrap_vector("dm12-dmacc-usernetwpin");
	struct mac_source s = b.source;
	const json_t *m, *other;
	struct mac_key key;
	size_t i;

	CU_ASSERT_EQUAL(s.order, NETWPIN_IMSI_PIN);
	json_array_foreach(json_object_get(v, "variants"), i, m) {
		uint8_t body[BOOTSTRAP_VECTOR_MAX];
		size_t len = tap_hex(vector_text(m, "wbxml_hex"), body,
				     sizeof(body));

		s.order = NETWPIN_IMSI_PIN;
		key = make(&s);
		assert_mac(&key, body, len, vector_text(m, "mac_hex"));
		other = json_array_get(json_object_get(m,
				"alternative_key_orders"), 0);
		s.order = NETWPIN_PIN_IMSI;
		key = make(&s);
		assert_key(&key, vector_text(other, "key_hex"));
		assert_mac(&key, body, len, vector_text(other, "mac_hex"));
	}
	CU_ASSERT_EQUAL(i, 2);
}

/* NowSMS forum, "NETWPIN Calculation", 2007: body, IMSI and MAC. */
static void agrees_with_nowsms(void)
{
	static const char body_hex[] =
		"030B6A0674657374310045C6560187070683000101C65501870706830001"
		"8711060374657374315F4E415049440001871006AB018708060374657374"
		"3200018709068901871401C65A01870C069A01870D060367707273757365"
		"726E616D650001870E06036770727370617373776F72640001010101";
	struct mac_key key = make(&(struct mac_source){
		.sec = MAC_NETWPIN, .imsi = "123456789012345",
	});
	uint8_t body[128];
	size_t len = tap_hex(body_hex, body, sizeof(body));

	assert_key(&key, "1932547698103254");
	assert_mac(&key, body, len,
		   "C483EC25F7E3E0CF100380DA5F6714CF204A5EC5");
}

static void makes_the_imsi_s_octets_as_the_client_does(void)
{
	static const struct {
		enum imsi_key rule;
		const char *key_hex;
	} rules[] = {	/* matrix of the vectors, 26201123456789 */
		{ IMSI_KEY_SPEC, "21261021436587f9 31" },
		{ IMSI_KEY_MEDIATEK, "29261021436587f9 31" },
		{ IMSI_KEY_SPREADTRUM, "29261021436587 31" },
		{ IMSI_KEY_GECKO, "2126102143658709 31" },
	};

	for (size_t i = 0; i < N(rules); i++) {
		struct mac_key key = make(&(struct mac_source){
			.sec = MAC_USERNETWPIN, .imsi = "26201123456789",
			.pin = "1", .imsi_key = rules[i].rule,
		});

		assert_key(&key, rules[i].key_hex);
	}
}

/* ------------------------------- source ------------------------------- */

#define PIN_32 "12345678901234567890123456789012"
#define PIN_33 PIN_32 "3"
#define HEX_32 "000102030405060708090a0b0c0d0e0f" \
	       "101112131415161718191a1b1c1d1e1f"
#define HEX_64 HEX_32 HEX_32
#define HEX_65 HEX_64 "00"

static void takes_what_each_method_needs_up_to_the_edges(void)
{
	static const struct mac_source good[] = {
		{ .sec = MAC_NETWPIN, .imsi = "123456" },
		{ .sec = MAC_USERPIN, .pin = "1" },
		{ .sec = MAC_USERPIN, .pin = " ~" },
		{ .sec = MAC_USERPIN, .pin = PIN_32 },
		{ .sec = MAC_USERNETWPIN, .imsi = "310150123456789",
		  .pin = PIN_32, .order = NETWPIN_PIN_IMSI },
		{ .sec = MAC_USERPINMAC, .pin = "01234" },
		{ .sec = MAC_USERPINMAC, .pin = "01234567890123456789" },
		{ .sec = MAC_NETWPIN, .key_hex = "00" },
		{ .sec = MAC_USERPIN, .key_hex = "ff 00" },
		{ .sec = MAC_USERNETWPIN, .key_hex = HEX_64 },
	};
	static const size_t lens[] = {
		4, 1, 2, 32, 32 + 1 + 8, 5, 20, 1, 2, 64,
	};

	for (size_t i = 0; i < N(good); i++)
		CU_ASSERT_EQUAL(make(&good[i]).len, lens[i]);
}

/* The key stays as it was; the error names the field, and tells no secret. */
static void assert_refused(const struct mac_source *s, const char *text)
{
	struct mac_key key = { .len = 77 };
	struct err e = { .code = DM_OK };
	char got[ERR_TEXT_MAX];

	CU_ASSERT_EQUAL(mac_key_make(s, &key, &e), DM_EINVAL);
	CU_ASSERT_EQUAL(key.len, 77);
	CU_ASSERT_EQUAL(key.octets[0], 0);
	CU_ASSERT_STRING_EQUAL(err_text(&e, got, sizeof(got)), text);
}

static void refuses_what_is_missing_or_given_for_nothing(void)
{
	assert_refused(&(struct mac_source){ .sec = MAC_NETWPIN },
		       "imsi: missing, allowed: required with NETWPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_NETWPIN,
			.imsi = "310150123456789", .pin = "1234" },
		       "pin: came, allowed: none with NETWPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_USERPIN },
		       "pin: missing, allowed: required with USERPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_USERPIN,
			.imsi = "310150123456789", .pin = "1234" },
		       "imsi: came, allowed: none with USERPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_USERNETWPIN,
			.imsi = "310150123456789" },
		       "pin: missing, allowed: required with USERNETWPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_USERNETWPIN,
			.pin = "1234" },
		       "imsi: missing, allowed: required with USERNETWPIN");
	assert_refused(&(struct mac_source){ .sec = MAC_USERPINMAC,
			.imsi = "310150123456789", .pin = "12345" },
		       "imsi: came, allowed: none with USERPINMAC");
}

static void refuses_a_key_next_to_what_keys_are_made_of(void)
{
	assert_refused(&(struct mac_source){ .sec = MAC_USERPIN,
			.key_hex = "00", .pin = "1234" },
		       "key-hex: came with pin, allowed: key-hex alone, or "
		       "what a key is made of");
	assert_refused(&(struct mac_source){ .sec = MAC_NETWPIN,
			.key_hex = "00", .imsi = "310150123456789" },
		       "key-hex: came with imsi, allowed: key-hex alone, or "
		       "what a key is made of");
	assert_refused(&(struct mac_source){ .sec = MAC_USERPINMAC,
			.key_hex = "00" },
		       "key-hex: came, allowed: none with USERPINMAC");
}

static void refuses_malformed_parts(void)
{
	static const char *const pins[] = {
		"", PIN_33, "12\n4", "12\x7f,", "\xc3\xbc",
	};
	static const char *const ks[] = {
		"", "1234", "012345678901234567890", "1234a", "12 45",
	};
	static const char *const keys[] = {
		"", " ", "0", "0g", HEX_65,
	};
	struct mac_key key;
	struct err e;

	for (size_t i = 0; i < N(pins); i++) {
		CU_ASSERT_EQUAL(mac_key_make(&(struct mac_source){
			.sec = MAC_USERPIN, .pin = pins[i] }, &key, &e),
				DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.allowed, "1 to 32 characters of "
				       "printable ASCII");
	}
	for (size_t i = 0; i < N(ks); i++) {
		CU_ASSERT_EQUAL(mac_key_make(&(struct mac_source){
			.sec = MAC_USERPINMAC, .pin = ks[i] }, &key, &e),
				DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.allowed, "5 to 20 digits with "
				       "USERPINMAC");
	}
	for (size_t i = 0; i < N(keys); i++) {
		CU_ASSERT_EQUAL(mac_key_make(&(struct mac_source){
			.sec = MAC_NETWPIN, .key_hex = keys[i] }, &key, &e),
				DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.field, "key-hex");
	}
	CU_ASSERT_EQUAL(mac_key_make(&(struct mac_source){
		.sec = MAC_NETWPIN, .imsi = "12345" }, &key, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "imsi");
}

/* ----------------------------- USERPINMAC ----------------------------- */

/* Octets 0 to 19 modulo 10; each digit of K brings one. */
static void makes_as_many_digits_as_k_has(void)
{
	static const char *const pins[][2] = {
		{ "12345", "1234501234" },
		{ "000000", "000000012345" },
		{ "98765432109876543210",
		  "9876543210987654321001234567890123456789" },
	};
	uint8_t mac[MAC_LEN];
	char out[MAC_OOB_PIN_SIZE];

	for (size_t i = 0; i < sizeof(mac); i++)
		mac[i] = (uint8_t)i;
	for (size_t i = 0; i < N(pins); i++) {
		mac_oob_pin(pins[i][0], mac, out);
		CU_ASSERT_STRING_EQUAL(out, pins[i][1]);
	}
	memset(mac, 255, sizeof(mac));
	mac_oob_pin("12345", mac, out);
	CU_ASSERT_STRING_EQUAL(out, "1234555555");
}

static void finds_every_wrong_digit_of_an_out_of_band_pin(void)
{
	struct bootstrap_vector v = bootstrap_vector("cp-internet-userpinmac");
	char pin[] = "5031734811";

	CU_ASSERT_EQUAL(mac_oob_verify(pin, v.body, v.body_len), DM_OK);
	for (size_t i = 0; pin[i]; i++) {
		char right = pin[i];

		pin[i] = right == '9' ? '0' : (char)(right + 1);
		CU_ASSERT_EQUAL(mac_oob_verify(pin, v.body, v.body_len),
				DM_EINVAL);
		pin[i] = right;
	}
	v.body[v.body_len - 1] ^= 1;
	CU_ASSERT_EQUAL(mac_oob_verify(pin, v.body, v.body_len), DM_EINVAL);
}

static void refuses_a_malformed_out_of_band_pin(void)
{
	static const char *const bad[] = {
		"", "5", "50317348", "503173481", "50317348111", "5031a34811",
		"50317348 1", "-031734811",
		"123456789012345678901234567890123456789012",
	};
	struct bootstrap_vector v = bootstrap_vector("cp-internet-userpinmac");

	for (size_t i = 0; i < N(bad); i++)
		CU_ASSERT_EQUAL(mac_oob_verify(bad[i], v.body, v.body_len),
				DM_EINVAL);
}

static void survives_a_round_trip(uint64_t *state)
{
	char k[MAC_K_MAX + 1] = "", pin[MAC_OOB_PIN_SIZE];
	size_t n = MAC_K_MIN + tap_random_below(state,
						MAC_K_MAX - MAC_K_MIN + 1);
	uint8_t body[40], mac[MAC_LEN];
	struct mac_key key;

	for (size_t i = 0; i < n; i++)
		k[i] = (char)('0' + tap_random_below(state, 10));
	tap_random_octets(state, body, sizeof(body));
	key = make(&(struct mac_source){ .sec = MAC_USERPINMAC, .pin = k });
	CU_ASSERT_EQUAL(mac_compute(&key, body, sizeof(body), mac), DM_OK);
	mac_oob_pin(k, mac, pin);
	CU_ASSERT_EQUAL(strlen(pin), 2 * n);
	CU_ASSERT_EQUAL(mac_oob_verify(pin, body, sizeof(body)), DM_OK);
}

static void proves_every_out_of_band_pin_that_it_makes(void)
{
	tap_property(500, survives_a_round_trip);
}

/* ------------------------------- names ------------------------------- */

static void names_the_methods_and_what_they_take(void)
{
	static const struct {
		enum mac_sec sec;
		const char *name;
		bool imsi, pin;
	} want[] = {
		{ MAC_SEC_NONE, "none", false, false },
		{ MAC_NETWPIN, "NETWPIN", true, false },
		{ MAC_USERPIN, "USERPIN", false, true },
		{ MAC_USERNETWPIN, "USERNETWPIN", true, true },
		{ MAC_USERPINMAC, "USERPINMAC", false, true },
	};

	for (size_t i = 0; i < N(want); i++) {
		CU_ASSERT_STRING_EQUAL(mac_sec_name(want[i].sec),
				       want[i].name);
		CU_ASSERT_EQUAL(mac_takes_imsi(want[i].sec), want[i].imsi);
		CU_ASSERT_EQUAL(mac_takes_pin(want[i].sec), want[i].pin);
	}
}

static CU_TestInfo tests[] = {
	{ "agrees with every encoder's message of the vectors",
	  agrees_with_every_encoder_s_message_of_the_vectors },
	{ "puts IMSI and PIN in either order",
	  puts_imsi_and_pin_in_either_order },
	{ "agrees with NowSMS", agrees_with_nowsms },
	{ "makes the IMSI's octets as the client does",
	  makes_the_imsi_s_octets_as_the_client_does },
	{ "takes what each method needs, up to the edges",
	  takes_what_each_method_needs_up_to_the_edges },
	{ "refuses what is missing or given for nothing",
	  refuses_what_is_missing_or_given_for_nothing },
	{ "refuses a key next to what keys are made of",
	  refuses_a_key_next_to_what_keys_are_made_of },
	{ "refuses malformed parts", refuses_malformed_parts },
	{ "makes as many digits as K has", makes_as_many_digits_as_k_has },
	{ "finds every wrong digit of an out-of-band PIN",
	  finds_every_wrong_digit_of_an_out_of_band_pin },
	{ "refuses a malformed out-of-band PIN",
	  refuses_a_malformed_out_of_band_pin },
	{ "proves every out-of-band PIN that it makes",
	  proves_every_out_of_band_pin_that_it_makes },
	{ "names the methods and what they take",
	  names_the_methods_and_what_they_take },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("mac", tests);
}
