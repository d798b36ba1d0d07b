/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_fumo.h"

#include <string.h>

#include "tests/tap.h"

#define URL "http://dm.example.com/fw"

static struct dm_fumo fumo;

static void accept(enum dm_fumo_operation operation)
{
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, operation, URL, "job-1"), 202);
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
	accept(DM_FUMO_DOWNLOAD_UPDATE);
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_FETCH);
	dm_fumo_fetched(&fumo, "2.0");
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_INSTALL);
	CU_ASSERT_STRING_EQUAL(fumo.version, "2.0");
	dm_fumo_installed(&fumo, DM_FUMO_SUCCESS);
	assert_result(DM_FUMO_UPDATED, DM_FUMO_SUCCESS);
	CU_ASSERT_STRING_EQUAL(fumo.correlator, "job-1");
	fumo.has_report = false;
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_REST);
}

static void downloads_and_then_updates(void)
{
	accept(DM_FUMO_DOWNLOAD);
	dm_fumo_fetched(&fumo, "2.0");
	assert_result(DM_FUMO_DOWNLOADED, DM_FUMO_SUCCESS);
	fumo.has_report = false;
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_UPDATE, "", NULL), 202);
	CU_ASSERT_EQUAL(fumo.result, DM_FUMO_NO_RESULT);
	CU_ASSERT_STRING_EQUAL(fumo.correlator, "");
	CU_ASSERT_EQUAL(dm_fumo_next(&fumo), DM_FUMO_INSTALL);
	CU_ASSERT_STRING_EQUAL(fumo.version, "2.0");
}

/* "\xc3\xbc" is one character. */
static void cuts_a_correlator_between_characters(void)
{
	char text[200] = "";

	memset(text, 'a', DM_FUMO_CORRELATOR_MAX - 1);
	strcat(text, "\xc3\xbc");
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	CU_ASSERT_EQUAL(dm_fumo_exec(&fumo, DM_FUMO_DOWNLOAD, URL, text), 202);
	text[DM_FUMO_CORRELATOR_MAX - 1] = '\0';
	CU_ASSERT_STRING_EQUAL(fumo.correlator, text);
}

static void install(unsigned result)
{
	accept(DM_FUMO_DOWNLOAD_UPDATE);
	dm_fumo_fetched(&fumo, "2.0");
	dm_fumo_installed(&fumo, result);
	CU_ASSERT_STRING_EQUAL(fumo.version, "");
}

static void ends_with_any_result(void)
{
	install(250);
	assert_result(DM_FUMO_UPDATED, 250);
	install(299);
	assert_result(DM_FUMO_UPDATED, 299);
	install(249);
	assert_result(DM_FUMO_UPDATE_FAILED, 249);
	install(502);
	assert_result(DM_FUMO_UPDATE_FAILED, 502);
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

static void has_results_for_http(void)
{
	static const struct {
		int status;
		unsigned result;
	} all[] = {
		{ 0, 503 }, { 200, 503 }, { 206, 503 }, { 302, 500 },
		{ 400, 411 }, { 401, 406 }, { 403, 406 }, { 404, 411 },
		{ 408, 407 }, { 416, 411 }, { 429, 500 }, { 499, 411 },
		{ 500, 500 }, { 503, 500 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CU_ASSERT_EQUAL(dm_fumo_result_of(all[i].status, false),
				all[i].result);
	CU_ASSERT_EQUAL(dm_fumo_result_of(0, true), 407);
}

static void shows_itself_in_the_tree(void)
{
	const struct dm_tree_facts facts = {
		"", "", "", "", "", "", "", "", "",
	};
	struct dm_tree tree;

	dm_tree_init(&tree, SYNCML_11, &facts);
	accept(DM_FUMO_DOWNLOAD_UPDATE);
	dm_fumo_failed(&fumo, DM_FUMO_CORRUPTED);
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
	{ "cuts a correlator between characters",
	  cuts_a_correlator_between_characters },
	{ "ends with any result", ends_with_any_result },
	{ "does one thing at a time", does_one_thing_at_a_time },
	{ "tells a bad URL", tells_a_bad_url },
	{ "has results for HTTP", has_results_for_http },
	{ "shows itself in the tree", shows_itself_in_the_tree },
	{ "knows its operations", knows_its_operations },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm fumo", tests);
}
