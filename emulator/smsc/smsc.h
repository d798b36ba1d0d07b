/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smsc.h - an SMSC on 127.0.0.1: binds, submitted SMS, delivery receipts
 *
 * Any system_id and password may bind. A new SMS is refused (ESME_RMSGQFUL)
 * while RECEIPT_QUEUE_MAX receipts and SMS wait. It misbehaves as the rules in
 * the configuration say (fault.h); each time is an event.
 */
#ifndef EMULATOR_SMSC_H
#define EMULATOR_SMSC_H

#include <event2/event.h>

#include "emulator/delivery.h"

#define SMSC_SESSIONS_MAX 256		/* connections at once */

struct smsc;

/*
 * Listens on port, 0 for a free one, and reports "listening". NULL, with
 * errno, if that fails. All that is given is borrowed until smsc_stop(),
 * which reports "stopped".
 */
struct smsc *smsc_start(struct event_base *base, uint16_t port,
			struct config *config, const struct report *report,
			struct dm_clients *clients, struct network *network);
void smsc_stop(struct smsc *smsc);

/*
 * A full stop: reads, answers and accepts nothing, and sends no receipts,
 * until it is told to continue. Twice is as once.
 */
void smsc_halt(struct smsc *smsc);
void smsc_continue(struct smsc *smsc);

/* Closes all connections. */
void smsc_drop(struct smsc *smsc);

#endif
