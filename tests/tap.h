/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tap.h - runs CUnit tests and prints a TAP line for each
 *
 * What every test program's main() does: give a name and a table of tests that
 * ends with CU_TEST_INFO_NULL.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns main's exit status: 0 if all passed. */
int tap_run(const char *suite, CU_TestInfo *tests);

/*
 * A file below tests/ of the source tree, as a path in a buffer that the next
 * call overwrites.
 */
const char *tap_path(const char *name);

/* Hex text to octets in a test's buffer; ends the program if it does not. */
size_t tap_hex(const char *hex, uint8_t *out, size_t cap);

/* Are the octets the same? If not, prints both as hex. */
bool tap_same(const void *got, size_t got_len, const void *want,
	      size_t want_len);

/*
 * Calls test with each beginning of in that is shorter than len octets: 0,
 * 1, ... len - 1. Each comes twice: as a block of its own, so that the address
 * sanitizer sees one octet too many read, and where it is, so that such an
 * octet makes a difference.
 */
void tap_each_cut(const uint8_t *in, size_t len,
		  void (*test)(const uint8_t *in, size_t len));

/* The same for output: calls test with 0, 1, ... need - 1 octets of room. */
void tap_each_short(size_t need, void (*test)(uint8_t *out, size_t cap));

/* Random numbers that are the same in every run: splitmix64. */
uint64_t tap_random(uint64_t *state);
size_t tap_random_below(uint64_t *state, size_t limit);	/* 0..limit-1 */
void tap_random_octets(uint64_t *state, uint8_t *out, size_t len);

/*
 * Calls test n times, each time with another state. When one fails, prints
 * the state that it began with and stops.
 */
void tap_property(unsigned n, void (*test)(uint64_t *state));

#endif
