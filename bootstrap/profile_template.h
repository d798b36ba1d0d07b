/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_template.h - the document of a profile, with holes for its fields
 *
 * In attribute values and texts:
 *
 *	{field}		the field's value
 *	{{ }}		{ }
 *
 * On elements, taken off the document; a list of fields is separated by blanks:
 *
 *	if="..."	keep the element if each of them has a value
 *	unless="..."	keep the element if none of them has one
 *
 * A flag has a value if it is yes. Sets of fields are bit masks, bit i stands
 * for fields[i].
 */
#ifndef BOOTSTRAP_PROFILE_TEMPLATE_H
#define BOOTSTRAP_PROFILE_TEMPLATE_H

#include "bootstrap/profile.h"

/* Number of the field with this name of len octets; n_fields: there is none. */
size_t profile_find(const struct profile *p, const char *name, size_t len);

/*
 * Reads every place of the template. Returns DM_OK and the fields that it
 * uses, or DM_EINVAL with *e about "profile", with the line: braces without
 * their other half, a field that is not declared, is a flag, or may be without
 * a value where {field} stands.
 */
int profile_template_check(const struct profile *p, uint64_t *used,
			   struct err *e) DM_CHECK;

/*
 * Copies a checked template with values[i], or NULL, for fields[i]. *used: the
 * fields whose value made a difference. Returns DM_OK or DM_ENOSPC (arena).
 */
int profile_template_fill(const struct profile *p, const char *const *values,
			  struct arena *a, struct xml_node **root,
			  uint64_t *used) DM_CHECK;

#endif
