/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submit.h - what notifications and bootstraps share on their way from a
 * checked request to finished octets
 *
 * The encoder is the validator: what cannot be sent is refused in the answer
 * to the request, not hours later. Pure.
 */
#ifndef GATEWAY_SUBMIT_H
#define GATEWAY_SUBMIT_H

#include "gateway/job/job.h"
#include "gateway/request/request.h"
#include "wap/quirks.h"
#include "wap/transport.h"

#define MESSAGE_MAX (SEGMENTS_MAX * SEGMENT_OCTETS_MAX)	/* octets */

/* One message in every form that it takes on its way. */
struct message {
	uint8_t body[MESSAGE_MAX];	/* package 0, or WBXML */
	size_t body_len;		/* octets */
	uint8_t wsp[MESSAGE_MAX];
	size_t wsp_len;			/* octets */
	struct segment segments[SEGMENTS_MAX];
	size_t n_segments;
};

/* The client's row; "generic" if name is NULL. DM_EINVAL about "quirks". */
int submit_quirk(const char *name, const struct quirk **quirk, struct err *e)
	DM_CHECK;

/*
 * What the request says of the push and the SMS around it. reference stands in
 * for one that the request does not give. DM_EINVAL about "reference".
 */
int submit_transport(const struct transport_request *rq, uint16_t reference,
		     struct transport *t, struct err *e) DM_CHECK;

/* For a reference of any 16 bits: takes as many as t has room for. */
void submit_set_reference(struct transport *t, uint16_t reference);

/* Cuts m->wsp into m->segments. DM_ENOSPC about "message". */
int submit_split(const struct transport *t, struct message *m, struct err *e)
	DM_CHECK;

/* What holds where the request does not say, and the longest that it may. */
struct submit_defaults {
	const char *sender;
	int32_t expires_s;
	int32_t expires_max_s;
	enum job_reached until;
};

/*
 * What the queue keeps of every request, apart from the segments: addresses,
 * until, expiry. Returns DM_OK or an error about to, from, expires-s or key.
 * With the name of a registered device job.to stays empty: see struct
 * store_submit.
 */
int submit_job(const struct delivery_request *rq,
	       const struct submit_defaults *defaults, uint32_t client,
	       int64_t now_ms, struct job *j, struct err *e) DM_CHECK;

/*
 * What an SMSC takes for a sender: 1 to 20 printable ASCII characters. Returns
 * DM_OK or DM_EINVAL with *e about the given field.
 */
int submit_check_sender(const char *text, const char *field, struct err *e)
	DM_CHECK;

#endif
