/* SPDX-License-Identifier: Apache-2.0 */
/* Reports to a dmboxd that is played by the test, on the same loop. */
#include "emulator/dm/dm_report.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/tap.h"

#define PATH "test_dm_report.sock"

static struct event_base *base;
static struct dm_report *dm_report;
static struct report events;
static char *events_text;
static size_t events_len;

/* ------------------------------ the server ------------------------------ */

static struct evconnlistener *listener;
static struct bufferevent *client;	/* who is connected */
static unsigned n_connections;
static json_t *request;			/* the last line, or NULL */
static unsigned n_requests;

static void hear(struct bufferevent *bev, void *arg)
{
	char *line;

	(void)arg;
	while ((line = evbuffer_readln(bufferevent_get_input(bev), NULL,
				       EVBUFFER_EOL_LF))) {
		json_decref(request);
		request = json_loads(line, 0, NULL);
		CU_ASSERT_PTR_NOT_NULL(request);
		n_requests++;
		free(line);
	}
}

static void hang_up(void)
{
	if (client)
		bufferevent_free(client);
	client = NULL;
}

static void on_end(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	(void)arg;
	hang_up();
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd,
		      struct sockaddr *a, int len, void *arg)
{
	(void)l;
	(void)a;
	(void)len;
	(void)arg;
	n_connections++;
	client = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(client, hear, NULL, on_end, NULL);
	bufferevent_enable(client, EV_READ | EV_WRITE);
}

static void listen_now(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = PATH };

	unlink(PATH);
	listener = evconnlistener_new_bind(base, on_accept, NULL,
		LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&a, sizeof(a));
	CU_ASSERT_PTR_NOT_NULL_FATAL(listener);
}

static void say(const char *text)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(client);
	bufferevent_write(client, text, strlen(text));
}

/* To the last request but so many. */
static void answer(json_int_t before, const char *rest)
{
	char text[300];

	snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":%lld,%s}\n",
		 (long long)(json_integer_value(json_object_get(request,
							        "id")) -
			     before), rest);
	say(text);
}

/* ------------------------------- the test ------------------------------- */

static void begin(void)
{
	unlink(PATH);
	n_connections = n_requests = 0;
	base = event_base_new();
	events = (struct report){
		.out = open_memstream(&events_text, &events_len),
	};
	dm_report = dm_report_new(base, PATH, &events);
}

static void end(void)
{
	dm_report_free(dm_report);
	hang_up();
	if (listener)
		evconnlistener_free(listener);
	listener = NULL;
	json_decref(request);
	request = NULL;
	event_base_free(base);
	fclose(events.out);
	free(events_text);
	unlink(PATH);
}

static void put(uint16_t session_id, bool ended)
{
	const struct dm_news news = {
		.msisdn = "+49170", .server_id = "srv",
		.session_id = session_id, .ended = ended, .result = 200,
		.alert_type = "org.example",
	};

	dm_report_put(dm_report, &news);
}

static unsigned n_told(const char *text)
{
	unsigned n = 0;

	fflush(events.out);
	for (const char *at = events_text; (at = strstr(at, text)); at++)
		n++;
	return n;
}

/* Runs the loop until *counter is n; some seconds at most. */
static void await(const unsigned *counter, unsigned n)
{
	const struct timeval tick = { 0, 10000 };

	for (int i = 0; i < 2000 && *counter < n; i++) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	CU_ASSERT_EQUAL_FATAL(*counter, n);
}

static void await_told(const char *text, unsigned n)
{
	const struct timeval tick = { 0, 10000 };

	for (int i = 0; i < 2000 && n_told(text) < n; i++) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	CU_ASSERT_EQUAL_FATAL(n_told(text), n);
}

static const char *param(const char *key)
{
	return json_string_value(json_object_get(
			json_object_get(request, "params"), key));
}

static json_int_t number(const char *key)
{
	return json_integer_value(json_object_get(
			json_object_get(request, "params"), key));
}

static void tells_of_start_and_end(void)
{
	begin();
	listen_now();
	put(0x0104, false);
	await(&n_requests, 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(
			request, "method")), "session.report");
	CU_ASSERT_STRING_EQUAL(param("to"), "+49170");
	CU_ASSERT_STRING_EQUAL(param("server-id"), "srv");
	CU_ASSERT_STRING_EQUAL(param("event"), "started");
	CU_ASSERT_EQUAL(number("session-id"), 0x0104);
	CU_ASSERT_PTR_NULL(json_object_get(json_object_get(
			request, "params"), "result"));
	put(0x0104, true);
	await(&n_requests, 2);
	CU_ASSERT_STRING_EQUAL(param("event"), "ended");
	CU_ASSERT_EQUAL(number("result"), 200);
	CU_ASSERT_STRING_EQUAL(param("alert-type"), "org.example");
	answer(0, "\"result\":{\"job\":\"7\",\"state\":\"done\"}");
	answer(1, "\"error\":{\"code\":-32001,\"message\":\"no such job\"}");
	await_told("report accepted reported=ended session-id=0x0104 job=7 "
		   "state=done", 1);
	await_told("report refused reported=started session-id=0x0104 "
		   "code=-32001 reason=\"no such job\"", 1);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).accepted, 1);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).refused, 1);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).waiting, 0);
	end();
}

static void waits_for_a_server_and_says_so_once(void)
{
	begin();
	put(1, false);
	put(2, false);
	CU_ASSERT_EQUAL(n_told("dmboxd away socket=" PATH " waiting=1 "), 1);
	listen_now();
	await(&n_requests, 2);
	CU_ASSERT_EQUAL(number("session-id"), 2);
	answer(1, "\"result\":{}");
	answer(0, "\"result\":{}");
	await_told("report accepted", 2);
	CU_ASSERT_EQUAL(n_told("dmboxd away"), 1);
	end();
}

static void tells_again_what_was_not_answered(void)
{
	begin();
	listen_now();
	put(1, false);
	put(2, false);
	await(&n_requests, 2);
	answer(1, "\"result\":{}");
	await_told("report accepted", 1);
	hang_up();
	await(&n_requests, 3);
	CU_ASSERT_EQUAL(n_connections, 2);
	CU_ASSERT_EQUAL(number("session-id"), 2);
	CU_ASSERT_EQUAL(n_told("dmboxd away"), 1);
	answer(0, "\"result\":{}");
	await_told("report accepted", 2);
	hang_up();
	put(3, false);
	await(&n_requests, 4);
	CU_ASSERT_EQUAL(number("session-id"), 3);
	end();
}

static void tells_again_what_passes(void)
{
	begin();
	listen_now();
	put(1, false);
	await(&n_requests, 1);
	answer(0, "\"error\":{\"code\":-32003,\"message\":\"full\"}");
	await(&n_requests, 2);
	CU_ASSERT_EQUAL(n_told("reason=full"), 1);
	answer(0, "\"result\":{}");
	await_told("report accepted", 1);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).refused, 0);
	end();
}

static void leaves_a_server_that_talks_nonsense(void)
{
	static const char *const nonsense[] = {
		"hello\n", "[]\n", "{\"id\":4711,\"result\":{}}\n",
		"{\"id\":\"1\"}\n",
	};
	size_t n = sizeof(nonsense) / sizeof(nonsense[0]);

	begin();
	listen_now();
	put(1, false);
	for (unsigned i = 0; i < n; i++) {
		await(&n_requests, i + 1);
		say(nonsense[i]);
	}
	await(&n_requests, (unsigned)n + 1);
	CU_ASSERT_EQUAL(n_connections, n + 1);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).waiting, 1);
	end();
}

static void keeps_its_window(void)
{
	begin();
	listen_now();
	for (unsigned i = 0; i < DM_REPORT_WINDOW + 1; i++)
		put((uint16_t)(i + 1), false);
	await(&n_requests, DM_REPORT_WINDOW);
	CU_ASSERT_EQUAL(number("session-id"), DM_REPORT_WINDOW);
	answer(0, "\"result\":{}");
	await(&n_requests, DM_REPORT_WINDOW + 1);
	end();
}

static void loses_what_is_too_much(void)
{
	begin();
	for (unsigned i = 0; i < DM_REPORTS_MAX + 2; i++)
		put(1, false);
	CU_ASSERT_EQUAL(n_told("report lost waiting=100000"), 2);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).lost, 2);
	CU_ASSERT_EQUAL(dm_report_totals(dm_report).waiting, DM_REPORTS_MAX);
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "tells of start and end", tells_of_start_and_end },
		{ "waits for a server and says so once",
		  waits_for_a_server_and_says_so_once },
		{ "tells again what was not answered",
		  tells_again_what_was_not_answered },
		{ "tells again what passes", tells_again_what_passes },
		{ "leaves a server that talks nonsense",
		  leaves_a_server_that_talks_nonsense },
		{ "keeps its window", keeps_its_window },
		{ "loses what is too much", loses_what_is_too_much },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run("dm_report", tests);
}
