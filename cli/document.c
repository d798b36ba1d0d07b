/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/text_file.h"
#include "wap/hash.h"

static int fill_file(const char *path, const char *name, json_t *fields,
		     struct err *e)
{
	json_t *json;
	char *text;
	size_t len;
	int rc = text_file_read(path, XML_OCTETS_MAX, &text, &len, e);

	if (rc)
		return rc;
	json = json_stringn(text, len);
	if (!json || strlen(text) != len)
		rc = err_set(e, DM_EINVAL, name, "text in UTF-8",
			     "%s: something else", path);
	else
		json_object_set(fields, name, json);
	json_decref(json);
	hash_wipe(text, len);
	free(text);
	return rc;
}

/* "FIELD=VALUE" to a member. */
static int fill_field(const char *text, json_t *object, struct err *e)
{
	const char *equals = strchr(text, '=');
	char name[PROFILE_NAME_MAX + 1];
	size_t len = equals ? (size_t)(equals - text) : 0;

	if (len == 0 || len >= sizeof(name))
		return err_set(e, DM_EINVAL, "set", "FIELD=VALUE",
			       "no name of 1 to 32 characters before '='");
	memcpy(name, text, len);
	name[len] = '\0';
	if (json_object_get(object, name))
		return err_set(e, DM_EINVAL, name, "once", "it came twice");
	json_object_set_new(object, name, json_string(equals + 1));
	return DM_OK;
}

static int fill_fields(json_t *set, json_t *fields, struct err *e)
{
	json_t *object = json_object();
	json_t *item;
	size_t i;
	int rc = DM_OK;

	json_array_foreach(set, i, item)
		if (!rc)
			rc = fill_field(json_string_value(item), object, e);
	json_object_set_new(fields, "fields", object);
	return rc;
}

int document_fill(const struct document_options *o, json_t *fields,
		  struct err *e)
{
	int rc = DM_OK;

	if (o->xml)
		rc = fill_file(o->xml, "xml", fields, e);
	if (!rc && o->dm_xml)
		rc = fill_file(o->dm_xml, "dm-xml", fields, e);
	if (!rc && o->set)
		rc = fill_fields(o->set, fields, e);
	return rc;
}

int document_profiles(const char *path, struct profile_dir *d, struct err *e)
{
	const char *environment = getenv("DMBOX_PROFILES");

	if (!path)
		path = environment && *environment ? environment : PROFILES;
	return profile_dir_load(d, path, e);
}

void document_print_findings(const struct lint *l, const char *prefix, FILE *to)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct lint_finding *f = &l->findings[i];

		fprintf(to, "%s:", prefix);
		if (f->line)
			fprintf(to, "%u:", f->line);
		fprintf(to, " %s: %s: %s (%s)\n",
			lint_severity_name(f->severity), f->where, f->what,
			f->why);
	}
	if (l->n_left_out)
		fprintf(to, "%s: %zu more findings\n", prefix, l->n_left_out);
}
