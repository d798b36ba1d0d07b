/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bootstrap.h - a provisioning message: a WBXML body, SEC and MAC
 *
 * Joins mac, WBXML's public ids and the parameters of the WSP content type:
 *
 *	91 8n			SEC, n = 0..3
 *	92 <40 hex digits> 00	MAC
 */
#ifndef BOOTSTRAP_BOOTSTRAP_H
#define BOOTSTRAP_BOOTSTRAP_H

#include <stdbool.h>

#include "bootstrap/mac.h"
#include "wap/wsp_push.h"

#define BOOTSTRAP_PARAMS_MAX 64		/* octets */

enum bootstrap_kind {
	BOOTSTRAP_CP,		/* client provisioning, public id 0x0b */
	BOOTSTRAP_DM_112,	/* DM profile, public id 0x0fd3 */
	BOOTSTRAP_DM_12,	/* DM profile, public id 0x1201 */
};

/* What a body is, by its public id; DM_EPROTO if none of these. */
int bootstrap_kind(const uint8_t *body, size_t len, enum bootstrap_kind *kind)
	DM_CHECK;

const char *bootstrap_kind_name(enum bootstrap_kind kind);	/* "cp", ... */

/* How a kind travels: content type, and application id or -1 for none. */
enum wsp_content_type bootstrap_content_type(enum bootstrap_kind kind);
int bootstrap_application(enum bootstrap_kind kind);

/* What the content type's parameters say of security. */
struct bootstrap_security {
	enum mac_sec sec;	/* MAC_SEC_NONE: no SEC came */
	bool has_mac;
	uint8_t mac[MAC_LEN];
};

/*
 * Writes the parameters: none for MAC_SEC_NONE; SEC alone for USERPINMAC (its
 * MAC reaches the user instead); SEC and MAC, which must be there, else.
 * Returns their octets.
 */
size_t bootstrap_params_encode(const struct bootstrap_security *s,
			       uint8_t out[BOOTSTRAP_PARAMS_MAX]);

/*
 * Reads parameters that anybody wrote: in any order, other ones between them,
 * SEC as a number or as text (0 to 3, NETWPIN and so on, NETWORKID, USERPIN,
 * USERPIN_NETWORKID), MAC in either case, named by code or in text. Returns
 * DM_OK or DM_EPROTO with *e (they do not parse, SEC or MAC is malformed or
 * came twice); on error *out is untouched.
 */
int bootstrap_params_decode(const uint8_t *params, size_t len,
			    struct bootstrap_security *out, struct err *e)
	DM_CHECK;

/*
 * Does the message prove the key? SEC is the message's; an IMSI or PIN that it
 * does not need is ignored. For USERPINMAC source->pin is what the user typed
 * (K and the digits behind it). Returns DM_OK; DM_EINVAL with *e if not (no
 * SEC, no MAC, key material missing or malformed, MAC differs); DM_EIO.
 */
int bootstrap_verify(const struct bootstrap_security *message,
		     const struct mac_source *source, const uint8_t *body,
		     size_t len, struct err *e) DM_CHECK;

#endif
