/* SPDX-License-Identifier: Apache-2.0 */
/* event.subscribe, with a real store behind the socket. */
#include "gateway/api/subscribe.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/store/store_events.h"
#include "tests/api_fixture.h"
#include "tests/store_fixture.h"

static struct methods methods;
static struct event *back;

static void on_back(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	store_poll(store);
	subscribe_wake(&methods);
}

static const struct api_method_entry table[] = {
	{ "event.subscribe", method_event_subscribe },
	{ NULL, NULL },
};

static void listen_on(void)
{
	methods = (struct methods){ .store = store };
	snprintf(api_path, sizeof(api_path), "%s/s", store_dir);
	api_start_with(table, &methods);
	back = event_new(base, store_fd(store), EV_READ | EV_PERSIST, on_back,
			 NULL);
	event_add(back, NULL);
}

static void begin(void)
{
	store_start();
	listen_on();
}

/* As dmboxd does it: the store is closed while clients are there. */
static void end(void)
{
	api_stop(api);
	event_free(back);
	store_stop();
	turn();
	api_free(api);
	CU_ASSERT_PTR_NULL(methods.subscribers);
	event_base_free(base);
}

/* The fixture's functions poll the store themselves. */
static void told(void)
{
	subscribe_wake(&methods);
	turn();
}

static unsigned n_out;

static void free_done(struct store_op *op)
{
	n_out--;
	free(op);
}

static void add_many(unsigned n)
{
	add(1);
	for (n_out = 0; n_out + 1 < n; n_out++) {
		struct store_submit *s = malloc(sizeof(*s));

		*s = submit;
		new_device(s);
		s->op.done = free_done;
		store_push(store, &s->op);
	}
	while (n_out > 0)
		turn();
}

#define SUBSCRIBE(params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":" \
	"\"event.subscribe\",\"params\":{" params "}}\n"
#define CURSOR(n) "{\"jsonrpc\":\"2.0\",\"result\":{\"cursor\":" n "},\"id\":1}"

/* Is the next line this event? */
static bool hears_event(int fd, int64_t cursor, const char *event)
{
	const char *line = client_hear(fd);
	json_t *o = line ? json_loads(line, 0, NULL) : NULL;
	json_t *params = json_object_get(o, "params");
	const char *got = json_string_value(json_object_get(params, "event"));
	bool same = got && !strcmp(got, event) &&
		json_integer_value(json_object_get(params, "cursor")) ==
		cursor;

	if (!same)
		printf("# got  %.200s\n# want %lld %s\n", line ? line : "-",
		       (long long)cursor, event);
	json_decref(o);
	return same;
}

static bool is_refused(int fd, const char *code, const char *why)
{
	const char *line = client_hear(fd);

	if (line && strstr(line, code) && strstr(line, why))
		return true;
	printf("# got  %.300s\n# want %s, %s\n", line ? line : "-", code, why);
	return false;
}

/* ------------------------------- following ------------------------------- */

static void what_happens_is_told(void)
{
	int64_t id;
	int fd;

	begin();
	add(1);
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("")));
	CU_ASSERT(hears(fd, CURSOR("1")));
	id = add_with(1, same_device);
	told();
	CU_ASSERT(hears_event(fd, 2, "job.accepted"));
	CU_ASSERT_PTR_NULL(client_hear(fd));
	claim_at(T0, 64);
	take_all(id, 1);
	told();
	CU_ASSERT(hears_event(fd, 3, "job.pushed"));
	cancel_job(id);
	told();
	CU_ASSERT(hears(fd, "{\"jsonrpc\":\"2.0\",\"method\":\"event\","
		"\"params\":{\"cursor\":4,"
		"\"time\":\"2023-11-14T22:13:20.030Z\","
		"\"event\":\"job.cancelled\",\"job\":\"2\","
		"\"method\":\"notify\",\"to\":\"" TO "\","
		"\"server-id\":\"" SERVER_ID "\",\"state\":\"cancelled\","
		"\"reached\":\"taken\",\"attempt\":1,"
		"\"reason\":\"cancelled by client 0\","
		"\"session-id\":1,\"session-id-text\":\"1\"}}"));
	close(fd);
	end();
}

static void a_cursor_says_where_it_begins(void)
{
	int fd;

	begin();
	for (int i = 0; i < 3; i++)
		add(1);
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("\"after\":1")));
	CU_ASSERT(hears(fd, CURSOR("1")));
	CU_ASSERT(hears_event(fd, 2, "job.accepted"));
	CU_ASSERT(hears_event(fd, 3, "job.accepted"));
	CU_ASSERT_PTR_NULL(client_hear(fd));
	close(fd);
	end();
}

static void a_restart_loses_nothing(void)
{
	int fd;

	begin();
	add(1);
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("\"after\":0")));
	CU_ASSERT(hears(fd, CURSOR("0")));
	CU_ASSERT(hears_event(fd, 1, "job.accepted"));
	add(1);
	end();
	CU_ASSERT(hears(fd, ""));
	close(fd);
	store_reopen();
	add(1);
	listen_on();
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("\"after\":1")));
	CU_ASSERT(hears(fd, CURSOR("1")));
	CU_ASSERT(hears_event(fd, 2, "job.accepted"));
	CU_ASSERT(hears_event(fd, 3, "job.accepted"));
	close(fd);
	end();
}

static void each_client_has_its_own(void)
{
	int early, late;

	begin();
	early = client_new();
	CU_ASSERT(client_say(early, SUBSCRIBE("")));
	CU_ASSERT(hears(early, CURSOR("0")));
	cancel_job(add(1));
	late = client_new();
	CU_ASSERT(client_say(late, SUBSCRIBE("\"states\":[\"cancelled\","
					     "\"done\"],\"after\":0")));
	CU_ASSERT(hears(late, CURSOR("0")));
	told();
	CU_ASSERT(hears_event(late, 2, "job.cancelled"));
	CU_ASSERT(hears_event(early, 1, "job.accepted"));
	CU_ASSERT(hears_event(early, 2, "job.cancelled"));
	close(early);
	turn();
	add(1);
	cancel_job(add(1));
	told();
	CU_ASSERT(hears_event(late, 5, "job.cancelled"));
	CU_ASSERT_PTR_NULL(client_hear(late));
	close(late);
	turn();
	CU_ASSERT_PTR_NULL(methods.subscribers);
	end();
}

static void a_filter_may_pass_over_thousands(void)
{
	int fd;

	begin();
	add_many(1000);
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("\"after\":0,\"job\":\"999\","
					   "\"to\":\"491700000998\"")));
	CU_ASSERT(hears(fd, CURSOR("0")));
	CU_ASSERT(hears_event(fd, 999, "job.accepted"));
	CU_ASSERT_PTR_NULL(client_hear(fd));
	close(fd);
	end();
}

/* ------------------------------ slow clients ------------------------------ */

#define LINE_LEN_MAX 400

/* Octets that are on their way to a client that does not read. */
static size_t octets_for(int fd)
{
	static char text[65536];
	size_t len = 0;
	ssize_t n;

	api_stop(api);		/* no further page */
	do {
		turn();
		n = read(fd, text, sizeof(text));
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return len;
}

static void one_that_never_reads_holds_up_nobody(void)
{
	enum { N = 4000 };
	int lazy, other, in_system;

	begin();
	lazy = client_new();
	other = client_new();
	CU_ASSERT(client_say(lazy, SUBSCRIBE("\"after\":0")));
	CU_ASSERT(client_say(other, SUBSCRIBE("\"after\":0")));
	CU_ASSERT(hears(other, CURSOR("0")));
	add_many(N);
	for (int i = 1; i <= N; i++)
		CU_ASSERT_FATAL(hears_event(other, i, "job.accepted"));
	CU_ASSERT_EQUAL(ioctl(lazy, FIONREAD, &in_system), 0);
	CU_ASSERT(in_system < N * 200);
	CU_ASSERT(octets_for(lazy) < (size_t)in_system + API_STREAM_MAX +
		  STORE_EVENTS_MAX * LINE_LEN_MAX);
	close(lazy);
	close(other);
	end();
}

static void one_that_reads_late_gets_all_of_it(void)
{
	enum { N = 4000 };
	int fd;

	begin();
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("")));
	add_many(N);
	for (int i = 0; i < 50; i++)
		turn();
	CU_ASSERT(hears(fd, CURSOR("0")));
	for (int i = 1; i <= N; i++)
		CU_ASSERT_FATAL(hears_event(fd, i, "job.accepted"));
	close(fd);
	end();
}

static void who_is_too_slow_is_told_what_is_lost(void)
{
	int64_t last = 0;
	const char *line;
	int fd;

	begin();
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("")));
	add_many(4000);
	store_run_sql("DELETE FROM events WHERE cursor <= 3990");
	CU_ASSERT(hears(fd, CURSOR("0")));
	while ((line = client_hear(fd)) && !strstr(line, "event.lost"))
		last++;
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT(last > 0 && last < 3990);
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"oldest\":3990,\"reason\":"));
	for (int i = 3991; i <= 4000; i++)
		CU_ASSERT(hears_event(fd, i, "job.accepted"));
	close(fd);
	end();
}

/* Four jobs, whose first three events are not kept. */
static void begin_pruned(void)
{
	store_start();
	for (int i = 0; i < 4; i++)
		add(1);
	store_stop();
	store_run_sql("DELETE FROM events WHERE cursor < 4");
	store_reopen();
	listen_on();
}

/* Too old; or from a queue that went further than the backup that runs now. */
static void a_cursor_of_another_time_goes_on_with_the_oldest(void)
{
	static const struct {
		const char *request, *lost;
	} cases[] = {
		{ SUBSCRIBE("\"after\":2"), "{\"after\":2,\"oldest\":3,"
			"\"reason\":\"2 is not kept any more\"}" },
		{ SUBSCRIBE("\"after\":5"), "{\"after\":5,\"oldest\":3,"
			"\"reason\":\"5 has not been reached\"}" },
	};

	begin_pruned();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = client_new();
		const char *line;

		CU_ASSERT(client_say(fd, cases[i].request));
		CU_ASSERT(hears(fd, CURSOR("3")));
		line = client_hear(fd);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line);
		CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"event.lost\""));
		CU_ASSERT_PTR_NOT_NULL(strstr(line, cases[i].lost));
		CU_ASSERT(hears_event(fd, 4, "job.accepted"));
		close(fd);
		turn();
	}
	end();
}

/* -------------------------------- refusals -------------------------------- */

static void what_is_wrong_is_refused(void)
{
	static const struct {
		const char *request, *why;
	} cases[] = {
		{ SUBSCRIBE("\"after\":-1"), "after: -1, allowed: 0 or more" },
		{ SUBSCRIBE("\"after\":\"1\""), "after: a string" },
		{ SUBSCRIBE("\"job\":\"x\""), "job: " },
		{ SUBSCRIBE("\"to\":\"dev1\""), "to: " },
		{ SUBSCRIBE("\"states\":[]"), "states: 0, allowed: 1 to 7" },
		{ SUBSCRIBE("\"states\":[\"over\"]"), "states: \\\"over\\\"" },
		{ SUBSCRIBE("\"state\":\"done\""), "state: unknown field" },
	};
	int fd;

	begin_pruned();
	fd = client_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CU_ASSERT(client_say(fd, cases[i].request));
		CU_ASSERT(is_refused(fd, "-32602", cases[i].why));
		CU_ASSERT_PTR_NULL(methods.subscribers);
	}
	CU_ASSERT(client_say(fd, SUBSCRIBE("\"after\":3")));
	CU_ASSERT(hears(fd, CURSOR("3")));
	CU_ASSERT(hears_event(fd, 4, "job.accepted"));
	close(fd);
	end();
}

static void one_a_connection_and_none_in_a_batch(void)
{
	int fd;

	begin();
	fd = client_new();
	CU_ASSERT(client_say(fd, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
			     "\"event.subscribe\"}]\n"));
	CU_ASSERT(is_refused(fd, "-32602", "it came in a batch"));
	CU_ASSERT(client_say(fd, SUBSCRIBE("") SUBSCRIBE("")));
	CU_ASSERT(is_refused(fd, "-32002", "has a stream already"));
	CU_ASSERT(hears(fd, CURSOR("0")));
	add(1);
	told();
	CU_ASSERT(hears_event(fd, 1, "job.accepted"));
	close(fd);
	end();
}

/* -------------------------------- goodbyes -------------------------------- */

static void its_end_of_input_ends_it(void)
{
	int fd;

	begin();
	fd = client_new();
	CU_ASSERT(client_say(fd, SUBSCRIBE("")));
	CU_ASSERT(hears(fd, CURSOR("0")));
	shutdown(fd, SHUT_WR);
	CU_ASSERT(hears(fd, ""));
	CU_ASSERT_PTR_NULL(methods.subscribers);
	close(fd);
	end();
}

static void misbehave(uint64_t *state, int fds[CLIENTS_MAX])
{
	static const char *const texts[] = {
		SUBSCRIBE(""), SUBSCRIBE("\"after\":0"),
		SUBSCRIBE("\"after\":9"),
		SUBSCRIBE("\"states\":[\"waiting\"]"), "{\n",
	};
	size_t i = tap_random_below(state, CLIENTS_MAX);
	const char *text = texts[tap_random_below(state, 5)];
	char octets[4096];

	if (fds[i] < 0)
		fds[i] = client_new();
	switch (tap_random_below(state, 9)) {
	case 0:
		close(fds[i]);
		fds[i] = -1;
		break;
	case 1:
		shutdown(fds[i], SHUT_WR);
		break;
	case 2:
		add(1);
		break;
	case 3:
		cancel_job(1 + (int64_t)tap_random_below(state, 30));
		break;
	case 4:
		(void)!read(fds[i], octets, sizeof(octets));
		break;
	default:
		(void)!write(fds[i], text, strlen(text));
	}
	if (tap_random_below(state, 3))
		told();
}

static void survive(uint64_t *state)
{
	int fds[CLIENTS_MAX] = { -1, -1, -1, -1 };

	begin();
	for (unsigned i = 0; i < 200; i++)
		misbehave(state, fds);
	if (tap_random_below(state, 2)) {	/* else they are there still */
		for (unsigned i = 0; i < CLIENTS_MAX; i++)
			close(fds[i]);
		CU_ASSERT_EQUAL(status_at(T0), DM_OK);
		turn();
		CU_ASSERT_EQUAL(status_at(T0), DM_OK);
		turn();
		CU_ASSERT_PTR_NULL(methods.subscribers);
		end();
		return;
	}
	end();
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		close(fds[i]);
}

static void it_survives_clients_that_come_and_go(void)
{
	tap_property(20, survive);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return store_tests("subscribe", (CU_TestInfo[]){
		{ "what happens is told", what_happens_is_told },
		{ "a cursor says where it begins",
		  a_cursor_says_where_it_begins },
		{ "a restart loses nothing", a_restart_loses_nothing },
		{ "each client has its own", each_client_has_its_own },
		{ "a filter may pass over thousands",
		  a_filter_may_pass_over_thousands },
		{ "one that never reads holds up nobody",
		  one_that_never_reads_holds_up_nobody },
		{ "one that reads late gets all of it",
		  one_that_reads_late_gets_all_of_it },
		{ "who is too slow is told what is lost",
		  who_is_too_slow_is_told_what_is_lost },
		{ "a cursor of another time goes on with the oldest",
		  a_cursor_of_another_time_goes_on_with_the_oldest },
		{ "what is wrong is refused", what_is_wrong_is_refused },
		{ "one a connection, and none in a batch",
		  one_a_connection_and_none_in_a_batch },
		{ "its end of input ends it", its_end_of_input_ends_it },
		{ "it survives clients that come and go",
		  it_survives_clients_that_come_and_go },
		CU_TEST_INFO_NULL,
	});
}
