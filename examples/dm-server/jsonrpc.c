/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/jsonrpc.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/un.h>

#define AGAIN_MS 1000		/* until the next try to connect */
#define SENT_MAX 500		/* requests under way; dmboxd takes 1000 */

struct request {
	STAILQ_ENTRY(request) link;
	json_int_t id;
	char *line;			/* owned; may hold secrets */
	bool once;			/* for this connection only */
	jsonrpc_answer *answer;
	void *about;
};

STAILQ_HEAD(requests, request);

struct jsonrpc {
	struct event_base *base;
	struct sockaddr_un address;
	struct jsonrpc_callbacks callbacks;
	struct bufferevent *link;	/* NULL: not connected */
	bool up;
	bool waits;			/* the server wants to be left alone */
	struct event *again;		/* a timer */
	json_int_t last_id;
	struct requests sent, put_off, waiting;	/* without an answer: in this
						 * order, each in its own */
	size_t n_sent;
};

/* ------------------------------- requests -------------------------------- */

static char *line_of(const char *method, json_int_t id, json_t *params)
{
	json_t *o = json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0",
			      "id", id, "method", method, "params", params);
	char *line = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (!line)
		abort();	/* no memory, or a text that is not UTF-8 */
	return line;
}

static void send_waiting(struct jsonrpc *r)
{
	struct request *q;

	while (r->up && !r->waits && r->n_sent < SENT_MAX &&
	       (q = STAILQ_FIRST(&r->waiting))) {
		STAILQ_REMOVE_HEAD(&r->waiting, link);
		STAILQ_INSERT_TAIL(&r->sent, q, link);
		r->n_sent++;
		bufferevent_write(r->link, q->line, strlen(q->line));
		bufferevent_write(r->link, "\n", 1);
	}
}

static void call(struct jsonrpc *r, const char *method, json_t *params,
		 jsonrpc_answer *answer, void *about, bool once)
{
	struct request *q = calloc(1, sizeof(*q));

	if (!q)
		abort();
	q->id = ++r->last_id;
	q->line = line_of(method, q->id, params);
	q->once = once;
	q->answer = answer;
	q->about = about;
	if (once)		/* before what has waited for a connection */
		STAILQ_INSERT_HEAD(&r->waiting, q, link);
	else
		STAILQ_INSERT_TAIL(&r->waiting, q, link);
	send_waiting(r);
}

void jsonrpc_call(struct jsonrpc *r, const char *method, json_t *params,
		  jsonrpc_answer *answer, void *about)
{
	call(r, method, params, answer, about, false);
}

void jsonrpc_call_once(struct jsonrpc *r, const char *method, json_t *params,
		       jsonrpc_answer *answer, void *about)
{
	call(r, method, params, answer, about, true);
}

static void free_request(struct request *q)
{
	explicit_bzero(q->line, strlen(q->line));
	free(q->line);
	free(q);
}

/* What was put off goes before what waits. */
static void take_back(struct jsonrpc *r)
{
	r->waits = false;
	STAILQ_CONCAT(&r->put_off, &r->waiting);
	STAILQ_CONCAT(&r->waiting, &r->put_off);
}

/* The connection is gone: what goes over the next one? */
static void keep_requests(struct jsonrpc *r)
{
	struct requests kept = STAILQ_HEAD_INITIALIZER(kept);
	struct request *q;

	take_back(r);
	STAILQ_CONCAT(&r->sent, &r->waiting);
	while ((q = STAILQ_FIRST(&r->sent))) {
		STAILQ_REMOVE_HEAD(&r->sent, link);
		if (q->once)
			free_request(q);
		else
			STAILQ_INSERT_TAIL(&kept, q, link);
	}
	STAILQ_CONCAT(&r->waiting, &kept);
	r->n_sent = 0;
}

/* -------------------------------- answers -------------------------------- */

static void try_again(struct jsonrpc *r, json_int_t ms)
{
	event_add(r->again, &(struct timeval){
		.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 });
}

/* An error that passes: nothing more goes out until it has. */
static bool put_off(struct jsonrpc *r, struct request *q, json_t *error)
{
	json_t *data = json_object_get(error, "data");
	json_t *ms = json_object_get(data, "retry-after-ms");

	if (!ms)
		return false;
	STAILQ_INSERT_TAIL(&r->put_off, q, link);
	r->waits = true;
	try_again(r, json_integer_value(ms));
	return true;
}

/* A request that was sent twice is answered twice: the first one counts. */
static void take_answer(struct jsonrpc *r, json_int_t id, json_t *answer)
{
	json_t *error = json_object_get(answer, "error");
	struct request *q = STAILQ_FIRST(&r->sent);

	while (q && q->id != id)
		q = STAILQ_NEXT(q, link);
	if (!q)
		return;
	STAILQ_REMOVE(&r->sent, q, request, link);
	r->n_sent--;
	if (!put_off(r, q, error)) {
		if (q->answer)
			q->answer(r->callbacks.owner, q->about,
				  json_object_get(answer, "result"), error);
		free_request(q);
	}
	send_waiting(r);
}

static void take_line(struct jsonrpc *r, const char *line)
{
	json_t *o = json_loads(line, 0, NULL);
	json_t *id = json_object_get(o, "id");
	json_t *params = json_object_get(o, "params");

	if (id)
		take_answer(r, json_integer_value(id), o);
	else if (params)
		r->callbacks.notification(r->callbacks.owner, params);
	json_decref(o);
}

static void on_read(struct bufferevent *link, void *arg)
{
	struct jsonrpc *r = arg;
	char *line;

	while ((line = evbuffer_readln(bufferevent_get_input(link), NULL,
				       EVBUFFER_EOL_LF))) {
		take_line(r, line);
		free(line);
	}
}

/* ------------------------------ connection ------------------------------- */

static void drop_link(struct jsonrpc *r, const char *why)
{
	bool was_up = r->up;

	if (r->link)
		bufferevent_free(r->link);
	r->link = NULL;
	r->up = false;
	keep_requests(r);
	try_again(r, AGAIN_MS);
	if (was_up)
		r->callbacks.link(r->callbacks.owner, why);
}

static void on_event(struct bufferevent *link, short what, void *arg)
{
	struct jsonrpc *r = arg;

	(void)link;
	if (what & BEV_EVENT_CONNECTED) {
		r->up = true;
		r->callbacks.link(r->callbacks.owner, NULL);
		send_waiting(r);
	} else {
		drop_link(r, "the connection is closed");
	}
}

/* Connects; or, if it is, sends what was put off. */
static void on_again(evutil_socket_t fd, short what, void *arg)
{
	struct jsonrpc *r = arg;

	(void)fd;
	(void)what;
	take_back(r);
	if (r->link) {
		send_waiting(r);
		return;
	}
	r->link = bufferevent_socket_new(r->base, -1, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(r->link, on_read, NULL, on_event, r);
	bufferevent_enable(r->link, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(r->link,
				       (struct sockaddr *)&r->address,
				       sizeof(r->address)))
		drop_link(r, "");
}

struct jsonrpc *jsonrpc_open(struct event_base *base, const char *socket,
			     const struct jsonrpc_callbacks *c)
{
	struct jsonrpc *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->base = base;
	r->callbacks = *c;
	STAILQ_INIT(&r->sent);
	STAILQ_INIT(&r->put_off);
	STAILQ_INIT(&r->waiting);
	r->address.sun_family = AF_UNIX;
	snprintf(r->address.sun_path, sizeof(r->address.sun_path), "%s",
		 socket);
	r->again = evtimer_new(base, on_again, r);
	event_active(r->again, EV_TIMEOUT, 1);
	return r;
}

void jsonrpc_close(struct jsonrpc *r)
{
	struct request *q;

	STAILQ_CONCAT(&r->sent, &r->put_off);
	STAILQ_CONCAT(&r->sent, &r->waiting);
	while ((q = STAILQ_FIRST(&r->sent))) {
		STAILQ_REMOVE_HEAD(&r->sent, link);
		free_request(q);
	}
	if (r->link)
		bufferevent_free(r->link);
	event_free(r->again);
	free(r);
}
