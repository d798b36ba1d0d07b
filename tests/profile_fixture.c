/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/profile_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

const char *const profile_names[] = {
	"browser", "dm112", "dm12", "dm12-tnds", "generic", "internet", "mms",
	"windows-mobile-5", "windows-mobile-6", NULL,
};

struct profile profile;
struct err profile_err;

static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static _Alignas(max_align_t) uint8_t filled_room[XML_ARENA_MAX];

static void print_err(const char *what)
{
	char words[ERR_TEXT_MAX];

	printf("# %s\n# %s\n", what, err_text(&profile_err, words,
					      sizeof(words)));
}

size_t read_test_file(const char *path, char *out, size_t cap)
{
	FILE *f = fopen(tap_path(path), "rb");
	size_t len;

	if (!f) {
		printf("Bail out! no such file: %s\n", tap_path(path));
		exit(EXIT_FAILURE);
	}
	len = fread(out, 1, cap - 1, f);
	fclose(f);
	out[len] = '\0';
	return len;
}

static int read_profile(const char *name, const char *text)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };

	memset(&profile_err, 0, sizeof(profile_err));
	return profile_read(&a, name, text, strlen(text), &profile,
			    &profile_err);
}

int read_text(const char *text)
{
	return read_profile("test", text);
}

void assert_reads(const char *text)
{
	int rc = read_text(text);

	CU_ASSERT_EQUAL(rc, DM_OK);
	if (rc)
		print_err(text);
}

void load_profile(const char *name)
{
	static char text[XML_OCTETS_MAX];
	char path[100];

	snprintf(path, sizeof(path), "../conf/profiles/%s.xml", name);
	read_test_file(path, text, sizeof(text));
	if (!read_profile(name, text))
		return;
	print_err(name);
	printf("Bail out! a profile that is not read\n");
	exit(EXIT_FAILURE);
}

struct xml_node *fill_values(const struct profile_value *values, size_t n)
{
	struct arena a = { .buf = filled_room, .cap = sizeof(filled_room) };
	struct xml_node *root = NULL;
	int rc;

	memset(&profile_err, 0, sizeof(profile_err));
	rc = profile_fill(&profile, values, n, &a, &root,
			  &profile_err);
	CU_ASSERT_EQUAL(rc, profile_err.code);
	CU_ASSERT((root == NULL) == (rc != DM_OK));
	return root;
}

struct xml_node *assert_fills(const struct profile_value *values,
				      size_t n)
{
	struct xml_node *root = fill_values(values, n);

	if (!root)
		print_err(profile.name);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	return root;
}

const char *xml_of(const struct xml_node *root)
{
	static char text[XML_OCTETS_MAX];
	size_t len;

	CU_ASSERT_EQUAL_FATAL(xml_write(root, false, text, sizeof(text), &len),
			      DM_OK);
	return text;
}

/* The first that is not the default. */
static const char *some_choice(const struct profile_field *f, char *out,
			       size_t cap)
{
	const char *choice = f->choices;
	size_t len = strcspn(choice, ",");

	if (f->default_value && !strncmp(choice, f->default_value, len))
		choice += len + 2;
	snprintf(out, cap, "%.*s", (int)strcspn(choice, ","), choice);
	return out;
}

const char *some_value(size_t i)
{
	static char values[PROFILE_FIELDS_MAX][64];
	static const char *const forms[] = {
		[PROFILE_TEXT] = "some-%zu", [PROFILE_WORD] = "some-%zu",
		[PROFILE_NUMBER] = "%zu", [PROFILE_URL] = "https://some-%zu/",
		[PROFILE_HOST] = "some-%zu", [PROFILE_IPV4] = "10.0.0.%zu",
		[PROFILE_BASE64] = "AA%02zu",
		[PROFILE_HEX] = "%040zu",	/* a thumbprint */
	};
	const struct profile_field *f = &profile.fields[i];

	if (f->type == PROFILE_CHOICE)
		return some_choice(f, values[i], sizeof(values[i]));
	if (f->type == PROFILE_FLAG)
		return f->default_value && !strcmp(f->default_value, "yes") ?
		       "no" : "yes";
	snprintf(values[i], sizeof(values[i]), forms[f->type], i + 10);
	return values[i];
}

size_t required_values(struct profile_value values[PROFILE_FIELDS_MAX])
{
	const struct profile *p = &profile;
	size_t n = 0;

	for (size_t i = 0; i < p->n_fields; i++)
		if (p->fields[i].required)
			values[n++] = (struct profile_value){
				p->fields[i].name, some_value(i),
			};
	return n;
}
