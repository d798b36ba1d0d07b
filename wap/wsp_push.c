/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/wsp_push.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#define SHORT_INTEGER 0x80	/* WSP 8.4.2.1: the high bit marks a number */
#define TEXT_QUOTE 0x7f		/* WSP 8.4.2.1: before a text like a number */
#define LENGTH_QUOTE 31		/* WSP 8.4.2.2: a uintvar length follows */
#define SHORT_LENGTH_MAX 30	/* WSP 8.4.2.2: <Short-length> */
#define MEDIA_MAX 128		/* octets of a type that has parameters */

struct code_name {
	uint32_t code;
	const char *name;
};

/* WSP 1.5, table 40, and the IANA-registered additions of OMA. */
static const struct code_name content_types[] = {
	{ 0x2e, "application/vnd.wap.sic" },
	{ 0x30, "application/vnd.wap.slc" },
	{ 0x36, "application/vnd.wap.connectivity-wbxml" },
	{ 0x42, "application/vnd.syncml.dm+wbxml" },
	{ 0x43, "application/vnd.syncml.dm+xml" },
	{ 0x44, "application/vnd.syncml.notification" },
	{ 0x4e, "application/vnd.syncml.ds.notification" },
	{ 0x58, "application/vnd.syncml.dm.notification" },
	{ 0, NULL },
};

/* WSP 1.5, table 39: those that a push may carry. */
static const struct code_name header_names[] = {
	{ 0x0d, "Content-Length" },
	{ 0x12, "Date" },
	{ 0x14, "Expires" },
	{ 0x2f, "X-Wap-Application-Id" },
	{ 0x30, "X-Wap-Content-URI" },
	{ 0x31, "X-Wap-Initiator-URI" },
	{ 0x34, "Push-Flag" },
	{ 0x43, "Encoding-Version" },
	{ 0, NULL },
};

/* WINA push application ids. */
static const struct code_name applications[] = {
	{ 0x00, "x-wap-application:*" },
	{ 0x01, "x-wap-application:push.sia" },
	{ 0x02, "x-wap-application:wml.ua" },
	{ 0x04, "x-wap-application:mms.ua" },
	{ 0x05, "x-wap-application:push.syncml" },
	{ 0x07, "x-wap-application:syncml.dm" },
	{ 0x1a, "x-wap-application:lwm2m.dm" },
	{ 0, NULL },
};

static const char *name_of(const struct code_name *table, uint32_t code)
{
	for (; table->name; table++)
		if (table->code == code)
			return table->name;
	return NULL;
}

static void add(struct wsp_push *p, struct wsp_header h)
{
	assert(p->n_headers < WSP_HEADERS_MAX);
	p->headers[p->n_headers++] = h;
}

static struct wsp_value text_value(const char *text)
{
	return (struct wsp_value){ .text = text, .text_len = strlen(text) };
}

void wsp_push_add(struct wsp_push *p, enum wsp_header_code code,
		  uint32_t number)
{
	add(p, (struct wsp_header){
		.code = (uint8_t)code,
		.value.number = number,
	});
}

void wsp_push_add_text(struct wsp_push *p, enum wsp_header_code code,
		       const char *text)
{
	add(p, (struct wsp_header){
		.code = (uint8_t)code,
		.value = text_value(text),
	});
}

void wsp_push_add_named(struct wsp_push *p, const char *name,
			const char *text)
{
	add(p, (struct wsp_header){
		.name = name,
		.name_len = strlen(name),
		.value = text_value(text),
	});
}

/* ------------------------------ encode ------------------------------ */

static void put_value_length(struct writer *w, size_t len)
{
	if (len <= SHORT_LENGTH_MAX) {
		put_u8(w, len);
	} else {
		put_u8(w, LENGTH_QUOTE);
		put_uintvar(w, (uint32_t)len);
	}
}

static void refuse(struct writer *w)
{
	w->err = w->err ? w->err : DM_ERANGE;
}

/* Would the decoder see that a text begins here? */
static bool begins_text(const char *text, size_t len)
{
	unsigned char first = len ? (unsigned char)text[0] : 0;

	return first > LENGTH_QUOTE && first < TEXT_QUOTE;
}

static void put_text(struct writer *w, const char *text, size_t len)
{
	if (len && memchr(text, 0, len))
		refuse(w);
	put_mem(w, text, len);
	put_u8(w, 0);
}

/* <Integer-value>: short up to 127, else as few octets as it needs. */
static void put_integer(struct writer *w, uint32_t number)
{
	unsigned octets = number >> 24 ? 4 : number >> 16 ? 3 :
			  number >> 8 ? 2 : 1;

	if (number < SHORT_INTEGER) {
		put_u8(w, SHORT_INTEGER | number);
		return;
	}
	put_u8(w, octets);
	while (octets-- > 0)
		put_u8(w, number >> (octets * 8) & 0xff);
}

static void put_value(struct writer *w, const struct wsp_value *v)
{
	if (v->text) {
		if (!begins_text(v->text, v->text_len))
			put_u8(w, TEXT_QUOTE);
		put_text(w, v->text, v->text_len);
	} else if (v->raw) {
		put_value_length(w, v->raw_len);
		put_mem(w, v->raw, v->raw_len);
	} else {
		put_integer(w, v->number);
	}
}

/*
 * WSP 8.4.2.24: a text or a short integer may stand alone; with parameters,
 * or as a long integer, it has the length of all in front.
 */
static void put_content_type(struct writer *w, const struct wsp_push *p)
{
	const struct wsp_value *type = &p->content_type;
	uint8_t media[MEDIA_MAX];
	struct writer m = { .buf = media, .cap = sizeof(media) };

	if (type->raw && !type->text)
		refuse(w);
	if (p->params_len == 0 &&
	    (type->text || type->number < SHORT_INTEGER)) {
		put_value(w, type);
		return;
	}
	put_value(&m, type);
	if (m.err)
		w->err = w->err ? w->err : m.err;
	put_value_length(w, m.len + p->params_len);
	put_mem(w, media, m.len);
	put_mem(w, p->params, p->params_len);
}

static void put_header(struct writer *w, const struct wsp_header *h)
{
	if (h->name ? !begins_text(h->name, h->name_len)
		    : h->code >= SHORT_INTEGER)
		refuse(w);
	if (h->name)
		put_text(w, h->name, h->name_len);
	else
		put_u8(w, SHORT_INTEGER | h->code);
	put_value(w, &h->value);
}

int wsp_push_encode(const struct wsp_push *p, uint8_t *out, size_t cap,
		    size_t *len)
{
	uint8_t headers[WSP_HEADER_OCTETS_MAX];
	struct writer h = { .buf = headers, .cap = sizeof(headers) };
	struct writer w = { .buf = out, .cap = cap };

	put_content_type(&h, p);
	for (size_t i = 0; i < p->n_headers; i++)
		put_header(&h, &p->headers[i]);
	if (h.err)
		return h.err;

	put_u8(&w, p->tid);
	put_u8(&w, p->pdu_type);
	put_uintvar(&w, (uint32_t)h.len);
	put_mem(&w, headers, h.len);
	put_mem(&w, p->body, p->body_len);
	return put_done(&w, len);
}

/* ------------------------------ decode ------------------------------ */

static size_t get_value_length(struct reader *r)
{
	uint8_t first = get_u8(r);

	return first == LENGTH_QUOTE ? get_uintvar(r) : first;
}

static void set_raw(struct wsp_value *v, const uint8_t *raw, size_t len)
{
	if (len > 4 || len == 0) {
		v->raw = raw;
		v->raw_len = len;
		return;
	}
	for (size_t i = 0; i < len && raw; i++)
		v->number = v->number << 8 | raw[i];
}

/*
 * WSP 8.4.1.2: the first octet tells whether a length, a text or a number
 * begins. Up to four octets with a length are a long integer.
 */
static struct wsp_value get_value(struct reader *r)
{
	struct wsp_value v = { 0 };
	uint8_t first = get_left(r) ? r->buf[r->pos] : 0;

	if (first <= LENGTH_QUOTE) {
		size_t len = get_value_length(r);

		set_raw(&v, get_mem(r, len), len);
	} else if (first < SHORT_INTEGER) {
		if (first == TEXT_QUOTE)
			get_u8(r);
		v.text = get_text(r, &v.text_len);
	} else {
		v.number = get_u8(r) & 0x7f;
	}
	return v;
}

/*
 * A content type with parameters comes as a length, the media type and the
 * parameters; without, as a number or text alone.
 */
static void get_content_type(struct reader *r, struct wsp_push *p)
{
	struct reader inner;

	if (get_left(r) == 0 || r->buf[r->pos] > LENGTH_QUOTE) {
		p->content_type = get_value(r);
		return;
	}
	inner = (struct reader){ .len = get_value_length(r) };
	inner.buf = get_mem(r, inner.len);
	inner.err = r->err;
	p->content_type = get_value(&inner);
	if (p->content_type.raw)
		inner.err = DM_EPROTO;
	p->params = get_rest(&inner, &p->params_len);
	r->err = inner.err;
}

static void get_header(struct reader *r, struct wsp_header *h)
{
	uint8_t first = get_left(r) ? r->buf[r->pos] : 0;

	h->offset = r->pos;
	if (first >= SHORT_INTEGER)
		h->code = get_u8(r) & 0x7f;
	else if (first > LENGTH_QUOTE && first < TEXT_QUOTE)
		h->name = get_text(r, &h->name_len);
	else
		r->err = DM_EPROTO;	/* code page shift: none is defined */
	h->value = get_value(r);
	h->len = r->pos - h->offset;
}

static void get_headers(struct reader *r, struct wsp_push *p)
{
	get_content_type(r, p);
	while (get_left(r) > 0) {
		if (p->n_headers == WSP_HEADERS_MAX) {
			r->err = DM_EPROTO;
			return;
		}
		get_header(r, &p->headers[p->n_headers++]);
	}
}

int wsp_push_decode(struct wsp_push *p, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	struct wsp_push got = { 0 };
	struct reader h;

	got.tid = get_u8(&r);
	got.pdu_type = get_u8(&r);
	h = (struct reader){ .len = get_uintvar(&r) };
	got.headers_offset = r.pos;
	/* Read inside the whole message, so that offsets are the message's. */
	h.len += r.pos;
	h.pos = r.pos;
	h.buf = in;
	if (!get_mem(&r, h.len - h.pos) && r.err)
		return DM_EPROTO;
	if (got.pdu_type != WSP_PUSH && got.pdu_type != WSP_CONFIRMED_PUSH)
		return DM_EPROTO;

	get_headers(&h, &got);
	if (h.err)
		return DM_EPROTO;
	got.body_offset = r.pos;
	got.body = get_rest(&r, &got.body_len);
	*p = got;
	return DM_OK;
}

/*
 * WSP 8.4.2.4: a code or a name, then a value, of which only Q's does not show
 * its form. A <Quoted-string> begins with a quote and does not end with one.
 */
struct wsp_param wsp_param_get(struct reader *r)
{
	struct wsp_value token = get_value(r);
	struct wsp_param p = {
		.code = token.number,
		.name = token.text,
		.name_len = token.text_len,
	};

	if (token.raw)
		r->err = DM_EPROTO;
	if (!token.text && token.number == WSP_PARAM_Q)
		p.value.number = get_uintvar(r);
	else
		p.value = get_value(r);
	if (p.value.text && p.value.text[0] == '"') {
		p.value.text++;
		p.value.text_len--;
	}
	return p;
}

/* ------------------------------- names ------------------------------- */

const struct wsp_value *wsp_push_find(const struct wsp_push *p,
				      enum wsp_header_code code)
{
	for (size_t i = 0; i < p->n_headers; i++)
		if (!p->headers[i].name && p->headers[i].code == code)
			return &p->headers[i].value;
	return NULL;
}

const char *wsp_content_type_name(const struct wsp_value *v, size_t *len)
{
	const char *name = v->text;

	*len = v->text_len;
	if (!name && !v->raw) {
		name = name_of(content_types, v->number);
		*len = name ? strlen(name) : 0;
	}
	return name;
}

int wsp_content_type_code(const struct wsp_value *v)
{
	for (const struct code_name *c = content_types; c->name; c++) {
		if (v->text ? v->text_len == strlen(c->name) &&
			      !strncasecmp(v->text, c->name, v->text_len)
			    : !v->raw && v->number == c->code)
			return (int)c->code;
	}
	return -1;
}

const char *wsp_header_name(uint8_t code)
{
	return name_of(header_names, code);
}

const char *wsp_application_name(uint32_t id)
{
	return name_of(applications, id);
}
