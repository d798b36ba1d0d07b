/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/auth.h"

#include <string.h>

#define NAME_PASSWORD_MAX 2048		/* octets, with the colon; our bound */

static bool is_b64(const char *format)
{
	return !format || !strcmp(format, AUTH_FORMAT);
}

/* The data of a Cred of this type; NULL if it is another one. */
static const char *data_of(const struct syncml_cred *cred, const char *type)
{
	if (!cred->type || strcmp(cred->type, type) || !is_b64(cred->format))
		return NULL;
	return cred->data;
}

/* ---------------------------------- MD5 ---------------------------------- */

static int md5(const struct digest_key *key, char out[DIGEST_CREDENTIAL_SIZE])
{
	uint8_t digest[HASH_MD5_LEN];
	int rc = hash_md5((struct hash_part[]){
		{ key->credential, strlen(key->credential) },
		{ ":", 1 },
		{ key->nonce, key->nonce_len },
	}, 3, digest);

	if (!rc)
		base64_encode(digest, sizeof(digest), out);
	hash_wipe(digest, sizeof(digest));
	return rc;
}

int auth_md5_make(struct arena *a, const struct digest_key *key,
		  struct syncml_cred *cred)
{
	char *data = arena_alloc(a, DIGEST_CREDENTIAL_SIZE);
	int rc = data ? md5(key, data) : DM_ENOSPC;

	if (!rc)
		*cred = (struct syncml_cred){ AUTH_MD5, AUTH_FORMAT, data };
	return rc;
}

bool auth_md5_verify(const struct syncml_cred *cred,
		     const struct digest_key *key)
{
	const char *data = data_of(cred, AUTH_MD5);
	char want[DIGEST_CREDENTIAL_SIZE];
	bool same = data && strlen(data) == sizeof(want) - 1 &&
		    !md5(key, want) &&
		    hash_equal((const uint8_t *)data, (const uint8_t *)want,
			       sizeof(want));

	hash_wipe(want, sizeof(want));
	return same;
}

/* --------------------------------- basic --------------------------------- */

/* "name:password" of a Cred into out; false: it is none, or too long. */
static bool basic_plain(const struct syncml_cred *cred, uint8_t *out,
			size_t *len)
{
	const char *data = data_of(cred, AUTH_BASIC);

	return data && !base64_decode(data, strlen(data), out,
				      NAME_PASSWORD_MAX, len);
}

bool auth_basic_verify(const struct syncml_cred *cred,
		       const struct digest_key *key)
{
	uint8_t got[NAME_PASSWORD_MAX], digest[HASH_MD5_LEN];
	char credential[DIGEST_CREDENTIAL_SIZE];
	struct hash_part plain = { got, 0 };
	bool same = basic_plain(cred, got, &plain.len) &&
		    !hash_md5(&plain, 1, digest);

	if (same) {
		base64_encode(digest, sizeof(digest), credential);
		same = hash_equal((const uint8_t *)credential,
				  (const uint8_t *)key->credential,
				  sizeof(credential));
	}
	hash_wipe(got, sizeof(got));
	return same;
}

/* ------------------------------- challenges ------------------------------- */

int auth_chal_make(struct arena *a, const uint8_t *nonce, size_t len,
		   struct syncml_chal *chal)
{
	char *text;

	if (len > DIGEST_NONCE_MAX)
		return DM_EINVAL;
	text = arena_alloc(a, BASE64_SIZE(len));
	if (!text)
		return DM_ENOSPC;
	base64_encode(nonce, len, text);
	*chal = (struct syncml_chal){ AUTH_MD5, AUTH_FORMAT, text };
	return DM_OK;
}

/* Without a format it is base64, too: DM knows no other. */
int auth_chal_nonce(const struct syncml_chal *chal, struct digest_key *key)
{
	uint8_t nonce[DIGEST_NONCE_MAX];
	size_t len;

	if (!chal->type || !chal->next_nonce)
		return DM_ENOENT;
	if (!is_b64(chal->format) ||
	    base64_decode(chal->next_nonce, strlen(chal->next_nonce), nonce,
			  sizeof(nonce), &len))
		return DM_EPROTO;
	memcpy(key->nonce, nonce, len);
	key->nonce_len = len;
	hash_wipe(nonce, sizeof(nonce));
	return DM_OK;
}
