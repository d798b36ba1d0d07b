/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/auth.h"

#include <string.h>

#include "tests/tap.h"

static _Alignas(max_align_t) uint8_t room[1024];

static struct arena fresh(void)
{
	return (struct arena){ .buf = room, .cap = sizeof(room) };
}

static struct digest_key key_of(const char *name, const char *nonce)
{
	const struct digest_source s = {
		.server_id = name, .password = "OhBehave", .nonce_text = nonce,
	};
	struct digest_key key = { .nonce_len = 0 };
	struct err e;

	CU_ASSERT_EQUAL(digest_key_make(&s, &key, &e), DM_OK);
	return key;
}

/* SyncML Representation Protocol 1.1, examples of Chal and Cred. */
static void makes_the_digest_of_the_specification(void)
{
	struct digest_key key = key_of("Bruce2", "Nonce");
	struct arena a = fresh();
	struct syncml_cred cred = { NULL, NULL, NULL };

	CU_ASSERT_EQUAL(auth_md5_make(&a, &key, &cred), DM_OK);
	CU_ASSERT_STRING_EQUAL(cred.data, "Zz6EivR3yeaaENcRN6lpAQ==");
	CU_ASSERT_STRING_EQUAL(cred.type, "syncml:auth-md5");
	CU_ASSERT_STRING_EQUAL(cred.format, "b64");
	CU_ASSERT(auth_md5_verify(&cred, &key));
}

static void knows_the_basic_of_the_specification(void)
{
	struct digest_key key = key_of("Bruce1", "");
	struct syncml_cred cred = {
		AUTH_BASIC, AUTH_FORMAT, "QnJ1Y2UxOk9oQmVoYXZl",
	};

	CU_ASSERT(auth_basic_verify(&cred, &key));
	cred.data = "QnJ1Y2UxOk9oQmVoYXZm";	/* OhBehavf */
	CU_ASSERT(!auth_basic_verify(&cred, &key));
	cred.data = "QnJ1Y2UxOk9oQmVoYXZlMg==";	/* OhBehave2 */
	CU_ASSERT(!auth_basic_verify(&cred, &key));
	cred.data = "no base64";
	CU_ASSERT(!auth_basic_verify(&cred, &key));
}

static void refuses_other_credentials(void)
{
	const struct digest_key key = key_of("Bruce2", "Nonce");
	const struct digest_key other = key_of("Bruce2", "nonce");
	const struct syncml_cred good = {
		AUTH_MD5, AUTH_FORMAT, "Zz6EivR3yeaaENcRN6lpAQ==",
	};
	struct syncml_cred cred = good;

	CU_ASSERT(!auth_md5_verify(&good, &other));
	cred.format = NULL;
	CU_ASSERT(auth_md5_verify(&cred, &key));
	cred.format = "bin";
	CU_ASSERT(!auth_md5_verify(&cred, &key));
	cred = good;
	cred.type = AUTH_BASIC;
	CU_ASSERT(!auth_md5_verify(&cred, &key));
	CU_ASSERT(!auth_basic_verify(&cred, &key));
	cred.type = NULL;
	CU_ASSERT(!auth_md5_verify(&cred, &key));
	cred = good;
	cred.data = NULL;
	CU_ASSERT(!auth_md5_verify(&cred, &key));
	cred.data = "Zz6EivR3yeaaENcRN6lpAQ=";
	CU_ASSERT(!auth_md5_verify(&cred, &key));
	cred.data = "Zz6EivR3yeaaENcRN6lpAQ==x";
	CU_ASSERT(!auth_md5_verify(&cred, &key));
}

static void challenges_go_both_ways(void)
{
	static const uint8_t nonce[] = { 0, 1, 0xff, 0 };
	struct digest_key key = key_of("Bruce2", "Nonce");
	struct arena a = fresh();
	struct syncml_chal chal = { NULL, NULL, NULL };

	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_ENOENT);
	CU_ASSERT_EQUAL(auth_chal_make(&a, nonce, sizeof(nonce), &chal),
			DM_OK);
	CU_ASSERT_STRING_EQUAL(chal.next_nonce, "AAH/AA==");
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_OK);
	CU_ASSERT(tap_same(key.nonce, key.nonce_len, nonce, sizeof(nonce)));
	chal.next_nonce = "no base64";
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_EPROTO);
	chal.next_nonce = NULL;
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_ENOENT);
	CU_ASSERT_EQUAL(key.nonce_len, sizeof(nonce));
}

static void bounds_nonces(void)
{
	uint8_t nonce[DIGEST_NONCE_MAX + 1] = { 0 };
	char text[BASE64_SIZE(sizeof(nonce))];
	struct syncml_chal chal = { AUTH_MD5, AUTH_FORMAT, text };
	struct digest_key key = key_of("Bruce2", "");
	struct arena a = fresh();

	base64_encode(nonce, sizeof(nonce), text);
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_EPROTO);
	base64_encode(nonce, DIGEST_NONCE_MAX, text);
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_OK);
	CU_ASSERT_EQUAL(auth_chal_make(&a, nonce, sizeof(nonce), &chal),
			DM_EINVAL);
	a.cap = 10;
	CU_ASSERT_EQUAL(auth_chal_make(&a, nonce, DIGEST_NONCE_MAX, &chal),
			DM_ENOSPC);
}

static CU_TestInfo tests[] = {
	{ "makes the digest of the specification",
	  makes_the_digest_of_the_specification },
	{ "knows the basic of the specification",
	  knows_the_basic_of_the_specification },
	{ "refuses other credentials", refuses_other_credentials },
	{ "challenges go both ways", challenges_go_both_ways },
	{ "bounds nonces", bounds_nonces },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("syncml auth", tests);
}
