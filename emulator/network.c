/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/network.h"

#include <assert.h>
#include <string.h>
#include <sys/queue.h>

#include "emulator/instant.h"
#include "emulator/xalloc.h"

/* A device of which something is lost. */
struct outage {
	LIST_ENTRY(outage) link;
	struct network *network;
	struct device *device;
	struct event *timer;		/* owned: the next change */
	bool is_new[REACH_WAYS];	/* lost, and nobody has been told yet */
};

struct network {
	struct event_base *base;
	const struct mishaps *mishaps;
	struct network_watcher watchers[NETWORK_WATCHERS_MAX];
	size_t n_watchers;
	LIST_HEAD(, outage) outages;	/* owned; one a device at most */
};

static const struct {
	const char *why, *lost, *back;	/* events */
} names[] = {
	[REACH_POWER] = { "off", "device.off", "device.on" },
	[REACH_RADIO] = { "out-of-reach", "device.out-of-reach",
			  "device.in-reach" },
	[REACH_DATA] = { "no-data", "device.no-data", "device.data" },
};

const char *network_why(const struct device *d)
{
	for (int way = 0; way < REACH_WAYS; way++)
		if (d->reach.lost[way])
			return names[way].why;
	return "";
}

/* -------------------------------- tell -------------------------------- */

static void tell_lost(const struct network *n, const struct device *d,
		      enum reach_way way, uint32_t ms)
{
	const struct report_field for_ms = report_number("for-ms", ms);

	if (!n->mishaps->report->quiet)
		report_event(n->mishaps->report, names[way].lost, d->msisdn,
			     &for_ms, ms == REACH_FOR_EVER ? 0 : 1);
}

static void tell_back(const struct network *n, const struct device *d,
		      enum reach_way way)
{
	if (!n->mishaps->report->quiet)
		report_event(n->mishaps->report, names[way].back, d->msisdn,
			     NULL, 0);
}

static void tell_all(const struct network *n, struct device *d,
		     enum network_change change)
{
	for (size_t i = 0; i < n->n_watchers; i++)
		n->watchers[i].on_change(n->watchers[i].arg, d, change);
}

/* ------------------------------- in time ------------------------------- */

static void free_outage(struct outage *o)
{
	LIST_REMOVE(o, link);
	o->device->outage = NULL;
	event_free(o->timer);
	free(o);
}

static void set_timer(struct outage *o)
{
	int64_t next = reach_next_ms(&o->device->reach);
	int64_t wait = next - instant_now().mono_ms;
	struct timeval tv = { 0, 0 };

	if (next == INT64_MAX)
		return;
	if (wait > 0) {
		tv.tv_sec = wait / 1000;
		tv.tv_usec = wait % 1000 * 1000;
	}
	event_add(o->timer, &tv);
}

/* It may be over already: then it was lost nevertheless. */
static void tell_new(struct outage *o)
{
	bool power = o->is_new[REACH_POWER];
	bool data = o->is_new[REACH_RADIO] || o->is_new[REACH_DATA];

	memset(o->is_new, 0, sizeof(o->is_new));
	if (power)
		tell_all(o->network, o->device, NETWORK_POWER_LOST);
	else if (data)
		tell_all(o->network, o->device, NETWORK_DATA_LOST);
}

static void tell_ended(struct outage *o)
{
	struct device *d = o->device;
	int64_t now_ms = instant_now().mono_ms;
	bool took_sms = reach_takes_sms(&d->reach);
	bool was_on = reach_is_on(&d->reach);

	for (int way = 0; way < REACH_WAYS; way++)
		if (reach_ends(&d->reach, (enum reach_way)way, now_ms))
			tell_back(o->network, d, (enum reach_way)way);
	if (!was_on && reach_is_on(&d->reach))
		tell_all(o->network, d, NETWORK_POWER_BACK);
	if (!took_sms && reach_takes_sms(&d->reach))
		tell_all(o->network, d, NETWORK_SMS_BACK);
}

/* Who is told may lose something again, and thus set the timer. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct outage *o = arg;

	(void)fd;
	(void)what;
	tell_new(o);
	tell_ended(o);
	if (reach_has_data(&o->device->reach))
		free_outage(o);
	else if (!event_pending(o->timer, EV_TIMEOUT, NULL))
		set_timer(o);
}

static struct outage *outage_of(struct network *n, struct device *d)
{
	struct outage *o = d->outage;

	if (o)
		return o;
	o = d->outage = xcalloc(1, sizeof(*o));
	o->network = n;
	o->device = d;
	o->timer = xcheck(evtimer_new(n->base, on_timer, o));
	LIST_INSERT_HEAD(&n->outages, o, link);
	return o;
}

static void at_once(struct outage *o)
{
	static const struct timeval now = { 0, 0 };

	event_add(o->timer, &now);
}

void network_lose(struct network *n, struct device *d, enum reach_way way,
		  uint32_t ms)
{
	struct outage *o = outage_of(n, d);

	reach_lose(&d->reach, way, instant_now().mono_ms, ms);
	o->is_new[way] = true;
	tell_lost(n, d, way, ms);
	at_once(o);
}

void network_mend(struct network *n, struct device *d)
{
	(void)n;
	if (!d->outage)
		return;
	reach_mend(&d->reach);
	at_once(d->outage);
}

/* -------------------------------- asked -------------------------------- */

bool network_takes_sms(struct network *n, struct device *d)
{
	const struct fault_rule *r;

	if (!reach_takes_sms(&d->reach))
		return false;
	r = mishap_meet(n->mishaps, d, FAULT_AT_SMS);
	if (r)
		network_lose(n, d, r->kind->id == FAULT_OFF ? REACH_POWER :
			     REACH_RADIO, r->value);
	return !r;
}

bool network_has_data(struct network *n, struct device *d)
{
	const struct fault_rule *r;

	if (!n || !reach_has_data(&d->reach))
		return !n;
	r = mishap_meet(n->mishaps, d, FAULT_AT_DATA);
	if (r)
		network_lose(n, d, REACH_DATA, r->value);
	return !r;
}

/* ---------------------------- begin and end ---------------------------- */

struct network *network_new(struct event_base *base,
			    const struct mishaps *mishaps)
{
	struct network *n = xcalloc(1, sizeof(*n));

	n->base = base;
	n->mishaps = mishaps;
	LIST_INIT(&n->outages);
	return n;
}

void network_free(struct network *n)
{
	while (!LIST_EMPTY(&n->outages))
		free_outage(LIST_FIRST(&n->outages));
	free(n);
}

void network_watch(struct network *n, const struct network_watcher *w)
{
	assert(n->n_watchers < NETWORK_WATCHERS_MAX);
	n->watchers[n->n_watchers++] = *w;
}
