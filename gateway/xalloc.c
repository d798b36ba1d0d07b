/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return check(calloc(n, size));
}

char *xstrdup(const char *text)
{
	return check(strdup(text));
}
