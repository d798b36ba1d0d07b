/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/pcap.h"

#include "wap/bits.h"

#define LINKTYPE_RAW 101
#define LOOPBACK 0x7f000001u	/* 127.0.0.1 */
#define PROTOCOL_UDP 17
#define IP_LEN 20
#define UDP_LEN 8

static void put_le16(struct writer *w, uint32_t value)
{
	put_u16(w, (value & 0xff) << 8 | value >> 8);
}

static void put_file_header(struct writer *w)
{
	put_le32(w, 0xa1b2c3d4);
	put_le16(w, 2);			/* version 2.4 */
	put_le16(w, 4);
	put_le32(w, 0);			/* GMT */
	put_le32(w, 0);			/* accuracy: always 0 */
	put_le32(w, 65535);		/* longest packet */
	put_le32(w, LINKTYPE_RAW);
}

static void put_packet_header(struct writer *w, uint32_t time_s, size_t len)
{
	put_le32(w, time_s);
	put_le32(w, 0);			/* microseconds */
	put_le32(w, len);		/* octets in the file */
	put_le32(w, len);		/* octets on the wire */
}

/* RFC 1071 over the fixed fields of our header. */
static uint32_t ip_checksum(size_t total_len)
{
	uint32_t sum = 0x4500 + (uint32_t)total_len + (64 << 8 | PROTOCOL_UDP) +
		       2 * ((LOOPBACK >> 16) + (LOOPBACK & 0xffff));

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static void put_ip_header(struct writer *w, size_t total_len)
{
	put_u16(w, 0x4500);		/* version 4, 5 words, no service */
	put_u16(w, total_len);
	put_u32(w, 0);			/* identification, fragment */
	put_u8(w, 64);			/* time to live */
	put_u8(w, PROTOCOL_UDP);
	put_u16(w, ip_checksum(total_len));
	put_u32(w, LOOPBACK);
	put_u32(w, LOOPBACK);
}

int pcap_encode(uint32_t time_s, uint16_t source_port, uint16_t dest_port,
		const uint8_t *payload, size_t payload_len, uint8_t *out,
		size_t cap, size_t *len)
{
	struct writer w = { .buf = out, .cap = cap };
	size_t udp_len = UDP_LEN + payload_len;

	if (payload_len > PCAP_PAYLOAD_MAX)
		return DM_ERANGE;
	put_file_header(&w);
	put_packet_header(&w, time_s, IP_LEN + udp_len);
	put_ip_header(&w, IP_LEN + udp_len);
	put_u16(&w, source_port);
	put_u16(&w, dest_port);
	put_u16(&w, udp_len);
	put_u16(&w, 0);			/* no checksum */
	put_mem(&w, payload, payload_len);
	return put_done(&w, len);
}
