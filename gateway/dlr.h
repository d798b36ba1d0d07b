/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlr.h - a delivery report, from bearerbox into the store
 *
 * It is acknowledged to bearerbox only after its commit: until then bearerbox
 * keeps it, and sends it again on the next connection.
 */
#ifndef GATEWAY_DLR_H
#define GATEWAY_DLR_H

#include "gateway/box_link.h"
#include "gateway/store.h"

/*
 * What is not ours, or tells nothing final, is acknowledged at once. ended() is
 * called when the report ends its job.
 */
void dlr_store(struct store *store, struct box_link *link,
	       const struct box_link_report *report,
	       void (*ended)(void *arg, int64_t job), void *arg);

#endif
