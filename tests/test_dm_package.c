/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_package.h"

#include <string.h>

#include "tests/tap.h"

#define WHOLE "dmbox-firmware 2.0\nand octets"

/* sha256sum of WHOLE, as base64. */
#define DIGEST_B64 "tfCy7TyXnREiAKKIJiFksiGrPklkKzm5IjZhtKSyCY4="
#define DIGEST "SHA-256=" DIGEST_B64

static char version[DM_FUMO_VERSION_MAX + 1];

/* The octets of a package, so many at a time. */
static unsigned check_in(size_t step, const char *octets, size_t len,
			 const char *digest)
{
	struct dm_package p;
	unsigned result;

	strcpy(version, "untouched");
	dm_package_begin(&p, "", len);
	for (size_t at = 0; at < len; at += step)
		dm_package_add(&p, octets + at,
			       len - at < step ? len - at : step);
	CU_ASSERT_EQUAL(p.len, len);
	result = dm_package_check(&p, digest, "Model 1", version);
	dm_package_end(&p);
	return result;
}

static unsigned check(const char *octets, const char *digest)
{
	return check_in(1000, octets, strlen(octets), digest);
}

static void assert_taken(const char *octets, const char *digest,
			 const char *want)
{
	CU_ASSERT_EQUAL(check(octets, digest), DM_FUMO_SUCCESS);
	CU_ASSERT_STRING_EQUAL(version, want);
}

static void assert_refused(const char *octets, const char *digest,
			   unsigned result)
{
	CU_ASSERT_EQUAL(check(octets, digest), result);
	CU_ASSERT_STRING_EQUAL(version, "untouched");
}

static void assert_corrupted(const char *octets, const char *digest)
{
	assert_refused(octets, digest, DM_FUMO_CORRUPTED);
}

static void looks_at_digests(void)
{
	assert_taken(WHOLE, DIGEST, "2.0");
	assert_taken(WHOLE, "MD5=abc", "2.0");
	assert_taken(WHOLE, "md5=abc, sha-256=" DIGEST_B64 " , x=y", "2.0");
	assert_corrupted(WHOLE "x", DIGEST);
	assert_corrupted(WHOLE, "SHA-256=");
	assert_corrupted(WHOLE, DIGEST "@");
	assert_corrupted(WHOLE, "SHA-256=AAAA");
}

static void reads_the_line(void)
{
	assert_taken("dmbox-firmware 2\n", NULL, "2");
	assert_taken("dmbox-firmware 12345678901234567890123456789012\n", NULL,
		     "12345678901234567890123456789012");
	assert_corrupted("", NULL);
	assert_corrupted("\n", NULL);
	assert_corrupted("dmbox-firmware\n", NULL);
	assert_corrupted("dmbox-firmware ", NULL);
	assert_corrupted("dmbox-firmware \n", NULL);
	assert_corrupted("dmbox-firmware 2", NULL);
	assert_corrupted("dmbox-firmware 123456789012345678901234567890123\n",
			 NULL);
	assert_corrupted("dmbox-firmware \x01\n", NULL);
	assert_corrupted("another-firmware 2.0\n", NULL);
}

static void fits_its_model_only(void)
{
	char text[400];

	assert_taken("dmbox-firmware 2.0 Model 1\nx", NULL, "2.0");
	assert_refused("dmbox-firmware 2.0 Model 2\nx", NULL,
		       DM_FUMO_WRONG_PACKAGE);
	assert_refused("dmbox-firmware 2.0 Model\nx", NULL,
		       DM_FUMO_WRONG_PACKAGE);
	assert_corrupted("dmbox-firmware 2.0 \nx", NULL);
	assert_corrupted("dmbox-firmware  Model 1\nx", NULL);
	assert_corrupted("dmbox-firmware 2.0 Model \x01\nx", NULL);
	snprintf(text, sizeof(text), "dmbox-firmware 2.0 %0127d\n", 1);
	assert_refused(text, NULL, DM_FUMO_WRONG_PACKAGE);
	snprintf(text, sizeof(text), "dmbox-firmware 2.0 %0128d\n", 1);
	assert_corrupted(text, NULL);
	snprintf(text, sizeof(text), "dmbox-firmware 2.0 %0300d\n", 1);
	assert_corrupted(text, NULL);
}

static void comes_in_pieces(void)
{
	char text[1000];
	size_t len = (size_t)snprintf(text, sizeof(text), "dmbox-firmware 2.0 "
				      "Model 1\n%0900d", 1);

	for (size_t step = 1; step < 300; step++) {
		CU_ASSERT_EQUAL(check_in(step, text, len, NULL),
				DM_FUMO_SUCCESS);
		CU_ASSERT_EQUAL(check_in(step, WHOLE, strlen(WHOLE), DIGEST),
				DM_FUMO_SUCCESS);
	}
}

static void keeps_what_to_ask_by(void)
{
	char text[DM_PACKAGE_VALIDATOR_MAX + 2];
	struct dm_package p;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	dm_package_begin(&p, text, 0);
	CU_ASSERT_STRING_EQUAL(p.validator, "");
	dm_package_end(&p);
	dm_package_begin(&p, text + 1, 0);
	CU_ASSERT_STRING_EQUAL(p.validator, text + 1);
	dm_package_end(&p);
}

static void knows_how_much_is_here(void)
{
	struct dm_package p;

	dm_package_begin(&p, "", 3);
	CU_ASSERT_EQUAL(dm_package_percent(&p), -1);
	dm_package_add(&p, "ab", 2);
	CU_ASSERT_EQUAL(dm_package_percent(&p), 66);
	dm_package_add(&p, "c", 1);
	CU_ASSERT_EQUAL(dm_package_percent(&p), 100);
	dm_package_end(&p);
	dm_package_begin(&p, "", 0);
	dm_package_add(&p, "ab", 2);
	CU_ASSERT_EQUAL(dm_package_percent(&p), -1);
	dm_package_end(&p);
}

static CU_TestInfo tests[] = {
	{ "looks at digests", looks_at_digests },
	{ "reads the line", reads_the_line },
	{ "fits its model only", fits_its_model_only },
	{ "comes in pieces", comes_in_pieces },
	{ "knows how much is here", knows_how_much_is_here },
	{ "keeps what to ask by", keeps_what_to_ask_by },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm package", tests);
}
