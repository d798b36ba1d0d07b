/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof.h - does a notification come from the server of a device's account?
 *
 * Spec: OMA-TS-DM_Notification-V1_2, 6.2. Pure. A device tries the nonce of
 * its account, and then what else its client is known to try; some clients
 * come even if nothing verifies. What that is, and from where it is known:
 * doc/clients.md.
 */
#ifndef EMULATOR_PROOF_H
#define EMULATOR_PROOF_H

#include "notif/notif.h"

struct device;

/* What the digest verified with. */
enum proof {
	PROOF_NONE,			/* nothing */
	PROOF_NONCE,			/* the account's nonce */
	PROOF_NONCE_TEXT,		/* its base64 as it is */
	PROOF_DEFAULT,			/* the default nonce */
	PROOF_DEFAULT_TEXT,		/* the base64 of that, as it is */
	PROOF_NOT_ASKED,		/* nothing, and its client comes */
};

/*
 * Verifies n with the account of d, which is given. A default nonce becomes
 * the nonce of both sides, as their next session changes it.
 */
enum proof proof_of(struct device *d, const struct notif *n);

/* "account", "text", "default", "default-text"; "none" for the other two. */
const char *proof_nonce_name(enum proof proof);

#endif
