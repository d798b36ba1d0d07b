/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/dm_clients_fixture.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "emulator/network.h"
#include "syncml/alert.h"
#include "syncml/compose.h"
#include "syncml/status.h"
#include "tests/tap.h"

#define PATIENCE_S 60

static struct evhttp *http_server;
static unsigned port;
static struct network *network;

struct event_base *base;
struct dm_http *http;
char state_dir[] = "/tmp/dmbox-clients.XXXXXX";
struct small_dm_server server;
struct dm_client client;
struct device device;
unsigned off_ms;
struct report report = { .json = true };
char *events;

const char *firmware(void)
{
	return dm_tree_value(&client.tree, "./DevDetail/FwV");
}

/* ------------------------------- the server ------------------------------- */

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
		server.n_results++;
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

static void ask_user(struct compose *c)
{
	struct syncml_command *alert = compose_command(c, SYNCML_ALERT);

	alert->code = ALERT_CONFIRM;
	compose_item(c, alert)->data = server.asks;
	compose_item(c, alert)->data = "May I?";
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
	if (in->msg_id == 1 && server.asks)
		ask_user(c);
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

	(void)arg;
	if (type && server.stumbles && !strcmp(firmware(), "2.0")) {
		server.stumbles = false;
		evhttp_send_error(rq, 503, "busy");
		return;
	}
	if (type ? server.n_messages + 1 == server.cuts_off_at :
		   server.cuts_off_package) {
		server.cuts_off_package = false;
		network_lose(network, &device, REACH_DATA, 20);
	}
	server.n_at_resp_uri += !strcmp(evhttp_request_get_uri(rq), "/dm?s=1");
	if (type) {
		evhttp_add_header(out, "Content-Type", server.content_type ?
				  server.content_type : type);
		on_message(rq, type);
		return;
	}
	http_file_send(&server.package, rq);
}

/* ------------------------------- the device ------------------------------- */

static struct config config = { .devices = &device, .n_devices = 1 };
static size_t events_len;
static struct faults faults;		/* none but the device's own */
static const struct mishaps mishaps = { &faults, &report };

void begin(enum syncml_version version, enum syncml_encoding encoding)
{
	memset(&client, 0, sizeof(client));
	memset(&server, 0, sizeof(server));
	server.package = (struct http_file){
		.octets = "dmbox-firmware 2.0\n", .len = 19, .etag = "\"1\"",
	};
	client.retry_ms = 1;
	off_ms = 0;
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

void add_fault(const char *rule)
{
	struct err e;

	CU_ASSERT_EQUAL(fault_list_add(&device.faults, rule, &e), DM_OK);
}

static bool has_business(void)
{
	return device.session.phase != DM_AWAY || !reach_is_on(&device.reach);
}

static void end_run(void)
{
	fault_list_clear(&device.faults);
	dm_client_drop_package(&client);
	fclose(report.out);
}

void run(const char *dir, bool resume)
{
	struct dm_clients_setup setup = {
		.base = base, .report = &report, .http = http,
		.state_dir = dir, .mishaps = &mishaps, .connections = 1,
	};
	const struct timeval tick = { 0, 10000 };
	struct dm_clients *clients;
	time_t until = time(NULL) + PATIENCE_S;
	const struct device *where;
	struct err e;

	setup.network = network = network_new(base, &mishaps);
	clients = dm_clients_new(&setup);
	if (resume)
		CU_ASSERT_EQUAL(dm_clients_resume(clients, &config, &where,
						  &e), DM_OK);
	if (!resume)
		dm_clients_come(clients, &device);
	if (off_ms)
		network_lose(network, &device, REACH_POWER, off_ms);
	while (has_business() && time(NULL) < until) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	CU_ASSERT(!has_business());
	dm_clients_free(clients);
	network_free(network);
	end_run();
}

void skip_run(void)
{
	end_run();
	free(events);
	events = NULL;
}

void assert_events(const char *want)
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

void remove_state(void)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/49170.json", state_dir);
	CU_ASSERT_EQUAL(unlink(path), 0);
}

int fixture_open(void)
{
	struct err e;

	if (!mkdtemp(state_dir))
		return EXIT_FAILURE;
	base = event_base_new();
	http_server = http_server_start(base, on_request, &port);
	http = dm_http_new(base, NULL, &e);
	return 0;
}

void fixture_close(void)
{
	rmdir(state_dir);
	dm_http_free(http);
	evhttp_free(http_server);
	event_base_free(base);
	libevent_global_shutdown();
}
