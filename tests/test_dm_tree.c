/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_tree.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct dm_tree tree;
static struct dm_tree_answer answer;

static void begin(enum syncml_version version)
{
	const struct dm_tree_facts facts = {
		.dev_id = "IMEI:1", .man = "Example", .mod = "X1",
		.dm_version = "1.2", .lang = "en", .firmware = "1.0",
		.server_id = "srv1", .url = "http://x/", .user = "user1",
	};

	dm_tree_init(&tree, version, &facts);
}

static void assert_get(const char *uri, const char *format, const char *value)
{
	CU_ASSERT_EQUAL(dm_tree_get(&tree, uri, &answer), 200);
	CU_ASSERT_STRING_EQUAL(answer.format, format);
	CU_ASSERT_STRING_EQUAL(answer.value, value);
}

static void has_leaves(void)
{
	begin(SYNCML_12);
	assert_get("./DevInfo/DevId", "chr", "IMEI:1");
	assert_get("DevDetail/FwV", "chr", "1.0");
	assert_get("./FUMO/Firmware/State", "int", "10");
	assert_get("./DMAcc/1/AppAddr/1/Addr", "chr", "http://x/");
	begin(SYNCML_11);
	assert_get("./SyncML/DMAcc/1/ServerId", "chr", "srv1");
	assert_get("./FwUpdate/Firmware/Result", "int", "0");
}

static void lists_children(void)
{
	begin(SYNCML_12);
	assert_get(".", "node", "DevInfo/DevDetail/Vendor/DMAcc/FUMO");
	assert_get("./DevInfo", "node", "DevId/Man/Mod/DmV/Lang");
	assert_get("./FUMO", "node", "Firmware");
	assert_get("./FUMO/Firmware/Update", "node", "");
	begin(SYNCML_11);
	assert_get("./FwUpdate/Firmware", "node", "PkgName/"
		   "PkgVersion/Download/Update/DownloadAndUpdate/State/Result");
}

static void refuses_to_read(void)
{
	char uri[DM_TREE_PATH_MAX + 10];

	begin(SYNCML_12);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./Nothing", &answer), 404);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./DevInfo/", &answer), 404);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./DevInfo?list=TNDS", &answer),
			406);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./DMAcc/1/AppAuth/1/AAuthSecret",
				    &answer), 405);
	memset(uri, 'a', sizeof(uri));
	uri[DM_TREE_PATH_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(dm_tree_get(&tree, uri, &answer), 414);
	uri[DM_TREE_PATH_MAX] = '\0';
	CU_ASSERT_EQUAL(dm_tree_get(&tree, uri, &answer), 404);
}

static void replaces_what_it_may(void)
{
	char value[DM_TREE_VALUE_MAX + 2];
	const char *url = "./FUMO/Firmware/Download/PkgURL";

	begin(SYNCML_12);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, url, "chr", "http://y"), 200);
	assert_get(url, "chr", "http://y");
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, url, NULL, "z"), 200);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, url, "b64", "eg=="), 415);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./DevInfo/Man", NULL, "z"),
			405);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./FUMO/Firmware", NULL, "z"),
			405);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./x", NULL, "z"), 404);
	memset(value, 'a', sizeof(value));
	value[DM_TREE_VALUE_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, url, NULL, value), 413);
	assert_get(url, "chr", "z");
	value[DM_TREE_VALUE_MAX] = '\0';
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, url, NULL, value), 200);
}

static void adds_and_deletes_below_vendor(void)
{
	begin(SYNCML_12);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/A", "node", ""), 200);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/A/b", "int", "7"), 200);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/Ab", NULL, "x"), 200);
	assert_get("./Vendor", "node", "A/Ab");
	assert_get("./Vendor/A/b", "int", "7");
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./Vendor/A/b", "int", "8"),
			200);
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./Vendor/A", NULL, ""), 405);
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, "./Vendor/A"), 200);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./Vendor/A/b", &answer), 404);
	assert_get("./Vendor/Ab", "chr", "x");
	assert_get("./FUMO/Firmware/State", "int", "10");
}

static void refuses_to_add_and_delete(void)
{
	char value[DM_TREE_VALUE_MAX + 2];

	begin(SYNCML_12);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor", "node", ""), 418);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, ".", "node", ""), 418);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./New", "node", ""), 405);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/", "node", ""), 405);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./DevInfo/x", "chr", ""), 405);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./DevInfo/Man/x", "chr", ""), 405);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/a/b", "chr", ""), 404);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/a?b", "chr", ""), 406);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/a", "12345678", ""), 415);
	memset(value, 'a', sizeof(value));
	value[DM_TREE_VALUE_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(dm_tree_add(&tree, "./Vendor/a", "chr", value), 413);
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, "."), 405);
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, "./DevInfo"), 405);
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, "./x"), 404);
}

/* Full for the server, and still the device writes what it has to. */
static void has_room_for_so_much(void)
{
	char uri[40], value[DM_TREE_VALUE_MAX + 1];
	unsigned n = 0, code;

	begin(SYNCML_11);
	do {
		snprintf(uri, sizeof(uri), "./Vendor/%u", n++);
		code = dm_tree_add(&tree, uri, "chr", "12345678");
	} while (code == 200 && n < DM_TREE_OCTETS_MAX);
	CU_ASSERT_EQUAL(code, 420);
	CU_ASSERT(n > 100);
	memset(value, 'a', DM_TREE_VALUE_MAX);
	value[DM_TREE_VALUE_MAX] = '\0';
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./Vendor/0", NULL, value),
			420);
	assert_get("./Vendor/0", "chr", "12345678");
	dm_tree_set_firmware(&tree, "State", "100");
	dm_tree_set_firmware(&tree, "Result", "200");
	dm_tree_set(&tree, "./DevDetail/FwV", value);
	assert_get("./DevDetail/FwV", "chr", value);
	assert_get("./Vendor/0", "chr", "12345678");
	CU_ASSERT_EQUAL(dm_tree_replace(&tree, "./Vendor/0", NULL, "1"), 200);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, uri, "chr", ""), 420);
	dm_tree_set(&tree, "./DevDetail/FwV", "2.0");
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, "./Vendor/0"), 200);
	CU_ASSERT_EQUAL(dm_tree_add(&tree, uri, "chr", "12345678"), 200);
	assert_get(uri, "chr", "12345678");
}

/* The longest facts, and the longest that a server may put into its leaves. */
static void has_room_for_an_account_and_an_update(void)
{
	char longest[DM_TREE_VALUE_MAX + 2];
	const struct dm_tree_facts facts = {
		.dev_id = longest + 128, .man = "dmbox", .mod = longest + 128,
		.dm_version = "1.1.2", .lang = "en",
		.firmware = longest + 128, .server_id = longest,
		.url = longest, .user = longest + 128,
	};

	memset(longest, 'a', DM_TREE_VALUE_MAX + 1);
	longest[DM_TREE_VALUE_MAX + 1] = '\0';
	dm_tree_init(&tree, SYNCML_11, &facts);
	CU_ASSERT_EQUAL(strlen(dm_tree_value(&tree, "./SyncML/DMAcc/1/Addr")),
			DM_TREE_VALUE_MAX);
	for (size_t i = 0; i < 3; i++) {
		static const char *const leaves[] = {
			"PkgVersion", "Download/PkgURL",
			"DownloadAndUpdate/PkgURL",
		};
		char uri[DM_TREE_PATH_MAX];

		snprintf(uri, sizeof(uri), "./FwUpdate/Firmware/%s",
			 leaves[i]);
		CU_ASSERT_EQUAL(dm_tree_replace(&tree, uri, NULL, longest + 1),
				200);
		assert_get(uri, "chr", longest + 1);
	}
}

/* Names of 110 octets, one more than a list has room for. */
static void lists_only_what_fits(void)
{
	char uri[128];
	unsigned n = DM_TREE_LIST_MAX / 111 + 1;

	begin(SYNCML_12);
	while (n-- > 0) {
		snprintf(uri, sizeof(uri), "./Vendor/%0110u", n);
		CU_ASSERT_EQUAL(dm_tree_add(&tree, uri, "chr", ""), 200);
	}
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./Vendor", &answer), 413);
	CU_ASSERT_EQUAL(dm_tree_delete(&tree, uri), 200);
	CU_ASSERT_EQUAL(dm_tree_get(&tree, "./Vendor", &answer), 200);
}

static void executes_the_update(void)
{
	begin(SYNCML_12);
	CU_ASSERT_EQUAL(dm_tree_exec(&tree, "./FUMO/Firmware/Update"), 200);
	CU_ASSERT_EQUAL(dm_tree_exec(&tree, "./FUMO/Firmware"), 405);
	CU_ASSERT_EQUAL(dm_tree_exec(&tree, "./DevInfo/Man"), 405);
	CU_ASSERT_EQUAL(dm_tree_exec(&tree, "./FUMO/Other/Update"), 404);
	begin(SYNCML_11);
	CU_ASSERT_EQUAL(dm_tree_exec(&tree, "./FwUpdate/Firmware/"
				     "DownloadAndUpdate"), 200);
}

static CU_TestInfo tests[] = {
	{ "has leaves", has_leaves },
	{ "lists children", lists_children },
	{ "refuses to read", refuses_to_read },
	{ "replaces what it may", replaces_what_it_may },
	{ "adds and deletes below Vendor", adds_and_deletes_below_vendor },
	{ "refuses to add and delete", refuses_to_add_and_delete },
	{ "has room for so much", has_room_for_so_much },
	{ "has room for an account and an update",
	  has_room_for_an_account_and_an_update },
	{ "lists only what fits", lists_only_what_fits },
	{ "executes the update", executes_the_update },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm tree", tests);
}
