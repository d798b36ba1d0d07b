/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/profile.h"

#include <string.h>

#include "bootstrap/profile_template.h"
#include "bootstrap/profile_type.h"

static int take_value(const struct profile *p, const struct profile_value *v,
		      const char **values, struct err *e)
{
	size_t i = profile_find(p, v->name, strlen(v->name));

	if (i == p->n_fields)
		return err_set(e, DM_EINVAL, v->name,
			       "a field of the profile", "unknown field");
	if (values[i])
		return err_set(e, DM_EINVAL, v->name, "each field once",
			       "given twice");
	values[i] = v->value;
	return profile_type_check(&p->fields[i], v->value, e);
}

static int take_values(const struct profile *p,
		       const struct profile_value *given, size_t n,
		       const char **values, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int rc = take_value(p, &given[i], values, e);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < p->n_fields; i++)
		if (p->fields[i].required && !values[i])
			return err_set(e, DM_EINVAL, p->fields[i].name,
				       "it is required", "missing");
	return DM_OK;
}

/* A user without an access point, a certificate without its hash. */
static int check_used(const struct profile *p, const char *const *given,
		      uint64_t used, struct err *e)
{
	for (size_t i = 0; i < p->n_fields; i++) {
		const struct profile_field *f = &p->fields[i];

		if (!given[i] || used >> i & 1 ||
		    (f->type == PROFILE_FLAG && !strcmp(given[i], "no")))
			continue;
		return err_set(e, DM_EINVAL, f->name,
			       "it together with what it belongs to",
			       "it has no place in this document");
	}
	return DM_OK;
}

int profile_fill(const struct profile *p, const struct profile_value *values,
		 size_t n, struct arena *a, struct xml_node **root,
		 struct err *e)
{
	const char *given[PROFILE_FIELDS_MAX] = { NULL };
	const char *all[PROFILE_FIELDS_MAX] = { NULL };
	struct xml_node *document;
	uint64_t used;
	int rc = take_values(p, values, n, given, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < p->n_fields; i++)
		all[i] = given[i] ? given[i] : p->fields[i].default_value;
	if (profile_template_fill(p, all, a, &document, &used))
		return err_set(e, DM_ENOSPC, "profile", "shorter values",
			       "the document is too big");
	rc = check_used(p, given, used, e);
	if (!rc)
		*root = document;
	return rc;
}
