/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wap/hex.h"

static unsigned n_done;

static void print_failures(const CU_pFailureRecord first)
{
	for (CU_pFailureRecord f = first; f; f = f->pNext)
		printf("# %s:%u: %s\n", f->strFileName, f->uiLineNumber,
		       f->strCondition);
}

static void test_done(const CU_pTest test, const CU_pSuite suite,
		      const CU_pFailureRecord failure)
{
	(void)suite;
	printf("%s %u - %s\n", failure ? "not ok" : "ok", ++n_done,
	       test->pName);
	print_failures(failure);
	fflush(stdout);
}

int tap_run(const char *name, CU_TestInfo *tests)
{
	CU_SuiteInfo suites[] = {
		{ name, NULL, NULL, NULL, NULL, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failures, n = 0;

	while (tests[n].pName)
		n++;
	printf("1..%u\n", n);
	if (CU_initialize_registry() || CU_register_suites(suites)) {
		printf("Bail out! CUnit: %s\n", CU_get_error_msg());
		return EXIT_FAILURE;
	}
	CU_set_test_complete_handler(test_done);
	CU_run_all_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}

const char *tap_path(const char *name)
{
	static char path[4096];
	const char *srcdir = getenv("srcdir");

	snprintf(path, sizeof(path), "%s/tests/%s", srcdir ? srcdir : ".",
		 name);
	return path;
}

size_t tap_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t len;

	if (hex_decode(hex, strlen(hex), out, cap, &len)) {
		printf("Bail out! bad hex in a test: %s\n", hex);
		exit(EXIT_FAILURE);
	}
	return len;
}

static void print_octets(const char *name, const uint8_t *octets, size_t len)
{
	printf("# %s %zu:", name, len);
	for (size_t i = 0; i < len && i < 200; i++)
		printf(" %02x", octets[i]);
	printf("\n");
}

bool tap_same(const void *got, size_t got_len, const void *want,
	      size_t want_len)
{
	if (got_len == want_len &&
	    (got_len == 0 || memcmp(got, want, got_len) == 0))
		return true;
	print_octets("got ", got, got_len);
	print_octets("want", want, want_len);
	return false;
}

static uint8_t *block(size_t len)
{
	uint8_t *mem = malloc(len);

	if (!mem) {
		printf("Bail out! out of memory\n");
		exit(EXIT_FAILURE);
	}
	return mem;
}

void tap_each_cut(const uint8_t *in, size_t len,
		  void (*test)(const uint8_t *in, size_t len))
{
	for (size_t n = 0; n < len; n++) {
		uint8_t *cut = block(n);

		memcpy(cut, in, n);
		test(cut, n);
		free(cut);
		test(in, n);
	}
}

void tap_each_short(size_t need, void (*test)(uint8_t *out, size_t cap))
{
	for (size_t cap = 0; cap < need; cap++) {
		uint8_t *out = block(cap);

		test(out, cap);
		free(out);
	}
}

uint64_t tap_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

size_t tap_random_below(uint64_t *state, size_t limit)
{
	return (size_t)(tap_random(state) % limit);
}

void tap_random_octets(uint64_t *state, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)tap_random(state);
}

void tap_property(unsigned n, void (*test)(uint64_t *state))
{
	uint64_t seeds = 20250101;	/* any; fixed, so that runs repeat */
	unsigned before = CU_get_number_of_failures();

	for (unsigned i = 0; i < n; i++) {
		uint64_t seed = tap_random(&seeds);
		uint64_t state = seed;

		test(&state);
		if (CU_get_number_of_failures() == before)
			continue;
		printf("# with the random seed 0x%llx\n",
		       (unsigned long long)seed);
		return;
	}
}
