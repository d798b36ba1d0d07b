/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices and a small DM server on one loop: it updates whoever has firmware
 * 1.0, and notes what it hears.
 */
#include "emulator/dm_clients.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "emulator/dm_state.h"
#include "syncml/alert.h"
#include "syncml/compose.h"
#include "syncml/status.h"
#include "tests/http_server.h"
#include "tests/tap.h"

#define PATIENCE_S 60

static struct event_base *base;
static struct evhttp *http_server;
static struct dm_http *http;
static unsigned port;
static char dir[] = "/tmp/dmbox-clients.XXXXXX";

static struct dm_client client;

static const char *firmware(void)
{
	return dm_tree_value(&client.tree, "./DevDetail/FwV");
}

/* ------------------------------- the server ------------------------------- */

static struct {
	const char *package;		/* what it has as /fw */
	const char *content_type;	/* of its answers; NULL: as it came */
	const char *resp_uri;		/* of its answers, with a %u for the
					 * port; NULL: none */
	bool stumbles;			/* over the first result once */
	unsigned n_messages;
	unsigned n_at_resp_uri;		/* of these */
	char firmware[33];		/* that a device has told */
	char result[8];			/* of its update */
	char correlator[33];
	bool own;			/* Alert 1201 came */
} server;

static _Alignas(max_align_t) uint8_t room[2 * SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };

static void note(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void hear(const struct syncml_command *c)
{
	const struct syncml_item *i = c->items;

	if (c->verb == SYNCML_ALERT && c->code == ALERT_CLIENT_INITIATED)
		server.own = true;
	if (c->verb == SYNCML_ALERT && c->code == ALERT_GENERIC) {
		note(server.result, sizeof(server.result), i->data);
		note(server.correlator, sizeof(server.correlator),
		     c->correlator);
	}
	if (c->verb == SYNCML_RESULTS && strstr(i->source, "/FwV"))
		note(server.firmware, sizeof(server.firmware), i->data);
	if (c->verb == SYNCML_RESULTS && strstr(i->source, "/Result"))
		note(server.result, sizeof(server.result), i->data);
}

static void ask(struct compose *c, enum syncml_version version)
{
	const char *at = dm_tree_firmware(version);
	struct syncml_command *get = compose_command(c, SYNCML_GET);

	compose_item(c, get)->target = "./DevDetail/FwV";
	if (version == SYNCML_11)
		compose_item(c, get)->target = compose_text(c, "%s/Result",
							    at);
}

static void order_update(struct compose *c, enum syncml_version version)
{
	const char *at = dm_tree_firmware(version);
	struct syncml_command *replace = compose_command(c, SYNCML_REPLACE);
	struct syncml_command *exec = compose_command(c, SYNCML_EXEC);
	struct syncml_item *i = compose_item(c, replace);

	i->target = compose_text(c, "%s/DownloadAndUpdate/PkgURL", at);
	i->data = compose_text(c, "http://127.0.0.1:%u/fw", port);
	exec->correlator = version == SYNCML_12 ? "job-7" : NULL;
	compose_item(c, exec)->target = compose_text(c,
		"%s/DownloadAndUpdate", at);
}

static void answer(struct compose *c, const struct syncml_message *in)
{
	compose_status(c, in, NULL, STATUS_AUTHENTICATED);
	for (const struct syncml_command *i = in->commands; i; i = i->next) {
		hear(i);
		if (i->verb != SYNCML_STATUS && i->verb != SYNCML_RESULTS)
			compose_status(c, in, i, STATUS_OK);
	}
	if (in->msg_id == 1)
		ask(c, in->version);
	else if (in->msg_id == 2 && !strcmp(server.firmware, "1.0") &&
		 !server.own)
		order_update(c, in->version);
}

static void on_message(struct evhttp_request *rq, const char *type)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(rq);
	struct evbuffer *out = evbuffer_new();
	struct syncml_message in, m;
	enum syncml_encoding encoding = SYNCML_XML;
	static uint8_t octets[WBXML_SCAN_OCTETS_MAX];
	struct compose c;
	struct err e;
	size_t len = 0;

	arena.used = 0;
	CU_ASSERT_EQUAL(syncml_encoding_of(type, &encoding, &e), DM_OK);
	CU_ASSERT_EQUAL_FATAL(syncml_read(&arena, encoding,
		evbuffer_pullup(body, -1), evbuffer_get_length(body), &in,
		&e), DM_OK);
	m = (struct syncml_message){
		.version = in.version, .session_id = in.session_id,
		.msg_id = ++server.n_messages, .target = in.source,
		.source = in.target, .final = true,
	};
	compose_begin(&c, &arena, &m);
	if (server.resp_uri)
		m.resp_uri = compose_text(&c, server.resp_uri, port);
	answer(&c, &in);
	CU_ASSERT_EQUAL(syncml_write(&arena, encoding, &m, octets,
				     sizeof(octets), &len, &e), DM_OK);
	evbuffer_add(out, octets, len);
	evhttp_send_reply(rq, 200, "OK", out);
	evbuffer_free(out);
}

static void on_request(struct evhttp_request *rq, void *arg)
{
	struct evkeyvalq *in = evhttp_request_get_input_headers(rq);
	struct evkeyvalq *out = evhttp_request_get_output_headers(rq);
	const char *type = evhttp_find_header(in, "Content-Type");
	struct evbuffer *body;

	(void)arg;
	if (type && server.stumbles && !strcmp(firmware(), "2.0")) {
		server.stumbles = false;
		evhttp_send_error(rq, 503, "busy");
		return;
	}
	server.n_at_resp_uri += !strcmp(evhttp_request_get_uri(rq), "/dm?s=1");
	if (type) {
		evhttp_add_header(out, "Content-Type", server.content_type ?
				  server.content_type : type);
		on_message(rq, type);
		return;
	}
	body = evbuffer_new();
	evbuffer_add_printf(body, "%s", server.package);
	evhttp_send_reply(rq, 200, "OK", body);
	evbuffer_free(body);
}

/* ------------------------------- the device ------------------------------- */

static struct device device;
static struct config config = { .devices = &device, .n_devices = 1 };
static char *events;
static size_t events_len;
static struct report report = { .json = true };
static struct faults faults;
static const struct mishaps mishaps = { &faults, &report };

static void begin(enum syncml_version version, enum syncml_encoding encoding)
{
	memset(&client, 0, sizeof(client));
	memset(&server, 0, sizeof(server));
	server.package = "dmbox-firmware 2.0\n";
	client.version = version;
	client.encoding = encoding;
	strcpy(client.dev_id, "IMEI:1");
	strcpy(client.firmware, "1.0");
	snprintf(client.url, sizeof(client.url), "http://127.0.0.1:%u/dm",
		 port);
	device = (struct device){ .msisdn = "+49170", .client = &client };
	device.plan.result = DM_PLAN_NO_RESULT;
	strcpy(device.account.server_id, "srv1");
	device.session = (struct dm_session){
		.phase = DM_COMING, .id = 0x104, .has_served = true,
		.served_id = 0x104,
	};
	dm_client_begin(&client, "srv1");
	report.out = open_memstream(&events, &events_len);
}

/* Until the device is away again. */
static void run(const char *state_dir, bool resume)
{
	const struct dm_clients_setup setup = {
		.base = base, .report = &report, .http = http,
		.state_dir = state_dir, .mishaps = &mishaps,
		.connections = 1,
	};
	const struct timeval tick = { 0, 10000 };
	struct dm_clients *clients = dm_clients_new(&setup);
	time_t until = time(NULL) + PATIENCE_S;
	const struct device *where;
	struct err e;

	if (resume)
		CU_ASSERT_EQUAL(dm_clients_resume(clients, &config, &where,
						  &e), DM_OK);
	if (!resume)
		dm_clients_come(clients, &device);
	while (device.session.phase != DM_AWAY && time(NULL) < until) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	CU_ASSERT_EQUAL(device.session.phase, DM_AWAY);
	dm_clients_free(clients);
	fclose(report.out);
}

/* The names of the events, in their order. */
static void assert_events(const char *want)
{
	char got[1000] = "";

	for (const char *at = events; (at = strstr(at, "\"event\":\"")); ) {
		size_t len = strcspn(at += 9, "\"");

		snprintf(got + strlen(got), sizeof(got) - strlen(got),
			 "%s%.*s", *got ? " " : "", (int)len, at);
	}
	CU_ASSERT_STRING_EQUAL(got, want);
	if (strcmp(got, want))
		printf("# %s\n", events);
	free(events);
	events = NULL;
}

#define UPDATED "session.started session.ended download.started " \
	"download.progress download.done update.installed session.started " \
	"report.sent session.ended"
#define NOT_UPDATED "session.started session.ended download.started " \
	"download.progress download.failed session.started report.sent " \
	"session.ended"

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
	server.package = "something else";
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
	struct err e;

	begin(SYNCML_12, SYNCML_WBXML);
	device.session.ui_mode = UI_MODE_USER_INTERACTION;
	client.answers_after_ms = 200;
	if (fault)
		CU_ASSERT_EQUAL(fault_list_add(&device.faults, fault, &e),
				DM_OK);
	run(NULL, false);
	fault_list_clear(&device.faults);
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

static void goes_on_after_a_restart(void)
{
	char path[100];
	struct err e;

	begin(SYNCML_12, SYNCML_WBXML);
	CU_ASSERT_EQUAL(dm_fumo_exec(&client.fumo, DM_FUMO_DOWNLOAD_UPDATE,
				     "http://127.0.0.1:1/", "job-7"), 202);
	CU_ASSERT_EQUAL(dm_state_save(dir, &device, &e), DM_OK);
	fclose(report.out);
	free(events);
	begin(SYNCML_12, SYNCML_WBXML);
	run(dir, true);
	assert_events("download.started download.interrupted "
		      "download.interrupted download.interrupted "
		      "download.interrupted download.failed session.started "
		      "report.sent session.ended");
	CU_ASSERT_STRING_EQUAL(server.result, "503");
	CU_ASSERT_STRING_EQUAL(server.correlator, "job-7");
	begin(SYNCML_12, SYNCML_WBXML);
	CU_ASSERT_EQUAL(dm_state_load(dir, &device, &e), DM_OK);
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_REST);
	fclose(report.out);
	free(events);
	snprintf(path, sizeof(path), "%s/49170.json", dir);
	CU_ASSERT_EQUAL(unlink(path), 0);
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
	time_t until = time(NULL) + PATIENCE_S;
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
	{ "goes on after a restart", goes_on_after_a_restart },
	{ "waits for its turn", waits_for_its_turn },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	struct err e;
	int rc;

	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	base = event_base_new();
	http_server = http_server_start(base, on_request, &port);
	http = dm_http_new(base, NULL, &e);
	rc = tap_run("dm clients", tests);
	rmdir(dir);
	dm_http_free(http);
	evhttp_free(http_server);
	event_base_free(base);
	libevent_global_shutdown();
	return rc;
}
