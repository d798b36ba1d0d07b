/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/time_text.h"

#include <stdio.h>
#include <time.h>

const char *time_text(int64_t ms, char out[TIME_TEXT_SIZE])
{
	time_t s = (time_t)(ms / 1000);
	struct tm tm;
	size_t n = strftime(out, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S",
			    gmtime_r(&s, &tm));

	snprintf(out + n, TIME_TEXT_SIZE - n, ".%03dZ", (int)(ms % 1000));
	return out;
}
