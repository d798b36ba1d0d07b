/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chance.h - random numbers that are the same for the same seed
 *
 * splitmix64, by Steele, Lea and Flood (OOPSLA 2014). Good enough to lose some
 * receipts; nothing for secrets.
 */
#ifndef EMULATOR_CHANCE_H
#define EMULATOR_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

#define CHANCE_ALWAYS 1000000	/* in millionths */

static inline uint64_t chance_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Yes in so many of a million cases. What is sure draws no number. */
static inline bool chance_hits(uint64_t *state, uint32_t millionths)
{
	return millionths >= CHANCE_ALWAYS ||
	       chance_next(state) % CHANCE_ALWAYS < millionths;
}

#endif
