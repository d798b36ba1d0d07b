/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery.h - what becomes of an SMS that the SMSC took
 *
 * Decides its final state, gives it to its device if it gets that far, and
 * reports both. Hands devices that want to come now to dm_clients.
 */
#ifndef EMULATOR_DELIVERY_H
#define EMULATOR_DELIVERY_H

#include "emulator/config.h"
#include "emulator/dm/dm_clients.h"
#include "emulator/instant.h"
#include "emulator/network.h"
#include "emulator/report.h"
#include "emulator/smsc/smpp_codec.h"

#define DELIVERY_UNFINISHED_MAX 256	/* messages in reassembly at once */

struct delivery_totals {
	uint64_t verified;	/* notifications */
	uint64_t refused;
	uint64_t applied;	/* bootstraps */
	uint64_t not_applied;
	uint64_t unknown_number;	/* SMS */
	uint64_t not_delivered;	/* SMS that their device never got */
};

struct delivery {
	struct config *config;		/* borrowed; bootstraps change it */
	const struct report *report;	/* borrowed */
	struct dm_clients *clients;	/* borrowed */
	struct network *network;	/* borrowed */
	struct device_room room;	/* what is in it is owned */
	struct delivery_totals totals;
};

/* One SMS on its way. */
struct delivery_sms {
	const struct smpp_submit *sms;
	const char *message_id;
	struct instant now;
	const struct receipt_state *forced;	/* its final state if it is not
						 * too late; NULL: as its
						 * device has it */
};

struct delivery_result {
	bool waits;				/* for its device: no end yet */
	int64_t until_s;			/* so long; INT64_MAX: no end */
	const struct receipt_state *state;	/* NULL: no receipt */
	unsigned delay_ms;
	struct device *device;		/* borrowed; NULL: unknown number */
};

void delivery_init(struct delivery *d, struct config *config,
		   const struct report *report, struct dm_clients *clients,
		   struct network *network);
void delivery_free(struct delivery *d);

/*
 * Takes an SMS: gives it to its device, if that takes it now. Returns ESME_ROK
 * and fills *result, or the status to refuse it with.
 */
enum smpp_status delivery_take(struct delivery *d,
			       const struct delivery_sms *sms,
			       struct delivery_result *result);

/* One that has waited is given to its device, or has waited too long. */
void delivery_give(struct delivery *d, const struct delivery_sms *sms,
		   struct delivery_result *result);
void delivery_expire(struct delivery *d, const struct delivery_sms *sms,
		     struct delivery_result *result);

/*
 * Gives a device a message that came as a whole, on the port of WAP pushes, as
 * a datagram: without a data connection it is lost.
 */
void delivery_take_message(struct delivery *d, struct device *to,
			   const uint8_t *message, size_t len);

#endif
