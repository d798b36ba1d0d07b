/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/http_server.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

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
