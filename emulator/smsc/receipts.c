/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/receipts.h"

#include <string.h>

#include "emulator/instant.h"
#include "emulator/xalloc.h"

#define RECEIPTS_AT_ONCE 200	/* then others have their turn */
#define RETRY_MS 1000		/* a receipt whose bind is congested */

/* ------------------------------ the taker ------------------------------ */

static struct session *find_session(const struct receipts *rs, uint64_t id)
{
	struct session *s;

	LIST_FOREACH(s, rs->sessions, link)
		if (s->id == id)
			return s;
	return NULL;
}

static struct session *find_other(const struct receipts *rs,
				  const char *system_id)
{
	struct session *s, *any = NULL;

	LIST_FOREACH(s, rs->sessions, link) {
		if (!session_takes_receipts(s))
			continue;
		if (!strcmp(s->system_id, system_id))
			return s;
		any = s;
	}
	return any;
}

/* NULL: nobody just now. */
static struct session *find_taker(const struct receipts *rs,
				  const struct receipt *r)
{
	struct session *s = find_session(rs, r->session);

	if (s && s->kind == SESSION_TRANSCEIVER)
		return session_takes_receipts(s) ? s : NULL;
	return find_other(rs, r->system_id);
}

static bool anybody_takes(const struct receipts *rs)
{
	const struct session *s;

	LIST_FOREACH(s, rs->sessions, link)
		if (session_takes_receipts(s))
			return true;
	return false;
}

/* -------------------------------- send -------------------------------- */

static void report_sent(struct receipts *rs, const struct receipt *r,
			const struct session *s)
{
	struct report_field fields[] = {
		report_text("state", r->state->name),
		report_text("message-id", r->message_id),
		report_number("session", s->id),
	};

	rs->n_sent++;
	if (!rs->report->quiet)
		report_event(rs->report, "receipt.sent",
			     r->name ? r->name : r->device.digits, fields, 3);
}

bool receipts_send(struct receipts *rs, const struct receipt *r, int64_t now_s)
{
	struct session *s = find_taker(rs, r);

	if (s) {
		session_send_receipt(s, r, now_s);
		report_sent(rs, r, s);
	}
	return s;
}

static void send_next(struct receipts *rs, const struct instant *now)
{
	struct receipt r = *receipt_queue_next(&rs->queue);

	receipt_queue_drop(&rs->queue);
	if (!receipts_send(rs, &r, now->wall_s)) {
		r.due_ms = now->mono_ms + RETRY_MS;
		receipt_queue_put(&rs->queue, &r);
	}
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct receipts *rs = arg;
	struct instant now = instant_now();

	(void)fd;
	(void)what;
	for (int i = 0; i < RECEIPTS_AT_ONCE && anybody_takes(rs); i++) {
		const struct receipt *r = receipt_queue_next(&rs->queue);

		if (!r || r->due_ms > now.mono_ms)
			break;
		send_next(rs, &now);
	}
	receipts_wake(rs);
}

void receipts_wake(struct receipts *rs)
{
	const struct receipt *r = receipt_queue_next(&rs->queue);
	struct timeval tv = { 0, 0 };
	int64_t wait;

	if (!r || !anybody_takes(rs))
		return;
	wait = r->due_ms - instant_now().mono_ms;
	if (wait > 0) {
		tv.tv_sec = wait / 1000;
		tv.tv_usec = wait % 1000 * 1000;
	}
	event_add(rs->timer, &tv);
}

void receipts_put(struct receipts *rs, const struct receipt *new)
{
	const struct receipt *next = receipt_queue_next(&rs->queue);
	bool earlier = !next || new->due_ms < next->due_ms;

	receipt_queue_put(&rs->queue, new);
	if (earlier)
		receipts_wake(rs);
}

/* ---------------------------- begin and end ---------------------------- */

void receipts_init(struct receipts *rs, struct event_base *base,
		   const struct session_list *sessions,
		   const struct report *report)
{
	*rs = (struct receipts){ .sessions = sessions, .report = report };
	rs->timer = xcheck(evtimer_new(base, on_timer, rs));
}

void receipts_free(struct receipts *rs)
{
	event_free(rs->timer);
	receipt_queue_free(&rs->queue);
}
