/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/dm.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "examples/dm-server/contact.h"
#include "examples/dm-server/result.h"
#include "examples/dm-server/say.h"
#include "examples/dm-server/update.h"
#include "syncml/status.h"
#include "wap/hash.h"
#include "wap/hex.h"

/* --------------------- what has become of a message ---------------------- */

static void tell_finished(struct member *m, const struct session_outcome *o)
{
	const struct update *u = &m->device.update;

	if (!u->result)
		update_say(m, "update.done", "has version %s already",
			   u->version);
	else if (u->step == UPDATE_DONE)
		update_say(m, "update.done", "says that the update has "
			   "succeeded: result %u", u->result);
	else if (u->step == UPDATE_AGAIN)
		update_say(m, "update.refused", "says that the update has "
			   "failed for now: result %u, %s", u->result,
			   result_words(u->result));
	else
		update_fail(m, "says that the update has failed: result %u, %s",
			    u->result, result_words(u->result));
	if (u->result)
		contact_result(m, o->alert_type, o->correlator);
}

static void tell_update(struct member *m, const struct session_outcome *o)
{
	const struct device *d = &m->device;

	if (o->finished)
		tell_finished(m, o);
	if (o->started)
		update_say(m, "update.started", "has version %s and begins to "
			   "update to %s", d->firmware, d->update.version);
	if (o->start_refused)
		update_fail(m, "does not want the update: status %u (%s)",
			    o->start_refused, status_text(o->start_refused));
}

static void tell_end(struct member *m)
{
	struct session *s = &m->session;

	event_del(m->timeout);
	if (s->ended_well)
		say(m->device.name, "session.ended",
		    "session %s has ended; %s%s", s->id,
		    m->device.firmware[0] ? "its firmware is " :
		    "it did not tell its firmware", m->device.firmware);
	else
		say(m->device.name, "session.broken", "session %s broke off",
		    s->id);
	contact_session_ended(m);
	update_after_session(m);
}

static void tell(struct member *m, const struct session_outcome *o)
{
	struct session *s = &m->session;

	if (o->opened) {
		say(m->device.name, "session.started", "has opened session %s"
		    "%s", s->id, s->server_initiated ?
		    ", woken by our notification" : " by itself");
		contact_session_started(m);
	}
	if (o->asked)
		say(m->device.name, "update.asked", "asks for an update");
	tell_update(m, o);
	if (o->over)
		tell_end(m);
}

/* ------------------------------- sessions -------------------------------- */

static void on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;

	(void)fd;
	(void)what;
	m->session.phase = SESSION_OVER;
	tell_end(m);
	server_save(m);
}

static bool is_of(const struct session *s, const char *address,
		  const struct syncml_message *message)
{
	return message->msg_id > 1 && s->phase != SESSION_OVER &&
	       !strcmp(s->id, message->session_id) &&
	       s->address[0] && !strcmp(s->address, address);
}

static void fill_random(void *mem, size_t len)
{
	if (getrandom(mem, len, 0) != (ssize_t)len)
		abort();
}

static void begin_candidate(struct member *m,
			    const struct syncml_message *first)
{
	uint8_t address[SESSION_ADDRESS_SIZE / 2];

	session_begin(&m->candidate, &m->device, first);
	fill_random(address, sizeof(address));
	hex_encode(address, sizeof(address), m->candidate.address);
}

/*
 * The session that is open, or else one that has to prove itself: so that who
 * only knows a device's name cannot break off its session.
 */
static struct session *session_for(struct member *m, const char *address,
				   const struct syncml_message *message)
{
	if (is_of(&m->session, address, message))
		return &m->session;
	if (!is_of(&m->candidate, address, message))
		begin_candidate(m, message);
	return &m->candidate;
}

/* A nonce that an open session has brought is not told yet: this one does. */
static void open_candidate(struct member *m)
{
	bool untold = m->session.phase == SESSION_OPEN && m->session.new_nonce;

	m->session = m->candidate;
	m->session.new_nonce |= untold;
	m->session.update = m->device.update.number;
	hash_wipe(&m->candidate, sizeof(m->candidate));
	if (!m->timeout)
		m->timeout = evtimer_new(m->server->base, on_timeout, m);
}

static int run_session(struct member *m, struct session *s,
		       const struct syncml_message *message,
		       struct syncml_message *answer,
		       struct session_outcome *out)
{
	char url[URL_SIZE + DEVICE_TEXT_MAX + 16];
	struct session_input in = {
		.message = message,
		.server_name = m->server->config->server_id,
		.package_url = url,
	};
	int rc;

	snprintf(url, sizeof(url), "%s/packages/%s", m->server->url,
		 m->device.update.package);
	fill_random(in.nonce, sizeof(in.nonce));
	rc = session_answer(s, &in, &m->server->arena, answer, out);
	snprintf(m->resp_uri, sizeof(m->resp_uri), "%s/dm?%s", m->server->url,
		 s->address);
	answer->resp_uri = m->resp_uri;
	return rc;
}

/*
 * What the session has changed is on the disk before the device hears of it,
 * and dmboxd: what is said to that goes out when the loop goes on.
 */
static void keep(struct member *m, const struct session_outcome *o)
{
	const struct timeval patience = {
		.tv_sec = m->server->config->message_within_s,
	};

	event_add(m->timeout, &patience);
	tell(m, o);
	server_save(m);
}

static int too_large(struct err *e)
{
	return err_set(e, DM_ENOSPC, "message", "a shorter one", "too large");
}

/* An answer larger than the device can take is no answer. */
static int write_answer(struct member *m, struct session *s,
			enum syncml_encoding encoding,
			const struct syncml_message *message,
			struct syncml_message *answer, uint8_t *out,
			size_t *len, struct err *e)
{
	struct arena *a = &m->server->arena;
	int rc = syncml_write(a, encoding, answer, out, DM_ANSWER_MAX, len, e);
	bool was_over = s->phase == SESSION_OVER;

	if (rc || !message->max_msg_size || *len <= message->max_msg_size)
		return rc;
	say(m->device.name, "session.too_large", "takes messages of %u octets, "
	    "ours has %zu", message->max_msg_size, *len);
	if (session_abort(s, message, a, answer))
		return too_large(e);
	if (s == &m->session && !was_over) {
		tell_end(m);
		server_save(m);
	}
	return syncml_write(a, encoding, answer, out, DM_ANSWER_MAX, len, e);
}

static int answer_stranger(struct server *s, enum syncml_encoding encoding,
			   const struct syncml_message *message, uint8_t *out,
			   size_t *len, struct err *e)
{
	struct syncml_message answer;

	say(NULL, "session.stranger", "a device that we do not know: %s",
	    message->source ? message->source : "");
	if (session_refuse(message, &s->arena, &answer))
		return too_large(e);
	return syncml_write(&s->arena, encoding, &answer, out, DM_ANSWER_MAX,
			    len, e);
}

static int answer_member(struct member *m, const struct dm_request *request,
			 const struct syncml_message *message, uint8_t *out,
			 size_t *len, struct err *e)
{
	struct session *s = session_for(m, request->session, message);
	struct session_outcome outcome;
	struct syncml_message answer;
	int rc = run_session(m, s, message, &answer, &outcome);

	if (outcome.opened)
		open_candidate(m);
	if (outcome.opened || s == &m->session) {
		s = &m->session;
		keep(m, &outcome);
	} else if (outcome.refused) {
		say(m->device.name, "session.refused", "cannot prove who it "
		    "is: its credentials are wrong");
	}
	return rc ? too_large(e) : write_answer(m, s, request->encoding,
						message, &answer, out, len, e);
}

int dm_answer(struct server *s, const struct dm_request *r, uint8_t *out,
	      size_t *out_len, struct err *e)
{
	struct syncml_message message;
	struct member *m;
	int rc = syncml_read(&s->arena, r->encoding, r->octets, r->len,
			     &message, e);

	if (!rc) {
		m = server_find_device(s, message.source, message.source_name);
		rc = m && device_has_account(&m->device) ?
		     answer_member(m, r, &message, out, out_len, e) :
		     answer_stranger(s, r->encoding, &message, out, out_len,
				     e);
	}
	hash_wipe(s->arena.buf, s->arena.used);
	s->arena.used = 0;
	return rc;
}
