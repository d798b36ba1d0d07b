/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors.h - the golden messages in tests/vectors/<file>.json
 *
 * Each file is an object of sections; most sections are arrays of vectors,
 * objects with a "name". A field that is missing ends the program: a vector
 * that a test does not see would be a test that does not test.
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_OCTETS_MAX 4096	/* octets of any one hex field */

/* A section of a file; loaded once, borrowed. */
const json_t *vectors_section(const char *file, const char *section);

/* The vector with this name in a section. */
const json_t *vectors_find(const char *file, const char *section,
			   const char *name);

/*
 * Calls test for each vector of a section; prints the names of those in which
 * an assertion fails. Returns how many there were.
 */
size_t vectors_each(const char *file, const char *section,
		    void (*test)(const json_t *v));

/* Calls test for each text in a file, however deep. */
void vectors_each_text(const char *file,
		       void (*test)(const char *text, size_t len));

bool vector_has(const json_t *v, const char *field);
const char *vector_text(const json_t *v, const char *field);
long vector_number(const json_t *v, const char *field);
bool vector_bool(const json_t *v, const char *field);

/* Octets of a hex field, in a buffer of VECTOR_OCTETS_MAX. */
size_t vector_hex(const json_t *v, const char *field, uint8_t *out);

#endif
