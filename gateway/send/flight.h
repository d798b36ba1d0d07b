/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flight.h - a claimed job on its way to bearerbox, or another way
 *
 * Knows which segments are still to be sent and collects what became of the
 * others; when all have an answer, the outcome goes to the store as a whole.
 */
#ifndef GATEWAY_FLIGHT_H
#define GATEWAY_FLIGHT_H

#include "gateway/box/box_link.h"
#include "gateway/send/route.h"
#include "gateway/store/store.h"

struct flight {
	struct flight *next;		/* in its queue */
	struct job job;
	struct job_segment *segments;	/* owned */
	unsigned next_segment;		/* the first that is not yet sent */
	unsigned n_open;		/* sent, not acknowledged */
	bool link_lost;			/* try again at once */
	struct route *route;		/* borrowed; NULL: bearerbox */
	bool refused;			/* the outcome's reason is final */
	struct store_outcome *outcome;
};

/* Takes c's segments. stored(arg): the outcome is in the store. */
struct flight *flight_new(struct store_claimed *c,
			  const struct attempt_plan *plan,
			  void (*stored)(void *arg), void *arg);

/* Gives the outcome to the store; f is taken. */
void flight_end(struct flight *f, struct store *store);

/*
 * By its route, or to bearerbox: then as box_link_send(). Nothing is counted.
 */
int flight_send(const struct flight *f, unsigned segment,
		struct box_link *link, uint64_t tag, struct err *e) DM_CHECK;

/* The next segment is sent; on a route that takes it whole, the message. */
void flight_sent(struct flight *f);

/*
 * What became of what was sent with a segment; reason says why it was not
 * acknowledged.
 */
void flight_result(struct flight *f, unsigned segment,
		   enum segment_event event, const char *reason);

/* Has its attempt, or the job, come to its end? */
bool flight_is_over(const struct flight *f, int64_t now_ms);

/* Have its SMS no validity left? */
bool flight_is_late(const struct flight *f, int64_t now_ms);

bool flight_all_sent(const struct flight *f);

/* Segments that an earlier try brought there are not sent again. */
void flight_skip_taken(struct flight *f);

/* Nothing more of it is to be sent. */
void flight_stop(struct flight *f);

/* Those with segments that are still to be sent, in the order of their turn. */
struct flight_queue {
	struct flight *first;
	struct flight **end;
	size_t n;
};

void flight_queue_init(struct flight_queue *q);
void flight_queue_put(struct flight_queue *q, struct flight *f);

/* f need not be in it. */
void flight_queue_take(struct flight_queue *q, struct flight *f);

#endif
