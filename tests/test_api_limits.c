/* SPDX-License-Identifier: Apache-2.0 */
/* The API against clients that send too much, read nothing, or go away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/api_fixture.h"

#define CALL(method, id) \
	"{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"" method "\"}"
#define NULLED(id) "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":" id "}"

/* ------------------------------ long lines ------------------------------ */

static void hears_that_it_is_too_long(int fd)
{
	const char *answer = client_hear(fd);

	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "-32600"));
	CU_ASSERT_PTR_NOT_NULL(strstr(answer,
				      "more than 1048576 octets, allowed"));
}

static void a_line_of_1_mib_is_taken(void)
{
	char *line = long_line(' ', RPC_LINE_MAX);
	int fd;

	api_start();
	fd = client_new();
	memcpy(line, CALL("echo", "1"), strlen(CALL("echo", "1")));
	CU_ASSERT(client_say(fd, line));
	CU_ASSERT(hears(fd, NULLED("1")));
	close(fd);
	free(line);
	api_end();
}

static void a_longer_line_is_answered_once_and_skipped(void)
{
	static const size_t lens[] = {
		RPC_LINE_MAX + 1, RPC_LINE_MAX + 20000, 3 * RPC_LINE_MAX + 7,
	};
	int fd;

	api_start();
	fd = client_new();
	for (size_t i = 0; i < 3; i++) {
		char *line = long_line('[', lens[i]);

		CU_ASSERT(client_say(fd, line));
		hears_that_it_is_too_long(fd);
		CU_ASSERT(client_say(fd, CALL("echo", "1") "\n"));
		CU_ASSERT(hears(fd, NULLED("1")));
		free(line);
	}
	CU_ASSERT_EQUAL(n_echo, 3);
	close(fd);
	api_end();
}

static void a_line_without_end_costs_nothing(void)
{
	char *line = long_line('x', RPC_LINE_MAX);
	int fd;

	api_start();
	fd = client_new();
	for (unsigned i = 0; i < 20; i++)
		CU_ASSERT(client_send(fd, line, RPC_LINE_MAX));
	hears_that_it_is_too_long(fd);
	CU_ASSERT_PTR_NULL(client_hear(fd));
	shutdown(fd, SHUT_WR);
	CU_ASSERT(hears(fd, ""));
	close(fd);
	free(line);
	api_end();
}

/* ----------------------- clients that do not read ----------------------- */

static void who_does_not_read_is_not_read_from(void)
{
	enum { N = 200, LEN = 64 * 1024 };
	char *line = malloc(LEN + 100);
	unsigned sent = 0, heard = 0, before;
	const char *answer;
	int fd;

	api_start();
	fd = client_new();
	snprintf(line, LEN + 100, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
		 "\"echo\",\"params\":{\"x\":\"%0*d\"}}\n", LEN, 0);
	while (sent < N && client_say(fd, line))
		sent++;
	CU_ASSERT(sent < N);
	CU_ASSERT((size_t)n_echo * LEN < 3 * API_ANSWERS_MAX);
	before = n_echo;
	turn();
	CU_ASSERT_EQUAL(n_echo, before);
	while ((answer = client_hear(fd)) && answer[0])
		heard++;
	CU_ASSERT(heard >= sent);
	close(fd);
	free(line);
	api_end();
}

static void a_client_that_does_not_read_hinders_no_other(void)
{
	int lazy, other;

	api_start();
	lazy = client_new();
	other = client_new();
	for (unsigned i = 0; i < 20000; i++)
		if (!client_say(lazy, CALL("none", "1") "\n"))
			break;
	CU_ASSERT(client_say(other, CALL("echo", "2") "\n"));
	CU_ASSERT(hears(other, NULLED("2")));
	close(lazy);
	close(other);
	api_end();
}

/* ---------------------------- too many at once ---------------------------- */

static void at_1000_calls_it_reads_no_more_for_a_while(void)
{
	static char lines[1500 * 64];
	size_t len = 0;
	int fd;

	api_start();
	fd = client_new();
	for (unsigned i = 0; i < 1500; i++)
		len += (size_t)sprintf(lines + len, CALL("hold", "%u") "\n",
				       i);
	CU_ASSERT_FATAL(client_send(fd, lines, len));
	CU_ASSERT_EQUAL_FATAL(n_held, API_CALLS_MAX);
	release(7);
	CU_ASSERT_PTR_NOT_NULL(strstr(client_hear(fd), "\"id\":7}"));
	CU_ASSERT_EQUAL(n_held, API_CALLS_MAX + 1);
	for (unsigned i = 0; i < n_held; i++) {
		release(i);
		turn();
	}
	CU_ASSERT_EQUAL_FATAL(n_held, 1500);
	for (unsigned i = 1; i < 1500; i++)
		CU_ASSERT_PTR_NOT_NULL(client_hear(fd));
	CU_ASSERT(api_idle(api));
	close(fd);
	api_end();
}

static void a_client_too_many_is_told_so(void)
{
	int fds[CLIENTS_MAX], extra;
	const char *answer;

	api_start();
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		fds[i] = client_new();
	extra = client_new();
	answer = client_hear(extra);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "-32003"));
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "4 clients at a time"));
	CU_ASSERT(hears(extra, ""));
	close(extra);
	close(fds[0]);
	turn();
	fds[0] = client_new();
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {
		CU_ASSERT(client_say(fds[i], CALL("echo", "1") "\n"));
		CU_ASSERT(hears(fds[i], NULLED("1")));
		close(fds[i]);
	}
	api_end();
}

/* The refusal is a line, also for who reads to its end only. */
static void the_refusal_ends_with_a_line_feed(void)
{
	char text[1024];
	ssize_t n;
	int extra;

	api_start();
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		(void)!client_new();
	extra = client_new();
	n = read(extra, text, sizeof(text));
	CU_ASSERT(n > 1 && text[n - 1] == '\n');
	for (int fd = extra; fd > extra - CLIENTS_MAX - 1; fd--)
		close(fd);
	api_end();
}

/* ------------------------------ disconnects ------------------------------ */

static void who_goes_away_leaves_calls_that_still_end(void)
{
	int fd, others[CLIENTS_MAX];

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, CALL("hold", "1") "\n[" CALL("hold", "2") ","
			     CALL("echo", "3") "," CALL("hold", "4") "]\n"
			     CALL("hold", "5") "\n"));
	CU_ASSERT_EQUAL_FATAL(n_held, 4);
	/* What is unread makes the socket break, not just end. */
	close(fd);
	turn();
	release(1);
	turn();
	release(3);
	release(0);
	turn();
	release(2);
	turn();
	CU_ASSERT(api_idle(api));
	for (unsigned i = 0; i < CLIENTS_MAX; i++) {	/* all places free */
		others[i] = client_new();
		CU_ASSERT(client_say(others[i], CALL("echo", "1") "\n"));
		CU_ASSERT(hears(others[i], NULLED("1")));
	}
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		close(others[i]);
	api_end();
}

/* One step of many clients that behave as badly as they can. */
static void misbehave(uint64_t *state, int fds[CLIENTS_MAX])
{
	static const char *const texts[] = {
		CALL("hold", "1") "\n", CALL("echo", "2") "\n", "[", "{\n",
		"[" CALL("hold", "3") "," CALL("echo", "4") "]\n",
		CALL("none", "5") "\n", "\n", CALL("deny", "6") "\n",
	};
	size_t i = tap_random_below(state, CLIENTS_MAX);
	const char *text = texts[tap_random_below(state, 8)];
	char octets[512];

	if (fds[i] < 0)
		fds[i] = client_new();
	switch (tap_random_below(state, 8)) {
	case 0:
		close(fds[i]);
		fds[i] = -1;
		break;
	case 1:
		shutdown(fds[i], SHUT_WR);
		break;
	case 2:
		if (n_held)
			release((unsigned)tap_random_below(state, n_held));
		break;
	case 3:
		(void)!read(fds[i], octets, sizeof(octets));
		break;
	default:
		(void)!write(fds[i], text, strlen(text));
	}
	if (tap_random_below(state, 3))
		turn();
}

static void survive(uint64_t *state)
{
	int fds[CLIENTS_MAX] = { -1, -1, -1, -1 }, fd;

	api_start();
	for (unsigned i = 0; i < 300; i++)
		misbehave(state, fds);
	for (unsigned i = 0; i < CLIENTS_MAX; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	turn();
	for (unsigned i = 0; i < n_held; i++)
		release(i);
	turn();
	CU_ASSERT(api_idle(api));
	fd = client_new();
	CU_ASSERT(client_say(fd, CALL("echo", "1") "\n"));
	CU_ASSERT(hears(fd, NULLED("1")));
	close(fd);
	api_end();
}

static void it_survives_clients_that_misbehave(void)
{
	tap_property(30, survive);
}

int main(void)
{
	return api_run("api_limits", (CU_TestInfo[]){
		{ "a line of 1 MiB is taken", a_line_of_1_mib_is_taken },
		{ "a longer line is answered once and skipped",
		  a_longer_line_is_answered_once_and_skipped },
		{ "a line without end costs nothing",
		  a_line_without_end_costs_nothing },
		{ "who does not read is not read from",
		  who_does_not_read_is_not_read_from },
		{ "a client that does not read hinders no other",
		  a_client_that_does_not_read_hinders_no_other },
		{ "at 1000 calls it reads no more for a while",
		  at_1000_calls_it_reads_no_more_for_a_while },
		{ "a client too many is told so",
		  a_client_too_many_is_told_so },
		{ "the refusal ends with a line feed",
		  the_refusal_ends_with_a_line_feed },
		{ "who goes away leaves calls that still end",
		  who_goes_away_leaves_calls_that_still_end },
		{ "it survives clients that misbehave",
		  it_survives_clients_that_misbehave },
		CU_TEST_INFO_NULL,
	});
}
