/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.h - credentials and challenges of SyncML DM
 *
 * Spec: OMA-TS-DM_Security-V1_2, 5.3; the same in DM 1.1.2:
 *
 *	syncml:auth-md5    B64(MD5(B64(MD5(name ":" password)) ":" nonce))
 *	syncml:auth-basic  B64(name ":" password)
 *
 * The nonce is hashed as octets. B64(MD5(name ":" password)) and the nonce are
 * what notifications are signed with, too: struct digest_key of notif/digest.h.
 */
#ifndef SYNCML_AUTH_H
#define SYNCML_AUTH_H

#include <stdbool.h>

#include "notif/digest.h"
#include "syncml/message.h"
#include "wap/arena.h"

#define AUTH_MD5 "syncml:auth-md5"
#define AUTH_BASIC "syncml:auth-basic"
#define AUTH_FORMAT "b64"

/*
 * Makes a Cred of type AUTH_MD5. Returns DM_OK, DM_ENOSPC (arena) or DM_EIO (no
 * MD5). It is a secret.
 */
int auth_md5_make(struct arena *a, const struct digest_key *key,
		  struct syncml_cred *cred) DM_CHECK;

/* Is it the Cred of type AUTH_MD5 that this key makes? */
bool auth_md5_verify(const struct syncml_cred *cred,
		     const struct digest_key *key);

/* Is it of type AUTH_BASIC, with the name and password that are in this key? */
bool auth_basic_verify(const struct syncml_cred *cred,
		       const struct digest_key *key);

/*
 * A challenge for type AUTH_MD5 with the nonce that the other side has to use
 * next. Returns DM_OK, DM_EINVAL (more than DIGEST_NONCE_MAX octets) or
 * DM_ENOSPC. It is a secret.
 */
int auth_chal_make(struct arena *a, const uint8_t *nonce, size_t len,
		   struct syncml_chal *chal) DM_CHECK;

/*
 * Takes the nonce of a challenge over into key; for who is challenged. Returns
 * DM_OK, DM_ENOENT (it has none) or DM_EPROTO (no base64, or more than
 * DIGEST_NONCE_MAX octets); on error the key keeps its own.
 */
int auth_chal_nonce(const struct syncml_chal *chal, struct digest_key *key)
	DM_CHECK;

#endif
