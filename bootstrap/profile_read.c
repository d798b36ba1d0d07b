/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/profile.h"

#include <stdio.h>
#include <string.h>

#include "bootstrap/profile_template.h"
#include "bootstrap/profile_type.h"
#include "wap/bits.h"
#include "wap/quirks.h"

#define BLANKS " \t\r\n"
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* Lower-case letters, digits and hyphens; the first is no hyphen. */
static bool is_name(const char *name, size_t max)
{
	size_t len = strlen(name);

	return len > 0 && len <= max && name[0] != '-' &&
	       !name[strspn(name, NAME_CHARACTERS)];
}

int profile_name_check(const char *name, struct err *e)
{
	if (is_name(name, PROFILE_NAME_MAX))
		return DM_OK;
	return err_set(e, DM_EINVAL, "profile",
		       "1 to 32 lower-case letters, digits and hyphens",
		       "\"%s\"", name);
}

struct reading {
	struct arena *arena;
	struct profile *p;
	const struct xml_node *document;	/* NULL: not come yet */
	unsigned lines[PROFILE_FIELDS_MAX];	/* of the fields */
	struct err *e;
};

static int refuse(const struct reading *r, unsigned line, const char *allowed,
		  const char *what, const char *name)
{
	return err_set(r->e, DM_EINVAL, "profile", allowed,
		       "line %u: %s \"%s\"", line, what, name);
}

static int no_room(struct err *e)
{
	return err_set(e, DM_ENOSPC, "profile", "a smaller one",
		       "it is too big");
}

/* Has the element attributes of this list only? */
static int check_attributes(const struct reading *r,
			    const struct xml_node *node, const char *list)
{
	for (const struct xml_attribute *x = node->attributes; x; x = x->next)
		if (!profile_in_list(list, x->name))
			return refuse(r, node->line, *list ? list : "none",
				      "unknown attribute", x->name);
	return DM_OK;
}

/* The words of a text with sep between them; NULL if the arena is full. */
static const char *join_words(const struct reading *r, const char *text,
			      const char *sep)
{
	size_t cap = (1 + strlen(sep)) * strlen(text) + 1;
	struct writer w = { .buf = arena_alloc(r->arena, cap), .cap = cap };

	if (!w.buf)
		return NULL;
	while (*(text += strspn(text, BLANKS))) {
		size_t len = strcspn(text, BLANKS);

		if (w.len)
			put_mem(&w, sep, strlen(sep));
		put_mem(&w, text, len);
		text += len;
	}
	return (const char *)w.buf;	/* the arena's zeros end it */
}

/* An attribute that has to be there. */
static int read_attribute(const struct reading *r, const struct xml_node *node,
			  const char *name, const char **value)
{
	*value = xml_attribute(node, name);
	if (!*value || !**value)
		return refuse(r, node->line, "it is required",
			      "no attribute", name);
	return DM_OK;
}

static int read_yes_no(const struct reading *r, const struct xml_node *node,
		       const char *name, bool *yes)
{
	const char *value = xml_attribute(node, name);

	*yes = value && !strcmp(value, "yes");
	if (value && !*yes && strcmp(value, "no"))
		return refuse(r, node->line, "yes or no", name, value);
	return DM_OK;
}

static int read_bound(const struct reading *r, const struct xml_node *node,
		      const char *name, int32_t low, int32_t high, int32_t *n)
{
	const char *value = xml_attribute(node, name);
	char allowed[64];

	if (!value)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%d to %d", low, high);
	if (!profile_number(value, n) || *n < low || *n > high)
		return refuse(r, node->line, allowed, name, value);
	return DM_OK;
}

static int read_range(const struct reading *r, const struct xml_node *node,
		      struct profile_field *f)
{
	struct profile_range range = profile_type_range(f->type);
	int rc;

	if (range.least > range.max) {
		if (xml_attribute(node, "min") || xml_attribute(node, "max"))
			return refuse(r, node->line, "neither min nor max",
				      "a range with type",
				      profile_type_name(f->type));
		return DM_OK;
	}
	f->min = range.min;
	f->max = range.max;
	rc = read_bound(r, node, "min", range.least, range.max, &f->min);
	if (!rc)
		rc = read_bound(r, node, "max", f->min, range.max, &f->max);
	return rc;
}

/* "PAP CHAP" becomes "PAP, CHAP". */
static int read_choices(const struct reading *r, const struct xml_node *node,
			struct profile_field *f)
{
	const char *text = xml_attribute(node, "choices");

	if ((f->type == PROFILE_CHOICE) != (text != NULL))
		return refuse(r, node->line, "type choice with choices",
			      text ? "choices with type" : "no choices, type",
			      profile_type_name(f->type));
	if (!text)
		return DM_OK;
	if (strchr(text, ',') || !text[strspn(text, BLANKS)])
		return refuse(r, node->line, "words between blanks", "choices",
			      text);
	f->choices = join_words(r, text, ", ");
	return f->choices ? DM_OK : no_room(r->e);
}

static int read_default(const struct reading *r, const struct xml_node *node,
			struct profile_field *f)
{
	struct err e;

	f->default_value = xml_attribute(node, "default");
	if (f->required && (f->default_value || f->type == PROFILE_FLAG))
		return refuse(r, node->line, "required or a default; of a flag "
			      "neither means no", "needlessly required",
			      f->name);
	if (f->default_value && profile_type_check(f, f->default_value, &e))
		return refuse(r, node->line, e.allowed, "default",
			      f->default_value);
	return DM_OK;
}

/* Line breaks and indents become single blanks. */
static int read_help(const struct reading *r, const struct xml_node *node,
		     struct profile_field *f)
{
	if (!node->children || node->children->name || node->children->next)
		return refuse(r, node->line, "a text that explains it",
			      "no help, or elements in it, for", f->name);
	f->help = join_words(r, xml_text(node), " ");
	return f->help ? DM_OK : no_room(r->e);
}

static int read_name(const struct reading *r, const struct xml_node *node,
		     struct profile_field *f)
{
	int rc = read_attribute(r, node, "name", &f->name);

	if (rc)
		return rc;
	if (!is_name(f->name, PROFILE_NAME_MAX - 1))
		return refuse(r, node->line,
			      "1 to 31 lower-case letters, digits and hyphens",
			      "name", f->name);
	for (size_t i = 0; i < r->p->n_fields; i++)
		if (!strcmp(r->p->fields[i].name, f->name))
			return refuse(r, node->line, "each name once",
				      "again a field", f->name);
	return DM_OK;
}

static int read_type(const struct reading *r, const struct xml_node *node,
		     struct profile_field *f)
{
	const char *name;
	int rc = read_attribute(r, node, "type", &name);

	if (!rc && profile_type_find(name, &f->type))
		rc = refuse(r, node->line, profile_type_names(), "type", name);
	return rc;
}

static int read_flags(const struct reading *r, const struct xml_node *node,
		      struct profile_field *f)
{
	int rc = read_yes_no(r, node, "required", &f->required);

	return rc ? rc : read_yes_no(r, node, "secret", &f->secret);
}

static int read_field(struct reading *r, const struct xml_node *node)
{
	static int (*const steps[])(const struct reading *r,
				    const struct xml_node *node,
				    struct profile_field *f) = {
		read_name, read_type, read_flags, read_range, read_choices,
		read_default, read_help,
	};
	struct profile *p = r->p;
	int rc;

	if (p->n_fields == PROFILE_FIELDS_MAX)
		return refuse(r, node->line, "64 fields", "one too many",
			      node->name);
	rc = check_attributes(r, node, "name, type, min, max, required, "
			      "secret, default, choices");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !rc; i++)
		rc = steps[i](r, node, &p->fields[p->n_fields]);
	r->lines[p->n_fields] = node->line;
	if (!rc)
		p->n_fields++;
	return rc;
}

/* Roots of documents: of DM the namespace says the version. */
static bool is_document(const struct xml_node *node, bool *is_dm)
{
	const char *ns = node->ns ? node->ns : "";

	if (!node->name)
		return false;
	*is_dm = !strcmp(node->name, "SyncML");
	if (*is_dm)
		return !strcmp(ns, "SYNCML:SYNCML1.1") ||
		       !strcmp(ns, "SYNCML:SYNCML1.2");
	return !strcmp(node->name, "wap-provisioningdoc") && !*ns;
}

static int read_document(struct reading *r, const struct xml_node *node)
{
	struct xml_node *template = node->children;
	int rc = check_attributes(r, node, "");

	if (rc)
		return rc;
	if (r->document)
		return refuse(r, node->line, "one", "again an element",
			      node->name);
	if (!template || template->next ||
	    !is_document(template, &r->p->is_dm))
		return refuse(r, node->line, "a wap-provisioningdoc, or a "
			      "SyncML of SYNCML:SYNCML1.1 or 1.2",
			      "something else in", node->name);
	r->document = node;
	r->p->template = template;
	return DM_OK;
}

static int read_child(struct reading *r, const struct xml_node *node)
{
	const char *name = node->name ? node->name : "text";

	if (!node->ns && !strcmp(name, "field"))
		return read_field(r, node);
	if (!node->ns && !strcmp(name, "document"))
		return read_document(r, node);
	return refuse(r, node->line, "field and document", "unknown element",
		      name);
}

static int read_profile(struct reading *r, const struct xml_node *root)
{
	int rc;

	if (strcmp(root->name, "profile") || root->ns)
		return refuse(r, root->line, "profile", "unknown element",
			      root->name);
	rc = check_attributes(r, root, "client, summary");
	if (!rc)
		rc = read_attribute(r, root, "client", &r->p->client);
	if (!rc)
		rc = read_attribute(r, root, "summary", &r->p->summary);
	if (!rc && !quirks_find(r->p->client))
		rc = refuse(r, root->line, quirks_names(), "client",
			    r->p->client);
	for (const struct xml_node *n = root->children; n && !rc; n = n->next)
		rc = read_child(r, n);
	if (!rc && !r->document)
		rc = refuse(r, root->line, "it is required", "no element",
			    "document");
	return rc;
}

/* A value that the document has no place for would be lost in silence. */
static int check_template(const struct reading *r)
{
	uint64_t used;
	int rc = profile_template_check(r->p, &used, r->e);

	for (size_t i = 0; i < r->p->n_fields && !rc; i++)
		if (!(used >> i & 1))
			rc = refuse(r, r->lines[i],
				    "fields that the document uses",
				    "unused field", r->p->fields[i].name);
	return rc;
}

int profile_read(struct arena *a, const char *name, const char *text,
		 size_t len, struct profile *out, struct err *e)
{
	struct profile p = { .n_fields = 0 };
	struct reading r = { .arena = a, .p = &p, .e = e };
	struct xml_node *root;
	int rc = profile_name_check(name, e);

	if (!rc)
		rc = xml_read(a, text, len, &root, e);
	if (!rc)
		rc = read_profile(&r, root);
	if (!rc)
		rc = check_template(&r);
	if (rc)
		return rc;
	p.name = arena_text(a, name, strlen(name));
	if (!p.name)
		return no_room(e);
	*out = p;
	return DM_OK;
}
