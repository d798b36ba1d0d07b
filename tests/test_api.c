/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers; test_api_limits.c tests limits and disconnects. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/api_fixture.h"

#define ECHO(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"echo\"," \
	"\"params\":{\"n\":" id "}}"
#define HOLD(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"hold\"}"
#define ECHOED(id) "{\"jsonrpc\":\"2.0\",\"result\":{\"n\":" id "}," \
	"\"id\":" id "}"
#define RELEASED(i, id) "{\"jsonrpc\":\"2.0\",\"result\":" i ",\"id\":" id "}"

static void answers_a_request(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, ECHO("1") "\n"));
	CU_ASSERT(hears(fd, ECHOED("1")));
	CU_ASSERT_EQUAL(caller, getuid());
	CU_ASSERT(client_say(fd, "{\"jsonrpc\":\"2.0\",\"id\":\"x\","
			     "\"method\":\"deny\"}\r\n"));
	CU_ASSERT(hears(fd, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32003,"
			"\"message\":\"queue: full, allowed: later\",\"data\":"
			"{\"field\":\"queue\",\"came\":\"full\",\"allowed\":"
			"\"later\",\"retry-after-ms\":1000}},"
			"\"id\":\"x\"}"));
	close(fd);
	api_end();
}

static void requests_may_be_pipelined(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, ECHO("1") "\n" HOLD("2") "\n" ECHO("3") "\n"
			     HOLD("4") "\n\n" ECHO("5") "\n"));
	CU_ASSERT(hears(fd, ECHOED("1")));
	CU_ASSERT(hears(fd, ECHOED("3")));
	CU_ASSERT(hears(fd, ECHOED("5")));
	CU_ASSERT_EQUAL_FATAL(n_held, 2);
	release(1);
	CU_ASSERT(hears(fd, RELEASED("1", "4")));
	release(0);
	CU_ASSERT(hears(fd, RELEASED("0", "2")));
	close(fd);
	api_end();
}

static void a_batch_is_answered_as_one(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, "[" HOLD("1") "," ECHO("2") ",5," HOLD("3")
			     "]\n" ECHO("4") "\n"));
	CU_ASSERT(hears(fd, ECHOED("4")));
	CU_ASSERT_EQUAL_FATAL(n_held, 2);
	release(1);
	CU_ASSERT_PTR_NULL(client_hear(fd));
	release(0);
	CU_ASSERT(hears(fd, "[" ECHOED("2") ",{\"jsonrpc\":\"2.0\",\"error\":"
		"{\"code\":-32600,\"message\":\"request: something else, "
		"allowed: an object\",\"data\":{\"field\":\"request\",\"came\":"
		"\"something else\",\"allowed\":\"an object\"}},\"id\":null},"
		RELEASED("1", "3") "," RELEASED("0", "1") "]"));
	CU_ASSERT(client_say(fd, "[]\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(client_hear(fd), "-32600"));
	close(fd);
	api_end();
}

static void what_has_no_id_is_not_executed(void)
{
#define NOTICE "{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}"
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, NOTICE "\n[" NOTICE "," NOTICE "]\n[" NOTICE
			     "," ECHO("2") "]\n"));
	CU_ASSERT(hears(fd, "[" ECHOED("2") "]"));
	CU_ASSERT_EQUAL(n_echo, 1);
	CU_ASSERT_PTR_NULL(client_hear(fd));
	CU_ASSERT(client_say(fd, "{\"jsonrpc\":\"2.0\",\"id\":null,"
			     "\"method\":\"echo\"}\n"));
	CU_ASSERT(hears(fd, "{\"jsonrpc\":\"2.0\",\"result\":null,"
			"\"id\":null}"));
	close(fd);
	api_end();
}

static void mistakes_leave_the_connection_usable(void)
{
	static const struct {
		const char *line, *code;
	} mistakes[] = {
		{ "{\n", "-32700" },
		{ "\xff\n", "-32700" },
		{ "42\n", "-32600" },
		{ "{}\n", "-32600" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"none\"}\n",
		  "-32601" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\","
		  "\"params\":[]}\n", "-32602" },
	};
	int fd;

	api_start();
	fd = client_new();
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const char *answer;

		CU_ASSERT(client_say(fd, mistakes[i].line));
		answer = client_hear(fd);
		CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
		CU_ASSERT_PTR_NOT_NULL(strstr(answer, mistakes[i].code));
		CU_ASSERT(client_say(fd, ECHO("9") "\n"));
		CU_ASSERT(hears(fd, ECHOED("9")));
	}
	close(fd);
	api_end();
}

static void a_nul_in_a_line_is_a_mistake(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_send(fd, ECHO("1") "\0\n", sizeof(ECHO("1")) + 1));
	CU_ASSERT_PTR_NOT_NULL(strstr(client_hear(fd), "-32700"));
	CU_ASSERT_EQUAL(n_echo, 0);
	close(fd);
	api_end();
}

static void a_line_may_come_in_pieces(void)
{
	static const char line[] = ECHO("1") "\n";
	int fd;

	api_start();
	fd = client_new();
	for (size_t i = 0; i < sizeof(line) - 1; i++) {
		CU_ASSERT_EQUAL(n_echo, 0);
		CU_ASSERT(client_send(fd, line + i, 1));
	}
	CU_ASSERT(hears(fd, ECHOED("1")));
	close(fd);
	api_end();
}

static void the_last_line_needs_no_line_feed(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, ECHO("1") "\n" ECHO("2")));
	CU_ASSERT(hears(fd, ECHOED("1")));
	CU_ASSERT_EQUAL(n_echo, 1);
	shutdown(fd, SHUT_WR);
	CU_ASSERT(hears(fd, ECHOED("2")));
	CU_ASSERT(hears(fd, ""));
	CU_ASSERT_EQUAL(n_echo, 2);
	close(fd);
	api_end();
}

static void half_a_line_is_told_to_be_so(void)
{
	const char *answer;
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,"));
	shutdown(fd, SHUT_WR);
	answer = client_hear(fd);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer, "-32700"));
	CU_ASSERT(hears(fd, ""));
	CU_ASSERT_EQUAL(n_echo, 0);
	close(fd);
	api_end();
}

/* As socat does it, and: printf ... | nc -U. */
static void who_sends_no_more_still_gets_the_answers(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, HOLD("1") "\n[" HOLD("2") "," HOLD("3")
			     "]\n"));
	shutdown(fd, SHUT_WR);
	turn();
	CU_ASSERT_EQUAL_FATAL(n_held, 3);
	for (unsigned i = 3; i-- > 0;)
		release(i);
	CU_ASSERT(hears(fd, "[" RELEASED("2", "3") "," RELEASED("1", "2")
			"]"));
	CU_ASSERT(hears(fd, RELEASED("0", "1")));
	CU_ASSERT(hears(fd, ""));
	close(fd);
	api_end();
}

static void after_a_stop_only_answers_go_out(void)
{
	int fd;

	api_start();
	fd = client_new();
	CU_ASSERT(client_say(fd, HOLD("1") "\n"));
	CU_ASSERT_EQUAL_FATAL(n_held, 1);
	CU_ASSERT(!api_idle(api));
	api_stop(api);
	CU_ASSERT(client_say(fd, ECHO("2") "\n"));
	CU_ASSERT_PTR_NULL(client_hear(fd));
	release(0);
	CU_ASSERT(hears(fd, RELEASED("0", "1")));
	CU_ASSERT_PTR_NULL(client_hear(fd));
	CU_ASSERT_EQUAL(n_echo, 0);
	CU_ASSERT(api_idle(api));
	close(fd);
	api_end();
}

int main(void)
{
	return api_run("api", (CU_TestInfo[]){
		{ "answers a request", answers_a_request },
		{ "requests may be pipelined", requests_may_be_pipelined },
		{ "a batch is answered as one", a_batch_is_answered_as_one },
		{ "what has no id is not executed",
		  what_has_no_id_is_not_executed },
		{ "mistakes leave the connection usable",
		  mistakes_leave_the_connection_usable },
		{ "a NUL in a line is a mistake",
		  a_nul_in_a_line_is_a_mistake },
		{ "a line may come in pieces", a_line_may_come_in_pieces },
		{ "the last line needs no line feed",
		  the_last_line_needs_no_line_feed },
		{ "half a line is told to be so",
		  half_a_line_is_told_to_be_so },
		{ "who sends no more still gets the answers",
		  who_sends_no_more_still_gets_the_answers },
		{ "after a stop only answers go out",
		  after_a_stop_only_answers_go_out },
		CU_TEST_INFO_NULL,
	});
}
