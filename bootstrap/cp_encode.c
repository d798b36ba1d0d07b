/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_wbxml.h"

#include <string.h>

#include "bootstrap/cp_tokens.h"
#include "bootstrap/xml.h"
#include "wap/bits.h"
#include "wap/wbxml.h"

struct encoder {
	struct writer w;
	uint8_t page;		/* of attributes; stays from tag to tag */
};

static void put_token(struct encoder *n, const struct cp_token *t)
{
	if (t->page != n->page) {
		put_u8(&n->w, WBXML_SWITCH_PAGE);
		put_u8(&n->w, t->page);
		n->page = t->page;
	}
	put_u8(&n->w, t->token);
}

static void put_string(struct encoder *n, const char *text)
{
	size_t len = strlen(text);

	if (!n->w.err && !xml_text_valid(text, len))
		n->w.err = DM_EINVAL;
	put_u8(&n->w, WBXML_STR_I);
	put_mem(&n->w, text, len + 1);
}

static void put_attribute(struct encoder *n, enum cp_attribute attribute,
			  const char *text)
{
	const struct cp_token *whole = cp_token_write(attribute, text);

	if (whole) {
		put_token(n, whole);
		return;
	}
	put_token(n, cp_token_write(attribute, NULL));
	put_string(n, text);
}

static void put_value(struct encoder *n, const struct cp_node *parm)
{
	const struct cp_token *whole = NULL;

	if (cp_is_enumerated(parm->name))
		whole = cp_token_write(CP_VALUE, parm->value);
	put_token(n, cp_token_write(CP_VALUE, NULL));
	if (whole)
		put_token(n, whole);
	else
		put_string(n, parm->value);
}

static void put_parm(struct encoder *n, const struct cp_node *parm)
{
	put_u8(&n->w, CP_PARM | WBXML_HAS_ATTRIBUTES);
	put_attribute(n, CP_NAME, parm->name);
	if (parm->value)
		put_value(n, parm);
	put_u8(&n->w, WBXML_END);
}

static void put_nodes(struct encoder *n, const struct cp_node *list)
{
	for (; list; list = list->next) {
		if (list->is_parm) {
			put_parm(n, list);
			continue;
		}
		put_u8(&n->w, CP_CHARACTERISTIC | WBXML_HAS_ATTRIBUTES |
			      (list->children ? WBXML_HAS_CONTENT : 0));
		put_attribute(n, CP_TYPE, list->name);
		put_u8(&n->w, WBXML_END);
		put_nodes(n, list->children);
		if (list->children)
			put_u8(&n->w, WBXML_END);
	}
}

int cp_wbxml_encode(const struct cp_doc *doc, uint8_t *out, size_t cap,
		    size_t *len)
{
	struct encoder n = { .w = { .buf = out, .cap = cap } };

	put_u8(&n.w, 0x03);				/* WBXML 1.3 */
	put_uintvar(&n.w, WBXML_PUBLIC_PROV);
	put_uintvar(&n.w, WBXML_CHARSET_UTF8);
	put_uintvar(&n.w, 0);				/* no string table */
	put_u8(&n.w, CP_DOC | (doc->version ? WBXML_HAS_ATTRIBUTES : 0) |
		     (doc->nodes ? WBXML_HAS_CONTENT : 0));
	if (doc->version) {
		put_attribute(&n, CP_VERSION, doc->version);
		put_u8(&n.w, WBXML_END);
	}
	put_nodes(&n, doc->nodes);
	if (doc->nodes)
		put_u8(&n.w, WBXML_END);
	return put_done(&n.w, len);
}
