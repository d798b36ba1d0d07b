/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_message.h - notifications of a simulation, as who gets them reads them
 *
 * From the SMS to the digest, with the decoders of wap/ and notif/.
 */
#ifndef TESTS_SIM_MESSAGE_H
#define TESTS_SIM_MESSAGE_H

#include "notif/notif.h"
#include "tests/sim_sms.h"
#include "wap/reassembly.h"

/* A device's key: numbers, from which its texts are made. */
struct sim_key {
	unsigned device;
	unsigned credential;
	unsigned nonce;
};
#define SIM_NONCE_LEN 6			/* octets */
#define SIM_NONCE_SIZE (SIM_NONCE_LEN / 3 * 4 + 1)

void sim_key_credential(struct sim_key key, char out[DIGEST_CREDENTIAL_SIZE]);
void sim_key_nonce(struct sim_key key, char out[SIM_NONCE_SIZE]);

struct sim_message {
	uint16_t session_id;
	bool server_initiated;
	struct notif notif;	/* borrows, until the next one is read */
};

/* Where parts wait for the others. */
struct sim_inbox {
	struct reassembly reassembly;
	struct reassembly_slot slots[32];
};
void sim_inbox_init(struct sim_inbox *in);

/* Adds an SMS of peer. True: a notification is complete. */
bool sim_message_read(struct sim_inbox *in, uint64_t peer,
		      const struct sim_sms *sms, struct sim_message *m);

/* Was it signed with this key? */
bool sim_message_proves(const struct sim_message *m, struct sim_key key);

#endif
