/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/subscribe.h"

#include <jansson.h>
#include <stdlib.h>

#include "gateway/json/job_json.h"
#include "gateway/request/request.h"
#include "gateway/store/store_events.h"
#include "gateway/xalloc.h"

struct subscriber {
	struct store_events page;
	bool reading;			/* the store has page */
	struct api_stream stream;
	bool gone;			/* stream is closed */
	struct api_call *call;		/* NULL once it is answered */
	struct methods *m;
	struct subscriber *next, **prev;
};

static void subscriber_free(struct subscriber *s)
{
	*s->prev = s->next;
	if (s->next)
		s->next->prev = s->prev;
	free(s);
}

/* Reads the next page, if there is one and the client has room for it. */
static void read_on(struct subscriber *s)
{
	if (s->reading || s->page.cursor >= store_last_event(s->m->store) ||
	    !api_stream_has_room(&s->stream))
		return;
	s->page.after = s->page.cursor;
	s->reading = true;
	store_push(s->m->store, &s->page.op);
}

void subscribe_wake(struct methods *m)
{
	for (struct subscriber *s = m->subscribers; s; s = s->next)
		if (!s->gone)
			read_on(s);
}

static void send_page(struct subscriber *s)
{
	for (size_t i = 0; i < s->page.n; i++)
		api_stream_send(&s->stream, rpc_notice("event",
			event_json(&s->page.events[i])));
}

/*
 * What comes next was pruned before the client came to it; or its cursor is of
 * another queue, which this one was restored from.
 */
static void skip_lost(struct subscriber *s)
{
	const struct store_events *p = &s->page;

	api_stream_send(&s->stream, rpc_notice("event.lost",
		json_pack("{s:I, s:I, s:s}", "after", (json_int_t)p->after,
			  "oldest", (json_int_t)p->oldest,
			  "reason", p->op.err.came)));
	s->page.cursor = p->oldest;
}

/* Behind which event it begins. */
static json_int_t first_cursor(const struct store_events *p)
{
	if (p->op.rc == DM_EINVAL)
		return p->oldest;
	return p->after < 0 ? p->cursor : p->after;
}

/* The first page answers the call, or has it refused. */
static void answer(struct subscriber *s)
{
	struct store_events *p = &s->page;
	struct api_call *call = s->call;

	s->call = NULL;
	if (p->op.rc == DM_OK || p->op.rc == DM_EINVAL) {
		api_answer(call, json_pack("{s:I}", "cursor",
					   first_cursor(p)));
		return;
	}
	if (!s->gone)
		api_stream_close(&s->stream);
	s->gone = true;
	methods_refuse(call, "event.subscribe", &p->op.err);
}

static void page_done(struct store_op *op)
{
	struct subscriber *s = (struct subscriber *)op;

	if (s->call)
		answer(s);
	if (s->gone) {
		subscriber_free(s);
		return;
	}
	s->reading = false;
	if (op->rc == DM_EIO) {		/* the next wake tries again */
		s->page.cursor = s->page.after;
		return;
	}
	if (op->rc == DM_OK)
		send_page(s);
	else
		skip_lost(s);
	read_on(s);
}

static struct subscriber *of_stream(struct api_stream *stream)
{
	return (struct subscriber *)((char *)stream -
				     offsetof(struct subscriber, stream));
}

static void stream_ready(struct api_stream *stream)
{
	read_on(of_stream(stream));
}

static void stream_closed(struct api_stream *stream)
{
	struct subscriber *s = of_stream(stream);

	s->gone = true;
	if (!s->reading)
		subscriber_free(s);
}

static int read_states(json_t *states, unsigned *bits, struct err *e)
{
	json_t *name;
	size_t i;

	json_array_foreach(states, i, name) {
		enum job_state state;

		if (methods_read_state(json_string_value(name), "states",
				       &state, e))
			return DM_EINVAL;
		*bits |= 1U << state;
	}
	return DM_OK;
}

static int read_request(json_t *params, struct store_events *p, struct err *e)
{
	struct event_subscribe_request rq;
	int rc = fields_parse(request_event_subscribe_fields, params, false,
			      &rq, e);

	if (rc)
		return rc;
	p->after = rq.after;
	if (rq.job)
		rc = job_id_parse(rq.job, &p->filter.job, e);
	if (!rc && rq.to)
		rc = msisdn_parse(rq.to, "to", p->filter.to, e);
	if (!rc)
		rc = methods_read_device(rq.device, p->filter.device, e);
	return rc ? rc : read_states(rq.states, &p->filter.states, e);
}

void method_event_subscribe(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct subscriber *s = xcalloc(1, sizeof(*s));
	struct err e;

	s->stream.ready = stream_ready;
	s->stream.closed = stream_closed;
	if (read_request(params, &s->page, &e) ||
	    api_stream_open(call, &s->stream, &e)) {
		methods_refuse(call, "event.subscribe", &e);
		free(s);
		return;
	}
	s->call = call;
	s->m = m;
	s->next = m->subscribers;
	s->prev = &m->subscribers;
	if (s->next)
		s->next->prev = &s->next;
	m->subscribers = s;
	s->page.op.run = store_events_run;
	s->page.op.done = page_done;
	s->reading = true;
	store_push(m->store, &s->page.op);
}
