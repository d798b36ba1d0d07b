/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>
#include <strings.h>

#include "wap/utf8.h"

/* NOENT: &amp; is an &, in attributes, too; there are no other entities. */
#define OPTIONS (XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)

#define WELL_FORMED "well-formed XML 1.0"

/* One reading. The first complaint stays. */
struct reading {
	struct arena *arena;
	xmlParserCtxtPtr parser;
	struct xml_node *root;
	struct xml_node *open[XML_DEPTH_MAX];	/* elements, outermost first */
	struct xml_node **end[XML_DEPTH_MAX + 1]; /* where the next goes */
	size_t depth;
	char *text;			/* the one being read; in the arena */
	size_t text_len;
	struct err *e;
	int rc;
};

static unsigned line_of(const struct reading *r)
{
	int line = xmlSAX2GetLineNumber(r->parser);

	return line > 0 ? (unsigned)line : 0;
}

static void complain(struct reading *r, int code, const char *allowed,
		     const char *what)
{
	if (r->rc)
		return;
	r->rc = err_set(r->e, code, "xml", allowed, "line %u: %s", line_of(r),
			what);
	xmlStopParser(r->parser);
}

static void no_room(struct reading *r)
{
	complain(r, DM_ENOSPC, "a smaller document", "there is too much of it");
}

/* NULL after a complaint: the parser, stopped, has freed what it gave us. */
static const char *copy(struct reading *r, const xmlChar *text, size_t len)
{
	const char *c = NULL;

	if (!r->rc)
		c = arena_text(r->arena, (const char *)text, len);
	if (!c)
		no_room(r);
	return c;
}

static struct xml_node *add_node(struct reading *r)
{
	struct xml_node *n = arena_alloc(r->arena, sizeof(*n));

	if (!n) {
		no_room(r);
		return NULL;
	}
	n->line = line_of(r);
	*r->end[r->depth] = n;
	r->end[r->depth] = &n->next;
	return n;
}

static bool is_blank(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

/* Ends the text that was being read, if any. */
static void end_text(struct reading *r)
{
	const char *text = r->text;
	struct xml_node *n;

	r->text = NULL;
	if (r->rc || !text || is_blank(text, r->text_len))
		return;
	n = add_node(r);
	if (n)
		n->text = text;
}

/* a: local name, prefix, URI, value, end of value. */
static void add_attribute(struct reading *r, struct xml_attribute ***end,
			  const xmlChar **a)
{
	struct xml_attribute *x = arena_alloc(r->arena, sizeof(*x));

	if (!x) {
		no_room(r);
		return;
	}
	if (a[1])
		complain(r, DM_EPROTO, "attributes without a prefix",
			 "an attribute of another namespace");
	x->name = copy(r, a[0], strlen((const char *)a[0]));
	x->value = copy(r, a[3], (size_t)(a[4] - a[3]));
	**end = x;
	*end = &x->next;
}

/* Most elements have the namespace of the one that they stand in. */
static const char *namespace_of(struct reading *r, const xmlChar *uri)
{
	const char *outer = r->depth ? r->open[r->depth - 1]->ns : NULL;

	if (!uri)
		return NULL;
	if (outer && !strcmp(outer, (const char *)uri))
		return outer;
	return copy(r, uri, strlen((const char *)uri));
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *uri, int n_namespaces,
		     const xmlChar **namespaces, int n_attributes,
		     int n_defaulted, const xmlChar **attributes)
{
	struct reading *r = arg;
	struct xml_attribute **end;
	struct xml_node *n;

	(void)prefix;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_defaulted;
	end_text(r);
	if (r->depth == XML_DEPTH_MAX)
		complain(r, DM_ENOSPC, "at most 64 elements inside each other",
			 "it is too deep");
	n = r->rc ? NULL : add_node(r);
	if (!n)
		return;
	n->name = copy(r, name, strlen((const char *)name));
	n->ns = namespace_of(r, uri);
	end = &n->attributes;
	for (int i = 0; i < n_attributes && !r->rc; i++)
		add_attribute(r, &end, attributes + 5 * i);
	r->open[r->depth++] = n;
	r->end[r->depth] = &n->children;
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *uri)
{
	struct reading *r = arg;

	(void)name;
	(void)prefix;
	(void)uri;
	end_text(r);
	if (!r->rc)
		r->depth--;
}

/* Comes in pieces, with nothing else put into the arena between them. */
static void on_text(void *arg, const xmlChar *text, int len)
{
	struct reading *r = arg;
	const char *piece;

	if (r->rc || r->depth == 0)
		return;
	if (r->text)
		r->arena->used--;	/* the NUL of the piece before */
	piece = copy(r, text, (size_t)len);
	if (!piece)
		return;
	if (!r->text) {
		r->text = (char *)r->arena->buf + r->arena->used - len - 1;
		r->text_len = 0;
	}
	r->text_len += (size_t)len;
}

/* The parser stands behind the identifiers: is there an internal subset? */
static void on_doctype(void *arg, const xmlChar *name,
		       const xmlChar *public_id, const xmlChar *system_id)
{
	struct reading *r = arg;

	(void)name;
	(void)public_id;
	(void)system_id;
	if (*r->parser->input->cur == '[')
		complain(r, DM_EPROTO, "a DOCTYPE without declarations in it",
			 "entities and declarations are not allowed");
}

/* In our words: those of libxml2 quote the document. */
static const struct {
	int error;
	const char *words;
} complaints[] = {
	{ XML_ERR_DOCUMENT_EMPTY, "it does not begin with an element" },
	{ XML_ERR_DOCUMENT_END, "there is more behind its end" },
	{ XML_ERR_INVALID_HEX_CHARREF, "a bad character reference" },
	{ XML_ERR_INVALID_DEC_CHARREF, "a bad character reference" },
	{ XML_ERR_INVALID_CHARREF, "a bad character reference" },
	{ XML_ERR_INVALID_CHAR, "a character that XML does not allow" },
	{ XML_ERR_UNDECLARED_ENTITY, "an entity that XML does not have" },
	{ XML_WAR_UNDECLARED_ENTITY, "an entity that XML does not have" },
	{ XML_ERR_ENTITYREF_SEMICOL_MISSING, "an & that is not &amp;" },
	{ XML_ERR_NAME_REQUIRED, "a name is missing, or an & is not &amp;" },
	{ XML_ERR_LT_IN_ATTRIBUTE, "a < inside an attribute" },
	{ XML_ERR_ATTRIBUTE_NOT_STARTED, "a value without quotes" },
	{ XML_ERR_ATTRIBUTE_NOT_FINISHED, "a value without its end quote" },
	{ XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute without value" },
	{ XML_ERR_ATTRIBUTE_REDEFINED, "an attribute that is there twice" },
	{ XML_ERR_SPACE_REQUIRED, "a malformed tag" },
	{ XML_ERR_GT_REQUIRED, "a malformed tag" },
	{ XML_ERR_MISPLACED_CDATA_END, "a ]]> in a text" },
	{ XML_ERR_TAG_NAME_MISMATCH, "an end that fits no beginning" },
	{ XML_ERR_RESERVED_XML_NAME, "an XML declaration inside" },
	{ XML_NS_ERR_UNDEFINED_NAMESPACE, "a prefix without a namespace" },
};

#define N_COMPLAINTS (sizeof(complaints) / sizeof(complaints[0]))

static const char *words_of(const struct reading *r, int error)
{
	const xmlParserInput *in = r->parser->input;

	if (in && in->cur >= in->end && error != XML_ERR_TAG_NAME_MISMATCH)
		return "it ends too early";
	for (size_t i = 0; i < N_COMPLAINTS; i++)
		if (complaints[i].error == error)
			return complaints[i].words;
	return "it is malformed";
}

static void on_error(void *arg, xmlErrorPtr error)
{
	struct reading *r = arg;

	if (error->code == XML_ERR_NO_MEMORY)
		complain(r, DM_EIO, "", "no memory is left");
	else if (error->level >= XML_ERR_ERROR)
		complain(r, DM_EPROTO, WELL_FORMED,
			 words_of(r, error->code));
}

static const xmlSAXHandler handlers = {
	.initialized = XML_SAX2_MAGIC,
	.internalSubset = on_doctype,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = on_error,
};

/* --------------------------------- read --------------------------------- */

/* What libxml2 is told of an encoding, instead of what it would guess. */
static const struct {
	const char *declared;
	const char *told;		/* NULL: UTF-8, its own */
} encodings[] = {
	{ "UTF-8", NULL },
	{ "US-ASCII", NULL },
	{ "ISO-8859-1", "ISO-8859-1" },
};

#define N_ENCODINGS (sizeof(encodings) / sizeof(encodings[0]))

/*
 * What the XML declaration says; the text stays in head, which is all NUL. A
 * malformed declaration is libxml2's to refuse; one too long for head is ours.
 */
static const char *declared_encoding(const char *text, size_t len,
				     char head[128])
{
	size_t n = len < 127 ? len : 127;
	char *at, *end;

	memcpy(head, text, n);
	if (strncmp(head, "<?xml", 5) || !strchr(" \t\r\n", head[5]))
		return "UTF-8";
	end = strstr(head, "?>");
	if (!end)
		return n == len ? "UTF-8" : "";
	*end = '\0';
	at = strstr(head, "encoding");
	at = at ? strpbrk(at, "\"'") : NULL;
	end = at ? strchr(at + 1, *at) : NULL;
	if (!end)
		return "UTF-8";
	*end = '\0';
	return at + 1;
}

static int choose_encoding(const char *text, size_t len, const char **told,
			   struct err *e)
{
	char head[128] = "";
	const char *declared = declared_encoding(text, len, head);
	size_t i = 0;

	while (i < N_ENCODINGS && strcasecmp(encodings[i].declared, declared))
		i++;
	if (i == N_ENCODINGS)
		return err_set(e, DM_EPROTO, "xml",
			       "UTF-8, US-ASCII, ISO-8859-1",
			       "line 1: another encoding");
	*told = encodings[i].told;
	if (!*told && !utf8_valid(text, len))
		return err_set(e, DM_EPROTO, "xml",
			       "UTF-8, or the declaration of ISO-8859-1",
			       "octets that are not UTF-8");
	return DM_OK;
}

/* What libxml2 would take for UTF-16 or for its end. */
static int check_octets(const char *text, size_t len, struct err *e)
{
	const char *nul = memchr(text, 0, len);
	unsigned line = 1;

	if (len > XML_OCTETS_MAX)
		return err_set(e, DM_ENOSPC, "xml", "at most 262144 octets",
			       "%zu octets", len);
	if (is_blank(text, len))
		return err_set(e, DM_EPROTO, "xml", WELL_FORMED,
			       "it is empty");
	if (!nul)
		return DM_OK;
	for (const char *p = text; p < nul; p++)
		line += *p == '\n';
	return err_set(e, DM_EPROTO, "xml", "UTF-8 text",
		       "line %u: a NUL octet", line);
}

static void parse(struct reading *r, const char *text, size_t len,
		  const char *encoding)
{
	r->parser = xmlNewParserCtxt();
	if (!r->parser) {
		r->rc = err_set(r->e, DM_EIO, "xml", "", "no memory is left");
		return;
	}
	*r->parser->sax = handlers;
	r->parser->userData = r;
	xmlFreeDoc(xmlCtxtReadMemory(r->parser, text, (int)len, NULL, encoding,
				     OPTIONS));
	if (!r->parser->wellFormed)
		complain(r, DM_EPROTO, WELL_FORMED, "it is malformed");
	xmlFreeParserCtxt(r->parser);
	xmlResetLastError();	/* it is kept for the thread */
}

int xml_read(struct arena *a, const char *text, size_t len,
	     struct xml_node **root, struct err *e)
{
	struct reading r = { .arena = a, .e = e };
	const char *encoding = NULL;
	int rc;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {	/* U+FEFF */
		text += 3;
		len -= 3;
	}
	rc = check_octets(text, len, e);
	if (!rc)
		rc = choose_encoding(text, len, &encoding, e);
	if (rc)
		return rc;
	r.end[0] = &r.root;
	parse(&r, text, len, encoding);
	if (!r.rc)
		*root = r.root;
	return r.rc;
}
