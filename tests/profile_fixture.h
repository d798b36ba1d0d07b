/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_fixture.h - profiles for tests: made of strings, or those in
 * conf/profiles/
 */
#ifndef TESTS_PROFILE_FIXTURE_H
#define TESTS_PROFILE_FIXTURE_H

#include "bootstrap/profile.h"

/* Line 1 is the profile, 2 what fields says, 3 the document. */
#define HEAD "<profile client='generic' summary='s'>\n"
#define CP(inside) "<document><wap-provisioningdoc>" inside \
	"</wap-provisioningdoc></document></profile>"
#define PROFILE(fields, inside) HEAD fields "\n" CP(inside)

/* A field of type text with more attributes; it once in a parm. */
#define FIELD(name, more) "<field name='" name "' type='text' " more \
	">help</field>"
#define REQUIRED(name) FIELD(name, "required='yes'")
#define PARM(value) "<parm name='P' value='" value "'/>"

/* What the last call below read or found wrong. */
extern struct profile profile;
extern struct err profile_err;

/* The names of the files in conf/profiles/; NULL ends them. */
extern const char *const profile_names[];

/* A file, path from tests/ on, and a NUL, to out. Ends the program if not. */
size_t read_test_file(const char *path, char *out, size_t cap);

int read_text(const char *text);

/* A profile that must be good; asserts, or ends the program. */
void assert_reads(const char *text);
void load_profile(const char *name);

/* The document, NULL if it is refused. */
struct xml_node *fill_values(const struct profile_value *values, size_t n);

/* The same, which must be good. */
struct xml_node *assert_fills(const struct profile_value *values,
				      size_t n);

/* On one line; the next call overwrites it. */
const char *xml_of(const struct xml_node *root);

/* A value that field i takes, and that is not its default. */
const char *some_value(size_t i);

/* Such values of the required fields; returns how many. */
size_t required_values(struct profile_value values[PROFILE_FIELDS_MAX]);

#endif
