/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define FILES_MAX 4

static struct {
	char name[64];
	json_t *root;
} files[FILES_MAX];

static _Noreturn void bail_out(const char *what, const char *name)
{
	printf("Bail out! vectors: %s: %s\n", what, name);
	exit(EXIT_FAILURE);
}

static json_t *load(const char *file)
{
	char name[sizeof(files[0].name) + 16];
	json_error_t error;
	json_t *root;

	snprintf(name, sizeof(name), "vectors/%s.json", file);
	root = json_load_file(tap_path(name), JSON_REJECT_DUPLICATES, &error);
	if (!root)
		bail_out(name, error.text);
	return root;
}

static const json_t *root_of(const char *file)
{
	size_t i = 0;

	while (i < FILES_MAX && files[i].root && strcmp(files[i].name, file))
		i++;
	if (i == FILES_MAX)
		bail_out("FILES_MAX is too small", file);
	if (!files[i].root) {
		snprintf(files[i].name, sizeof(files[i].name), "%s", file);
		files[i].root = load(file);
	}
	return files[i].root;
}

static const json_t *field_of(const json_t *v, const char *field)
{
	const json_t *value = json_object_get(v, field);

	if (!value)
		bail_out("no such field", field);
	return value;
}

const json_t *vectors_section(const char *file, const char *section)
{
	return field_of(root_of(file), section);
}

const json_t *vectors_find(const char *file, const char *section,
			   const char *name)
{
	const json_t *all = vectors_section(file, section);
	const json_t *v;
	size_t i;

	json_array_foreach(all, i, v)
		if (!strcmp(vector_text(v, "name"), name))
			return v;
	bail_out("no such vector", name);
}

size_t vectors_each(const char *file, const char *section,
		    void (*test)(const json_t *v))
{
	const json_t *all = vectors_section(file, section);
	const json_t *v;
	size_t i;

	json_array_foreach(all, i, v) {
		unsigned before = CU_get_number_of_failures();

		test(v);
		if (CU_get_number_of_failures() != before)
			printf("# in vector %s\n", vector_text(v, "name"));
	}
	if (json_array_size(all) == 0)
		bail_out("an empty section", section);
	return json_array_size(all);
}

static void walk(json_t *value, void (*test)(const char *text, size_t len))
{
	const char *key;
	json_t *inner;
	size_t i;

	if (json_is_string(value))
		test(json_string_value(value), json_string_length(value));
	json_array_foreach(value, i, inner)
		walk(inner, test);
	json_object_foreach(value, key, inner)
		walk(inner, test);
}

void vectors_each_text(const char *file,
		       void (*test)(const char *text, size_t len))
{
	json_t *root = json_deep_copy(root_of(file));

	walk(root, test);
	json_decref(root);
}

bool vector_has(const json_t *v, const char *field)
{
	return json_object_get(v, field);
}

const char *vector_text(const json_t *v, const char *field)
{
	const char *text = json_string_value(field_of(v, field));

	if (!text)
		bail_out("not a text", field);
	return text;
}

long vector_number(const json_t *v, const char *field)
{
	if (!json_is_integer(field_of(v, field)))
		bail_out("not a number", field);
	return (long)json_integer_value(field_of(v, field));
}

bool vector_bool(const json_t *v, const char *field)
{
	if (!json_is_boolean(field_of(v, field)))
		bail_out("not true or false", field);
	return json_is_true(field_of(v, field));
}

size_t vector_hex(const json_t *v, const char *field, uint8_t *out)
{
	return tap_hex(vector_text(v, field), out, VECTOR_OCTETS_MAX);
}
