/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_load - notifications for dmboxd, and how soon it accepts them
 *
 *	bench/api_load --socket dmbox.sock --requests 50000 --clients 64
 *
 * Each client keeps so many requests under way as --depth says; each request
 * is for a device of its own. An answer comes after the commit, so its latency
 * is that of a durable acceptance.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "bench/bench.h"

#define REQUEST_MAX 512		/* octets */

struct load {
	long requests, clients, depth, first;
	const char *socket, *until;
	bool ascending;

	struct event_base *base;
	long sent, accepted, refused;
	double *sent_s;		/* when each was sent; then its latency */
};

static struct load load = {
	.requests = 50000, .clients = 1, .depth = 100,
	.until = "delivered",
};

static void send_next(struct bufferevent *client)
{
	char text[REQUEST_MAX], to[BENCH_MSISDN_SIZE];
	int len;

	if (load.sent == load.requests)
		return;
	bench_msisdn(to, load.first + load.sent, load.ascending);
	len = snprintf(text, sizeof(text),
		       "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"notify\","
		       "\"params\":{\"to\":\"%s\",\"until\":\"%s\","
		       "\"server-id\":\"com.example.dms\","
		       "\"password\":\"srvpwd\",\"nonce-hex\":"
		       "\"101112131415161718191a1b1c1d1e1f\"}}\n",
		       load.sent, to, load.until);
	load.sent_s[load.sent++] = bench_clock_s();
	bufferevent_write(client, text, (size_t)len);
}

static void take_answer(const char *text, size_t len)
{
	static const char id_name[] = "\"id\":";
	const char *id = memmem(text, len, id_name, strlen(id_name));
	long i = id ? atol(id + strlen(id_name)) : -1;

	if (i < 0 || i >= load.sent)
		bench_die("not an answer: %.*s", (int)len, text);
	load.sent_s[i] = bench_clock_s() - load.sent_s[i];
	if (memmem(text, len, "\"result\":", 9))
		load.accepted++;
	else if (load.refused++ == 0)
		fprintf(stderr, "refused: %.*s\n", (int)len, text);
	if (load.accepted + load.refused == load.requests)
		event_base_loopbreak(load.base);
}

static void on_read(struct bufferevent *client, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(client);
	size_t len = evbuffer_get_length(in), pos = 0;
	const char *text = (const char *)evbuffer_pullup(in, -1), *end;

	(void)arg;
	while ((end = memchr(text + pos, '\n', len - pos))) {
		size_t next = (size_t)(end - text) + 1;

		take_answer(text + pos, next - pos - 1);
		send_next(client);
		pos = next;
	}
	evbuffer_drain(in, pos);
}

static void on_event(struct bufferevent *client, short what, void *arg)
{
	(void)client;
	(void)arg;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		bench_die("dmboxd closed the connection");
}

static struct bufferevent *start_client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct bufferevent *client = bufferevent_socket_new(load.base, -1,
							BEV_OPT_CLOSE_ON_FREE);

	if (strlen(load.socket) >= sizeof(address.sun_path))
		bench_die("the path of the socket is too long");
	strcpy(address.sun_path, load.socket);
	bufferevent_setcb(client, on_read, NULL, on_event, NULL);
	bufferevent_enable(client, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(client, (struct sockaddr *)&address,
				       sizeof(address)))
		bench_die("nobody listens at %s", load.socket);
	for (long i = 0; i < load.depth; i++)
		send_next(client);
	return client;
}

static void run(void)
{
	struct bufferevent **clients = calloc((size_t)load.clients,
					      sizeof(struct bufferevent *));
	double start_s, s;

	load.base = event_base_new();
	load.sent_s = calloc((size_t)load.requests, sizeof(*load.sent_s));
	if (!clients || !load.base || !load.sent_s)
		bench_die("out of memory");
	start_s = bench_clock_s();
	for (long i = 0; i < load.clients; i++)
		clients[i] = start_client();
	event_base_dispatch(load.base);
	s = bench_clock_s() - start_s;
	printf("{\"requests\": %ld, \"refused\": %ld, \"clients\": %ld, "
	       "\"depth\": %ld, \"seconds\": %.3f, \"accepts-per-s\": %.0f, "
	       "\"p50-ms\": %.3f, \"p99-ms\": %.3f}\n",
	       load.requests, load.refused, load.clients, load.depth, s,
	       (double)load.requests / s,
	       bench_percentile(load.sent_s, (size_t)load.requests, 50) * 1e3,
	       bench_percentile(load.sent_s, (size_t)load.requests, 99) * 1e3);
	for (long i = 0; i < load.clients; i++)
		bufferevent_free(clients[i]);
	free(clients);
	free(load.sent_s);
	event_base_free(load.base);
	libevent_global_shutdown();
}

int main(int argc, char **argv)
{
	const struct bench_option options[] = {
		{ "socket", "path of dmboxd's socket; required",
		  .text = &load.socket },
		{ "requests", "notifications in all",
		  .number = &load.requests, .min = 1, .max = 10000000 },
		{ "clients", "connections",
		  .number = &load.clients, .min = 1, .max = 1000 },
		{ "depth", "requests under way for each; 1: one at a time",
		  .number = &load.depth, .min = 1, .max = 1000 },
		{ "first", "number of the first device",
		  .number = &load.first, .min = 0, .max = 99999999 },
		{ "ascending", "devices in the order of their numbers",
		  .flag = &load.ascending },
		{ "until", "taken (no delivery reports), delivered or session",
		  .text = &load.until },
	};

	bench_options(argc, argv, "notifications for dmboxd", options,
		      sizeof(options) / sizeof(options[0]));
	if (!load.socket)
		bench_die("--socket is missing");
	run();
	return load.refused > 0;
}
