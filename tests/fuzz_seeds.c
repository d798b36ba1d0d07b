/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_seeds DIR - writes the seeds of the fuzz targets as files for libFuzzer
 */
#include <stdio.h>

#include "tests/fuzz.h"

static const char *dir;
static unsigned n_seeds;

static void write_seed(const uint8_t *seed, size_t len)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/seed-%04u", dir, n_seeds++);
	f = fopen(path, "wb");
	if (!f || fwrite(seed, 1, len, f) != len || fclose(f)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: fuzz_seeds DIR\n");
		return EXIT_FAILURE;
	}
	dir = argv[1];
	fuzz_each_seed(write_seed);
	printf("%u seeds in %s\n", n_seeds, dir);
	return EXIT_SUCCESS;
}
