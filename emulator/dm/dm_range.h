/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_range.h - the rest of a file over HTTP
 *
 * Spec: RFC 9110, 13.1.5 (If-Range) and 14.4 (Content-Range). Pure.
 */
#ifndef EMULATOR_DM_RANGE_H
#define EMULATOR_DM_RANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Content-Range: the octets first..last of total; 0: nobody knows. */
struct dm_range {
	size_t first, last, total;
};

/* Reads "bytes 42-99/100", or without the total; false: another text. */
bool dm_range_read(struct dm_range *r, const char *text);

/*
 * By what a server can be asked whether a file is still the same: its ETag, or
 * Last-Modified if that is older than the answer. NULL: by neither. The headers
 * may be NULL; borrows.
 */
const char *dm_range_validator(const char *etag, const char *last_modified,
			       const char *date);

#endif
