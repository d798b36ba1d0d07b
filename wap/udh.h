/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udh.h - user data header of an SMS: port addressing and concatenation
 *
 * Spec: 3GPP TS 23.040, 9.2.3.24 (elements 00, 08: concatenation with 8 and 16
 * bit reference; 04, 05: 8 and 16 bit ports).
 */
#ifndef WAP_UDH_H
#define WAP_UDH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define UDH_MAX 140		/* octets, with its length octet */

/* Ports of a WAP push: WAP-259-WDP, and what Kannel sends from. */
#define UDH_PORT_WAP_PUSH 2948
#define UDH_PORT_WSP 9200

enum udh_concat {
	UDH_CONCAT_NONE = 0,
	UDH_CONCAT_8 = 8,	/* bits of the reference */
	UDH_CONCAT_16 = 16,
};

struct udh {
	bool has_ports;
	bool ports_8bit;	/* decoded: they came as element 04 */
	uint16_t dest_port;
	uint16_t source_port;
	enum udh_concat concat;
	uint16_t reference;	/* 8 bit: 0..255 */
	uint8_t total;		/* segments of the message, 1..255 */
	uint8_t index;		/* this one, 1..total */
	unsigned n_unknown;	/* decoded: elements of other kinds */
	size_t len;		/* decoded: octets, with the length octet */
};

/* Octets that udh_encode() writes. */
size_t udh_size(bool has_ports, enum udh_concat concat);

/*
 * Writes ports (16 bit) and then concatenation. Returns DM_OK, DM_ERANGE
 * (reference over 8 bits, index outside 1..total) or DM_ENOSPC.
 */
int udh_encode(const struct udh *u, uint8_t *out, size_t cap, size_t *len)
	DM_CHECK;

/*
 * Reads the header at the start of a user data field of len octets; elements
 * may come in any order, of two alike the last one counts. Returns DM_OK or
 * DM_EPROTO (cut short, an element of a wrong length, index outside
 * 1..total); on error *u is untouched.
 */
int udh_decode(struct udh *u, const uint8_t *in, size_t len) DM_CHECK;

#endif
