/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range.h - which part of a package a device still needs
 *
 * Spec: RFC 9110, 14. Pure.
 */
#ifndef DM_SERVER_RANGE_H
#define DM_SERVER_RANGE_H

#include <stddef.h>

enum range {
	RANGE_NONE,			/* all of it */
	RANGE_PART,
	RANGE_BEYOND,			/* nothing of it is there */
};

/*
 * Reads a header Range, for size octets, 1 or more. RANGE_PART: *from and *len
 * say what. What cannot be read, and more than one part, is RANGE_NONE: a
 * server need not obey it.
 */
enum range range_read(const char *header, size_t size, size_t *from,
		      size_t *len);

#endif
