/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields.h - tables of named parameters, and their check
 *
 * A method's parameters are one table: name, type, range, where the value goes.
 * The API checks JSON against it, the command line makes its options from it;
 * so both say the same. Pure.
 */
#ifndef GATEWAY_FIELDS_H
#define GATEWAY_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

enum field_type {		/* what it is in JSON; where it goes */
	FIELD_TEXT,		/* string, in no error; const char * */
	FIELD_NUMBER,		/* integer; int32_t */
	FIELD_FLAG,		/* true or false; int32_t 1 or 0; or, where it has
				   choices, one of these strings */
	FIELD_CHOICE,		/* string, one of a list; int32_t */
	FIELD_CODE,		/* integer or its text, of a list; int32_t */
	FIELD_SESSION_ID,	/* integer, or hexadecimal text; int32_t */
	FIELD_WSP_VERSION,	/* string like "1.5"; int32_t 0x15 */
	FIELD_OBJECT,		/* object of texts, numbers, flags; json_t * */
	FIELD_LIST,		/* array of strings; json_t * */
	FIELD_CURSOR,		/* integer from 0; int64_t, -1: did not come */
	FIELD_OBJECTS,		/* array of objects; json_t * */
};

enum {
	FIELD_REQUIRED = 1 << 0,
	FIELD_TEST = 1 << 1,	/* lenient: the range begins at 0 */
};

struct field_choice {
	const char *name;	/* NULL ends the list */
	int32_t value;
};

struct field {
	const char *name;	/* NULL ends the table */
	enum field_type type;
	unsigned flags;
	size_t offset;		/* of the value in the request's struct */
	int32_t min, max;	/* number, text's octets, members, items */
	int32_t unset;		/* an int32_t that did not come */
	const struct field_choice *choices;
	const char *help;	/* for --help: value, then meaning */
};

/*
 * Checks params (an object, or NULL for none) against table and fills the
 * struct at out; texts, objects and lists are borrowed from params, NULL where
 * they did not come. Returns DM_OK, or DM_EINVAL (unknown, missing, wrong type,
 * out of range) with *e about the first field that is wrong.
 */
int fields_parse(const struct field *table, json_t *params, bool lenient,
		 void *out, struct err *e) DM_CHECK;

const struct field *fields_find(const struct field *table, const char *name);

/* The choice of this name; NULL if there is none. */
const struct field_choice *
fields_choice_find(const struct field_choice *choices, const char *name);

/* The name of a choice's value; NULL if it has none. */
const char *fields_choice_name(const struct field_choice *choices,
			       int32_t value);

#endif
