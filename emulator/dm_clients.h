/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_clients.h - opens and ends the sessions of the devices, in time
 *
 * A session is an event at its start and one at its end. With a dm_report its
 * DM server tells dmboxd of both.
 */
#ifndef EMULATOR_DM_CLIENTS_H
#define EMULATOR_DM_CLIENTS_H

#include <event2/event.h>

#include "emulator/device.h"
#include "emulator/report.h"

struct dm_clients;

/* All is borrowed until dm_clients_free(). */
struct dm_clients *dm_clients_new(struct event_base *base,
				  const struct report *report);
void dm_clients_free(struct dm_clients *c);

/*
 * A device whose phase is DM_COMING: its session starts after its delay. At
 * the soonest when the loop comes round, so that its SMS is answered before.
 */
void dm_clients_come(struct dm_clients *c, struct device *d);

/* Sessions that have started. */
uint64_t dm_clients_sessions(const struct dm_clients *c);

#endif
