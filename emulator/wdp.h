/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wdp.h - WAP pushes that come as datagrams, as emulators take them
 *
 * Spec: WAP-259-WDP; port 2948. Tells what each datagram is. With a device it
 * gives it that, as if it had come by SMS: then it is verified, too.
 */
#ifndef EMULATOR_WDP_H
#define EMULATOR_WDP_H

#include <event2/event.h>
#include <sys/socket.h>

#include "emulator/delivery.h"

struct wdp_address {
	struct sockaddr_storage addr;
	int len;			/* 0: not given */
};

/*
 * "[ADDRESS:]PORT" or "ADDRESS", numeric; what is not given, or NULL, is
 * 127.0.0.1 and 2948. Port 0 is a free one. DM_OK or DM_EINVAL.
 */
int wdp_address_parse(struct wdp_address *a, const char *text) DM_CHECK;

struct wdp;

/*
 * Listens, and reports "udp.listening". NULL, with errno, if that fails. All
 * that is given is borrowed until wdp_stop(); device may be NULL.
 */
struct wdp *wdp_start(struct event_base *base, const struct wdp_address *a,
		      struct config *config, struct device *device,
		      const struct report *report, struct dm_clients *clients,
		      struct network *network);
void wdp_stop(struct wdp *w);

#endif
