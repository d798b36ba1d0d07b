/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xalloc.h - memory, or the end of the program
 *
 * The queue is on disk, so a restart loses nothing; code that limps on without
 * memory might.
 */
#ifndef GATEWAY_XALLOC_H
#define GATEWAY_XALLOC_H

#include <stddef.h>

/* n zeroed things of this size; free() releases them. Never NULL. */
void *xcalloc(size_t n, size_t size);

#endif
