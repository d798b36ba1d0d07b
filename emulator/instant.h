/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instant.h - now, on the two clocks that matter
 */
#ifndef EMULATOR_INSTANT_H
#define EMULATOR_INSTANT_H

#include <stdint.h>

struct instant {
	int64_t mono_ms;	/* never runs backwards */
	int64_t wall_s;		/* seconds since 1970 */
};

struct instant instant_now(void);

#endif
