/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_bearerbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/xalloc.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_ledger.h"
#include "tests/sim_loop.h"
#include "tests/sim_network.h"
#include "tests/sim_weather.h"

#define AGAIN_MS 1000		/* from one try to connect to the next */
#define TAKE_MS 20		/* until bearerbox has read an SMS */
#define SLOW_MS 120000		/* an acknowledgement, at most */

/* An SMS that is not acknowledged yet. */
struct pending {
	struct sim_sms sms;
	uint64_t tag;
	uint32_t connection;
	enum box_nack nack;
};

/* A report that dmboxd has not acknowledged. */
struct report {
	struct report *next;
	struct sim_sms sms;
	enum box_dlr event;
	const char *text;
	unsigned number;	/* makes its id */
};

static struct {
	const struct box_link_handlers *handlers;	/* NULL: no dmboxd */
	void *arg;
	bool is_up;
	int64_t up_since_ms;
	int64_t down_until_ms;
	int64_t slow_until_ms;
	uint32_t connection;
	struct report *reports;
	unsigned n_reports;
} box;

/* ------------------------------- reports -------------------------------- */

static void deliver(const struct report *r)
{
	struct box_link_report out = {
		.id.connection = box.connection,
		.key = (const uint8_t *)r->sms.key_text,
		.key_len = strlen(r->sms.key_text),
		.event = r->event,
		.text = (const uint8_t *)r->text,
		.text_len = strlen(r->text),
	};

	if (!box.is_up)
		return;
	sim_ledger_report_comes(&r->sms, r->event, r->text);
	snprintf(out.id.uuid, sizeof(out.id.uuid), "%u", r->number);
	box.handlers->report(box.arg, &out);
}

static struct report **find(unsigned number)
{
	struct report **at = &box.reports;

	while (*at && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

static void deliver_number(void *number)
{
	struct report *r = *find((unsigned)(uintptr_t)number);

	if (r)
		deliver(r);
}

static void keep(const struct sim_sms *sms, enum box_dlr event,
		 const char *text)
{
	struct report *r = xcalloc(1, sizeof(*r));

	*r = (struct report){ box.reports, *sms, event, text,
			      box.n_reports++ };
	box.reports = r;
	sim_after(0, deliver_number, (void *)(uintptr_t)r->number);
}

void sim_bearerbox_report(const struct sim_sms *sms, enum box_dlr event,
			  const char *text)
{
	keep(sms, event, text);
	if (sim_fault(FAULT_REPORT_TWICE))
		keep(sms, event, text);
}

void box_link_ack_report(struct box_link *l, const struct box_report_id *id)
{
	struct report **at = find((unsigned)strtoul(id->uuid, NULL, 10));
	struct report *r = *at;

	(void)l;
	if (!r || !box.is_up || id->connection != box.connection)
		return;
	sim_ledger_reported(&r->sms, r->event, r->text);
	*at = r->next;
	free(r);
}

/* ------------------------------- the link ------------------------------- */

static void come_up(void *connection)
{
	if ((uintptr_t)connection != box.connection || box.is_up ||
	    !box.handlers)
		return;
	if (sim_now_ms() < box.down_until_ms) {
		sim_after(AGAIN_MS, come_up, connection);
		return;
	}
	box.connection++;
	box.is_up = true;
	box.up_since_ms = sim_now_ms();
	sim_ledger_note(0, "the link is up");
	box.handlers->up(box.arg);
	for (struct report *r = box.reports; r; r = r->next)
		sim_after(0, deliver_number, (void *)(uintptr_t)r->number);
}

static void down(void)
{
	box.is_up = false;
	box.connection++;
	sim_ledger_note(0, "the link is down");
	box.handlers->down(box.arg);
}

void sim_bearerbox_break(int64_t down_ms)
{
	box.down_until_ms = sim_now_ms() + down_ms;
	if (!box.is_up)
		return;
	down();
	sim_after(AGAIN_MS, come_up, (void *)(uintptr_t)box.connection);
}

void sim_bearerbox_cut(void)
{
	down();
	box.handlers = NULL;
}

int64_t sim_bearerbox_well_since_ms(void)
{
	if (!box.is_up)
		return INT64_MAX;
	return box.up_since_ms > box.slow_until_ms ? box.up_since_ms
						   : box.slow_until_ms;
}

static bool is_heard(const struct pending *p)
{
	return box.is_up && p->connection == box.connection;
}

/* What a broken link does to an SMS: it was taken, or it was not. */
static void take(void *arg)
{
	struct pending *p = arg;

	if ((p->nack == BOX_ACK_SUCCESS || p->nack == BOX_ACK_BUFFERED) &&
	    (is_heard(p) || sim_one_in(2)) && !sim_fault(FAULT_SMS_LOST))
		sim_network_take(&p->sms);
}

static void answer(void *arg)
{
	struct pending *p = arg;

	if (is_heard(p)) {
		sim_ledger_answered(&p->sms, p->nack);
		box.handlers->ack(box.arg, p->tag, p->nack);
	}
	free(p);
}

static int64_t ack_delay_ms(void)
{
	int64_t delay_ms = sim_between(0, 200);

	if (sim_fault(FAULT_ACK_SLOW)) {
		delay_ms = sim_between(SLOW_MS / 100, SLOW_MS);
		box.slow_until_ms = sim_now_ms() + delay_ms;
	}
	return delay_ms;
}

static void break_soon(void *unused)
{
	(void)unused;
	sim_bearerbox_break(sim_between(AGAIN_MS, 10 * AGAIN_MS));
}

static enum box_nack choose_nack(void)
{
	if (sim_fault(FAULT_NACK_GOOD))
		return BOX_ACK_FAILED;
	if (sim_fault(FAULT_NACK_NOW))
		return BOX_ACK_FAILED_TMP;
	return sim_fault(FAULT_BUFFERED) ? BOX_ACK_BUFFERED : BOX_ACK_SUCCESS;
}

/* ------------------------ in box_link.c's place ------------------------- */

int box_link_new(struct box_link **out, struct event_base *base,
		 const struct box_link_config *config,
		 const struct box_link_handlers *handlers, void *arg,
		 struct err *e)
{
	(void)out;
	(void)base;
	(void)config;
	(void)e;
	box.handlers = handlers;
	box.arg = arg;
	box.connection++;
	sim_after(AGAIN_MS, come_up, (void *)(uintptr_t)box.connection);
	return DM_OK;
}

void box_link_free(struct box_link *l)
{
	(void)l;
}

bool box_link_is_up(const struct box_link *l)
{
	(void)l;
	return box.is_up;
}

int box_link_send(struct box_link *l, const struct box_sms *sms,
		  struct err *e)
{
	struct pending *p;
	struct sim_sms read;
	int rc;

	(void)l;
	if (!box.is_up || sim_fault(FAULT_BUSY))
		return err_set(e, DM_EBUSY, "link", "", "is busy");
	rc = sim_sms_read(&read, sms, clock_ms() / 1000, e);
	if (rc)
		return rc;
	sim_ledger_sent(&read);
	p = xcalloc(1, sizeof(*p));
	*p = (struct pending){ read, sms->tag, box.connection, choose_nack() };
	if (p->nack != BOX_ACK_FAILED && p->nack != BOX_ACK_FAILED_TMP &&
	    sim_fault(FAULT_REPORT_EARLY))
		sim_bearerbox_report(&read, BOX_DLR_DELIVERED,
				     "id:1 stat:DELIVRD err:000");
	sim_after(TAKE_MS, take, p);
	sim_after(TAKE_MS + ack_delay_ms(), answer, p);
	if (sim_one_in(4) && sim_fault(FAULT_LINK_BREAKS))
		sim_after(sim_between(0, 2 * TAKE_MS), break_soon, NULL);
	return DM_OK;
}

void box_link_drop(struct box_link *l, const char *why)
{
	(void)l;
	(void)why;
	if (box.is_up)
		sim_bearerbox_break(sim_between(AGAIN_MS, 10 * AGAIN_MS));
}
