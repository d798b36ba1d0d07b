/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smpp_client.h - a small SMPP client for tests and measurements
 *
 * It writes PDUs octet by octet, without Kannel, so that it does not share
 * the SMSC's mistakes.
 */
#ifndef TESTS_SMPP_CLIENT_H
#define TESTS_SMPP_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "emulator/smsc/smpp.h"

#define CLIENT_PDU_MAX 1024	/* octets; of what is sent and received */

struct client_sms {
	const char *from;
	const char *to;
	uint8_t esm_class;
	uint8_t registered_delivery;
	const char *validity;		/* NULL: none */
	const uint8_t *octets;		/* UDH and data */
	size_t len;			/* octets */
};

/* Each writes a PDU and returns its octets. */
size_t client_plain(uint8_t out[CLIENT_PDU_MAX], uint32_t command,
		    uint32_t sequence);
size_t client_bind(uint8_t out[CLIENT_PDU_MAX], uint32_t command,
		   uint32_t sequence, const char *system_id);
size_t client_submit(uint8_t out[CLIENT_PDU_MAX], uint32_t sequence,
		     const struct client_sms *sms);

/* Connects to a port of 127.0.0.1; -1 if that fails. */
int client_connect(uint16_t port);

/* Sends all octets; false if the peer has gone. */
bool client_send(int fd, const uint8_t *octets, size_t len);

/*
 * Waits for a PDU, five seconds at most. Returns its octets; 0 if the peer has
 * closed, nothing came, or it is longer than CLIENT_PDU_MAX.
 */
size_t client_recv(int fd, uint8_t out[CLIENT_PDU_MAX]);

#endif
