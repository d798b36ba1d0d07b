/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_clients.h"

#include <string.h>
#include <sys/queue.h>

#include "emulator/xalloc.h"

#define FIELDS_MAX 5

/* A session that comes, or is open. */
struct visit {
	LIST_ENTRY(visit) link;
	struct dm_clients *clients;
	struct device *device;
	struct event *timer;		/* owned: its next move */
	char server_id[TRIGGER_SERVER_ID_MAX + 1];	/* at its start */
};

struct dm_clients {
	struct event_base *base;
	const struct report *report;
	struct dm_report *dm_report;
	LIST_HEAD(, visit) visits;	/* owned; one a device at most */
	uint64_t n_sessions;
};

static void report_session(const struct visit *v, bool ended)
{
	const struct dm_plan *plan = &v->device->plan;
	char id[5];
	struct report_field fields[FIELDS_MAX] = {
		report_text("server-id", v->server_id),
		{ .key = "session-id", .kind = REPORT_HEX16,
		  .number = v->device->session.id },
		{ .key = "session-id-text", .kind = REPORT_JSON_TEXT,
		  .text = id },
	};
	size_t n = 3;

	fields[2].len = (size_t)snprintf(id, sizeof(id), "%X",
					 v->device->session.id);
	if (ended && plan->result != DM_PLAN_NO_RESULT)
		fields[n++] = report_number("result", (uint64_t)plan->result);
	if (ended && plan->alert_type[0])
		fields[n++] = report_text("alert-type", plan->alert_type);
	report_event(v->clients->report, ended ? "session.ended" :
		     "session.started", v->device->msisdn, fields, n);
}

static void tell(const struct visit *v, bool ended)
{
	const struct device *d = v->device;
	const struct dm_news news = {
		.msisdn = d->msisdn, .server_id = v->server_id,
		.session_id = d->session.id, .ended = ended,
		.result = d->plan.result, .alert_type = d->plan.alert_type,
	};

	if (!v->clients->report->quiet)
		report_session(v, ended);
	if (v->clients->dm_report)
		dm_report_put(v->clients->dm_report, &news);
}

static void set_timer(struct visit *v, unsigned delay_ms)
{
	struct timeval tv = {
		delay_ms / 1000, (suseconds_t)(delay_ms % 1000) * 1000
	};

	event_add(v->timer, &tv);
}

static void free_visit(struct visit *v)
{
	LIST_REMOVE(v, link);
	event_free(v->timer);
	free(v);
}

/* Its account may have been replaced while it was on its way. */
static void start(struct visit *v)
{
	const struct device *d = v->device;

	memcpy(v->server_id, d->account.server_id, sizeof(v->server_id));
	dm_session_start(&v->device->session);
	v->clients->n_sessions++;
	tell(v, false);
	set_timer(v, d->plan.lasts_ms);
}

static void end(struct visit *v)
{
	tell(v, true);
	dm_session_end(&v->device->session);
	free_visit(v);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct visit *v = arg;

	(void)fd;
	(void)what;
	if (v->device->session.phase == DM_COMING)
		start(v);
	else
		end(v);
}

struct dm_clients *dm_clients_new(struct event_base *base,
				  const struct report *report,
				  struct dm_report *dm_report)
{
	struct dm_clients *c = xcalloc(1, sizeof(*c));

	c->base = base;
	c->report = report;
	c->dm_report = dm_report;
	LIST_INIT(&c->visits);
	return c;
}

void dm_clients_free(struct dm_clients *c)
{
	while (!LIST_EMPTY(&c->visits))
		free_visit(LIST_FIRST(&c->visits));
	free(c);
}

void dm_clients_come(struct dm_clients *c, struct device *d)
{
	struct visit *v = xcalloc(1, sizeof(*v));

	v->clients = c;
	v->device = d;
	v->timer = xcheck(evtimer_new(c->base, on_timer, v));
	LIST_INSERT_HEAD(&c->visits, v, link);
	set_timer(v, d->plan.comes_delay_ms);
}

struct dm_clients_totals dm_clients_totals(const struct dm_clients *c)
{
	struct dm_clients_totals t = { .sessions = c->n_sessions };

	if (c->dm_report)
		t.reports = dm_report_totals(c->dm_report);
	return t;
}
