/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/xml.h"

#include <string.h>

#include "wap/bits.h"
#include "wap/utf8.h"

/* --------------------------------- write --------------------------------- */

static void put(struct writer *w, const char *text)
{
	put_mem(w, text, strlen(text));
}

/* Line breaks in an attribute would be read as blanks. */
static const char *reference_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	}
	return NULL;
}

void xml_put_escaped(struct writer *w, const char *text)
{
	for (; *text; text++) {
		const char *reference = reference_of(*text);

		if (reference)
			put(w, reference);
		else
			put_mem(w, text, 1);
	}
}

static void put_attribute(struct writer *w, const char *name,
			  const char *value)
{
	put(w, " ");
	put(w, name);
	put(w, "=\"");
	xml_put_escaped(w, value);
	put(w, "\"");
}

/* ns and outer_ns: "" is none. */
static void put_start(struct writer *w, const struct xml_node *n,
		      const char *ns, const char *outer_ns)
{
	put(w, "<");
	put(w, n->name);
	if (strcmp(ns, outer_ns))
		put_attribute(w, "xmlns", ns);
	for (struct xml_attribute *x = n->attributes; x; x = x->next)
		put_attribute(w, x->name, x->value);
	put(w, n->children ? ">" : "/>");
}

static bool has_text(const struct xml_node *n)
{
	for (const struct xml_node *c = n->children; c; c = c->next)
		if (!c->name)
			return true;
	return false;
}

static void put_line(struct writer *w, size_t depth)
{
	put(w, "\n");
	while (depth-- > 0)
		put(w, "  ");
}

/* As deep as the reader lets a tree be. */
static void put_node(struct writer *w, const struct xml_node *n,
		     const char *outer_ns, bool indent, size_t depth)
{
	const char *ns = n->ns ? n->ns : "";

	if (!n->name) {
		xml_put_escaped(w, n->text);
		return;
	}
	put_start(w, n, ns, outer_ns);
	indent = indent && !has_text(n);
	for (const struct xml_node *c = n->children; c; c = c->next) {
		if (indent)
			put_line(w, depth + 1);
		put_node(w, c, ns, indent, depth + 1);
	}
	if (!n->children)
		return;
	if (indent)
		put_line(w, depth);
	put(w, "</");
	put(w, n->name);
	put(w, ">");
}

int xml_write(const struct xml_node *root, bool indent, char *out, size_t cap,
	      size_t *len)
{
	struct writer w = { .buf = (uint8_t *)out, .cap = cap };

	put_node(&w, root, "", indent, 0);
	if (indent)
		put(&w, "\n");
	put_u8(&w, 0);
	w.len -= w.err ? 0 : 1;
	return put_done(&w, len);
}

/* --------------------------------- look --------------------------------- */

/* XML 1.0, <Char>: no control characters but three, not U+FFFE and U+FFFF. */
bool xml_text_valid(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 &&
		    !memchr("\t\n\r", text[i], 3))
			return false;
		if (len - i >= 3 && (!memcmp(text + i, "\xef\xbf\xbe", 3) ||
				     !memcmp(text + i, "\xef\xbf\xbf", 3)))
			return false;
	}
	return utf8_valid(text, len);
}

const struct xml_node *xml_child(const struct xml_node *parent,
				 const char *name)
{
	const struct xml_node *c = parent->children;

	while (c && (!c->name || strcmp(c->name, name)))
		c = c->next;
	return c;
}

const struct xml_node *xml_next(const struct xml_node *node, const char *name)
{
	do
		node = node->next;
	while (node && (!node->name || strcmp(node->name, name)));
	return node;
}

const char *xml_text(const struct xml_node *node)
{
	for (const struct xml_node *c = node->children; c; c = c->next)
		if (!c->name)
			return c->text;
	return "";
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
	for (struct xml_attribute *x = node->attributes; x; x = x->next)
		if (!strcmp(x->name, name))
			return x->value;
	return NULL;
}
