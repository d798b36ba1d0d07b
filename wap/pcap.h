/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcap.h - one UDP datagram as a capture file that Wireshark opens
 *
 * Classic pcap 2.4, link type RAW (101): an IPv4 packet from 127.0.0.1 to
 * 127.0.0.1. Wireshark takes port 2948 for a WSP push.
 */
#ifndef WAP_PCAP_H
#define WAP_PCAP_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define PCAP_FILE_HEADER_LEN 24	/* octets, the same for each capture */
#define PCAP_HEADERS_LEN (PCAP_FILE_HEADER_LEN + 16 + 20 + 8)	/* before it */
#define PCAP_PAYLOAD_MAX (65535 - 20 - 8)	/* octets in one datagram */

/*
 * Writes the whole file. time_s: seconds since 1970. Returns DM_OK, DM_ERANGE
 * (payload too long) or DM_ENOSPC.
 */
int pcap_encode(uint32_t time_s, uint16_t source_port, uint16_t dest_port,
		const uint8_t *payload, size_t payload_len, uint8_t *out,
		size_t cap, size_t *len) DM_CHECK;

#endif
