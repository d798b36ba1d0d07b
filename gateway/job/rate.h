/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate.h - how many a second, over the last minute; pure
 */
#ifndef GATEWAY_RATE_H
#define GATEWAY_RATE_H

#include <stdint.h>

#define RATE_SECONDS 60

struct rate {
	int64_t second;			/* of the newest bucket */
	uint32_t buckets[RATE_SECONDS];
};

void rate_add(struct rate *r, int64_t now_ms, uint32_t n);

/* The mean of the last RATE_SECONDS, this second included. */
double rate_get(struct rate *r, int64_t now_ms);

#endif
