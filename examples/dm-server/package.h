/* SPDX-License-Identifier: Apache-2.0 */
/*
 * package.h - the update packages on our web site
 */
#ifndef DM_SERVER_PACKAGE_H
#define DM_SERVER_PACKAGE_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"
#include "wap/hash.h"

struct packages;

struct package {
	int fd;				/* open for reading; the caller's */
	size_t size;			/* octets, 1.. */
	uint8_t sha256[HASH_SHA256_LEN];
};

/* The packages in a folder, borrowed. Without memory the program ends. */
struct packages *packages_open(const char *folder);
void packages_close(struct packages *s);

/*
 * Opens a package. It is read for its digest, unless it is one of the last few
 * and the same file as then (size, time of change). Its name has letters,
 * digits and . _ - only, no dot in front: so it is a file of the folder.
 * Returns DM_OK, or DM_ENOENT with *e (bad name, no such file, empty).
 */
int package_open(struct packages *s, const char *name, struct package *p,
		 struct err *e) DM_CHECK;

#endif
