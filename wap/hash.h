/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash.h - digests, comparison and wiping of secrets
 *
 * The only file that includes OpenSSL's digests.
 */
#ifndef WAP_HASH_H
#define WAP_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define HASH_MD5_LEN 16		/* octets */
#define HASH_SHA1_LEN 20	/* octets */
#define HASH_SHA256_LEN 32	/* octets */

struct hash_part {
	const void *mem;	/* borrowed */
	size_t len;		/* octets, 0 is fine */
};

/*
 * MD5 over the parts one after the other. Returns DM_OK or DM_EIO (the
 * library has no MD5, as in a FIPS installation).
 */
int hash_md5(const struct hash_part *parts, size_t n_parts,
	     uint8_t out[HASH_MD5_LEN]) DM_CHECK;

/* SHA-256 in the same way. */
int hash_sha256(const struct hash_part *parts, size_t n_parts,
		uint8_t out[HASH_SHA256_LEN]) DM_CHECK;

/*
 * SHA-256 of octets that come one after the other. What goes wrong on the way,
 * memory too, shows at the end: DM_OK, else DM_EIO. There is one end; NULL is
 * fine everywhere.
 */
struct hash_run;
struct hash_run *hash_run_begin(void);
void hash_run_add(struct hash_run *r, const void *mem, size_t len);
int hash_run_end(struct hash_run *r, uint8_t out[HASH_SHA256_LEN]) DM_CHECK;
void hash_run_free(struct hash_run *r);

/* HMAC-SHA1 (RFC 2104). Returns DM_OK or DM_EIO (the library has none). */
int hash_hmac_sha1(const struct hash_part *key, const struct hash_part *message,
		   uint8_t out[HASH_SHA1_LEN]) DM_CHECK;

/* Compares in a time that does not depend on where they differ. */
bool hash_equal(const uint8_t *a, const uint8_t *b, size_t len);

/* Overwrites a secret so that the compiler cannot leave it out. */
void hash_wipe(void *mem, size_t len);

#endif
