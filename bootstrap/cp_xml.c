/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_xml.h"

#include <string.h>

#include "bootstrap/cp_tokens.h"
#include "wap/bits.h"

/* --------------------------------- read --------------------------------- */

static int refuse(struct err *e, const struct xml_node *at, const char *allowed,
		  const char *came)
{
	return err_set(e, DM_EINVAL, "xml", allowed, "line %u: %s", at->line,
		       came);
}

static int too_big(struct err *e, const struct xml_node *at)
{
	return err_set(e, DM_ENOSPC, "xml", "a smaller document",
		       "line %u: there is too much of it", at->line);
}

/* The DTD has one attribute that must be there, and one that may. */
static int check_attributes(const struct xml_node *x, const char *needed,
			    const char *other, struct err *e)
{
	for (struct xml_attribute *a = x->attributes; a; a = a->next)
		if ((!needed || strcmp(a->name, needed)) &&
		    (!other || strcmp(a->name, other)))
			return refuse(e, x, "version of wap-provisioningdoc, "
				      "type of characteristic, name and value "
				      "of parm", "an unknown attribute");
	if (needed && !xml_attribute(x, needed))
		return refuse(e, x, "characteristic with type, parm with name",
			      "an attribute is missing");
	return DM_OK;
}

static bool is_element(const struct xml_node *x, enum cp_element element)
{
	return x->name && !x->ns &&
	       !strcmp(x->name, cp_element_names[element - CP_DOC]);
}

static int read_nodes(struct arena *a, const struct xml_node *outer,
		      struct cp_node **end, size_t depth, struct err *e);

static int read_parm(struct arena *a, const struct xml_node *x,
		     struct cp_node **end, struct err *e)
{
	int rc = check_attributes(x, "name", "value", e);
	struct cp_node *n;

	if (rc)
		return rc;
	if (x->children)
		return refuse(e, x->children, "<parm .../>",
			      "something inside a parm");
	n = cp_add(a, end, true, xml_attribute(x, "name"),
		   xml_attribute(x, "value"));
	if (!n)
		return too_big(e, x);
	n->line = x->line;
	return DM_OK;
}

static int read_characteristic(struct arena *a, const struct xml_node *x,
			       struct cp_node **end, size_t depth,
			       struct err *e)
{
	int rc = check_attributes(x, "type", NULL, e);
	struct cp_node *n;

	if (rc)
		return rc;
	if (depth == CP_DEPTH_MAX)
		return refuse(e, x, "16 characteristics inside each other",
			      "it is too deep");
	n = cp_add(a, end, false, xml_attribute(x, "type"), NULL);
	if (!n)
		return too_big(e, x);
	n->line = x->line;
	return read_nodes(a, x, &n->children, depth + 1, e);
}

/* depth: characteristics around them. */
static int read_nodes(struct arena *a, const struct xml_node *outer,
		      struct cp_node **end, size_t depth, struct err *e)
{
	for (const struct xml_node *x = outer->children; x; x = x->next) {
		int rc;

		if (is_element(x, CP_CHARACTERISTIC))
			rc = read_characteristic(a, x, end, depth, e);
		else if (is_element(x, CP_PARM) && depth > 0)
			rc = read_parm(a, x, end, e);
		else
			rc = refuse(e, x, "characteristic; inside one parm, "
				    "too", x->name ? "another element" :
						     "text");
		if (rc)
			return rc;
		while (*end)
			end = &(*end)->next;
	}
	return DM_OK;
}

int cp_xml_from_tree(struct arena *a, const struct xml_node *root,
		     struct cp_doc *doc, struct err *e)
{
	struct cp_doc got = { .version = NULL };
	const char *version;
	int rc;

	if (!is_element(root, CP_DOC))
		return refuse(e, root, "wap-provisioningdoc",
			      "another document");
	rc = check_attributes(root, NULL, "version", e);
	if (rc)
		return rc;
	version = xml_attribute(root, "version");
	if (version)
		got.version = arena_text(a, version, strlen(version));
	if (version && !got.version)
		return too_big(e, root);
	rc = read_nodes(a, root, &got.nodes, 0, e);
	if (!rc)
		*doc = got;
	return rc;
}

int cp_xml_read(struct arena *a, const char *text, size_t len,
		struct cp_doc *doc, struct err *e)
{
	struct xml_node *root;
	int rc = xml_read(a, text, len, &root, e);

	return rc ? rc : cp_xml_from_tree(a, root, doc, e);
}

/* --------------------------------- write --------------------------------- */

static const char head[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<!DOCTYPE wap-provisioningdoc PUBLIC "
	"\"-//WAPFORUM//DTD PROV 1.0//EN\" "
	"\"http://www.wapforum.org/DTD/prov.dtd\">\n";

static void put(struct writer *w, const char *text)
{
	put_mem(w, text, strlen(text));
}

static void put_attribute(struct writer *w, enum cp_attribute attribute,
			  const char *text)
{
	put(w, " ");
	put(w, cp_attribute_names[attribute]);
	put(w, "=\"");
	xml_put_escaped(w, text);
	put(w, "\"");
}

static void put_indent(struct writer *w, size_t depth)
{
	while (depth-- > 0)
		put(w, "  ");
}

static void put_parm(struct writer *w, const struct cp_node *n,
		     bool show_secrets)
{
	put(w, "<parm");
	put_attribute(w, CP_NAME, n->name);
	if (n->value && n->value[0] && !show_secrets && cp_is_secret(n->name))
		put_attribute(w, CP_VALUE, "***");
	else if (n->value)
		put_attribute(w, CP_VALUE, n->value);
	put(w, "/>\n");
}

static void put_nodes(struct writer *w, const struct cp_node *list,
		      bool show_secrets, size_t depth)
{
	for (const struct cp_node *n = list; n; n = n->next) {
		put_indent(w, depth);
		if (n->is_parm) {
			put_parm(w, n, show_secrets);
			continue;
		}
		put(w, "<characteristic");
		put_attribute(w, CP_TYPE, n->name);
		put(w, n->children ? ">\n" : "/>\n");
		put_nodes(w, n->children, show_secrets, depth + 1);
		if (!n->children)
			continue;
		put_indent(w, depth);
		put(w, "</characteristic>\n");
	}
}

int cp_xml_write(const struct cp_doc *doc, bool show_secrets, char *out,
		 size_t cap, size_t *len)
{
	struct writer w = { .buf = (uint8_t *)out, .cap = cap };

	put(&w, head);
	put(&w, "<wap-provisioningdoc");
	if (doc->version)
		put_attribute(&w, CP_VERSION, doc->version);
	put(&w, doc->nodes ? ">\n" : "/>\n");
	put_nodes(&w, doc->nodes, show_secrets, 1);
	if (doc->nodes)
		put(&w, "</wap-provisioningdoc>\n");
	put_u8(&w, 0);
	w.len -= w.err ? 0 : 1;
	return put_done(&w, len);
}
