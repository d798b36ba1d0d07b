/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examples/dm-server/steps.h"
#include "syncml/alert.h"
#include "syncml/auth.h"
#include "syncml/status.h"
#include "wap/utf8.h"

/* ---------------------- what comes from the device ----------------------- */

/* Is it of the update that is under way? Old clients send no correlator. */
static bool is_ours(const struct turn *t, const struct syncml_command *alert)
{
	char ours[STEPS_CORRELATOR_SIZE];

	steps_correlator(&t->d->update, t->d->update.tries, ours);
	return !alert->correlator || !strcmp(alert->correlator, ours);
}

/* Does the user, or the device itself, want an update? FUMO 1.0. */
static bool is_request(const char *type)
{
	return strstr(type, "firmwareupdate.userrequest") ||
	       strstr(type, "firmwareupdate.devicerequest");
}

/* A Generic Alert with the result of an update, or that asks for one. */
static unsigned take_generic(struct turn *t, const struct syncml_command *alert)
{
	const struct syncml_item *item = alert->items;
	const char *type = item ? syncml_type(alert, item) : NULL;

	if (type && is_request(type)) {
		t->out->asked = true;	/* 200: it comes in this session */
		return t->d->update.step == UPDATE_WANTED ? STATUS_OK :
		       STATUS_ACCEPTED;
	}
	if (!type || !item->data || !is_ours(t, alert) ||
	    !strstr(type, "firmwareupdate."))
		return STATUS_OK;
	steps_finish(t, (unsigned)strtoul(item->data, NULL, 10));
	t->out->alert_type = type;
	t->out->correlator = alert->correlator ? alert->correlator : "";
	return STATUS_OK;
}

static unsigned take_alert(struct turn *t, const struct syncml_command *alert)
{
	switch (alert->code) {
	case ALERT_SERVER_INITIATED:
		t->s->server_initiated = true;
		return STATUS_OK;
	case ALERT_CLIENT_INITIATED:
		return STATUS_OK;
	case ALERT_NEXT_MESSAGE:	/* our messages are packages */
		return STATUS_OK;
	case ALERT_ABORT:
		t->s->phase = SESSION_OVER;
		return STATUS_OK;
	case ALERT_GENERIC:
		return take_generic(t, alert);
	}
	return STATUS_NOT_SUPPORTED;
}

/* Replace is DevInfo, which we ask for where we need it. */
static unsigned take_command(struct turn *t, const struct syncml_command *c)
{
	if (c->verb == SYNCML_ALERT)
		return take_alert(t, c);
	return c->verb == SYNCML_REPLACE ? STATUS_OK : STATUS_NOT_SUPPORTED;
}

/* status 0: as the command deserves; else it is not looked at. */
static void answer_commands(struct turn *t, unsigned status)
{
	for (const struct syncml_command *c = t->m->commands; c; c = c->next) {
		unsigned code = status;

		if (c->verb == SYNCML_STATUS || c->verb == SYNCML_RESULTS)
			continue;
		if (!status)
			code = take_command(t, c);
		if (!c->no_resp)
			compose_status(t->c, t->m, c, code);
	}
}

/* -------------------------- who proves what how -------------------------- */

/* The device's next nonce: for the next session, or the next try. */
static void challenge(struct turn *t, struct syncml_command *status)
{
	struct digest_key *key = &t->s->client;

	memcpy(key->nonce, t->in->nonce, SESSION_NONCE_LEN);
	key->nonce_len = SESSION_NONCE_LEN;
	if (auth_chal_make(t->c->arena, key->nonce, key->nonce_len,
			   &status->chal))
		t->c->err = DM_ENOSPC;
}

static void take_credentials(struct turn *t)
{
	const struct syncml_cred *cred = &t->m->cred;
	unsigned code = STATUS_AUTHENTICATED;

	if (!cred->type)
		code = STATUS_MISSING_CREDENTIALS;
	else if (!auth_md5_verify(cred, &t->s->client))
		code = STATUS_INVALID_CREDENTIALS;
	challenge(t, compose_status(t->c, t->m, NULL, code));
	if (code == STATUS_AUTHENTICATED) {
		t->d->client = t->s->client;
		t->s->phase = SESSION_OPEN;
		t->out->opened = true;
		return;
	}
	answer_commands(t, code);
	if (++t->s->n_refused >= SESSION_TRIES_MAX)
		t->s->phase = SESSION_OVER;
	t->out->refused = t->s->phase == SESSION_OVER;
}

/*
 * What the device says to our credentials. If it refused them it did nothing of
 * what we asked: we ask again, with the nonce of its challenge. To messages
 * before it has proved itself, which had none, it may say what it likes.
 */
static void take_trust(struct turn *t)
{
	const struct syncml_command *status =
		syncml_status_of(t->m, t->s->msg_id, 0);
	bool new_nonce;

	if (!status)
		return;
	new_nonce = !auth_chal_nonce(&status->chal, &t->d->server);
	t->s->new_nonce |= new_nonce;
	if (status->code == STATUS_AUTHENTICATED)
		t->s->trusted = true;	/* for this session */
	if (t->out->opened || (status->code != STATUS_INVALID_CREDENTIALS &&
			       status->code != STATUS_MISSING_CREDENTIALS))
		return;
	t->s->asked = false;
	if (!new_nonce || ++t->s->n_refused >= SESSION_TRIES_MAX)
		t->s->phase = SESSION_OVER;
}

/* Nobody gets ours who has not shown his: they are good until they are used. */
static void put_credentials(struct turn *t)
{
	struct syncml_message *answer = t->c->message;

	if (t->s->trusted || t->s->phase == SESSION_AUTH || t->out->refused)
		return;
	answer->source_name = t->in->server_name;
	if (auth_md5_make(t->c->arena, &t->d->server, &answer->cred))
		t->c->err = DM_ENOSPC;
}

/* ------------------------------ the session ------------------------------ */

void session_begin(struct session *s, struct device *d,
		   const struct syncml_message *first)
{
	memset(s, 0, sizeof(*s));
	s->device = d;
	s->client = d->client;
	snprintf(s->id, sizeof(s->id), "%s", first->session_id);
	utf8_end_whole(s->id);
}

/* Begins an answer that goes back to where the message came from. */
static void begin(struct compose *c, struct arena *a,
		  const struct syncml_message *m, unsigned msg_id,
		  struct syncml_message *answer)
{
	memset(answer, 0, sizeof(*answer));
	answer->version = m->version;
	answer->session_id = m->session_id;
	answer->msg_id = msg_id;
	answer->target = m->source;
	answer->source = m->target;
	answer->max_msg_size = SESSION_MESSAGE_MAX;
	answer->final = true;
	compose_begin(c, a, answer);
}

/* The device is who it says: its commands count, and ours may go on. */
static void go_on(struct turn *t)
{
	struct session *s = t->s;

	if (!t->out->opened)
		compose_status(t->c, t->m, NULL, STATUS_OK);
	take_trust(t);
	answer_commands(t, 0);
	if (s->asked)
		steps_take(t);
	if (!t->m->final) {
		compose_alert(t->c, ALERT_NEXT_MESSAGE);
		t->c->message->final = false;
		return;
	}
	if (s->asked)
		s->step++;
	s->asked = false;
	if (s->phase == SESSION_OPEN && !steps_ask(t)) {
		s->phase = SESSION_OVER;
		s->ended_well = true;
	}
}

int session_answer(struct session *s, const struct session_input *in,
		   struct arena *a, struct syncml_message *answer,
		   struct session_outcome *out)
{
	struct compose c;
	struct turn t = { s, s->device, in, in->message, &c, out };

	*out = (struct session_outcome){ .alert_type = "", .correlator = "" };
	if (s->msg_id == SESSION_MESSAGES_MAX) {
		s->msg_id++;
		out->over = true;
		return session_abort(s, t.m, a, answer);
	}
	begin(&c, a, t.m, s->msg_id + 1, answer);
	if (s->phase == SESSION_AUTH)
		take_credentials(&t);
	if (s->phase == SESSION_OPEN)
		go_on(&t);
	put_credentials(&t);
	s->msg_id++;
	if (compose_done(&c))
		s->phase = SESSION_OVER;
	out->over = s->phase == SESSION_OVER;
	return compose_done(&c);
}

int session_abort(struct session *s, const struct syncml_message *message,
		  struct arena *a, struct syncml_message *answer)
{
	struct compose c;

	begin(&c, a, message, s->msg_id, answer);
	compose_status(&c, message, NULL, STATUS_OK);
	compose_alert(&c, ALERT_ABORT);
	s->phase = SESSION_OVER;
	return compose_done(&c);
}

int session_refuse(const struct syncml_message *message, struct arena *a,
		   struct syncml_message *answer)
{
	struct compose c;

	begin(&c, a, message, 1, answer);
	compose_status(&c, message, NULL, STATUS_INVALID_CREDENTIALS);
	return compose_done(&c);
}
