/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}
