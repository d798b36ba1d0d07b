/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlr.h - a delivery report, from bearerbox into the store
 *
 * It is acknowledged to bearerbox only after its commit: until then bearerbox
 * keeps it, and sends it again on the next connection.
 */
#ifndef GATEWAY_DLR_H
#define GATEWAY_DLR_H

#include "gateway/box/box_link.h"
#include "gateway/store/store.h"

/* Where reports go; borrowed until they are stored. */
struct dlr_sink {
	struct store *store;
	struct box_link *link;
	const struct attempt_plan *plan;
	void (*ended)(void *arg, int64_t job);	/* send no more of it */
	void *arg;
};

/* What is not ours, or tells nothing final, is acknowledged at once. */
void dlr_store(const struct dlr_sink *sink,
	       const struct box_link_report *report);

#endif
