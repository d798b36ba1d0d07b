/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.h - any octets of a push to readable JSON, verified where keys are
 * given
 *
 * Takes one item or several: a message each, or the segments of messages in
 * any order. Pure, but for the memory of its result.
 */
#ifndef GATEWAY_DECODE_H
#define GATEWAY_DECODE_H

#include <jansson.h>

#include "gateway/request/request.h"

#define DECODE_ITEM_MAX 65536	/* octets of one item */

struct decode_item {
	const uint8_t *octets;	/* borrowed */
	size_t len;
};

enum decode_status {		/* the command line's exit status */
	DECODE_OK = 0,		/* decoded, and verified if keys came */
	DECODE_NOT_VERIFIED = 1,
	DECODE_NOT_UNDERSTOOD = 2,
};

/*
 * Decodes the items. *out gets, for the caller to own, an array with an object
 * a message:
 *
 *	{"as": "wsp", "could-be": ["pdu"], "layers": [...], "deviations": [...],
 *	 "notification": {...}, "verified": true}
 *	{"as": "wsp", "layers": [...], "bootstrap": {"kind": "cp", "sec":
 *	 "NETWPIN", "mac": "...", "document": "<?xml ..."}, "verified": true}
 *
 * or {"error": "..."} for what is not understood. Returns DM_OK with the worst
 * of all messages in *status, or DM_EINVAL with *e about the key.
 */
int decode_items(const struct decode_request *rq,
		 const struct decode_item *items, size_t n, json_t **out,
		 enum decode_status *status, struct err *e) DM_CHECK;

#endif
