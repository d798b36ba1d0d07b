/* SPDX-License-Identifier: Apache-2.0 */
/*
 * housekeeping.h - keeps the queue from growing for ever
 *
 * Once a second it has the store remove what is too old, a few rows at a time,
 * with a pause in between while there is more. Lives on the loop.
 */
#ifndef GATEWAY_HOUSEKEEPING_H
#define GATEWAY_HOUSEKEEPING_H

#include <event2/event.h>

#include "gateway/store/store.h"

struct housekeeping;

struct housekeeping_limits {		/* seconds */
	int64_t jobs_keep_s;		/* from a job's last change on */
	int64_t events_keep_s;
};

/* Begins as soon as the loop runs. */
struct housekeeping *housekeeping_new(struct event_base *base,
				      struct store *store,
				      const struct housekeeping_limits *l);

/* Asks the store for nothing more. */
void housekeeping_stop(struct housekeeping *h);

/* After store_close(), which ends what is under way. */
void housekeeping_free(struct housekeeping *h);

#endif
