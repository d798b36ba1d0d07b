/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notif.h - OMA DM package 0: <digest>, then <trigger>
 *
 * Spec: OMA-TS-DM_Notification-V1_2, 6.2. MIME type
 * application/vnd.syncml.notification.
 */
#ifndef NOTIF_NOTIF_H
#define NOTIF_NOTIF_H

#include "notif/digest.h"
#include "notif/trigger.h"
#include "wap/quirks.h"

#define NOTIF_LEN_MIN (DIGEST_LEN + TRIGGER_HDR_LEN)	/* octets */
#define NOTIF_VENDOR_MAX 1024		/* octets; our bound, no spec's */
#define NOTIF_LEN_MAX (NOTIF_LEN_MIN + TRIGGER_SERVER_ID_MAX + \
		       NOTIF_VENDOR_MAX)

struct notif {
	const uint8_t *digest;		/* DIGEST_LEN octets; borrowed */
	const uint8_t *trigger_octets;	/* what the digest covers; borrowed */
	size_t trigger_len;		/* octets */
	struct trigger trigger;
};

/*
 * May a sender say this to this client? Returns DM_OK or DM_EINVAL with *e.
 * Checked are: version (10 to 12: 11 is right, the others have clients that
 * take them), session id (1..0xffff), server-id (1..255 octets of UTF-8),
 * future-use (0), vendor body (at most NOTIF_VENDOR_MAX), and the limits of
 * the client's quirk.
 */
int notif_check(const struct trigger *t, const struct quirk *quirk,
		struct err *e) DM_CHECK;

/* The limits of the client's quirk alone. */
int notif_check_quirk(const struct trigger *t, const struct quirk *quirk,
		      struct err *e) DM_CHECK;

/*
 * Makes the nonce of the key what this client hashes of it. Returns DM_OK, or
 * DM_EINVAL with *e if the nonce is too long for the client.
 */
int notif_fit_key(struct digest_key *key, const struct quirk *quirk,
		  struct err *e) DM_CHECK;

/*
 * Signs t and writes package 0 to out. Checks nothing. Returns DM_OK,
 * DM_ENOSPC, DM_ERANGE or DM_EIO.
 */
int notif_encode(const struct trigger *t, const struct digest_key *key,
		 uint8_t *out, size_t cap, size_t *len) DM_CHECK;

/*
 * Reads package 0 and reports what stands there. Returns DM_OK or DM_EPROTO
 * (fewer than 24 octets, the server-id runs past the end).
 */
int notif_decode(struct notif *n, const uint8_t *in, size_t len) DM_CHECK;

/* Does the digest prove this key? DM_OK, DM_EINVAL (no) or DM_EIO. */
int notif_verify(const struct notif *n, const struct digest_key *key)
	DM_CHECK;

/* How a message deviates from what a sender should say. */
enum notif_deviation {
	NOTIF_VERSION = 1 << 0,		/* version field is not 11 */
	NOTIF_FUTURE_USE = 1 << 1,	/* future-use bits are set */
	NOTIF_SESSION_ID_0 = 1 << 2,
	NOTIF_SERVER_ID_EMPTY = 1 << 3,
	NOTIF_SERVER_ID_NOT_UTF8 = 1 << 4,
};
#define NOTIF_DEVIATIONS 5

/* The deviations of t, as a set of bits. */
unsigned notif_deviations(const struct trigger *t);

/* What one deviation (0..NOTIF_DEVIATIONS-1) means, for people. */
const char *notif_deviation_text(unsigned bit);

#endif
