/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/session.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/xalloc.h"

#define SYSTEM_ID "dmbox-emulator"	/* ours; SMPP allows 15 characters */

/* An answer that waits for its time. */
struct late_answer {
	LIST_ENTRY(late_answer) link;
	struct session *session;
	struct smpp_header request;
	struct session_answer answer;
	struct event *timer;		/* owned */
};

struct pdu {
	struct smpp_header h;
	const uint8_t *octets;		/* h.len of them; borrowed */
};

/* ------------------------------- report ------------------------------- */

static const char *kind_name(enum session_kind kind)
{
	switch (kind) {
	case SESSION_UNBOUND:
		return "unbound";
	case SESSION_RECEIVER:
		return "receiver";
	case SESSION_TRANSMITTER:
		return "transmitter";
	case SESSION_TRANSCEIVER:
		return "transceiver";
	}
	return "?";
}

static void report_bind(const struct session *s, const char *event,
			const char *reason)
{
	struct report_field fields[] = {
		report_number("session", s->id),
		report_text("kind", kind_name(s->kind)),
		report_text("system-id", s->system_id),
		report_text("reason", reason ? reason : ""),
	};

	report_event(s->report, event, NULL, fields, reason ? 4 : 3);
}

static const char *hex_text(uint32_t number, char out[11])
{
	snprintf(out, 11, "0x%08x", number);
	return out;
}

static void report_refused(const struct session *s,
			   const struct smpp_header *h,
			   enum smpp_status status)
{
	char command[11];
	struct report_field fields[] = {
		report_number("session", s->id),
		report_text("command", hex_text(h->command, command)),
		report_number("octets", h->len),
		report_number("status", status),
		report_text("reason", smpp_status_text(status)),
	};

	report_event(s->report, "pdu.refused", NULL, fields, 5);
}

/* -------------------------------- write -------------------------------- */

static void send_octets(struct session *s, const uint8_t *octets, size_t len)
{
	struct evbuffer *out = bufferevent_get_output(s->bev);

	bufferevent_write(s->bev, octets, len);
	if (evbuffer_get_length(out) > SESSION_OUT_MAX && !s->congested) {
		s->congested = true;
		bufferevent_disable(s->bev, EV_READ);
	}
}

static void answer(struct session *s, const struct smpp_header *h,
		   enum smpp_status status, const char *text)
{
	uint8_t out[SMPP_OUT_MAX];

	send_octets(s, out, smpp_encode_response(h, status, text, out));
}

static void refuse(struct session *s, const struct smpp_header *h,
		   enum smpp_status status)
{
	report_refused(s, h, status);
	answer(s, h, status, NULL);
}

bool session_takes_receipts(const struct session *s)
{
	return (s->kind == SESSION_RECEIVER ||
		s->kind == SESSION_TRANSCEIVER) && !s->closing &&
	       !s->congested && !s->halted;
}

void session_send_receipt(struct session *s, const struct receipt *r,
			  int64_t now_s)
{
	char text[RECEIPT_TEXT_MAX];
	uint8_t out[SMPP_OUT_MAX];
	struct smpp_receipt receipt = {
		.sequence = s->sequence = s->sequence % 0x7fffffff + 1,
		.from = r->device, .to = r->to, .text = text,
		.message_id = r->message_id,
		.message_state = r->state->message_state,
	};

	receipt_text(r->state, r->message_id, r->submitted_s, now_s, text);
	send_octets(s, out, smpp_encode_receipt(&receipt, out));
}

/* -------------------------------- handle -------------------------------- */

static void handle_bind(struct session *s, const struct pdu *p)
{
	const struct timeval write = { SESSION_WRITE_TIMEOUT_S, 0 };
	enum smpp_status status = s->kind == SESSION_UNBOUND ? ESME_ROK :
				  ESME_RALYBND;
	struct smpp_bind bind;

	if (status == ESME_ROK)
		status = smpp_decode_bind(&bind, p->octets, p->h.len);
	if (status != ESME_ROK) {
		refuse(s, &p->h, status);
		return;
	}
	s->kind = (enum session_kind)p->h.command;
	memcpy(s->system_id, bind.system_id, sizeof(s->system_id));
	bufferevent_set_timeouts(s->bev, NULL, &write);
	answer(s, &p->h, ESME_ROK, SYSTEM_ID);
	report_bind(s, "bound", NULL);
	s->ops->ready(s->arg);
}

static void handle_unbind(struct session *s, const struct pdu *p)
{
	answer(s, &p->h, ESME_ROK, NULL);
	if (s->kind != SESSION_UNBOUND)
		report_bind(s, "unbound", "unbind");
	s->kind = SESSION_UNBOUND;
	s->closing = true;
}

static void handle_enquire_link(struct session *s, const struct pdu *p)
{
	answer(s, &p->h, ESME_ROK, NULL);
}

static void answer_submit(struct session *s, const struct smpp_header *h,
			  const struct session_answer *a)
{
	if (a->then == SESSION_ENDS_AT_ONCE)
		s->closing = true;
	else if (a->status == ESME_ROK)
		answer(s, h, ESME_ROK, a->message_id);
	else
		refuse(s, h, a->status);
	if (a->then == SESSION_ENDS)
		s->closing = true;
}

static void close_if_done(struct session *s);

static void free_late(struct late_answer *l)
{
	LIST_REMOVE(l, link);
	l->session->n_late--;
	event_free(l->timer);
	free(l);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	struct late_answer *l = arg;
	struct session *s = l->session;

	(void)fd;
	(void)what;
	if (!s->closing)
		answer_submit(s, &l->request, &l->answer);
	free_late(l);
	close_if_done(s);
}

static void answer_later(struct session *s, const struct smpp_header *h,
			 const struct session_answer *a)
{
	const struct timeval tv = {
		a->delay_ms / 1000, (suseconds_t)(a->delay_ms % 1000) * 1000
	};
	struct late_answer *l = xcalloc(1, sizeof(*l));

	l->session = s;
	l->request = *h;
	l->answer = *a;
	l->timer = xcheck(evtimer_new(bufferevent_get_base(s->bev), on_late,
				      l));
	LIST_INSERT_HEAD(&s->late, l, link);
	s->n_late++;
	event_add(l->timer, &tv);
}

static void handle_submit(struct session *s, const struct pdu *p)
{
	struct session_answer a = { .status = ESME_RINVBNDSTS };
	struct smpp_submit sms;

	if (s->kind == SESSION_TRANSMITTER || s->kind == SESSION_TRANSCEIVER)
		a.status = smpp_decode_submit(&sms, p->octets, p->h.len);
	if (a.status == ESME_ROK && s->n_late == SESSION_LATE_MAX)
		a.status = ESME_RMSGQFUL;
	if (a.status == ESME_ROK)
		s->ops->submit(s->arg, s, &sms, &a);
	if (a.delay_ms && a.then != SESSION_ENDS_AT_ONCE)
		answer_later(s, &p->h, &a);
	else
		answer_submit(s, &p->h, &a);
}

static const struct handler {
	uint32_t command;
	void (*handle)(struct session *s, const struct pdu *p);
} handlers[] = {
	{ SMPP_SUBMIT_SM, handle_submit },
	{ SMPP_ENQUIRE_LINK, handle_enquire_link },
	{ SMPP_BIND_TRANSCEIVER, handle_bind },
	{ SMPP_BIND_TRANSMITTER, handle_bind },
	{ SMPP_BIND_RECEIVER, handle_bind },
	{ SMPP_UNBIND, handle_unbind },
};

static const struct handler *find_handler(uint32_t command)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].command == command)
			return &handlers[i];
	return NULL;
}

/* Responses need no answer: a nack of a nack would never end. */
static void handle(struct session *s, const struct pdu *p)
{
	const struct handler *h = find_handler(p->h.command);
	enum smpp_status status;

	if (p->h.command & SMPP_RESPONSE)
		return;
	status = h ? smpp_check(p->octets, p->h.len) : ESME_RINVCMDID;
	if (status == ESME_ROK)
		h->handle(s, p);
	else
		refuse(s, &p->h, status);
}

/* -------------------------------- stream -------------------------------- */

/* The stream is lost. generic_nack is what an unknown command gets. */
static void lose_stream(struct session *s, const struct smpp_header *h)
{
	struct smpp_header nack = { .sequence = h->sequence };

	report_refused(s, h, ESME_RINVCMDLEN);
	answer(s, &nack, ESME_RINVCMDLEN, NULL);
	s->closing = true;
}

/* Handles the next PDU if all of it is there. */
static bool next_pdu(struct session *s, struct evbuffer *in)
{
	uint8_t header[SMPP_HEADER_LEN];
	struct pdu p;

	if (evbuffer_copyout(in, header, sizeof(header)) <
	    (ev_ssize_t)sizeof(header))
		return false;
	smpp_header_read(&p.h, header);
	if (!smpp_len_ok(p.h.len)) {
		lose_stream(s, &p.h);
		return false;
	}
	if (evbuffer_get_length(in) < p.h.len)
		return false;
	p.octets = evbuffer_pullup(in, (ev_ssize_t)p.h.len);
	if (!p.octets) {
		s->closing = true;
		return false;
	}
	handle(s, &p);
	evbuffer_drain(in, p.h.len);
	return !s->closing && !s->congested && !s->halted;
}

static void end(struct session *s, const char *reason)
{
	if (s->kind != SESSION_UNBOUND)
		report_bind(s, "unbound", reason);
	s->ops->gone(s->arg, s);
}

/* Ends the connection, if it is to end, as soon as its output is sent. */
static void close_if_done(struct session *s)
{
	if (!s->closing || s->halted)
		return;
	bufferevent_disable(s->bev, EV_READ);
	if (evbuffer_get_length(bufferevent_get_output(s->bev)) == 0)
		end(s, "closed");
}

static void read_pdus(struct session *s)
{
	struct evbuffer *in = bufferevent_get_input(s->bev);

	while (!s->closing && next_pdu(s, in))
		;
	close_if_done(s);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	read_pdus(arg);
}

/* The output has drained. */
static void on_write(struct bufferevent *bev, void *arg)
{
	struct session *s = arg;

	if (s->closing) {
		end(s, "closed");
	} else if (s->congested) {
		s->congested = false;
		bufferevent_enable(bev, EV_READ);
		s->ops->ready(s->arg);
		read_pdus(s);
	}
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	end(arg, what & BEV_EVENT_TIMEOUT ? "time-out" : "connection closed");
}

/* ---------------------------- halt and drop ---------------------------- */

void session_halt(struct session *s)
{
	s->halted = true;
	bufferevent_disable(s->bev, EV_READ | EV_WRITE);
}

/* What came before the halt may stand in the buffer: nobody else reads it. */
void session_continue(struct session *s)
{
	s->halted = false;
	bufferevent_enable(s->bev, EV_WRITE);
	if (!s->congested) {
		bufferevent_enable(s->bev, EV_READ);
		read_pdus(s);
	}
}

void session_drop(struct session *s)
{
	end(s, "dropped");
}

struct session *session_new(struct event_base *base, int fd, uint64_t id,
			    const struct session_ops *ops, void *arg,
			    const struct report *report)
{
	const struct timeval read = { SESSION_BIND_TIMEOUT_S, 0 };
	const struct timeval write = { SESSION_WRITE_TIMEOUT_S, 0 };
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!s->bev) {
		free(s);
		return NULL;
	}
	s->id = id;
	s->ops = ops;
	s->arg = arg;
	s->report = report;
	LIST_INIT(&s->late);
	bufferevent_setcb(s->bev, on_read, on_write, on_event, s);
	bufferevent_set_timeouts(s->bev, &read, &write);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
	return s;
}

void session_free(struct session *s)
{
	while (!LIST_EMPTY(&s->late))
		free_late(LIST_FIRST(&s->late));
	bufferevent_free(s->bev);
	free(s);
}
