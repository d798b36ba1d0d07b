/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_clients.h"

#include <string.h>
#include <sys/queue.h>

#include "emulator/dm/dm_outcome.h"
#include "emulator/dm/dm_state.h"
#include "emulator/dm/dm_talk.h"
#include "emulator/dm/dm_update.h"
#include "emulator/turns.h"
#include "emulator/xalloc.h"

#define TRIES_MAX 12			/* to tell a result */

/*
 * A device that comes, is in a session, or is updated. Until all of that is
 * over its phase is not DM_AWAY, so that there is one visit at most.
 */
struct visit {
	LIST_ENTRY(visit) link;
	struct dm_clients *clients;
	struct device *device;
	struct event *timer;		/* owned: its next move */
	struct turn turn;		/* to open a connection */
	struct dm_talk *talk;		/* owned; NULL: none */
	struct dm_update *update;	/* owned; NULL: none */
	unsigned n_tries;		/* to tell the result of an update */
	unsigned late_ms;		/* before the first of them */
	bool tells_twice;
	bool asked;			/* its user has been, about a session */
	struct dm_user_reply reply;	/* his */
	char server_id[TRIGGER_SERVER_ID_MAX + 1];	/* at its start */
};

struct dm_clients {
	struct dm_clients_setup setup;
	struct dm_talk_room room;
	LIST_HEAD(, visit) visits;	/* owned; one a device at most */
	struct turns sessions;
	struct turns updates;	/* may take hours: no session waits for one */
	uint64_t n_sessions;
};

/* What the events about its session are about. */
static struct dm_outcome outcome_of(const struct visit *v)
{
	return (struct dm_outcome){
		.report = v->clients->setup.report,
		.device = v->device, .server_id = v->server_id,
	};
}

static void tell_dmboxd(const struct visit *v, bool ended)
{
	const struct device *d = v->device;
	const struct dm_news news = {
		.msisdn = d->msisdn, .server_id = v->server_id,
		.session_id = d->session.id, .ended = ended,
		.result = d->plan.result, .alert_type = d->plan.alert_type,
	};

	if (v->clients->setup.dm_report)
		dm_report_put(v->clients->setup.dm_report, &news);
}

/* --------------------------------- visits --------------------------------- */

static void set_timer(struct visit *v, unsigned delay_ms)
{
	struct timeval tv = {
		delay_ms / 1000, (suseconds_t)(delay_ms % 1000) * 1000
	};

	event_add(v->timer, &tv);
}

/* Who comes next goes on from the loop. */
static void give_turn(struct visit *v)
{
	struct turn *next = turns_give(&v->turn);
	struct visit *other = next ? next->owner : NULL;

	if (other)
		event_active(other->timer, EV_TIMEOUT, 0);
}

/*
 * Without a delay it stands in line at once: first come, first served. A user
 * who is to be asked before is no delay to others.
 */
static void come(struct visit *v, unsigned delay_ms)
{
	const struct device *d = v->device;

	if (!delay_ms && d->client &&
	    d->session.ui_mode != UI_MODE_USER_INTERACTION)
		turns_take(&v->clients->sessions, &v->turn);
	set_timer(v, delay_ms);
}

static void free_visit(struct visit *v)
{
	give_turn(v);
	LIST_REMOVE(v, link);
	v->device->visit = NULL;
	dm_talk_free(v->talk);
	dm_update_free(v->update);
	event_free(v->timer);
	free(v);
}

static void leave(struct visit *v)
{
	dm_session_end(&v->device->session);
	free_visit(v);
}

static void save(const struct visit *v)
{
	const char *dir = v->clients->setup.state_dir;
	struct report_field reason;
	char text[ERR_TEXT_MAX];
	struct err e;

	if (!dir || !dm_state_save(dir, v->device, &e))
		return;
	reason = report_text("reason", err_text(&e, text, sizeof(text)));
	report_event(v->clients->setup.report, "state.not-saved",
		     v->device->msisdn, &reason, 1);
}

/* ---------------------------- with a DM server ---------------------------- */

/* Who waits for the next try, or for its user, lets others go on. */
static void on_update_waits(void *arg, unsigned ms)
{
	give_turn(arg);
	set_timer(arg, ms);
}

static void on_updated(void *arg, bool unanswered);

/* It begins, or goes on after it has waited. */
static void update(struct visit *v)
{
	const struct dm_update_watcher w = { on_update_waits, on_updated, v };

	if (!turns_take(&v->clients->updates, &v->turn))
		return;
	if (v->update)
		dm_update_go_on(v->update);
	else
		v->update = dm_update_start(&v->clients->room, v->device, &w);
}

/* The session is over, or an update is: what comes next? */
static void go_on(struct visit *v)
{
	struct device *d = v->device;

	save(v);
	give_turn(v);
	switch (dm_fumo_next(&d->client->fumo)) {
	case DM_FUMO_REST:
		leave(v);
		return;
	case DM_FUMO_FETCH:
	case DM_FUMO_INSTALL:
		update(v);
		return;
	case DM_FUMO_REPORT:
		break;
	}
	if (v->n_tries++ == TRIES_MAX) {	/* the next session tells it */
		leave(v);
		return;
	}
	dm_session_come(&d->session);
	come(v, v->n_tries > 1 ? d->client->retry_ms : v->late_ms);
	v->late_ms = 0;
}

/* How the result is told; once, when it is there. */
static void plan_report(struct visit *v)
{
	const struct fault_rule *r = mishap_meet(v->clients->setup.mishaps,
						 v->device, FAULT_AT_RESULT);
	const enum fault_id id = r ? r->kind->id : FAULT_OF_SMSC;

	v->n_tries = 0;
	if (id == FAULT_REPORT_NEVER)
		v->device->client->fumo.has_report = false;
	v->tells_twice = id == FAULT_REPORT_TWICE;
	v->late_ms = id == FAULT_REPORT_LATE ? r->value : 0;
}

/* A user who does not answer is asked again after the next session. */
static void on_updated(void *arg, bool unanswered)
{
	struct visit *v = arg;

	dm_update_free(v->update);
	v->update = NULL;
	if (unanswered) {
		save(v);
		leave(v);
		return;
	}
	plan_report(v);
	go_on(v);
}

/* It has been told, but a device may do that once more. */
static void tell_twice(struct visit *v)
{
	struct dm_fumo *f = &v->device->client->fumo;

	if (!v->tells_twice || dm_fumo_next(f) != DM_FUMO_REST)
		return;
	v->tells_twice = false;
	v->n_tries = 0;
	f->has_report = true;
}

/* If it failed, a repeat of what led to it may lead to another. */
static void on_talked(void *arg, const struct dm_talk_end *end)
{
	struct visit *v = arg;
	const struct dm_outcome o = outcome_of(v);

	dm_outcome_talked(&o, end);
	if (end->why)
		dm_session_forget(&v->device->session);
	dm_talk_free(v->talk);
	v->talk = NULL;
	tell_twice(v);
	go_on(v);
}

/*
 * A user who is to be asked before the session is, and may think about it; its
 * timer goes on then.
 */
static bool has_asked(struct visit *v)
{
	struct device *d = v->device;

	if (!d->client || v->asked ||
	    d->session.ui_mode != UI_MODE_USER_INTERACTION)
		return true;
	v->asked = true;
	v->reply = mishap_ask(v->clients->setup.mishaps, d);
	if (v->reply.says == DM_USER_NEVER || !v->reply.after_ms)
		return true;
	set_timer(v, v->reply.after_ms);
	return false;
}

/* He does not agree. */
static bool is_declined(const struct visit *v)
{
	return v->device->session.ui_mode == UI_MODE_USER_INTERACTION &&
	       v->reply.says != DM_USER_YES;
}

/* The session cannot even begin. */
static void fail(struct visit *v, const char *why)
{
	const struct dm_talk_end end = { .why = why };
	const struct dm_outcome o = outcome_of(v);

	dm_outcome_talked(&o, &end);
	dm_session_forget(&v->device->session);
	leave(v);
}

static void start_talk(struct visit *v)
{
	const struct dm_client *client = v->device->client;
	const struct dm_outcome o = outcome_of(v);

	if (is_declined(v)) {
		dm_outcome_declined(&o, v->reply.says);
		leave(v);
		return;
	}
	v->clients->n_sessions++;
	dm_outcome_started(&o);
	if (client->url[0]) {
		v->talk = dm_talk_start(&v->clients->room, v->device,
					on_talked, v);
		return;
	}
	fail(v, "no address of the server");
}

/* -------------------------------- in time --------------------------------- */

/* Its account may have been replaced while it was on its way. */
static void start(struct visit *v)
{
	const struct device *d = v->device;
	struct dm_outcome o;

	if (d->client && !turns_take(&v->clients->sessions, &v->turn))
		return;
	memcpy(v->server_id, d->account.server_id, sizeof(v->server_id));
	dm_session_start(&v->device->session);
	if (d->client) {
		start_talk(v);
		return;
	}
	v->clients->n_sessions++;
	o = outcome_of(v);
	dm_outcome_started(&o);
	if (!network_has_data(v->clients->setup.network, v->device)) {
		fail(v, "no data connection");
		return;
	}
	tell_dmboxd(v, false);
	set_timer(v, d->plan.lasts_ms);
}

static void end(struct visit *v)
{
	const struct dm_outcome o = outcome_of(v);

	dm_outcome_ended(&o);
	tell_dmboxd(v, true);
	leave(v);
}

/* When its power is gone, so is the visit in a moment. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct visit *v = arg;

	(void)fd;
	(void)what;
	if (!reach_is_on(&v->device->reach))
		return;
	if (v->device->session.phase != DM_COMING && v->device->client)
		update(v);
	else if (v->device->session.phase != DM_COMING)
		end(v);
	else if (has_asked(v))
		start(v);
}

static struct visit *new_visit(struct dm_clients *c, struct device *d)
{
	struct visit *v = xcalloc(1, sizeof(*v));

	v->clients = c;
	v->device = d;
	v->turn.owner = v;
	v->timer = xcheck(evtimer_new(c->setup.base, on_timer, v));
	LIST_INSERT_HEAD(&c->visits, v, link);
	d->visit = v;
	return v;
}

void dm_clients_come(struct dm_clients *c, struct device *d)
{
	come(new_visit(c, d), d->plan.comes_delay_ms);
}

/* --------------------------------- power ---------------------------------- */

static void power_lost(struct device *d)
{
	if (d->visit)
		free_visit(d->visit);
	dm_session_power_lost(&d->session);
}

/* It finds on its flash what it was about to do. */
static void power_back(struct dm_clients *c, struct device *d)
{
	if (!d->client || dm_fumo_next(&d->client->fumo) == DM_FUMO_REST)
		return;
	d->session.phase = DM_IN_SESSION;
	go_on(new_visit(c, d));
}

/* What runs over it breaks; an update goes on by itself. */
static void data_lost(struct device *d)
{
	struct visit *v = d->visit;

	if (v && v->update)
		dm_update_break(v->update);
	else if (v && v->talk)
		dm_talk_break(v->talk);
	else if (v && !d->client && d->session.phase == DM_IN_SESSION)
		fail(v, "the connection is lost");
}

static void on_change(void *arg, struct device *d, enum network_change change)
{
	switch (change) {
	case NETWORK_POWER_LOST:
		power_lost(d);
		break;
	case NETWORK_POWER_BACK:
		power_back(arg, d);
		break;
	case NETWORK_DATA_LOST:
		data_lost(d);
		break;
	case NETWORK_SMS_BACK:
		break;
	}
}

/* ----------------------------- start and stop ----------------------------- */

struct dm_clients *dm_clients_new(const struct dm_clients_setup *setup)
{
	struct dm_clients *c = xcalloc(1, sizeof(*c));

	c->setup = *setup;
	dm_talk_room_init(&c->room, setup->base, setup->report, setup->http);
	c->room.mishaps = setup->mishaps;
	c->room.state_dir = setup->state_dir;
	c->room.network = setup->network;
	LIST_INIT(&c->visits);
	if (setup->network)
		network_watch(setup->network,
			      &(struct network_watcher){ on_change, c });
	turns_init(&c->sessions, setup->connections);
	turns_init(&c->updates, setup->connections);
	return c;
}

void dm_clients_free(struct dm_clients *c)
{
	while (!LIST_EMPTY(&c->visits))
		free_visit(LIST_FIRST(&c->visits));
	dm_talk_room_free(&c->room);
	free(c);
}

static int resume(struct dm_clients *c, struct device *d, struct err *e)
{
	int rc = dm_state_load(c->setup.state_dir, d, e);

	if (!rc)
		power_back(c, d);
	return rc == DM_ENOENT ? DM_OK : rc;
}

int dm_clients_resume(struct dm_clients *c, struct config *config,
		      const struct device **where, struct err *e)
{
	for (size_t i = 0; c->setup.state_dir && i < config->n_devices; i++) {
		struct device *d = &config->devices[i];
		int rc = d->client ? resume(c, d, e) : DM_OK;

		if (rc) {
			*where = d;
			return rc;
		}
	}
	return DM_OK;
}

struct dm_clients_totals dm_clients_totals(const struct dm_clients *c)
{
	struct dm_clients_totals t = { .sessions = c->n_sessions };

	if (c->setup.dm_report)
		t.reports = dm_report_totals(c->setup.dm_report);
	return t;
}
