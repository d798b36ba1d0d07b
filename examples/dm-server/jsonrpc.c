/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/jsonrpc.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define AGAIN_S 1		/* until the next try, after a failure */

struct request {
	struct request *next;
	json_int_t id;
	char *line;			/* owned; may hold secrets */
	bool once;			/* for this connection only */
	bool sent;			/* over it; false: it is put off */
	jsonrpc_answer *answer;
	void *about;
};

struct jsonrpc {
	struct event_base *base;
	struct sockaddr_un address;
	struct jsonrpc_callbacks callbacks;
	struct bufferevent *link;	/* NULL: not connected */
	bool up;
	struct event *again;		/* a timer */
	json_int_t last_id;
	struct request *first, **end;	/* without an answer, in their order */
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

static void send_request(struct jsonrpc *r, struct request *q)
{
	if (!r->up || q->sent)
		return;
	q->sent = true;
	bufferevent_write(r->link, q->line, strlen(q->line));
	bufferevent_write(r->link, "\n", 1);
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
	*r->end = q;
	r->end = &q->next;
	send_request(r, q);
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

/* Takes a request out of the list. */
static struct request *unlink_request(struct jsonrpc *r, struct request **place)
{
	struct request *q = *place;

	*place = q->next;
	if (r->end == &q->next)
		r->end = place;
	return q;
}

static void free_request(struct request *q)
{
	explicit_bzero(q->line, strlen(q->line));
	free(q->line);
	free(q);
}

static void send_all(struct jsonrpc *r)
{
	for (struct request *q = r->first; q; q = q->next)
		send_request(r, q);
}

/* The connection is gone: what goes over the next one? */
static void keep_requests(struct jsonrpc *r)
{
	struct request **place = &r->first;

	while (*place)
		if ((*place)->once) {
			free_request(unlink_request(r, place));
		} else {
			(*place)->sent = false;
			place = &(*place)->next;
		}
}

/* -------------------------------- answers -------------------------------- */

static void try_again(struct jsonrpc *r)
{
	event_add(r->again, &(struct timeval){ .tv_sec = AGAIN_S });
}

/* A request that was sent twice is answered twice: the first one counts. */
static void take_answer(struct jsonrpc *r, json_int_t id, json_t *answer)
{
	json_t *error = json_object_get(answer, "error");
	struct request **place = &r->first, *q;

	while (*place && (*place)->id != id)
		place = &(*place)->next;
	if (!*place)
		return;
	if (r->callbacks.passes(json_integer_value(
			json_object_get(error, "code")))) {
		(*place)->sent = false;
		try_again(r);
		return;
	}
	q = unlink_request(r, place);
	if (q->answer)
		q->answer(r->callbacks.owner, q->about,
			  json_object_get(answer, "result"), error);
	free_request(q);
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
	try_again(r);
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
		send_all(r);
	} else {
		drop_link(r, "the connection is closed");
	}
}

/* Connects; or, if it is, sends again what was put off. */
static void on_again(evutil_socket_t fd, short what, void *arg)
{
	struct jsonrpc *r = arg;

	(void)fd;
	(void)what;
	if (r->link) {
		send_all(r);
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
	r->end = &r->first;
	r->address.sun_family = AF_UNIX;
	snprintf(r->address.sun_path, sizeof(r->address.sun_path), "%s",
		 socket);
	r->again = evtimer_new(base, on_again, r);
	event_active(r->again, EV_TIMEOUT, 1);
	return r;
}

void jsonrpc_close(struct jsonrpc *r)
{
	while (r->first)
		free_request(unlink_request(r, &r->first));
	if (r->link)
		bufferevent_free(r->link);
	event_free(r->again);
	free(r);
}
