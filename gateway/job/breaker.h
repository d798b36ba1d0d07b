/* SPDX-License-Identifier: Apache-2.0 */
/*
 * breaker.h - nothing is claimed for a while when all is refused for now
 *
 * What takes nothing, since it is full or shuts down, would refuse the whole
 * queue in no time. So after BREAKER_REFUSALS_MAX refusals, one after the
 * other, jobs stay in the store for BREAKER_HOLD_MS. Pure.
 */
#ifndef GATEWAY_BREAKER_H
#define GATEWAY_BREAKER_H

#include "gateway/job/job.h"

#define BREAKER_REFUSALS_MAX 10
#define BREAKER_HOLD_MS 1000

struct breaker {		/* begins with zeros */
	unsigned n_refused;	/* for now, one after the other */
	int64_t hold_ms;	/* until then */
};

/* What has become of a segment. */
void breaker_count(struct breaker *b, enum segment_event event,
		   int64_t now_ms);

/* A clock that was set back ends it. */
bool breaker_holds(const struct breaker *b, int64_t now_ms);

#endif
