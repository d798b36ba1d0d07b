/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.h - from a checked notify request to a notification; pure
 */
#ifndef GATEWAY_NOTIFY_H
#define GATEWAY_NOTIFY_H

#include "gateway/request/submit.h"

/*
 * Builds the message. session_id and reference stand in for those that the
 * request does not give. lenient lets unusual values through, for testers.
 * Returns DM_OK or an error with *e; on error *m is undefined.
 */
int notify_encode(const struct notify_request *rq, uint16_t session_id,
		  uint16_t reference, bool lenient, struct message *m,
		  struct err *e) DM_CHECK;

/*
 * Can the message be sent again and again as it is, until the session has
 * started? Not for a client that takes the same notification for a repeat:
 * DM_EINVAL about "until".
 */
int notify_check_until(const struct notify_request *rq,
		       enum job_reached until, struct err *e) DM_CHECK;

/*
 * What a job's rows say of a notification beyond submit_job(). DM_EINVAL about
 * "server-id" if the request has none.
 */
int notify_describe(const struct notify_request *rq, struct job *j,
		    struct err *e) DM_CHECK;

#endif
