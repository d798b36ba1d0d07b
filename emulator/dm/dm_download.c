/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_download.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "emulator/dm/dm_package_file.h"
#include "emulator/network.h"
#include "emulator/xalloc.h"

#define TRY_S 21600			/* 6 hours: 3 KiB a second */
#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

enum step {
	BEGINS,
	TRIES,
	WAITS,				/* for the next try */
	BROKEN,				/* the connection; not by the server */
	STOPPED,			/* the device is off: nothing comes */
	ENDED,
};

struct dm_download {
	struct dm_talk_room *room;
	struct device *device;
	struct dm_http_call *call;	/* owned; NULL: none */
	struct event *next;		/* owned: goes on outside of callbacks */
	int file;			/* owned; -1: none is open */
	int tenths;			/* of it that were told */
	size_t best;			/* octets that were here at most */
	unsigned n_tries;		/* since then */
	enum step step;
	const struct fault_kind *mishap;	/* of this try; NULL: none */
	unsigned mishap_value;
	struct dm_download_watcher watcher;
};

static void tell(const struct dm_download *l, const char *event,
		 const struct report_field *fields, size_t n)
{
	if (!l->room->report->quiet)
		report_event(l->room->report, event, l->device->msisdn, fields,
			     n);
}

/* ------------------------------ what is here ------------------------------ */

static struct dm_package *package_of(const struct dm_download *l)
{
	return l->device->client->package;
}

static void close_file(struct dm_download *l)
{
	if (l->file >= 0)
		close(l->file);
	l->file = -1;
}

static void forget(struct dm_download *l)
{
	close_file(l);
	if (l->room->state_dir)
		dm_package_file_remove(l->room->state_dir, l->device);
	dm_client_drop_package(l->device->client);
}

/* It goes on without a file then. */
static void tell_file_failed(struct dm_download *l)
{
	const struct report_field reason = report_text("reason",
						       strerror(errno));

	report_event(l->room->report, "state.not-saved", l->device->msisdn,
		     &reason, 1);
	close_file(l);
	dm_package_file_remove(l->room->state_dir, l->device);
}

static void open_file(struct dm_download *l)
{
	if (!l->room->state_dir)
		return;
	l->file = dm_package_file_open(l->room->state_dir, l->device,
				       package_of(l));
	if (l->file < 0)
		tell_file_failed(l);
}

static void begin_package(struct dm_download *l,
			  const struct dm_http_begin *b)
{
	forget(l);
	l->device->client->package = xcalloc(1, sizeof(struct dm_package));
	dm_package_begin(package_of(l), b->validator, b->total);
}

/* So many octets need not come again. */
static size_t resumable(const struct dm_download *l)
{
	const struct dm_package *p = package_of(l);

	return p && p->validator[0] ? p->len : 0;
}

/* ---------------------------------- ends ---------------------------------- */

static void end(struct dm_download *l)
{
	forget(l);
	l->step = ENDED;
	event_active(l->next, EV_TIMEOUT, 0);
}

static void fail(struct dm_download *l, unsigned result, const char *why)
{
	const struct report_field fields[] = {
		report_number("result", result),
		report_text("reason", why),
	};

	dm_fumo_failed(&l->device->client->fumo, result);
	tell(l, "download.failed", fields, N_FIELDS(fields));
	end(l);
}

static void succeed(struct dm_download *l, const char *version)
{
	const struct report_field fields[] = {
		report_number("octets", package_of(l)->len),
		report_text("version", version),
	};

	dm_fumo_fetched(&l->device->client->fumo, version);
	tell(l, "download.done", fields, N_FIELDS(fields));
	end(l);
}

/* The try has failed; another may not. */
static void try_again(struct dm_download *l, enum dm_fumo_result result,
		      const char *why)
{
	const struct report_field fields[] = {
		report_number("octets", resumable(l)),
		report_text("reason", why),
	};

	close_file(l);
	l->step = WAITS;
	if (resumable(l) > l->best) {
		l->best = resumable(l);
		l->n_tries = 0;
	}
	if (++l->n_tries >= DM_DOWNLOAD_TRIES) {
		fail(l, result, why);
		return;
	}
	tell(l, "download.interrupted", fields, N_FIELDS(fields));
	event_active(l->next, EV_TIMEOUT, 0);
}

/* -------------------------------- mishaps -------------------------------- */

static void meet_mishap(struct dm_download *l)
{
	const struct dm_package *p = package_of(l);
	const struct fault_rule *r = mishap_meet_download(l->room->mishaps,
		l->device, resumable(l) ? dm_package_percent(p) : -1);

	l->mishap = r ? r->kind : NULL;
	l->mishap_value = r ? r->value : 0;
}

static bool meets(const struct dm_download *l, enum fault_id id)
{
	return l->mishap && l->mishap->id == id;
}

/* So many octets may come until it happens. */
static size_t room_of(const struct dm_download *l)
{
	const struct dm_package *p = package_of(l);
	const size_t stop = (p->total * l->mishap_value + 99) / 100;

	if ((!meets(l, FAULT_NETWORK_LOST) && !meets(l, FAULT_BATTERY)) ||
	    (l->mishap_value && !p->total))
		return SIZE_MAX;
	return stop > p->len ? stop - p->len : 0;
}

static void happen(struct dm_download *l)
{
	if (!meets(l, FAULT_BATTERY)) {
		dm_download_break(l);
		return;
	}
	l->step = STOPPED;
	network_lose(l->room->network, l->device, REACH_POWER,
		     l->device->client->restart_ms);
}

/* --------------------------------- a try --------------------------------- */

static void on_begin(void *arg, const struct dm_http_begin *b)
{
	struct dm_download *l = arg;
	const struct report_field fields[] = {
		report_number("octets", b->from),
		report_number("of", b->total),
	};

	if (l->step != TRIES)
		return;
	if (b->from) {
		tell(l, "download.resumed", fields, b->total ? 2 : 1);
	} else {
		begin_package(l, b);
		l->tenths = 0;
	}
	open_file(l);
	if (!room_of(l))
		happen(l);
}

/* Once each tenth; of a length that nobody said, nothing. */
static void tell_progress(struct dm_download *l)
{
	const struct dm_package *p = package_of(l);
	const int tenths = dm_package_percent(p) / 10;
	const struct report_field fields[] = {
		report_number("octets", p->len),
		report_number("of", p->total),
		report_number("percent", 10 * (unsigned)tenths),
	};

	if (tenths <= l->tenths)
		return;
	l->tenths = tenths;
	tell(l, "download.progress", fields, N_FIELDS(fields));
}

static void keep(struct dm_download *l, const void *octets, size_t len)
{
	dm_package_add(package_of(l), octets, len);
	if (l->file >= 0 && !dm_package_file_add(l->file, octets, len))
		tell_file_failed(l);
}

static void keep_corrupted(struct dm_download *l, const uint8_t *octets,
			   size_t len)
{
	const uint8_t other = octets[0] ^ 0x20;

	keep(l, &other, 1);
	keep(l, octets + 1, len - 1);
	l->mishap = NULL;
}

static void on_octets(void *arg, const void *octets, size_t len)
{
	struct dm_download *l = arg;
	size_t room;

	if (l->step != TRIES)
		return;
	room = room_of(l);
	if (meets(l, FAULT_CORRUPTED))
		keep_corrupted(l, octets, len);
	else
		keep(l, octets, len < room ? len : room);
	tell_progress(l);
	if (len >= room)
		happen(l);
}

static void check(struct dm_download *l, const char *digest)
{
	const struct dm_client *c = l->device->client;
	char version[DM_FUMO_VERSION_MAX + 1];
	enum dm_fumo_result result = dm_package_check(package_of(l), digest,
						      c->model, version);

	if (result == DM_FUMO_SUCCESS)
		succeed(l, version);
	else
		fail(l, result, result == DM_FUMO_CORRUPTED ?
		     "not a package, or its digest is another one" :
		     "the package is for another model");
}

/* The same again may end in another way. */
static bool may_pass(const struct dm_http_response *r)
{
	return !r->too_large && (r->status < 300 || r->status == 408 ||
				 r->status == 416 || r->status == 429 ||
				 r->status >= 500);
}

static void on_done(void *arg, const struct dm_http_response *r)
{
	struct dm_download *l = arg;

	if (l->step != TRIES)
		return;
	if (r->status == 416)		/* it is another one by now */
		forget(l);
	if (!r->why)
		check(l, r->digest);
	else if (may_pass(r))
		try_again(l, dm_fumo_result_of(r->status, r->timed_out),
			  r->why);
	else
		fail(l, r->too_large ? DM_FUMO_NO_MEMORY :
		     dm_fumo_result_of(r->status, r->timed_out), r->why);
}

static void request(struct dm_download *l)
{
	const struct dm_http_request q = {
		.url = l->device->client->fumo.url,
		.answer_max = DM_PACKAGE_MAX,
		.seconds_max = TRY_S,
		.from = resumable(l),
		.validator = package_of(l) ? package_of(l)->validator : "",
		.on_begin = on_begin,
		.on_octets = on_octets,
		.on_done = on_done,
		.arg = l,
	};

	l->call = dm_http_start(l->room->http, &q);
}

/* An answer that does not come from the server. */
static void refuse(struct dm_download *l)
{
	char why[32];
	const struct dm_http_response r = {
		.why = why, .status = (int)l->mishap_value,
	};

	snprintf(why, sizeof(why), "HTTP status %d", r.status);
	on_done(l, &r);
}

static void begin_try(struct dm_download *l)
{
	l->step = TRIES;
	if (!network_has_data(l->room->network, l->device)) {
		try_again(l, DM_FUMO_NETWORK_FAILED, "no data connection");
		return;
	}
	meet_mishap(l);
	if (meets(l, FAULT_NO_SPACE))
		fail(l, l->mishap_value, "there is no room for it");
	else if (meets(l, FAULT_HTTP_STATUS))
		refuse(l);
	else
		request(l);
}

/* ----------------------------- start and stop ----------------------------- */

static void on_next(evutil_socket_t fd, short what, void *arg)
{
	struct dm_download *l = arg;
	const struct dm_download_watcher *w = &l->watcher;

	(void)fd;
	(void)what;
	dm_http_call_free(l->call);
	l->call = NULL;
	switch (l->step) {
	case BEGINS:
		begin_try(l);
		return;
	case WAITS:
		w->on_wait(w->arg, l->device->client->retry_ms);
		return;
	case BROKEN:
		try_again(l, DM_FUMO_NETWORK_FAILED, "the connection is lost");
		return;
	case ENDED:
		w->on_end(w->arg);
		return;
	case TRIES:
	case STOPPED:
		return;
	}
}

/* What an emulator before this one has left counts, too. */
bool dm_download_has_begun(struct dm_talk_room *room, struct device *d)
{
	struct dm_package p;

	if (!d->client->package && room->state_dir &&
	    dm_package_file_load(room->state_dir, d, &p)) {
		d->client->package = xcalloc(1, sizeof(p));
		*d->client->package = p;
	}
	return d->client->package;
}

struct dm_download *dm_download_start(struct dm_talk_room *room,
				      struct device *d,
				      const struct dm_download_watcher *w)
{
	struct dm_download *l = xcalloc(1, sizeof(*l));
	const struct report_field url = report_text("url",
						    d->client->fumo.url);

	l->room = room;
	l->device = d;
	l->file = -1;
	l->watcher = *w;
	l->next = xcheck(event_new(room->base, -1, 0, on_next, l));
	l->best = dm_download_has_begun(room, d) ? resumable(l) : 0;
	tell(l, "download.started", &url, 1);
	event_active(l->next, EV_TIMEOUT, 0);
	return l;
}

void dm_download_go_on(struct dm_download *l)
{
	begin_try(l);
}

void dm_download_break(struct dm_download *l)
{
	if (l->step != TRIES)
		return;
	l->step = BROKEN;
	event_active(l->next, EV_TIMEOUT, 0);
}

void dm_download_free(struct dm_download *l)
{
	if (!l)
		return;
	dm_http_call_free(l->call);
	close_file(l);
	event_free(l->next);
	free(l);
}
