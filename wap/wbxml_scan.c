/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/wbxml_scan.h"

#include <stdbool.h>
#include <string.h>

#include "wap/bits.h"
#include "wap/utf8.h"
#include "wap/wbxml.h"

/* WBXML 1.3, 7.1: global tokens, and the parts of a tag. */
enum {
	SWITCH_PAGE = 0x00,
	END = 0x01,
	STR_I = 0x03,
	STR_T = 0x83,
	OPAQUE = 0xc3,
	TAG_ATTRIBUTES = 0x80,
	TAG_CONTENT = 0x40,
	TAG_TOKEN = 0x3f,
};

#define VERSION_MIN 0x01		/* WBXML 1.1 */
#define VERSION_MAX 0x03		/* WBXML 1.3 */

/* Tags as code page and token. */
#define TAG(page, token) ((page) << 8 | (token))
#define TAG_DATA TAG(0, 0x0f)
#define TAG_META TAG(0, 0x1a)
#define TAG_NEXT_NONCE TAG(1, 0x10)
#define TAG_TYPE TAG(1, 0x13)
#define TAG_SYNCML TAG(0, 0x2d)
#define TAG_MGMT_TREE TAG(2, 0x20)

struct language {
	uint32_t public_id;
	const char *name;		/* public id as text */
	unsigned root;
	struct {
		unsigned first, last;
	} tags[4];			/* ends with zeros */
};

static const struct language syncml[] = {
	{ WBXML_PUBLIC_SYNCML_11, "-//SYNCML//DTD SyncML 1.1//EN", TAG_SYNCML,
	  { { TAG(0, 0x05), TAG(0, 0x2f) }, { TAG(0, 0x31), TAG(0, 0x34) },
	    { TAG(1, 0x05), TAG(1, 0x15) } } },
	{ WBXML_PUBLIC_SYNCML_12, "-//SYNCML//DTD SyncML 1.2//EN", TAG_SYNCML,
	  { { TAG(0, 0x05), TAG(0, 0x2f) }, { TAG(0, 0x31), TAG(0, 0x3c) },
	    { TAG(1, 0x05), TAG(1, 0x16) } } },
	{ 0, NULL, 0, { { 0, 0 } } },
};

/* What may be embedded; it has no number. */
static const struct language trees[] = {
	{ 0, "-//OMA//DTD-DM-DDF 1.2//EN", TAG_MGMT_TREE,
	  { { TAG(2, 0x05), TAG(2, 0x3c) } } },
	{ 0, NULL, 0, { { 0, 0 } } },
};

/* Types whose Data libwbxml takes for a document. */
static const char *const wbxml_types[] = {
	"application/vnd.syncml.dmtnds+wbxml",
	"application/vnd.syncml-devinf+wbxml",
};

/* What Meta/Type says of the Data in the same Item or command. */
enum data_type {
	DATA_NOT_TYPED,
	DATA_TEXT,
	DATA_WBXML,
};

struct element {
	unsigned tag;
	bool has_elements;
	bool has_text;
	bool has_meta;
	enum data_type data_type;
};

/* Counted over a document and what is embedded in it. */
struct totals {
	size_t depth;
	size_t nodes;
	size_t text_len;
};

struct scan {
	struct reader r;		/* always over the whole message */
	struct totals *totals;
	const struct language *language;
	struct reader strings;		/* the string table */
	unsigned page;
	struct element open[WBXML_SCAN_DEPTH_MAX];	/* outermost first */
	size_t depth;			/* of them in use */
	struct err *e;
	int rc;
};

/* The first reason stays; one of them is that the reader met the end. */
static void refuse(struct scan *s, int code, const char *reason)
{
	if (s->r.err)
		return;
	s->rc = err_set(s->e, code, "wbxml", "", "octet %zu: %s", s->r.pos,
			reason);
	s->r.err = DM_EPROTO;
}

static void check_total(struct scan *s, size_t total, size_t max,
			const char *reason)
{
	if (total > max)
		refuse(s, DM_ENOSPC, reason);
}

/* The n-th open element counted from the innermost, 0, or NULL. */
static struct element *open_element(struct scan *s, size_t n)
{
	return n < s->depth ? &s->open[s->depth - 1 - n] : NULL;
}

/* --------------------------------- text --------------------------------- */

static void scan_document(struct scan *s, const struct language *languages);

/* From at to where the reader stands. */
static void scan_embedded(struct scan *s, size_t at)
{
	struct scan inner = {
		.r = { .buf = s->r.buf, .len = s->r.pos, .pos = at },
		.totals = s->totals,
		.e = s->e,
	};

	scan_document(&inner, trees);
	if (inner.rc) {
		s->rc = inner.rc;
		s->r.err = DM_EPROTO;
	}
}

static bool is_plain(const uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' && !memchr("\t\r\n", text[i], 3))
			return false;
	return utf8_valid((const char *)text, len);
}

static bool is_wbxml_type(const uint8_t *text, size_t len)
{
	for (size_t i = 0; i < 2; i++)
		if (len == strlen(wbxml_types[i]) &&
		    !memcmp(text, wbxml_types[i], len))
			return true;
	return false;
}

/* Is this Data, and of a Type that libwbxml takes for a document? */
static bool is_embedded(struct scan *s)
{
	const struct element *item = open_element(s, 1);
	const struct element *command = open_element(s, 2);

	if (open_element(s, 0)->tag != TAG_DATA)
		return false;
	if (item && item->data_type)
		return item->data_type == DATA_WBXML;
	return command && command->data_type == DATA_WBXML;
}

static void check_text(struct scan *s, const uint8_t *text, size_t len)
{
	unsigned tag = open_element(s, 0)->tag;
	const struct element *meta = open_element(s, 1);
	struct element *holder = open_element(s, 2);

	if (!is_plain(text, len))
		refuse(s, DM_EPROTO, "not text in UTF-8");
	if (tag == TAG_DATA && memmem(text, len, "]]>", 3))
		refuse(s, DM_EPROTO, "]]> in Data");
	if (tag == TAG_TYPE && holder && meta->tag == TAG_META &&
	    is_wbxml_type(text, len))
		holder->data_type = DATA_WBXML;
}

/* Counts a piece of text; is there any? */
static bool take_text(struct scan *s, size_t len)
{
	struct element *e = open_element(s, 0);

	s->totals->text_len += len;
	check_total(s, ++s->totals->nodes, WBXML_SCAN_NODES_MAX,
		    "too many elements and texts");
	check_total(s, s->totals->text_len, WBXML_SCAN_TEXT_MAX,
		    "too much text");
	if (e->has_elements)
		refuse(s, DM_EPROTO, "text beside elements");
	if (e->has_text && (e->tag == TAG_DATA || e->tag == TAG_TYPE ||
			    e->tag == TAG_NEXT_NONCE))
		refuse(s, DM_EPROTO, "Data, Type or NextNonce in pieces");
	e->has_text = true;
	return !s->r.err && len > 0;
}

static void take_string(struct scan *s, const void *text, size_t len)
{
	if (!take_text(s, len))
		return;
	if (is_embedded(s))
		refuse(s, DM_EPROTO, "its Type is WBXML, but it is text");
	check_text(s, text, len);
}

static void scan_inline(struct scan *s)
{
	size_t len;
	const char *text = get_text(&s->r, &len);

	if (text)
		take_string(s, text, len);
}

static void scan_table(struct scan *s)
{
	struct reader at = s->strings;
	const char *text;
	size_t len;

	at.pos = get_uintvar(&s->r);
	text = at.pos < at.len ? get_text(&at, &len) : NULL;
	if (text)
		take_string(s, text, len);
	else
		refuse(s, DM_EPROTO, "outside the string table");
}

static void scan_opaque(struct scan *s)
{
	size_t len = get_uintvar(&s->r);
	size_t at = s->r.pos;
	const uint8_t *octets = get_mem(&s->r, len);
	unsigned tag = open_element(s, 0)->tag;

	if (tag == TAG_NEXT_NONCE && len == 0)	/* it loses memory over it */
		refuse(s, DM_EPROTO, "a nonce of no octets");
	if (!octets || !take_text(s, len))
		return;
	if (tag == TAG_NEXT_NONCE)	/* octets; comes out as base64 */
		return;
	if (is_embedded(s))
		scan_embedded(s, at);
	else
		check_text(s, octets, len);
}

/* ------------------------------- elements ------------------------------- */

static bool has_tag(const struct language *l, unsigned tag)
{
	for (size_t i = 0; l->tags[i].first; i++)
		if (tag >= l->tags[i].first && tag <= l->tags[i].last)
			return true;
	return false;
}

static void push(struct scan *s, unsigned tag)
{
	check_total(s, s->totals->depth + 1, WBXML_SCAN_DEPTH_MAX,
		    "elements too deep inside each other");
	if (s->r.err)
		return;
	s->totals->depth++;
	s->open[s->depth++] = (struct element){ .tag = tag };
}

/* Of two Meta or Type, libwbxml would look at the first alone. */
static void note_type(struct scan *s, unsigned tag)
{
	struct element *parent = open_element(s, 0);
	struct element *holder = open_element(s, 1);

	if (tag == TAG_META && parent) {
		if (parent->has_meta)
			refuse(s, DM_EPROTO, "a second Meta");
		parent->has_meta = true;
	}
	if (tag == TAG_TYPE && holder && parent->tag == TAG_META) {
		if (holder->data_type)
			refuse(s, DM_EPROTO, "a second Type");
		holder->data_type = DATA_TEXT;
	}
}

static void scan_tag(struct scan *s, uint8_t octet)
{
	unsigned tag = TAG(s->page, octet & TAG_TOKEN);
	struct element *parent = open_element(s, 0);

	if (octet & TAG_ATTRIBUTES || !has_tag(s->language, tag))
		refuse(s, DM_EPROTO, "a token that its language lacks");
	if (parent ? parent->has_text : tag != s->language->root)
		refuse(s, DM_EPROTO, parent ? "an element beside text"
					    : "another element as the root");
	check_total(s, ++s->totals->nodes, WBXML_SCAN_NODES_MAX,
		    "too many elements and texts");
	if (parent)
		parent->has_elements = true;
	note_type(s, tag);
	if (octet & TAG_CONTENT)
		push(s, tag);
}

static void scan_end(struct scan *s)
{
	s->depth--;
	s->totals->depth--;
}

static void scan_switch(struct scan *s)
{
	s->page = get_u8(&s->r);
}

static void scan_token(struct scan *s)
{
	static const struct {
		uint8_t token;
		void (*scan)(struct scan *s);
	} tokens[] = {
		{ SWITCH_PAGE, scan_switch },
		{ END, scan_end },
		{ STR_I, scan_inline },
		{ STR_T, scan_table },
		{ OPAQUE, scan_opaque },
	};
	uint8_t octet = get_u8(&s->r);

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		if (tokens[i].token == octet) {
			tokens[i].scan(s);
			return;
		}
	scan_tag(s, octet);
}

/* The root may follow one page switch, no more: libwbxml reads no second. */
static void scan_body(struct scan *s)
{
	uint8_t octet = get_u8(&s->r);

	if (octet == SWITCH_PAGE) {
		scan_switch(s);
		octet = get_u8(&s->r);
	}
	scan_tag(s, octet);
	while (s->depth > 0 && !s->r.err)
		scan_token(s);
	if (get_left(&s->r) > 0)
		refuse(s, DM_EPROTO, "octets behind the root");
}

/* --------------------------------- head --------------------------------- */

/* The public id is a number, or 0 and the offset of its text. */
static const struct language *find_language(const struct language *l,
					    uint32_t id,
					    const struct reader *strings,
					    size_t offset)
{
	while (l->name && (id ? l->public_id != id :
			   !wbxml_has_text(strings->buf, strings->len, offset,
					   l->name)))
		l++;
	return l->name ? l : NULL;
}

/* A table with SyncML's public id alone may lack it: see wbxml_has_text(). */
static bool ends_with_nul(const struct reader *strings,
			  const struct language *l)
{
	return strings->len == 0 || strings->buf[strings->len - 1] == 0 ||
	       (l && l->public_id && wbxml_has_text(strings->buf, strings->len,
						    0, l->name));
}

static void scan_head(struct scan *s, const struct language *languages)
{
	uint8_t version = get_u8(&s->r);
	size_t at = s->r.pos;
	uint32_t id = get_uintvar(&s->r);
	uint32_t offset = id ? 0 : get_uintvar(&s->r);
	uint32_t charset = get_uintvar(&s->r);

	s->strings.len = get_uintvar(&s->r);
	s->strings.buf = get_mem(&s->r, s->strings.len);
	if (s->r.err)
		return;
	s->language = find_language(languages, id, &s->strings, offset);
	if (version < VERSION_MIN || version > VERSION_MAX)
		refuse(s, DM_EPROTO, "not WBXML 1.1 to 1.3");
	if (!s->language || s->r.buf[at] == 0x80)
		refuse(s, DM_EPROTO, "another public identifier");
	if (charset != WBXML_CHARSET_UTF8)
		refuse(s, DM_EPROTO, "another charset than UTF-8");
	if (!ends_with_nul(&s->strings, id ? NULL : s->language))
		refuse(s, DM_EPROTO, "a string table without its last NUL");
}

static void scan_document(struct scan *s, const struct language *languages)
{
	scan_head(s, languages);
	if (!s->r.err)
		scan_body(s);
	if (s->r.err && !s->rc)
		s->rc = err_set(s->e, DM_EPROTO, "wbxml", "",
				"octet %zu: cut short", s->r.pos);
}

int wbxml_scan(const uint8_t *in, size_t len, struct err *e)
{
	struct totals totals = { 0 };
	struct scan s = {
		.r = { .buf = in, .len = len },
		.totals = &totals,
		.e = e,
	};

	if (len > WBXML_SCAN_OCTETS_MAX)
		return err_set(e, DM_ENOSPC, "wbxml", "32640 octets",
			       "%zu octets", len);
	scan_document(&s, syncml);
	return s.rc;
}
