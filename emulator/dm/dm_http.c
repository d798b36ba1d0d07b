/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_http.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/http.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/dm/dm_range.h"
#include "emulator/xalloc.h"

#define WHY_SIZE 200
#define HEADERS_MAX (64 * 1024)		/* octets of an answer's */
#define HTTP_PARTIAL 206		/* RFC 9110, 15.3.7 */

struct dm_http {
	struct event_base *base;	/* borrowed */
	struct evdns_base *dns;		/* owned; NULL: look up and wait */
	SSL_CTX *tls;			/* owned */
};

struct dm_http_call {
	struct dm_http *http;
	struct evhttp_uri *uri;		/* owned */
	struct evhttp_connection *connection;	/* owned; NULL: bad URL */
	struct evbuffer *body;		/* owned: what has come of it, unless
					 * on_octets gets it */
	struct event *later;		/* owned: tells of what failed at once,
					 * or is not over in time */
	SSL *ssl;			/* the connection's; NULL: no TLS */
	size_t answer_max;
	size_t from;			/* octets before those that come */
	size_t len;			/* octets that are here, with them */
	size_t total;			/* of all; 0: unknown */
	bool is_wanted;			/* the body: it is what was asked for */
	bool too_large;
	bool timed_out;
	bool done;
	void (*on_begin)(void *arg, const struct dm_http_begin *b);
	void (*on_octets)(void *arg, const void *octets, size_t len);
	void (*on_done)(void *arg, const struct dm_http_response *r);
	void *arg;
	char why[WHY_SIZE];
};

/* ---------------------------------- TLS ---------------------------------- */

static SSL_CTX *new_tls(const char *ca_file, struct err *e)
{
	SSL_CTX *tls = xcheck(SSL_CTX_new(TLS_client_method()));
	bool ok = ca_file ? SSL_CTX_load_verify_file(tls, ca_file)
			  : SSL_CTX_set_default_verify_paths(tls);

	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	if (ok)
		return tls;
	SSL_CTX_free(tls);
	err_set(e, DM_EINVAL, "ca-file", "certificates in PEM",
		"\"%s\" cannot be read as such", ca_file ? ca_file :
		"the system's");
	return NULL;
}

static bool is_address(const char *host)
{
	unsigned char address[16];

	return inet_pton(AF_INET, host, address) == 1 ||
	       inet_pton(AF_INET6, host, address) == 1;
}

/* A connection that believes the certificate for this host only. */
static SSL *new_ssl(struct dm_http *h, const char *host)
{
	SSL *ssl = xcheck(SSL_new(h->tls));
	bool ok;

	if (is_address(host)) {
		ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
	} else {
		ok = SSL_set1_host(ssl, host);
		SSL_set_tlsext_host_name(ssl, host);
	}
	if (ok)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

/* ------------------------------- the answer ------------------------------- */

static const char *header(struct evhttp_request *rq, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(rq), name);
}

static void finish(struct dm_http_call *c, struct dm_http_response *r)
{
	if (c->done)
		return;
	c->done = true;
	r->why = c->why[0] ? c->why : NULL;
	r->too_large = c->too_large;
	r->timed_out = c->timed_out;
	c->on_done(c->arg, r);
}

/* Why there is no answer, as far as TLS knows it. */
static void explain_no_answer(struct dm_http_call *c)
{
	long verified = c->ssl ? SSL_get_verify_result(c->ssl) : X509_V_OK;

	if (c->why[0])
		return;
	if (c->too_large)
		snprintf(c->why, WHY_SIZE, "the answer is longer than %zu "
			 "octets", c->answer_max);
	else if (verified != X509_V_OK)
		snprintf(c->why, WHY_SIZE, "TLS: %s",
			 X509_verify_cert_error_string(verified));
	else if (c->timed_out)
		snprintf(c->why, WHY_SIZE, "it takes too long");
	else if (c->total && c->len > c->total)
		snprintf(c->why, WHY_SIZE, "the answer has more octets than "
			 "it says");
	else if (c->len > c->from)
		snprintf(c->why, WHY_SIZE, "the answer breaks off");
	else
		snprintf(c->why, WHY_SIZE, "no answer");
}

static void on_answer(struct evhttp_request *rq, void *arg)
{
	struct dm_http_call *c = arg;
	int status = rq ? evhttp_request_get_response_code(rq) : 0;
	struct dm_http_response r = { .status = status };
	const char *type = status ? header(rq, "Content-Type") : NULL;

	r.content_type = type ? type : "";
	if (!status || c->too_large || (c->total && c->len != c->total)) {
		explain_no_answer(c);
	} else {
		r.digest = header(rq, "Digest");
		r.len = c->len;
		r.body = evbuffer_pullup(c->body, -1);
	}
	if (status && !c->is_wanted && !c->why[0])
		snprintf(c->why, WHY_SIZE, "HTTP status %d", status);
	finish(c, &r);
}

/* libevent tells of an error here; on_answer() may follow or not. */
static void on_error(enum evhttp_request_error error, void *arg)
{
	struct dm_http_call *c = arg;
	struct dm_http_response r = { .content_type = "" };

	if (error == EVREQ_HTTP_REQUEST_CANCEL)
		return;
	c->too_large |= error == EVREQ_HTTP_DATA_TOO_LONG;
	c->timed_out = error == EVREQ_HTTP_TIMEOUT;
	if (error == EVREQ_HTTP_INVALID_HEADER)
		snprintf(c->why, WHY_SIZE, "its headers are none, or longer "
			 "than %d octets", HEADERS_MAX);
	explain_no_answer(c);
	finish(c, &r);
}

/* Which octets come? false: not those that were asked for. */
static bool read_extent(struct dm_http_call *c, struct evhttp_request *rq)
{
	const char *length = header(rq, "Content-Length");
	const char *text = header(rq, "Content-Range");
	struct dm_range range;

	if (evhttp_request_get_response_code(rq) == HTTP_OK) {
		c->from = c->len = 0;
		c->total = length ? (size_t)strtoull(length, NULL, 10) : 0;
		return true;
	}
	if (!c->from || !text || !dm_range_read(&range, text) ||
	    range.first != c->from)
		return false;
	c->total = range.total;
	return true;
}

/* Content comes; less than 0: no more of this, please. */
static int on_content(struct dm_http_call *c, struct evhttp_request *rq)
{
	const char *validator = dm_range_validator(header(rq, "ETag"),
		header(rq, "Last-Modified"), header(rq, "Date"));
	struct dm_http_begin b = { .validator = validator ? validator : "" };

	if (!read_extent(c, rq)) {
		snprintf(c->why, WHY_SIZE, "the answer has other octets than "
			 "those that were asked for");
		return 0;
	}
	c->too_large = c->total > c->answer_max;
	c->is_wanted = !c->too_large;
	b.from = c->from;
	b.total = c->total;
	if (c->is_wanted && c->on_begin)
		c->on_begin(c->arg, &b);
	return c->too_large ? -1 : 0;
}

static int on_headers(struct evhttp_request *rq, void *arg)
{
	int status = evhttp_request_get_response_code(rq);

	return status == HTTP_OK || status == HTTP_PARTIAL ?
	       on_content(arg, rq) : 0;
}

/* A body may be longer than it has said, or has not said how long it is. */
static void take_piece(struct dm_http_call *c, struct evbuffer *piece)
{
	size_t len = evbuffer_get_length(piece);

	c->len += len;
	if (c->len > c->answer_max) {
		c->too_large = true;
		c->is_wanted = false;
		event_active(c->later, EV_TIMEOUT, 0);
	} else if (c->on_octets) {
		c->on_octets(c->arg, evbuffer_pullup(piece, -1), len);
	} else {
		evbuffer_add_buffer(c->body, piece);
	}
}

static void on_piece(struct evhttp_request *rq, void *arg)
{
	struct dm_http_call *c = arg;

	if (!c->done && c->is_wanted)
		take_piece(c, evhttp_request_get_input_buffer(rq));
}

/* ------------------------------ the request ------------------------------ */

static int port_of(const struct evhttp_uri *uri, bool tls)
{
	int port = evhttp_uri_get_port(uri);

	return port > 0 ? port : tls ? 443 : 80;
}

/* "[::1]" without its brackets; the caller frees it. */
static char *host_of(const struct evhttp_uri *uri)
{
	const char *host = evhttp_uri_get_host(uri);
	char *copy = xcheck(strdup(host + (host[0] == '[')));
	char *end = strchr(copy, ']');

	if (end)
		*end = '\0';
	return copy;
}

static bool open_connection(struct dm_http_call *c, const char *host)
{
	bool tls = !strcmp(evhttp_uri_get_scheme(c->uri), "https");
	struct dm_http *h = c->http;
	struct bufferevent *bev = NULL;

	c->ssl = tls ? new_ssl(h, host) : NULL;
	if (tls && !c->ssl)
		return false;
	if (tls) {
		bev = xcheck(bufferevent_openssl_socket_new(h->base, -1,
			c->ssl, BUFFEREVENT_SSL_CONNECTING,
			BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS));
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	}
	c->connection = xcheck(evhttp_connection_base_bufferevent_new(
		h->base, h->dns, bev, host, (unsigned short)port_of(c->uri,
								    tls)));
	evhttp_connection_set_timeout(c->connection, DM_HTTP_TIMEOUT_S);
	evhttp_connection_set_max_body_size(c->connection,
					    (ev_ssize_t)c->answer_max);
	evhttp_connection_set_max_headers_size(c->connection, HEADERS_MAX);
	return true;
}

static void set_range(struct evkeyvalq *headers,
		      const struct dm_http_request *q)
{
	char range[40];

	snprintf(range, sizeof(range), "bytes=%zu-", q->from);
	evhttp_add_header(headers, "Range", range);
	evhttp_add_header(headers, "If-Range", q->validator);
}

static void set_headers(struct evhttp_request *rq, const struct evhttp_uri *uri,
			const struct dm_http_request *q)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(rq);
	int port = evhttp_uri_get_port(uri);
	char host[300];

	if (port > 0)
		snprintf(host, sizeof(host), "%s:%d",
			 evhttp_uri_get_host(uri), port);
	else
		snprintf(host, sizeof(host), "%s", evhttp_uri_get_host(uri));
	evhttp_add_header(headers, "Host", host);
	evhttp_add_header(headers, "Connection", "close");
	evhttp_add_header(headers, "User-Agent", "dmbox-emulator");
	if (q->from)
		set_range(headers, q);
	if (!q->content_type)
		return;
	evhttp_add_header(headers, "Content-Type", q->content_type);
	evhttp_add_header(headers, "Accept", q->content_type);
}

/* The part behind the host; the caller frees it. */
static char *path_of(const struct evhttp_uri *uri)
{
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);
	char *out;

	if (asprintf(&out, "%s%s%s", path && *path ? path : "/",
		     query ? "?" : "", query ? query : "") < 0)
		out = NULL;
	return xcheck(out);
}

static bool send_request(struct dm_http_call *c,
			 const struct dm_http_request *q)
{
	struct evhttp_request *rq = xcheck(evhttp_request_new(on_answer, c));
	char *path = path_of(c->uri);
	int rc;

	evhttp_request_set_error_cb(rq, on_error);
	evhttp_request_set_header_cb(rq, on_headers);
	evhttp_request_set_chunked_cb(rq, on_piece);
	set_headers(rq, c->uri, q);
	if (q->content_type)
		evbuffer_add(evhttp_request_get_output_buffer(rq), q->body,
			     q->len);
	rc = evhttp_make_request(c->connection, rq, q->content_type ?
				 EVHTTP_REQ_POST : EVHTTP_REQ_GET, path);
	free(path);
	return !rc;
}

static bool has_http_url(const struct dm_http_call *c)
{
	const char *scheme = c->uri ? evhttp_uri_get_scheme(c->uri) : NULL;
	const char *host = c->uri ? evhttp_uri_get_host(c->uri) : NULL;

	return scheme && (!strcmp(scheme, "http") ||
			  !strcmp(scheme, "https")) && host && *host;
}

static bool begin(struct dm_http_call *c, const struct dm_http_request *q)
{
	char *host;
	bool ok;

	if (!has_http_url(c)) {
		snprintf(c->why, WHY_SIZE, "not a URL of HTTP or HTTPS");
		return false;
	}
	host = host_of(c->uri);
	ok = open_connection(c, host) && send_request(c, q);
	free(host);
	if (!ok)
		snprintf(c->why, WHY_SIZE, "the request cannot be sent");
	return ok;
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct dm_http_response r = { .content_type = "" };
	struct dm_http_call *c = arg;

	(void)fd;
	(void)what;
	c->timed_out = !c->why[0] && !c->too_large;
	explain_no_answer(c);
	finish(c, &r);
}

struct dm_http_call *dm_http_start(struct dm_http *h,
				   const struct dm_http_request *q)
{
	const struct timeval patience = { (time_t)q->seconds_max, 0 };
	struct dm_http_call *c = xcalloc(1, sizeof(*c));

	c->http = h;
	c->uri = evhttp_uri_parse(q->url);
	c->body = xcheck(evbuffer_new());
	c->later = xcheck(event_new(h->base, -1, 0, on_later, c));
	c->answer_max = q->answer_max;
	c->from = c->len = q->from;
	c->on_begin = q->on_begin;
	c->on_octets = q->on_octets;
	c->on_done = q->on_done;
	c->arg = q->arg;
	if (begin(c, q))
		event_add(c->later, &patience);
	else
		event_active(c->later, EV_TIMEOUT, 0);
	return c;
}

void dm_http_call_free(struct dm_http_call *c)
{
	if (!c)
		return;
	c->done = true;
	if (c->connection)
		evhttp_connection_free(c->connection);
	if (c->uri)
		evhttp_uri_free(c->uri);
	event_free(c->later);
	evbuffer_free(c->body);
	free(c);
}

/* ----------------------------- start and stop ----------------------------- */

struct dm_http *dm_http_new(struct event_base *base, const char *ca_file,
			    struct err *e)
{
	SSL_CTX *tls = new_tls(ca_file, e);
	struct dm_http *h;

	if (!tls)
		return NULL;
	h = xcalloc(1, sizeof(*h));
	h->base = base;
	h->tls = tls;
	h->dns = evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
				EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	return h;
}

void dm_http_free(struct dm_http *h)
{
	if (h->dns)
		evdns_base_free(h->dns, 0);
	SSL_CTX_free(h->tls);
	free(h);
}
