/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/turns.h"

#include <assert.h>
#include <stddef.h>

void turns_init(struct turns *t, unsigned max)
{
	assert(max > 0);
	t->max = max;
	t->n = 0;
	TAILQ_INIT(&t->waiting);
}

static void begin(struct turns *t, struct turn *turn)
{
	turn->has_come = true;
	t->n++;
}

bool turns_take(struct turns *t, struct turn *turn)
{
	assert(!turn->of || turn->of == t);
	if (turn->of)
		return turn->has_come;
	turn->of = t;
	turn->has_come = false;
	if (t->n < t->max)
		begin(t, turn);
	else
		TAILQ_INSERT_TAIL(&t->waiting, turn, link);
	return turn->has_come;
}

struct turn *turns_give(struct turn *turn)
{
	struct turns *t = turn->of;
	struct turn *next;

	turn->of = NULL;
	if (!t)
		return NULL;
	if (!turn->has_come) {
		TAILQ_REMOVE(&t->waiting, turn, link);
		return NULL;
	}
	t->n--;
	next = TAILQ_FIRST(&t->waiting);
	if (next) {
		TAILQ_REMOVE(&t->waiting, next, link);
		begin(t, next);
	}
	return next;
}
