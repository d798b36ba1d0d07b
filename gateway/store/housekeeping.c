/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/housekeeping.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/store/store_prune.h"
#include "gateway/xalloc.h"

#define TICK_MS 1000
#define PAUSE_MS 20		/* between two steps: 25,000 rows a second */

struct housekeeping {
	struct store_prune prune;
	struct store *store;
	struct housekeeping_limits limits;
	struct event *timer;
	bool stopped;
};

static void wait_ms(struct housekeeping *h, int ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	if (!h->stopped)
		event_add(h->timer, &tv);
}

static void prune_done(struct store_op *op)
{
	struct housekeeping *h = (struct housekeeping *)op;
	const struct store_prune *p = &h->prune;

	if (op->rc == DM_OK && p->n_jobs + p->n_events > 0)
		log_debug("queue.pruned jobs=%zu events=%zu", p->n_jobs,
			  p->n_events);
	wait_ms(h, op->rc == DM_OK && p->more ? PAUSE_MS : TICK_MS);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct housekeeping *h = arg;
	int64_t now_ms = clock_ms();

	(void)fd;
	(void)what;
	h->prune.jobs_before_ms = now_ms - 1000 * h->limits.jobs_keep_s;
	h->prune.events_before_ms = now_ms - 1000 * h->limits.events_keep_s;
	store_push(h->store, &h->prune.op);
}

struct housekeeping *housekeeping_new(struct event_base *base,
				      struct store *store,
				      const struct housekeeping_limits *l)
{
	struct housekeeping *h = xcalloc(1, sizeof(*h));

	h->prune.op.run = store_prune_run;
	h->prune.op.done = prune_done;
	h->store = store;
	h->limits = *l;
	h->timer = evtimer_new(base, on_timer, h);
	wait_ms(h, TICK_MS);
	return h;
}

void housekeeping_stop(struct housekeeping *h)
{
	h->stopped = true;
	event_del(h->timer);
}

void housekeeping_free(struct housekeeping *h)
{
	event_free(h->timer);
	free(h);
}
