/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sender.h - moves due jobs from the store to bearerbox, and outcomes back
 *
 * Or to a route: each way has a sender of its own, so that none waits for
 * another. That of bearerbox ends jobs whose time is over, too.
 *
 * Keeps a window: at most so many segments are with bearerbox unacknowledged,
 * so that memory and what a crash sends twice stay bounded. Jobs are claimed
 * ahead, up to four windows of them. While bearerbox takes nothing, jobs stay
 * in the store, but for a few that try it once a second. A segment that gets no
 * acknowledgement for ack_timeout_s ends the connection; it is sent again on
 * the next one. A delivery report is acknowledged to bearerbox only after its
 * commit. Lives on the loop.
 */
#ifndef GATEWAY_SENDER_H
#define GATEWAY_SENDER_H

#include <event2/event.h>

#include "gateway/box/box_link.h"
#include "gateway/job/rate.h"
#include "gateway/send/window.h"
#include "gateway/store/store.h"

#define SENDER_ACK_TIMEOUT_S_MAX 3600

struct sender;

struct sender_status {
	bool link_up;
	size_t in_flight;	/* segments without acknowledgement */
	double taken_per_s;	/* segments, over the last minute */
	double reported_per_s;
};

struct sender_config {
	size_t window;		/* segments, 1..WINDOW_MAX */
	struct attempt_plan plan;
	unsigned ack_timeout_s;	/* 1..SENDER_ACK_TIMEOUT_S_MAX */
	const struct route_config *route;	/* borrowed; NULL: bearerbox */
};

/*
 * Connects to bearerbox as soon as the loop runs; link is NULL for a route.
 * Returns DM_OK or an error with *e.
 */
int sender_new(struct sender **out, struct event_base *base,
	       struct store *store, const struct box_link_config *link,
	       const struct sender_config *config, struct err *e) DM_CHECK;

/* A new job may be due. */
void sender_wake(struct sender *s);

/* The job has ended, as by job.cancel: what of it is not yet sent stays so. */
void sender_end(struct sender *s, int64_t job);

/* The device has a bootstrap now: notifications not begun wait for its end. */
void sender_put_back(struct sender *s, const char *to);

void sender_status(struct sender *s, struct sender_status *out);

/*
 * Takes up nothing more; calls drained(arg) when what was written is
 * acknowledged, or after timeout_s. Outcomes are in the store's queue then.
 */
void sender_drain(struct sender *s, unsigned timeout_s,
		  void (*drained)(void *arg), void *arg);

/* After store_close(), which ends the operations that are under way. */
void sender_free(struct sender *s);

#endif
