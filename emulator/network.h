/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network.h - which devices are off, out of reach or without data, in time
 *
 * The state is in each device (reach.h), and changes at once; what follows from
 * it comes from the loop, so network_lose() may be called from anywhere. Each
 * change is an event.
 */
#ifndef EMULATOR_NETWORK_H
#define EMULATOR_NETWORK_H

#include <event2/event.h>

#include "emulator/mishap.h"

enum network_change {
	NETWORK_POWER_LOST,	/* all that it does stops; what is in its
				 * memory is gone */
	NETWORK_DATA_LOST,	/* it is on, but what it talks to is gone */
	NETWORK_POWER_BACK,	/* it goes on with what is on its flash */
	NETWORK_SMS_BACK,	/* it takes SMS again */
};

/* Comes from the loop. */
struct network_watcher {
	void (*on_change)(void *arg, struct device *d,
			  enum network_change change);
	void *arg;
};

#define NETWORK_WATCHERS_MAX 2

struct network;

/* All is borrowed until network_free(). */
struct network *network_new(struct event_base *base,
			    const struct mishaps *mishaps);
void network_free(struct network *n);

/* Copies *w, for as long as there is the network. */
void network_watch(struct network *n, const struct network_watcher *w);

/* For so many milliseconds, or REACH_FOR_EVER: until network_mend(). */
void network_lose(struct network *n, struct device *d, enum reach_way way,
		  uint32_t ms);

/* All is well again, at once. */
void network_mend(struct network *n, struct device *d);

/*
 * An SMS comes for the device: does it take it? Draws among its faults if so
 * far it does.
 */
bool network_takes_sms(struct network *n, struct device *d);

/*
 * The same when a session or a download begins. n may be NULL: it has a data
 * connection.
 */
bool network_has_data(struct network *n, struct device *d);

/* Why a device takes no SMS, or has no data: "off", "out-of-reach", ... */
const char *network_why(const struct device *d);

#endif
