/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "gateway/request/request.h"

struct own {
	const char *profiles;
	int32_t json;
	int32_t help;
};

static const struct field own_fields[] = {
	{ "profiles", FIELD_TEXT, 0, offsetof(struct own, profiles), 1, 4000,
	  0, NULL, "FOLDER: of profiles; default: DMBOX_PROFILES, or\n"
	  "                       " PROFILES },
	{ "json", FIELD_FLAG, 0, offsetof(struct own, json), 0, 0, 0, NULL,
	  "for programs" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

/* Types without one leave it at 0. */
static bool has_range(const struct profile_field *f)
{
	return f->min || f->max;
}

/* --------------------------------- JSON --------------------------------- */

static json_t *field_json(const struct profile_field *f)
{
	json_t *o = json_pack("{s:s, s:s, s:b, s:b, s:s}", "name", f->name,
			      "type", profile_type_name(f->type), "required",
			      (int)f->required, "secret", (int)f->secret,
			      "help", f->help);

	if (f->default_value)
		json_object_set_new(o, "default",
				    json_string(f->default_value));
	if (f->choices)
		json_object_set_new(o, "choices", json_string(f->choices));
	if (has_range(f)) {
		json_object_set_new(o, "min", json_integer(f->min));
		json_object_set_new(o, "max", json_integer(f->max));
	}
	return o;
}

static json_t *profile_json(const struct profile *p)
{
	json_t *fields = json_array();

	for (size_t i = 0; i < p->n_fields; i++)
		json_array_append_new(fields, field_json(&p->fields[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", p->name,
			 "kind", p->is_dm ? "dm" : "cp", "client", p->client,
			 "summary", p->summary, "fields", fields);
}

static void dump(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}

/* -------------------------------- people -------------------------------- */

static void print_range(const struct profile_field *f)
{
	const char *type = profile_type_name(f->type);

	if (f->choices)
		printf("%s", f->choices);
	else if (has_range(f))
		printf("%s, %d to %d%s", type, f->min, f->max,
		       f->type == PROFILE_NUMBER ? "" : " octets");
	else
		printf("%s", type);
}

static void print_field(const struct profile_field *f)
{
	printf("  %-20s %s\n%23s(", f->name, f->help, "");
	print_range(f);
	if (f->required)
		printf("; required");
	if (f->default_value)
		printf("; default: %s", f->default_value);
	if (f->secret)
		printf("; secret");
	puts(")");
}

static int show(const struct profile_dir *d, const char *name, bool json,
		struct err *e)
{
	const struct profile *p = profile_dir_find(d, name);

	if (!p)
		return err_set(e, DM_EINVAL, "profile",
			       "a name of dmbox profile list", "\"%s\"",
			       name);
	if (json) {
		dump(profile_json(p));
		return DM_OK;
	}
	printf("%s: %s\nfor clients like: %s\nfields:\n", p->name, p->summary,
	       p->client);
	for (size_t i = 0; i < p->n_fields; i++)
		print_field(&p->fields[i]);
	return DM_OK;
}

static void list(const struct profile_dir *d, bool json)
{
	json_t *all = json_array();

	for (size_t i = 0; profile_dir_at(d, i); i++) {
		const struct profile *p = profile_dir_at(d, i);

		if (json)
			json_array_append_new(all, profile_json(p));
		else
			printf("%-20s %s\n", p->name, p->summary);
	}
	if (json)
		dump(json_incref(all));
	json_decref(all);
}

static int run(const struct args *a, const struct own *own, struct err *e)
{
	bool is_list = a->n_items == 1 && !strcmp(a->items[0], "list");
	bool is_show = a->n_items == 2 && !strcmp(a->items[0], "show");
	struct profile_dir d;
	int rc;

	if (!is_list && !is_show)
		return err_set(e, DM_EINVAL, "arguments",
			       "profile list, or profile show NAME",
			       "something else");
	rc = document_profiles(own->profiles, &d, e);
	if (rc)
		return rc;
	if (is_list)
		list(&d, own->json);
	else
		rc = show(&d, a->items[1], own->json, e);
	profile_dir_free(&d);
	return rc;
}

int command_profile(int argc, char **argv)
{
	struct args a;
	struct own own;
	struct err e;
	int rc = args_read(&a, argc, argv, request_no_fields, own_fields, &e);

	if (!rc)
		rc = fields_parse(own_fields, a.own, false, &own, &e);
	if (!rc && own.help) {
		puts("usage: dmbox profile list [OPTION...]\n"
		     "       dmbox profile show NAME [OPTION...]\n");
		args_help(request_no_fields, own_fields, NULL);
		args_free(&a);
		return EXIT_OK;
	}
	if (!rc)
		rc = run(&a, &own, &e);
	args_free(&a);
	return rc ? args_fail(&e, EXIT_USAGE) : EXIT_OK;
}
