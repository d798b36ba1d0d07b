/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/smpp.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/smsc/smpp_codec.h"
#include "tests/smpp_client.h"
#include "tests/tap.h"
#include "wap/bits.h"

#define MUTATIONS 100000

static const uint8_t message[] = "\x06\x05\x04\x0b\x84\x23\xf0\x01\x06";

static uint8_t pdu[CLIENT_PDU_MAX];
static size_t pdu_len;

static void make_submit(void)
{
	struct client_sms sms = {
		.from = "12345", .to = "+491701234567",
		.esm_class = SMPP_ESM_UDHI, .registered_delivery = 1,
		.validity = "240101120000000+",
		.octets = message, .len = sizeof(message) - 1,
	};

	pdu_len = client_submit(pdu, 7, &sms);
}

/* Puts octets behind the PDU, and its length right. */
static void append(const char *hex)
{
	struct writer w = { .buf = pdu, .cap = 4 };

	pdu_len += tap_hex(hex, pdu + pdu_len, sizeof(pdu) - pdu_len);
	put_u32(&w, pdu_len);
}

static void knows_the_bounds_of_a_length(void)
{
	CU_ASSERT(!smpp_len_ok(0));
	CU_ASSERT(!smpp_len_ok(15));
	CU_ASSERT(smpp_len_ok(16));
	CU_ASSERT(smpp_len_ok(65536));
	CU_ASSERT(!smpp_len_ok(65537));
	CU_ASSERT(!smpp_len_ok(0xffffffff));
}

static void reads_a_submit(void)
{
	struct smpp_submit s;

	make_submit();
	CU_ASSERT_EQUAL_FATAL(smpp_check(pdu, pdu_len), ESME_ROK);
	CU_ASSERT_EQUAL_FATAL(smpp_decode_submit(&s, pdu, pdu_len), ESME_ROK);
	CU_ASSERT_STRING_EQUAL(s.from.digits, "12345");
	CU_ASSERT_STRING_EQUAL(s.to.digits, "+491701234567");
	CU_ASSERT_EQUAL(s.from.ton, 2);
	CU_ASSERT_EQUAL(s.to.npi, 1);
	CU_ASSERT_EQUAL(s.esm_class, 0x40);
	CU_ASSERT_EQUAL(s.registered_delivery, 1);
	CU_ASSERT_STRING_EQUAL(s.validity, "240101120000000+");
	CU_ASSERT_EQUAL(s.len, sizeof(message) - 1);
	CU_ASSERT(!memcmp(s.octets, message, s.len));
}

static void reads_a_message_in_a_tlv(void)
{
	struct client_sms sms = { .from = "", .to = "1", .octets = message };
	struct smpp_submit s;

	pdu_len = client_submit(pdu, 7, &sms);
	append("04240003414243");
	CU_ASSERT_EQUAL_FATAL(smpp_check(pdu, pdu_len), ESME_ROK);
	CU_ASSERT_EQUAL_FATAL(smpp_decode_submit(&s, pdu, pdu_len), ESME_ROK);
	CU_ASSERT_EQUAL(s.len, 3);
	CU_ASSERT(!memcmp(s.octets, "ABC", 3));
	CU_ASSERT_STRING_EQUAL(s.from.digits, "");
}

static void refuses_a_message_in_a_tlv_that_is_too_long(void)
{
	struct client_sms sms = { .from = "", .to = "1", .octets = message };
	struct smpp_submit s;
	char hex[2 * 255 + 9] = "042400ff";

	memset(hex + 8, '0', 2 * 255);
	pdu_len = client_submit(pdu, 7, &sms);
	append(hex);
	CU_ASSERT_EQUAL_FATAL(smpp_check(pdu, pdu_len), ESME_ROK);
	CU_ASSERT_EQUAL(smpp_decode_submit(&s, pdu, pdu_len), ESME_RINVMSGLEN);
}

static void refuses_every_cut_request(void)
{
	make_submit();
	for (size_t len = 0; len < pdu_len; len++)
		CU_ASSERT_EQUAL(smpp_check(pdu, len), ESME_RINVCMDLEN);
	pdu_len = client_bind(pdu, SMPP_BIND_TRANSCEIVER, 1, "system");
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_ROK);
	for (size_t len = 0; len < pdu_len; len++)
		CU_ASSERT_EQUAL(smpp_check(pdu, len), ESME_RINVCMDLEN);
}

static void refuses_texts_that_are_too_long(void)
{
	struct client_sms sms = {
		.from = "12345678901234567890", .to = "1", .octets = message,
	};

	pdu_len = client_submit(pdu, 1, &sms);
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_ROK);
	sms.from = "123456789012345678901";
	pdu_len = client_submit(pdu, 1, &sms);
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_RINVCMDLEN);
	pdu_len = client_bind(pdu, SMPP_BIND_RECEIVER, 1, "123456789012345");
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_ROK);
	pdu_len = client_bind(pdu, SMPP_BIND_RECEIVER, 1, "1234567890123456");
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_RINVCMDLEN);
}

static void refuses_a_message_of_255_octets(void)
{
	static const uint8_t octets[255];
	struct client_sms sms = {
		.from = "1", .to = "1", .octets = octets, .len = 254,
	};

	pdu_len = client_submit(pdu, 1, &sms);
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_ROK);
	sms.len = 255;
	pdu_len = client_submit(pdu, 1, &sms);
	CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_RINVMSGLEN);
}

static void refuses_malformed_tlvs(void)
{
	static const char *const bad[] = {
		"04", "0424", "042400", "04240001", "0424000241", "0204000200",
		"040400000424ffff00",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		make_submit();
		append(bad[i]);
		CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_RINVTLVSTREAM);
	}
}

/* Kannel's codec ends the program where it is surprised. */
static void survives_whatever_passes_the_check(void)
{
	unsigned seed = 1, passed = 0;
	struct smpp_submit s;

	for (unsigned i = 0; i < MUTATIONS; i++) {
		make_submit();
		append("0204000200010427000102001e0005313233340004240003414243"
		       "130c0000");
		for (unsigned n = 0; n < 1 + i % 3; n++) {
			seed = seed * 1103515245 + 12345;
			pdu[16 + (seed >> 8) % (pdu_len - 16)] =
				(uint8_t)(seed >> 24);
		}
		if (smpp_check(pdu, pdu_len) != ESME_ROK)
			continue;
		passed++;
		smpp_decode_submit(&s, pdu, pdu_len);
		CU_ASSERT(s.len <= SMPP_MESSAGE_MAX);
	}
	CU_ASSERT(passed > MUTATIONS / 10);
}

static void reads_the_three_binds(void)
{
	static const uint32_t binds[] = {
		SMPP_BIND_RECEIVER, SMPP_BIND_TRANSMITTER,
		SMPP_BIND_TRANSCEIVER,
	};
	struct smpp_bind b;

	for (size_t i = 0; i < 3; i++) {
		pdu_len = client_bind(pdu, binds[i], 1, "system");
		CU_ASSERT_EQUAL(smpp_check(pdu, pdu_len), ESME_ROK);
		CU_ASSERT_EQUAL(smpp_decode_bind(&b, pdu, pdu_len), ESME_ROK);
		CU_ASSERT_STRING_EQUAL(b.system_id, "system");
	}
	pdu_len = client_bind(pdu, SMPP_BIND_TRANSCEIVER, 1, "");
	CU_ASSERT_EQUAL(smpp_decode_bind(&b, pdu, pdu_len), ESME_ROK);
	CU_ASSERT_STRING_EQUAL(b.system_id, "");
}

static void expect(size_t len, const uint8_t *octets, const char *hex)
{
	uint8_t want[SMPP_OUT_MAX];
	size_t want_len = tap_hex(hex, want, sizeof(want));

	CU_ASSERT_EQUAL_FATAL(len, want_len);
	CU_ASSERT(!memcmp(octets, want, len));
}

static void writes_responses(void)
{
	struct smpp_header h = { .sequence = 7 };
	uint8_t out[SMPP_OUT_MAX];

	h.command = SMPP_SUBMIT_SM;
	expect(smpp_encode_response(&h, ESME_ROK, "1A", out), out,
	       "00000013 80000004 00000000 00000007 314100");
	h.command = SMPP_BIND_TRANSMITTER;
	expect(smpp_encode_response(&h, ESME_RALYBND, NULL, out), out,
	       "00000011 80000002 00000005 00000007 00");
	h.command = SMPP_ENQUIRE_LINK;
	expect(smpp_encode_response(&h, ESME_ROK, NULL, out), out,
	       "00000010 80000015 00000000 00000007");
	h.command = 0x12345678;
	expect(smpp_encode_response(&h, ESME_RINVCMDID, NULL, out), out,
	       "00000010 80000000 00000003 00000007");
}

static void writes_a_receipt(void)
{
	struct smpp_receipt r = {
		.sequence = 9, .from = { 1, 1, "4917" }, .to = { 2, 3, "12" },
		.text = "id:1", .message_id = "1", .message_state = 2,
	};
	uint8_t out[SMPP_OUT_MAX];

	expect(smpp_encode_receipt(&r, out), out,
	       "00000036 00000005 00000000 00000009 00 0101 3439313700 0203 "
	       "313200 04 00 00 00 00 00 00 00 00 04 69643a31 "
	       "0427 0001 02 001e 0002 3100");
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "knows the bounds of a length",
		  knows_the_bounds_of_a_length },
		{ "reads a submit", reads_a_submit },
		{ "reads a message in a TLV", reads_a_message_in_a_tlv },
		{ "refuses a message in a TLV that is too long",
		  refuses_a_message_in_a_tlv_that_is_too_long },
		{ "refuses every cut request", refuses_every_cut_request },
		{ "refuses texts that are too long",
		  refuses_texts_that_are_too_long },
		{ "refuses a message of 255 octets",
		  refuses_a_message_of_255_octets },
		{ "refuses malformed TLVs", refuses_malformed_tlvs },
		{ "survives whatever passes the check",
		  survives_whatever_passes_the_check },
		{ "reads the three binds", reads_the_three_binds },
		{ "writes responses", writes_responses },
		{ "writes a receipt", writes_a_receipt },
		CU_TEST_INFO_NULL,
	};
	int rc;

	if (smpp_codec_open()) {
		puts("Bail out! gwlib does not start");
		return EXIT_FAILURE;
	}
	rc = tap_run("smpp", tests);
	smpp_codec_close();
	return rc;
}
