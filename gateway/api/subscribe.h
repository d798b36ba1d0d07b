/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subscribe.h - event.subscribe: clients that follow what happens to jobs
 *
 * Each has a cursor of its own and reads events from the store, page by page.
 * The next page is read when the client has read most of the one before, so a
 * slow one costs a page and API_STREAM_MAX octets, and holds up nobody. One so
 * slow that events were pruned before it came to them is told so by a line
 * "event.lost", and goes on with the oldest that there are.
 */
#ifndef GATEWAY_SUBSCRIBE_H
#define GATEWAY_SUBSCRIBE_H

#include "gateway/api/methods.h"

/* Operations have come back from the store: there may be events. */
void subscribe_wake(struct methods *m);

#endif
