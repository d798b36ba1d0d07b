/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/digest.h"

#include <stdio.h>
#include <string.h>

#include "wap/hex.h"

#define PASSWORD_MAX 1024	/* octets; our bound, no spec's */

static struct hash_part text_part(const char *text)
{
	return (struct hash_part){ text, strlen(text) };
}

/* B64(MD5(parts)) */
static int hash_b64(const struct hash_part *parts, size_t n_parts,
		    char out[DIGEST_CREDENTIAL_SIZE])
{
	uint8_t md5[HASH_MD5_LEN];

	if (hash_md5(parts, n_parts, md5))
		return DM_EIO;
	base64_encode(md5, sizeof(md5), out);
	hash_wipe(md5, sizeof(md5));
	return DM_OK;
}

static int credential_copy(const char *text, char out[DIGEST_CREDENTIAL_SIZE],
			   struct err *e)
{
	uint8_t md5[HASH_MD5_LEN];
	size_t len = 0;
	bool ok = strlen(text) == DIGEST_CREDENTIAL_SIZE - 1 &&
		  !base64_decode(text, strlen(text), md5, sizeof(md5), &len) &&
		  len == sizeof(md5);

	hash_wipe(md5, sizeof(md5));
	if (!ok)
		return err_set(e, DM_EINVAL, "credential",
			       "the base64 of 16 octets: B64(MD5(name:password))",
			       "%zu characters", strlen(text));
	memcpy(out, text, DIGEST_CREDENTIAL_SIZE);
	return DM_OK;
}

static int credential_make(const struct digest_source *s,
			   char out[DIGEST_CREDENTIAL_SIZE], struct err *e)
{
	const char *name = s->auth_name ? s->auth_name : s->server_id;
	size_t len = strlen(s->password);

	if (!name)
		return err_set(e, DM_EINVAL, "server-id",
			       "server-id or auth-name, with a password",
			       "missing");
	if (len > PASSWORD_MAX)
		return err_set(e, DM_EINVAL, "password", "0 to 1024 octets",
			       "%zu octets", len);
	if (hash_b64((struct hash_part[]){
			text_part(name),
			{ ":", s->drops_colon && !len ? 0 : 1 },
			{ s->password, len },
		}, 3, out))
		return err_set(e, DM_EIO, "password",
			       "an OpenSSL that offers MD5",
			       "its digest could not be computed");
	return DM_OK;
}

int digest_credential(const struct digest_source *s,
		      char out[DIGEST_CREDENTIAL_SIZE], struct err *e)
{
	if (s->password && s->credential)
		return err_set(e, DM_EINVAL, "credential",
			       "password or credential", "both came");
	if (s->auth_name && s->credential)
		return err_set(e, DM_EINVAL, "auth-name",
			       "only with password: a credential holds its name",
			       "came with credential");
	if (s->credential)
		return credential_copy(s->credential, out, e);
	if (s->password)
		return credential_make(s, out, e);
	return err_set(e, DM_EINVAL, "password", "password or credential",
		       "missing");
}

static int nonce_error(struct err *e, const char *field, const char *what,
		       size_t len)
{
	return err_set(e, DM_EINVAL, field, what, "%zu characters", len);
}

/* Exactly one came. */
static int nonce_read(const struct digest_source *s, uint8_t *out,
		      size_t *len, struct err *e)
{
	size_t n;

	if (s->nonce) {
		n = strlen(s->nonce);
		if (base64_decode(s->nonce, n, out, DIGEST_NONCE_MAX, len))
			return nonce_error(e, "nonce",
				"base64 of 0 to 128 octets", n);
		return DM_OK;
	}
	if (s->nonce_hex) {
		n = strlen(s->nonce_hex);
		if (hex_decode(s->nonce_hex, n, out, DIGEST_NONCE_MAX, len))
			return nonce_error(e, "nonce-hex",
				"hexadecimal, 0 to 128 octets", n);
		return DM_OK;
	}
	n = strlen(s->nonce_text);
	if (n > DIGEST_NONCE_MAX)
		return nonce_error(e, "nonce-text", "0 to 128 octets of text",
				   n);
	memcpy(out, s->nonce_text, n);
	*len = n;
	return DM_OK;
}

int digest_nonce(const struct digest_source *s, uint8_t out[DIGEST_NONCE_MAX],
		 size_t *len, struct err *e)
{
	if (!!s->nonce + !!s->nonce_hex + !!s->nonce_text == 1)
		return nonce_read(s, out, len, e);
	return err_set(e, DM_EINVAL, "nonce",
		       "one of nonce, nonce-hex and nonce-text",
		       s->nonce || s->nonce_hex || s->nonce_text ?
		       "more than one came" : "missing");
}

int digest_key_make(const struct digest_source *s, struct digest_key *key,
		    struct err *e)
{
	struct digest_key made = { .nonce_len = 0 };
	int rc = digest_credential(s, made.credential, e);

	if (!rc)
		rc = digest_nonce(s, made.nonce, &made.nonce_len, e);
	if (!rc)
		*key = made;
	hash_wipe(&made, sizeof(made));
	return rc;
}

int digest_compute(const struct digest_key *key, const uint8_t *trigger,
		   size_t len, uint8_t out[DIGEST_LEN])
{
	char trigger_b64[DIGEST_CREDENTIAL_SIZE];
	struct hash_part whole = { trigger, len };

	if (hash_b64(&whole, 1, trigger_b64))
		return DM_EIO;
	return hash_md5((struct hash_part[]){
		text_part(key->credential),
		{ ":", 1 },
		{ key->nonce, key->nonce_len },
		{ ":", 1 },
		text_part(trigger_b64),
	}, 5, out);
}
