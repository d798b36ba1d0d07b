/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/dm_mend.h"

#include <string.h>
#include <strings.h>

#include "wap/base64.h"
#include "wap/hash.h"

#define NS_SYNCML_12 "SYNCML:SYNCML1.2"
#define NS_METINF "syncml:metinf"
#define NS_TREE "syncml:dmddf1.2"
#define TYPE_TREE_WBXML "application/vnd.syncml.dmtnds+wbxml"
#define TYPE_TREE_XML "application/vnd.syncml.dmtnds+xml"

/* These, and those above, libwbxml changes in any element. */
static const char *const devinf_types[] = {
	"application/vnd.syncml-devinf+wbxml",
	"application/vnd.syncml-devinf+xml",
};

/* Elements of code page 1; all others of SyncML are of page 0. */
static const char *const metinf[] = {
	"Anchor", "EMI", "FieldLevel", "Format", "FreeID", "FreeMem", "Last",
	"Mark", "MaxMsgSize", "MaxObjSize", "Mem", "MetInf", "Next",
	"NextNonce", "SharedMem", "Size", "Type", "Version",
};

/* Nodes whose value is base64, whatever their format. */
static const char *const nonces[] = {
	"AAuthData", "ClientNonce", "ServerNonce",
};

struct mend {
	struct arena *a;
	const char *ns;			/* of the document */
	bool is_12;			/* DM 1.2: it may hold TNDS */
	struct err *e;
	int rc;
};

static void refuse(struct mend *m, int code, const struct xml_node *n,
		   const char *allowed, const char *what)
{
	if (!m->rc)
		m->rc = err_set(m->e, code, "xml", allowed, "line %u: %s",
				n->line, what);
}

static void *get_room(struct mend *m, const struct xml_node *n, size_t len)
{
	void *room = m->rc ? NULL : arena_alloc(m->a, len);

	if (!room)
		refuse(m, DM_ENOSPC, n, "a smaller document",
		       "there is too much of it");
	return room;
}

static bool is_one_of(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(list[i], text))
			return true;
	return false;
}

#define IS_ONE_OF(list, text) \
	is_one_of(list, sizeof(list) / sizeof(list[0]), text)

/* Like xml_child(), for who changes the tree. */
static struct xml_node *child(struct xml_node *parent, const char *name)
{
	struct xml_node *c = parent ? parent->children : NULL;

	while (c && (!c->name || strcmp(c->name, name)))
		c = c->next;
	return c;
}

static bool is_named(const struct xml_node *n, const char *name)
{
	return n->name && !strcmp(n->name, name);
}

static const char *text_of(struct xml_node *n)
{
	return n ? xml_text(n) : "";
}

const char *dm_item_name(const struct xml_node *item)
{
	const struct xml_node *n = xml_child(item, "Target");
	const char *uri, *slash;

	n = n ? xml_child(n, "LocURI") : NULL;
	uri = n ? xml_text(n) : "";
	slash = strrchr(uri, '/');
	return slash ? slash + 1 : uri;
}

/* ------------------------------- elements ------------------------------- */

static void set_namespace(struct mend *m, struct xml_node *n, const char *ns)
{
	if (n->attributes)
		refuse(m, DM_EINVAL, n, "elements without attributes",
		       "an attribute");
	if (n->ns && strcmp(n->ns, ns) && strcmp(n->ns, m->ns) &&
	    strcmp(n->ns, NS_METINF))
		refuse(m, DM_EINVAL, n, "SyncML and TNDS",
		       "an element of another namespace");
	n->ns = ns;
}

/* Decoded into room that is given back at once. */
static void check_base64(struct mend *m, struct xml_node *holder)
{
	const char *text = text_of(holder);
	size_t before = m->a->used, len = strlen(text), out_len;
	uint8_t *out = get_room(m, holder, len + 1);

	if (!out)
		return;
	if (base64_decode(text, len, out, len, &out_len))
		refuse(m, DM_EINVAL, holder, "base64 without blanks",
		       "a value that is not base64");
	hash_wipe(out, len);
	m->a->used = before;
}

static void check_value(struct mend *m, struct xml_node *holder,
			const char *name, const char *format)
{
	if (holder && (!strcmp(format, "b64") || IS_ONE_OF(nonces, name)))
		check_base64(m, holder);
}

/* --------------------------------- TNDS --------------------------------- */

/* RTProperties/Format holds an empty element whose name is the format. */
static const char *mend_node_format(struct xml_node *node)
{
	struct xml_node *f = child(child(node, "RTProperties"), "Format");

	f = f ? f->children : NULL;
	if (!f || !f->name)
		return "";
	if (!strcmp(f->name, "bin"))
		f->name = "b64";
	return f->name;
}

static void mend_tree(struct mend *m, struct xml_node *n)
{
	set_namespace(m, n, NS_TREE);
	if (is_named(n, "Node"))
		check_value(m, child(n, "Value"),
			    text_of(child(n, "NodeName")),
			    mend_node_format(n));
	for (struct xml_node *c = n->children; c; c = c->next)
		if (c->name)
			mend_tree(m, c);
}

static const char *without_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

bool dm_is_tree_text(const char *text)
{
	return *without_blanks(text) == '<' && strstr(text, "MgmtTree");
}

/* Data that is a tree as text becomes the tree; other Data stays. */
static int tree_from_text(struct arena *a, struct xml_node *data,
			  struct err *e)
{
	const char *text = without_blanks(xml_text(data));
	struct xml_node *root;
	int rc;

	if (!dm_is_tree_text(text) || data->children->next)
		return DM_OK;
	rc = xml_read(a, text, strlen(text), &root, e);
	if (!rc && is_named(root, "MgmtTree"))
		data->children = root;
	return rc;
}

/* -------------------------------- SyncML -------------------------------- */

/* Puts a new node before the rest of a list; name NULL: a text. */
static struct xml_node *insert(struct mend *m, const struct xml_node *parent,
			       struct xml_node **list, const char *name)
{
	struct xml_node *n = get_room(m, parent, sizeof(*n));

	if (!n)
		return NULL;
	n->name = name;
	n->next = *list;
	*list = n;
	return n;
}

/* An Item whose Data is a tree has to say so in its own Meta. */
static void set_tree_type(struct mend *m, struct xml_node *item)
{
	struct xml_node **at = &item->children;
	struct xml_node *meta = child(item, "Meta"), *type, *text;

	while (!is_named(*at, "Data"))
		at = &(*at)->next;
	if (!meta)
		meta = insert(m, item, at, "Meta");
	type = child(meta, "Type");
	if (meta && !type)
		type = insert(m, meta, &meta->children, "Type");
	if (!type)
		return;
	type->children = NULL;
	text = insert(m, type, &type->children, NULL);
	if (text)
		text->text = TYPE_TREE_WBXML;
}

static const char *format_of(struct xml_node *holder)
{
	return text_of(child(child(holder, "Meta"), "Format"));
}

static void mend_item(struct mend *m, struct xml_node *command,
		      struct xml_node *item)
{
	struct xml_node *data = child(item, "Data");
	const char *format = format_of(item);

	if (!data || m->rc)
		return;
	m->rc = tree_from_text(m->a, data, m->e);
	if (m->is_12 && child(data, "MgmtTree"))
		set_tree_type(m, item);
	if (!*format)
		format = format_of(command);
	if (!strcmp(format, "bin"))
		format = "b64";
	check_value(m, data, dm_item_name(item), format);
}

static void mend_text(struct mend *m, const struct xml_node *parent,
		      struct xml_node *n)
{
	bool is_tree_type = !strcasecmp(n->text, TYPE_TREE_WBXML) ||
			    !strcasecmp(n->text, TYPE_TREE_XML);

	if (is_tree_type && is_named(parent, "Type") && m->is_12)
		n->text = TYPE_TREE_WBXML;
	else if (is_tree_type || IS_ONE_OF(devinf_types, n->text))
		refuse(m, DM_EINVAL, n, "TNDS, in DM 1.2",
		       "a type that stands for an embedded document");
	if (is_named(parent, "Format") && !strcmp(n->text, "bin"))
		n->text = "b64";
	if (is_named(parent, "Data") && strpbrk(n->text, "\r\n"))
		refuse(m, DM_EINVAL, n, "values on one line",
		       "a line break in Data");
}

static void mend_element(struct mend *m, struct xml_node *n);

static void mend_child(struct mend *m, struct xml_node *parent,
		       struct xml_node *n)
{
	if (!n->name) {
		mend_text(m, parent, n);
	} else if (!is_named(n, "MgmtTree")) {
		if (is_named(n, "Item"))
			mend_item(m, parent, n);
		mend_element(m, n);
	} else if (!is_named(parent, "Data") || !m->is_12) {
		refuse(m, DM_EINVAL, n, "TNDS in Data, in DM 1.2",
		       "a MgmtTree");
	} else {
		mend_tree(m, n);
	}
}

static void mend_element(struct mend *m, struct xml_node *n)
{
	set_namespace(m, n, IS_ONE_OF(metinf, n->name) ? NS_METINF : m->ns);
	for (struct xml_node *c = n->children; c && !m->rc; c = c->next)
		mend_child(m, n, c);
}

int dm_mend(struct arena *a, struct xml_node *root, struct err *e)
{
	struct mend m = {
		.a = a,
		.ns = root->ns,
		.is_12 = !strcmp(root->ns, NS_SYNCML_12),
		.e = e,
	};

	mend_element(&m, root);
	return m.rc;
}

/* -------------------------------- decoded -------------------------------- */

static bool has_data_text(struct xml_node *holder)
{
	for (struct xml_node *c = holder->children; c; c = c->next)
		if ((is_named(c, "Data") && *xml_text(c)) ||
		    (is_named(c, "Item") && has_data_text(c)))
			return true;
	return false;
}

/*
 * In DM 1.2, libwbxml says +xml for either. If Data is text, +xml it was:
 * wbxml_scan() passes no text as +wbxml.
 */
static void restore_type(struct xml_node *holder)
{
	struct xml_node *type = child(child(holder, "Meta"), "Type");

	if (!strcmp(text_of(type), TYPE_TREE_XML) && !has_data_text(holder) &&
	    holder->ns && !strcmp(holder->ns, NS_SYNCML_12))
		type->children->text = TYPE_TREE_WBXML;
}

void dm_mend_decoded(struct arena *a, struct xml_node *n)
{
	struct err ignored;

	n->line = 0;
	restore_type(n);
	if (is_named(n, "Data"))	/* what is no tree stays text */
		tree_from_text(a, n, &ignored);
	for (struct xml_node *c = n->children; c; c = c->next)
		dm_mend_decoded(a, c);
}
