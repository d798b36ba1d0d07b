/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_update.h"

#include "emulator/xalloc.h"

#define DOWNLOAD_S 21600		/* 6 hours: 3 KiB a second */
#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

struct dm_update {
	struct dm_talk_room *room;
	struct device *device;
	struct dm_http_call *call;	/* owned; NULL: none */
	struct event *next;		/* owned: goes on outside of callbacks */
	unsigned tenths;		/* of the download that were told */
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

/* -------------------------------- download -------------------------------- */

/* Once each tenth; of a length that nobody said, nothing. */
static void on_progress(void *arg, size_t got, size_t total)
{
	struct dm_update *u = arg;
	unsigned tenths = total ? (unsigned)(10 * (uint64_t)got / total) : 0;
	const struct report_field fields[] = {
		report_number("octets", got),
		report_number("of", total),
		report_number("percent", 10 * tenths),
	};

	if (tenths <= u->tenths || tenths > 10)
		return;
	u->tenths = tenths;
	tell(u, "download.progress", fields, N_FIELDS(fields));
}

static enum dm_fumo_result result_of(const struct dm_http_response *r)
{
	if (r->too_large)
		return DM_FUMO_NO_MEMORY;
	if (r->status == 401 || r->status == 403)
		return DM_FUMO_ACCESS_DENIED;
	if (r->status >= 400 && r->status < 500)
		return DM_FUMO_BAD_URL;
	return r->status ? DM_FUMO_SERVER_ERROR : DM_FUMO_NETWORK_FAILED;
}

static void tell_download(const struct dm_update *u, size_t len,
			  const char *why)
{
	const struct dm_fumo *f = &u->device->client->fumo;
	const struct report_field done[] = {
		report_number("octets", len),
		report_text("version", f->version),
	};
	const struct report_field failed[] = {
		report_number("result", f->result),
		report_text("reason", why),
	};

	if (f->state == DM_FUMO_DOWNLOAD_FAILED)
		tell(u, "download.failed", failed, N_FIELDS(failed));
	else
		tell(u, "download.done", done, N_FIELDS(done));
}

static void on_package(void *arg, const struct dm_http_response *r)
{
	struct dm_update *u = arg;
	struct dm_fumo *f = &u->device->client->fumo;

	if (r->why)
		dm_fumo_failed(f, result_of(r));
	else
		dm_fumo_fetched(f, r->body, r->len, r->digest);
	tell_download(u, r->len, r->why ? r->why :
		      "not a package, or its digest is another one");
	event_active(u->next, EV_TIMEOUT, 0);
}

static void fetch(struct dm_update *u)
{
	const struct dm_fumo *f = &u->device->client->fumo;
	const struct dm_http_request request = {
		.url = f->url,
		.answer_max = DM_FUMO_PACKAGE_MAX,
		.seconds_max = DOWNLOAD_S,
		.on_progress = on_progress,
		.on_done = on_package,
		.arg = u,
	};
	const struct report_field fields[] = {
		report_text("url", f->url),
	};

	tell(u, "download.started", fields, N_FIELDS(fields));
	u->call = dm_http_start(u->room->http, &request);
}

/* --------------------------------- update --------------------------------- */

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

static void on_next(evutil_socket_t fd, short what, void *arg)
{
	struct dm_update *u = arg;
	struct dm_client *c = u->device->client;

	(void)fd;
	(void)what;
	switch (dm_fumo_next(&c->fumo)) {
	case DM_FUMO_FETCH:
		fetch(u);
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

void dm_update_free(struct dm_update *u)
{
	if (!u)
		return;
	dm_http_call_free(u->call);
	event_free(u->next);
	free(u);
}
