/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipts.h - sends delivery receipts when they are due
 *
 * A receipt goes to the bind that submitted if it is a transceiver, else to
 * another with the same system_id, else to any. While there is none it waits.
 */
#ifndef EMULATOR_RECEIPTS_H
#define EMULATOR_RECEIPTS_H

#include <event2/event.h>

#include "emulator/report.h"
#include "emulator/smsc/receipt_queue.h"
#include "emulator/smsc/session.h"

struct receipts {
	const struct session_list *sessions;	/* borrowed */
	const struct report *report;		/* borrowed */
	struct receipt_queue queue;		/* owned */
	struct event *timer;			/* owned: the next one */
	uint64_t n_sent;
};

void receipts_init(struct receipts *rs, struct event_base *base,
		   const struct session_list *sessions,
		   const struct report *report);
void receipts_free(struct receipts *rs);

/* Copies *new; asserts that the queue is not full. */
void receipts_put(struct receipts *rs, const struct receipt *new);

/* Sends *r at once; false if nobody takes it just now. */
bool receipts_send(struct receipts *rs, const struct receipt *r, int64_t now_s);

/* To be called when somebody can take receipts again. */
void receipts_wake(struct receipts *rs);

#endif
