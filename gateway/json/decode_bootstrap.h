/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode_bootstrap.h - a bootstrap's part of decode.h; pure, but for the
 * memory of its result
 */
#ifndef GATEWAY_DECODE_BOOTSTRAP_H
#define GATEWAY_DECODE_BOOTSTRAP_H

#include "gateway/json/decode.h"
#include "wap/wsp_push.h"

/* Does the request have what a MAC can be verified with? */
bool decode_has_mac_key(const struct decode_request *rq);

/* WBXML of version 1.1 to 1.3 with a public id that we know? */
bool decode_is_wbxml(const struct decode_item *in);

/*
 * Adds layer, "bootstrap" and "verified" to a message. push is the one that in
 * is the body of, or NULL. What is not understood becomes the message's
 * "error". *room is how many octets of documents may still be shown. Returns
 * the message's status; *rc gets DM_OK, or DM_EINVAL with *e about the key.
 */
enum decode_status decode_bootstrap(const struct decode_request *rq,
				    const struct wsp_push *push,
				    const struct decode_item *in,
				    json_t *message, size_t *room, int *rc,
				    struct err *e);

#endif
