/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_fumo.h"

#include <string.h>

#include "tests/tap.h"

#define URL "http://dm.example.com/fw"
#define WHOLE "dmbox-firmware 2.0\nand octets"

/* sha256sum of WHOLE, as base64. */
#define DIGEST_B64 "tfCy7TyXnREiAKKIJiFksiGrPklkKzm5IjZhtKSyCY4="
#define DIGEST "SHA-256=" DIGEST_B64

static struct dm_fumo fumo;

static void accept(enum dm_fumo_operation operation)
{
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, operation, URL, "job-1"), 202);
}

static void fetch(const char *package, const char *digest)
{
	accept(DM_FUMO_DOWNLOAD_UPDATE);
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_FETCH);
	dm_fumo_fetched(&fumo, package, strlen(package), digest);
}

static void assert_result(enum dm_fumo_state state, unsigned result)
{
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_REPORT);
	CU_ASSERT_EQUAL(fumo.state, state);
	CU_ASSERT_EQUAL(fumo.result, result);
}

static void rests_at_first(void)
{
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_REST);
}

static void downloads_and_updates(void)
{
	fetch(WHOLE, DIGEST);
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_INSTALL);
	CU_ASSERT_STRING_EQUAL(fumo.version, "2.0");
	dm_fumo_installed(&fumo);
	assert_result(DM_FUMO_UPDATED, DM_FUMO_SUCCESS);
	CU_ASSERT_STRING_EQUAL(fumo.correlator, "job-1");
	fumo.has_report = false;
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_REST);
}

static void downloads_and_then_updates(void)
{
	accept(DM_FUMO_DOWNLOAD);
	dm_fumo_fetched(&fumo, WHOLE, strlen(WHOLE), NULL);
	assert_result(DM_FUMO_DOWNLOADED, DM_FUMO_SUCCESS);
	fumo.has_report = false;
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_UPDATE, "", NULL), 202);
	CU_ASSERT_EQUAL(fumo.result, DM_FUMO_NO_RESULT);
	CU_ASSERT_STRING_EQUAL(fumo.correlator, "");
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_INSTALL);
	CU_ASSERT_STRING_EQUAL(fumo.version, "2.0");
}

static void does_one_thing_at_a_time(void)
{
	accept(DM_FUMO_DOWNLOAD);
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, URL, NULL), 500);
	dm_fumo_failed(&fumo, DM_FUMO_NETWORK_FAILED);
	assert_result(DM_FUMO_DOWNLOAD_FAILED, DM_FUMO_NETWORK_FAILED);
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, URL, NULL), 500);
	fumo.has_report = false;
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_UPDATE, "", NULL), 500);
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, URL, NULL), 202);
}

static void tells_a_bad_url(void)
{
	static const char *const urls[] = {
		"", "ftp://x/", "x", "http:/x", "http://user:password@x/",
		"https://x@y",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
		CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, urls[i],
					     NULL), 202);
		assert_result(DM_FUMO_DOWNLOAD_FAILED, DM_FUMO_BAD_URL);
	}
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, "http://x/@?@",
				     NULL), 202);
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_FETCH);
}

static void assert_corrupted(const char *package, const char *digest)
{
	fetch(package, digest);
	assert_result(DM_FUMO_DOWNLOAD_FAILED, DM_FUMO_CORRUPTED);
}

static void assert_taken(const char *package, const char *digest)
{
	fetch(package, digest);
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_INSTALL);
}

static void looks_at_digests(void)
{
	assert_taken(WHOLE, "MD5=abc");
	assert_taken(WHOLE, "md5=abc, sha-256=" DIGEST_B64 " , x=y");
	assert_corrupted(WHOLE "x", DIGEST);
	assert_corrupted(WHOLE, "SHA-256=");
	assert_corrupted(WHOLE, DIGEST "@");
	assert_corrupted(WHOLE, "SHA-256=AAAA");
}

static void looks_at_packages(void)
{
	assert_taken("dmbox-firmware 2\n", NULL);
	assert_taken("dmbox-firmware 12345678901234567890123456789012\n",
		     NULL);
	assert_corrupted("", NULL);
	assert_corrupted("dmbox-firmware ", NULL);
	assert_corrupted("dmbox-firmware \n", NULL);
	assert_corrupted("dmbox-firmware 2", NULL);
	assert_corrupted("dmbox-firmware 123456789012345678901234567890123\n",
			 NULL);
	assert_corrupted("dmbox-firmware \x01\n", NULL);
	assert_corrupted("another file\n", NULL);
}

static void shows_itself_in_the_tree(void)
{
	const struct dm_tree_facts facts = {
		"", "", "", "", "", "", "", "", "",
	};
	struct dm_tree tree;

	dm_tree_init(&tree, SYNCML_11, &facts);
	fetch("x", NULL);
	dm_fumo_show(&fumo, &tree);
	CU_ASSERT_STRING_EQUAL(dm_tree_firmware_value(&tree, "State"), "20");
	CU_ASSERT_STRING_EQUAL(dm_tree_firmware_value(&tree, "Result"), "402");
	dm_tree_init(&tree, SYNCML_12, &facts);
	dm_fumo_show(&fumo, &tree);
	CU_ASSERT_STRING_EQUAL(dm_tree_firmware_value(&tree, "State"), "20");
}

static void knows_its_operations(void)
{
	CU_ASSERT_EQUAL(dm_fumo_operation_of("Update"), DM_FUMO_UPDATE);
	CU_ASSERT_EQUAL(dm_fumo_operation_of("PkgURL"), DM_FUMO_NONE);
	CU_ASSERT_STRING_EQUAL(dm_fumo_node(DM_FUMO_DOWNLOAD_UPDATE),
			       "DownloadAndUpdate");
	CU_ASSERT_STRING_EQUAL(dm_fumo_alert_type(DM_FUMO_DOWNLOAD),
		"org.openmobilealliance.dm.firmwareupdate.download");
}

static CU_TestInfo tests[] = {
	{ "rests at first", rests_at_first },
	{ "downloads and updates", downloads_and_updates },
	{ "downloads, and then updates", downloads_and_then_updates },
	{ "does one thing at a time", does_one_thing_at_a_time },
	{ "tells a bad URL", tells_a_bad_url },
	{ "looks at digests", looks_at_digests },
	{ "looks at packages", looks_at_packages },
	{ "shows itself in the tree", shows_itself_in_the_tree },
	{ "knows its operations", knows_its_operations },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm fumo", tests);
}
