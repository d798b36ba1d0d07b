/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/clock.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void random_octets(void *out, size_t len)
{
	if (getentropy(out, len))	/* fails only for len > 256 */
		abort();
}
