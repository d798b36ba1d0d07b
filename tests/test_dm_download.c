/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads from a server on the same loop that breaks off or refuses. */
#include "emulator/dm/dm_download.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emulator/mishap.h"
#include "tests/http_server.h"
#include "tests/tap.h"

#define FIRMWARE "dmbox-firmware 2.0\nand octets"

/* sha256sum of FIRMWARE, as base64. */
#define DIGEST "SHA-256=tfCy7TyXnREiAKKIJiFksiGrPklkKzm5IjZhtKSyCY4="

static struct event_base *base;
static struct evhttp *server;
static struct dm_http *http;
static unsigned port;
static char dir[] = "/tmp/dmbox-download.XXXXXX";
static char part[64];			/* the file of the device in dir */

static struct http_file file;
static struct evhttp_request *unanswered;	/* of /silent */

static void on_request(struct evhttp_request *rq, void *arg)
{
	(void)arg;
	if (!strcmp(evhttp_request_get_uri(rq), "/silent") && !unanswered)
		unanswered = rq;
	else
		http_file_send(&file, rq);
}

/* ------------------------------- the device ------------------------------- */

static struct dm_client client;
static struct device device;
static struct report report = { .json = true };
static char *events;
static size_t events_len;
static struct dm_talk_room room;
static struct faults faults;
static const struct mishaps mishaps = { &faults, &report };
static struct event *timer;
static bool ended;

static void begin(const char *path)
{
	char url[100];

	file = (struct http_file){
		.octets = FIRMWARE, .len = strlen(FIRMWARE),
		.etag = "\"1\"", .digest = DIGEST,
	};
	client = (struct dm_client){ .model = "Model 1", .retry_ms = 1 };
	device = (struct device){ .msisdn = "+49170", .client = &client };
	client.fumo.state = DM_FUMO_IDLE;
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/%s", port, path);
	CU_ASSERT_EQUAL(dm_fumo_exec(&client.fumo, DM_FUMO_DOWNLOAD_UPDATE, url,
				     NULL), 202);
	room.state_dir = NULL;
	room.mishaps = &mishaps;
	free(events);
	report.out = open_memstream(&events, &events_len);
}

static void on_end(void *arg)
{
	(void)arg;
	ended = true;
	event_base_loopbreak(base);
}

static struct dm_download *download;

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	dm_download_go_on(download);
}

static void on_wait(void *arg, unsigned ms)
{
	const struct timeval delay = { 0, (suseconds_t)ms * 1000 };

	(void)arg;
	event_add(timer, &delay);
}

/* Wherever it stands. */
static void stop(void)
{
	event_del(timer);
	dm_download_free(download);
	download = NULL;
}

/* Until it ends, or the events have this text. */
static void start(const char *until)
{
	const struct dm_download_watcher w = { on_wait, on_end, NULL };
	const struct timeval tick = { 0, 1000 };

	download = dm_download_start(&room, &device, &w);

	ended = false;
	for (int i = 0; i < 60000 && !ended; i++) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
		fflush(report.out);
		if (until && strstr(events, until))
			break;
	}
}

static void run(void)
{
	start(NULL);
	stop();
	CU_ASSERT(ended);
	CU_ASSERT_PTR_NULL(client.package);
	fclose(report.out);
}

static bool has(const char *text)
{
	return strstr(events, text);
}

static unsigned count(const char *text)
{
	unsigned n = 0;

	for (const char *at = events; (at = strstr(at, text)); at++)
		n++;
	return n;
}

static void assert_done(unsigned n_requests)
{
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_INSTALL);
	CU_ASSERT_STRING_EQUAL(client.fumo.version, "2.0");
	CU_ASSERT(has("download.done"));
	CU_ASSERT_EQUAL(file.n_requests, n_requests);
}

static void assert_failed(unsigned result, unsigned n_requests)
{
	CU_ASSERT_EQUAL(client.fumo.state, DM_FUMO_DOWNLOAD_FAILED);
	CU_ASSERT_EQUAL(client.fumo.result, result);
	CU_ASSERT(has("download.failed"));
	CU_ASSERT_EQUAL(file.n_requests, n_requests);
	CU_ASSERT_EQUAL(count("download.interrupted"),
			n_requests ? n_requests - 1 : DM_DOWNLOAD_TRIES - 1);
}

/* --------------------------------- tests --------------------------------- */

static void fetches_a_package(void)
{
	begin("fw");
	run();
	assert_done(1);
	CU_ASSERT_EQUAL(count("download.started"), 1);
	CU_ASSERT_EQUAL(count("interrupted"), 0);
	CU_ASSERT_STRING_EQUAL(file.range, "");
}

/* 29 octets, so many at a time: the digest is that of all of them. */
static void goes_on_where_it_was(void)
{
	begin("fw");
	file.answer_max = 10;
	run();
	assert_done(3);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=20-");
	CU_ASSERT_EQUAL(count("download.interrupted"), 2);
	CU_ASSERT_EQUAL(count("download.resumed"), 2);
	CU_ASSERT(has("\"octets\":20,\"of\":29"));
	begin("fw");
	file.answer_max = 1;		/* each brings it further */
	run();
	assert_done(29);
}

static void begins_anew_without_a_validator(void)
{
	begin("fw");
	file.etag = NULL;
	file.answer_max = 20;
	run();
	assert_failed(503, DM_DOWNLOAD_TRIES);
	CU_ASSERT_STRING_EQUAL(file.range, "");
	CU_ASSERT(has("the answer breaks off"));
}

/* What has come of the first has nothing to do with the second. */
static void begins_anew_if_it_has_changed(void)
{
	begin("fw");
	file.octets = "dmbox-firmware 1.5\nand others";
	file.etag = "\"0\"";
	file.answer_max = 20;
	client.retry_ms = 50;
	start("interrupted");
	file.octets = FIRMWARE;
	file.etag = "\"1\"";
	file.answer_max = 0;
	stop();
	run();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=20-");
	CU_ASSERT_EQUAL(count("download.resumed"), 0);
}

static void begins_anew_if_it_is_shorter_now(void)
{
	begin("fw");
	file.octets = FIRMWARE "and more of them";
	file.len = strlen(file.octets);
	file.answer_max = strlen(FIRMWARE) + 5;
	start("interrupted");
	stop();
	file.octets = FIRMWARE;
	file.len = strlen(FIRMWARE);
	run();
	CU_ASSERT(has("HTTP status 416"));
	assert_done(3);
	CU_ASSERT_STRING_EQUAL(file.range, "");
}

static void gives_up(void)
{
	begin("fw");
	file.refusal = 503;
	file.n_refusals = 1;
	run();
	assert_done(2);
	begin("fw");
	file.refusal = 500;
	file.n_refusals = 1000;
	run();
	assert_failed(500, DM_DOWNLOAD_TRIES);
	begin("fw");
	file.refusal = 404;
	file.n_refusals = 1000;
	run();
	assert_failed(411, 1);
	begin("fw");
	strcpy(client.fumo.url, "http://127.0.0.1:1/");
	run();
	assert_failed(503, 0);
}

static void looks_at_what_has_come(void)
{
	begin("fw");
	file.answer_max = 10;
	file.digest = "SHA-256=AAAA";
	run();
	CU_ASSERT_EQUAL(client.fumo.result, 402);
	CU_ASSERT(has("digest is another one"));
	begin("fw");
	file.octets = "dmbox-firmware 2.0 Model 2\n";
	file.len = strlen(file.octets);
	file.digest = NULL;
	run();
	assert_failed(403, 1);
	CU_ASSERT(has("for another model"));
	begin("fw");
	file.len = DM_PACKAGE_MAX + 1;	/* or so it says */
	file.answer_max = 10;
	run();
	assert_failed(501, 1);
}

static void survives_a_lost_connection(void)
{
	begin("silent");
	start("started");
	for (int i = 0; i < 60000 && !unanswered; i++)
		event_base_loop(base, EVLOOP_ONCE);
	dm_download_break(download);
	dm_download_break(download);
	while (!ended)
		event_base_loop(base, EVLOOP_ONCE);
	dm_download_break(download);		/* nothing is left to be lost */
	stop();
	fclose(report.out);
	CU_ASSERT_EQUAL(count("the connection is lost"), 1);
	assert_done(1);
	evhttp_send_error(unanswered, 500, "x");
	unanswered = NULL;
}

/* -------------------------------- mishaps -------------------------------- */

static void begin_with(const char *fault)
{
	struct err e;

	begin("fw");
	CU_ASSERT_EQUAL(fault_list_add(&device.faults, fault, &e), DM_OK);
}

static void run_with_faults(void)
{
	run();
	fault_list_clear(&device.faults);
}

/* 40% of 29 octets are 11.6: with 12 octets they are here. */
static void loses_its_connection(void)
{
	begin_with("network-lost 40");
	run_with_faults();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=12-");
	CU_ASSERT_EQUAL(count("fault.hit"), 1);
	CU_ASSERT_EQUAL(count("the connection is lost"), 1);
	begin_with("network-lost 0 1x");
	run_with_faults();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "");
	begin_with("network-lost 0");
	run_with_faults();
	assert_failed(503, DM_DOWNLOAD_TRIES);
}

/* The one behind it is met when the first has passed. */
static void loses_it_again(void)
{
	struct err e;

	begin_with("network-lost 40");
	CU_ASSERT_EQUAL(fault_list_add(&device.faults, "network-lost 80", &e),
			DM_OK);
	run_with_faults();
	assert_done(3);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=24-");
}

static void gets_no_package(void)
{
	begin_with("http-status 503 1x");
	run_with_faults();
	assert_done(1);
	CU_ASSERT_EQUAL(count("\"HTTP status 503\""), 1);
	begin_with("http-status 503");
	run_with_faults();
	CU_ASSERT_EQUAL(count("download.interrupted"), DM_DOWNLOAD_TRIES - 1);
	CU_ASSERT_EQUAL(client.fumo.result, 500);
	begin_with("http-status 404");
	run_with_faults();
	CU_ASSERT_EQUAL(count("download.interrupted"), 0);
	CU_ASSERT_EQUAL(client.fumo.result, 411);
	begin_with("no-space");
	run_with_faults();
	CU_ASSERT_EQUAL(client.fumo.result, 501);
	CU_ASSERT_EQUAL(file.n_requests, 0);
}

static void gets_another_octet(void)
{
	begin_with("corrupted");
	run_with_faults();
	assert_failed(402, 1);
	begin_with("corrupted");
	file.digest = NULL;
	run_with_faults();
	assert_failed(402, 1);
}

/* -------------------------------- restarts -------------------------------- */

/* Ten octets come, and everything is over, as if it were switched off. */
static void stop_half_way(const char *path)
{
	begin(path);
	room.state_dir = dir;
	file.answer_max = 10;
	client.retry_ms = 50;
	start("interrupted");
	stop();
	CU_ASSERT_PTR_NOT_NULL(client.package);
	file.answer_max = 0;
}

static void goes_on_after_power_loss(void)
{
	stop_half_way("fw");
	run();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=10-");
	CU_ASSERT_EQUAL(access(part, F_OK), -1);
}

static void goes_on_after_a_restart(void)
{
	struct stat st;

	stop_half_way("fw");
	CU_ASSERT_EQUAL(stat(part, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	dm_client_drop_package(&client);
	run();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=10-");
	CU_ASSERT_EQUAL(access(part, F_OK), -1);
}

static void does_not_go_on_with_another(void)
{
	stop_half_way("fw");
	dm_client_drop_package(&client);
	fclose(report.out);
	begin("fw2");
	room.state_dir = dir;
	run();
	assert_done(1);
	CU_ASSERT_STRING_EQUAL(file.range, "");
	stop_half_way("fw");
	dm_client_drop_package(&client);
	CU_ASSERT_EQUAL(truncate(part, 10), 0);
	run();
	assert_done(2);
	CU_ASSERT_STRING_EQUAL(file.range, "");
}

static void needs_no_file(void)
{
	begin("fw");
	room.state_dir = "/no/such/folder";
	file.answer_max = 10;
	run();
	assert_done(3);
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=20-");
	CU_ASSERT_EQUAL(count("state.not-saved"), 3);
}

static CU_TestInfo tests[] = {
	{ "fetches a package", fetches_a_package },
	{ "goes on where it was", goes_on_where_it_was },
	{ "begins anew without a validator", begins_anew_without_a_validator },
	{ "begins anew if it has changed", begins_anew_if_it_has_changed },
	{ "begins anew if it is shorter now",
	  begins_anew_if_it_is_shorter_now },
	{ "gives up", gives_up },
	{ "looks at what has come", looks_at_what_has_come },
	{ "survives a lost connection", survives_a_lost_connection },
	{ "loses its connection", loses_its_connection },
	{ "loses it again", loses_it_again },
	{ "gets no package", gets_no_package },
	{ "gets another octet", gets_another_octet },
	{ "goes on after power loss", goes_on_after_power_loss },
	{ "goes on after a restart", goes_on_after_a_restart },
	{ "does not go on with another package", does_not_go_on_with_another },
	{ "needs no file", needs_no_file },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	struct err e;
	int rc;

	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(part, sizeof(part), "%s/49170.part", dir);
	base = event_base_new();
	server = http_server_start(base, on_request, &port);
	http = dm_http_new(base, NULL, &e);
	timer = event_new(base, -1, 0, on_timer, NULL);
	dm_talk_room_init(&room, base, &report, http);
	rc = tap_run("dm download", tests);
	dm_talk_room_free(&room);
	event_free(timer);
	dm_http_free(http);
	evhttp_free(server);
	event_base_free(base);
	libevent_global_shutdown();
	free(events);
	rmdir(dir);
	return rc;
}
