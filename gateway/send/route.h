/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route.h - sends to emulators, and says what became of it
 *
 * To the sender a route is what box_link is: segments go in, results come out.
 * A route is never down. What it cannot send now is refused with the reason,
 * so the job waits and is tried again like one that bearerbox refuses, and no
 * other route waits with it. Lives on the loop, and never waits.
 *
 *	udp		the whole message in a datagram: taken, unless the host
 *			says within ROUTE_UDP_WAIT_MS that nobody listens
 *	android-console	a PDU a segment: the answer OK means delivered, KO
 *			refused for good
 *	file, pcap	written: taken
 */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include <event2/event.h>

#include "gateway/box/verdict.h"
#include "gateway/request/route_config.h"

#define ROUTE_UDP_WAIT_MS 200

struct route;

/* Not called from within route_send(); must not free the route. */
typedef void route_result(void *arg, uint64_t tag, const struct verdict *v);

struct route_sms {		/* borrowed until route_send() returns */
	uint64_t tag;
	const struct job *job;
	const struct job_segment *segments;	/* all of the job */
	unsigned segment;	/* this one, if it takes no whole messages */
};

/* config is borrowed for the route's life. */
struct route *route_new(struct event_base *base,
			const struct route_config *config,
			route_result *result, void *arg);

/* What has no result yet gets none. NULL is allowed. */
void route_free(struct route *r);

/* Does it send a message as one? Then one result is that of all segments. */
bool route_takes_whole(const struct route *r);

void route_send(struct route *r, const struct route_sms *sms);

#endif
