/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/rate.h"

#include <string.h>

/* Empties the buckets of the seconds in which nothing was added. */
static void advance(struct rate *r, int64_t second)
{
	if (second < r->second || second - r->second >= RATE_SECONDS) {
		memset(r->buckets, 0, sizeof(r->buckets));
		r->second = second;
	}
	while (r->second < second)
		r->buckets[++r->second % RATE_SECONDS] = 0;
}

void rate_add(struct rate *r, int64_t now_ms, uint32_t n)
{
	advance(r, now_ms / 1000);
	r->buckets[r->second % RATE_SECONDS] += n;
}

double rate_get(struct rate *r, int64_t now_ms)
{
	uint64_t sum = 0;

	advance(r, now_ms / 1000);
	for (unsigned i = 0; i < RATE_SECONDS; i++)
		sum += r->buckets[i];
	return (double)sum / RATE_SECONDS;
}
