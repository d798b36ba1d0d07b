/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/window.h"

#include <assert.h>
#include <stdlib.h>

#include "gateway/xalloc.h"

void window_init(struct window *w, size_t size)
{
	assert(size >= 1 && size <= WINDOW_MAX);
	*w = (struct window){ .slots = xcalloc(size, sizeof(*w->slots)),
			      .size = size };
}

void window_free(struct window *w)
{
	free(w->slots);
}

size_t window_width(const struct window *w)
{
	return w->narrow ? 1 : w->size;
}

size_t window_room(const struct window *w)
{
	size_t width = window_width(w);

	return width > w->n_used ? width - w->n_used : 0;
}

struct slot *window_slot(struct window *w)
{
	assert(w->n_used < w->size);
	for (size_t i = w->n_sent % w->size;; i = (i + 1) % w->size) {
		struct slot *slot = &w->slots[i];

		if (slot->flight)
			continue;
		slot->tag = w->n_sent << 16 | i;
		return slot;
	}
}

void window_fill(struct window *w, struct slot *slot, struct flight *f,
		 unsigned segment)
{
	slot->flight = f;
	slot->segment = segment;
	slot->age = 0;
	w->n_used++;
	w->n_sent++;
}

void window_clear(struct window *w, struct slot *slot)
{
	slot->flight = NULL;
	w->n_used--;
}

struct slot *window_find(struct window *w, uint64_t tag)
{
	size_t i = tag & 0xffff;

	if (i < w->size && w->slots[i].flight && w->slots[i].tag == tag)
		return &w->slots[i];
	return NULL;
}

unsigned window_tick(struct window *w)
{
	unsigned oldest = 0;

	for (size_t i = 0; i < w->size; i++)
		if (w->slots[i].flight && ++w->slots[i].age > oldest)
			oldest = w->slots[i].age;
	return oldest;
}
