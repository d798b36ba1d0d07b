/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns.h - whose turn it is, where only so many can go on at once
 *
 * First come, first served. Who has to wait costs no more than his place in
 * the line.
 */
#ifndef EMULATOR_TURNS_H
#define EMULATOR_TURNS_H

#include <stdbool.h>
#include <sys/queue.h>

/* A place in the line, and then a turn. Starts zeroed, but for its owner. */
struct turn {
	TAILQ_ENTRY(turn) link;
	struct turns *of;		/* borrowed; NULL: no place */
	bool has_come;
	void *owner;			/* the caller's */
};

struct turns {
	unsigned max;			/* turns at once, 1.. */
	unsigned n;			/* that have come */
	TAILQ_HEAD(, turn) waiting;
};

void turns_init(struct turns *t, unsigned max);

/*
 * Joins the line, if it is not in it. True: its turn has come; also if it had
 * come before.
 */
bool turns_take(struct turns *t, struct turn *turn);

/*
 * Gives a turn back, or leaves the line; without a place, does nothing. Returns
 * who is next because of that: it is his turn now. NULL: nobody.
 */
struct turn *turns_give(struct turn *turn);

#endif
