/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window.h - segments that are with bearerbox and not acknowledged
 *
 * So many at most, so that memory and what a crash sends twice stay bounded.
 * Bearerbox never says that it has stopped reading, so the window knows how
 * long a segment has waited, in ticks of its owner: of a clock that is set it
 * takes no notice. After silence it is one segment wide, until the next
 * acknowledgement: what bearerbox does not read it may read hours later, and
 * send all of it.
 */
#ifndef GATEWAY_WINDOW_H
#define GATEWAY_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WINDOW_MAX 1000		/* segments */

struct flight;

struct slot {			/* a segment; flight NULL: free */
	struct flight *flight;	/* borrowed */
	unsigned segment;
	uint64_t tag;		/* for box_link: no other has it */
	unsigned age;		/* ticks since it was sent */
};

struct window {
	struct slot *slots;	/* owned */
	size_t size;
	size_t n_used;
	uint64_t n_sent;	/* since the start: makes tags */
	bool narrow;		/* bearerbox was silent */
};

void window_init(struct window *w, size_t size);	/* 1..WINDOW_MAX */
void window_free(struct window *w);

/* Segments at most, as it is now; and how many more may be sent. */
size_t window_width(const struct window *w);
size_t window_room(const struct window *w);

/* A free slot with a new tag, which stays free until window_fill(). */
struct slot *window_slot(struct window *w);
void window_fill(struct window *w, struct slot *slot, struct flight *f,
		 unsigned segment);
void window_clear(struct window *w, struct slot *slot);

/* The segment with this tag, or NULL. */
struct slot *window_find(struct window *w, uint64_t tag);

/* All get older by a tick; returns how old the oldest is now, 0 if none. */
unsigned window_tick(struct window *w);

#endif
