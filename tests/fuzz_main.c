/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_main.c - stands in for libFuzzer where there is none
 *
 * Feeds a target the seeds and mutations of them that are the same in every
 * run: a failure repeats. Prints one TAP line. FUZZ_ROUNDS in the environment
 * is the number of mutations of a seed, instead of ROUNDS.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/fuzz.h"
#include "tests/tap.h"

#define SEEDS_MAX 2000
#ifndef ROUNDS		/* a slow target may have fewer */
#define ROUNDS 2000		/* mutations of each seed */
#endif
#define STEPS_MAX 4		/* changes in one mutation */

struct input {
	uint8_t octets[FUZZ_INPUT_MAX];
	size_t len;
};

static struct {
	uint8_t *octets;	/* owned */
	size_t len;
} seeds[SEEDS_MAX];
static size_t n_seeds;
static uint64_t state = 20250101;	/* any; fixed, so that runs repeat */

static bool is_known(const uint8_t *seed, size_t len)
{
	for (size_t i = 0; i < n_seeds; i++)
		if (seeds[i].len == len && !memcmp(seeds[i].octets, seed, len))
			return true;
	return false;
}

static void add_seed(const uint8_t *seed, size_t len)
{
	if (len == 0 || n_seeds == SEEDS_MAX || is_known(seed, len))
		return;
	seeds[n_seeds].octets = malloc(len);
	FUZZ_CHECK(seeds[n_seeds].octets);
	memcpy(seeds[n_seeds].octets, seed, len);
	seeds[n_seeds++].len = len;
}

static void flip(struct input *in)
{
	size_t bit = tap_random_below(&state, 8 * in->len);

	in->octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

static void overwrite(struct input *in)
{
	static const uint8_t edges[] = {
		0x00, 0x01, 0x1e, 0x1f, 0x20, 0x7f, 0x80, 0xfe, 0xff,
	};

	in->octets[tap_random_below(&state, in->len)] =
		edges[tap_random_below(&state, sizeof(edges))];
}

static void cut(struct input *in)
{
	in->len = 1 + tap_random_below(&state, in->len);
}

static void insert(struct input *in)
{
	size_t n = 1 + tap_random_below(&state, 4);
	size_t at = tap_random_below(&state, in->len);

	if (in->len + n > FUZZ_INPUT_MAX)
		return;
	memmove(in->octets + at + n, in->octets + at, in->len - at);
	tap_random_octets(&state, in->octets + at, n);
	in->len += n;
}

static void drop(struct input *in)
{
	size_t at = tap_random_below(&state, in->len);

	if (in->len == 1)
		return;
	memmove(in->octets + at, in->octets + at + 1, in->len - at - 1);
	in->len--;
}

/* The beginning of this one, and then the end of another. */
static void splice(struct input *in)
{
	size_t other = tap_random_below(&state, n_seeds);
	size_t from = tap_random_below(&state, seeds[other].len);
	size_t n = seeds[other].len - from;
	size_t at = tap_random_below(&state, in->len);

	if (at + n > FUZZ_INPUT_MAX)
		return;
	memcpy(in->octets + at, seeds[other].octets + from, n);
	in->len = at + n;
}

/* A block of its own, so that the sanitizer sees one octet too many read. */
static void feed(const uint8_t *octets, size_t len)
{
	uint8_t *copy = malloc(len);

	FUZZ_CHECK(copy);
	memcpy(copy, octets, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void feed_mutation(size_t seed)
{
	static void (*const steps[])(struct input *in) = {
		flip, overwrite, cut, insert, drop, splice,
	};
	size_t n = 1 + tap_random_below(&state, STEPS_MAX);
	struct input in = { .len = seeds[seed].len };

	memcpy(in.octets, seeds[seed].octets, in.len);
	while (n-- > 0)
		steps[tap_random_below(&state, 6)](&in);
	feed(in.octets, in.len);
}

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *text = getenv("FUZZ_ROUNDS");
	unsigned long rounds = text ? strtoul(text, NULL, 10) : ROUNDS;

	printf("1..1\n");
	fflush(stdout);
	fuzz_each_seed(add_seed);
	feed((const uint8_t *)"", 0);
	for (size_t i = 0; i < n_seeds; i++) {
		feed(seeds[i].octets, seeds[i].len);
		for (unsigned long k = 0; k < rounds; k++)
			feed_mutation(i);
	}
	printf("ok 1 - %s survives %lu inputs\n",
	       slash ? slash + 1 : "fuzz target",
	       1 + n_seeds * (1 + rounds));
	for (size_t i = 0; i < n_seeds; i++)
		free(seeds[i].octets);
	return EXIT_SUCCESS;
}
