/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_update.h"

#include "emulator/dm/dm_download.h"
#include "emulator/mishap.h"
#include "emulator/xalloc.h"

#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

struct dm_update {
	struct dm_talk_room *room;
	struct device *device;
	struct dm_download *download;	/* owned; NULL: none */
	struct event *next;		/* owned: goes on outside of callbacks */
	bool asked;			/* its user, and he has said: */
	struct dm_user_reply reply;
	struct dm_update_watcher watcher;
};

static void tell(const struct dm_update *u, const char *event,
		 const struct report_field *fields, size_t n)
{
	if (!u->room->report->quiet)
		report_event(u->room->report, event, u->device->msisdn, fields,
			     n);
}

static void end(struct dm_update *u, bool unanswered)
{
	struct dm_client *c = u->device->client;

	dm_fumo_show(&c->fumo, &c->tree);
	u->watcher.on_end(u->watcher.arg, unanswered);
}

/* -------------------------------- download -------------------------------- */

static void take_next_step(struct dm_update *u);

static void on_fetched(void *arg)
{
	struct dm_update *u = arg;

	dm_download_free(u->download);
	u->download = NULL;
	take_next_step(u);
}

static void on_wait(void *arg, unsigned ms)
{
	const struct dm_update *u = arg;

	u->watcher.on_wait(u->watcher.arg, ms);
}

static void download(struct dm_update *u)
{
	const struct dm_download_watcher w = { on_wait, on_fetched, u };

	u->download = dm_download_start(u->room, u->device, &w);
}

static void decline(struct dm_update *u)
{
	const bool never = u->reply.says == DM_USER_NEVER;
	const struct report_field fields[] = {
		report_text("user", dm_user_name(u->reply.says)),
		report_number("result", DM_FUMO_CANCELLED),
	};

	tell(u, "download.declined", fields, never ? 1 : 2);
	if (!never)
		dm_fumo_failed(&u->device->client->fumo, DM_FUMO_CANCELLED);
	end(u, never);
}

/* Who is asked may think about it. */
static void ask(struct dm_update *u)
{
	u->asked = true;
	u->reply = mishap_ask(u->room->mishaps, u->device);
	on_wait(u, u->reply.says == DM_USER_NEVER ? 0 : u->reply.after_ms);
}

/* What has begun he has agreed to. */
static void fetch(struct dm_update *u)
{
	if (u->device->client->confirms && !u->asked &&
	    !dm_download_has_begun(u->room, u->device))
		ask(u);
	else if (u->asked && u->reply.says != DM_USER_YES)
		decline(u);
	else
		download(u);
}

/* --------------------------------- update --------------------------------- */

static void tell_failed(const struct dm_update *u, unsigned result,
			const char *fault)
{
	const struct report_field fields[] = {
		report_text("version", u->device->client->fumo.version),
		report_number("result", result),
		report_text("reason", fault),
	};

	tell(u, "update.failed", fields, N_FIELDS(fields));
}

static void tell_installed(const struct dm_update *u)
{
	const struct dm_client *c = u->device->client;
	const struct report_field fields[] = {
		report_text("was", dm_tree_value(&c->tree,
						 "./DevDetail/FwV")),
		report_text("firmware", c->fumo.version),
	};

	tell(u, "update.installed", fields, N_FIELDS(fields));
}

static void install(struct dm_update *u)
{
	const struct fault_rule *r = mishap_meet(u->room->mishaps, u->device,
						 FAULT_AT_INSTALL);
	const unsigned result = r ? r->value : DM_FUMO_SUCCESS;
	struct dm_client *c = u->device->client;

	if (dm_fumo_is_success(result)) {
		tell_installed(u);
		dm_tree_set(&c->tree, "./DevDetail/FwV", c->fumo.version);
	} else {
		tell_failed(u, result, r->kind->name);
	}
	dm_fumo_installed(&c->fumo, result);
	end(u, false);
}

static void take_next_step(struct dm_update *u)
{
	switch (dm_fumo_next(&u->device->client->fumo)) {
	case DM_FUMO_FETCH:
		fetch(u);
		return;
	case DM_FUMO_INSTALL:
		install(u);
		return;
	case DM_FUMO_REST:
	case DM_FUMO_REPORT:
		break;
	}
	end(u, false);
}

static void on_next(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	take_next_step(arg);
}

struct dm_update *dm_update_start(struct dm_talk_room *room, struct device *d,
				  const struct dm_update_watcher *w)
{
	struct dm_update *u = xcalloc(1, sizeof(*u));

	u->room = room;
	u->device = d;
	u->watcher = *w;
	u->next = xcheck(event_new(room->base, -1, 0, on_next, u));
	event_active(u->next, EV_TIMEOUT, 0);
	return u;
}

void dm_update_go_on(struct dm_update *u)
{
	if (u->download)
		dm_download_go_on(u->download);
	else
		event_active(u->next, EV_TIMEOUT, 0);
}

void dm_update_break(struct dm_update *u)
{
	if (u->download)
		dm_download_break(u->download);
}

void dm_update_free(struct dm_update *u)
{
	if (!u)
		return;
	dm_download_free(u->download);
	event_free(u->next);
	free(u);
}
