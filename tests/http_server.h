/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_server.h - an HTTP server on the loop of a test
 */
#ifndef TESTS_HTTP_SERVER_H
#define TESTS_HTTP_SERVER_H

#include <event2/http.h>
#include <stddef.h>
#include <stddef.h>

/* On a free port of 127.0.0.1. Ends the program if there is none. */
struct evhttp *http_server_start(struct event_base *base,
				 void (*on_request)(struct evhttp_request *rq,
						    void *arg),
				 unsigned *port);

/* A file that it has; what is not set is left out. */
struct http_file {
	const char *octets;		/* borrowed */
	size_t len;
	const char *etag;
	const char *digest;
	size_t answer_max;		/* octets of an answer, which then breaks
					 * off; 0: all */
	int refusal;			/* HTTP status instead of an answer */
	unsigned n_refusals;		/* so many times, then no more */
	unsigned n_requests;		/* up to now */
	char range[64];			/* of the last of them; "": none */
};

/* Answers a GET, as RFC 9110 says of Range, and of If-Range with an ETag. */
void http_file_send(struct http_file *f, struct evhttp_request *rq);

#endif
