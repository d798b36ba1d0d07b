/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/sender.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/box/verdict.h"
#include "gateway/clock.h"
#include "gateway/job/breaker.h"
#include "gateway/log.h"
#include "gateway/send/dlr.h"
#include "gateway/send/flight.h"
#include "gateway/send/window.h"
#include "gateway/xalloc.h"

#define TICK_S 1		/* expiry; how old segments in the window are */
#define AGAIN_TURN 4		/* each 4th claim prefers what was sent */
#define AHEAD 4			/* claimed: up to so many windows of jobs */

struct sender {
	struct event_base *base;
	struct store *store;
	struct box_link *link;
	struct route *route;		/* instead of it; or NULL */
	struct attempt_plan plan;
	struct dlr_sink dlr;
	struct event *tick;
	struct event *due;		/* when the next job is due */

	struct window window;
	unsigned ack_timeout_s;
	struct flight_queue unsent;

	struct store_claim claim;
	unsigned n_claims;
	struct breaker breaker;		/* the tick asks again */
	bool claiming;			/* claim is the store's */
	bool more_due;			/* ask again when it is back */
	struct store_expire expire;
	bool expiring;

	bool draining;
	struct event *drain_timeout;
	void (*drained)(void *arg);
	void *drained_arg;

	struct rate taken;
	struct rate reported;
};

static void pump(struct sender *s);

/* A route refuses what it cannot send now; it is never down. */
static bool is_up(const struct sender *s)
{
	return s->route || box_link_is_up(s->link);
}

/* ------------------------------- flights ------------------------------- */

/* Sends nothing more of it; what is with bearerbox is still waited for. */
static void stop_sending(struct sender *s, struct flight *f)
{
	flight_queue_take(&s->unsent, f);
	flight_stop(f);
	if (f->n_open == 0)
		flight_end(f, s->store);
}

typedef bool flight_match(const struct flight *f, const void *what);

/* Those that match (NULL: all) go back; at_once: without a delay. */
static void stop_those(struct sender *s, flight_match *match, const void *what,
		       bool at_once)
{
	struct flight *next;

	for (struct flight *f = s->unsent.first; f; f = next) {
		next = f->next;
		if (match && !match(f, what))
			continue;
		f->link_lost |= at_once;
		stop_sending(s, f);
	}
}

static bool is_job(const struct flight *f, const void *job)
{
	return f->job.id == *(const int64_t *)job;
}

static bool is_over(const struct flight *f, const void *now_ms)
{
	return flight_is_over(f, *(const int64_t *)now_ms);
}

static bool is_new_notification(const struct flight *f, const void *to)
{
	return f->job.method == JOB_NOTIFY && f->next_segment == 0 &&
	       !strcmp(msisdn_digits(f->job.to), msisdn_digits(to));
}

static void stop_all(struct sender *s)
{
	stop_those(s, NULL, NULL, true);
}

/* They wait for the window: a clock that is set back must not revive them. */
static void stop_over(struct sender *s)
{
	int64_t now_ms = clock_ms();

	stop_those(s, is_over, &now_ms, false);
}

void sender_end(struct sender *s, int64_t job)
{
	stop_those(s, is_job, &job, false);
}

/* The next claim finds the bootstrap. */
void sender_put_back(struct sender *s, const char *to)
{
	stop_those(s, is_new_notification, to, true);
}

/* ------------------------------- sending ------------------------------- */

/* Returns false when the link takes no more for now. */
static bool send_next(struct sender *s, struct flight *f)
{
	struct slot *slot = window_slot(&s->window);
	unsigned segment = f->next_segment;
	char text[ERR_TEXT_MAX];
	struct err e;
	int rc = flight_send(f, segment, s->link, slot->tag, &e);

	if (rc == DM_EBUSY)
		return false;
	flight_sent(f);
	if (rc) {		/* it can never be sent: nor the others */
		flight_result(f, segment, SEGMENT_NACKED,
			      err_text(&e, text, sizeof(text)));
		flight_stop(f);
		return true;
	}
	window_fill(&s->window, slot, f, segment);
	f->n_open++;
	return true;
}

static void send_queued(struct sender *s)
{
	while (s->unsent.first && window_room(&s->window) > 0 && is_up(s)) {
		struct flight *f = s->unsent.first;

		if (flight_is_over(f, clock_ms()))
			flight_stop(f);
		flight_skip_taken(f);
		if (!flight_all_sent(f) && !send_next(s, f))
			return;
		flight_skip_taken(f);
		if (flight_all_sent(f))
			stop_sending(s, f);
	}
}

/* ------------------------------- claiming ------------------------------- */

/* There is room in the window again, or the job is due again. */
static void outcome_stored(void *arg)
{
	sender_wake(arg);
}

static void enqueue(struct sender *s, struct store_claimed *c)
{
	struct flight *f;

	if (c->rebuilt)
		log_info("job.rebuilt job=%lld session-id=%d",
			 (long long)c->job.id, c->job.session_id);
	if (c->job.attempt > 1)
		log_info("job.again job=%lld attempt=%u",
			 (long long)c->job.id, c->job.attempt);
	f = flight_new(c, &s->plan, outcome_stored, s);
	f->route = s->route;
	flight_queue_put(&s->unsent, f);
}

static void arm_due(struct sender *s, int64_t next_ms)
{
	int64_t wait_ms = next_ms - clock_ms();
	struct timeval tv;

	if (next_ms < 0)
		return;
	if (wait_ms < 1)
		wait_ms = 1;
	tv.tv_sec = (time_t)(wait_ms / 1000);
	tv.tv_usec = (suseconds_t)(wait_ms % 1000 * 1000);
	event_add(s->due, &tv);
}

static void claim_done(struct store_op *op)
{
	struct store_claim *c = (struct store_claim *)op;
	struct sender *s = (struct sender *)((char *)c -
					     offsetof(struct sender, claim));

	s->claiming = false;
	if (op->rc) {			/* the tick asks again */
		store_claim_clear(c);
		c->limit = 0;
	}
	for (size_t i = 0; i < c->n; i++)
		enqueue(s, &c->jobs[i]);
	if (s->draining)
		stop_all(s);
	if (c->n == c->limit)
		s->more_due = op->rc == DM_OK;
	else
		arm_due(s, c->next_ms);
	pump(s);
}

/*
 * A claim takes as long as a commit: jobs wait here so that the window does
 * not run empty meanwhile.
 */
static void claim(struct sender *s)
{
	size_t room = AHEAD * window_width(&s->window);
	size_t claimed = s->window.n_used + s->unsent.n;

	if (s->claiming || s->draining || !s->more_due ||
	    !is_up(s) || room <= claimed ||
	    breaker_holds(&s->breaker, clock_ms()))
		return;
	room -= claimed;
	s->claim.limit = room < STORE_CLAIM_MAX ? room : STORE_CLAIM_MAX;
	s->claim.now_ms = clock_ms();
	s->claim.again_first = ++s->n_claims % AGAIN_TURN == 0;
	random_octets(&s->claim.random, sizeof(s->claim.random));
	s->claiming = true;
	s->more_due = false;
	store_push(s->store, &s->claim.op);
}

static void finish_drain(struct sender *s);

static void pump(struct sender *s)
{
	if (!s->draining)
		send_queued(s);
	claim(s);
	if (s->draining && s->window.n_used == 0 && !s->claiming)
		finish_drain(s);
}

void sender_wake(struct sender *s)
{
	s->more_due = true;
	pump(s);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	sender_wake(arg);
}

/* ---------------------------- from the link ---------------------------- */

static void link_up(void *arg)
{
	sender_wake(arg);
}

static void close_slot(struct sender *s, struct slot *slot,
		       enum segment_event event, const char *reason)
{
	struct flight *f = slot->flight;

	flight_result(f, slot->segment, event, reason);
	window_clear(&s->window, slot);
	f->n_open--;
	if (event == SEGMENT_NACKED)
		stop_sending(s, f);
	else if (f->n_open == 0 && flight_all_sent(f))
		flight_end(f, s->store);
}

/* What was not acknowledged may have been taken or not: it is sent again. */
static void give_back(struct sender *s, const char *reason)
{
	for (size_t i = 0; i < s->window.size; i++) {
		struct slot *slot = &s->window.slots[i];

		if (!slot->flight)
			continue;
		slot->flight->link_lost = true;
		close_slot(s, slot, SEGMENT_NOT_NOW, reason);
	}
	stop_all(s);
}

static void link_down(void *arg)
{
	give_back(arg, "the link to bearerbox broke");
	pump(arg);
}

static void on_verdict(void *arg, uint64_t tag, const struct verdict *v)
{
	static const struct verdict late = { SEGMENT_NOT_NOW,
		"it was too late for this attempt" };
	struct sender *s = arg;
	struct slot *slot = window_find(&s->window, tag);

	if (!slot) {
		log_debug("ack.unknown tag=%llu", (unsigned long long)tag);
		return;
	}
	s->window.narrow = false;
	breaker_count(&s->breaker, v->event, clock_ms());
	if (v->event == SEGMENT_ACKED)
		rate_add(&s->taken, clock_ms(), 1);
	if (v->event == SEGMENT_NACKED &&
	    flight_is_late(slot->flight, clock_ms()))
		v = &late;
	close_slot(s, slot, v->event, v->reason);
	pump(s);
}

static void link_ack(void *arg, uint64_t tag, enum box_nack nack)
{
	on_verdict(arg, tag, verdict_of_ack(nack));
}

static void link_report(void *arg, const struct box_link_report *report)
{
	struct sender *s = arg;

	rate_add(&s->reported, clock_ms(), 1);
	dlr_store(&s->dlr, report);
}

/* -------------------------------- the tick -------------------------------- */

static void expire_done(struct store_op *op)
{
	struct store_expire *x = (struct store_expire *)op;
	struct sender *s = (struct sender *)((char *)x -
					     offsetof(struct sender, expire));

	s->expiring = false;
	if (op->rc == DM_OK && x->n > 0)
		log_info("jobs.expired n=%zu", x->n);
}

/* A connection that hangs breaks by itself after many minutes, or never. */
static void check_silence(struct sender *s)
{
	if (s->route || window_tick(&s->window) < s->ack_timeout_s)
		return;
	s->window.narrow = true;
	box_link_drop(s->link, "bearerbox does not acknowledge");
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct sender *s = arg;

	(void)fd;
	(void)what;
	check_silence(s);
	stop_over(s);
	if (!s->route && !s->expiring && !s->draining) {
		s->expiring = true;
		s->expire.now_ms = clock_ms();
		store_push(s->store, &s->expire.op);
	}
	/* In case an error or a changed clock has lost us the next time. */
	sender_wake(s);
}

/* ----------------------------- start and stop ----------------------------- */

static void job_ended(void *arg, int64_t job)
{
	sender_end(arg, job);
}

static const struct box_link_handlers handlers = {
	.up = link_up,
	.down = link_down,
	.ack = link_ack,
	.report = link_report,
};

int sender_new(struct sender **out, struct event_base *base,
	       struct store *store, const struct box_link_config *link,
	       const struct sender_config *config, struct err *e)
{
	struct sender *s = xcalloc(1, sizeof(*s));
	struct timeval tv = { .tv_sec = TICK_S };
	int rc = DM_OK;

	if (config->route)
		s->route = route_new(base, config->route, on_verdict, s);
	else
		rc = box_link_new(&s->link, base, link, &handlers, s, e);
	if (rc) {
		free(s);
		return rc;
	}
	s->base = base;
	s->store = store;
	window_init(&s->window, config->window);
	s->ack_timeout_s = config->ack_timeout_s;
	s->plan = config->plan;
	s->dlr = (struct dlr_sink){ store, s->link, &s->plan, job_ended, s };
	flight_queue_init(&s->unsent);
	s->claim.op.run = store_claim_run;
	s->claim.op.done = claim_done;
	s->claim.plan = &s->plan;
	s->claim.route = config->route ? config->route->name : NULL;
	s->expire.op.run = store_expire_run;
	s->expire.op.done = expire_done;
	s->due = evtimer_new(base, on_due, s);
	s->tick = event_new(base, -1, EV_PERSIST, on_tick, s);
	event_add(s->tick, &tv);
	*out = s;
	return DM_OK;
}

void sender_status(struct sender *s, struct sender_status *out)
{
	*out = (struct sender_status){
		.link_up = is_up(s),
		.in_flight = s->window.n_used,
		.taken_per_s = rate_get(&s->taken, clock_ms()),
		.reported_per_s = rate_get(&s->reported, clock_ms()),
	};
}

/* Once: later acknowledgements find no slot. */
static void finish_drain(struct sender *s)
{
	void (*drained)(void *) = s->drained;

	if (!drained)
		return;
	s->drained = NULL;
	event_del(s->drain_timeout);
	give_back(s, "dmboxd stopped");
	drained(s->drained_arg);
}

static void on_drain_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct sender *s = arg;

	(void)fd;
	(void)what;
	log_warn("sender.not_drained segments=%zu", s->window.n_used);
	finish_drain(s);
}

void sender_drain(struct sender *s, unsigned timeout_s,
		  void (*drained)(void *arg), void *arg)
{
	struct timeval tv = { .tv_sec = (time_t)timeout_s };

	s->draining = true;
	s->drained = drained;
	s->drained_arg = arg;
	s->drain_timeout = evtimer_new(s->base, on_drain_timeout, s);
	event_add(s->drain_timeout, &tv);
	stop_all(s);
	pump(s);
}

void sender_free(struct sender *s)
{
	box_link_free(s->link);
	route_free(s->route);
	event_free(s->tick);
	event_free(s->due);
	if (s->drain_timeout)
		event_free(s->drain_timeout);
	store_claim_clear(&s->claim);
	window_free(&s->window);
	free(s);
}
