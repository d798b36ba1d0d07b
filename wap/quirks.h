/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quirks.h - how known DM clients differ from the specification
 *
 * One table, one row a client. What nobody has established is as in the row
 * "generic", which limits nothing. Where the values come from:
 * doc/clients.md.
 */
#ifndef WAP_QUIRKS_H
#define WAP_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUIRKS_VERSION_ANY 1023	/* the largest <version> */

/* What the client takes the default nonce 0x00000000 for. */
enum resync_nonce {
	RESYNC_4NUL,		/* four octets 00 */
	RESYNC_ASCII,		/* ten characters: 0x00000000 */
	RESYNC_BASE64_TEXT,	/* eight characters: AAAAAA== */
	RESYNC_NONE,		/* no resynchronisation */
};

/* How the client turns an IMSI into the NETWPIN key. */
enum imsi_key {
	IMSI_KEY_SPEC,		/* GSM 11.11 */
	IMSI_KEY_MEDIATEK,	/* parity nibble is always 9 */
	IMSI_KEY_SPREADTRUM,	/* that, and an even last digit is lost */
	IMSI_KEY_GECKO,		/* filled up to 8 octets, with 0 */
};

enum netwpin_order {
	NETWPIN_IMSI_PIN,	/* IMSI octets, then the PIN */
	NETWPIN_PIN_IMSI,	/* PIN, a colon, then the IMSI octets */
};

/* Does a digest that verifies with no nonce matter to the client? */
enum digest_care {
	DIGEST_CHECKED,
	DIGEST_CHECKED_WITH_RESYNC,	/* without it any will do */
	DIGEST_NOT_CHECKED,
};

/* What is 0 is as the specification says. */
struct quirk {
	const char *name;

	/* what a notification may be */
	uint16_t version_min;	/* <version> that it takes ... */
	uint16_t version_max;	/* ... to this; 0: not known */
	uint8_t server_id_max;	/* octets; 0: no limit known */
	bool ascii_server_id;	/* takes no other */
	size_t trigger_max;	/* octets; 0: no limit known */
	bool refuses_vendor_body;
	bool drops_body_octet;	/* the first one */
	bool needs_tid;		/* takes a push with TID 0 for something else */

	/* its digest */
	uint8_t nonce_max;	/* octets; 0: no limit known */
	bool cuts_nonce;	/* at its first octet 00 */
	bool drops_colon;	/* before a password that is empty */
	enum resync_nonce resync_nonce;
	bool resync_off;	/* unless somebody has switched it on */
	bool tries_nonce_text;	/* base64 as it is, too; with DM 1.2 */
	enum digest_care digest_care;

	/* its session */
	bool new_session_id;	/* needs another session id on each push */
	bool swaps_session_id;	/* sends it back with its octets swapped */
	bool asks_for_update;	/* in one that its user has caused */

	/* of bootstraps */
	enum imsi_key imsi_key;
	enum netwpin_order netwpin_order;
	bool refuses_dm_profile;
	uint8_t refused_secs;	/* SEC: bits 1 << 0 to 1 << 3 */
};

/* The row with this name, NULL if there is none. */
const struct quirk *quirks_find(const char *name);

/* Row i, in the table's order; NULL after the last. Row 0 is "generic". */
const struct quirk *quirks_row(size_t i);

/* "generic, windows-mobile-5, ...": for messages. */
const char *quirks_names(void);

#endif
