/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.h - is a device on, and does the network reach it?
 *
 * Pure: who has the clock calls. What is lost is so until reach_ends() says
 * otherwise, so that all that asks at one moment hears the same. Each way is
 * lost and comes back for itself: a device may be off where it is out of reach.
 */
#ifndef EMULATOR_REACH_H
#define EMULATOR_REACH_H

#include <stdbool.h>
#include <stdint.h>

#define REACH_FOR_EVER UINT32_MAX	/* instead of milliseconds */

enum reach_way {
	REACH_POWER,			/* it is off */
	REACH_RADIO,			/* neither SMS nor data */
	REACH_DATA,			/* no data connection */
	REACH_WAYS,
};

/* Starts zeroed: all is well. */
struct reach {
	bool lost[REACH_WAYS];
	int64_t until_ms[REACH_WAYS];	/* INT64_MAX: until reach_mend() */
};

bool reach_is_on(const struct reach *r);
bool reach_takes_sms(const struct reach *r);
bool reach_has_data(const struct reach *r);	/* nothing is lost */

/* Lost from now on for so long; what was said before of this way is void. */
void reach_lose(struct reach *r, enum reach_way way, int64_t now_ms,
		uint32_t ms);

/* All that is lost ends now. */
void reach_mend(struct reach *r);

/* Was it lost, and is that over now? Says so once. */
bool reach_ends(struct reach *r, enum reach_way way, int64_t now_ms);

/* When something ends next; INT64_MAX: not by itself. */
int64_t reach_next_ms(const struct reach *r);

#endif
