/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/box_msg.h"

#include <string.h>

#include "wap/bits.h"

struct box_octets box_text(const char *text)
{
	return (struct box_octets){
		.mem = (const uint8_t *)text,
		.len = text ? strlen(text) : 0,
	};
}

/*
 * Strings and UUIDs become NULL by memset. Of each message in the declaration
 * one function is made whose body is the list of its fields.
 */
#define INTEGER(name) m->name = BOX_UNDEFINED;
#define OCTSTR(name)
#define UUID(name)
#define VOID(name)
#define MSG(name, fields) static void init_##name(struct box_msg_##name *m) \
	{ (void)m; fields }
#include <gw/msg-decl.h>

void box_msg_init(struct box_msg *m, enum box_msg_type type)
{
	memset(m, 0, sizeof(*m));
	m->type = type;
	switch (type) {
#define MSG(name, fields) case BOX_MSG_##name: init_##name(&m->name); break;
#include <gw/msg-decl.h>
	case BOX_MSG_TYPES:
		break;
	}
}

static void put_integer(struct writer *w, int32_t value)
{
	put_u32(w, (uint32_t)value);
}

static void put_octets(struct writer *w, const struct box_octets *o)
{
	if (!o->mem) {
		put_integer(w, -1);
		return;
	}
	put_u32(w, o->len);
	put_mem(w, o->mem, o->len);
}

static void put_uuid(struct writer *w, const char *uuid)
{
	if (!uuid)
		uuid = BOX_UUID_NONE;
	else if (!w->err && !box_uuid_is_valid(uuid, BOX_UUID_LEN))
		w->err = DM_ERANGE;
	put_u32(w, BOX_UUID_LEN);
	put_mem(w, uuid, BOX_UUID_LEN);
}

#define INTEGER(name) put_integer(w, m->name);
#define OCTSTR(name) put_octets(w, &m->name);
#define UUID(name) put_uuid(w, m->name);
#define VOID(name)
#define MSG(name, fields) static void put_##name(struct writer *w, \
	const struct box_msg_##name *m) fields
#include <gw/msg-decl.h>

static void put_message(struct writer *w, const struct box_msg *m)
{
	put_u32(w, (size_t)m->type);
	switch (m->type) {
#define MSG(name, fields) case BOX_MSG_##name: put_##name(w, &m->name); return;
#include <gw/msg-decl.h>
	case BOX_MSG_TYPES:
		break;
	}
	w->err = DM_ERANGE;
}

int box_msg_encode(const struct box_msg *m, uint8_t *out, size_t cap,
		   size_t *len)
{
	struct writer length = { .buf = out, .cap = cap };
	struct writer w = { .buf = out, .cap = cap };

	if (cap > BOX_FRAME_MAX)
		w.cap = BOX_FRAME_MAX;
	put_u32(&w, 0);
	put_message(&w, m);
	if (w.err == DM_ENOSPC && w.cap == BOX_FRAME_MAX)
		return DM_ERANGE;
	if (!w.err)
		put_u32(&length, w.len - BOX_LENGTH_LEN);
	return put_done(&w, len);
}

static struct box_octets get_octets(struct reader *r)
{
	struct box_octets o = { 0 };
	uint32_t len = get_u32(r);

	if (r->err || len == UINT32_MAX)	/* -1: absent */
		return o;
	o.mem = get_mem(r, len);		/* len < -1 is beyond the end */
	o.len = o.mem ? len : 0;
	return o;
}

static const char *get_uuid(struct reader *r)
{
	struct box_octets o = get_octets(r);
	const char *text = (const char *)o.mem;

	if (r->err)
		return NULL;
	if (!text || !box_uuid_is_valid(text, o.len)) {
		r->err = DM_EPROTO;
		return NULL;
	}
	return memcmp(text, BOX_UUID_NONE, BOX_UUID_LEN) == 0 ? NULL : text;
}

#define INTEGER(name) m->name = (int32_t)get_u32(r);
#define OCTSTR(name) m->name = get_octets(r);
#define UUID(name) m->name = get_uuid(r);
#define VOID(name)
#define MSG(name, fields) static void get_##name(struct reader *r, \
	struct box_msg_##name *m) fields
#include <gw/msg-decl.h>

int box_msg_decode(struct box_msg *m, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	uint32_t type = get_u32(&r);
	struct box_msg got;

	if (r.err || type >= BOX_MSG_TYPES)
		return DM_EPROTO;
	box_msg_init(&got, (enum box_msg_type)type);
	switch (got.type) {
#define MSG(name, fields) case BOX_MSG_##name: get_##name(&r, &got.name); break;
#include <gw/msg-decl.h>
	case BOX_MSG_TYPES:
		break;
	}
	if (r.err || get_left(&r) > 0)
		return DM_EPROTO;
	*m = got;
	return DM_OK;
}

int box_frame_len(const uint8_t in[BOX_LENGTH_LEN], size_t *len)
{
	struct reader r = { .buf = in, .len = BOX_LENGTH_LEN };
	uint32_t n = get_u32(&r);

	if (n == 0 || n > BOX_FRAME_MAX - BOX_LENGTH_LEN)
		return DM_EPROTO;
	*len = BOX_LENGTH_LEN + n;
	return DM_OK;
}

static int check_address(const char *field, const struct box_octets *o,
			 uint8_t lowest, struct err *e)
{
	if (!o->mem || o->len == 0)
		return err_set(e, DM_EINVAL, field, "1 to 20 characters",
			       "none");
	if (o->len > BOX_SMS_ADDRESS_MAX)
		return err_set(e, DM_EINVAL, field, "1 to 20 characters",
			       "%zu characters", o->len);
	for (size_t i = 0; i < o->len; i++)
		if (o->mem[i] < lowest || o->mem[i] > '~')
			return err_set(e, DM_EINVAL, field, "printable ASCII",
				       "octet 0x%02x", o->mem[i]);
	return DM_OK;
}

static int check_content(const struct box_msg_sms *m, struct err *e)
{
	if (!m->msgdata.mem)
		return err_set(e, DM_EINVAL, "msgdata", "0 to 140 octets",
			       "none");
	if (m->udhdata.len > BOX_SMS_OCTETS_MAX ||
	    m->msgdata.len > BOX_SMS_OCTETS_MAX - m->udhdata.len)
		return err_set(e, DM_EINVAL, "msgdata",
			       "140 octets of UDH and data", "%zu and %zu",
			       m->udhdata.len, m->msgdata.len);
	return DM_OK;
}

static int check_routing(const struct box_msg_sms *m, struct err *e)
{
	if (!m->boxc_id.mem || m->boxc_id.len == 0)
		return err_set(e, DM_EINVAL, "boxc_id", "1 or more octets",
			       "none");
	if (!m->id)
		return err_set(e, DM_EINVAL, "id", "a UUID", "none");
	if (m->sms_type != BOX_SMS_MT_PUSH && m->sms_type != BOX_SMS_MT_REPLY)
		return err_set(e, DM_EINVAL, "sms_type", "1 or 2", "%d",
			       (int)m->sms_type);
	if (m->dlr_url.len > BOX_SMS_DLR_URL_MAX)
		return err_set(e, DM_EINVAL, "dlr_url", "0 to 255 octets",
			       "%zu octets", m->dlr_url.len);
	return DM_OK;
}

int box_msg_check_sms(const struct box_msg_sms *m, struct err *e)
{
	int rc = check_address("sender", &m->sender, ' ', e);

	if (!rc)
		rc = check_address("receiver", &m->receiver, '!', e);
	if (!rc)
		rc = check_content(m, e);
	if (!rc)
		rc = check_routing(m, e);
	return rc;
}
