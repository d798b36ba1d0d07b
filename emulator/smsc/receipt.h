/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt.h - the final states of an SMS, and what a delivery receipt says
 *
 * Spec: SMPP 3.4, 5.2.17 (registered_delivery), 5.2.28 (message_state),
 * appendix B (the text of a receipt).
 */
#ifndef EMULATOR_RECEIPT_H
#define EMULATOR_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define RECEIPT_TEXT_MAX 200	/* octets of receipt_text(), with its NUL */

struct receipt_state {
	const char *name;	/* as it stands behind "stat:" */
	uint8_t message_state;
	bool delivered;		/* counts as delivered */
	bool reaches_device;	/* the device gets the SMS nevertheless */
};

/* The state with this name, NULL if there is none. */
const struct receipt_state *receipt_state_find(const char *name);

/* "DELIVRD, EXPIRED, ...": for messages. */
const char *receipt_state_names(void);

/*
 * Does registered_delivery ask for a receipt about this state? Its low two
 * bits: 0 never, 1 always, 2 about failures, 3 (SMPP 5) about successes.
 */
bool receipt_wanted(const struct receipt_state *state,
		    uint8_t registered_delivery);

/* Writes the text of a receipt; the times are seconds since 1970. */
void receipt_text(const struct receipt_state *state, const char *message_id,
		  int64_t submitted_s, int64_t done_s,
		  char out[RECEIPT_TEXT_MAX]);

#endif
