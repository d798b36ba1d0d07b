/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_server.h - an HTTP server on the loop of a test
 */
#ifndef TESTS_HTTP_SERVER_H
#define TESTS_HTTP_SERVER_H

#include <event2/http.h>

/* On a free port of 127.0.0.1. Ends the program if there is none. */
struct evhttp *http_server_start(struct event_base *base,
				 void (*on_request)(struct evhttp_request *rq,
						    void *arg),
				 unsigned *port);

#endif
