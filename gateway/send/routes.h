/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.h - bearerbox and the routes of the configuration, each with a sender
 */
#ifndef GATEWAY_ROUTES_H
#define GATEWAY_ROUTES_H

#include "gateway/config.h"
#include "gateway/send/sender.h"

struct routes;

/* config is borrowed. Returns DM_OK or an error with *e. */
int routes_new(struct routes **out, struct event_base *base,
	       struct store *store, const struct config *config,
	       struct err *e) DM_CHECK;

/* A new job may be due; route is that of the job. */
void routes_wake(struct routes *r, const char *route);

/* As sender_end(), whichever way the job goes. */
void routes_end(struct routes *r, int64_t job);

/* As sender_put_back(), whichever way they go. */
void routes_put_back(struct routes *r, const char *to);

/* Of one way: a route of the configuration, or "", bearerbox. */
void routes_status(const struct routes *r, const char *route,
		   struct sender_status *out);

/* As sender_drain(), once for all of them. */
void routes_drain(struct routes *r, unsigned timeout_s,
		  void (*drained)(void *arg), void *arg);

/* As sender_free(). */
void routes_free(struct routes *r);

#endif
