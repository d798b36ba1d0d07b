/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/contact.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "examples/dm-server/dmbox_client.h"
#include "examples/dm-server/events.h"
#include "examples/dm-server/json_text.h"
#include "examples/dm-server/say.h"
#include "examples/dm-server/update.h"
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

/* Its key names the account: it must stand on the disk before it is used. */
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
	contact_next(m);
}

/* -------------------------------- waking --------------------------------- */

/* The client has no default nonce, or has had it today. */
static bool is_about_resync(json_t *error)
{
	return !strcmp(text_of(json_object_get(error, "data"), "field"),
		       "resync");
}

static void on_refused(struct member *m, json_t *error)
{
	struct update *u = &m->device.update;

	if (is_about_resync(error)) {
		u->resync_wake = u->wakes - 1;	/* tried, as it were */
		server_save(m);
		contact_next(m);
		return;
	}
	update_fail(m, "cannot be woken, dmboxd refuses it: %.200s",
		    text_of(error, "message"));
	server_save(m);
}

/* A job that has ended before was asked for before a restart. */
static void take_job(struct member *m, json_t *job)
{
	const char *state = text_of(job, "state");

	snprintf(m->job, sizeof(m->job), "%s", text_of(job, "job"));
	if (!strcmp(state, "done")) {
		m->session.update = m->device.update.number;
		update_after_session(m);	/* it was lost with us */
		server_save(m);
	} else if (!strcmp(state, "failed") || !strcmp(state, "expired") ||
		   !strcmp(state, "cancelled")) {
		update_job_ended(m, job);
	} else {
		say(m->device.name, "notify.sent", "is being woken: job %s, "
		    "session %s", m->job, text_of(job, "session-id-text"));
	}
}

static void on_notify(void *owner, void *about, json_t *result, json_t *error)
{
	struct member *m = about;

	(void)owner;
	if (m->session.phase == SESSION_OPEN)
		return;			/* it has come meanwhile */
	if (error)
		on_refused(m, error);
	else
		take_job(m, result);
}

/* Has it to come, and is no more to be waited for? */
static bool is_to_be_woken(const struct member *m)
{
	const struct update *u = &m->device.update;

	return (u->step == UPDATE_WANTED || u->step == UPDATE_STARTED) &&
	       !u->due_s && m->session.phase != SESSION_OPEN;
}

void contact_next(struct member *m)
{
	struct device *d = &m->device;
	const struct update *u = &d->update;
	char key[KEY_SIZE];

	if (!device_has_account(d)) {
		if (!d->bootstrap)
			number_bootstrap(m);
		bootstrap(m);
	} else if (is_to_be_woken(m)) {
		snprintf(key, sizeof(key), "update-%u-%u-%s", u->number,
			 u->wakes, d->name);
		dmbox_notify(m->server->dmbox, d->name, key,
			     u->resync_wake && u->resync_wake == u->wakes,
			     on_notify, m);
	}
}

/* ------------------------------- sessions -------------------------------- */

static void report(struct member *m, struct dmbox_report *r)
{
	r->device = m->device.name;
	/* One that the device began has an id of its own: it says nothing. */
	if (m->session.server_initiated)
		r->session_id = m->session.id;
	dmbox_report(m->server->dmbox, r, on_answer, m);
}

void contact_session_started(struct member *m)
{
	report(m, &(struct dmbox_report){ .ended = false });
}

/* The nonce of before is no news, and refused if it is a default one. */
void contact_session_ended(struct member *m)
{
	char nonce[DEVICE_NONCE_SIZE] = "";

	if (m->session.new_nonce)
		device_nonce_text(&m->device.server, nonce);
	report(m, &(struct dmbox_report){ .ended = true, .nonce = nonce });
}

void contact_result(struct member *m, const char *alert_type,
		    const char *correlator)
{
	report(m, &(struct dmbox_report){
		.ended = true,
		.result = (int)m->device.update.result,
		.alert_type = alert_type,
		.correlator = correlator,
	});
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

static void ask_for_all(struct server *s)
{
	for (size_t i = 0; i < s->n_members; i++) {
		put_device(s->members[i]);
		contact_next(s->members[i]);
	}
}

/* The answers say what has become of the jobs meanwhile. */
static void on_lost(void *owner, const char *why)
{
	say(NULL, "events.lost", "events are missing (%s): all is asked for "
	    "again", why);
	ask_for_all(owner);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	long long now_s = (long long)time(NULL);

	(void)fd;
	(void)what;
	events_save(s);
	for (size_t i = 0; i < s->n_members; i++)
		update_tick(s->members[i], now_s);
}

void contact_open(struct server *s)
{
	struct dmbox_callbacks callbacks = {
		events_take, on_lost, on_link, s,
	};

	events_load(s);
	s->dmbox = dmbox_open(s->base, s->config->dmbox_socket, s->cursor,
			      &callbacks);
	s->tick = event_new(s->base, -1, EV_PERSIST, on_tick, s);
	event_add(s->tick, &(struct timeval){ .tv_sec = 1 });
	ask_for_all(s);
}

void contact_close(struct server *s)
{
	events_save(s);
	event_free(s->tick);
	dmbox_close(s->dmbox);
}
