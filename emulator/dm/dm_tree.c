/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_tree.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "emulator/dm/dm_tree_rows.h"

/* A server leaves so much for what the device writes: FwV, State, Result. */
#define OWN_OCTETS 320
#define SERVER_OCTETS_MAX (DM_TREE_OCTETS_MAX - OWN_OCTETS)

/* -------------------------------- records -------------------------------- */

/*
 * The octets of a tree are records: the number of a row, and its value; or
 * ADDED, path, format and value of a node. All texts end with NUL.
 */
#define ADDED 0xff

struct record {
	size_t row;			/* or ADDED */
	const char *path, *format;	/* of ADDED */
	const char *value;
	size_t at, len;			/* its place in the octets */
};

/* The record at r->at; false if there is none. */
static bool read_record(const struct dm_tree *t, struct record *r)
{
	const char *text;

	if (r->at == t->len)
		return false;
	text = t->octets + r->at + 1;
	r->row = (uint8_t)t->octets[r->at];
	if (r->row == ADDED) {
		r->path = text;
		r->format = r->path + strlen(r->path) + 1;
		text = r->format + strlen(r->format) + 1;
	}
	r->value = text;
	r->len = (size_t)(text + strlen(text) + 1 - (t->octets + r->at));
	return true;
}

static void remove_record(struct dm_tree *t, const struct record *r)
{
	char *at = t->octets + r->at;

	memmove(at, at + r->len, t->len - r->at - r->len);
	t->len -= r->len;
}

static void put_text(struct dm_tree *t, const char *text)
{
	size_t len = strlen(text) + 1;

	memcpy(t->octets + t->len, text, len);
	t->len += len;
}

/* False without room. */
static bool put_record(struct dm_tree *t, const struct record *r,
		       size_t octets_max)
{
	bool added = r->row == ADDED;
	size_t len = 1 + strlen(r->value) + 1 + (added ? strlen(r->path) + 1 +
		     strlen(r->format) + 1 : 0);

	if (t->len > octets_max || len > octets_max - t->len)
		return false;
	t->octets[t->len++] = (char)r->row;
	if (added) {
		put_text(t, r->path);
		put_text(t, r->format);
	}
	put_text(t, r->value);
	return true;
}

/* --------------------------------- nodes --------------------------------- */

/* A node, wherever it stands; borrowed until the tree changes. */
struct node {
	const char *path, *format, *value;
	unsigned access;
	size_t row;			/* or ADDED */
	bool has_record;
	struct record record;
};

/* Without "./"; "" is the root. */
static const char *path_of(const char *uri)
{
	if (!strcmp(uri, "."))
		return "";
	return strncmp(uri, "./", 2) ? uri : uri + 2;
}

/* The value of a row, if a record has it. */
static void apply_record(const struct dm_tree *t, struct node *n)
{
	struct record r = { 0 };

	for (; read_record(t, &r); r.at += r.len)
		if (r.row == n->row) {
			n->has_record = true;
			n->record = r;
			n->value = r.value;
			return;
		}
}

static bool find_row(const struct dm_tree *t, const char *path, struct node *n)
{
	const struct dm_tree_row *rows = dm_tree_rows(t->version);

	for (size_t i = 0; rows[i].path; i++) {
		if (strcmp(rows[i].path, path))
			continue;
		*n = (struct node){
			.path = rows[i].path, .format = rows[i].format,
			.value = rows[i].value, .access = rows[i].access,
			.row = i,
		};
		apply_record(t, n);
		return true;
	}
	return false;
}

static bool find_added(const struct dm_tree *t, const char *path,
		       struct node *n)
{
	struct record r = { 0 };

	for (; read_record(t, &r); r.at += r.len) {
		if (r.row != ADDED || strcmp(r.path, path))
			continue;
		*n = (struct node){
			.path = r.path, .format = r.format, .value = r.value,
			.access = MAY_ALL, .row = ADDED, .has_record = true,
			.record = r,
		};
		return true;
	}
	return false;
}

static bool find(const struct dm_tree *t, const char *uri, struct node *n)
{
	const char *path = path_of(uri);

	return find_row(t, path, n) || find_added(t, path, n);
}

static bool is_interior(const struct node *n)
{
	return !strcmp(n->format, DM_TREE_NODE);
}

/* The part of path behind the node at parent; NULL if it is not below it. */
static const char *below(const char *parent, const char *path)
{
	size_t len = strlen(parent);

	if (!len)
		return *path ? path : NULL;
	if (strncmp(path, parent, len) || path[len] != '/')
		return NULL;
	return path + len + 1;
}

/* False without room; then nothing has changed. */
static bool set_value(struct dm_tree *t, const struct node *n,
		      const char *value, size_t octets_max)
{
	const struct record r = { .row = n->row, .value = value };
	size_t at, had, len = strlen(value);

	if (!n->has_record)
		return put_record(t, &r, octets_max);
	at = (size_t)(n->record.value - t->octets);
	had = strlen(n->record.value);
	if (len > had && t->len + len - had > octets_max)
		return false;
	memmove(t->octets + at + len, t->octets + at + had,
		t->len - at - had);
	memcpy(t->octets + at, value, len);
	t->len = t->len + len - had;
	return true;
}

/* ---------------------------------- new ---------------------------------- */

void dm_tree_init(struct dm_tree *t, enum syncml_version version,
		  const struct dm_tree_facts *facts)
{
	const struct dm_tree_row *rows = dm_tree_rows(version);

	t->version = version;
	t->len = 0;
	for (size_t i = 0; rows[i].path; i++) {
		const char *value;

		if (rows[i].fact == DM_TREE_NO_FACT)
			continue;
		memcpy(&value, (const char *)facts + rows[i].fact,
		       sizeof(value));
		dm_tree_set(t, rows[i].path, value);
	}
}

/* ------------------------------- the device ------------------------------- */

const char *dm_tree_firmware(enum syncml_version version)
{
	return version == SYNCML_12 ? "./" DM_TREE_FUMO : "./" DM_TREE_FWUPDATE;
}

const char *dm_tree_value(const struct dm_tree *t, const char *uri)
{
	struct node n = { 0 };
	bool found = find(t, uri, &n);

	assert(found);
	return n.value;
}

void dm_tree_set(struct dm_tree *t, const char *uri, const char *value)
{
	char cut[DM_TREE_VALUE_MAX + 1];
	struct node n = { 0 };
	bool done = find(t, uri, &n);

	snprintf(cut, sizeof(cut), "%s", value);
	done = done && set_value(t, &n, cut, DM_TREE_OCTETS_MAX);
	assert(done);
}

static const char *firmware_uri(const struct dm_tree *t, const char *leaf,
				char uri[DM_TREE_PATH_MAX + 3])
{
	snprintf(uri, DM_TREE_PATH_MAX + 3, "%s/%s",
		 dm_tree_firmware(t->version), leaf);
	return uri;
}

const char *dm_tree_firmware_value(const struct dm_tree *t, const char *leaf)
{
	char uri[DM_TREE_PATH_MAX + 3];

	return dm_tree_value(t, firmware_uri(t, leaf, uri));
}

void dm_tree_set_firmware(struct dm_tree *t, const char *leaf,
			  const char *value)
{
	char uri[DM_TREE_PATH_MAX + 3];

	dm_tree_set(t, firmware_uri(t, leaf, uri), value);
}

/* ------------------------------- the server ------------------------------- */

static unsigned check_uri(const char *uri)
{
	if (strlen(path_of(uri)) > DM_TREE_PATH_MAX)
		return STATUS_URI_TOO_LONG;
	return strchr(uri, '?') ? STATUS_NOT_SUPPORTED : STATUS_OK;
}

/* 200, and the node that may be treated so. */
static unsigned allowed(const struct dm_tree *t, const char *uri,
			enum dm_tree_access access, struct node *n)
{
	unsigned code = check_uri(uri);

	if (code != STATUS_OK)
		return code;
	if (!find(t, uri, n))
		return STATUS_NOT_FOUND;
	return n->access & access ? STATUS_OK : STATUS_NOT_ALLOWED;
}

/* Names of children, one after the other. */
struct list {
	const char *parent;
	char *out;
	size_t len;
	bool full;
};

static void list_child(struct list *l, const char *path)
{
	const char *name = below(l->parent, path);
	size_t left = DM_TREE_LIST_MAX + 1 - l->len;

	if (!name || strchr(name, '/') || l->full)
		return;
	if (strlen(name) + (l->len > 0) >= left) {
		l->full = true;
		return;
	}
	l->len += (size_t)snprintf(l->out + l->len, left, "%s%s",
				   l->len ? "/" : "", name);
}

/* false: it does not fit. */
static bool list_children(const struct dm_tree *t, const char *parent,
			  char *out)
{
	struct list l = { .parent = parent, .out = out };
	struct record r = { 0 };

	out[0] = '\0';
	for (const struct dm_tree_row *row = dm_tree_rows(t->version);
	     row->path; row++)
		list_child(&l, row->path);
	for (; read_record(t, &r); r.at += r.len)
		if (r.row == ADDED)
			list_child(&l, r.path);
	return !l.full;
}

unsigned dm_tree_get(const struct dm_tree *t, const char *uri,
		     struct dm_tree_answer *answer)
{
	struct node n;
	unsigned code = allowed(t, uri, MAY_GET, &n);

	if (code != STATUS_OK)
		return code;
	answer->format = n.format;
	if (!is_interior(&n))
		strcpy(answer->value, n.value);
	else if (!list_children(t, n.path, answer->value))
		return STATUS_TOO_LARGE;
	return STATUS_OK;
}

unsigned dm_tree_replace(struct dm_tree *t, const char *uri,
			 const char *format, const char *value)
{
	struct node n;
	unsigned code = allowed(t, uri, MAY_REPLACE, &n);

	if (code != STATUS_OK)
		return code;
	if (is_interior(&n))
		return STATUS_NOT_ALLOWED;
	if (format && strcmp(format, n.format))
		return STATUS_BAD_FORMAT;
	if (strlen(value) > DM_TREE_VALUE_MAX)
		return STATUS_TOO_LARGE;
	return set_value(t, &n, value, SERVER_OCTETS_MAX) ? STATUS_OK :
	       STATUS_DEVICE_FULL;
}

/* 200: there is a parent that takes children, and path has a name. */
static unsigned check_parent(const struct dm_tree *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[DM_TREE_PATH_MAX + 1] = "";
	struct node n;

	if (slash)
		memcpy(parent, path, (size_t)(slash - path));
	if (!find(t, parent, &n))
		return STATUS_NOT_FOUND;
	if (!is_interior(&n) || !(n.access & MAY_ADD) || !slash || !slash[1])
		return STATUS_NOT_ALLOWED;
	return STATUS_OK;
}

unsigned dm_tree_add(struct dm_tree *t, const char *uri, const char *format,
		     const char *value)
{
	const struct record r = { ADDED, path_of(uri), format ? format : "chr",
				  value, 0, 0 };
	unsigned code = check_uri(uri);
	struct node n;

	if (code == STATUS_OK && find(t, uri, &n))
		code = STATUS_EXISTS;
	if (code == STATUS_OK)
		code = check_parent(t, r.path);
	if (code != STATUS_OK)
		return code;
	if (strlen(r.format) > DM_TREE_FORMAT_MAX)
		return STATUS_BAD_FORMAT;
	if (strlen(value) > DM_TREE_VALUE_MAX)
		return STATUS_TOO_LARGE;
	return put_record(t, &r, SERVER_OCTETS_MAX) ? STATUS_OK :
	       STATUS_DEVICE_FULL;
}

/* It and all below it. */
unsigned dm_tree_delete(struct dm_tree *t, const char *uri)
{
	char path[DM_TREE_PATH_MAX + 1];
	struct record r = { 0 };
	struct node n;
	unsigned code = allowed(t, uri, MAY_DELETE, &n);

	if (code != STATUS_OK)
		return code;
	strcpy(path, n.path);
	while (read_record(t, &r))
		if (r.row == ADDED && (!strcmp(r.path, path) ||
				       below(path, r.path)))
			remove_record(t, &r);
		else
			r.at += r.len;
	return STATUS_OK;
}

unsigned dm_tree_exec(const struct dm_tree *t, const char *uri)
{
	struct node n;

	return allowed(t, uri, MAY_EXEC, &n);
}
