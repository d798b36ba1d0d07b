/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/digest.h"

#include <string.h>

#include "tests/notif_vectors.h"
#include "tests/tap.h"
#include "wap/hex.h"

static void hashes_as_rfc_1321_does(void)
{
	static const uint8_t abc[] = {	/* RFC 1321, A.5: MD5("abc") */
		0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0,
		0xd6, 0x96, 0x3f, 0x7d, 0x28, 0xe1, 0x7f, 0x72,
	};
	static const struct hash_part parts[] = {
		{ "a", 1 }, { NULL, 0 }, { "bc", 2 },
	};
	uint8_t md5[HASH_MD5_LEN];

	CU_ASSERT_EQUAL(hash_md5(parts, 3, md5), DM_OK);
	CU_ASSERT(tap_same(md5, sizeof(md5), abc, sizeof(abc)));
	CU_ASSERT(hash_equal(md5, abc, sizeof(abc)));
	md5[15] ^= 1;
	CU_ASSERT_FALSE(hash_equal(md5, abc, sizeof(abc)));
	CU_ASSERT(hash_equal(md5, abc, 15));
	hash_wipe(md5, sizeof(md5));
	CU_ASSERT(tap_same(md5, sizeof(md5), (uint8_t[HASH_MD5_LEN]){ 0 },
			   sizeof(md5)));
}

static void check_vector(const json_t *v)
{
	uint8_t trigger[VECTOR_OCTETS_MAX], want[VECTOR_OCTETS_MAX];
	uint8_t digest[DIGEST_LEN], md5[HASH_MD5_LEN];
	size_t len = vector_hex(v, "trigger_hex", trigger);
	struct digest_key key = vector_key(v);
	char b64[DIGEST_CREDENTIAL_SIZE];

	CU_ASSERT_STRING_EQUAL(key.credential, vector_text(v, "cred_b64"));
	CU_ASSERT_FALSE(hash_md5(&(struct hash_part){ trigger, len }, 1,
				 md5));
	base64_encode(md5, sizeof(md5), b64);
	CU_ASSERT_STRING_EQUAL(b64, vector_text(v, "trigger_b64"));
	CU_ASSERT_EQUAL(digest_compute(&key, trigger, len, digest), DM_OK);
	CU_ASSERT(tap_same(digest, sizeof(digest), want,
			   vector_hex(v, "digest_hex", want)));
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", check_vector) >=
		  37);
}

/* Empty password and nonce: both colons stay. */
static void agrees_with_nokia_s_capture(void)
{
	const json_t *v = vectors_find("notification", "captures",
				       "nokia-suite-contacts");
	uint8_t package0[VECTOR_OCTETS_MAX], digest[DIGEST_LEN];
	size_t len = vector_hex(v, "package0_hex", package0);
	struct digest_key key = vector_key(v);

	CU_ASSERT_EQUAL(digest_compute(&key, package0 + DIGEST_LEN,
				       len - DIGEST_LEN, digest), DM_OK);
	CU_ASSERT(tap_same(digest, sizeof(digest), package0, DIGEST_LEN));
}

#define CREDENTIAL "YQr3nhYDR/JY0imB7v2wfA=="	/* com.example.dms:srvpwd */

static struct digest_source source(void)
{
	return (struct digest_source){
		.server_id = "com.example.dms",
		.password = "srvpwd",
		.nonce_hex = "00ff 10",
	};
}

static struct digest_key make(const struct digest_source *s)
{
	struct digest_key key = { .nonce_len = 0 };
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(digest_key_make(s, &key, &e), DM_OK);
	return key;
}

static void takes_the_credential_in_each_of_its_forms(void)
{
	struct digest_source s = source();

	CU_ASSERT_STRING_EQUAL(make(&s).credential, CREDENTIAL);
	s.server_id = "other";
	s.auth_name = "com.example.dms";
	CU_ASSERT_STRING_EQUAL(make(&s).credential, CREDENTIAL);
	s.server_id = NULL;
	CU_ASSERT_STRING_EQUAL(make(&s).credential, CREDENTIAL);
	s.auth_name = s.password = NULL;
	s.credential = CREDENTIAL;
	CU_ASSERT_STRING_EQUAL(make(&s).credential, CREDENTIAL);
}

static void assert_nonce(const struct digest_source *s, const void *want,
			 size_t want_len)
{
	struct digest_key key = make(s);

	CU_ASSERT(tap_same(key.nonce, key.nonce_len, want, want_len));
}

static void takes_the_nonce_in_each_of_its_forms(void)
{
	struct digest_source s = source();

	assert_nonce(&s, "\0\xff\x10", 3);
	s.nonce_hex = "";
	assert_nonce(&s, "", 0);
	s.nonce_hex = NULL;
	s.nonce = "AAAAAA==";
	assert_nonce(&s, "\0\0\0\0", 4);
	s.nonce = "";
	assert_nonce(&s, "", 0);
	s.nonce = NULL;
	s.nonce_text = "AAAAAA==";
	assert_nonce(&s, "AAAAAA==", 8);
	s.nonce_text = "";
	assert_nonce(&s, "", 0);
}

/* The key stays as it was, and the error names the field. */
static void assert_refused(const struct digest_source *s, const char *field)
{
	struct digest_key key = { .nonce_len = 77 };
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(digest_key_make(s, &key, &e), DM_EINVAL);
	CU_ASSERT_EQUAL(e.code, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, field);
	CU_ASSERT_EQUAL(key.nonce_len, 77);
	CU_ASSERT_EQUAL(key.credential[0], '\0');
}

static void refuses_a_credential_missing_or_given_twice(void)
{
	struct digest_source s = source();

	s.credential = CREDENTIAL;
	assert_refused(&s, "credential");
	s.password = NULL;
	s.auth_name = "name";
	assert_refused(&s, "auth-name");
	s.auth_name = s.credential = NULL;
	assert_refused(&s, "password");
	s = source();
	s.server_id = NULL;
	assert_refused(&s, "server-id");
}

static void refuses_a_malformed_credential(void)
{
	static const char *const bad[] = {
		"", "YQr3nhYDR/JY0imB7v2wfA", "YQr3nhYDR/JY0imB7v2wfA=",
		"YQr3nhYDR/JY0imB7v2wfB==", "YQr3nhYDR/JY0imB7v2wfA==\n",
		"YQr3nhYDR/JY0imB7v2wfAA=", "YQr3nhYDR-JY0imB7v2wfA==",
		"YQr3nhYDR/JY0imB7v2wfAAA", "YQr3nhYDR/JY0imB7v2w",
		"YQr3nhYDR/JY0imB7v2wfAAAYQr3",
	};
	struct digest_source s = source();

	s.password = NULL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		s.credential = bad[i];
		assert_refused(&s, "credential");
	}
}

static void refuses_a_nonce_missing_or_given_twice(void)
{
	static const struct {
		const char *nonce, *hex, *text;
	} bad[] = {
		{ NULL, NULL, NULL }, { "", "", NULL }, { "", NULL, "" },
		{ NULL, "", "" }, { "", "", "" },
	};
	struct digest_source s = source();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		s.nonce = bad[i].nonce;
		s.nonce_hex = bad[i].hex;
		s.nonce_text = bad[i].text;
		assert_refused(&s, "nonce");
	}
}

static void refuses_a_malformed_nonce(void)
{
	struct digest_source s = source();

	s.nonce_hex = "0";
	assert_refused(&s, "nonce-hex");
	s.nonce_hex = "zz";
	assert_refused(&s, "nonce-hex");
	s.nonce_hex = NULL;
	s.nonce = "AAA";
	assert_refused(&s, "nonce");
}

/* n octets of 'w', 0x77, which is "77" in hex. */
static struct digest_source with_nonce(const char *form, size_t n)
{
	static char text[130], hex[2 * 130], b64[BASE64_SIZE(130)];
	struct digest_source s = source();

	memset(text, 'w', n);
	text[n] = '\0';
	hex_encode((uint8_t *)text, n, hex);
	base64_encode((uint8_t *)text, n, b64);
	s.nonce_hex = strcmp(form, "nonce-hex") ? NULL : hex;
	s.nonce_text = strcmp(form, "nonce-text") ? NULL : text;
	s.nonce = strcmp(form, "nonce") ? NULL : b64;
	return s;
}

static void takes_a_nonce_of_128_octets_and_no_more(void)
{
	static const char *const forms[] = {
		"nonce", "nonce-hex", "nonce-text",
	};

	for (size_t i = 0; i < 3; i++) {
		struct digest_source s = with_nonce(forms[i], 128);

		CU_ASSERT_EQUAL(make(&s).nonce_len, 128);
		s = with_nonce(forms[i], 129);
		assert_refused(&s, forms[i]);
	}
}

static void takes_a_password_of_1024_octets_and_no_more(void)
{
	char password[1026];
	struct digest_source s = source();

	memset(password, 'p', sizeof(password));
	s.password = password;
	password[1024] = '\0';
	CU_ASSERT_EQUAL(strlen(make(&s).credential), 24);
	password[1024] = 'p';
	password[1025] = '\0';
	assert_refused(&s, "password");
	s.password = "";
	CU_ASSERT_EQUAL(strlen(make(&s).credential), 24);
}

/* By another program: B64(MD5("com.example.dms:")), and without the colon. */
static void drops_the_colon_of_an_empty_password_where_a_client_does(void)
{
	struct digest_source s = source();

	s.password = "";
	CU_ASSERT_STRING_EQUAL(make(&s).credential, "grxQ2/cSri7dm9qYb82hdA==");
	s.drops_colon = true;
	CU_ASSERT_STRING_EQUAL(make(&s).credential, "dTytYYJm5Y+abhejcS03uA==");
	s.password = "srvpwd";
	CU_ASSERT_STRING_EQUAL(make(&s).credential, CREDENTIAL);
}

static CU_TestInfo tests[] = {
	{ "hashes as RFC 1321 does", hashes_as_rfc_1321_does },
	{ "agrees with every vector", agrees_with_every_vector },
	{ "agrees with Nokia's capture", agrees_with_nokia_s_capture },
	{ "takes the credential in each of its forms",
	  takes_the_credential_in_each_of_its_forms },
	{ "takes the nonce in each of its forms",
	  takes_the_nonce_in_each_of_its_forms },
	{ "refuses a credential missing or given twice",
	  refuses_a_credential_missing_or_given_twice },
	{ "refuses a malformed credential", refuses_a_malformed_credential },
	{ "refuses a nonce missing or given twice",
	  refuses_a_nonce_missing_or_given_twice },
	{ "refuses a malformed nonce", refuses_a_malformed_nonce },
	{ "takes a nonce of 128 octets and no more",
	  takes_a_nonce_of_128_octets_and_no_more },
	{ "drops the colon of an empty password where a client does",
	  drops_the_colon_of_an_empty_password_where_a_client_does },
	{ "takes a password of 1024 octets and no more",
	  takes_a_password_of_1024_octets_and_no_more },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("digest", tests);
}
