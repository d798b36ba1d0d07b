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

	if (f->type == FIELD_NUMBER || f->type == FIELD_SESSION_ID ||
	    f->type == FIELD_CURSOR)
		return number_json(f, text, out, e);
	if (f->type == FIELD_CODE && read_number(text, &number))
		return number_json(f, text, out, e);
	return text_json(f, text, out, e);
}

/* Objects and lists of a method come from somewhere else than an option. */
static bool is_option(const struct field *f)
{
	return f->type != FIELD_OBJECT && f->type != FIELD_LIST &&
	       f->type != FIELD_OBJECTS;
}

/* The table that has the option, and where its value goes. */
static const struct field *find(const struct args *a, const char *name,
				const struct field *method,
				const struct field *own, json_t **into)
{
	const struct field *f = fields_find(own, name);

	*into = a->own;
	if (f)
		return f;
	*into = a->fields;
	f = fields_find(method, name);
	return f && is_option(f) ? f : NULL;
}

/* Puts a value where it belongs; one of a list behind those before it. */
static int set_value(const struct field *f, const char *option, json_t *into,
		     json_t *json, struct err *e)
{
	json_t *before = json_object_get(into, f->name);

	if (f->type == FIELD_LIST && !before) {
		before = json_array();
		json_object_set_new(into, f->name, before);
	}
	if (f->type == FIELD_LIST) {
		json_array_append_new(before, json);
		return DM_OK;
	}
	if (!before) {
		json_object_set_new(into, f->name, json);
		return DM_OK;
	}
	json_decref(json);
	return err_set(e, DM_EINVAL, option, "once",
		       "the option came twice");
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
	const char *option = argv[*i];
	int rc = DM_OK;

	if (value)
		*value++ = '\0';
	f = find(a, name, method, own, &into);
	if (!f)
		return err_set(e, DM_EINVAL, argv[*i], "see --help",
			       "unknown option");
	if (f->type == FIELD_FLAG && value && !f->choices)
		return err_set(e, DM_EINVAL, argv[*i],
			       "this option has no value", "a value came");
	if (f->type == FIELD_FLAG && !value) {
		json = json_true();
	} else {
		if (!value && ++*i < argc)
			value = argv[*i];
		if (!value)
			return err_set(e, DM_EINVAL, argv[*i - 1],
				       "a value behind it", "missing");
		rc = value_json(f, value, &json, e);
	}
	return rc ? rc : set_value(f, option, into, json, e);
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

/* dmboxd's refusals are the user's to mend. */
int args_status(int rc)
{
	return rc == DM_EINVAL ? EXIT_USAGE :
	       rc == DM_EIO ? EXIT_UNAVAILABLE :
	       rc == DM_EBUSY ? EXIT_TRY_AGAIN : EXIT_FAILED;
}

int args_fail(const struct err *e, int status)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "dmbox: %s\n", err_text(e, text, sizeof(text)));
	return status;
}

static void help_one(const struct field *f)
{
	printf("  --%-18s %s\n", f->name, f->help);
}

static bool is_in(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names;
}

void args_help(const struct field *method, const struct field *own,
	       const char *const *but)
{
	static const char *const none[] = { NULL };

	for (const struct field *f = own; f->name; f++)
		help_one(f);
	for (const struct field *f = method; f->name; f++)
		if (is_option(f) && !fields_find(own, f->name) &&
		    !is_in(but ? but : none, f->name))
			help_one(f);
}
