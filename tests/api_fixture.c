/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api_fixture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/log.h"

#define PATIENCE 20		/* turns of 10 ms without progress */
#define LINE_MAX_OCTETS (4 * 1024 * 1024)

struct event_base *base;
struct api *api;
char api_path[108];
static char dir[64];

unsigned n_echo;
struct api_call *held[HELD_MAX];
unsigned n_held;
uint32_t caller;

static void echo(struct api_call *call, json_t *params, void *arg)
{
	(void)arg;
	n_echo++;
	caller = api_call_client(call);
	api_answer(call, params ? json_incref(params) : json_null());
}

static void deny(struct api_call *call, json_t *params, void *arg)
{
	struct err e;

	(void)params;
	(void)arg;
	err_set(&e, DM_EBUSY, "queue", "later", "full");
	api_refuse(call, &e);
}

static void hold(struct api_call *call, json_t *params, void *arg)
{
	(void)params;
	(void)arg;
	if (n_held == HELD_MAX)
		abort();
	held[n_held++] = call;
}

const struct api_method_entry api_methods[] = {
	{ "echo", echo },
	{ "deny", deny },
	{ "hold", hold },
	{ NULL, NULL },
};

int api_run(const char *suite, CU_TestInfo *tests)
{
	struct err e;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	snprintf(dir, sizeof(dir), "/tmp/dmbox-test-%s.XXXXXX", suite);
	if (!mkdtemp(dir) || log_open("/dev/null", LOG_LEVEL_INFO, &e))
		return EXIT_FAILURE;
	snprintf(api_path, sizeof(api_path), "%s/s", dir);
	rc = tap_run(suite, tests);
	rmdir(dir);
	return rc;
}

void api_start_with(const struct api_method_entry *methods, void *arg)
{
	struct err e;
	int rc;

	n_echo = n_held = 0;
	base = event_base_new();
	rc = api_new(&api, base, api_path, CLIENTS_MAX, methods, arg, &e);
	CU_ASSERT_EQUAL_FATAL(rc, DM_OK);
}

void api_start(void)
{
	api_start_with(api_methods, NULL);
}

void release(unsigned i)
{
	struct api_call *call = held[i];

	held[i] = NULL;
	if (call)
		api_answer(call, json_integer(i));
}

void api_end(void)
{
	for (unsigned i = 0; i < n_held; i++)
		release(i);
	turn();
	api_free(api);
	event_base_free(base);
	CU_ASSERT_EQUAL(access(api_path, F_OK), -1);
}

void turn(void)
{
	for (unsigned i = 0; i < 4; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

int client_new(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", api_path);
	CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&address,
				      sizeof(address)), 0);
	turn();
	return fd;
}

bool client_send(int fd, const char *text, size_t len)
{
	for (unsigned idle = 0; len > 0 && idle < PATIENCE; idle++) {
		ssize_t n = write(fd, text, len);

		turn();
		if (n > 0) {
			text += n;
			len -= (size_t)n;
			idle = 0;
		} else if (errno != EAGAIN) {
			return false;
		}
	}
	return len == 0;
}

bool client_say(int fd, const char *text)
{
	return client_send(fd, text, strlen(text));
}

const char *client_hear(int fd)
{
	static char line[LINE_MAX_OCTETS];
	size_t len = 0;

	for (unsigned idle = 0; idle < PATIENCE; idle++) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		turn();
		if (poll(&p, 1, 10) <= 0)
			continue;
		while (len + 1 < sizeof(line) && read(fd, line + len, 1) == 1) {
			idle = 0;
			if (line[len] == '\n') {
				line[len] = '\0';
				return line;
			}
			len++;
		}
		if (p.revents & POLLHUP) {
			line[len] = '\0';
			return line;
		}
	}
	return NULL;
}

bool hears(int fd, const char *want)
{
	const char *got = client_hear(fd);

	if (got && !strcmp(got, want))
		return true;
	printf("# got  %.200s\n# want %.200s\n", got ? got : "nothing", want);
	return false;
}

char *long_line(char c, size_t len)
{
	char *line = malloc(len + 2);

	memset(line, c, len);
	strcpy(line + len, "\n");
	return line;
}
