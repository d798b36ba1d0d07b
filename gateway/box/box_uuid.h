/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box_uuid.h - 16 octets as the text that Kannel writes for a UUID
 *
 *	00112233-4455-6677-8899-aabbccddeeff
 *
 * Written in lower case, read in either. Version and variant bits (RFC 4122)
 * are neither set nor looked at: Kannel does not look at them.
 */
#ifndef GATEWAY_BOX_UUID_H
#define GATEWAY_BOX_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define BOX_UUID_OCTETS 16
#define BOX_UUID_LEN 36		/* characters */

/* Kannel writes this where there is none. */
#define BOX_UUID_NONE "00000000-0000-0000-0000-000000000000"

/* Writes BOX_UUID_LEN characters and a NUL. */
void box_uuid_encode(const uint8_t in[BOX_UUID_OCTETS],
		     char out[BOX_UUID_LEN + 1]);

/*
 * Reads len characters, which need not end in a NUL. Returns DM_OK, or
 * DM_EPROTO (not 36 characters, not hexadecimal, dashes elsewhere), which
 * leaves out untouched.
 */
int box_uuid_decode(const char *text, size_t len,
		    uint8_t out[BOX_UUID_OCTETS]) DM_CHECK;

bool box_uuid_is_valid(const char *text, size_t len);

#endif
