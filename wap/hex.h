/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hex.h - octets as hexadecimal text
 *
 * Written in lower case. Read in either case; blanks and tabs between octets
 * (not inside one) are skipped.
 */
#ifndef WAP_HEX_H
#define WAP_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

/* Characters for n octets, with the NUL. */
#define HEX_SIZE(n) (2 * (n) + 1)

/* Writes len octets and a NUL to out, which has HEX_SIZE(len) of room. */
void hex_encode(const uint8_t *in, size_t len, char *out);

/*
 * Reads text_len characters into out. Returns DM_OK and the octets in *len,
 * DM_EPROTO (not hexadecimal, an odd number of digits) or DM_ENOSPC; on error
 * *len is untouched.
 */
int hex_decode(const char *text, size_t text_len, uint8_t *out, size_t cap,
	       size_t *len) DM_CHECK;

#endif
