/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.h - a small tree of XML, read and written
 *
 * xml.c reads, the only file of the room that includes libxml2; xml_tree.c
 * writes and looks. A DOCTYPE may be there but is never loaded; declarations
 * inside it (entities above all), attributes with a prefix, and anything over
 * the limits are refused. Comments and processing instructions are dropped.
 * The tree lives in the caller's arena.
 */
#ifndef BOOTSTRAP_XML_H
#define BOOTSTRAP_XML_H

#include <stdbool.h>

#include "wap/arena.h"
#include "wap/err.h"

#define XML_OCTETS_MAX (256 * 1024)	/* of a document */
#define XML_DEPTH_MAX 64		/* elements inside each other */
#define XML_ARENA_MAX (4 * 1024 * 1024)	/* enough for one that is no attack */

struct xml_attribute {
	const char *name;		/* local name */
	const char *value;
	struct xml_attribute *next;
};

struct xml_node {
	const char *name;		/* local name; NULL: this is a text */
	const char *ns;			/* namespace URI; NULL: none */
	const char *text;		/* of a text: what it says */
	unsigned line;			/* in the document; 0: made by us */
	struct xml_attribute *attributes;
	struct xml_node *children;	/* in their order */
	struct xml_node *next;		/* the next child of the same parent */
};

/*
 * Reads a document of len octets: UTF-8, or ISO-8859-1 where it says so. Texts
 * of blanks alone are left out. Returns DM_OK; DM_EPROTO with *e (field "xml",
 * line and reason; no octets of the document, they may be secret), DM_ENOSPC
 * with *e (arena or limits), DM_EIO with *e (no memory).
 */
int xml_read(struct arena *a, const char *text, size_t len,
	     struct xml_node **root, struct err *e) DM_CHECK;

/*
 * Writes the tree and a NUL; a namespace is written where it differs from the
 * parent's. indent: elements on lines of their own, two blanks a level; what
 * has text in it stays on one line. Returns DM_OK or DM_ENOSPC.
 */
int xml_write(const struct xml_node *root, bool indent, char *out, size_t cap,
	      size_t *len) DM_CHECK;

/* Characters as they stand in XML: & < > ", tab and line end as references. */
struct writer;
void xml_put_escaped(struct writer *w, const char *text);

/* Can XML hold it? UTF-8, no control characters but tab and line end. */
bool xml_text_valid(const char *text, size_t len);

/* The first child element with this name, NULL if there is none. */
const struct xml_node *xml_child(const struct xml_node *parent,
				 const char *name);

/* The next element of this name behind node (its siblings), or NULL. */
const struct xml_node *xml_next(const struct xml_node *node, const char *name);

/* The text right inside an element, "" if there is none; borrowed. */
const char *xml_text(const struct xml_node *node);

/* NULL if it has no such attribute. */
const char *xml_attribute(const struct xml_node *node, const char *name);

#endif
