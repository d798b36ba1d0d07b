/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_dialog.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "emulator/dm/dm_act.h"
#include "emulator/dm/dm_fit.h"
#include "syncml/alert.h"
#include "syncml/auth.h"

#define REFUSALS_MAX 2			/* of either side's credentials */

/* One turn: what came, and what goes out. */
struct turn {
	struct dm_dialog *d;
	struct syncml_message in;
	struct syncml_message message;
	struct compose c;
	struct dm_dialog_out *out;
};

static enum dm_dialog_turn fail(struct dm_dialog *d, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

static enum dm_dialog_turn fail(struct dm_dialog *d, const char *why, ...)
{
	va_list ap;

	va_start(ap, why);
	vsnprintf(d->why, sizeof(d->why), why, ap);
	va_end(ap);
	return DM_DIALOG_FAILED;
}

static enum dm_dialog_turn fail_err(struct dm_dialog *d, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	return fail(d, "%s", err_text(e, text, sizeof(text)));
}

/* -------------------------------- our side -------------------------------- */

static void begin_message(struct turn *t)
{
	const struct dm_dialog_setup *s = &t->d->setup;

	t->message = (struct syncml_message){
		.version = s->tree->version,
		.session_id = t->d->session_id,
		.msg_id = ++t->d->msg_id,
		.target = t->d->url,
		.max_msg_size = DM_DIALOG_OCTETS_MAX,
		.final = true,
	};
	compose_begin(&t->c, s->arena, &t->message);
	t->message.source = compose_text(&t->c, "%s", dm_tree_value(s->tree,
					 "./DevInfo/DevId"));
	if (!s->client_key || (t->d->msg_id > 1 && !t->d->keeps_cred))
		return;
	t->message.source_name = s->user;
	if (auth_md5_make(s->arena, &t->d->client_key, &t->message.cred))
		t->c.err = DM_ENOSPC;
}

static void put_report(struct turn *t)
{
	const struct dm_fumo *f = t->d->setup.fumo;
	struct syncml_command *alert;
	struct syncml_item *i;

	if (!f->has_report || t->message.version != SYNCML_12)
		return;
	alert = compose_alert(&t->c, ALERT_GENERIC);
	alert->correlator = f->correlator[0] ? f->correlator : NULL;
	i = compose_item(&t->c, alert);
	i->source = compose_text(&t->c, "%s/%s", dm_tree_firmware(SYNCML_12),
				 dm_fumo_node(f->operation));
	i->meta.type = dm_fumo_alert_type(f->operation);
	i->meta.format = "chr";
	i->meta.mark = f->result == DM_FUMO_SUCCESS ? "informational" :
		       "warning";
	i->data = compose_text(&t->c, "%u", f->result);
	t->d->report_msg_id = t->message.msg_id;
	t->d->report_cmd_id = alert->cmd_id;
}

/* FUMO 1.0, "Client Initiated Firmware Update". */
static void put_user_request(struct turn *t)
{
	struct syncml_item *i;

	if (!t->d->setup.asks_for_update || t->message.version != SYNCML_12)
		return;
	i = compose_item(&t->c, compose_alert(&t->c, ALERT_GENERIC));
	i->source = dm_tree_firmware(SYNCML_12);
	i->meta.type = ALERT_TYPE_USER_REQUEST;
	i->meta.format = "chr";
	i->data = "";
}

static void put_package_1(struct turn *t)
{
	static const char *const infos[] = {
		"./DevInfo/DevId", "./DevInfo/Man", "./DevInfo/Mod",
		"./DevInfo/DmV", "./DevInfo/Lang",
	};
	const struct dm_dialog_setup *s = &t->d->setup;
	struct syncml_command *replace;

	compose_alert(&t->c, s->server_initiated ? ALERT_SERVER_INITIATED :
		      ALERT_CLIENT_INITIATED);
	replace = compose_command(&t->c, SYNCML_REPLACE);
	for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++) {
		struct syncml_item *item = compose_item(&t->c, replace);

		item->source = infos[i];
		item->data = dm_tree_value(s->tree, infos[i]);
	}
	put_user_request(t);
	put_report(t);
}

static size_t cap_of(const struct turn *t)
{
	uint32_t max = t->d->server_max;

	return max && max < t->out->cap ? max : t->out->cap;
}

static enum dm_dialog_turn send_message(struct turn *t)
{
	const struct dm_dialog_setup *s = &t->d->setup;
	struct err e;
	int rc;

	if (compose_done(&t->c))
		return fail(t->d, "the answer does not fit into memory");
	rc = dm_fit_write(s->arena, s->encoding, &t->message, t->out->buf,
			  cap_of(t), &t->out->len, &e);
	return rc ? fail_err(t->d, &e) : DM_DIALOG_SEND;
}

enum dm_dialog_turn dm_dialog_begin(struct dm_dialog *d,
				    const struct dm_dialog_setup *setup,
				    struct dm_dialog_out *out)
{
	struct turn t = { .d = d, .out = out };

	*d = (struct dm_dialog){ .setup = *setup, .keeps_cred = true };
	snprintf(d->session_id, sizeof(d->session_id), "%s",
		 setup->session_id);
	snprintf(d->url, sizeof(d->url), "%s", setup->url);
	d->server_proved = !setup->server_key;
	d->has_result = setup->fumo->has_report;
	if (setup->client_key)
		d->client_key = *setup->client_key;
	if (setup->server_key)
		d->server_key = *setup->server_key;
	setup->arena->used = 0;
	dm_fumo_show(setup->fumo, setup->tree);
	begin_message(&t);
	put_package_1(&t);
	return send_message(&t);
}

/* ------------------------------ what it says ------------------------------ */

static bool is_ours(const struct turn *t)
{
	return !strcmp(t->in.session_id, t->d->session_id) &&
	       t->in.version == t->d->setup.tree->version;
}

static bool is_aborted(const struct syncml_message *m)
{
	for (const struct syncml_command *c = m->commands; c; c = c->next)
		if (c->verb == SYNCML_ALERT && c->code == ALERT_ABORT)
			return true;
	return false;
}

static void report(struct dm_dialog *d)
{
	const struct dm_dialog_watcher *w = &d->setup.watcher;

	if (w->on_reported)
		w->on_reported(w->arg, d->setup.fumo);
	d->setup.fumo->has_report = false;
	d->reported = true;
}

/* Who answers Alert 1226 may prove only afterwards to be the server. */
static void note_report(struct turn *t)
{
	struct dm_dialog *d = t->d;
	const struct syncml_command *s = !d->report_msg_id ? NULL :
		syncml_status_of(&t->in, d->report_msg_id, d->report_cmd_id);

	d->told |= s && status_is_success(s->code);
	if (d->told && d->server_proved && !d->reported)
		report(d);
}

/* What the server says of our header: true if the session goes on. */
static bool take_header_status(struct turn *t, bool *again)
{
	struct dm_dialog *d = t->d;
	bool has_key = d->setup.client_key;
	const struct syncml_command *s = syncml_status_of(&t->in, d->msg_id,
							  0);

	*again = s && (s->code == STATUS_INVALID_CREDENTIALS ||
		       s->code == STATUS_MISSING_CREDENTIALS);
	if (!s || (!*again && !status_is_success(s->code))) {
		fail(d, "status of our header: %u, %s", s ? s->code : 0,
		     s ? status_text(s->code) : "none came");
		return false;
	}
	if (has_key && auth_chal_nonce(&s->chal, &d->client_key) == DM_EPROTO) {
		fail(d, "NextNonce: not base64 of at most 128 octets");
		return false;
	}
	if (*again && (!has_key || ++d->n_refused > REFUSALS_MAX)) {
		fail(d, "the server refuses our credential: %u, %s", s->code,
		     status_text(s->code));
		return false;
	}
	if (s->code == STATUS_AUTHENTICATED)
		d->keeps_cred = false;
	else if (*again)
		d->keeps_cred = true;
	return true;
}

/* --------------------------- who the server is ---------------------------- */

/* A server that refuses us need not show its own credential yet. */
static bool has_to_prove(const struct turn *t, bool again)
{
	return !t->d->server_proved && (!again || t->in.cred.type);
}

static bool proves(const struct turn *t)
{
	const struct digest_key *key = &t->d->server_key;

	return auth_md5_verify(&t->in.cred, key) ||
	       auth_basic_verify(&t->in.cred, key);
}

/* Not into a key that a bootstrap has replaced meanwhile. */
static void keep_nonce(const struct dm_dialog *d, struct digest_key *key,
		       const struct digest_key *ours)
{
	if (key && d->server_proved &&
	    !strcmp(key->credential, ours->credential))
		*key = *ours;
}

static void put_challenge(struct turn *t, struct syncml_command *status)
{
	struct digest_key *key = &t->d->server_key;

	memcpy(key->nonce, t->d->nonce, DM_DIALOG_NONCE_LEN);
	key->nonce_len = DM_DIALOG_NONCE_LEN;
	if (auth_chal_make(t->c.arena, key->nonce, key->nonce_len,
			   &status->chal))
		t->c.err = DM_ENOSPC;
	keep_nonce(t->d, t->d->setup.server_key, key);
}

/* Composes the Status of the server's header; its code. */
static unsigned put_header_status(struct turn *t, bool challenge)
{
	struct syncml_command *status;
	unsigned code;

	if (t->d->server_proved)
		code = challenge ? STATUS_AUTHENTICATED : STATUS_OK;
	else
		code = t->in.cred.type ? STATUS_INVALID_CREDENTIALS :
		       STATUS_MISSING_CREDENTIALS;
	status = compose_status(&t->c, &t->in, NULL, code);
	if (challenge)
		put_challenge(t, status);
	return code;
}

/* -------------------------------- one turn -------------------------------- */

static bool wants_nothing(const struct syncml_message *m)
{
	for (const struct syncml_command *c = m->commands; c; c = c->next)
		if (dm_act_is_command(c))
			return false;
	return m->final;
}

static void put_answers(struct turn *t, bool again, bool challenge)
{
	unsigned header_code = put_header_status(t, challenge);

	if (again) {
		put_package_1(t);
		return;
	}
	if (t->d->server_proved)
		dm_act(&t->d->setup, &t->c, &t->in);
	else
		dm_act_refuse(&t->c, &t->in, header_code);
	if (t->in.final)
		return;
	compose_alert(&t->c, ALERT_NEXT_MESSAGE);
	t->message.final = false;	/* the server's package goes first */
}

/* In DM 1.1.2 the server could read the result in any of its messages. */
static enum dm_dialog_turn done(struct dm_dialog *d)
{
	if (d->setup.tree->version == SYNCML_11 && d->has_result)
		report(d);
	return DM_DIALOG_DONE;
}

/* A server may give each session an address of its own. */
static bool take_resp_uri(struct turn *t)
{
	const char *uri = t->in.resp_uri;

	if (uri && strlen(uri) >= sizeof(t->d->url)) {
		fail(t->d, "RespURI: %zu octets, allowed are 0 to %zu",
		     strlen(uri), sizeof(t->d->url) - 1);
		return false;
	}
	if (uri)
		strcpy(t->d->url, uri);
	return true;
}

/* The server's message is ours, and says what it thinks of us. */
static enum dm_dialog_turn answer(struct turn *t, bool again)
{
	struct dm_dialog *d = t->d;
	bool challenge = has_to_prove(t, again);

	d->server_proved |= challenge && proves(t);
	d->n_unproved += challenge && !d->server_proved;
	keep_nonce(d, d->setup.client_key, &d->client_key);
	note_report(t);
	if (!again && d->server_proved && wants_nothing(&t->in))
		return done(d);
	if (d->n_unproved > REFUSALS_MAX)
		return fail(d, "the server does not prove who it is");
	if (d->msg_id == DM_DIALOG_MESSAGES_MAX)
		return fail(d, "more than %d messages",
			    DM_DIALOG_MESSAGES_MAX);
	if (t->in.max_msg_size)
		d->server_max = t->in.max_msg_size;
	begin_message(t);
	put_answers(t, again, challenge);
	return send_message(t);
}

static enum dm_dialog_turn take(struct turn *t)
{
	bool again;

	if (!is_ours(t))
		return fail(t->d, "a message of another session or version");
	if (is_aborted(&t->in))
		return fail(t->d, "the server aborts the session");
	if (!take_resp_uri(t) || !take_header_status(t, &again))
		return DM_DIALOG_FAILED;
	return answer(t, again);
}

enum dm_dialog_turn dm_dialog_take(struct dm_dialog *d, const uint8_t *in,
				   size_t len,
				   const uint8_t nonce[DM_DIALOG_NONCE_LEN],
				   struct dm_dialog_out *out)
{
	struct turn t = { .d = d, .out = out };
	struct err e;

	d->nonce = nonce;
	d->setup.arena->used = 0;
	if (syncml_read(d->setup.arena, d->setup.encoding, in, len, &t.in, &e))
		return fail_err(d, &e);
	return take(&t);
}
