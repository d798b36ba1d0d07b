/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.h - the forms of a finished message, on standard output
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "gateway/request/submit.h"

enum message_form {
	MESSAGE_WSP,		/* the push, in hexadecimal */
	MESSAGE_SMS,		/* "UDH USERDATA" a line */
	MESSAGE_PDU,		/* an SMS-DELIVER a line */
	MESSAGE_PCAP,		/* a capture file; not to a terminal */
};

#define MESSAGE_ADDRESS "10000"	/* TP-OA of a PDU without --to */

/*
 * Prints m. to: the address in a PDU, NULL for MESSAGE_ADDRESS; t: what m was
 * made with. Returns DM_OK or DM_EINVAL with *e.
 */
int message_print(const struct message *m, enum message_form form,
		  const char *to, const struct transport_request *t,
		  struct err *e) DM_CHECK;

/* Octets in hexadecimal, and end. */
void message_print_hex(const uint8_t *octets, size_t len, const char *end);

#endif
