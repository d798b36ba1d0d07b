/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trigger.h - the <trigger> of an OMA DM package 0
 *
 * Spec: OMA-TS-DM_Notification-V1_2, 6.2.2; names in <> are its ABNF rules.
 * DM 1.1.2 and 1.2 have the same octets.
 */
#ifndef NOTIF_TRIGGER_H
#define NOTIF_TRIGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define TRIGGER_HDR_LEN 8	/* octets of <trigger-hdr> without the id */
#define TRIGGER_SERVER_ID_MAX 255	/* octets */
#define TRIGGER_VERSION_MAX 1023	/* ten bits */

/* DM 1.2 says 11, not 12: 12 is the notification of Data Sync. */
#define TRIGGER_VERSION_DM 11

enum ui_mode {			/* <ui-mode> */
	UI_MODE_NOT_SPECIFIED = 0,
	UI_MODE_BACKGROUND = 1,
	UI_MODE_INFORMATIVE = 2,
	UI_MODE_USER_INTERACTION = 3,
};

struct trigger {
	uint16_t version;	/* <version>: 0..TRIGGER_VERSION_MAX */
	enum ui_mode ui_mode;
	bool server_initiated;	/* <initiator> */
	uint32_t future_use;	/* <future-use>, 27 bits; senders: 0 */
	uint16_t session_id;	/* <sessionid>; senders: 1..0xffff */
	const char *server_id;	/* <server-identifier>; borrowed, no NUL */
	size_t server_id_len;	/* octets, 0..255 */
	const uint8_t *vendor;	/* <trigger-body>; borrowed */
	size_t vendor_len;	/* octets */
};

/*
 * Writes t to out. Returns DM_OK, DM_ERANGE (a value does not fit its field)
 * or DM_ENOSPC; on error *len is untouched. What a sender may say is the
 * caller's rule: notif_check().
 */
int trigger_encode(const struct trigger *t, uint8_t *out, size_t cap,
		   size_t *len) DM_CHECK;

/*
 * Reads a <trigger> and reports what stands there, usual or not; pointers in
 * *t borrow from in. Returns DM_OK or DM_EPROTO (cut short); on error *t is
 * untouched.
 */
int trigger_decode(struct trigger *t, const uint8_t *in, size_t len) DM_CHECK;

/* "background" and so on: the names of command line and API. */
const char *ui_mode_name(enum ui_mode mode);

#endif
