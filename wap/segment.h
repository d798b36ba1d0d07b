/* SPDX-License-Identifier: Apache-2.0 */
/*
 * segment.h - cuts a message into the user data of SMS
 *
 * One SMS carries 140 octets of 8 bit user data, UDH included (3GPP TS
 * 23.040). A message that fits goes as one segment with ports only.
 */
#ifndef WAP_SEGMENT_H
#define WAP_SEGMENT_H

#include "wap/udh.h"

#define SEGMENT_OCTETS_MAX 140	/* UDH and user data together */
#define SEGMENTS_MAX 255	/* the counter is one octet */

struct segment {
	uint8_t octets[SEGMENT_OCTETS_MAX];	/* UDH, then user data */
	uint8_t len;				/* octets in use */
	uint8_t udh_len;			/* of which UDH */
};

/* How a message is to be cut. */
struct segment_form {
	uint16_t dest_port;
	uint16_t source_port;
	enum udh_concat concat;	/* if more than one; UDH_CONCAT_NONE: never */
	uint16_t reference;	/* 0..255 or 0..65535 */
};

/*
 * How many segments a message of len octets needs; 0: it cannot be sent,
 * because it needs more than 255, or more than one without concatenation.
 */
size_t segment_count(const struct segment_form *form, size_t len);

/*
 * Cuts msg into out, which has room for cap segments; *n gets their number.
 * Returns DM_OK, DM_ENOSPC (cap, or segment_count() is 0) or DM_ERANGE
 * (reference does not fit); on error *n is untouched. msg may be NULL if len
 * is 0.
 */
int segment_split(const struct segment_form *form, const uint8_t *msg,
		  size_t len, struct segment *out, size_t cap, size_t *n)
	DM_CHECK;

#endif
