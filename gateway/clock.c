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

void random_digits(char *out, size_t size)
{
	unsigned char octet;
	size_t n = 0;

	while (n < size - 1) {
		random_octets(&octet, 1);
		if (octet < 250)	/* each digit as often as the others */
			out[n++] = (char)('0' + octet % 10);
	}
	out[n] = '\0';
}
