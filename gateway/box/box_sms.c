/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/box_sms.h"

#include <stdbool.h>

#include "wap/bits.h"

#define MCLASS_1 1		/* Kannel's MC_CLASS1 */

/*
 * How Kannel makes the three 8 bit data codings. alt_dcs is always given:
 * left undefined, the SMSC's own alt-dcs setting would decide.
 */
static const struct coding {
	uint8_t dcs;
	int32_t mclass;
	int32_t alt_dcs;
} codings[] = {
	{ 0x04, BOX_UNDEFINED, 0 },
	{ 0x15, MCLASS_1, 0 },
	{ 0xf5, MCLASS_1, 1 },
};

#define N_CODINGS (sizeof(codings) / sizeof(codings[0]))

static void put_u64(struct writer *w, uint64_t value)
{
	put_u32(w, (uint32_t)(value >> 32));
	put_u32(w, (uint32_t)value);
}

static uint64_t get_u64(struct reader *r)
{
	uint64_t high = get_u32(r);

	return high << 32 | get_u32(r);
}

void box_sms_id_make(struct box_sms_id *id, uint64_t link, uint64_t tag)
{
	uint8_t octets[BOX_UUID_OCTETS];
	struct writer w = { .buf = octets, .cap = sizeof(octets) };

	put_u64(&w, link);
	put_u64(&w, tag);
	box_uuid_encode(octets, id->text);
}

int box_sms_id_read(const char *text, uint64_t link, uint64_t *tag)
{
	uint8_t octets[BOX_UUID_OCTETS];
	struct reader r = { .buf = octets, .len = sizeof(octets) };

	if (!text || box_uuid_decode(text, BOX_UUID_LEN, octets))
		return DM_ENOENT;
	if (get_u64(&r) != link)
		return DM_ENOENT;
	*tag = get_u64(&r);
	return DM_OK;
}

static bool set_coding(struct box_msg_sms *m, uint8_t dcs)
{
	for (size_t i = 0; i < N_CODINGS; i++) {
		if (codings[i].dcs != dcs)
			continue;
		m->coding = BOX_CODING_8BIT;
		m->mclass = codings[i].mclass;
		m->alt_dcs = codings[i].alt_dcs;
		return true;
	}
	return false;
}

static void set_content(struct box_msg_sms *m, const struct box_sms *s)
{
	m->sender = box_text(s->sender);
	m->receiver = box_text(s->receiver);
	if (s->udh_len > 0)
		m->udhdata = (struct box_octets){ s->udh, s->udh_len };
	m->msgdata = (struct box_octets){ s->data, s->data_len };
	m->smsc_id = box_text(s->smsc_id);
}

static void set_report(struct box_msg_sms *m, const struct box_sms *s)
{
	m->dlr_mask = (int32_t)(s->dlr_mask & 0x1f);
	if (s->dlr_mask)
		m->dlr_url = (struct box_octets){ s->dlr_key, s->dlr_key_len };
}

int box_sms_to_msg(const struct box_sms *s, const char *box_id,
		   const struct box_sms_id *id, int64_t now,
		   struct box_msg *m, struct err *e)
{
	box_msg_init(m, BOX_MSG_sms);
	set_content(&m->sms, s);
	set_report(&m->sms, s);
	if (!set_coding(&m->sms, s->dcs))
		return err_set(e, DM_EINVAL, "dcs", "0x04, 0x15 or 0xf5",
			       "0x%02x", s->dcs);
	if (s->validity < BOX_NO_VALIDITY)
		return err_set(e, DM_EINVAL, "validity", "seconds since 1970",
			       "%lld", (long long)s->validity);
	m->sms.validity = s->validity > INT32_MAX ? BOX_UNDEFINED :
			  (int32_t)s->validity;
	m->sms.time = (int32_t)now;
	m->sms.sms_type = BOX_SMS_MT_PUSH;
	m->sms.boxc_id = box_text(box_id);
	m->sms.id = id->text;
	return box_msg_check_sms(&m->sms, e);
}
