/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_talk.h"

#include <event2/util.h>
#include <stdio.h>
#include <string.h>

#include "emulator/network.h"
#include "emulator/xalloc.h"

#define ANSWER_S 300			/* to a message, with all its octets */
#define LOST "the connection is lost"
#define NO_CONNECTION "no data connection"

struct dm_talk {
	struct dm_talk_room *room;
	struct device *device;
	struct dm_dialog dialog;
	struct dm_dialog_out out;
	struct dm_http_call *call;	/* owned; NULL: none */
	struct dm_http_call *answered;	/* owned: the one before it */
	struct event *next;		/* owned: goes on outside of callbacks */
	enum dm_dialog_turn turn;
	struct event *thought;		/* owned: its user has */
	unsigned thinks_ms;		/* so long, before the next message */
	uint8_t *kept;			/* owned: that message, or NULL */
	size_t kept_len;		/* octets */
	char mishap[32];		/* why there is no answer; "": none */
	char why[ERR_TEXT_MAX];		/* DM_DIALOG_FAILED */
	void (*on_end)(void *arg, const struct dm_talk_end *end);
	void *arg;
};

void dm_talk_room_init(struct dm_talk_room *room, struct event_base *base,
		       const struct report *report, struct dm_http *http)
{
	*room = (struct dm_talk_room){
		.base = base, .report = report, .http = http,
		.arena.cap = 2 * SYNCML_ARENA_MAX,
	};
	room->arena.buf = xcalloc(1, room->arena.cap);
	room->out = xcalloc(1, DM_DIALOG_OCTETS_MAX);
}

void dm_talk_room_free(struct dm_talk_room *room)
{
	hash_wipe(room->arena.buf, room->arena.used);
	hash_wipe(room->out, DM_DIALOG_OCTETS_MAX);
	free(room->arena.buf);
	free(room->out);
}

/* ------------------------------ one message ------------------------------- */

static void on_answer(void *arg, const struct dm_http_response *r);

/* The server gets the message, and its answer does not come. */
static void meet_mishap(struct dm_talk *t)
{
	const struct fault_rule *r = mishap_meet(t->room->mishaps, t->device,
						 FAULT_AT_MESSAGE);

	if (r && r->kind->id == FAULT_DM_STATUS)
		snprintf(t->mishap, sizeof(t->mishap), "HTTP status %u",
			 r->value);
	else if (r)
		snprintf(t->mishap, sizeof(t->mishap), LOST);
}

static void post(struct dm_talk *t, const uint8_t *octets, size_t len)
{
	const struct dm_client *c = t->device->client;
	const struct dm_http_request request = {
		.url = t->dialog.url,
		.content_type = syncml_content_type(c->encoding),
		.body = octets,
		.len = len,
		.answer_max = DM_DIALOG_OCTETS_MAX,
		.seconds_max = ANSWER_S,
		.on_done = on_answer,
		.arg = t,
	};

	meet_mishap(t);
	t->answered = t->call;
	t->call = dm_http_start(t->room->http, &request);
}

static void fail(struct dm_talk *t, const char *why)
{
	t->turn = DM_DIALOG_FAILED;
	snprintf(t->why, sizeof(t->why), "%s", why);
}

static void take(struct dm_talk *t, const struct dm_http_response *r)
{
	uint8_t nonce[DM_DIALOG_NONCE_LEN];
	enum syncml_encoding encoding;
	struct err e;

	if (r->why || t->mishap[0]) {
		fail(t, t->mishap[0] ? t->mishap : r->why);
		return;
	}
	if (syncml_encoding_of(r->content_type, &encoding, &e) ||
	    encoding != t->dialog.setup.encoding) {
		fail(t, "the answer has another Content-Type than the message");
		return;
	}
	evutil_secure_rng_get_bytes(nonce, sizeof(nonce));
	t->turn = dm_dialog_take(&t->dialog, r->body, r->len, nonce, &t->out);
	hash_wipe(nonce, sizeof(nonce));
	if (t->turn == DM_DIALOG_FAILED)
		fail(t, t->dialog.why);
}

static void drop_kept(struct dm_talk *t)
{
	if (t->kept)
		hash_wipe(t->kept, t->kept_len);
	free(t->kept);
	t->kept = NULL;
}

/* Its connection may have been lost meanwhile. */
static void on_thought(evutil_socket_t fd, short what, void *arg)
{
	struct dm_talk *t = arg;

	(void)fd;
	(void)what;
	if (reach_has_data(&t->device->reach))
		post(t, t->kept, t->kept_len);
	else
		fail(t, NO_CONNECTION);
	drop_kept(t);
	event_active(t->next, EV_TIMEOUT, 0);
}

static void keep(struct dm_talk *t)
{
	const struct timeval tv = {
		t->thinks_ms / 1000, (suseconds_t)(t->thinks_ms % 1000) * 1000
	};

	t->thinks_ms = 0;
	t->kept_len = t->out.len;
	t->kept = xcalloc(1, t->kept_len);
	memcpy(t->kept, t->out.buf, t->kept_len);
	event_add(t->thought, &tv);
}

/* The message goes out at once, if its user does not think: others use the
 * room, too. */
static void send_next(struct dm_talk *t)
{
	if (t->thinks_ms)
		keep(t);
	else
		post(t, t->out.buf, t->out.len);
}

static void on_answer(void *arg, const struct dm_http_response *r)
{
	struct dm_talk *t = arg;

	if (t->turn != DM_DIALOG_SEND)
		return;
	take(t, r);
	if (t->turn == DM_DIALOG_SEND)
		send_next(t);
	event_active(t->next, EV_TIMEOUT, 0);
}

static void on_next(evutil_socket_t fd, short what, void *arg)
{
	struct dm_talk *t = arg;
	const struct dm_talk_end end = {
		.why = t->turn == DM_DIALOG_FAILED ? t->why : NULL,
		.messages = t->dialog.msg_id,
	};

	(void)fd;
	(void)what;
	dm_http_call_free(t->answered);
	t->answered = NULL;
	if (t->turn != DM_DIALOG_SEND)
		t->on_end(t->arg, &end);
}

/* ------------------------------- a session -------------------------------- */

static struct dm_user_reply ask(void *arg)
{
	const struct dm_talk *t = arg;

	return mishap_ask(t->room->mishaps, t->device);
}

static void on_user(void *arg, const struct syncml_command *alert,
		    const struct dm_user_reply *reply,
		    const struct dm_user_answer *answer)
{
	struct dm_talk *t = arg;
	const struct report *report = t->room->report;
	const struct report_field fields[] = {
		report_number("alert", alert->code),
		report_text("text", dm_user_text(alert)),
		report_text("user", dm_user_name(reply->says)),
		report_number("status", answer->code),
	};

	t->thinks_ms += reply->after_ms;
	if (!report->quiet)
		report_event(report, "user.asked", t->device->msisdn, fields,
			     sizeof(fields) / sizeof(fields[0]));
}

static void on_reported(void *arg, const struct dm_fumo *f)
{
	const struct dm_talk *t = arg;
	const struct report *report = t->room->report;
	const struct report_field fields[] = {
		report_number("result", f->result),
		report_text("alert-type", dm_fumo_alert_type(f->operation)),
		report_text("correlator", f->correlator),
	};

	if (!report->quiet)
		report_event(report, "report.sent", t->device->msisdn, fields,
			     f->correlator[0] ? 3 : 2);
}

static struct dm_dialog_setup setup_of(struct dm_talk *t,
				       const char *session_id)
{
	struct device *d = t->device;
	struct dm_client *c = d->client;

	return (struct dm_dialog_setup){
		.encoding = c->encoding,
		.session_id = session_id,
		.server_initiated = !d->session.own,
		.asks_for_update = d->session.asks_for_update,
		.url = c->url,
		.user = c->user,
		.client_key = c->has_key ? &c->key : NULL,
		.server_key = d->account.has_key ? &d->account.key : NULL,
		.tree = &c->tree,
		.fumo = &c->fumo,
		.answers = c->answers,
		.watcher = { ask, on_user, on_reported, t },
		.arena = &t->room->arena,
	};
}

static void begin(struct dm_talk *t)
{
	struct dm_dialog_setup setup;
	char session_id[5];

	if (!network_has_data(t->room->network, t->device)) {
		fail(t, NO_CONNECTION);
		return;
	}
	snprintf(session_id, sizeof(session_id), "%X", t->device->session.id);
	setup = setup_of(t, session_id);
	t->turn = dm_dialog_begin(&t->dialog, &setup, &t->out);
	if (t->turn == DM_DIALOG_FAILED)
		fail(t, t->dialog.why);
}

struct dm_talk *dm_talk_start(struct dm_talk_room *room, struct device *d,
			      void (*on_end)(void *arg,
					     const struct dm_talk_end *end),
			      void *arg)
{
	struct dm_talk *t = xcalloc(1, sizeof(*t));

	t->room = room;
	t->device = d;
	t->on_end = on_end;
	t->arg = arg;
	t->next = xcheck(event_new(room->base, -1, 0, on_next, t));
	t->thought = xcheck(evtimer_new(room->base, on_thought, t));
	t->out = (struct dm_dialog_out){ room->out, DM_DIALOG_OCTETS_MAX, 0 };
	begin(t);
	if (t->turn == DM_DIALOG_SEND)
		post(t, t->out.buf, t->out.len);
	else
		event_active(t->next, EV_TIMEOUT, 0);
	return t;
}

void dm_talk_break(struct dm_talk *t)
{
	if (t->turn != DM_DIALOG_SEND || t->kept)
		return;
	fail(t, LOST);
	event_active(t->next, EV_TIMEOUT, 0);
}

void dm_talk_free(struct dm_talk *t)
{
	if (!t)
		return;
	dm_http_call_free(t->answered);
	dm_http_call_free(t->call);
	event_free(t->next);
	event_free(t->thought);
	drop_kept(t);
	hash_wipe(t, sizeof(*t));
	free(t);
}
