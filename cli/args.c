/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A whole text as a number; false if it is none, or too big for JSON. */
static bool read_number(const char *text, json_int_t *number)
{
	int base = !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2) ? 16
								      : 10;
	char *end;

	errno = 0;
	*number = strtoll(text, &end, base);
	return *text && *text != '+' && *text != ' ' && !*end && !errno;
}

static int number_json(const struct field *f, const char *text, json_t **out,
		       struct err *e)
{
	json_int_t number;

	if (!read_number(text, &number))
		return err_set(e, DM_EINVAL, f->name,
			       "a decimal or 0x-hexadecimal number", "\"%s\"",
			       text);
	*out = json_integer(number);
	return DM_OK;
}

static int text_json(const struct field *f, const char *text, json_t **out,
		     struct err *e)
{
	*out = json_string(text);
	if (!*out)
		return err_set(e, DM_EINVAL, f->name, "text in UTF-8",
			       "octets that are not UTF-8");
	return DM_OK;
}

static int value_json(const struct field *f, const char *text, json_t **out,
		      struct err *e)
{
	json_int_t number;

	if (f->type == FIELD_NUMBER || f->type == FIELD_SESSION_ID)
		return number_json(f, text, out, e);
	if (f->type == FIELD_CODE && read_number(text, &number))
		return number_json(f, text, out, e);
	return text_json(f, text, out, e);
}

/* The table that has the option, and where its value goes. */
static const struct field *find(const struct args *a, const char *name,
				const struct field *method,
				const struct field *own, json_t **into)
{
	const struct field *f = fields_find(own, name);

	*into = a->own;
	if (!f) {
		f = fields_find(method, name);
		*into = a->fields;
	}
	return f;
}

/* Takes option argv[*i], and its value. */
static int take_option(struct args *a, int argc, char **argv, int *i,
		       const struct field *method, const struct field *own,
		       struct err *e)
{
	char *name = argv[*i] + 2;
	char *value = strchr(name, '=');
	const struct field *f;
	json_t *into, *json;
	int rc = DM_OK;

	if (value)
		*value++ = '\0';
	f = find(a, name, method, own, &into);
	if (!f)
		return err_set(e, DM_EINVAL, argv[*i], "see --help",
			       "unknown option");
	if (json_object_get(into, name))
		return err_set(e, DM_EINVAL, argv[*i], "once",
			       "the option came twice");
	if (f->type == FIELD_FLAG) {
		if (value)
			return err_set(e, DM_EINVAL, argv[*i],
				       "this option has no value",
				       "a value came");
		json = json_true();
	} else {
		if (!value && ++*i < argc)
			value = argv[*i];
		if (!value)
			return err_set(e, DM_EINVAL, argv[*i - 1],
				       "a value behind it", "missing");
		rc = value_json(f, value, &json, e);
	}
	if (!rc)
		json_object_set_new(into, f->name, json);
	return rc;
}

int args_read(struct args *a, int argc, char **argv,
	      const struct field *method, const struct field *own,
	      struct err *e)
{
	bool options = true;
	int rc = DM_OK;

	a->fields = json_object();
	a->own = json_object();
	a->items = argv;
	a->n_items = 0;
	for (int i = 0; i < argc && !rc; i++) {
		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (options && !strncmp(argv[i], "--", 2))
			rc = take_option(a, argc, argv, &i, method, own, e);
		else if (options && argv[i][0] == '-' && argv[i][1])
			rc = err_set(e, DM_EINVAL, argv[i], "see --help",
				     "unknown option");
		else
			argv[a->n_items++] = argv[i];
	}
	return rc;
}

void args_free(struct args *a)
{
	json_decref(a->fields);
	json_decref(a->own);
}

int args_fail(const struct err *e, int status)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "dmbox: %s\n", err_text(e, text, sizeof(text)));
	return status;
}

void args_help_one(const struct field *f)
{
	if (!(f->flags & FIELD_LATER))
		printf("  --%-18s %s\n", f->name, f->help);
}

void args_help(const struct field *table)
{
	for (; table->name; table++)
		args_help_one(table);
}
