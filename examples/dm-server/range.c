/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define UNIT "bytes="

/* At *text; no digit: false. What is too large is as large as can be. */
static bool read_number(const char **text, size_t *out)
{
	size_t n = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9'; at++)
		n = n > SIZE_MAX / 10 - 1 ? SIZE_MAX :
		    10 * n + (size_t)(*at - '0');
	*out = n;
	if (at == *text)
		return false;
	*text = at;
	return true;
}

/* "FIRST-LAST", "FIRST-" or "-SUFFIX" */
enum range range_read(const char *header, size_t size, size_t *from,
		      size_t *len)
{
	size_t first, last;
	bool has_first, has_last;

	if (strncasecmp(header, UNIT, strlen(UNIT)))
		return RANGE_NONE;
	header += strlen(UNIT);
	has_first = read_number(&header, &first);
	if (*header++ != '-')
		return RANGE_NONE;
	has_last = read_number(&header, &last);
	if (*header || (!has_first && !has_last) ||
	    (has_first && has_last && last < first))
		return RANGE_NONE;
	if (has_first ? first >= size : !last)
		return RANGE_BEYOND;
	if (!has_first)
		first = last < size ? size - last : 0;
	if (!has_first || !has_last || last >= size)
		last = size - 1;
	*from = first;
	*len = last - first + 1;
	return RANGE_PART;
}
