/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/transport.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"
#include "wap/pcap.h"
#include "wap/sms_pdu.h"

static int wrap(const struct transport *t, const void *body, size_t body_len,
		uint8_t *out, size_t cap, size_t *len, struct err *e)
{
	return transport_wrap(t, WSP_SYNCML_NOTIFICATION,
			      WSP_APPLICATION_SYNCML_DM, body, body_len, out,
			      cap, len, e);
}

/* Package 0 of the vector v becomes the WSP octets of the vector w. */
static void assert_wraps(const struct transport *t, const json_t *v,
			 const json_t *w)
{
	uint8_t body[VECTOR_OCTETS_MAX], want[VECTOR_OCTETS_MAX];
	uint8_t out[VECTOR_OCTETS_MAX];
	size_t body_len = vector_hex(v, "package0_hex", body), len = 0;
	struct err e;

	CU_ASSERT_EQUAL(wrap(t, body, body_len, out, sizeof(out), &len, &e),
			DM_OK);
	CU_ASSERT(tap_same(out, len, want, vector_hex(w, "wsp_hex", want)));
}

static void check_vector(const json_t *v)
{
	assert_wraps(&transport_default, v, v);
}

static void wraps_every_vector_by_default(void)
{
	vectors_each("notification", "vectors", check_vector);
}

static void assert_variant(struct transport t, const char *name)
{
	const json_t *w = vectors_find("notification", "wsp_variants", name);

	t.form = transport_default.form;
	assert_wraps(&t, vectors_find("notification", "vectors",
				      vector_text(w, "package0_of")), w);
}

static void keeps_the_golden_orders_of_headers(void)
{
	assert_variant((struct transport){ .tid = 1, .push_flag = -1 },
		       "minimal");
	assert_variant((struct transport){ .tid = 0, .push_flag = -1 },
		       "tid-00");
	assert_variant((struct transport){ .tid = 1, .push_flag = -1,
		       .content_length = true }, "content-length-short");
	assert_variant((struct transport){ .tid = 1, .push_flag = 4,
		       .content_length = true }, "push-flag-last");
	assert_variant((struct transport){ .tid = 1, .push_flag = -1,
		       .encoding_version = 0x15 }, "encoding-version");
}

/* C4 B4 80 8D 02 01 00 C3 95 AF 87: all at once, a length over 255. */
static void writes_all_headers_at_once(void)
{
	static const uint8_t want[] = {
		0x09, 0x06, 0x0b, 0xc4, 0xb4, 0x80, 0x8d, 0x02, 0x01, 0x00,
		0xc3, 0x95, 0xaf, 0x87,
	};
	struct transport t = {
		.tid = 9, .push_flag = 0, .content_length = true,
		.encoding_version = 0x15, .form = transport_default.form,
	};
	uint8_t body[256] = { 0 }, out[300];
	size_t len = 0;
	struct err e;

	CU_ASSERT_EQUAL(wrap(&t, body, sizeof(body), out, sizeof(out), &len,
			     &e), DM_OK);
	CU_ASSERT_EQUAL(len, sizeof(want) + sizeof(body));
	CU_ASSERT(tap_same(out, sizeof(want), want, sizeof(want)));
	CU_ASSERT(sizeof(want) <= WSP_DM_HEADERS_MAX);
}

static void sends_to_the_push_port_unless_told_otherwise(void)
{
	const struct transport *t = &transport_default;

	CU_ASSERT_EQUAL(t->tid, 1);
	CU_ASSERT_EQUAL(t->push_flag, -1);
	CU_ASSERT_FALSE(t->content_length);
	CU_ASSERT_EQUAL(t->encoding_version, 0);
	CU_ASSERT_EQUAL(t->dcs, SMS_DCS_8BIT);
	CU_ASSERT_EQUAL(t->form.dest_port, 2948);
	CU_ASSERT_EQUAL(t->form.source_port, 9200);
	CU_ASSERT_EQUAL(t->form.concat, UDH_CONCAT_8);
	CU_ASSERT_EQUAL(t->form.reference, 0);
}

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(wrap(&transport_default, "body", 4, out, cap, &len,
			     &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
	CU_ASSERT_EQUAL(e.code, DM_ENOSPC);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(6 + 4, check_short);
}

/*
 * No choice of a user gets over 48 octets today: 14 of WSP and 13 of UDH are
 * the most. A content type in text, which transport_wrap() never writes,
 * would: Kannel's own packer writes it as text.
 */
static void stays_under_the_limit_of_48_octets(void)
{
	struct transport t = {
		.tid = 255, .push_flag = 7, .content_length = true,
		.encoding_version = 0x7f,
		.form = { .concat = UDH_CONCAT_16, .reference = 0xffff },
	};
	static uint8_t body[30000], out[31000];
	struct wsp_push p;
	size_t len = 0;
	struct err e;

	CU_ASSERT_EQUAL(wrap(&t, body, sizeof(body), out, sizeof(out), &len,
			     &e), DM_OK);
	CU_ASSERT_EQUAL(wsp_push_decode(&p, out, len), DM_OK);
	CU_ASSERT(p.body_offset + udh_size(true, UDH_CONCAT_16) <=
		  WSP_DM_HEADERS_MAX);
}

/* ------------------------------- pcap ------------------------------- */

#define PACKET 40	/* 24 octets of file header, 16 of packet header */
#define UDP (PACKET + 20)

static size_t le32(const uint8_t *p)
{
	return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	       (size_t)p[3] << 24;
}

static size_t be16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* RFC 1071: with the checksum in it, a right header sums up to ffff. */
static size_t ip_sum(const uint8_t *header)
{
	size_t sum = 0;

	for (size_t i = 0; i < 20; i += 2)
		sum += be16(header + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void assert_pcap(const uint8_t *f, size_t len, size_t payload_len)
{
	static const uint8_t file_header[] = {	/* pcap 2.4, little endian */
		0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0xff, 0xff, 0, 0, 101, 0, 0, 0,
	};
	size_t packet_len = 20 + 8 + payload_len;

	CU_ASSERT_EQUAL(len, PACKET + packet_len);
	CU_ASSERT(tap_same(f, 24, file_header, 24));
	CU_ASSERT_EQUAL(le32(f + 24), 0x12345678);
	CU_ASSERT_EQUAL(le32(f + 28), 0);
	CU_ASSERT_EQUAL(le32(f + 32), packet_len);
	CU_ASSERT_EQUAL(le32(f + 36), packet_len);
	CU_ASSERT_EQUAL(f[PACKET], 0x45);
	CU_ASSERT_EQUAL(be16(f + PACKET + 2), packet_len);
	CU_ASSERT_EQUAL(f[PACKET + 9], 17);
	CU_ASSERT_EQUAL(ip_sum(f + PACKET), 0xffff);
	CU_ASSERT(tap_same(f + PACKET + 12, 8, "\x7f\0\0\1\x7f\0\0\1", 8));
	CU_ASSERT_EQUAL(be16(f + UDP), 9200);
	CU_ASSERT_EQUAL(be16(f + UDP + 2), 2948);
	CU_ASSERT_EQUAL(be16(f + UDP + 4), 8 + payload_len);
	CU_ASSERT_EQUAL(be16(f + UDP + 6), 0);
}

static void makes_a_capture_file(void)
{
	static const size_t lens[] = { 0, 1, 45, 1000, PCAP_PAYLOAD_MAX };
	static uint8_t payload[PCAP_PAYLOAD_MAX + 1];
	static uint8_t f[PCAP_HEADERS_LEN + PCAP_PAYLOAD_MAX];

	memset(payload, 0x5a, sizeof(payload));
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		size_t n = lens[i], len = 0;

		CU_ASSERT_EQUAL_FATAL(pcap_encode(0x12345678, 9200, 2948,
			payload, n, f, sizeof(f), &len), DM_OK);
		assert_pcap(f, len, n);
		CU_ASSERT(tap_same(f + PCAP_HEADERS_LEN, n, payload, n));
	}
}

static void check_short_pcap(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(pcap_encode(0, 1, 2, (const uint8_t *)"x", 1, out,
				    cap, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_short_buffers_and_long_payloads(void)
{
	static uint8_t payload[PCAP_PAYLOAD_MAX + 1], out[70000];
	size_t len = 77;

	tap_each_short(PCAP_HEADERS_LEN + 1, check_short_pcap);
	CU_ASSERT_EQUAL(pcap_encode(0, 1, 2, payload, sizeof(payload), out,
				    sizeof(out), &len), DM_ERANGE);
	CU_ASSERT_EQUAL(len, 77);
}

static CU_TestInfo tests[] = {
	{ "wraps every vector by default", wraps_every_vector_by_default },
	{ "keeps the golden orders of headers",
	  keeps_the_golden_orders_of_headers },
	{ "writes all headers at once", writes_all_headers_at_once },
	{ "sends to the push port unless told otherwise",
	  sends_to_the_push_port_unless_told_otherwise },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "stays under the limit of 48 octets",
	  stays_under_the_limit_of_48_octets },
	{ "pcap: makes a capture file", makes_a_capture_file },
	{ "pcap: refuses short buffers and long payloads",
	  refuses_short_buffers_and_long_payloads },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("transport", tests);
}
