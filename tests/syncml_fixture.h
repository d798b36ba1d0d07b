/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syncml_fixture.h - SyncML DM messages for tests: the files in tests/syncml/
 */
#ifndef TESTS_SYNCML_FIXTURE_H
#define TESTS_SYNCML_FIXTURE_H

#include "syncml/codec.h"

/* "dm112-package1", ..., "dm12-package4"; NULL ends them. */
extern const char *const syncml_names[];

/* A file and a NUL; the next call overwrites it. Ends the program if not. */
const char *syncml_file(const char *name);

/* Reads a text into the arena, or ends the program. */
struct syncml_message syncml_from_text(struct arena *a, const char *xml);

/* The message as indented XML; the next call overwrites it. */
const char *syncml_to_text(const struct syncml_message *m);

#endif
