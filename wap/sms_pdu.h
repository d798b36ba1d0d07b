/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sms_pdu.h - SMS-DELIVER and SMS-SUBMIT as modems and emulators show them
 *
 * Spec: GSM 03.40 / 3GPP TS 23.040, 9.2.2.1 and 9.2.2.2; with the SMSC's
 * address in front as GSM 07.05 has it. Encodes user data that is counted in
 * octets; decodes any, leaving 7 bit text packed.
 */
#ifndef WAP_SMS_PDU_H
#define WAP_SMS_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define SMS_DIGITS_MAX 20	/* of an address */
#define SMS_UD_MAX 140		/* octets of user data */
#define SMS_PDU_MAX 180		/* octets, the greatest possible */

enum sms_pdu_kind {		/* TP-MTI */
	SMS_DELIVER = 0,	/* SMSC to device */
	SMS_SUBMIT = 1,		/* device to SMSC */
};

/* Data coding (3GPP TS 23.038) that carry 8 bit data. */
enum sms_dcs {
	SMS_DCS_8BIT = 0x04,
	SMS_DCS_8BIT_CLASS1_GENERAL = 0x15,
	SMS_DCS_8BIT_CLASS1 = 0xf5,
};

/*
 * A sender's name (type 0xd0) is packed seven-bit text: its digits are the
 * semi-octets of that as they stand, and may be 'f' for 15, too.
 */
struct sms_address {
	uint8_t type;				/* 0x91 international */
	char digits[SMS_DIGITS_MAX + 1];	/* 0-9 * # a b c */
};

struct sms_pdu {
	enum sms_pdu_kind kind;
	bool has_smsc;		/* an SMSC address stands in front */
	struct sms_address smsc;	/* digits "" : length 0 */
	bool has_udh;		/* TP-UDHI: ud begins with a UDH */
	struct sms_address address;	/* TP-OA (deliver), TP-DA (submit) */
	uint8_t reference;	/* TP-MR, submit only */
	uint8_t pid;		/* TP-PID */
	uint8_t dcs;		/* TP-DCS */
	uint8_t timestamp[7];	/* TP-SCTS, deliver only: swapped BCD */
	int validity;		/* TP-VP relative, submit only; -1: none */
	uint8_t ud[SMS_UD_MAX];
	size_t ud_len;		/* octets */
	size_t address_offset;	/* decoded: octets before the address */
	size_t ud_offset;	/* decoded: octets before the user data */
};

/*
 * Writes p to out. Returns DM_OK, DM_ENOSPC, or DM_ERANGE (an address with
 * other characters or too many of them, more than SMS_UD_MAX octets, a dcs of
 * 7 bit text, a validity over 255); on error *len is untouched.
 */
int sms_pdu_encode(const struct sms_pdu *p, uint8_t *out, size_t cap,
		   size_t *len) DM_CHECK;

/*
 * A sender as people write it: a number, with a '+' if it is international, or
 * a name of 1 to 11 characters, those that ASCII and GSM's default alphabet
 * have in common. DM_ERANGE if it is neither.
 */
int sms_address_parse(struct sms_address *a, const char *text) DM_CHECK;

/*
 * The SMS-DELIVER that an SMSC would make of a segment: ud_len octets of user
 * data, UDH first. Of 2000-01-01: the same message is the same octets. Returns
 * as sms_address_parse() and sms_pdu_encode().
 */
int sms_pdu_deliver(const char *from, uint8_t dcs, const uint8_t *ud,
		    size_t ud_len, uint8_t *out, size_t cap, size_t *len)
	DM_CHECK;

/*
 * Reads a PDU that fills in completely, with the SMSC's address if it parses
 * that way, else without. Returns DM_OK or DM_EPROTO; on error *p is
 * untouched.
 */
int sms_pdu_decode(struct sms_pdu *p, const uint8_t *in, size_t len) DM_CHECK;

#endif
