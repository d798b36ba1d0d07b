/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_range.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Digits up to end, which it steps over; false: others, none, or too many. */
static bool read_size(const char **text, char end, size_t *out)
{
	const char *at = *text;
	size_t n = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		if (n > (SIZE_MAX - 9) / 10)
			return false;
		n = 10 * n + (size_t)(*at - '0');
	}
	if (at == *text || *at != end)
		return false;
	*text = end ? at + 1 : at;
	*out = n;
	return true;
}

bool dm_range_read(struct dm_range *r, const char *text)
{
	struct dm_range got = { 0 };

	if (strncasecmp(text, "bytes ", 6))
		return false;
	text += 6;
	if (!read_size(&text, '-', &got.first) ||
	    !read_size(&text, '/', &got.last) || got.last < got.first)
		return false;
	if (strcmp(text, "*") && (!read_size(&text, '\0', &got.total) ||
				  got.total <= got.last))
		return false;
	*r = got;
	return true;
}

const char *dm_range_validator(const char *etag, const char *last_modified,
			       const char *date)
{
	if (etag)
		return etag[0] == '"' ? etag : NULL;	/* W/"x" is weak */
	return last_modified && date && strcmp(last_modified, date) ?
	       last_modified : NULL;
}
