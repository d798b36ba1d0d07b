/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/hash.h"

#include <string.h>

#include "tests/tap.h"

#define LARGE "Test Using Larger Than Block-Size Key"
#define X20 "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa" \
	    "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"

static void assert_hmac(const char *key, const char *message,
			const char *want_hex)
{
	struct hash_part k = { key, strlen(key) };
	struct hash_part m = { message, strlen(message) };
	uint8_t got[HASH_SHA1_LEN], want[HASH_SHA1_LEN];

	CU_ASSERT_EQUAL(hash_hmac_sha1(&k, &m, got), DM_OK);
	CU_ASSERT(tap_same(got, sizeof(got), want,
			   tap_hex(want_hex, want, sizeof(want))));
}

/* RFC 2202, 3: all seven cases. */
static void signs_as_rfc_2202_does(void)
{
	char key[81], message[51];

	memset(key, 0x0b, 20);
	key[20] = '\0';
	assert_hmac(key, "Hi There",
		    "b617318655057264e28bc0b6fb378c8ef146be00");
	assert_hmac("Jefe", "what do ya want for nothing?",
		    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(message, 0xdd, 50);
	message[50] = '\0';
	assert_hmac(X20, message,
		    "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
	for (size_t i = 0; i < 25; i++)
		key[i] = (char)(i + 1);
	key[25] = '\0';
	memset(message, 0xcd, 50);
	assert_hmac(key, message,
		    "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
	memset(key, 0x0c, 20);
	key[20] = '\0';
	assert_hmac(key, "Test With Truncation",
		    "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04");
	assert_hmac(X20 X20 X20 X20, LARGE " - Hash Key First",
		    "aa4ae5e15272d00e95705637ce8a3b55ed402112");
	assert_hmac(X20 X20 X20 X20,
		    LARGE " and Larger Than One Block-Size Data",
		    "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
}

static void signs_a_message_of_nothing(void)
{
	struct hash_part key = { "", 0 }, message = { NULL, 0 };
	uint8_t got[HASH_SHA1_LEN], want[HASH_SHA1_LEN];

	CU_ASSERT_EQUAL(hash_hmac_sha1(&key, &message, got), DM_OK);
	tap_hex("fbdb1d1b18aa6c08324b7d64b71fb76370690e1d", want,
		sizeof(want));
	CU_ASSERT(tap_same(got, sizeof(got), want, sizeof(want)));
}

/* FIPS 180-2, B.1 and B.2, the second in two parts. */
static void digests_as_fips_180_does(void)
{
	struct hash_part one = { "abc", 3 };
	struct hash_part two[] = {
		{ "abcdbcdecdefdefgefghfghighij", 28 },
		{ "hijkijkljklmklmnlmnomnopnopq", 28 },
	};
	uint8_t got[HASH_SHA256_LEN], want[HASH_SHA256_LEN];

	CU_ASSERT_EQUAL(hash_sha256(&one, 1, got), DM_OK);
	tap_hex("ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad", want, sizeof(want));
	CU_ASSERT(tap_same(got, sizeof(got), want, sizeof(want)));
	CU_ASSERT_EQUAL(hash_sha256(two, 2, got), DM_OK);
	tap_hex("248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1", want, sizeof(want));
	CU_ASSERT(tap_same(got, sizeof(got), want, sizeof(want)));
}

static void digests_what_comes_piece_by_piece(void)
{
	struct hash_run *run = hash_run_begin();
	uint8_t got[HASH_SHA256_LEN], want[HASH_SHA256_LEN];

	hash_run_add(run, "abcdbcdecdefdefgefghfghighij", 28);
	hash_run_add(run, "", 0);
	hash_run_add(run, "hijkijkljklmklmnlmnomnopnopq", 28);
	CU_ASSERT_EQUAL(hash_run_end(run, got), DM_OK);
	tap_hex("248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1", want, sizeof(want));
	CU_ASSERT(tap_same(got, sizeof(got), want, sizeof(want)));
	hash_run_add(run, "x", 1);
	CU_ASSERT_EQUAL(hash_run_end(run, got), DM_EIO);
	hash_run_free(run);
	hash_run_free(NULL);
	CU_ASSERT_EQUAL(hash_run_end(NULL, got), DM_EIO);
}

static CU_TestInfo tests[] = {
	{ "digests as FIPS 180 does", digests_as_fips_180_does },
	{ "digests what comes piece by piece",
	  digests_what_comes_piece_by_piece },
	{ "signs as RFC 2202 does", signs_as_rfc_2202_does },
	{ "signs a message of nothing", signs_a_message_of_nothing },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("hash", tests);
}
