/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_clients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "emulator/dm/dm_state.h"
#include "tests/dm_clients_fixture.h"
#include "tests/tap.h"

/* --------------------------------- tests --------------------------------- */

static void is_updated_and_tells(void)
{
	for (int e = SYNCML_XML; e <= SYNCML_WBXML; e++) {
		begin(SYNCML_12, (enum syncml_encoding)e);
		run(NULL, false);
		assert_events(UPDATED);
		CU_ASSERT_STRING_EQUAL(firmware(), "2.0");
		CU_ASSERT_STRING_EQUAL(server.firmware, "2.0");
		CU_ASSERT_STRING_EQUAL(server.result, "200");
		CU_ASSERT_STRING_EQUAL(server.correlator, "job-7");
		CU_ASSERT(server.own);
	}
}

static void is_updated_with_dm_112(void)
{
	begin(SYNCML_11, SYNCML_WBXML);
	run(NULL, false);
	assert_events(UPDATED);
	CU_ASSERT_STRING_EQUAL(server.firmware, "2.0");
	CU_ASSERT_STRING_EQUAL(server.result, "200");
	CU_ASSERT(server.own);
}

/* Each session begins at the address of the account. */
static void goes_where_its_server_says(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	server.resp_uri = "http://127.0.0.1:%u/dm?s=1";
	run(NULL, false);
	assert_events(UPDATED);
	CU_ASSERT_EQUAL(server.n_at_resp_uri, server.n_messages - 2);
}

static void tells_what_went_wrong(void)
{
	begin(SYNCML_12, SYNCML_XML);
	server.package.octets = "something else and more";
	run(NULL, false);
	assert_events(NOT_UPDATED);
	CU_ASSERT_STRING_EQUAL(firmware(), "1.0");
	CU_ASSERT_STRING_EQUAL(server.result, "402");
}

static void tells_it_again(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	server.stumbles = true;
	run(NULL, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "HTTP status 503"));
	assert_events("session.started session.ended download.started "
		      "download.progress download.done update.installed "
		      "session.started session.ended session.started "
		      "report.sent session.ended");
	CU_ASSERT_STRING_EQUAL(server.result, "200");
}

static void has_nothing_to_do(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	dm_tree_set(&client.tree, "./DevDetail/FwV", "2.0");
	run(NULL, false);
	assert_events("session.started session.ended");
	CU_ASSERT(device.session.has_served);
}

/* A repeat of the notification may lead to another session. */
static void forgets_what_failed(void)
{
	begin(SYNCML_12, SYNCML_WBXML);
	strcpy(client.url, "http://127.0.0.1:1/");
	run(NULL, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"outcome\":\"failed\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "no answer"));
	assert_events("session.started session.ended");
	CU_ASSERT(!device.session.has_served);
	begin(SYNCML_12, SYNCML_WBXML);
	server.content_type = "text/plain";
	run(NULL, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "Content-Type"));
	assert_events("session.started session.ended");
	begin(SYNCML_12, SYNCML_WBXML);
	client.url[0] = '\0';
	run(NULL, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "no address"));
	assert_events("session.started session.ended");
}

/* What its user says does not matter but with user-interaction. */
static void comes(enum ui_mode ui_mode, enum dm_user answers)
{
	begin(SYNCML_12, SYNCML_WBXML);
	device.session.ui_mode = ui_mode;
	client.answers = answers;
	run(NULL, false);
}

static void asks_its_user(void)
{
	for (int user = DM_USER_NO; user <= DM_USER_NEVER; user++) {
		comes(UI_MODE_USER_INTERACTION, (enum dm_user)user);
		CU_ASSERT_PTR_NOT_NULL(strstr(events, user == DM_USER_NO ?
			"\"user\":\"no\"" : "\"user\":\"never\""));
		assert_events("session.declined");
		CU_ASSERT_EQUAL(server.n_messages, 0);
		CU_ASSERT(device.session.has_served);
	}
	comes(UI_MODE_USER_INTERACTION, DM_USER_YES);
	CU_ASSERT_PTR_NOT_NULL(strstr(events,
				      "\"ui-mode\":\"user-interaction\""));
	assert_events(UPDATED);
}

static void does_not_ask_where_it_need_not(void)
{
	comes(UI_MODE_INFORMATIVE, DM_USER_NO);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"ui-mode\":\"informative\""));
	assert_events(UPDATED);
	comes(UI_MODE_BACKGROUND, DM_USER_NEVER);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"ui-mode\":\"background\""));
	assert_events(UPDATED);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* comes() with a user who thinks first; returns how long that took. */
static int64_t comes_late(const char *fault)
{
	int64_t since = now_ms();

	begin(SYNCML_12, SYNCML_WBXML);
	device.session.ui_mode = UI_MODE_USER_INTERACTION;
	client.answers_after_ms = 200;
	if (fault)
		add_fault(fault);
	run(NULL, false);
	return now_ms() - since;
}

static void waits_for_its_user(void)
{
	CU_ASSERT(comes_late(NULL) >= 190);
	assert_events(UPDATED);
	CU_ASSERT(comes_late("user-late 400") >= 390);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"user-late\""));
	assert_events("fault.hit " UPDATED);
	CU_ASSERT(comes_late("user-no") >= 190);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"user\":\"no\""));
	assert_events("fault.hit session.declined");
	comes_late("user-never");
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"user\":\"never\""));
	assert_events("fault.hit session.declined");
}

/* A session whose server asks the user; returns how long that took. */
static int64_t is_asked(const char *options, const char *fault)
{
	int64_t since = now_ms();

	begin(SYNCML_12, SYNCML_WBXML);
	dm_tree_set(&client.tree, "./DevDetail/FwV", "2.0");
	server.asks = options;
	client.answers_after_ms = 200;
	if (fault)
		add_fault(fault);
	run(NULL, false);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"outcome\":\"done\""));
	return now_ms() - since;
}

static void has_said(const char *user, const char *status)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(events, user));
	CU_ASSERT_PTR_NOT_NULL(strstr(events, status));
}

static void waits_for_its_user_within_a_session(void)
{
	CU_ASSERT(is_asked("", NULL) >= 190);
	has_said("\"user\":\"yes\"", "\"status\":200");
	assert_events("session.started user.asked session.ended");
	CU_ASSERT(is_asked("MAXDT=2&DR=1", "user-late 400") >= 390);
	has_said("\"user\":\"yes\"", "\"status\":200");
	assert_events("session.started fault.hit user.asked session.ended");
	is_asked("", "user-no");
	has_said("\"user\":\"no\"", "\"status\":304");
	assert_events("session.started fault.hit user.asked session.ended");
	CU_ASSERT(is_asked("MAXDT=1&DR=0", "user-late 60000") < 50000);
	has_said("\"user\":\"never\"", "\"status\":304");
	assert_events("session.started fault.hit user.asked session.ended");
}

static void goes_on_after_a_restart(void)
{
	struct err e;

	begin(SYNCML_12, SYNCML_WBXML);
	CU_ASSERT_EQUAL(dm_fumo_exec(&client.fumo, DM_FUMO_DOWNLOAD_UPDATE,
				     "http://127.0.0.1:1/", "job-7"), 202);
	CU_ASSERT_EQUAL(dm_state_save(state_dir, &device, &e), DM_OK);
	skip_run();
	begin(SYNCML_12, SYNCML_WBXML);
	run(state_dir, true);
	assert_events("download.started download.interrupted "
		      "download.interrupted download.interrupted "
		      "download.interrupted download.failed session.started "
		      "report.sent session.ended");
	CU_ASSERT_STRING_EQUAL(server.result, "503");
	CU_ASSERT_STRING_EQUAL(server.correlator, "job-7");
	begin(SYNCML_12, SYNCML_WBXML);
	CU_ASSERT_EQUAL(dm_state_load(state_dir, &device, &e), DM_OK);
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_REST);
	skip_run();
	remove_state();
}

/* So many at once, the server still answers one after the other. */
static void waits_for_its_turn(void)
{
	static struct device others[3];
	const struct dm_clients_setup setup = {
		.base = base, .report = &report, .http = http,
		.connections = 1,
	};
	struct dm_clients *clients;
	time_t until = time(NULL) + 60;
	size_t n_away;

	begin(SYNCML_12, SYNCML_WBXML);
	dm_tree_set(&client.tree, "./DevDetail/FwV", "2.0");
	clients = dm_clients_new(&setup);
	for (size_t i = 0; i < 3; i++) {
		others[i] = device;
		snprintf(others[i].msisdn, sizeof(others[i].msisdn), "+%zu",
			 i + 1);
		dm_clients_come(clients, &others[i]);
	}
	do {
		event_base_loop(base, EVLOOP_ONCE);
		n_away = 0;
		for (size_t i = 0; i < 3; i++)
			n_away += others[i].session.phase == DM_AWAY;
	} while (n_away < 3 && time(NULL) < until);
	CU_ASSERT_EQUAL(dm_clients_totals(clients).sessions, 3);
	dm_clients_free(clients);
	fclose(report.out);
	assert_events("session.started session.ended session.started "
		      "session.ended session.started session.ended");
}

static CU_TestInfo tests[] = {
	{ "is updated and tells", is_updated_and_tells },
	{ "is updated with DM 1.1.2", is_updated_with_dm_112 },
	{ "goes where its server says", goes_where_its_server_says },
	{ "tells what went wrong", tells_what_went_wrong },
	{ "tells it again", tells_it_again },
	{ "has nothing to do", has_nothing_to_do },
	{ "forgets what failed", forgets_what_failed },
	{ "asks its user", asks_its_user },
	{ "does not ask where it need not", does_not_ask_where_it_need_not },
	{ "waits for its user", waits_for_its_user },
	{ "waits for its user within a session",
	  waits_for_its_user_within_a_session },
	{ "goes on after a restart", goes_on_after_a_restart },
	{ "waits for its turn", waits_for_its_turn },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	int rc = fixture_open();

	if (rc)
		return rc;
	rc = tap_run("dm clients", tests);
	fixture_close();
	return rc;
}
