/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/http_server.h"

#include <event2/buffer.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct evhttp *http_server_start(struct event_base *base,
				 void (*on_request)(struct evhttp_request *rq,
						    void *arg),
				 unsigned *port)
{
	struct evhttp *server = evhttp_new(base);
	struct evhttp_bound_socket *bound =
		evhttp_bind_socket_with_handle(server, "127.0.0.1", 0);
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	if (!bound || getsockname(evhttp_bound_socket_get_fd(bound),
				  (struct sockaddr *)&a, &len)) {
		printf("Bail out! no port on 127.0.0.1\n");
		exit(EXIT_FAILURE);
	}
	*port = ntohs(a.sin_port);
	evhttp_set_gencb(server, on_request, NULL);
	return server;
}

/* --------------------------------- a file --------------------------------- */

static void add_header(struct evhttp_request *rq, const char *name,
		       const char *value)
{
	if (value)
		evhttp_add_header(evhttp_request_get_output_headers(rq), name,
				  value);
}

/* The first octet that the request asks for. */
static size_t first_of(struct http_file *f, struct evhttp_request *rq)
{
	struct evkeyvalq *in = evhttp_request_get_input_headers(rq);
	const char *range = evhttp_find_header(in, "Range");
	const char *if_range = evhttp_find_header(in, "If-Range");
	size_t first = 0;

	snprintf(f->range, sizeof(f->range), "%s", range ? range : "");
	if (!range || (if_range && (!f->etag || strcmp(if_range, f->etag))) ||
	    sscanf(range, "bytes=%zu-", &first) != 1)
		return 0;
	return first;
}

/* More is announced than comes, if it breaks off. */
static void send_from(struct http_file *f, struct evhttp_request *rq,
		      size_t first)
{
	size_t len = f->len - first;
	struct evbuffer *body = evbuffer_new();
	char text[80];

	snprintf(text, sizeof(text), "%zu", len);
	add_header(rq, "Content-Length", text);
	snprintf(text, sizeof(text), "bytes %zu-%zu/%zu", first, f->len - 1,
		 f->len);
	add_header(rq, "Content-Range", first ? text : NULL);
	if (f->answer_max && len > f->answer_max)
		len = f->answer_max;
	evbuffer_add(body, f->octets + first, len);
	evhttp_send_reply(rq, first ? 206 : 200, "x", body);
	evbuffer_free(body);
}

void http_file_send(struct http_file *f, struct evhttp_request *rq)
{
	size_t first = first_of(f, rq);

	f->n_requests++;
	if (f->n_refusals) {
		f->n_refusals--;
		evhttp_send_error(rq, f->refusal, "x");
		return;
	}
	if (first >= f->len && first) {
		evhttp_send_error(rq, 416, "x");
		return;
	}
	add_header(rq, "ETag", f->etag);
	add_header(rq, "Digest", f->digest);
	send_from(f, rq, first);
}
