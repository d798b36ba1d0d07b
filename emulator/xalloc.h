/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xalloc.h - memory, or the end of the program
 *
 * The emulator keeps nothing that would be lost: when memory is out, it says
 * so and ends.
 */
#ifndef EMULATOR_XALLOC_H
#define EMULATOR_XALLOC_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static inline void *xcheck(void *mem)
{
	if (!mem) {
		fputs("dmbox-emulator: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return mem;
}

/* Zeroed memory for n (1 or more) things of size octets. */
static inline void *xcalloc(size_t n, size_t size)
{
	return xcheck(calloc(n, size));
}

/* Room for n (1 or more) things of size octets; keeps what is there. */
static inline void *xreallocarray(void *mem, size_t n, size_t size)
{
	return xcheck(reallocarray(mem, n, size));
}

#endif
