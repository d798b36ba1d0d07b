/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/instant.h"

#include <time.h>

struct instant instant_now(void)
{
	struct timespec mono, wall;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &wall);
	return (struct instant){
		.mono_ms = (int64_t)mono.tv_sec * 1000 +
			   mono.tv_nsec / 1000000,
		.wall_s = wall.tv_sec,
	};
}
