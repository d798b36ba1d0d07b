/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "wap/hash.h"

void wipe_free(void *p)
{
	if (p)
		hash_wipe(p, malloc_usable_size(p));
	free(p);
}

/* Never in place: realloc() itself may leave a copy behind. */
void *wipe_realloc(void *p, size_t size)
{
	void *new = malloc(size);
	size_t old = p ? malloc_usable_size(p) : 0;

	if (new && old)
		memcpy(new, p, old < size ? old : size);
	if (new)
		wipe_free(p);
	return new;
}
