/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/proof.h"

#include <string.h>

#include "emulator/device.h"

/* What each client takes 0x00000000 for. */
static const struct nonce {
	const char *octets;
	size_t len;
} default_nonces[] = {
	[RESYNC_4NUL] = { "\0\0\0\0", 4 },
	[RESYNC_ASCII] = { "0x00000000", 10 },
	[RESYNC_BASE64_TEXT] = { "AAAAAA==", 8 },
	[RESYNC_NONE] = { "", 0 },
};

static void set_nonce(struct digest_key *key, enum resync_nonce nonce)
{
	memcpy(key->nonce, default_nonces[nonce].octets,
	       default_nonces[nonce].len);
	key->nonce_len = default_nonces[nonce].len;
}

/* --------------------------------- tries --------------------------------- */

/* Makes the nonce in *key the one to be tried; false: this one is not. */
typedef bool try_nonce(const struct device *d, struct digest_key *key);

static bool speaks_12(const struct device *d)
{
	return !strcmp(d->dm_version, "1.2");
}

static bool make_text(struct digest_key *key)
{
	char text[BASE64_SIZE(DIGEST_NONCE_MAX)];
	size_t len;

	base64_encode(key->nonce, key->nonce_len, text);
	len = strlen(text);
	if (len <= sizeof(key->nonce)) {
		memcpy(key->nonce, text, len);
		key->nonce_len = len;
	}
	hash_wipe(text, sizeof(text));
	return len <= sizeof(key->nonce);
}

static bool try_account(const struct device *d, struct digest_key *key)
{
	(void)key;
	return !d->nonce_as_text;
}

static bool try_text(const struct device *d, struct digest_key *key)
{
	bool tries = d->nonce_as_text ||
		     (d->quirk->tries_nonce_text && speaks_12(d));

	return tries && make_text(key);
}

/* It needs a client, whose next session changes the nonce again. */
static bool resynchronises(const struct device *d)
{
	return d->client && d->client->version == SYNCML_12 &&
	       !d->no_resync && d->quirk->resync_nonce != RESYNC_NONE;
}

static bool try_default(const struct device *d, struct digest_key *key)
{
	set_nonce(key, d->quirk->resync_nonce);
	return resynchronises(d);
}

static bool try_default_text(const struct device *d, struct digest_key *key)
{
	set_nonce(key, RESYNC_BASE64_TEXT);
	return resynchronises(d) && d->quirk->tries_nonce_text;
}

static bool verifies_with(try_nonce *try, const struct device *d,
			  const struct notif *n, struct digest_key *key)
{
	struct err e;

	*key = d->account.key;
	return try(d, key) && !notif_fit_key(key, d->quirk, &e) &&
	       !notif_verify(n, key);
}

/* -------------------------------- the proof ------------------------------- */

static bool minds(const struct device *d)
{
	switch (d->quirk->digest_care) {
	case DIGEST_CHECKED:
		break;
	case DIGEST_CHECKED_WITH_RESYNC:
		return !d->no_resync;
	case DIGEST_NOT_CHECKED:
		return false;
	}
	return true;
}

static void keep_default(struct device *d, const struct digest_key *key)
{
	d->account.key = *key;
	memcpy(d->client->key.nonce, key->nonce, key->nonce_len);
	d->client->key.nonce_len = key->nonce_len;
}

enum proof proof_of(struct device *d, const struct notif *n)
{
	static try_nonce *const tries[] = {
		[PROOF_NONCE] = try_account,
		[PROOF_NONCE_TEXT] = try_text,
		[PROOF_DEFAULT] = try_default,
		[PROOF_DEFAULT_TEXT] = try_default_text,
	};
	struct digest_key key;
	enum proof proof = d->account.has_key ? PROOF_NONCE :
			   PROOF_NOT_ASKED;

	while (proof < PROOF_NOT_ASKED &&
	       !verifies_with(tries[proof], d, n, &key))
		proof++;
	if (proof == PROOF_DEFAULT || proof == PROOF_DEFAULT_TEXT)
		keep_default(d, &key);
	hash_wipe(&key, sizeof(key));
	return proof == PROOF_NOT_ASKED && minds(d) ? PROOF_NONE : proof;
}

const char *proof_nonce_name(enum proof proof)
{
	static const char *const names[] = {
		[PROOF_NONE] = "none",
		[PROOF_NONCE] = "account",
		[PROOF_NONCE_TEXT] = "text",
		[PROOF_DEFAULT] = "default",
		[PROOF_DEFAULT_TEXT] = "default-text",
		[PROOF_NOT_ASKED] = "none",
	};

	return names[proof];
}
