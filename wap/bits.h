/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bits.h - bounded writer and reader of big-endian octets and bit fields
 *
 * Every codec of dmbox writes and reads through these two, so that bounds are
 * checked in one place. The first error sticks in .err and later calls do
 * nothing: put or get a message from top to bottom, look once at the end.
 *
 *	struct writer w = { .buf = out, .cap = cap };
 *	struct reader r = { .buf = in, .len = len };
 *
 * Bits are taken most significant first. Whole octets can only be put or got
 * on an octet boundary; anything else is our own mistake and asserts.
 */
#ifndef WAP_BITS_H
#define WAP_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

struct writer {
	uint8_t *buf;		/* borrowed; cap octets */
	size_t cap;		/* octets of room */
	size_t len;		/* octets in use, a begun one included */
	unsigned nbits;		/* bits in use in the last octet; 0: all */
	int err;		/* DM_OK, DM_ERANGE or DM_ENOSPC */
};

/* Puts the low nbits (1..32) of value; DM_ERANGE if value needs more. */
void put_bits(struct writer *w, uint32_t value, unsigned nbits);
void put_u8(struct writer *w, size_t value);
void put_u16(struct writer *w, size_t value);
void put_u32(struct writer *w, size_t value);
void put_le32(struct writer *w, size_t value);	/* little endian */
void put_mem(struct writer *w, const void *mem, size_t len);

/* WSP uintvar: 7 bits an octet, most significant first; up to 5 octets. */
void put_uintvar(struct writer *w, uint32_t value);

/*
 * Ends the message: its length to *len and DM_OK, or the first error, which
 * leaves *len untouched.
 */
int put_done(const struct writer *w, size_t *len) DM_CHECK;

struct reader {
	const uint8_t *buf;	/* borrowed */
	size_t len;		/* octets in buf */
	size_t pos;		/* next octet */
	unsigned nbits;		/* bits already taken from it, 0..7 */
	int err;		/* DM_OK or DM_EPROTO (cut short, malformed) */
};

/* Each returns 0 or NULL after an error. */
uint32_t get_bits(struct reader *r, unsigned nbits);
uint8_t get_u8(struct reader *r);
uint16_t get_u16(struct reader *r);
uint32_t get_u32(struct reader *r);
uint32_t get_uintvar(struct reader *r);

/* The next len octets, borrowed from buf. */
const uint8_t *get_mem(struct reader *r, size_t len);

/* A NUL-terminated text, borrowed from buf; its length without the NUL. */
const char *get_text(struct reader *r, size_t *len);

/* All that is left; *len may be 0. */
const uint8_t *get_rest(struct reader *r, size_t *len);

size_t get_left(const struct reader *r);	/* octets, whole ones */

#endif
