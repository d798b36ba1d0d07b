/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h - an SMS in the SMSC, from submit_sm to its delivery receipt
 *
 * Draws what it meets (fault.h), hands it to its device (delivery.h) or lets it
 * wait for that (sms_store.h), and sends its receipt in time (receipts.h).
 */
#ifndef EMULATOR_INTAKE_H
#define EMULATOR_INTAKE_H

#include "emulator/delivery.h"
#include "emulator/smsc/receipts.h"
#include "emulator/smsc/sms_store.h"

struct intake {
	struct config *config;		/* borrowed */
	const struct report *report;	/* borrowed */
	struct delivery delivery;
	struct receipts receipts;
	struct sms_store *store;	/* owned */
	bool halted;
	uint32_t start_s;		/* makes message ids unlike the last */
	uint32_t n_messages;		/* SMS that were taken */
};

/* All is borrowed until intake_free(). */
struct intake_setup {
	struct event_base *base;
	struct config *config;
	const struct report *report;
	struct dm_clients *clients;
	struct network *network;
	const struct session_list *sessions;	/* for receipts */
};

void intake_init(struct intake *in, const struct intake_setup *setup);
void intake_free(struct intake *in);

/*
 * Takes an SMS and names it, or refuses it; *a comes zeroed. Returns false if
 * the SMSC is to stop (smsc_halt()).
 */
bool intake_submit(struct intake *in, const struct session *s,
		   const struct smpp_submit *sms, struct session_answer *a);

/* While it is halted, no SMS that waits is delivered. */
void intake_halt(struct intake *in);
void intake_continue(struct intake *in);

#endif
