/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box_msg.h - the messages between bearerbox and its boxes
 *
 * Kannel has no versions on this wire: a message is its type and then its
 * fields in the order of Kannel's own declaration, gw/msg-decl.h. Structs and
 * codec are generated from that file, so that dmbox always speaks like the
 * Kannel that is installed where it is built. Nothing else of Kannel is used:
 * its own unpacker ends the program on a bad length.
 *
 *	frame   = length message		length: of the message, int32
 *	message = type field...			type: int32, 0 is the first
 *	INTEGER = int32				-1: undefined
 *	OCTSTR  = length octets			-1: absent
 *	UUID    = 36 text
 *
 * All numbers are big-endian. VOID fields are not on the wire.
 *
 * Who includes this needs $(KANNEL_CPPFLAGS).
 */
#ifndef GATEWAY_BOX_MSG_H
#define GATEWAY_BOX_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/box/box_uuid.h"
#include "wap/err.h"

#define BOX_FRAME_MAX 65536	/* octets, the length in front included */
#define BOX_LENGTH_LEN 4	/* octets of that length */

#define BOX_UNDEFINED (-1)	/* an INTEGER that says nothing */

struct box_octets {		/* OCTSTR */
	const uint8_t *mem;	/* borrowed; NULL: absent */
	size_t len;		/* octets; 0 is present and empty */
};

/* BOX_MSG_heartbeat, BOX_MSG_admin, BOX_MSG_sms, BOX_MSG_ack ... */
enum box_msg_type {
#define MSG(name, fields) BOX_MSG_##name,
#include <gw/msg-decl.h>
	BOX_MSG_TYPES		/* how many there are */
};

/*
 * struct box_msg_sms and so on, one for each type. A UUID is BOX_UUID_LEN
 * characters, borrowed, not NUL-terminated; NULL: none.
 */
#define INTEGER(name) int32_t name;
#define OCTSTR(name) struct box_octets name;
#define UUID(name) const char *name;
#define VOID(name)
#define MSG(name, fields) struct box_msg_##name fields;
#include <gw/msg-decl.h>

struct box_msg {
	enum box_msg_type type;
	union {
#define MSG(name, fields) struct box_msg_##name name;
#include <gw/msg-decl.h>
	};
};

/* Values of fields, as in Kannel's gw/msg.h and gw/sms.h. */
enum box_sms_type {		/* sms.sms_type */
	BOX_SMS_MO = 0,
	BOX_SMS_MT_REPLY = 1,
	BOX_SMS_MT_PUSH = 2,
	BOX_SMS_REPORT_MO = 3,	/* a delivery report for us */
	BOX_SMS_REPORT_MT = 4,
};

enum box_command {		/* admin.command */
	BOX_CMD_SHUTDOWN = 0,
	BOX_CMD_SUSPEND = 1,
	BOX_CMD_RESUME = 2,
	BOX_CMD_IDENTIFY = 3,
	BOX_CMD_RESTART = 4,
};

enum box_nack {			/* ack.nack */
	BOX_ACK_SUCCESS = 0,	/* bearerbox owns it, an SMSC is up */
	BOX_ACK_FAILED = 1,	/* not taken, for good */
	BOX_ACK_FAILED_TMP = 2,	/* not taken: try again later */
	BOX_ACK_BUFFERED = 3,	/* bearerbox owns it, no SMSC is up */
};

enum box_dlr {			/* sms.dlr_mask */
	BOX_DLR_DELIVERED = 1,
	BOX_DLR_FAILED = 2,
	BOX_DLR_BUFFERED = 4,
	BOX_DLR_SMSC_TOOK = 8,
	BOX_DLR_SMSC_REFUSED = 16,
	BOX_DLR_EXPIRED = 0x20 | BOX_DLR_FAILED,	/* stat:EXPIRED */
	BOX_DLR_UNKNOWN = 0x40 | BOX_DLR_FAILED,	/* stat:UNKNOWN */
};

#define BOX_CODING_8BIT 1	/* sms.coding */

/* What box_msg_check_sms() lets pass. */
#define BOX_SMS_ADDRESS_MAX 20	/* characters: sender, receiver */
#define BOX_SMS_OCTETS_MAX 140	/* udhdata and msgdata together */
#define BOX_SMS_DLR_URL_MAX 255	/* octets; a column in Kannel's SQL */

/* A text as field, without its NUL; NULL is absent. */
struct box_octets box_text(const char *text);

/* Makes *m a message with all integers undefined and all else absent. */
void box_msg_init(struct box_msg *m, enum box_msg_type type);

/*
 * Writes m as a frame, with the length in front. A UUID of NULL is written as
 * BOX_UUID_NONE, as Kannel does. Returns DM_OK, DM_ENOSPC (cap is too small)
 * or DM_ERANGE (no such type, a UUID that is none, or a frame of more than
 * BOX_FRAME_MAX); on error *len is untouched.
 */
int box_msg_encode(const struct box_msg *m, uint8_t *out, size_t cap,
		   size_t *len) DM_CHECK;

/*
 * Reads a message, without the length in front; pointers in *m borrow from
 * in. BOX_UUID_NONE is read as NULL. Returns DM_OK or DM_EPROTO (unknown type,
 * cut short, bad length, octets left over: a Kannel with other fields); on
 * error *m is untouched.
 */
int box_msg_decode(struct box_msg *m, const uint8_t *in, size_t len) DM_CHECK;

/*
 * The octets of the whole frame, from its first BOX_LENGTH_LEN octets. Returns
 * DM_OK, or DM_EPROTO (0, negative, more than BOX_FRAME_MAX in all).
 */
int box_frame_len(const uint8_t in[BOX_LENGTH_LEN], size_t *len) DM_CHECK;

/*
 * May this sms go to a bearerbox? One without receiver or msgdata would end
 * the whole daemon by an assertion; one with more than BOX_SMS_OCTETS_MAX it
 * would cut itself, and report the first part only. Also required: a sender, a
 * type of mobile-terminated sms, a UUID (or its ack says nothing) and a
 * boxc_id (or its reports go to anybody). Returns DM_OK or DM_EINVAL; numbers
 * are not repeated in *e.
 */
int box_msg_check_sms(const struct box_msg_sms *m, struct err *e) DM_CHECK;

#endif
