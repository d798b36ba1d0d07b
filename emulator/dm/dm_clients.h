/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_clients.h - opens and ends the sessions of the devices, in time
 *
 * A device with a dm_client talks to its server (dm_talk.h), does what that has
 * asked for (dm_update.h), and comes again by itself to tell the result. The
 * sessions of the others just last for a while; with a dm_report their DM
 * server tells dmboxd of them. All of it is events.
 *
 * Only so many devices talk to a server at once, and only so many download; the
 * others wait for their turn in the order in which they come. A time-out counts
 * from when it has come.
 */
#ifndef EMULATOR_DM_CLIENTS_H
#define EMULATOR_DM_CLIENTS_H

#include <event2/event.h>

#include "emulator/config.h"
#include "emulator/dm/dm_http.h"
#include "emulator/dm/dm_report.h"
#include "emulator/mishap.h"
#include "emulator/network.h"
#include "emulator/report.h"

#define DM_CLIENTS_CONNECTIONS 200	/* if nothing else is said */
#define DM_CLIENTS_CONNECTIONS_MAX 10000

/* Descriptors for each: a session's next connection opens before its last is
 * closed, and a download has one. */
#define DM_CLIENTS_DESCRIPTORS 3

struct dm_clients;

/* All is borrowed until dm_clients_free(). */
struct dm_clients_setup {
	struct event_base *base;
	const struct report *report;
	struct dm_report *dm_report;	/* NULL: nobody is told */
	struct dm_http *http;
	const char *state_dir;		/* NULL: devices keep nothing */
	const struct mishaps *mishaps;	/* NULL: there are none */
	struct network *network;	/* NULL: all devices are always on,
					 * and have a data connection */
	unsigned connections;		/* sessions at once, and downloads;
					 * 1..DM_CLIENTS_CONNECTIONS_MAX */
};

struct dm_clients *dm_clients_new(const struct dm_clients_setup *setup);
void dm_clients_free(struct dm_clients *c);

/*
 * Reads what the devices have kept, and goes on with the updates among it.
 * Returns DM_OK, or DM_EINVAL with *e and the device whose file is wrong in
 * *where.
 */
int dm_clients_resume(struct dm_clients *c, struct config *config,
		      const struct device **where, struct err *e) DM_CHECK;

/*
 * A device whose phase is DM_COMING: its session starts after its delay. At
 * the soonest when the loop comes round, so that its SMS is answered before.
 */
void dm_clients_come(struct dm_clients *c, struct device *d);

struct dm_clients_totals {
	uint64_t sessions;		/* that have started */
	struct dm_report_totals reports;
};

struct dm_clients_totals dm_clients_totals(const struct dm_clients *c);

#endif
