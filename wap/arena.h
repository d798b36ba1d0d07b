/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - bounded memory that the caller gives
 *
 * For trees whose size the input decides: nothing is freed singly, the caller
 * takes the whole back. Documents carry secrets, so the caller wipes it, too.
 *
 *	struct arena a = { .buf = room, .cap = sizeof(room) };
 */
#ifndef WAP_ARENA_H
#define WAP_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
	uint8_t *buf;		/* borrowed; aligned for any type */
	size_t cap;		/* octets of room */
	size_t used;		/* octets */
};

/* Zeroed memory, aligned for any type; NULL if there is not enough left. */
void *arena_alloc(struct arena *a, size_t len);

/* A copy of len octets with a NUL behind them; NULL as above. */
char *arena_text(struct arena *a, const char *text, size_t len);

#endif
