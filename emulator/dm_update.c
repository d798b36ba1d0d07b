/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_update.h"

#include "emulator/dm_download.h"
#include "emulator/xalloc.h"

#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

struct dm_update {
	struct dm_talk_room *room;
	struct device *device;
	struct dm_download *download;	/* owned; NULL: none */
	struct event *next;		/* owned: goes on outside of callbacks */
	void (*on_end)(void *arg);
	void *arg;
};

static void tell(const struct dm_update *u, const char *event,
		 const struct report_field *fields, size_t n)
{
	if (!u->room->report->quiet)
		report_event(u->room->report, event, u->device->msisdn, fields,
			     n);
}

static void install(struct dm_update *u)
{
	struct dm_client *c = u->device->client;
	const struct report_field fields[] = {
		report_text("was", dm_tree_value(&c->tree,
						 "./DevDetail/FwV")),
		report_text("firmware", c->fumo.version),
	};

	tell(u, "update.installed", fields, N_FIELDS(fields));
	dm_tree_set(&c->tree, "./DevDetail/FwV", c->fumo.version);
	dm_fumo_installed(&c->fumo);
}

static void take_next_step(struct dm_update *u);

static void on_fetched(void *arg)
{
	struct dm_update *u = arg;

	dm_download_free(u->download);
	u->download = NULL;
	take_next_step(u);
}

static void take_next_step(struct dm_update *u)
{
	struct dm_client *c = u->device->client;

	switch (dm_fumo_next(&c->fumo)) {
	case DM_FUMO_FETCH:
		u->download = dm_download_start(u->room, u->device, on_fetched,
						u);
		return;
	case DM_FUMO_INSTALL:
		install(u);
		break;
	case DM_FUMO_REST:
	case DM_FUMO_REPORT:
		break;
	}
	dm_fumo_show(&c->fumo, &c->tree);
	u->on_end(u->arg);
}

static void on_next(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	take_next_step(arg);
}

struct dm_update *dm_update_start(struct dm_talk_room *room, struct device *d,
				  void (*on_end)(void *arg), void *arg)
{
	struct dm_update *u = xcalloc(1, sizeof(*u));

	u->room = room;
	u->device = d;
	u->on_end = on_end;
	u->arg = arg;
	u->next = xcheck(event_new(room->base, -1, 0, on_next, u));
	event_active(u->next, EV_TIMEOUT, 0);
	return u;
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
