/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reassembly.h - puts the segments of a message together again
 *
 * Segments may come in any order, more than once, and mixed with those of
 * other messages. Two belong together if sender, ports, kind and value of the
 * reference and the total agree. The caller gives the room and the time; a
 * message that is not complete in time, or whose room is needed, is dropped.
 */
#ifndef WAP_REASSEMBLY_H
#define WAP_REASSEMBLY_H

#include "wap/segment.h"

#define REASSEMBLY_MSG_MAX (SEGMENTS_MAX * SEGMENT_OCTETS_MAX)	/* octets */

struct reassembly_slot {
	bool busy;
	int64_t since_ms;	/* when its first segment came */
	uint64_t peer;		/* who sends to whom; see below */
	struct udh first;	/* the header of its first segment */
	uint8_t n_here;		/* different segments that came */
	uint8_t lens[SEGMENTS_MAX];
	uint8_t here[SEGMENTS_MAX / 8 + 1];	/* bit per segment */
	uint8_t octets[REASSEMBLY_MSG_MAX];
};

struct reassembly {
	struct reassembly_slot *slots;	/* borrowed, zeroed by the caller */
	size_t n_slots;			/* 1 or more */
	int64_t timeout_ms;
};

struct reassembled {
	struct udh udh;		/* of the segment that completed it */
	const uint8_t *msg;	/* borrowed from the slot or the input */
	size_t len;		/* octets */
};

/*
 * Takes the user data (UDH, then data) of one segment. peer is any number
 * that is the same for segments of one sender and receiver. Time must not
 * run backwards; now_ms is in milliseconds from anywhere.
 *
 * Returns DM_OK: *out is a complete message, valid until the next call;
 * DM_EBUSY: taken, more have to come (a repeated segment counts as that);
 * DM_EPROTO: not a user data header.
 */
int reassembly_add(struct reassembly *r, uint64_t peer, const uint8_t *in,
		   size_t len, int64_t now_ms, struct reassembled *out)
	DM_CHECK;

#endif
