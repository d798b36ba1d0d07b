/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/dissect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootstrap/bootstrap.h"
#include "wap/hex.h"
#include "wap/utf8.h"
#include "wap/wbxml.h"

/* A layer that is being written. */
struct layer {
	json_t *fields;
	const uint8_t *in;
};

static json_t *hex_json(const uint8_t *in, size_t len)
{
	char *text = malloc(HEX_SIZE(len));
	json_t *json;

	if (!text)
		return json_string("");
	hex_encode(in, len, text);
	json = json_string(text);
	free(text);
	return json;
}

json_t *dissect_text(const char *text, size_t len)
{
	char *escaped = malloc(4 * len + 1);
	size_t n = 0;
	json_t *json;

	if (len == 0 || !escaped || utf8_plain(text, len)) {
		free(escaped);
		return json_stringn(text ? text : "", len);
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		n += (size_t)sprintf(escaped + n, c < 0x20 || c > 0x7e ?
				     "\\x%02x" : "%c", c);
	}
	json = json_stringn(escaped, n);
	free(escaped);
	return json;
}

static struct layer layer_new(json_t *layers, const char *name,
			      const uint8_t *in, size_t len)
{
	struct layer l = { json_array(), in };

	json_array_append_new(layers, json_pack("{s:s, s:I, s:o}",
		"layer", name, "octets", (json_int_t)len,
		"fields", l.fields));
	return l;
}

/* One field of len octets at offset; value is taken. */
static void add_json(const struct layer *l, size_t offset, size_t len,
		     const char *name, json_t *value)
{
	json_array_append_new(l->fields, json_pack("{s:I, s:o, s:s, s:o}",
		"offset", (json_int_t)offset,
		"octets", hex_json(l->in + offset, len),
		"name", name, "value", value));
}

static void add(const struct layer *l, size_t offset, size_t len,
		const char *name, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

static void add(const struct layer *l, size_t offset, size_t len,
		const char *name, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add_json(l, offset, len, name, json_string(text));
}

static void add_text(const struct layer *l, size_t offset, size_t len,
		     const char *name)
{
	add_json(l, offset, len, name,
		 dissect_text((const char *)l->in + offset, len));
}

void dissect_octets(json_t *layers, const char *name, const uint8_t *in,
		    size_t len)
{
	struct layer l = layer_new(layers, name, in, len);

	add(&l, 0, len, "octets", "%zu octets", len);
}

/* --------------------------------- UDH --------------------------------- */

void dissect_udh(json_t *layers, const struct udh *u, const uint8_t *in,
		 size_t len)
{
	struct layer l = layer_new(layers, "sms", in, len);

	add(&l, 0, 1, "udh-length", "%zu octets follow", u->len - 1);
	if (u->has_ports) {
		add(&l, 0, u->len, "dest-port", "%u%s", u->dest_port,
		    u->dest_port == UDH_PORT_WAP_PUSH ? " (WAP push)" : "");
		add(&l, 0, u->len, "source-port", "%u", u->source_port);
	}
	if (u->concat) {
		add(&l, 0, u->len, "concat", "%d bit reference",
		    (int)u->concat);
		add(&l, 0, u->len, "reference", "%u", u->reference);
		add(&l, 0, u->len, "segment", "%u of %u", u->index, u->total);
	}
	if (u->n_unknown)
		add(&l, 0, u->len, "unknown-elements", "%u", u->n_unknown);
	add(&l, u->len, len - u->len, "user-data", "%zu octets",
	    len - u->len);
}

/* --------------------------------- WSP --------------------------------- */

static const char *pdu_type_name(uint8_t type)
{
	return type == WSP_PUSH ? "Push" : "ConfirmedPush";
}

static void add_push_flag(const struct layer *l, const struct wsp_header *h)
{
	uint32_t flag = h->value.number;

	add(l, h->offset, h->len, "push-flag", "%u%s%s%s", flag,
	    flag & 1 ? ", initiator authenticated" : "",
	    flag & 2 ? ", content trusted" : "",
	    flag & 4 ? ", last message" : "");
}

static void add_application(const struct layer *l, const struct wsp_header *h)
{
	const char *name = wsp_application_name(h->value.number);

	add(l, h->offset, h->len, "x-wap-application-id", "%u (%s)",
	    h->value.number, name ? name : "unknown");
}

static void add_version(const struct layer *l, const struct wsp_header *h)
{
	add(l, h->offset, h->len, "encoding-version", "%u.%u",
	    h->value.number >> 4, h->value.number & 15);
}

/* Headers whose number says more than a number. */
static const struct {
	enum wsp_header_code code;
	void (*add)(const struct layer *l, const struct wsp_header *h);
} number_headers[] = {
	{ WSP_PUSH_FLAG, add_push_flag },
	{ WSP_APPLICATION_ID, add_application },
	{ WSP_ENCODING_VERSION, add_version },
};

static void header_name(const struct wsp_header *h, char *out, size_t cap)
{
	const char *name = h->name ? NULL : wsp_header_name(h->code);
	size_t len = h->name_len < cap ? h->name_len : cap - 1;

	if (h->name && utf8_plain(h->name, len))
		snprintf(out, cap, "%.*s", (int)len, h->name);
	else if (name)
		snprintf(out, cap, "%s", name);
	else
		snprintf(out, cap, "header-0x%02x", h->code);
	for (; *out; out++)
		if (*out >= 'A' && *out <= 'Z')
			*out = (char)(*out - 'A' + 'a');
}

static void add_header(const struct layer *l, const struct wsp_header *h)
{
	const struct wsp_value *v = &h->value;
	char name[80];

	header_name(h, name, sizeof(name));
	if (v->text) {
		add_json(l, h->offset, h->len, name,
			 dissect_text(v->text, v->text_len));
		return;
	}
	for (size_t i = 0; i < 3 && !h->name && !v->raw; i++) {
		if (number_headers[i].code == h->code) {
			number_headers[i].add(l, h);
			return;
		}
	}
	if (v->raw)
		add(l, h->offset, h->len, name, "%zu octets", v->raw_len);
	else
		add(l, h->offset, h->len, name, "%u", v->number);
}

static void add_content_type(const struct layer *l, const struct wsp_push *p)
{
	size_t end = p->n_headers ? p->headers[0].offset : p->body_offset;
	size_t len;
	const char *name = wsp_content_type_name(&p->content_type, &len);

	if (p->content_type.text)
		add_json(l, p->headers_offset, end - p->headers_offset,
			 "content-type", dissect_text(name, len));
	else
		add(l, p->headers_offset, end - p->headers_offset,
		    "content-type", "0x%02x (%s)", p->content_type.number,
		    name ? name : "unknown");
}

/* SEC and MAC of a bootstrap. */
static void add_security(const struct layer *l, const struct wsp_push *p)
{
	size_t offset = (size_t)(p->params - l->in);
	struct bootstrap_security s;
	char mac[MAC_TEXT_SIZE];
	struct err e;

	if (bootstrap_params_decode(p->params, p->params_len, &s, &e)) {
		add(l, offset, p->params_len, "parameters", "not understood");
		return;
	}
	if (s.sec != MAC_SEC_NONE)
		add(l, offset, p->params_len, "sec", "%d (%s)", (int)s.sec,
		    mac_sec_name(s.sec));
	mac_text(s.mac, mac);
	if (s.has_mac)
		add(l, offset, p->params_len, "mac", "%s", mac);
}

void dissect_wsp(json_t *layers, const struct wsp_push *p, const uint8_t *in,
		 size_t len)
{
	struct layer l = layer_new(layers, "wsp", in, len);

	add(&l, 0, 1, "tid", "%u", p->tid);
	add(&l, 1, 1, "pdu-type", "0x%02x (%s)", p->pdu_type,
	    pdu_type_name(p->pdu_type));
	add(&l, 2, p->headers_offset - 2, "headers-length", "%zu octets",
	    p->body_offset - p->headers_offset);
	add_content_type(&l, p);
	if (p->params_len)
		add_security(&l, p);
	for (size_t i = 0; i < p->n_headers; i++)
		add_header(&l, &p->headers[i]);
	add(&l, p->body_offset, p->body_len, "body", "%zu octets",
	    p->body_len);
}

/* -------------------------------- WBXML -------------------------------- */

static const char *public_id_name(uint32_t id)
{
	switch (id) {
	case WBXML_PUBLIC_PROV:
		return "client provisioning";
	case WBXML_PUBLIC_SYNCML_11:
		return "SyncML DM 1.1.2";
	case WBXML_PUBLIC_SYNCML_12:
		return "SyncML DM 1.2";
	}
	return "unknown";
}

void dissect_wbxml(json_t *layers, const uint8_t *in, size_t len)
{
	struct layer l = layer_new(layers, "wbxml", in, len);
	struct wbxml_head h;

	if (wbxml_head_decode(&h, in, len)) {
		add(&l, 0, len, "octets", "%zu octets", len);
		return;
	}
	add(&l, 0, 1, "version", "1.%u", h.version);
	add(&l, 1, h.len - 1, "public-id", "0x%02x (%s)", h.public_id,
	    public_id_name(h.public_id));
	add(&l, 1, h.len - 1, "charset", "%u%s", h.charset,
	    h.charset == WBXML_CHARSET_UTF8 ? " (UTF-8)" : "");
	add(&l, 1, h.len - 1, "string-table", "%zu octets", h.strings_len);
	add(&l, h.len, len - h.len, "document", "%zu octets", len - h.len);
}

/* --------------------------------- PDU --------------------------------- */

void dissect_pdu(json_t *layers, const struct sms_pdu *p, const uint8_t *in,
		 size_t len)
{
	struct layer l = layer_new(layers, "pdu", in, len);
	bool deliver = p->kind == SMS_DELIVER;
	size_t smsc_len = p->has_smsc ? 1 + (size_t)in[0] : 0;

	if (p->has_smsc)
		add(&l, 0, smsc_len, "smsc", "%s%s",
		    p->smsc.type == 0x91 ? "+" : "", p->smsc.digits);
	add(&l, smsc_len, 1, "tpdu-type", "%s%s",
	    deliver ? "SMS-DELIVER" : "SMS-SUBMIT",
	    p->has_udh ? ", with UDH" : "");
	add(&l, p->address_offset, 2 + (in[p->address_offset] + 1u) / 2,
	    deliver ? "originating-address" : "destination-address", "%s%s",
	    p->address.type == 0x91 ? "+" : "", p->address.digits);
	add(&l, p->address_offset + 2 + (in[p->address_offset] + 1u) / 2, 1,
	    "pid", "0x%02x", p->pid);
	add(&l, p->address_offset + 3 + (in[p->address_offset] + 1u) / 2, 1,
	    "dcs", "0x%02x", p->dcs);
	add(&l, p->ud_offset - 1, 1, "user-data-length", "%u",
	    in[p->ud_offset - 1]);
	add(&l, p->ud_offset, p->ud_len, "user-data", "%zu octets",
	    p->ud_len);
}

/* ------------------------------ package 0 ------------------------------ */

static void add_trigger(const struct layer *l, const struct trigger *t,
			size_t at)
{
	size_t vendor_at = at + TRIGGER_HDR_LEN + t->server_id_len;

	add(l, at, 2, "version", "%u (%u.%u)%s", t->version, t->version / 10,
	    t->version % 10, t->version == TRIGGER_VERSION_DM ?
	    "" : ", DM 1.1.2 and 1.2 say 11");
	add(l, at + 1, 1, "ui-mode", "%u (%s)", (unsigned)t->ui_mode,
	    ui_mode_name(t->ui_mode));
	add(l, at + 1, 1, "initiator", "%s",
	    t->server_initiated ? "server" : "client");
	add(l, at + 1, 4, "future-use", "%u", t->future_use);
	add(l, at + 5, 2, "session-id", "%u (SessionID %X)", t->session_id,
	    t->session_id);
	add(l, at + 7, 1, "length-identifier", "%zu", t->server_id_len);
	add_text(l, at + 8, t->server_id_len, "server-id");
	if (t->vendor_len)
		add(l, vendor_at, t->vendor_len, "vendor-body", "%zu octets",
		    t->vendor_len);
}

void dissect_trigger(json_t *layers, const struct trigger *t,
		     const uint8_t *in, size_t len)
{
	struct layer l = layer_new(layers, "trigger", in, len);

	add_trigger(&l, t, 0);
}

void dissect_package0(json_t *layers, const struct notif *n, const uint8_t *in,
		      size_t len)
{
	struct layer l = layer_new(layers, "package0", in, len);

	add(&l, 0, DIGEST_LEN, "digest", "MD5");
	add_trigger(&l, &n->trigger, DIGEST_LEN);
}
