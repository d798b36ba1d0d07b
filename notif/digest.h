/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest.h - the <digest> that proves who sent a notification
 *
 * Spec: OMA-TS-DM_Notification-V1_2, 6.2.2.2:
 *
 *	credential = B64(MD5(name ":" password))
 *	digest     = MD5(credential ":" nonce ":" B64(MD5(trigger)))
 *
 * The nonce is hashed as octets, not as its base64 text. Both colons stay
 * when password or nonce are empty.
 */
#ifndef NOTIF_DIGEST_H
#define NOTIF_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/base64.h"
#include "wap/hash.h"

#define DIGEST_LEN HASH_MD5_LEN				/* octets */
#define DIGEST_CREDENTIAL_SIZE BASE64_SIZE(HASH_MD5_LEN)	/* with NUL */
#define DIGEST_NONCE_MAX 128				/* octets */

struct digest_key {
	char credential[DIGEST_CREDENTIAL_SIZE];
	uint8_t nonce[DIGEST_NONCE_MAX];
	size_t nonce_len;		/* octets */
};

/*
 * What a user may give instead of a finished key; texts are borrowed, NULL
 * where not given. Exactly one of password, which needs server_id or auth_name,
 * and credential; exactly one of the nonces.
 */
struct digest_source {
	const char *server_id;		/* <server-identifier> */
	const char *auth_name;		/* AAuthName, if not the server-id */
	const char *password;		/* may be "" */
	const char *credential;		/* B64(MD5(name:password)) */
	bool drops_colon;		/* if password is "": a quirk */
	const char *nonce;		/* base64 of the octets */
	const char *nonce_hex;		/* the octets in hex; may be "" */
	const char *nonce_text;		/* the octets as they are */
};

/*
 * Makes *key. Returns DM_OK; DM_EINVAL, with *e, if something is missing,
 * given twice, too long or malformed; DM_EIO (no MD5). The key is a secret:
 * wipe it after use.
 */
int digest_key_make(const struct digest_source *s, struct digest_key *key,
		    struct err *e) DM_CHECK;

/* Its two halves, for who keeps them; errors of the same kind. Secrets, too. */
int digest_credential(const struct digest_source *s,
		      char out[DIGEST_CREDENTIAL_SIZE], struct err *e)
	DM_CHECK;
int digest_nonce(const struct digest_source *s, uint8_t out[DIGEST_NONCE_MAX],
		 size_t *len, struct err *e) DM_CHECK;

/* The digest of a trigger. Returns DM_OK or DM_EIO. */
int digest_compute(const struct digest_key *key, const uint8_t *trigger,
		   size_t len, uint8_t out[DIGEST_LEN]) DM_CHECK;

#endif
