/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/reach.h"

bool reach_is_on(const struct reach *r)
{
	return !r->lost[REACH_POWER];
}

bool reach_takes_sms(const struct reach *r)
{
	return reach_is_on(r) && !r->lost[REACH_RADIO];
}

bool reach_has_data(const struct reach *r)
{
	return reach_takes_sms(r) && !r->lost[REACH_DATA];
}

void reach_lose(struct reach *r, enum reach_way way, int64_t now_ms,
		uint32_t ms)
{
	r->lost[way] = true;
	r->until_ms[way] = ms == REACH_FOR_EVER ? INT64_MAX : now_ms + ms;
}

void reach_mend(struct reach *r)
{
	for (int way = 0; way < REACH_WAYS; way++)
		r->until_ms[way] = 0;
}

bool reach_ends(struct reach *r, enum reach_way way, int64_t now_ms)
{
	if (!r->lost[way] || r->until_ms[way] > now_ms)
		return false;
	r->lost[way] = false;
	return true;
}

int64_t reach_next_ms(const struct reach *r)
{
	int64_t next = INT64_MAX;

	for (int way = 0; way < REACH_WAYS; way++)
		if (r->lost[way] && r->until_ms[way] < next)
			next = r->until_ms[way];
	return next;
}
