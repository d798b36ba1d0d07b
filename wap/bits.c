/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/bits.h"

#include <assert.h>
#include <string.h>

/* Room for len more octets; the first one that is missing is the error. */
static bool has_room(struct writer *w, size_t len)
{
	if (!w->err && len > w->cap - w->len)
		w->err = DM_ENOSPC;
	return !w->err;
}

void put_bits(struct writer *w, uint32_t value, unsigned nbits)
{
	assert(nbits >= 1 && nbits <= 32);
	if (!w->err && nbits < 32 && value >> nbits)
		w->err = DM_ERANGE;
	while (nbits > 0 && !w->err) {
		unsigned room = 8 - w->nbits;
		unsigned take = nbits < room ? nbits : room;
		uint32_t part = value >> (nbits - take) &
				((1u << take) - 1);

		if (w->nbits == 0) {
			if (!has_room(w, 1))
				return;
			w->buf[w->len++] = 0;
		}
		w->buf[w->len - 1] |= (uint8_t)(part << (room - take));
		w->nbits = (w->nbits + take) % 8;
		nbits -= take;
	}
}

static void put_big_endian(struct writer *w, size_t value, unsigned octets)
{
	assert(w->err || w->nbits == 0);
	if (!w->err && value >> (octets * 8))
		w->err = DM_ERANGE;
	if (!has_room(w, octets))
		return;
	while (octets-- > 0)
		w->buf[w->len++] = (uint8_t)(value >> (octets * 8));
}

void put_u8(struct writer *w, size_t value)
{
	put_big_endian(w, value, 1);
}

void put_u16(struct writer *w, size_t value)
{
	put_big_endian(w, value, 2);
}

void put_u32(struct writer *w, size_t value)
{
	put_big_endian(w, value, 4);
}

void put_le32(struct writer *w, size_t value)
{
	uint32_t v = (uint32_t)value;

	if (!w->err && value > UINT32_MAX)
		w->err = DM_ERANGE;
	put_u32(w, v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) |
		   (v << 24 & 0xff000000));
}

void put_mem(struct writer *w, const void *mem, size_t len)
{
	assert(w->err || w->nbits == 0);
	if (!has_room(w, len) || len == 0)
		return;
	memcpy(w->buf + w->len, mem, len);
	w->len += len;
}

void put_uintvar(struct writer *w, uint32_t value)
{
	for (unsigned shift = 28; shift > 0; shift -= 7)
		if (value >> shift)
			put_u8(w, (value >> shift & 0x7f) | 0x80);
	put_u8(w, value & 0x7f);
}

int put_done(const struct writer *w, size_t *len)
{
	assert(w->err || w->nbits == 0);
	if (!w->err)
		*len = w->len;
	return w->err;
}

size_t get_left(const struct reader *r)
{
	return r->err ? 0 : r->len - r->pos - (r->nbits > 0);
}

static bool has_octets(struct reader *r, size_t len)
{
	if (!r->err && len > r->len - r->pos)
		r->err = DM_EPROTO;
	return !r->err;
}

uint32_t get_bits(struct reader *r, unsigned nbits)
{
	uint32_t value = 0;

	assert(nbits >= 1 && nbits <= 32);
	while (nbits > 0) {
		unsigned left = 8 - r->nbits;
		unsigned take = nbits < left ? nbits : left;

		if (!has_octets(r, 1))
			return 0;
		value = value << take |
			(r->buf[r->pos] >> (left - take) & ((1u << take) - 1));
		r->nbits = (r->nbits + take) % 8;
		r->pos += r->nbits == 0;
		nbits -= take;
	}
	return value;
}

static uint32_t get_big_endian(struct reader *r, unsigned octets)
{
	uint32_t value = 0;

	assert(r->err || r->nbits == 0);
	if (!has_octets(r, octets))
		return 0;
	while (octets-- > 0)
		value = value << 8 | r->buf[r->pos++];
	return value;
}

uint8_t get_u8(struct reader *r)
{
	return (uint8_t)get_big_endian(r, 1);
}

uint16_t get_u16(struct reader *r)
{
	return (uint16_t)get_big_endian(r, 2);
}

uint32_t get_u32(struct reader *r)
{
	return get_big_endian(r, 4);
}

uint32_t get_uintvar(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 5; i++) {
		uint8_t octet = get_u8(r);

		value = value << 7 | (octet & 0x7f);
		if (!(octet & 0x80))
			break;
		if (i == 4)
			r->err = DM_EPROTO;
	}
	if (value > UINT32_MAX)
		r->err = DM_EPROTO;
	return r->err ? 0 : (uint32_t)value;
}

const uint8_t *get_mem(struct reader *r, size_t len)
{
	const uint8_t *mem;

	assert(r->err || r->nbits == 0);
	if (!has_octets(r, len))
		return NULL;
	mem = r->buf + r->pos;
	r->pos += len;
	return mem;
}

const char *get_text(struct reader *r, size_t *len)
{
	const uint8_t *nul = NULL;
	const char *text;

	*len = 0;
	if (get_left(r) > 0)
		nul = memchr(r->buf + r->pos, 0, r->len - r->pos);
	if (!nul) {
		r->err = DM_EPROTO;
		return NULL;
	}
	text = (const char *)r->buf + r->pos;
	*len = (size_t)(nul - (r->buf + r->pos));
	r->pos += *len + 1;
	return text;
}

const uint8_t *get_rest(struct reader *r, size_t *len)
{
	*len = get_left(r);
	return get_mem(r, *len);
}
