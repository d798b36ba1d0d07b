/* SPDX-License-Identifier: Apache-2.0 */
/* What a device meets in its sessions and updates, and what comes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/dm/dm_state.h"
#include "tests/dm_clients_fixture.h"
#include "tests/tap.h"

#define TALKED "session.started session.ended "
#define REPORTED "session.started report.sent session.ended"
#define FETCHED "download.started download.progress download.done "

static void run_with(const char *fault)
{
	begin(SYNCML_12, SYNCML_WBXML);
	if (fault)
		add_fault(fault);
	run(NULL, false);
}

static bool has(const char *text)
{
	return strstr(events, text);
}

static void assert_result(const char *result, const char *firmware_is)
{
	CU_ASSERT_STRING_EQUAL(server.result, result);
	CU_ASSERT_EQUAL(server.n_results, 1);
	CU_ASSERT_STRING_EQUAL(firmware(), firmware_is);
}

/* -------------------------------- sessions -------------------------------- */

static void breaks_off(void)
{
	run_with("breaks-off");
	CU_ASSERT(has("\"reason\":\"the connection is lost\""));
	assert_events("session.started fault.hit session.ended");
	CU_ASSERT_EQUAL(server.n_messages, 1);
	CU_ASSERT(!device.session.has_served);
}

static void gets_a_status(void)
{
	run_with("dm-status 503");
	CU_ASSERT(has("\"reason\":\"HTTP status 503\""));
	assert_events("session.started fault.hit session.ended");
	CU_ASSERT(!device.session.has_served);
}

static void has_no_data(void)
{
	run_with("no-data 1");
	CU_ASSERT(has("\"reason\":\"no data connection\""));
	CU_ASSERT_EQUAL(server.n_messages, 0);
	free(events);
	events = NULL;
	begin(SYNCML_12, SYNCML_WBXML);
	dm_fumo_exec(&client.fumo, DM_FUMO_DOWNLOAD_UPDATE, "http://x/", NULL);
	dm_fumo_failed(&client.fumo, 503);
	add_fault("no-data 1 1x");
	run(NULL, false);		/* tries it until it can tell it */
	CU_ASSERT(has("\"reason\":\"no data connection\""));
	CU_ASSERT_STRING_EQUAL(server.result, "503");
	free(events);
	events = NULL;
}

static void loses_its_data_half_way(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	server.cuts_off_at = 2;
	run(NULL, false);
	CU_ASSERT(has("\"reason\":\"the connection is lost\""));
	assert_events("session.started device.no-data session.ended");
	CU_ASSERT(!device.session.has_served);
	begin(SYNCML_12, SYNCML_WBXML);
	server.cuts_off_package = true;
	client.retry_ms = 200;
	run(NULL, false);
	assert_events(TALKED "download.started device.no-data "
		      "download.interrupted device.data download.progress "
		      "download.done update.installed " REPORTED);
	assert_result("200", "2.0");
}

static void does_not_come_without_power(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	off_ms = 20;
	run(NULL, false);
	assert_events("device.off device.on");
}

/* ------------------------------ the user ------------------------------ */

static void confirm(enum dm_user answers, const char *fault)
{
	begin(SYNCML_12, SYNCML_WBXML);
	client.confirms = true;
	client.answers = answers;
	if (fault)
		add_fault(fault);
	run(NULL, false);
}

static void asks_before_it_downloads(void)
{
	confirm(DM_USER_YES, NULL);
	assert_events(UPDATED);
	confirm(DM_USER_NO, NULL);
	CU_ASSERT(has("\"user\":\"no\",\"result\":401"));
	assert_events(TALKED "download.declined " REPORTED);
	assert_result("401", "1.0");
	confirm(DM_USER_YES, "user-no");
	assert_events(TALKED "fault.hit download.declined " REPORTED);
	assert_result("401", "1.0");
	confirm(DM_USER_NO, "user-late 20");
	assert_events(TALKED "fault.hit download.declined " REPORTED);
}

/* He is asked again after the next session, and at the next start. */
static void waits_for_who_does_not_answer(void)
{
	struct err e;

	confirm(DM_USER_NEVER, NULL);
	assert_events(TALKED "download.declined");
	CU_ASSERT_EQUAL(server.n_results, 0);
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_FETCH);
	client.answers = DM_USER_YES;
	CU_ASSERT_EQUAL(dm_state_save(state_dir, &device, &e), DM_OK);
	begin(SYNCML_12, SYNCML_WBXML);
	client.confirms = true;
	run(state_dir, true);
	assert_events(FETCHED "update.installed " REPORTED);
	assert_result("200", "2.0");
	remove_state();
}

/* ------------------------------ the battery ------------------------------ */

/* 40% of 19 octets: 8 are here. Nobody is asked again. */
static void loses_its_battery(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	client.confirms = true;
	client.restart_ms = 20;
	add_fault("battery 40");
	run(NULL, false);
	CU_ASSERT_STRING_EQUAL(server.package.range, "bytes=8-");
	assert_events(TALKED "download.started fault.hit download.progress "
		      "device.off device.on download.started "
		      "download.resumed download.progress download.done "
		      "update.installed " REPORTED);
	assert_result("200", "2.0");
}

/* ---------------------------- the installation ---------------------------- */

static void install(const char *fault, const char *result)
{
	run_with(fault);
	CU_ASSERT(has(result));
	assert_events(TALKED FETCHED "fault.hit update.failed " REPORTED);
	assert_result(result, "1.0");
}

static void cannot_be_installed(void)
{
	install("no-memory", "502");
	install("install-fails", "410");
	install("result 455", "455");
	install("result 599", "599");
}

static void succeeds_with_a_code_of_its_own(void)
{
	run_with("result 251");
	assert_events(TALKED FETCHED "fault.hit update.installed " REPORTED);
	assert_result("251", "2.0");
}

/* ------------------------------- the result ------------------------------- */

static void never_tells(void)
{
	run_with("report-never");
	assert_events(TALKED FETCHED "update.installed fault.hit");
	CU_ASSERT_EQUAL(server.n_results, 0);
	CU_ASSERT_STRING_EQUAL(firmware(), "2.0");
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_REST);
}

static void tells_twice(void)
{
	run_with("report-twice");
	assert_events(TALKED FETCHED "update.installed fault.hit " REPORTED " "
		      REPORTED);
	CU_ASSERT_EQUAL(server.n_results, 2);
	CU_ASSERT_STRING_EQUAL(server.result, "200");
	CU_ASSERT_STRING_EQUAL(server.correlator, "job-7");
}

static void tells_late(void)
{
	run_with("report-late 50");
	assert_events(TALKED FETCHED "update.installed fault.hit " REPORTED);
	assert_result("200", "2.0");
}

static CU_TestInfo tests[] = {
	{ "breaks off", breaks_off },
	{ "gets a status", gets_a_status },
	{ "has no data", has_no_data },
	{ "loses its data half-way", loses_its_data_half_way },
	{ "does not come without power", does_not_come_without_power },
	{ "asks before it downloads", asks_before_it_downloads },
	{ "waits for who does not answer", waits_for_who_does_not_answer },
	{ "loses its battery", loses_its_battery },
	{ "cannot be installed", cannot_be_installed },
	{ "succeeds with a code of its own", succeeds_with_a_code_of_its_own },
	{ "never tells", never_tells },
	{ "tells twice", tells_twice },
	{ "tells late", tells_late },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	int rc = fixture_open();

	if (rc)
		return rc;
	rc = tap_run("dm mishaps", tests);
	fixture_close();
	return rc;
}
