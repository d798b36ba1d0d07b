/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

/* Looked up once: with EVP_md5() each digest does so, for half of its time. */
static CRYPTO_ONCE md5_once = CRYPTO_ONCE_STATIC_INIT;
static const EVP_MD *md5;

static void md5_fetch(void)
{
	md5 = EVP_MD_fetch(NULL, "MD5", NULL);
}

static int digest(const EVP_MD *md, const struct hash_part *parts,
		  size_t n_parts, uint8_t *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestInit_ex(ctx, md, NULL);

	for (size_t i = 0; i < n_parts && ok; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].mem, parts[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
	return ok ? DM_OK : DM_EIO;
}

int hash_md5(const struct hash_part *parts, size_t n_parts,
	     uint8_t out[HASH_MD5_LEN])
{
	if (!CRYPTO_THREAD_run_once(&md5_once, md5_fetch) || !md5)
		return DM_EIO;
	return digest(md5, parts, n_parts, out);
}

int hash_sha256(const struct hash_part *parts, size_t n_parts,
		uint8_t out[HASH_SHA256_LEN])
{
	return digest(EVP_sha256(), parts, n_parts, out);
}

struct hash_run {
	EVP_MD_CTX *ctx;	/* owned */
	bool ok;		/* so far */
};

struct hash_run *hash_run_begin(void)
{
	struct hash_run *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->ctx = EVP_MD_CTX_new();
	r->ok = r->ctx && EVP_DigestInit_ex(r->ctx, EVP_sha256(), NULL);
	return r;
}

void hash_run_add(struct hash_run *r, const void *mem, size_t len)
{
	if (r)
		r->ok = r->ok && EVP_DigestUpdate(r->ctx, mem, len);
}

int hash_run_end(struct hash_run *r, uint8_t out[HASH_SHA256_LEN])
{
	bool ok = r && r->ok && EVP_DigestFinal_ex(r->ctx, out, NULL);

	if (r)
		r->ok = false;
	return ok ? DM_OK : DM_EIO;
}

void hash_run_free(struct hash_run *r)
{
	if (!r)
		return;
	EVP_MD_CTX_free(r->ctx);
	free(r);
}

int hash_hmac_sha1(const struct hash_part *key, const struct hash_part *message,
		   uint8_t out[HASH_SHA1_LEN])
{
	if (!HMAC(EVP_sha1(), key->mem, (int)key->len, message->mem,
		  message->len, out, NULL))
		return DM_EIO;
	return DM_OK;
}

bool hash_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void hash_wipe(void *mem, size_t len)
{
	explicit_bzero(mem, len);
}
