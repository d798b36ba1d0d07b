/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "examples/dm-server/dm.h"
#include "examples/dm-server/package.h"
#include "examples/dm-server/range.h"
#include "examples/dm-server/say.h"
#include "examples/dm-server/tls.h"
#include "wap/hex.h"

#define HEADERS_MAX 8192		/* octets */
#define TIMEOUT_S 60			/* for a connection that rests */
#define PACKAGES "/packages/"
#define DESCRIPTORS_ELSE 64		/* files, dmboxd */
#define PAUSE_MS 10			/* until it is looked for room again */

struct web {
	struct server *server;
	struct evhttp *http;
	struct tls *tls;		/* NULL: plain HTTP */
	struct evconnlistener *listener;	/* of http */
	struct event *go_on;		/* a timer: is there room again? */
	int descriptors;		/* the first that no connection has */
	uint8_t answer[DM_ANSWER_MAX];
};

static void refuse(struct evhttp_request *r, int status, const char *reason)
{
	evhttp_add_header(evhttp_request_get_output_headers(r),
			  "Connection", "close");
	evhttp_send_error(r, status, reason);
}

static const char *header(struct evhttp_request *r, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(r), name);
}

static void set_header(struct evhttp_request *r, const char *name,
		       const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(r), name, value);
}

static void send_answer(struct evhttp_request *r, const uint8_t *octets,
			size_t len, const char *type)
{
	struct evbuffer *body = evhttp_request_get_output_buffer(r);

	set_header(r, "Content-Type", type);
	set_header(r, "Cache-Control", "private");
	evbuffer_add(body, octets, len);
	evhttp_send_reply(r, HTTP_OK, "OK", NULL);
}

/* A message that we cannot read gets no SyncML: there is nobody to address. */
static void on_dm(struct evhttp_request *r, void *arg)
{
	struct web *w = arg;
	struct evbuffer *body = evhttp_request_get_input_buffer(r);
	const char *type = header(r, "Content-Type");
	const char *query = evhttp_uri_get_query(
		evhttp_request_get_evhttp_uri(r));
	struct dm_request q = {
		.octets = evbuffer_pullup(body, -1),
		.len = evbuffer_get_length(body),
		.session = query ? query : "",
	};
	char text[ERR_TEXT_MAX];
	size_t len;
	struct err e;

	if (evhttp_request_get_command(r) != EVHTTP_REQ_POST) {
		refuse(r, HTTP_BADMETHOD, "POST only");
	} else if (syncml_encoding_of(type ? type : "", &q.encoding, &e)) {
		refuse(r, 415, "Unsupported Media Type");
	} else if (dm_answer(w->server, &q, w->answer, &len, &e)) {
		say(NULL, "message.refused", "a message that cannot be "
		    "answered: %s", err_text(&e, text, sizeof(text)));
		refuse(r, HTTP_BADREQUEST, "Bad Request");
	} else {
		send_answer(r, w->answer, len, syncml_content_type(q.encoding));
	}
}

/* ------------------------------- packages -------------------------------- */

#define ETAG_SIZE (2 * HASH_SHA256_LEN + 3)	/* octets: quotes, NUL */

/* Digest is RFC 3230's: the device knows what it should have got in the end. */
static void describe(struct evhttp_request *r, const struct package *p,
		     char etag[ETAG_SIZE])
{
	char digest[8 + BASE64_SIZE(HASH_SHA256_LEN)] = "SHA-256=";
	char hex[2 * HASH_SHA256_LEN + 1];

	base64_encode(p->sha256, sizeof(p->sha256), digest + 8);
	hex_encode(p->sha256, sizeof(p->sha256), hex);
	snprintf(etag, ETAG_SIZE, "\"%s\"", hex);
	set_header(r, "Content-Type", "application/octet-stream");
	set_header(r, "Digest", digest);
	set_header(r, "ETag", etag);
	set_header(r, "Accept-Ranges", "bytes");
}

/* A part of what the device does not have the beginning of helps nobody. */
static enum range range_of(struct evhttp_request *r, const struct package *p,
			   const char *etag, size_t *from, size_t *len)
{
	const char *range = header(r, "Range"), *only = header(r, "If-Range");

	if (!range || (only && strcmp(only, etag)))
		return RANGE_NONE;
	return range_read(range, p->size, from, len);
}

static void set_part(struct evhttp_request *r, const struct package *p,
		     size_t from, size_t len)
{
	char text[80];

	if (len)
		snprintf(text, sizeof(text), "bytes %zu-%zu/%zu", from,
			 from + len - 1, p->size);
	else
		snprintf(text, sizeof(text), "bytes */%zu", p->size);
	set_header(r, "Content-Range", text);
}

static void send_package(struct evhttp_request *r, const char *name,
			 const struct package *p)
{
	char etag[ETAG_SIZE];
	size_t from = 0, len = p->size;
	enum range range;

	describe(r, p, etag);
	range = range_of(r, p, etag, &from, &len);
	if (range == RANGE_BEYOND) {
		close(p->fd);
		set_part(r, p, 0, 0);
		evhttp_send_reply(r, 416, "Range Not Satisfiable", NULL);
		return;
	}
	say(NULL, "package.sent", "somebody downloads %s: %zu octets from %zu",
	    name, len, from);
	if (range == RANGE_PART)
		set_part(r, p, from, len);
	evbuffer_add_file(evhttp_request_get_output_buffer(r), p->fd,
			  (ev_off_t)from, (ev_off_t)len);
	evhttp_send_reply(r, range == RANGE_PART ? 206 : HTTP_OK,
			  range == RANGE_PART ? "Partial Content" : "OK",
			  NULL);
}

static void on_other(struct evhttp_request *r, void *arg)
{
	struct web *w = arg;
	const char *path = evhttp_uri_get_path(
		evhttp_request_get_evhttp_uri(r));
	const char *name = path && !strncmp(path, PACKAGES, strlen(PACKAGES)) ?
			   path + strlen(PACKAGES) : "";
	struct package p;
	struct err e;

	if (package_open(w->server->packages, name, &p, &e))
		refuse(r, HTTP_NOTFOUND, "Not Found");
	else
		send_package(r, name, &p);
}

/* ------------------------------ connections ------------------------------ */

/* The lowest one that is free tells how many are in use. */
static int free_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	if (fd >= 0)
		close(fd);
	return fd;
}

static int limit_connections(struct web *w, struct err *e)
{
	int now = free_descriptor(), wanted;
	struct rlimit limit;

	w->descriptors = now + (int)w->server->config->connections;
	for (int fd = now; fd < w->descriptors; fd++)	/* inherited ones */
		w->descriptors += fcntl(fd, F_GETFD) >= 0;
	wanted = w->descriptors + (int)w->server->config->connections +
		 DESCRIPTORS_ELSE;	/* each may have a package open */
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return DM_OK;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (now >= 0 && limit.rlim_cur >= (rlim_t)wanted)
		return DM_OK;
	return err_set(e, DM_EINVAL, "connections",
		       "as many as there are open files (ulimit -n)",
		       "%u need %d, there are %ju",
		       w->server->config->connections, wanted,
		       (uintmax_t)limit.rlim_cur);
}

static bool is_full(const struct web *w)
{
	int fd = free_descriptor();

	return fd < 0 || fd >= w->descriptors;
}

static void pause_listener(struct web *w)
{
	const struct timeval pause = { .tv_usec = PAUSE_MS * 1000 };

	evconnlistener_disable(w->listener);
	event_add(w->go_on, &pause);
}

static void on_go_on(evutil_socket_t fd, short what, void *arg)
{
	struct web *w = arg;

	(void)fd;
	(void)what;
	if (is_full(w))
		pause_listener(w);
	else
		evconnlistener_enable(w->listener);
}

/* Those that are not accepted wait in the kernel's queue. */
static struct bufferevent *on_connection(struct event_base *base, void *arg)
{
	struct web *w = arg;

	if (is_full(w))
		pause_listener(w);
	return w->tls ? tls_connection(w->tls, base) : NULL;
}

/* --------------------------------- start --------------------------------- */

static uint16_t port_of(evutil_socket_t fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len))
		return 0;
	return ntohs(a.ss_family == AF_INET6 ?
		     ((struct sockaddr_in6 *)&a)->sin6_port :
		     ((struct sockaddr_in *)&a)->sin_port);
}

static int listen_on(struct web *w, struct err *e)
{
	const struct config *c = w->server->config;
	struct evhttp_bound_socket *s =
		evhttp_bind_socket_with_handle(w->http, c->listen, c->port);
	bool v6 = strchr(c->listen, ':') != NULL;

	if (!s)
		return err_set(e, DM_EIO, "listen", "a free address and port",
			       "%s:%u: %s", c->listen, c->port,
			       strerror(errno));
	if (c->url[0])
		snprintf(w->server->url, URL_SIZE, "%s", c->url);
	else
		snprintf(w->server->url, URL_SIZE, "http%s://%s%s%s:%u",
			 w->tls ? "s" : "", v6 ? "[" : "", c->listen,
			 v6 ? "]" : "",
			 port_of(evhttp_bound_socket_get_fd(s)));
	w->listener = evhttp_bound_socket_get_listener(s);
	return limit_connections(w, e);
}

int web_open(struct web **out, struct server *s, struct err *e)
{
	struct web *w = calloc(1, sizeof(*w));
	int rc = DM_OK;

	if (!w)
		abort();
	w->server = s;
	w->http = evhttp_new(s->base);
	if (s->config->certificate[0])
		rc = tls_open(&w->tls, s->config, e);
	evhttp_set_bevcb(w->http, on_connection, w);
	w->go_on = evtimer_new(s->base, on_go_on, w);
	evhttp_set_allowed_methods(w->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
	evhttp_set_max_body_size(w->http, SESSION_MESSAGE_MAX);
	evhttp_set_max_headers_size(w->http, HEADERS_MAX);
	evhttp_set_timeout(w->http, TIMEOUT_S);
	evhttp_set_cb(w->http, "/dm", on_dm, w);
	evhttp_set_gencb(w->http, on_other, w);
	if (!rc)
		rc = listen_on(w, e);
	if (rc)
		web_close(w);
	else
		*out = w;
	return rc;
}

void web_close(struct web *w)
{
	evhttp_free(w->http);
	event_free(w->go_on);
	if (w->tls)
		tls_close(w->tls);
	free(w);
}
