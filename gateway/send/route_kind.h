/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route_kind.h - what the kinds of routes share
 *
 * Only route.c and the files of the kinds include it. The struct of a kind
 * begins with a struct route.
 */
#ifndef GATEWAY_ROUTE_KIND_H
#define GATEWAY_ROUTE_KIND_H

#include "gateway/request/submit.h"
#include "gateway/send/route.h"

struct route_ops {
	bool whole;		/* see route_takes_whole() */
	size_t size;		/* octets of the kind's struct */
	void (*send)(struct route *r, const struct route_sms *sms);
	void (*close)(struct route *r);	/* NULL: nothing to do */
};

extern const struct route_ops route_udp, route_console, route_file,
	route_pcap;

struct route_told;

struct route {
	const struct route_ops *ops;
	const struct route_config *config;
	struct event_base *base;
	struct event *tell;
	struct route_told *told;	/* results on their way to the sender */
	struct route_told **told_end;
	bool fails;			/* and the log knows */
	route_result *result;
	void *arg;
};

/* The result of one that was sent; it is given on when the loop runs. */
void route_tell(struct route *r, uint64_t tag, enum segment_event event,
		const char *reason, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The message without its UDHs into out, which has room for MESSAGE_MAX octets;
 * returns its length.
 */
size_t route_message(const struct route_sms *sms, uint8_t *out);

#endif
