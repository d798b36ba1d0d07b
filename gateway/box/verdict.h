/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h - what an acknowledgement or a delivery report means for a segment
 *
 * Told apart are: there, not now (a device that is off may be on later) and
 * never. The reason in a report's text says more than its code, which is the
 * same for a device that is off and for a number that nobody has. A reason that
 * we do not know is as good as "not now": the job is tried again until it
 * expires or no attempt is left. What an SMSC had no room for never left
 * bearerbox, and is as if that had not taken it: no attempt is lost. Pure.
 *
 * Specs: SMPP 3.4 5.1.3 (command_status), appendix B (receipts); Kannel 1.4.5
 * gw/bb_smscconn.c (what stands behind NACK/). The err: of a receipt decides
 * nothing: its numbers are each SMSC's own.
 */
#ifndef GATEWAY_VERDICT_H
#define GATEWAY_VERDICT_H

#include "gateway/box/box_msg.h"
#include "gateway/job/job.h"

struct verdict {
	enum segment_event event;
	const char *reason;	/* for people; "" if it was taken */
};

const struct verdict *verdict_of_ack(enum box_nack nack);

/*
 * event is the report's code, text its len octets. Returns false for a report
 * that tells nothing final.
 */
bool verdict_of_report(enum box_dlr dlr, const uint8_t *text, size_t len,
		       enum segment_event *event);

/*
 * How much of a report's text says what became of the SMS. Behind that a
 * receipt may repeat the message, whose octets are a bootstrap's secrets.
 */
size_t verdict_text_len(const uint8_t *text, size_t len);

#endif
