/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_queue.h - receipts that wait for their time
 *
 * A heap: the next one due stands at its top; of two with the same time the
 * one that was put first.
 */
#ifndef EMULATOR_RECEIPT_QUEUE_H
#define EMULATOR_RECEIPT_QUEUE_H

#include "emulator/smsc/receipt.h"
#include "emulator/smsc/smpp_codec.h"

#define RECEIPT_QUEUE_MAX 1000000	/* receipts that may wait */

struct receipt {
	int64_t due_ms;
	uint64_t order;		/* set by receipt_queue_put() */
	uint64_t session;	/* who submitted */
	char system_id[SMPP_SYSTEM_ID_SIZE];
	int64_t submitted_s;	/* seconds since 1970 */
	const struct receipt_state *state;	/* borrowed */
	const char *name;	/* in events; borrowed; NULL: the number */
	struct smpp_addr device;
	struct smpp_addr to;
	char message_id[17];
};

/* Starts zeroed. */
struct receipt_queue {
	struct receipt *heap;	/* owned */
	size_t len;		/* receipts that wait */
	size_t cap;
	uint64_t n_put;
};

bool receipt_queue_full(const struct receipt_queue *q);

/* Copies *r; asserts that the queue is not full. */
void receipt_queue_put(struct receipt_queue *q, const struct receipt *r);

/* The next one, valid until put or drop; NULL if none waits. */
const struct receipt *receipt_queue_next(const struct receipt_queue *q);

/* Takes the next one away; asserts that there is one. */
void receipt_queue_drop(struct receipt_queue *q);

void receipt_queue_free(struct receipt_queue *q);

#endif
