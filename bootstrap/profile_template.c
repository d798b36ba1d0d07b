/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/profile_template.h"

#include <string.h>

#include "wap/bits.h"

_Static_assert(PROFILE_FIELDS_MAX <= 64, "a set of fields is one uint64_t");

/* --------------------------------- parts --------------------------------- */

enum piece {
	PIECE_END,
	PIECE_TEXT,
	PIECE_FIELD,		/* its name, without the braces */
	PIECE_BAD,		/* a brace without its other half */
};

/* The next piece of a text, len octets at text, and *at behind it. */
static enum piece next_piece(const char **at, const char **text, size_t *len)
{
	const char *s = *at, *end;

	*text = s;
	*len = strcspn(s, "{}");
	*at = s + *len;
	if (*len)
		return PIECE_TEXT;
	if (!*s)
		return PIECE_END;
	if (s[1] == s[0]) {
		*len = 1;
		*at = s + 2;
		return PIECE_TEXT;
	}
	end = strchr(s, '}');
	if (!end || end == s)
		return PIECE_BAD;
	*text = s + 1;
	*len = (size_t)(end - s) - 1;
	*at = end + 1;
	return PIECE_FIELD;
}

/* The next name of a list, len octets at *name; false at its end. */
static bool next_name(const char **at, const char **name, size_t *len)
{
	*name = *at + strspn(*at, " \t\r\n");
	*len = strcspn(*name, " \t\r\n");
	*at = *name + *len;
	return *len > 0;
}

size_t profile_find(const struct profile *p, const char *name, size_t len)
{
	size_t i = 0;

	while (i < p->n_fields && (strlen(p->fields[i].name) != len ||
				   memcmp(p->fields[i].name, name, len)))
		i++;
	return i;
}

static uint64_t bit(size_t i)
{
	return (uint64_t)1 << i;
}

static bool is_condition(const struct xml_attribute *x)
{
	return !strcmp(x->name, "if") || !strcmp(x->name, "unless");
}

/* --------------------------------- check --------------------------------- */

struct check {
	const struct profile *p;
	uint64_t used;
	unsigned line;		/* of the element */
	struct err *e;
};

static int refuse(const struct check *c, const char *allowed, const char *what,
		  const char *name, size_t len)
{
	return err_set(c->e, DM_EINVAL, "profile", allowed,
		       "line %u: %s \"%.*s\"", c->line, what, (int)len, name);
}

/* Finds a field's number by its name in the template. */
static int use_field(struct check *c, const char *name, size_t len, size_t *i)
{
	*i = profile_find(c->p, name, len);
	if (*i == c->p->n_fields)
		return refuse(c, "a field that the profile declares",
			      "unknown field", name, len);
	c->used |= bit(*i);
	return DM_OK;
}

static int check_field(struct check *c, const char *name, size_t len,
		       uint64_t known)
{
	size_t i;
	int rc = use_field(c, name, len, &i);

	if (rc)
		return rc;
	if (c->p->fields[i].type == PROFILE_FLAG)
		return refuse(c, "if and unless", "the value of the flag",
			      name, len);
	if (!(known & bit(i)))
		return refuse(c, "a required field, one with a default, or an "
			      "element with an if of it around",
			      "perhaps no value for", name, len);
	return DM_OK;
}

static int check_text(struct check *c, const char *text, uint64_t known)
{
	const char *at = text, *piece;
	size_t len;
	int rc = DM_OK;

	while (!rc)
		switch (next_piece(&at, &piece, &len)) {
		case PIECE_END:
			return DM_OK;
		case PIECE_TEXT:
			break;
		case PIECE_FIELD:
			rc = check_field(c, piece, len, known);
			break;
		case PIECE_BAD:
			rc = refuse(c, "{field}, {{ or }}",
				    "a brace alone in", text, strlen(text));
		}
	return rc;
}

/* Adds the fields of an if, which have values inside the element. */
static int check_condition(struct check *c, const struct xml_attribute *x,
			   uint64_t *known)
{
	const char *at = x->value, *name;
	size_t len, n = 0, i;

	for (; next_name(&at, &name, &len); n++) {
		int rc = use_field(c, name, len, &i);

		if (rc)
			return rc;
		if (!strcmp(x->name, "if"))
			*known |= bit(i);
	}
	if (n == 0)
		return refuse(c, "the names of one or more fields",
			      "no field in", x->name, strlen(x->name));
	return DM_OK;
}

static int check_attributes(struct check *c, const struct xml_node *node,
			    uint64_t *known)
{
	int rc = DM_OK;

	c->line = node->line;
	for (const struct xml_attribute *x = node->attributes; x && !rc;
	     x = x->next)
		if (is_condition(x))
			rc = check_condition(c, x, known);
	for (const struct xml_attribute *x = node->attributes; x && !rc;
	     x = x->next)
		if (!is_condition(x))
			rc = check_text(c, x->value, *known);
	return rc;
}

/* As deep as xml_read() lets a tree be. */
static int check_node(struct check *c, const struct xml_node *node,
		      uint64_t known)
{
	int rc;

	if (!node->name)
		return check_text(c, node->text, known);
	rc = check_attributes(c, node, &known);
	for (const struct xml_node *n = node->children; n && !rc; n = n->next)
		rc = check_node(c, n, known);
	return rc;
}

int profile_template_check(const struct profile *p, uint64_t *used,
			   struct err *e)
{
	struct check c = { .p = p, .line = p->template->line, .e = e };
	uint64_t known = 0;
	int rc;

	for (const struct xml_attribute *x = p->template->attributes; x;
	     x = x->next)
		if (is_condition(x))
			return refuse(&c, "if and unless inside the document",
				      "the document itself has", x->name,
				      strlen(x->name));
	for (size_t i = 0; i < p->n_fields; i++)
		if (p->fields[i].required || p->fields[i].default_value)
			known |= bit(i);
	rc = check_node(&c, p->template, known);
	if (!rc)
		*used = c.used;
	return rc;
}

/* --------------------------------- fill --------------------------------- */

struct fill {
	const struct profile *p;
	const char *const *values;
	struct arena *arena;
	uint64_t used;
	bool full;		/* the arena */
};

static bool has_value(const struct fill *f, size_t i)
{
	return f->values[i] && (f->p->fields[i].type != PROFILE_FLAG ||
				!strcmp(f->values[i], "yes"));
}

/* The fields of a list, and those of them that have a value. */
static uint64_t list_fields(const struct fill *f, const char *list,
			    uint64_t *with_value)
{
	uint64_t all = 0;
	const char *name;
	size_t len;

	*with_value = 0;
	while (next_name(&list, &name, &len)) {
		size_t i = profile_find(f->p, name, len);

		all |= bit(i);
		if (has_value(f, i))
			*with_value |= bit(i);
	}
	return all;
}

/* A field makes a difference where if keeps, and where unless does not. */
static bool keeps(struct fill *f, const struct xml_node *node)
{
	const char *list = xml_attribute(node, "if");
	uint64_t of_if = 0, with_value;

	if (list) {
		of_if = list_fields(f, list, &with_value);
		if (of_if != with_value)
			return false;
	}
	list = xml_attribute(node, "unless");
	if (list) {
		list_fields(f, list, &with_value);
		f->used |= with_value;
		if (with_value)
			return false;
	}
	f->used |= of_if;
	return true;
}

/* At the arena's end, which is taken once the length is known. */
static const char *fill_text(struct fill *f, const char *text)
{
	struct arena *a = f->arena;
	struct writer w = { .buf = a->buf + a->used, .cap = a->cap - a->used };
	const char *piece;
	enum piece kind;
	size_t len;

	while ((kind = next_piece(&text, &piece, &len)) != PIECE_END) {
		if (kind == PIECE_FIELD) {
			size_t i = profile_find(f->p, piece, len);

			f->used |= bit(i);
			piece = f->values[i];
			len = strlen(piece);
		}
		put_mem(&w, piece, len);
	}
	put_u8(&w, 0);
	if (w.err) {
		f->full = true;
		return NULL;
	}
	a->used += w.len;
	return (const char *)w.buf;
}

static void fill_attributes(struct fill *f, const struct xml_node *from,
			    struct xml_node *to)
{
	struct xml_attribute **end = &to->attributes;

	for (const struct xml_attribute *x = from->attributes; x && !f->full;
	     x = x->next) {
		struct xml_attribute *copy;

		if (is_condition(x))
			continue;
		copy = arena_alloc(f->arena, sizeof(*copy));
		if (!copy) {
			f->full = true;
			return;
		}
		copy->name = x->name;
		copy->value = fill_text(f, x->value);
		*end = copy;
		end = &copy->next;
	}
}

/* NULL if the arena is full. */
static struct xml_node *fill_node(struct fill *f, const struct xml_node *from)
{
	struct xml_node *to = arena_alloc(f->arena, sizeof(*to));
	struct xml_node **end;

	if (!to) {
		f->full = true;
		return NULL;
	}
	if (!from->name) {
		to->text = fill_text(f, from->text);
		return to;
	}
	to->name = from->name;
	to->ns = from->ns;
	fill_attributes(f, from, to);
	end = &to->children;
	for (const struct xml_node *c = from->children; c && !f->full;
	     c = c->next) {
		if (c->name && !keeps(f, c))
			continue;
		*end = fill_node(f, c);
		if (*end)
			end = &(*end)->next;
	}
	return to;
}

int profile_template_fill(const struct profile *p, const char *const *values,
			  struct arena *a, struct xml_node **root,
			  uint64_t *used)
{
	struct fill f = { .p = p, .values = values, .arena = a };
	struct xml_node *document = fill_node(&f, p->template);

	if (f.full)
		return DM_ENOSPC;
	*root = document;
	*used = f.used;
	return DM_OK;
}
