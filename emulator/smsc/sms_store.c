/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/sms_store.h"

#include <sys/queue.h>

#include "emulator/instant.h"
#include "emulator/xalloc.h"

#define SLEEP_S_MAX 86400	/* then it is looked at the clock again */

struct waiting {
	TAILQ_ENTRY(waiting) link;
	struct sms_store *store;
	struct event *expiry;		/* owned; NULL: it has no end */
	struct stored_sms s;
};

TAILQ_HEAD(waiting_queue, waiting);

struct sms_store {
	struct event_base *base;
	const struct config *config;
	struct waiting_queue *queues;	/* owned: as config->devices */
	size_t len;
	void (*on_expired)(void *arg, const struct stored_sms *s);
	void *arg;
};

static struct waiting_queue *queue_of(const struct sms_store *st,
				      const struct device *d)
{
	return &st->queues[d - st->config->devices];
}

static void free_waiting(struct waiting *w)
{
	TAILQ_REMOVE(queue_of(w->store, w->s.device), w, link);
	w->store->len--;
	if (w->expiry)
		event_free(w->expiry);
	free(w);
}

/* Its validity is of the other clock, which may be set. */
static void sleep_until(struct waiting *w)
{
	int64_t wait_s = w->s.until_s - instant_now().wall_s + 1;
	struct timeval tv = {
		wait_s < SLEEP_S_MAX ? wait_s : SLEEP_S_MAX, 0
	};

	event_add(w->expiry, &tv);
}

static void on_expiry(evutil_socket_t fd, short what, void *arg)
{
	struct waiting *w = arg;
	struct sms_store *st = w->store;
	struct stored_sms s = w->s;

	(void)fd;
	(void)what;
	if (instant_now().wall_s <= s.until_s) {
		sleep_until(w);
		return;
	}
	free_waiting(w);
	st->on_expired(st->arg, &s);
}

bool sms_store_put(struct sms_store *st, const struct stored_sms *s)
{
	struct waiting *w;

	if (st->len == SMS_STORE_MAX)
		return false;
	w = xcalloc(1, sizeof(*w));
	w->store = st;
	w->s = *s;
	TAILQ_INSERT_TAIL(queue_of(st, s->device), w, link);
	st->len++;
	if (s->until_s == INT64_MAX)
		return true;
	w->expiry = xcheck(evtimer_new(st->base, on_expiry, w));
	sleep_until(w);
	return true;
}

bool sms_store_take(struct sms_store *st, const struct device *d,
		    struct stored_sms *s)
{
	struct waiting *w = TAILQ_FIRST(queue_of(st, d));

	if (!w)
		return false;
	*s = w->s;
	free_waiting(w);
	return true;
}

size_t sms_store_len(const struct sms_store *st)
{
	return st->len;
}

struct sms_store *sms_store_new(struct event_base *base,
				const struct config *config,
				void (*on_expired)(void *arg,
						   const struct stored_sms *s),
				void *arg)
{
	struct sms_store *st = xcalloc(1, sizeof(*st));

	st->base = base;
	st->config = config;
	st->on_expired = on_expired;
	st->arg = arg;
	st->queues = xcalloc(config->n_devices + 1, sizeof(*st->queues));
	for (size_t i = 0; i < config->n_devices; i++)
		TAILQ_INIT(&st->queues[i]);
	return st;
}

void sms_store_free(struct sms_store *st)
{
	struct waiting *w;

	for (size_t i = 0; i < st->config->n_devices; i++)
		while ((w = TAILQ_FIRST(&st->queues[i])))
			free_waiting(w);
	free(st->queues);
	free(st);
}
