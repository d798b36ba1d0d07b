/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submit.h - from a checked request to finished octets
 *
 * The encoder is the validator: what cannot be sent is refused here, in the
 * answer to the request, not hours later. Pure.
 */
#ifndef GATEWAY_SUBMIT_H
#define GATEWAY_SUBMIT_H

#include "gateway/job.h"
#include "gateway/request.h"
#include "notif/notif.h"
#include "wap/transport.h"

#define MESSAGE_WSP_MAX (NOTIF_LEN_MAX + TRANSPORT_WSP_HEADERS_MAX)
#define MESSAGE_SEGMENTS_MAX 16		/* the longest needs 11 */

/* One notification in every form that it takes on its way. */
struct message {
	uint8_t package0[NOTIF_LEN_MAX];
	size_t package0_len;		/* octets; the trigger is its end */
	uint8_t wsp[MESSAGE_WSP_MAX];
	size_t wsp_len;			/* octets */
	struct segment segments[MESSAGE_SEGMENTS_MAX];
	size_t n_segments;
};

/*
 * Builds the message. session_id and reference stand in for those that the
 * request does not give. lenient lets unusual values through, for testers.
 * Returns DM_OK or an error with *e; on error *m is undefined.
 */
int submit_encode(const struct notify_request *rq, uint16_t session_id,
		  uint16_t reference, bool lenient, struct message *m,
		  struct err *e) DM_CHECK;

/*
 * What the queue keeps of the request, apart from the segments: addresses,
 * until, expiry. Returns DM_OK or DM_EINVAL (to, from) with *e. sender and
 * expires_s are the configured defaults.
 */
int submit_job(const struct notify_request *rq, const char *sender,
	       int32_t expires_s, uint32_t client, int64_t now_ms,
	       struct job *j, struct err *e) DM_CHECK;

/*
 * What an SMSC takes for a sender: 1 to 20 printable ASCII characters. Returns
 * DM_OK or DM_EINVAL with *e about the given field.
 */
int submit_check_sender(const char *text, const char *field, struct err *e)
	DM_CHECK;

#endif
