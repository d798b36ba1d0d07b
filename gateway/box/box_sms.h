/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box_sms.h - one segment as an sms of bearerbox, and its id
 *
 * The id (a UUID to Kannel) is the link's random half and then the caller's
 * tag: from an ack we know the tag without keeping a table, and that it is
 * ours. Kannel's store uses the id as a key, so it must be new each time.
 */
#ifndef GATEWAY_BOX_SMS_H
#define GATEWAY_BOX_SMS_H

#include "gateway/box/box_msg.h"

#define BOX_NO_VALIDITY (-1)

/*
 * dcs 0x15 leaves Kannel's SMPP driver as 0xf5 (seen with 1.4.5: it forces
 * alt_dcs where there is a message class); both say 8 bit, class 1. Drivers
 * for modems keep it.
 */
struct box_sms {		/* all borrowed */
	uint64_t tag;		/* comes back in the ack; never used twice */
	const char *sender;	/* 1..20 characters, required */
	const char *receiver;	/* 1..20 characters, required */
	const uint8_t *udh;	/* NULL: none */
	size_t udh_len;		/* octets, its length octet included */
	const uint8_t *data;	/* required */
	size_t data_len;	/* octets; with the UDH at most 140 */
	const char *smsc_id;	/* a hint for the route; NULL: any */
	uint8_t dcs;		/* 0x04, 0xf5 or 0x15 (enum sms_dcs) */
	int64_t validity;	/* seconds since 1970, or BOX_NO_VALIDITY */
	unsigned dlr_mask;	/* enum box_dlr, or 0; 19 is a good choice */
	const uint8_t *dlr_key;	/* comes back in reports */
	size_t dlr_key_len;	/* octets, 0..255 */
};

struct box_sms_id {
	char text[BOX_UUID_LEN + 1];
};

void box_sms_id_make(struct box_sms_id *id, uint64_t link, uint64_t tag);

/* DM_ENOENT if the id (BOX_UUID_LEN characters) is not of this link. */
int box_sms_id_read(const char *text, uint64_t link, uint64_t *tag) DM_CHECK;

/*
 * Fills *m, which borrows from all arguments, with s as 8 bit data, sent at
 * time now (seconds). Returns DM_OK or DM_EINVAL (what *e says, see also
 * box_msg_check_sms(); dcs; validity). Kannel's 32 bits end in 2038: what is
 * valid beyond that is sent without a validity, and the SMSC's own holds. The
 * largest that fits would soon be over, and bearerbox refuses that for good.
 */
int box_sms_to_msg(const struct box_sms *s, const char *box_id,
		   const struct box_sms_id *id, int64_t now,
		   struct box_msg *m, struct err *e) DM_CHECK;

#endif
