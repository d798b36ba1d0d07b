/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.h - the socket that clients talk to
 *
 * JSON-RPC 2.0 lines over a Unix socket, mode 0660; a client is known by its
 * uid. Requests may be pipelined: they are taken in order, answers carry the
 * id and come when they are ready. Bounded are the length of a line, the
 * clients, the requests under way and the answers that a client does not read:
 * past the last two nothing more is read from that client until it catches up.
 * Of a stream, no more is sent to it.
 */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include <event2/event.h>
#include <jansson.h>

#include "gateway/json/rpc.h"

#define API_CALLS_MAX 1000		/* requests of one client under way */
#define API_ANSWERS_MAX (1024 * 1024)	/* octets that it has not read */
#define API_STREAM_MAX (64 * 1024)	/* the same, before more of a stream */

struct api;
struct api_call;

/*
 * Does a call: must sooner or later call api_answer() or api_refuse(), once.
 * params lives until then.
 */
typedef void api_method(struct api_call *call, json_t *params, void *arg);

struct api_method_entry {
	const char *name;	/* NULL ends the table */
	api_method *run;
};

/*
 * Listens on path, which is made anew: a socket file that nobody listens on is
 * removed, one that is in use is an error. Returns DM_OK or an error with *e.
 */
int api_new(struct api **out, struct event_base *base, const char *path,
	    size_t clients_max, const struct api_method_entry *methods,
	    void *arg, struct err *e) DM_CHECK;

/* Reads no more requests; answers still go out. */
void api_stop(struct api *a);

/* Are all answers written? */
bool api_idle(const struct api *a);

/* Closes all and removes the socket file. */
void api_free(struct api *a);

uint32_t api_call_client(const struct api_call *call);	/* Unix uid */
const char *api_call_to(const struct api_call *call);	/* "to", or "" */

/* result is taken. */
void api_answer(struct api_call *call, json_t *result);
void api_refuse(struct api_call *call, const struct err *e);

/* The same with one more member in the error's data; value is taken. */
void api_refuse_with(struct api_call *call, const struct err *e,
		     const char *name, json_t *value);

/*
 * Lines that go to a client without a request for each, once a call has opened
 * a stream: one a connection, which lasts as long as that and the client's end
 * of it. The owner sends while there is room; what the client does not read
 * stays with the owner. It lives until closed(), or api_stream_close().
 */
struct api_stream {
	void (*ready)(struct api_stream *s);	/* all was written */
	void (*closed)(struct api_stream *s);	/* the client has gone */
	struct client *client;			/* the API's */
};

/*
 * For the connection of a call that is not answered yet: the answer is to go
 * first. Returns DM_OK; DM_EINVAL (in a batch) or DM_ESTATE (there is one) with
 * *e.
 */
int api_stream_open(struct api_call *call, struct api_stream *s,
		    struct err *e) DM_CHECK;
void api_stream_close(struct api_stream *s);

/* Never once the API has been stopped. */
bool api_stream_has_room(const struct api_stream *s);

/* line is taken. */
void api_stream_send(struct api_stream *s, json_t *line);

#endif
