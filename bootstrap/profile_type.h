/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_type.h - the types of a profile's fields
 *
 * One table. A range concerns what its type counts: octets of a text, octets
 * that base64 or hex decode to, a number's value.
 */
#ifndef BOOTSTRAP_PROFILE_TYPE_H
#define BOOTSTRAP_PROFILE_TYPE_H

#include "bootstrap/profile.h"

/* What a profile may say of a field's range; min > max: nothing at all. */
struct profile_range {
	int32_t least;		/* a min may be this or more */
	int32_t min;		/* where the profile has none */
	int32_t max;		/* the same; a max may be this or less */
};

/* DM_OK and the type, or DM_ENOENT. */
int profile_type_find(const char *name, enum profile_type *type) DM_CHECK;

const char *profile_type_names(void);	/* "text, word, ...": for messages */

struct profile_range profile_type_range(enum profile_type type);

/*
 * Is it a value of the field? DM_OK, or DM_EINVAL with *e about the field; of
 * a secret field it does not tell what came.
 */
int profile_type_check(const struct profile_field *f, const char *value,
		       struct err *e) DM_CHECK;

/* A number as fields have it: decimal, no blanks, +, or zeros in front. */
bool profile_number(const char *text, int32_t *n);

/* Is the word one of "a, b, c"? */
bool profile_in_list(const char *list, const char *word);

#endif
