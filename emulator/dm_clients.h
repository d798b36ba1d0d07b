/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_clients.h - opens and ends the sessions of the devices, in time
 *
 * A session is an event at its start and one at its end. With a dm_report its
 * DM server tells dmboxd of both, too.
 */
#ifndef EMULATOR_DM_CLIENTS_H
#define EMULATOR_DM_CLIENTS_H

#include <event2/event.h>

#include "emulator/device.h"
#include "emulator/dm_report.h"
#include "emulator/report.h"

struct dm_clients;

/* All is borrowed until dm_clients_free(); dm_report may be NULL. */
struct dm_clients *dm_clients_new(struct event_base *base,
				  const struct report *report,
				  struct dm_report *dm_report);
void dm_clients_free(struct dm_clients *c);

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
