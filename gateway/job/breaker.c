/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/breaker.h"

void breaker_count(struct breaker *b, enum segment_event event, int64_t now_ms)
{
	if (event != SEGMENT_NOT_NOW)
		b->n_refused = 0;
	else if (++b->n_refused >= BREAKER_REFUSALS_MAX)
		b->hold_ms = now_ms + BREAKER_HOLD_MS;
}

bool breaker_holds(const struct breaker *b, int64_t now_ms)
{
	int64_t left_ms = b->hold_ms - now_ms;

	return left_ms > 0 && left_ms <= BREAKER_HOLD_MS;
}
