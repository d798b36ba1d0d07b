/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smpp.h - what the emulator speaks of SMPP, and the check of what comes
 *
 * Spec: SMPP 3.4; command and status names are those of the spec. Only this
 * small part is known; anything else gets a generic_nack.
 */
#ifndef EMULATOR_SMPP_H
#define EMULATOR_SMPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define SMPP_HEADER_LEN 16	/* octets; the shortest PDU */
#define SMPP_PDU_MAX 65536	/* octets; our bound, no spec's */
#define SMPP_MESSAGE_MAX 254	/* octets of short_message */
#define SMPP_RESPONSE 0x80000000u	/* command_id of any response */

enum smpp_command {		/* command_id */
	SMPP_BIND_RECEIVER = 0x01,
	SMPP_BIND_TRANSMITTER = 0x02,
	SMPP_SUBMIT_SM = 0x04,
	SMPP_DELIVER_SM = 0x05,
	SMPP_UNBIND = 0x06,
	SMPP_BIND_TRANSCEIVER = 0x09,
	SMPP_ENQUIRE_LINK = 0x15,
};

enum smpp_status {		/* command_status */
	ESME_ROK = 0x00,
	ESME_RINVMSGLEN = 0x01,
	ESME_RINVCMDLEN = 0x02,
	ESME_RINVCMDID = 0x03,
	ESME_RINVBNDSTS = 0x04,
	ESME_RALYBND = 0x05,
	ESME_RSYSERR = 0x08,
	ESME_RINVDSTADR = 0x0b,
	ESME_RMSGQFUL = 0x14,
	ESME_RSUBMITFAIL = 0x45,
	ESME_RTHROTTLED = 0x58,
	ESME_RINVEXPIRY = 0x62,
	ESME_RX_T_APPN = 0x64,
	ESME_RX_P_APPN = 0x65,
	ESME_RX_R_APPN = 0x66,
	ESME_RINVTLVSTREAM = 0xc0,
};

enum {				/* esm_class */
	SMPP_ESM_RECEIPT = 0x04,	/* deliver_sm: SMSC delivery receipt */
	SMPP_ESM_UDHI = 0x40,		/* message begins with a UDH */
};

struct smpp_header {
	uint32_t len;		/* command_length: octets, this included */
	uint32_t command;	/* command_id */
	uint32_t status;	/* command_status */
	uint32_t sequence;	/* sequence_number */
};

/* Reads the first SMPP_HEADER_LEN octets of a PDU. */
void smpp_header_read(struct smpp_header *h,
		      const uint8_t octets[SMPP_HEADER_LEN]);

/* May a PDU be as long as that? */
bool smpp_len_ok(uint32_t len);

/*
 * Do the fields of a whole request stand inside it? To be asked before a PDU
 * is given to the codec. The answer is ESME_ROK or the status to refuse with.
 * Of a command without fields, and of one that we do not know, nothing is
 * checked.
 */
enum smpp_status smpp_check(const uint8_t *pdu, size_t len);

/* What a status means, for people. */
const char *smpp_status_text(enum smpp_status status);

#endif
