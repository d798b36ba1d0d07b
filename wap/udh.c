/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/udh.h"

#include "wap/bits.h"

enum udh_element {		/* 3GPP TS 23.040, 9.2.3.24 */
	CONCAT_8 = 0x00,
	PORTS_8 = 0x04,
	PORTS_16 = 0x05,
	CONCAT_16 = 0x08,
};

size_t udh_size(bool has_ports, enum udh_concat concat)
{
	size_t len = 1;

	if (has_ports)
		len += 2 + 4;
	if (concat == UDH_CONCAT_8)
		len += 2 + 3;
	if (concat == UDH_CONCAT_16)
		len += 2 + 4;
	return len;
}

static void put_concat(struct writer *w, const struct udh *u)
{
	if (u->concat == UDH_CONCAT_8) {
		put_u8(w, CONCAT_8);
		put_u8(w, 3);
		put_u8(w, u->reference);
	} else {
		put_u8(w, CONCAT_16);
		put_u8(w, 4);
		put_u16(w, u->reference);
	}
	put_u8(w, u->total);
	put_u8(w, u->index);
}

int udh_encode(const struct udh *u, uint8_t *out, size_t cap, size_t *len)
{
	struct writer w = { .buf = out, .cap = cap };

	if (u->concat && (u->index == 0 || u->index > u->total))
		return DM_ERANGE;
	put_u8(&w, udh_size(u->has_ports, u->concat) - 1);
	if (u->has_ports) {
		put_u8(&w, PORTS_16);
		put_u8(&w, 4);
		put_u16(&w, u->dest_port);
		put_u16(&w, u->source_port);
	}
	if (u->concat)
		put_concat(&w, u);
	return put_done(&w, len);
}

static void get_ports_8(struct reader *r, struct udh *u)
{
	u->has_ports = true;
	u->ports_8bit = true;
	u->dest_port = get_u8(r);
	u->source_port = get_u8(r);
}

static void get_ports_16(struct reader *r, struct udh *u)
{
	u->has_ports = true;
	u->ports_8bit = false;
	u->dest_port = get_u16(r);
	u->source_port = get_u16(r);
}

static void get_count(struct reader *r, struct udh *u)
{
	u->total = get_u8(r);
	u->index = get_u8(r);
	if (u->index == 0 || u->index > u->total)
		r->err = DM_EPROTO;
}

static void get_concat_8(struct reader *r, struct udh *u)
{
	u->concat = UDH_CONCAT_8;
	u->reference = get_u8(r);
	get_count(r, u);
}

static void get_concat_16(struct reader *r, struct udh *u)
{
	u->concat = UDH_CONCAT_16;
	u->reference = get_u16(r);
	get_count(r, u);
}

static const struct {
	uint8_t id;
	uint8_t len;
	void (*get)(struct reader *r, struct udh *u);
} elements[] = {
	{ CONCAT_8, 3, get_concat_8 },
	{ PORTS_8, 2, get_ports_8 },
	{ PORTS_16, 4, get_ports_16 },
	{ CONCAT_16, 4, get_concat_16 },
};

#define N_ELEMENTS (sizeof(elements) / sizeof(elements[0]))

static void get_element(struct reader *r, struct udh *u)
{
	uint8_t id = get_u8(r);
	uint8_t len = get_u8(r);

	for (size_t i = 0; i < N_ELEMENTS; i++) {
		if (elements[i].id != id)
			continue;
		if (elements[i].len != len)
			r->err = DM_EPROTO;
		elements[i].get(r, u);
		return;
	}
	get_mem(r, len);
	u->n_unknown++;
}

int udh_decode(struct udh *u, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	struct udh got = { 0 };
	uint8_t elements_len = get_u8(&r);

	if (elements_len > get_left(&r))
		return DM_EPROTO;
	got.len = 1 + (size_t)elements_len;
	r.len = got.len;
	while (get_left(&r) > 0)
		get_element(&r, &got);
	if (r.err)
		return DM_EPROTO;
	*u = got;
	return DM_OK;
}
