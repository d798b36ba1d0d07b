/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/sms_pdu.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

static struct sms_address address_of(const json_t *v, const char *type,
				     const char *digits)
{
	struct sms_address a = { .type = (uint8_t)vector_number(v, type) };

	strncpy(a.digits, vector_text(v, digits), SMS_DIGITS_MAX);
	return a;
}

static struct sms_pdu pdu_of(const json_t *v)
{
	uint8_t octets[VECTOR_OCTETS_MAX];
	struct sms_pdu p = {
		.kind = strcmp(vector_text(v, "kind"), "submit")
			? SMS_DELIVER : SMS_SUBMIT,
		.has_smsc = vector_bool(v, "has_smsc"),
		.smsc = address_of(v, "smsc_type", "smsc"),
		.has_udh = vector_bool(v, "has_udh"),
		.address = address_of(v, "address_type", "address"),
		.reference = (uint8_t)vector_number(v, "reference"),
		.pid = (uint8_t)vector_number(v, "pid"),
		.dcs = (uint8_t)vector_number(v, "dcs"),
		.validity = (int)vector_number(v, "validity"),
		.ud_len = vector_hex(v, "ud_hex", octets),
	};

	memcpy(p.ud, octets, p.ud_len);
	vector_hex(v, "timestamp_hex", octets);
	memcpy(p.timestamp, octets, sizeof(p.timestamp));
	return p;
}

static void assert_address(const struct sms_address *got,
			   const struct sms_address *want)
{
	CU_ASSERT_EQUAL(got->type, want->type);
	CU_ASSERT_STRING_EQUAL(got->digits, want->digits);
}

static void assert_equal(const struct sms_pdu *got, const struct sms_pdu *want)
{
	CU_ASSERT_EQUAL(got->kind, want->kind);
	CU_ASSERT_EQUAL(got->has_smsc, want->has_smsc);
	assert_address(&got->smsc, &want->smsc);
	CU_ASSERT_EQUAL(got->has_udh, want->has_udh);
	assert_address(&got->address, &want->address);
	CU_ASSERT_EQUAL(got->reference, want->reference);
	CU_ASSERT_EQUAL(got->pid, want->pid);
	CU_ASSERT_EQUAL(got->dcs, want->dcs);
	CU_ASSERT(tap_same(got->timestamp, 7, want->timestamp, 7));
	CU_ASSERT_EQUAL(got->validity, want->validity);
	CU_ASSERT(tap_same(got->ud, got->ud_len, want->ud, want->ud_len));
}

/* Offsets: the address's count of digits, and the user data at the end. */
static void assert_offsets(const struct sms_pdu *p, const uint8_t *in,
			   size_t len)
{
	CU_ASSERT_EQUAL(p->ud_offset, len - p->ud_len);
	CU_ASSERT_EQUAL(in[p->address_offset], strlen(p->address.digits));
	CU_ASSERT_EQUAL(in[p->address_offset + 1], p->address.type);
}

static void check_vector(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX], out[SMS_PDU_MAX];
	size_t len = vector_hex(v, "pdu_hex", in), out_len = 0;
	struct sms_pdu got, want = pdu_of(v);

	CU_ASSERT_EQUAL_FATAL(sms_pdu_decode(&got, in, len), DM_OK);
	assert_equal(&got, &want);
	assert_offsets(&got, in, len);
	if (!vector_bool(v, "encodes"))
		return;
	CU_ASSERT_EQUAL(sms_pdu_encode(&want, out, sizeof(out), &out_len),
			DM_OK);
	CU_ASSERT(tap_same(out, out_len, in, len));
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("sms_pdu", "pdus", check_vector) >= 13);
}

/* The vector that a cut or a short buffer is made of. */
static const char *current;

static const json_t *current_vector(void)
{
	return vectors_find("sms_pdu", "pdus", current);
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct sms_pdu p = { .reference = 77 };

	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, len), DM_EPROTO);
	CU_ASSERT_EQUAL(p.reference, 77);
}

static void check_all_cuts(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "pdu_hex", in);

	tap_each_cut(in, len, check_cut);
	in[len] = 0;		/* and one octet too many */
	check_cut(in, len + 1);
}

static void refuses_every_cut_input(void)
{
	vectors_each("sms_pdu", "pdus", check_all_cuts);
}

static void check_short(uint8_t *out, size_t cap)
{
	struct sms_pdu p = pdu_of(current_vector());
	size_t len = 77;

	CU_ASSERT_EQUAL(sms_pdu_encode(&p, out, cap, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void check_all_short(const json_t *v)
{
	current = vector_text(v, "name");
	if (vector_bool(v, "encodes"))
		tap_each_short(strlen(vector_text(v, "pdu_hex")) / 2,
			       check_short);
}

static void refuses_every_short_buffer(void)
{
	vectors_each("sms_pdu", "pdus", check_all_short);
}

static int encode(const struct sms_pdu *p)
{
	uint8_t out[SMS_PDU_MAX];
	size_t len;

	return sms_pdu_encode(p, out, sizeof(out), &len);
}

static struct sms_pdu simple(const char *digits)
{
	struct sms_pdu p = {
		.kind = SMS_SUBMIT,
		.address.type = 0x91,
		.dcs = SMS_DCS_8BIT,
		.validity = -1,
	};

	memcpy(p.address.digits, digits, strlen(digits) + 1);
	return p;
}

static void refuses_addresses_that_are_no_digits(void)
{
	static const char *const bad[] = { "+1", "12x", "1 2", "1f", "f1" };
	struct sms_pdu p;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = simple(bad[i]);
		CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
		p = simple("1");
		p.has_smsc = true;
		memcpy(p.smsc.digits, bad[i], strlen(bad[i]) + 1);
		CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
	}
	p = simple("12345678901234567890");
	p.has_smsc = true;
	p.smsc = p.address;
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
}

static void refuses_what_does_not_fit_its_field(void)
{
	struct sms_pdu p = simple("1");

	p.ud_len = SMS_UD_MAX;
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
	p.ud_len = SMS_UD_MAX + 1;
	CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
	p.ud_len = 0;
	p.validity = 255;
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
	p.validity = 256;
	CU_ASSERT_EQUAL(encode(&p), DM_ERANGE);
}

/* The greatest PDU of all fits SMS_PDU_MAX. */
static void has_room_for_the_greatest(void)
{
	struct sms_pdu p = simple("12345678901234567890");

	p.kind = SMS_DELIVER;
	p.has_smsc = true;
	p.smsc = p.address;
	p.ud_len = SMS_UD_MAX;
	CU_ASSERT_EQUAL(encode(&p), DM_OK);
}

static int decode_hex(const char *hex)
{
	uint8_t in[300];
	struct sms_pdu p;

	return sms_pdu_decode(&p, in, tap_hex(hex, in, sizeof(in)));
}

static void refuses_malformed_pdus(void)
{
	static const char *const bad[] = {
		"00 02 00 0591214365f5 0000 00",	/* status report */
		"00 03 00 0591214365f5 0000 00",
		"00 01 00 0491f143 0004 00",		/* filler inside */
		"00 01 00 0391214f 0004 00",
		"00 01 00 159121436587092143658709f1 0004 00",	/* 21 digits */
		"0c 91 2143658709214365870921 01 00 0291 21 0004 00",
		"02 91 1f 01 00 029121 0004 00",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(decode_hex(bad[i]), DM_EPROTO);
	CU_ASSERT_EQUAL(decode_hex("00 01 00 029121 0004 00"), DM_OK);
	CU_ASSERT_EQUAL(decode_hex("00 01 00 149121436587092143658709 "
				   "0004 00"), DM_OK);
}

/* 3GPP TS 23.038, 4: does this DCS count user data in septets? */
static void check_dcs(uint8_t dcs, bool septets)
{
	uint8_t in[] = { 0, 1, 0, 1, 0x91, 0xf1, 0, dcs, 8,
			 1, 2, 3, 4, 5, 6, 7, 8 };
	struct sms_pdu p;

	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, sizeof(in)),
			septets ? DM_EPROTO : DM_OK);
	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, sizeof(in) - 1),
			septets ? DM_OK : DM_EPROTO);
	p = simple("1");
	p.dcs = dcs;
	CU_ASSERT_EQUAL(encode(&p), septets ? DM_ERANGE : DM_OK);
}

static void tells_septets_from_octets(void)
{
	static const uint8_t septets[] = {
		0x00, 0x03, 0x10, 0x0c, 0x1f, 0x40, 0x5c, 0x80, 0xb4, 0xc0,
		0xcc, 0xd8, 0xf0, 0xf3,
	};
	static const uint8_t octets[] = {
		0x04, 0x15, 0x08, 0x1a, 0x20, 0x34, 0x2c, 0x44, 0x48, 0x60,
		0xe0, 0xef, 0xf4, 0xf5, 0xf7,
	};

	for (size_t i = 0; i < sizeof(septets); i++)
		check_dcs(septets[i], true);
	for (size_t i = 0; i < sizeof(octets); i++)
		check_dcs(octets[i], false);
}

static void refuses_more_than_160_septets(void)
{
	uint8_t in[9 + 141] = { 0, 1, 0, 1, 0x91, 0xf1, 0, 0, 160 };
	struct sms_pdu p;

	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, 9 + 140), DM_OK);
	CU_ASSERT_EQUAL(p.ud_len, 140);
	in[8] = 161;
	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, 9 + 141), DM_EPROTO);
	in[7] = SMS_DCS_8BIT;
	in[8] = 141;
	CU_ASSERT_EQUAL(sms_pdu_decode(&p, in, 9 + 141), DM_EPROTO);
}

static void random_address(uint64_t *state, struct sms_address *a, size_t min)
{
	size_t n = min + tap_random_below(state, SMS_DIGITS_MAX - min + 1);

	*a = (struct sms_address){ .type = 0x91 };
	for (size_t i = 0; i < n; i++)
		a->digits[i] = "0123456789*#abc"[tap_random_below(state, 15)];
}

static void survives_a_round_trip(uint64_t *state)
{
	uint8_t out[SMS_PDU_MAX];
	struct sms_pdu back, p = simple("");
	size_t len = 0;

	p.kind = tap_random(state) & 1 ? SMS_SUBMIT : SMS_DELIVER;
	p.has_smsc = true;	/* without it, others may be read as one */
	p.has_udh = tap_random(state) & 1;
	random_address(state, &p.smsc, 1);
	random_address(state, &p.address, 0);
	p.ud_len = tap_random_below(state, SMS_UD_MAX + 1);
	tap_random_octets(state, p.ud, p.ud_len);
	p.pid = (uint8_t)tap_random(state);
	if (p.kind == SMS_DELIVER)
		tap_random_octets(state, p.timestamp, sizeof(p.timestamp));
	else
		p.validity = (int)tap_random_below(state, 257) - 1;
	CU_ASSERT_EQUAL(sms_pdu_encode(&p, out, sizeof(out), &len), DM_OK);
	CU_ASSERT_EQUAL_FATAL(sms_pdu_decode(&back, out, len), DM_OK);
	assert_equal(&back, &p);
}

static void reads_back_what_it_wrote(void)
{
	tap_property(2000, survives_a_round_trip);
}

/* An SMSC's address that is a text has no filler: its last half octet may be f.
 * Found by fuzzing. */
static void a_text_has_no_filler(void)
{
	uint8_t in[SMS_PDU_MAX], out[SMS_PDU_MAX];
	size_t in_len = tap_hex("03d0e4f2" "04" "0491214300f5"
				"00101000000000" "00", in, sizeof(in));
	struct sms_pdu p;
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(sms_pdu_decode(&p, in, in_len), DM_OK);
	CU_ASSERT_STRING_EQUAL(p.smsc.digits, "4c2f");
	CU_ASSERT_EQUAL(sms_pdu_encode(&p, out, sizeof(out), &len), DM_OK);
	CU_ASSERT_EQUAL(len, in_len);
	CU_ASSERT(!memcmp(out, in, in_len));
}

/* SMSC, first octet, address: of a PDU whose user data is one UDH. */
static void delivers_from(const char *from, const char *want_hex)
{
	static const uint8_t ud[] = { 0x06, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0 };
	uint8_t want[SMS_PDU_MAX], out[SMS_PDU_MAX];
	size_t want_len = tap_hex(want_hex, want, sizeof(want)), len;

	want_len += tap_hex("00f5" "00101000000000" "07" "0605040b8423f0",
			    want + want_len, sizeof(want) - want_len);
	CU_ASSERT_EQUAL_FATAL(sms_pdu_deliver(from, SMS_DCS_8BIT_CLASS1, ud,
					      sizeof(ud), out, sizeof(out),
					      &len), DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));
}

/* "hellohello", packed: the textbook example, as in the vectors. */
static void a_sender_is_a_number_or_a_name(void)
{
	static const char *const bad[] = {
		"", "Twelve chars", "a@b", "123456789012345678901", "\xe4",
	};
	struct sms_address a;

	delivers_from("12345", "0044" "0581" "2143f5");
	delivers_from("+491701234567", "0044" "0c91" "947110325476");
	delivers_from("hellohello", "0044" "12d0" "e8329bfd4697d9ec37");
	delivers_from("hello", "0044" "09d0" "e8329bfd06");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(sms_address_parse(&a, bad[i]), DM_ERANGE);
	CU_ASSERT_EQUAL(sms_address_parse(&a, "Eleven char"), DM_OK);
	CU_ASSERT_EQUAL(strlen(a.digits), SMS_DIGITS_MAX);
}

static CU_TestInfo tests[] = {
	{ "agrees with every vector", agrees_with_every_vector },
	{ "refuses every cut input, and one octet too many",
	  refuses_every_cut_input },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses addresses that are no digits",
	  refuses_addresses_that_are_no_digits },
	{ "refuses what does not fit its field",
	  refuses_what_does_not_fit_its_field },
	{ "has room for the greatest", has_room_for_the_greatest },
	{ "refuses malformed PDUs", refuses_malformed_pdus },
	{ "tells septets from octets", tells_septets_from_octets },
	{ "refuses more than 160 septets", refuses_more_than_160_septets },
	{ "reads back what it wrote", reads_back_what_it_wrote },
	{ "a text has no filler", a_text_has_no_filler },
	{ "a sender is a number or a name", a_sender_is_a_number_or_a_name },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("sms_pdu", tests);
}
