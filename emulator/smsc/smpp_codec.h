/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smpp_codec.h - SMPP PDUs to structs and back, by Kannel's own codec
 *
 * The only module that includes Kannel. What peers send must have passed
 * smpp_check() before it comes here: gwlib ends the program where it is
 * surprised. All of it belongs to the main thread.
 */
#ifndef EMULATOR_SMPP_CODEC_H
#define EMULATOR_SMPP_CODEC_H

#include "emulator/smsc/smpp.h"

#define SMPP_SYSTEM_ID_SIZE 16	/* with NUL */
#define SMPP_ADDR_SIZE 21
#define SMPP_TIME_SIZE 17
#define SMPP_MESSAGE_ID_SIZE 65
#define SMPP_OUT_MAX 512	/* octets; no PDU that we write is longer */

struct smpp_bind {
	char system_id[SMPP_SYSTEM_ID_SIZE];
};

struct smpp_addr {
	uint8_t ton;
	uint8_t npi;
	char digits[SMPP_ADDR_SIZE];	/* or letters; may begin with '+' */
};

struct smpp_submit {
	struct smpp_addr from;
	struct smpp_addr to;
	uint8_t esm_class;
	uint8_t registered_delivery;
	char validity[SMPP_TIME_SIZE];	/* "" if not given */
	uint8_t octets[SMPP_MESSAGE_MAX];	/* UDH and data */
	size_t len;			/* octets */
};

struct smpp_receipt {
	uint32_t sequence;
	struct smpp_addr from;		/* the device */
	struct smpp_addr to;
	const char *text;		/* SMPP 3.4, appendix B */
	const char *message_id;
	uint8_t message_state;
};

/*
 * Starts gwlib, once in a program; returns DM_OK or DM_EIO. The close frees
 * what it holds; no hash may be made after that.
 */
int smpp_codec_open(void) DM_CHECK;
void smpp_codec_close(void);

/*
 * Read a whole PDU (command_length first). Return ESME_ROK or the status to
 * refuse with; then *out says nothing.
 */
enum smpp_status smpp_decode_bind(struct smpp_bind *out, const uint8_t *pdu,
				  size_t len);
enum smpp_status smpp_decode_submit(struct smpp_submit *out,
				    const uint8_t *pdu, size_t len);

/*
 * Write the response to a request; a command that is none of enum
 * smpp_command gets a generic_nack. text is the system_id of a bind or the
 * message id of a submit, else not used. Return the octets in out.
 */
size_t smpp_encode_response(const struct smpp_header *request,
			    enum smpp_status status, const char *text,
			    uint8_t out[SMPP_OUT_MAX]);

/* Writes a deliver_sm with a receipt; returns the octets in out. */
size_t smpp_encode_receipt(const struct smpp_receipt *receipt,
			   uint8_t out[SMPP_OUT_MAX]);

#endif
