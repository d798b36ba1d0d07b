/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_load - notifications for Kannel's smsbox, or for its push proxy
 *
 *	bench/http_load --port 13013 --requests 50000 --connections 16
 *	bench/http_load --port 18080 --requests 50000 --pap
 *
 * Each connection is kept alive and has one request under way. smsbox gets the
 * same octets as all others, by sendsms; the push proxy gets the same
 * notification as a PAP document, and makes the WSP headers itself. With
 * --reports smsbox calls a server in this program with each delivery report,
 * as it would call the user's; the run ends with the last of them.
 */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"

#define REQUEST_MAX 2048	/* octets */
#define ACCEPTED "HTTP/1.1 202"

struct load {
	long port, requests, connections;
	bool pap, reports;

	struct event_base *base;
	struct evconnlistener *listener;
	unsigned report_port;
	long sent, answered, refused, reported;
};

static struct load load = { .requests = 50000, .connections = 16 };

static void stop_if_done(void)
{
	if (load.answered == load.requests &&
	    (!load.reports || load.reported >= load.requests - load.refused))
		event_base_loopbreak(load.base);
}

/* ------------------------------- requests ------------------------------- */

/* The octets from..to-1 as %XX. */
static const char *url_octets(size_t from, size_t to)
{
	static char text[3 * BENCH_SMS_LEN + 1];
	char *p = text;

	for (size_t i = from; i < to; i++)
		p += sprintf(p, "%%%02X", bench_sms[i]);
	return text;
}

static int sendsms_request(char *out, const char *to)
{
	int len = snprintf(out, REQUEST_MAX,
			   "GET /cgi-bin/sendsms?username=tester&"
			   "password=change-me&from=12345&coding=1&to=%%2B%s"
			   "&udh=%s", to + 1, url_octets(0, BENCH_UDH_LEN));

	len += snprintf(out + len, REQUEST_MAX - (size_t)len, "&text=%s",
			url_octets(BENCH_UDH_LEN, BENCH_SMS_LEN));
	if (load.reports)
		len += snprintf(out + len, REQUEST_MAX - (size_t)len,
				"&dlr-mask=19&dlr-url=http%%3A%%2F%%2F"
				"127.0.0.1%%3A%u%%2F%%3Fid%%3D%ld%%26type%%3D"
				"%%25d", load.report_port, load.sent);
	return len + snprintf(out + len, REQUEST_MAX - (size_t)len,
			      " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

static int pap_head(char *out, const char *to)
{
	return snprintf(out, REQUEST_MAX,
		"--boundary\r\nContent-Type: application/xml\r\n\r\n"
		"<?xml version=\"1.0\"?><!DOCTYPE pap PUBLIC "
		"\"-//WAPFORUM//DTD PAP 1.0//EN\" "
		"\"http://www.wapforum.org/DTD/pap_1.0.dtd\">"
		"<pap><push-message push-id=\"%ld@bench\">"
		"<address address-value=\"WAPPUSH=%s/TYPE=PLMN@ppg.bench\">"
		"</address></push-message></pap>\r\n"
		"--boundary\r\n"
		"Content-Type: application/vnd.syncml.notification\r\n"
		"X-WAP-Application-Id: 7\r\n\r\n", load.sent, to);
}

static int pap_request(char *out, const char *to)
{
	static const char tail[] = "\r\n--boundary--\r\n";
	size_t skip = BENCH_UDH_LEN + BENCH_WSP_LEN;
	size_t body_len = BENCH_SMS_LEN - skip;
	char head[REQUEST_MAX];
	int head_len = pap_head(head, to);
	int len = snprintf(out, REQUEST_MAX, "POST /wappush HTTP/1.1\r\n"
			   "Host: localhost\r\nContent-Type: multipart/related;"
			   " boundary=boundary; type=\"application/xml\"\r\n"
			   "Content-Length: %zu\r\n\r\n%s", (size_t)head_len +
			   body_len + strlen(tail), head);

	memcpy(out + len, bench_sms + skip, body_len);
	len += (int)body_len;
	memcpy(out + len, tail, strlen(tail));
	return len + (int)strlen(tail);
}

static void send_next(struct bufferevent *connection)
{
	char text[2 * REQUEST_MAX], to[BENCH_MSISDN_SIZE];
	int len;

	if (load.sent == load.requests)
		return;
	bench_msisdn(to, load.sent, false);
	len = load.pap ? pap_request(text, to) : sendsms_request(text, to);
	load.sent++;
	bufferevent_write(connection, text, (size_t)len);
}

/* ------------------------------- answers ------------------------------- */

/* Octets of the first message, with its body; 0: it is not whole. */
static size_t message_len(const char *text, size_t len)
{
	static const char name[] = "Content-Length:";
	const char *end = memmem(text, len, "\r\n\r\n", 4);
	const char *length;
	size_t n;

	if (!end)
		return 0;
	n = (size_t)(end - text) + 4;
	length = memmem(text, n, name, strlen(name));
	if (length)
		n += strtoul(length + strlen(name), NULL, 10);
	return n <= len ? n : 0;
}

/* Calls take() with each message that is whole. */
static void read_messages(struct bufferevent *bev,
			  void (*take)(struct bufferevent *bev,
				       const char *text, size_t len))
{
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t len = evbuffer_get_length(in), pos = 0, n;
	const char *text = (const char *)evbuffer_pullup(in, -1);

	while ((n = message_len(text + pos, len - pos)) > 0) {
		take(bev, text + pos, n);
		pos += n;
	}
	evbuffer_drain(in, pos);
}

static void take_answer(struct bufferevent *bev, const char *text, size_t len)
{
	load.answered++;
	if (strncmp(text, ACCEPTED, strlen(ACCEPTED)) && load.refused++ == 0)
		fprintf(stderr, "refused: %.*s\n", (int)len, text);
	send_next(bev);
	stop_if_done();
}

static void on_answer(struct bufferevent *bev, void *arg)
{
	(void)arg;
	read_messages(bev, take_answer);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)arg;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		bench_die("Kannel closed the connection");
}

/* ------------------------------- reports ------------------------------- */

static void take_report(struct bufferevent *bev, const char *text, size_t len)
{
	static const char ok[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

	(void)text;
	(void)len;
	load.reported++;
	bufferevent_write(bev, ok, strlen(ok));
	stop_if_done();
}

static void on_report(struct bufferevent *bev, void *arg)
{
	(void)arg;
	read_messages(bev, take_report);
}

static void on_report_event(struct bufferevent *bev, short what, void *arg)
{
	(void)arg;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		bufferevent_free(bev);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *from, int len, void *arg)
{
	struct bufferevent *bev = bufferevent_socket_new(load.base, fd,
							BEV_OPT_CLOSE_ON_FREE);

	(void)listener;
	(void)from;
	(void)len;
	(void)arg;
	bufferevent_setcb(bev, on_report, NULL, on_report_event, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static struct sockaddr_in loopback(long port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static void listen_for_reports(void)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof(address);

	load.listener = evconnlistener_new_bind(load.base, on_accept, NULL,
						LEV_OPT_CLOSE_ON_FREE, -1,
						(struct sockaddr *)&address,
						(int)len);
	if (!load.listener ||
	    getsockname(evconnlistener_get_fd(load.listener),
			(struct sockaddr *)&address, &len))
		bench_die("cannot listen for reports");
	load.report_port = ntohs(address.sin_port);
}

/* --------------------------------- run --------------------------------- */

static void start_connection(void)
{
	struct sockaddr_in address = loopback(load.port);
	struct bufferevent *bev = bufferevent_socket_new(load.base, -1,
							BEV_OPT_CLOSE_ON_FREE);

	bufferevent_setcb(bev, on_answer, NULL, on_event, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(bev, (struct sockaddr *)&address,
				       sizeof(address)))
		bench_die("nobody listens on port %ld", load.port);
	send_next(bev);
}

static void run(void)
{
	double start_s = bench_clock_s(), s;

	load.base = event_base_new();
	if (!load.base)
		bench_die("out of memory");
	if (load.reports)
		listen_for_reports();
	for (long i = 0; i < load.connections; i++)
		start_connection();
	event_base_dispatch(load.base);
	s = bench_clock_s() - start_s;
	printf("{\"requests\": %ld, \"refused\": %ld, \"connections\": %ld, "
	       "\"reports\": %ld, \"seconds\": %.3f, \"answers-per-s\": "
	       "%.0f}\n", load.requests, load.refused, load.connections,
	       load.reported, s, (double)load.requests / s);
}

int main(int argc, char **argv)
{
	const struct bench_option options[] = {
		{ "port", "TCP port of the box on 127.0.0.1",
		  .number = &load.port, .min = 1, .max = 65535 },
		{ "requests", "notifications in all",
		  .number = &load.requests, .min = 1, .max = 10000000 },
		{ "connections", "kept alive, one request under way on each",
		  .number = &load.connections, .min = 1, .max = 1000 },
		{ "pap", "to the push proxy of wapbox", .flag = &load.pap },
		{ "reports", "ask smsbox for delivery reports",
		  .flag = &load.reports },
	};

	bench_options(argc, argv, "notifications for Kannel's boxes", options,
		      sizeof(options) / sizeof(options[0]));
	if (load.pap && load.reports)
		bench_die("the push proxy has no delivery reports of SMS");
	run();
	return load.refused > 0;
}
