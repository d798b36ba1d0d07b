/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/arena.h"

#include <stdalign.h>
#include <string.h>

#define ALIGN alignof(max_align_t)

void *arena_alloc(struct arena *a, size_t len)
{
	size_t at = (a->used + ALIGN - 1) / ALIGN * ALIGN;

	if (at > a->cap || len > a->cap - at)
		return NULL;
	a->used = at + len;
	return memset(a->buf + at, 0, len);
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
	char *copy;

	if (a->used > a->cap || len >= a->cap - a->used)
		return NULL;
	copy = (char *)a->buf + a->used;
	a->used += len + 1;
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}
