/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_wbxml.h"

#include <string.h>

#include "bootstrap/cp_tokens.h"
#include "bootstrap/xml.h"
#include "wap/bits.h"
#include "wap/wbxml.h"

enum charset {			/* IANA MIBenum */
	US_ASCII = 3,
	ISO_8859_1 = 4,
	UTF_8 = WBXML_CHARSET_UTF8,
};

struct decoder {
	struct reader r;
	struct wbxml_head head;
	struct arena *arena;
	uint8_t tag_page, page;	/* page: of attributes */
	size_t at;		/* octet that the last token began at */
	struct err *e;
	int rc;
};

/* Nothing more is read. Where the reader failed before, that is the reason. */
static void refuse(struct decoder *d, int code, const char *what)
{
	if (!d->rc && d->r.err)
		d->rc = err_set(d->e, DM_EPROTO, "wbxml", "", "octet %zu: it "
				"is cut short, or a number is malformed",
				d->at);
	if (!d->rc)
		d->rc = err_set(d->e, code, "wbxml", "", "octet %zu: %s",
				d->at, what);
	d->r.err = DM_EPROTO;
}

static uint8_t get_token(struct decoder *d, uint8_t *page)
{
	uint8_t token;

	for (;;) {
		if (!d->r.err)
			d->at = d->r.pos;
		token = get_u8(&d->r);
		if (token != WBXML_SWITCH_PAGE || d->r.err)
			return token;
		*page = get_u8(&d->r);
	}
}

/* -------------------------------- texts -------------------------------- */

/* Where a new text begins, empty as yet, at the end of the arena. */
static const char *begin_text(struct decoder *d)
{
	const char *text = arena_text(d->arena, "", 0);

	if (!text)
		refuse(d, DM_ENOSPC, "the document is too big");
	return text;
}

/* Puts UTF-8 behind the last text in the arena. */
static void add_text(struct decoder *d, const char *text, size_t len)
{
	if (!xml_text_valid(text, len))
		refuse(d, DM_EPROTO, "a text that is not in its charset, or "
		       "that XML cannot hold");
	if (d->r.err)
		return;
	d->arena->used--;		/* its NUL */
	if (!arena_text(d->arena, text, len))
		refuse(d, DM_ENOSPC, "the document is too big");
}

static void add_character(struct decoder *d, uint32_t code)
{
	static const uint8_t first[] = { 0, 0x00, 0xc0, 0xe0, 0xf0 };
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 :
		     code < 0x10000 ? 3 : 4;
	char text[4];

	if (code > 0x10ffff) {
		refuse(d, DM_EPROTO, "an entity that is no character");
		return;
	}
	for (size_t i = len - 1; i > 0; i--, code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3f));
	text[0] = (char)(first[len] | code);
	add_text(d, text, len);
}

/* In the document's charset; all US-ASCII is UTF-8. */
static void add_string(struct decoder *d, const char *text, size_t len)
{
	if (d->head.charset != ISO_8859_1) {
		add_text(d, text, len);
		return;
	}
	for (size_t i = 0; i < len; i++)
		add_character(d, (uint8_t)text[i]);
}

/* A string of the string table; NULL after an error. */
static const char *get_table_string(struct decoder *d, size_t *len)
{
	struct reader table = {
		.buf = d->head.strings,
		.len = d->head.strings_len,
	};
	const char *text;

	get_mem(&table, get_uintvar(&d->r));
	text = get_text(&table, len);
	if (!text)
		refuse(d, DM_EPROTO, "a string that is not in the table");
	return d->r.err ? NULL : text;
}

/* A token that is, or begins, a piece of text. */
static bool is_text(uint8_t token)
{
	return token >= 0x80 || token == WBXML_ENTITY ||
	       token == WBXML_STR_I ||
	       (token >= WBXML_EXT_I_0 && token <= WBXML_EXT_I_2);
}

static void add_value_token(struct decoder *d, uint8_t token)
{
	const struct cp_token *t = cp_token_read(d->page, token);

	if (t)
		add_text(d, t->text, strlen(t->text));
	else if (token == WBXML_OPAQUE)
		refuse(d, DM_EPROTO, "opaque data");
	else if (token <= WBXML_EXT_T_2 ||
		 (token >= WBXML_EXT_0 && token <= WBXML_EXT_2))
		refuse(d, DM_EPROTO, "an extension token");
	else
		refuse(d, DM_EPROTO, "an unknown value token");
}

/*
 * In page 1, 83 is DIGEST of the candidate of 2002, and STR_T where there is a
 * table to take a string from.
 */
static bool is_table_string(const struct decoder *d, uint8_t token)
{
	return token == WBXML_STR_T && (d->page == 0 || d->head.strings_len);
}

static void add_piece(struct decoder *d, uint8_t token)
{
	const char *text;
	size_t len;

	if (token == WBXML_ENTITY) {
		add_character(d, get_uintvar(&d->r));
		return;
	}
	if (token != WBXML_STR_I && !is_table_string(d, token)) {
		add_value_token(d, token);
		return;
	}
	text = token == WBXML_STR_I ? get_text(&d->r, &len) :
				      get_table_string(d, &len);
	if (text)
		add_string(d, text, len);
}

/* ------------------------------ attributes ------------------------------ */

/* Of one element; NULL: not there. */
struct attributes {
	const char *texts[N_CP_ATTRIBUTES];
};

static const enum cp_element element_of[N_CP_ATTRIBUTES] = {
	CP_DOC, CP_CHARACTERISTIC, CP_PARM, CP_PARM,
};

/* What a name in the string table stands for; n if for nothing. */
static size_t get_literal(struct decoder *d, const char *const *names,
			  size_t n)
{
	size_t len, i = 0;
	const char *name = get_table_string(d, &len);

	while (name && i < n && strcmp(names[i], name))
		i++;
	if (i == n)
		refuse(d, DM_EPROTO, "a name that the DTD does not have");
	return i;
}

static void begin_attribute(struct decoder *d, enum cp_element element,
			    uint8_t token, struct attributes *a)
{
	const struct cp_token *t = cp_token_read(d->page, token);
	struct cp_token literal = { .text = NULL };

	if (token == WBXML_LITERAL) {
		literal.attribute = (enum cp_attribute)get_literal(d,
			cp_attribute_names, N_CP_ATTRIBUTES);
		t = &literal;
	}
	if (!t)
		refuse(d, DM_EPROTO, "an unknown attribute token");
	if (d->r.err)
		return;
	if (element_of[t->attribute] != element) {
		refuse(d, DM_EPROTO, "an attribute of another element");
		return;
	}
	if (a->texts[t->attribute])
		refuse(d, DM_EPROTO, "an attribute that is there twice");
	a->texts[t->attribute] = begin_text(d);
	if (t->text)
		add_text(d, t->text, strlen(t->text));
}

static struct attributes get_attributes(struct decoder *d,
					enum cp_element element)
{
	struct attributes a = { { NULL } };
	bool begun = false;

	for (;;) {
		uint8_t token = get_token(d, &d->page);

		if (d->r.err || token == WBXML_END)
			return a;
		if (!is_text(token))
			begin_attribute(d, element, token, &a);
		else if (begun)
			add_piece(d, token);
		else
			refuse(d, DM_EPROTO, "a value without an attribute");
		begun = true;
	}
}

/* ------------------------------- elements ------------------------------- */

struct tag {
	enum cp_element element;
	bool has_attributes, has_content;
};

/* Blanks between elements: an encoder may have kept them. */
static void skip_blanks(struct decoder *d, uint8_t token)
{
	const char *text = NULL;
	size_t len = 0;

	if (token == WBXML_STR_I)
		text = get_text(&d->r, &len);
	else if (token == WBXML_STR_T)
		text = get_table_string(d, &len);
	if (!text || strspn(text, " \t\r\n") != len)
		refuse(d, DM_EPROTO, "something that is no element");
}

/* False: the content ends, or the document is refused. */
static bool get_tag(struct decoder *d, struct tag *tag)
{
	uint8_t token, name;

	do {
		token = get_token(d, &d->tag_page);
		if (d->r.err || token == WBXML_END)
			return false;
		name = token & (WBXML_HAS_CONTENT - 1);
		if (name < WBXML_LITERAL)
			skip_blanks(d, token);
	} while (name < WBXML_LITERAL && !d->r.err);
	tag->has_attributes = token & WBXML_HAS_ATTRIBUTES;
	tag->has_content = token & WBXML_HAS_CONTENT;
	tag->element = (enum cp_element)name;
	if (name == WBXML_LITERAL)
		tag->element = (enum cp_element)(CP_DOC +
			get_literal(d, cp_element_names, N_CP_ELEMENTS));
	else if (name > CP_PARM || d->tag_page > 1)
		refuse(d, DM_EPROTO, "an unknown tag");
	return !d->r.err;
}

static bool may_hold(enum cp_element outer, enum cp_element inner)
{
	if (outer == CP_CHARACTERISTIC)
		return inner != CP_DOC;
	return outer == CP_DOC && inner == CP_CHARACTERISTIC;
}

static void get_content(struct decoder *d, enum cp_element outer,
			struct cp_node **end, size_t depth);

/* depth: characteristics around it. */
static struct cp_node *get_node(struct decoder *d, const struct tag *tag,
				size_t depth)
{
	struct cp_node *n = arena_alloc(d->arena, sizeof(*n));
	struct attributes a = { { NULL } };

	if (!n)
		refuse(d, DM_ENOSPC, "the document is too big");
	if (tag->element == CP_CHARACTERISTIC && depth == CP_DEPTH_MAX)
		refuse(d, DM_ENOSPC, "it is too deep");
	if (tag->has_attributes)
		a = get_attributes(d, tag->element);
	if (!a.texts[CP_TYPE] && !a.texts[CP_NAME])
		refuse(d, DM_EPROTO, "a tag without type or name");
	if (!n || d->r.err)
		return NULL;
	n->is_parm = tag->element == CP_PARM;
	n->name = n->is_parm ? a.texts[CP_NAME] : a.texts[CP_TYPE];
	n->value = a.texts[CP_VALUE];
	if (tag->has_content)
		get_content(d, tag->element, &n->children, depth + 1);
	return n;
}

static void get_content(struct decoder *d, enum cp_element outer,
			struct cp_node **end, size_t depth)
{
	struct tag tag;

	while (get_tag(d, &tag)) {
		if (!may_hold(outer, tag.element))
			refuse(d, DM_EPROTO, "a tag in the wrong place");
		*end = get_node(d, &tag, depth);
		if (*end)
			end = &(*end)->next;
	}
}

static void get_doc(struct decoder *d, struct cp_doc *doc)
{
	struct tag tag;

	if (!get_tag(d, &tag) || tag.element != CP_DOC) {
		refuse(d, DM_EPROTO, "it does not begin with its root");
		return;
	}
	if (tag.has_attributes)
		doc->version = get_attributes(d, CP_DOC).texts[CP_VERSION];
	if (tag.has_content)
		get_content(d, CP_DOC, &doc->nodes, 0);
	if (!d->r.err)
		d->at = d->r.pos;
	if (d->r.err || get_left(&d->r) > 0)
		refuse(d, DM_EPROTO, "octets behind its end");
}

static void get_head(struct decoder *d)
{
	if (wbxml_head_decode(&d->head, d->r.buf, d->r.len))
		d->r.err = DM_EPROTO;
	else if (d->head.version < 1 || d->head.version > 3)
		refuse(d, DM_EPROTO, "a version other than WBXML 1.1 to 1.3");
	else if (d->head.public_id != WBXML_PUBLIC_PROV)
		refuse(d, DM_EPROTO, "another document type than PROV 1.0");
	else if (d->head.charset != UTF_8 && d->head.charset != US_ASCII &&
		 d->head.charset != ISO_8859_1)
		refuse(d, DM_EPROTO, "a charset other than UTF-8, US-ASCII, "
		       "ISO-8859-1");
	d->r.pos = d->head.len;
}

int cp_wbxml_decode(struct arena *a, const uint8_t *in, size_t len,
		    struct cp_doc *doc, struct err *e)
{
	struct decoder d = {
		.r = { .buf = in, .len = len },
		.arena = a,
		.e = e,
	};
	struct cp_doc got = { .version = NULL };

	get_head(&d);
	get_doc(&d, &got);
	if (!d.rc)
		*doc = got;
	return d.rc;
}
