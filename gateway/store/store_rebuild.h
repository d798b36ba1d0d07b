/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_rebuild.h - notifications that are made anew before they are sent
 *
 * A notification whose key is that of a registered device follows it: after
 * another nonce or credential the octets in the queue would be refused, so they
 * are made again. The queue keeps the request for that, which holds no secret:
 * these are the device's. Parts of operations, within their transaction.
 */
#ifndef GATEWAY_STORE_REBUILD_H
#define GATEWAY_STORE_REBUILD_H

#include "gateway/request/device.h"
#include "gateway/store/store.h"

/* Keeps the request, a text of JSON, of a job that is made of *d. */
int sql_request_put(struct store_sql *sql, const struct job *j,
		    const struct device *d, const char *request,
		    struct err *e) DM_CHECK;
int sql_request_delete(struct store_sql *sql, int64_t job, struct err *e)
	DM_CHECK;

/*
 * For a job no segment of which is under way: makes it anew if its device has
 * changed since, and, where all is sent again, if its client wants a new
 * session id. Changes the rows, *segments and the session ids of *j, and says
 * so. What cannot be made anew (the device is gone, has no key any more, or
 * another server) stays as it is. DM_OK or DM_EIO.
 */
int store_rebuild(struct store_sql *sql, struct job *j,
		  struct job_segment *segments, bool again, bool *rebuilt,
		  struct err *e) DM_CHECK;

#endif
