/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one check needs to know. */
struct check {
	const struct field *f;
	json_t *value;
	bool lenient;
	struct err *e;
};

static int32_t least(const struct check *c)
{
	return c->lenient && c->f->flags & FIELD_TEST ? 0 : c->f->min;
}

static const char *json_kind(const json_t *value)
{
	static const char *const kinds[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "an array",
		[JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number with a fraction",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	return kinds[json_typeof(value)];
}

static int wrong_type(const struct check *c, const char *allowed)
{
	return err_set(c->e, DM_EINVAL, c->f->name, allowed, "%s",
		       json_kind(c->value));
}

static int parse_text(const struct check *c, void *out)
{
	const char *text = json_string_value(c->value);
	char allowed[64];
	size_t len;

	if (!text)
		return wrong_type(c, "a string");
	len = json_string_length(c->value);
	if ((int64_t)len < least(c) || (int64_t)len > c->f->max) {
		snprintf(allowed, sizeof(allowed), "%d to %d octets",
			 least(c), c->f->max);
		return err_set(c->e, DM_EINVAL, c->f->name, allowed,
			       "%zu octets", len);
	}
	memcpy(out, &text, sizeof(text));
	return DM_OK;
}

static int store_number(const struct check *c, json_int_t number, void *out)
{
	int32_t n = (int32_t)number;
	char allowed[64];

	if (number < least(c) || number > c->f->max) {
		snprintf(allowed, sizeof(allowed), "%d to %d", least(c),
			 c->f->max);
		return err_set(c->e, DM_EINVAL, c->f->name, allowed,
			       "%" JSON_INTEGER_FORMAT, number);
	}
	memcpy(out, &n, sizeof(n));
	return DM_OK;
}

static int parse_number(const struct check *c, void *out)
{
	if (!json_is_integer(c->value))
		return wrong_type(c, "a number");
	return store_number(c, json_integer_value(c->value), out);
}

/* "a, b or c" */
static void list_choices(const struct field_choice *choices, char *out,
			 size_t cap)
{
	size_t len = 0;

	for (out[0] = '\0'; choices->name && len < cap; choices++)
		len += (size_t)snprintf(out + len, cap - len, "%s%s",
					len == 0 ? "" :
					choices[1].name ? ", " : " or ",
					choices->name);
}

static int parse_choice(const struct check *c, void *out)
{
	const char *text = json_string_value(c->value);
	const struct field_choice *choice;
	char allowed[160];

	list_choices(c->f->choices, allowed, sizeof(allowed));
	if (!text)
		return wrong_type(c, allowed);
	choice = fields_choice_find(c->f->choices, text);
	if (!choice)
		return err_set(c->e, DM_EINVAL, c->f->name, allowed, "\"%s\"",
			       text);
	memcpy(out, &choice->value, sizeof(choice->value));
	return DM_OK;
}

static int parse_flag(const struct check *c, void *out)
{
	int32_t on = json_is_true(c->value);

	if (c->f->choices && json_is_string(c->value))
		return parse_choice(c, out);
	if (!json_is_boolean(c->value))
		return wrong_type(c, "true or false");
	memcpy(out, &on, sizeof(on));
	return DM_OK;
}

/* A choice that is a number: 8 and "8" are the same. */
static int parse_code(const struct check *c, void *out)
{
	json_int_t number = json_integer_value(c->value);
	const struct field_choice *choice = c->f->choices;
	char allowed[64];

	if (!json_is_integer(c->value))
		return parse_choice(c, out);
	while (choice->name && choice->value != number)
		choice++;
	if (!choice->name) {
		list_choices(c->f->choices, allowed, sizeof(allowed));
		return err_set(c->e, DM_EINVAL, c->f->name, allowed,
			       "%" JSON_INTEGER_FORMAT, number);
	}
	memcpy(out, &choice->value, sizeof(choice->value));
	return DM_OK;
}

/* As a number its value, as a string the text of SyncHdr/SessionID. */
static int parse_session_id(const struct check *c, void *out)
{
	const char *text = json_string_value(c->value);
	size_t n;

	if (!text)
		return parse_number(c, out);
	n = strspn(text, "0123456789abcdefABCDEF");
	if (n == 0 || n > 4 || text[n])
		return err_set(c->e, DM_EINVAL, c->f->name,
			       "1 to 65535, or 1 to 4 hexadecimal digits as text",
			       "\"%s\"", text);
	return store_number(c, strtol(text, NULL, 16), out);
}

/* WSP 8.4.2.70: major 1..7, minor 0..14, one octet. */
static int parse_wsp_version(const struct check *c, void *out)
{
	const char *text = json_string_value(c->value);
	unsigned major, minor;
	int32_t version;
	char end;

	if (!text)
		return wrong_type(c, "a string like 1.5");
	if (strspn(text, "0123456789.") != strlen(text) ||
	    sscanf(text, "%1u.%2u%c", &major, &minor, &end) != 2 ||
	    major < 1 || major > 7 || minor > 14)
		return err_set(c->e, DM_EINVAL, c->f->name,
			       "1.0 to 7.14, like 1.5", "\"%s\"", text);
	version = (int32_t)(major << 4 | minor);
	memcpy(out, &version, sizeof(version));
	return DM_OK;
}

static int parse_cursor(const struct check *c, void *out)
{
	int64_t n = json_integer_value(c->value);

	if (!json_is_integer(c->value))
		return wrong_type(c, "a number");
	if (n < 0)
		return err_set(c->e, DM_EINVAL, c->f->name, "0 or more",
			       "%lld", (long long)n);
	memcpy(out, &n, sizeof(n));
	return DM_OK;
}

static int check_count(const struct check *c, size_t n)
{
	char allowed[64];

	if ((int64_t)n >= c->f->min && (int64_t)n <= c->f->max)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%d to %d", c->f->min, c->f->max);
	return err_set(c->e, DM_EINVAL, c->f->name, allowed, "%zu", n);
}

static int parse_object(const struct check *c, void *out)
{
	const char *name;
	json_t *value;

	if (!json_is_object(c->value))
		return wrong_type(c, "an object");
	json_object_foreach(c->value, name, value)
		if (!json_is_string(value) && !json_is_integer(value) &&
		    !json_is_boolean(value))
			return err_set(c->e, DM_EINVAL, name,
				       "a string, a number, true or false",
				       "%s", json_kind(value));
	memcpy(out, &c->value, sizeof(c->value));
	return check_count(c, json_object_size(c->value));
}

static int parse_list(const struct check *c, void *out)
{
	json_t *item;
	size_t i;

	if (!json_is_array(c->value))
		return wrong_type(c, "an array of strings");
	json_array_foreach(c->value, i, item)
		if (!json_is_string(item))
			return err_set(c->e, DM_EINVAL, c->f->name,
				       "an array of strings", "%s in it",
				       json_kind(item));
	memcpy(out, &c->value, sizeof(c->value));
	return check_count(c, json_array_size(c->value));
}

/* What stands in the objects, somebody else checks. */
static int parse_objects(const struct check *c, void *out)
{
	json_t *item;
	size_t i;

	if (!json_is_array(c->value))
		return wrong_type(c, "an array of objects");
	json_array_foreach(c->value, i, item)
		if (!json_is_object(item))
			return err_set(c->e, DM_EINVAL, c->f->name,
				       "an array of objects", "%s in it",
				       json_kind(item));
	memcpy(out, &c->value, sizeof(c->value));
	return check_count(c, json_array_size(c->value));
}

static int parse_one(const struct check *c, void *out)
{
	static int (*const parsers[])(const struct check *c, void *out) = {
		[FIELD_TEXT] = parse_text,
		[FIELD_NUMBER] = parse_number,
		[FIELD_FLAG] = parse_flag,
		[FIELD_CHOICE] = parse_choice,
		[FIELD_CODE] = parse_code,
		[FIELD_SESSION_ID] = parse_session_id,
		[FIELD_WSP_VERSION] = parse_wsp_version,
		[FIELD_OBJECT] = parse_object,
		[FIELD_LIST] = parse_list,
		[FIELD_CURSOR] = parse_cursor,
		[FIELD_OBJECTS] = parse_objects,
	};

	return parsers[c->f->type](c, (char *)out + c->f->offset);
}

static bool is_pointer(enum field_type type)
{
	return type == FIELD_TEXT || type == FIELD_OBJECT ||
	       type == FIELD_LIST || type == FIELD_OBJECTS;
}

static void set_unset(const struct field *f, void *out)
{
	const void *none = NULL;
	const int64_t no_cursor = -1;

	if (is_pointer(f->type))
		memcpy((char *)out + f->offset, &none, sizeof(none));
	else if (f->type == FIELD_CURSOR)
		memcpy((char *)out + f->offset, &no_cursor, sizeof(no_cursor));
	else
		memcpy((char *)out + f->offset, &f->unset, sizeof(f->unset));
}

const struct field *fields_find(const struct field *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}

static int refuse_unknown(const struct field *table, json_t *params,
			  struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach(params, name, value)
		if (!fields_find(table, name))
			return err_set(e, DM_EINVAL, name,
				       "a field of this method, see dmbox-api(7)",
				       "unknown field");
	return DM_OK;
}

int fields_parse(const struct field *table, json_t *params, bool lenient,
		 void *out, struct err *e)
{
	int rc = refuse_unknown(table, params, e);

	for (const struct field *f = table; f->name && !rc; f++) {
		struct check c = { f, json_object_get(params, f->name),
				   lenient, e };

		set_unset(f, out);
		if (c.value)
			rc = parse_one(&c, out);
		else if (f->flags & FIELD_REQUIRED)
			rc = err_set(e, DM_EINVAL, f->name, "it is required",
				     "missing");
	}
	return rc;
}

const struct field_choice *
fields_choice_find(const struct field_choice *choices, const char *name)
{
	for (; choices->name; choices++)
		if (!strcmp(choices->name, name))
			return choices;
	return NULL;
}

const char *fields_choice_name(const struct field_choice *choices,
			       int32_t value)
{
	for (; choices->name; choices++)
		if (choices->value == value)
			return choices->name;
	return NULL;
}
