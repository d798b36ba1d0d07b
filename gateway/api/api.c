/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/api.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/api/api_socket.h"
#include "gateway/log.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

struct api {
	struct event_base *base;
	struct evconnlistener *listener;
	struct sockaddr_un address;
	const struct api_method_entry *methods;
	void *arg;
	size_t clients_max;
	size_t n_clients;
	struct client *clients;		/* a list */
	bool stopped;
};

struct client {
	struct client *next, **prev;
	struct api *api;
	struct bufferevent *bev;	/* NULL: it has gone away */
	uint32_t uid;
	size_t n_calls;			/* under way */
	bool skipping;			/* the rest of an overlong line */
	bool paused;			/* lines wait until it catches up */
	bool reading;			/* read_lines() is at work */
	bool at_end;			/* it sends nothing more */
	struct api_stream *stream;	/* or NULL */
};

/* The answers to one line: one, or those of a batch together. */
struct line {
	struct client *client;
	json_t *request;		/* owned: calls borrow from it */
	json_t *answers;		/* a batch's; NULL for a single call */
	size_t n_open;			/* calls without an answer */
};

struct api_call {
	struct line *line;
	json_t *id;			/* borrowed from the request */
	json_t *params;			/* the same; or NULL */
};

/* ------------------------------- clients ------------------------------- */

static void client_free_if_unused(struct client *c)
{
	if (c->bev || c->n_calls > 0)
		return;
	*c->prev = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->api->n_clients--;
	free(c);
}

static void client_close(struct client *c)
{
	struct api_stream *stream = c->stream;

	if (c->bev)
		bufferevent_free(c->bev);
	c->bev = NULL;
	c->stream = NULL;
	if (stream)
		stream->closed(stream);
	client_free_if_unused(c);
}

static size_t octets_unread(const struct client *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

/* Its end of input is the end of the connection once all is answered. */
static void close_if_finished(struct client *c)
{
	if (c->bev && c->at_end && !c->reading && c->n_calls == 0 &&
	    octets_unread(c) == 0)
		client_close(c);
}

static void send_json(struct client *c, json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(6));

	if (c->bev && text) {
		bufferevent_write(c->bev, text, strlen(text));
		bufferevent_write(c->bev, "\n", 1);
	}
	wipe_free(text);
	json_decref(answer);
}

/* ------------------------------- answers ------------------------------- */

static void read_lines(struct client *c);

/* answer is taken; NULL for a notification, which gets none. */
static void line_answer(struct line *l, json_t *answer)
{
	struct client *c = l->client;

	if (l->answers && answer)
		json_array_append_new(l->answers, answer);
	else if (answer)
		send_json(c, answer);
	if (--l->n_open > 0)
		return;
	if (l->answers && json_array_size(l->answers) > 0)
		send_json(c, json_incref(l->answers));
	json_decref(l->request);
	json_decref(l->answers);
	free(l);
}

static void call_end(struct api_call *call, json_t *answer)
{
	struct client *c = call->line->client;

	line_answer(call->line, answer);
	free(call);
	c->n_calls--;
	if (c->bev && c->paused)
		read_lines(c);
	if (c->bev)
		close_if_finished(c);
	else
		client_free_if_unused(c);
}

void api_answer(struct api_call *call, json_t *result)
{
	call_end(call, rpc_result(call->id, result));
}

void api_refuse(struct api_call *call, const struct err *e)
{
	call_end(call, rpc_error(call->id, e));
}

void api_refuse_with(struct api_call *call, const struct err *e,
		     const char *name, json_t *value)
{
	json_t *answer = rpc_error(call->id, e);

	rpc_error_add(answer, name, value);
	call_end(call, answer);
}

const char *api_call_to(const struct api_call *call)
{
	const char *to = json_string_value(json_object_get(call->params,
							   "to"));

	return to ? to : "";
}

uint32_t api_call_client(const struct api_call *call)
{
	return call->line->client->uid;
}

/* ------------------------------- streams ------------------------------- */

int api_stream_open(struct api_call *call, struct api_stream *s,
		    struct err *e)
{
	struct client *c = call->line->client;

	if (call->line->answers)
		return err_set(e, DM_EINVAL, "method",
			       "a request of its own", "it came in a batch");
	if (c->stream)
		return err_set(e, DM_ESTATE, "method", "another connection",
			       "this connection has a stream already");
	c->stream = s;
	s->client = c;
	return DM_OK;
}

void api_stream_close(struct api_stream *s)
{
	s->client->stream = NULL;
}

bool api_stream_has_room(const struct api_stream *s)
{
	return octets_unread(s->client) < API_STREAM_MAX &&
	       !s->client->api->stopped;
}

void api_stream_send(struct api_stream *s, json_t *line)
{
	send_json(s->client, line);
}

/* ------------------------------- requests ------------------------------- */

static api_method *find_method(const struct api *a, const char *name)
{
	const struct api_method_entry *m = a->methods;

	while (m->name && strcmp(m->name, name))
		m++;
	return m->run;
}

static json_t *no_method(const struct rpc_call *rpc)
{
	struct err e;

	err_set(&e, DM_ENOENT, "method", "see dmbox-api(7)", "\"%s\"",
		rpc->method);
	return rpc_error_code(rpc->id, RPC_NO_METHOD, &e);
}

/* One call of a line: it is answered now, or when its method has ended. */
static void run_call(struct line *l, json_t *item)
{
	struct api *a = l->client->api;
	struct api_call *call;
	struct rpc_call rpc;
	json_t *answer = rpc_read(item, &rpc);
	api_method *method = answer ? NULL : find_method(a, rpc.method);

	if (!answer && !rpc.id) {
		log_warn("api.no_id client=%u method=%.32s: not executed",
			 l->client->uid, rpc.method);
		line_answer(l, NULL);
		return;
	}
	if (!answer && !method)
		answer = no_method(&rpc);
	if (answer) {
		line_answer(l, answer);
		return;
	}
	call = xcalloc(1, sizeof(*call));
	call->line = l;
	call->id = rpc.id;
	call->params = rpc.params;
	l->client->n_calls++;
	method(call, rpc.params, a->arg);
}

static void run_line(struct client *c, const char *text, size_t len)
{
	struct line *l;
	json_t *request;
	json_t *answer = rpc_parse(text, len, &request);
	size_t n;

	if (answer) {
		send_json(c, answer);
		return;
	}
	l = xcalloc(1, sizeof(*l));
	l->client = c;
	l->request = request;
	if (!json_is_array(request)) {
		l->n_open = 1;
		run_call(l, request);
		return;
	}
	n = json_array_size(request);
	l->answers = json_array();
	l->n_open = n;
	for (size_t i = 0; i < n; i++)
		run_call(l, json_array_get(request, i));
}

static void refuse_long_line(struct client *c)
{
	struct err e;

	err_set(&e, DM_EINVAL, "line", "1048576 octets",
		"more than 1048576 octets");
	send_json(c, rpc_error_code(NULL, RPC_INVALID_REQUEST, &e));
}

/* A line that does not end is answered once and skipped to its end. */
static void skip_begun_line(struct client *c, struct evbuffer *in)
{
	evbuffer_drain(in, evbuffer_get_length(in));
	if (!c->skipping)
		refuse_long_line(c);
	c->skipping = true;
}

static void take_line(struct client *c, struct evbuffer *in)
{
	size_t len;
	char *text = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);

	if (c->skipping)
		c->skipping = false;
	else if (len > RPC_LINE_MAX)
		refuse_long_line(c);
	else if (len > 0)
		run_line(c, text, len);
	wipe_free(text);
}

/* The end of input ends the last line, too: no request goes without answer. */
static void take_last_line(struct client *c, struct evbuffer *in)
{
	size_t len = evbuffer_get_length(in);
	char *text = xcalloc(1, len + 1);

	evbuffer_remove(in, text, len);
	if (!c->skipping)
		run_line(c, text, len);
	wipe_free(text);
}

static bool may_read(const struct client *c)
{
	return c->n_calls < API_CALLS_MAX &&
	       octets_unread(c) < API_ANSWERS_MAX && !c->api->stopped;
}

static void read_lines(struct client *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	c->reading = true;
	c->paused = false;
	while (may_read(c)) {
		struct evbuffer_ptr end = evbuffer_search_eol(in, NULL, NULL,
							EVBUFFER_EOL_LF);

		if (end.pos >= 0)
			take_line(c, in);
		else if (evbuffer_get_length(in) > RPC_LINE_MAX)
			skip_begun_line(c, in);
		else if (c->at_end && evbuffer_get_length(in) > 0)
			take_last_line(c, in);
		else
			break;
	}
	c->paused = !may_read(c);
	c->reading = false;
	if (c->paused)
		bufferevent_disable(c->bev, EV_READ);
	else if (!c->at_end)
		bufferevent_enable(c->bev, EV_READ);
}

/* ------------------------------- events ------------------------------- */

static void on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	read_lines(arg);
}

/* All answers are written: read on, if we had stopped. */
static void on_written(struct bufferevent *bev, void *arg)
{
	struct client *c = arg;

	(void)bev;
	read_lines(c);
	if (c->stream && !c->api->stopped)
		c->stream->ready(c->stream);
	close_if_finished(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct client *c = arg;

	(void)bev;
	if (what & BEV_EVENT_EOF) {
		c->at_end = true;
		bufferevent_disable(c->bev, EV_READ);
		read_lines(c);
		close_if_finished(c);
	} else if (what & BEV_EVENT_ERROR) {
		client_close(c);
	}
}

static void refuse_client(evutil_socket_t fd, size_t clients_max)
{
	char allowed[64];
	struct err e;

	snprintf(allowed, sizeof(allowed), "%zu clients at a time",
		 clients_max);
	err_set(&e, DM_EBUSY, "client", allowed, "one too many");
	api_socket_refuse(fd, &e);
	log_warn("api.too_many_clients max=%zu", clients_max);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *from, int len, void *arg)
{
	struct api *a = arg;
	struct client *c;

	(void)listener;
	(void)from;
	(void)len;
	if (a->n_clients >= a->clients_max) {
		refuse_client(fd, a->clients_max);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->api = a;
	c->uid = api_socket_peer(fd);
	c->next = a->clients;
	c->prev = &a->clients;
	if (c->next)
		c->next->prev = &c->next;
	a->clients = c;
	a->n_clients++;
	c->bev = bufferevent_socket_new(a->base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* ------------------------------ open, close ------------------------------ */

int api_new(struct api **out, struct event_base *base, const char *path,
	    size_t clients_max, const struct api_method_entry *methods,
	    void *arg, struct err *e)
{
	struct api *a = xcalloc(1, sizeof(*a));
	int rc = api_socket_prepare(path, &a->address, e);

	if (rc)
		goto fail;
	a->base = base;
	a->methods = methods;
	a->arg = arg;
	a->clients_max = clients_max;
	a->listener = evconnlistener_new_bind(base, on_accept, a,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
		(struct sockaddr *)&a->address, sizeof(a->address));
	if (!a->listener || chmod(path, 0660)) {
		rc = api_socket_error(e, path);
		goto fail;
	}
	*out = a;
	return DM_OK;
fail:
	if (a->listener)
		evconnlistener_free(a->listener);
	free(a);
	return rc;
}

void api_stop(struct api *a)
{
	a->stopped = true;
	evconnlistener_disable(a->listener);
	for (struct client *c = a->clients; c; c = c->next)
		if (c->bev)
			bufferevent_disable(c->bev, EV_READ);
}

bool api_idle(const struct api *a)
{
	for (const struct client *c = a->clients; c; c = c->next)
		if (c->n_calls > 0 || (c->bev && octets_unread(c) > 0))
			return false;
	return true;
}

void api_free(struct api *a)
{
	struct client *c = a->clients;

	while (c) {
		struct client *next = c->next;

		client_close(c);
		c = next;
	}
	evconnlistener_free(a->listener);
	unlink(a->address.sun_path);
	free(a);
}
