/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base64.h - RFC 4648 base64 with padding, no line breaks
 */
#ifndef WAP_BASE64_H
#define WAP_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

/* Characters for n octets, with the NUL. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)

/* Writes len octets and a NUL to out, which has BASE64_SIZE(len) of room. */
void base64_encode(const uint8_t *in, size_t len, char *out);

/*
 * Reads text_len characters into out. Strict: padding must be there, no
 * blanks, no bits set that padding discards. Returns DM_OK and the octets in
 * *len, DM_EPROTO or DM_ENOSPC; on error *len is untouched.
 */
int base64_decode(const char *text, size_t text_len, uint8_t *out, size_t cap,
		  size_t *len) DM_CHECK;

#endif
