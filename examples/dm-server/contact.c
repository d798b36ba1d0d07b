/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/contact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examples/dm-server/dmbox_client.h"
#include "examples/dm-server/events.h"
#include "examples/dm-server/json_text.h"
#include "examples/dm-server/say.h"
#include "wap/hash.h"

#define KEY_SIZE 160			/* octets, with NUL */

/* The answer to what only has to be heard. */
static void on_answer(void *owner, void *about, json_t *result, json_t *error)
{
	struct member *m = about;

	(void)owner;
	(void)result;
	if (error)
		say(m->device.name, "dmbox.refused", "dmboxd refuses it: %s",
		    text_of(error, "message"));
}

/* ----------------------------- a new device ------------------------------ */

static void on_bootstrap(void *owner, void *about, json_t *result,
			 json_t *error)
{
	struct member *m = about;
	struct device *d = &m->device;
	json_t *account = json_object_get(result, "account");

	if (error) {
		on_answer(owner, about, result, error);
	} else if (!account) {
		say(d->name, "bootstrap.lost", "dmboxd tells an account only "
		    "once, and we have lost it: it gets another one");
		contact_anew(m);
	} else if (!device_take_account(d, account)) {
		say(d->name, "bootstrap.lost", "dmboxd has made an account "
		    "that we cannot read");
	} else {
		server_save(m);
		say(d->name, "bootstrap.sent", "gets its account: job %s, "
		    "%lld SMS", text_of(result, "job"),
		    json_integer_value(json_object_get(result, "segments")));
		contact_next(m);
	}
}

/* What profiles want beside the credentials: see dmbox profile show. */
static json_t *fields_of(const struct member *m)
{
	const struct device *d = &m->device;
	const struct config *c = m->server->config;
	json_t *fields = json_pack("{s:s}", "name", c->name);
	char addr[URL_SIZE + 3];

	snprintf(addr, sizeof(addr), "%s/dm", m->server->url);
	json_object_set_new(fields, "addr", json_string(addr));
	if (!strncmp(d->profile, "dm1", 3))	/* those of the DM profile */
		json_object_set_new(fields, "device-id",
				    json_string(d->dev_id));
	return fields;
}

static void bootstrap(struct member *m)
{
	struct device *d = &m->device;
	char key[KEY_SIZE];

	snprintf(key, sizeof(key), "bootstrap-%u-%s", d->bootstrap, d->name);
	dmbox_bootstrap(m->server->dmbox, &(struct dmbox_bootstrap){
		.device = d->name,
		.profile = d->profile[0] ? d->profile : "generic",
		.fields = fields_of(m),
		.sec = d->sec[0] ? d->sec : "NETWPIN",
		.pin = d->pin,
		.key = key,
	}, on_bootstrap, m);
}

/* dmboxd may have forgotten what we know: so it gets the keys, too. */
static void put_device(struct member *m)
{
	const struct device *d = &m->device;
	char nonce[DEVICE_NONCE_SIZE];

	device_nonce_text(&d->server, nonce);
	dmbox_put_device(m->server->dmbox, &(struct dmbox_device){
		.name = d->name,
		.msisdn = d->msisdn,
		.imsi = d->imsi,
		.dev_id = d->dev_id,
		.server_id = m->server->config->server_id,
		.dm_version = d->dm_version,
		.quirks = d->quirks,
		.credential = d->server.credential,
		.nonce = nonce,
	}, on_answer, m);
}

/* Its key names the bootstrap: it must stand on the disk before it is used. */
static void number_bootstrap(struct member *m)
{
	m->device.bootstrap = device_next_number(m->device.bootstrap);
	server_save(m);
}

void contact_anew(struct member *m)
{
	struct device *d = &m->device;

	hash_wipe(&d->client, sizeof(d->client));
	hash_wipe(&d->server, sizeof(d->server));
	number_bootstrap(m);
	dmbox_delete_device(m->server->dmbox, d->name, NULL, m);
	put_device(m);
	contact_next(m);
}

/* -------------------------------- waking --------------------------------- */

static void on_notify(void *owner, void *about, json_t *result, json_t *error)
{
	struct member *m = about;

	if (error)
		on_answer(owner, about, result, error);
	else
		say(m->device.name, "notify.sent", "is being woken: job %s, "
		    "session %s", text_of(result, "job"),
		    text_of(result, "session-id-text"));
}

void contact_next(struct member *m)
{
	struct device *d = &m->device;
	char key[KEY_SIZE];

	if (!device_has_account(d)) {
		if (!d->bootstrap)
			number_bootstrap(m);
		bootstrap(m);
	} else if (d->update.step == UPDATE_WANTED) {
		snprintf(key, sizeof(key), "update-%u-%s", d->update.number,
			 d->name);
		dmbox_notify(m->server->dmbox, d->name, key, on_notify, m);
	}
}

/* ------------------------------- sessions -------------------------------- */

/*
 * The id tells dmboxd which notification it was. A session that the device
 * began by itself has an id of its own, and is told without.
 */
static struct dmbox_session session_of(const struct member *m)
{
	return (struct dmbox_session){
		.device = m->device.name,
		.session_id = m->session.server_initiated ? m->session.id : "",
		.result = -1,
	};
}

void contact_session_started(struct member *m)
{
	struct dmbox_session s = session_of(m);

	dmbox_session_started(m->server->dmbox, &s, on_answer, m);
}

void contact_session_ended(struct member *m, const char *alert_type,
			   const char *correlator, bool has_result)
{
	struct dmbox_session s = session_of(m);

	if (has_result)
		s.result = (int)m->device.update.result;
	s.alert_type = alert_type;
	s.correlator = correlator;
	dmbox_session_ended(m->server->dmbox, &s, on_answer, m);
}

void contact_nonce(struct member *m)
{
	char nonce[DEVICE_NONCE_SIZE];

	device_nonce_text(&m->device.server, nonce);
	dmbox_put_nonce(m->server->dmbox, m->device.name, nonce, on_answer, m);
}

/* ------------------------------- the start ------------------------------- */

static void on_link(void *owner, const char *why)
{
	(void)owner;
	if (why)
		say(NULL, "dmbox.down", "dmboxd is away: %s", why);
	else
		say(NULL, "dmbox.up", "connected to dmboxd");
}

void contact_open(struct server *s)
{
	struct dmbox_callbacks callbacks = { events_take, on_link, s };

	s->dmbox = dmbox_open(s->base, s->config->dmbox_socket,
			      events_cursor(s), &callbacks);
	for (size_t i = 0; i < s->n_members; i++) {
		put_device(s->members[i]);
		contact_next(s->members[i]);
	}
}

void contact_close(struct server *s)
{
	dmbox_close(s->dmbox);
}
