/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/routes.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"

#define ROUTE_WINDOW 32		/* segments: emulators are few and slow */

struct way {
	const char *route;		/* "": bearerbox */
	struct sender *sender;
};

struct routes {
	struct way ways[1 + ROUTES_MAX];	/* bearerbox is the first */
	size_t n;
	size_t n_undrained;
	void (*drained)(void *arg);
	void *drained_arg;
};

static int add(struct routes *r, const char *route, struct event_base *base,
	       struct store *store, const struct box_link_config *link,
	       const struct sender_config *config, struct err *e)
{
	struct way *w = &r->ways[r->n];
	int rc = sender_new(&w->sender, base, store, link, config, e);

	if (rc)
		return rc;
	w->route = route;
	r->n++;
	return DM_OK;
}

int routes_new(struct routes **out, struct event_base *base,
	       struct store *store, const struct config *config,
	       struct err *e)
{
	unsigned ack_timeout_s = (unsigned)config->bearerbox.ack_timeout_s;
	struct routes *r = xcalloc(1, sizeof(*r));
	int rc = add(r, "", base, store, &(struct box_link_config){
				.host = config->bearerbox.host,
				.port = config->bearerbox.port,
				.box_id = config->bearerbox.box_id,
				.write_timeout_s = ack_timeout_s,
			}, &(struct sender_config){
				.window = (size_t)config->bearerbox.window,
				.plan = config->attempts,
				.ack_timeout_s = ack_timeout_s,
			}, e);

	for (size_t i = 0; i < config->n_routes && !rc; i++)
		rc = add(r, config->routes[i].name, base, store, NULL,
			 &(struct sender_config){
				.window = ROUTE_WINDOW,
				.plan = config->attempts,
				.route = &config->routes[i],
			 }, e);
	*out = r;
	if (rc) {
		routes_free(r);
		*out = NULL;
	}
	return rc;
}

void routes_wake(struct routes *r, const char *route)
{
	for (size_t i = 0; i < r->n; i++)
		if (!strcmp(r->ways[i].route, route))
			sender_wake(r->ways[i].sender);
}

void routes_end(struct routes *r, int64_t job)
{
	for (size_t i = 0; i < r->n; i++)
		sender_end(r->ways[i].sender, job);
}

void routes_put_back(struct routes *r, const char *to)
{
	for (size_t i = 0; i < r->n; i++)
		sender_put_back(r->ways[i].sender, to);
}

void routes_status(const struct routes *r, const char *route,
		   struct sender_status *out)
{
	size_t i = 0;

	while (strcmp(r->ways[i].route, route))
		i++;
	sender_status(r->ways[i].sender, out);
}

static void one_drained(void *arg)
{
	struct routes *r = arg;

	if (--r->n_undrained == 0)
		r->drained(r->drained_arg);
}

void routes_drain(struct routes *r, unsigned timeout_s,
		  void (*drained)(void *arg), void *arg)
{
	r->n_undrained = r->n;
	r->drained = drained;
	r->drained_arg = arg;
	for (size_t i = 0; i < r->n; i++)
		sender_drain(r->ways[i].sender, timeout_s, one_drained, r);
}

void routes_free(struct routes *r)
{
	for (size_t i = 0; i < r->n; i++)
		sender_free(r->ways[i].sender);
	free(r);
}
