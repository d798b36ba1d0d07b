/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/sms_pdu.h"

#include <string.h>

#include "wap/bits.h"

/* First octet, 3GPP TS 23.040, 9.2.3. */
#define MTI_MASK 0x03
#define MMS_NO_MORE 0x04	/* TP-MMS, deliver: no more messages wait */
#define VPF_MASK 0x18		/* TP-VPF, submit */
#define VPF_RELATIVE 0x10
#define UDHI 0x40

/* Semi-octet digits, 3GPP TS 23.040, 9.1.2.3; 15 is the filler. */
static const char bcd[] = "0123456789*#abcf";
#define FILLER 0xf

/* Type of number 101: seven-bit text, where 15 is no filler. */
static bool is_alphanumeric(uint8_t type)
{
	return (type & 0x70) == 0x50;
}

/* The semi-octet that c stands for, -1 if there is none. */
static int semi_octet(char c, uint8_t type)
{
	const char *p = c ? strchr(bcd, c) : NULL;

	if (!p || (p - bcd == FILLER && !is_alphanumeric(type)))
		return -1;
	return (int)(p - bcd);
}

static void put_digits(struct writer *w, const struct sms_address *a)
{
	for (size_t i = 0; a->digits[i]; i += 2) {
		char second = a->digits[i + 1];
		int low = semi_octet(a->digits[i], a->type);
		int high = second ? semi_octet(second, a->type) :
			   is_alphanumeric(a->type) ? 0 : FILLER;

		if (low < 0 || high < 0) {
			w->err = w->err ? w->err : DM_ERANGE;
			return;
		}
		put_u8(w, (size_t)(high << 4 | low));
		if (!second)
			return;
	}
}

/* Reads n semi-octets; in a number, a filler before the end is malformed. */
static void get_digits(struct reader *r, size_t n, struct sms_address *a)
{
	for (size_t i = 0; i < n; i += 2) {
		uint8_t octet = get_u8(r);

		a->digits[i] = bcd[octet & 0xf];
		if (i + 1 < n)
			a->digits[i + 1] = bcd[octet >> 4];
	}
	a->digits[n] = '\0';
	if (!is_alphanumeric(a->type) && strchr(a->digits, bcd[FILLER]))
		r->err = DM_EPROTO;
}

/* TP-OA and TP-DA count digits. */
static void put_address(struct writer *w, const struct sms_address *a)
{
	size_t n = strlen(a->digits);

	if (n > SMS_DIGITS_MAX)
		w->err = w->err ? w->err : DM_ERANGE;
	put_u8(w, n);
	put_u8(w, a->type);
	put_digits(w, a);
}

static void get_address(struct reader *r, struct sms_address *a)
{
	size_t n = get_u8(r);

	if (n > SMS_DIGITS_MAX) {
		r->err = DM_EPROTO;
		return;
	}
	a->type = get_u8(r);
	get_digits(r, n, a);
}

/* The SMSC's address counts octets, type included; 0: none is given. */
static void put_smsc(struct writer *w, const struct sms_address *a)
{
	size_t n = strlen(a->digits);

	if (n == 0) {
		put_u8(w, 0);
		return;
	}
	if (n > SMS_DIGITS_MAX)
		w->err = w->err ? w->err : DM_ERANGE;
	put_u8(w, 1 + (n + 1) / 2);
	put_u8(w, a->type);
	put_digits(w, a);
}

static void get_smsc(struct reader *r, struct sms_address *a)
{
	size_t octets = get_u8(r);
	size_t n;

	if (octets == 0)
		return;
	if (octets > 1 + SMS_DIGITS_MAX / 2) {
		r->err = DM_EPROTO;
		return;
	}
	a->type = get_u8(r);
	n = 2 * (octets - 1);
	if (n > 0 && !is_alphanumeric(a->type) && get_left(r) >= octets - 1 &&
	    r->buf[r->pos + octets - 2] >> 4 == FILLER)
		n--;
	get_digits(r, n, a);
}

/*
 * 3GPP TS 23.038, 4: is TP-UDL in septets (7 bit alphabet)? What is reserved
 * is to be taken for that.
 */
static bool counts_septets(uint8_t dcs)
{
	uint8_t group = dcs >> 4;
	uint8_t alphabet = dcs & 0x0c;

	if (group < 8)		/* general and automatic deletion */
		return !(dcs & 0x20) && (alphabet == 0 || alphabet == 0x0c);
	if (group == 0xf)	/* data coding / message class */
		return (dcs & 0x04) == 0;
	return group != 0xe;	/* 0xe: UCS2 waiting indication */
}

static void put_deliver(struct writer *w, const struct sms_pdu *p)
{
	put_u8(w, SMS_DELIVER | MMS_NO_MORE | (p->has_udh ? UDHI : 0u));
	put_address(w, &p->address);
	put_u8(w, p->pid);
	put_u8(w, p->dcs);
	put_mem(w, p->timestamp, sizeof(p->timestamp));
}

static void put_submit(struct writer *w, const struct sms_pdu *p)
{
	put_u8(w, SMS_SUBMIT | (p->validity >= 0 ? VPF_RELATIVE : 0u) |
		  (p->has_udh ? UDHI : 0u));
	put_u8(w, p->reference);
	put_address(w, &p->address);
	put_u8(w, p->pid);
	put_u8(w, p->dcs);
	if (p->validity >= 0)
		put_u8(w, (size_t)p->validity);
}

int sms_pdu_encode(const struct sms_pdu *p, uint8_t *out, size_t cap,
		   size_t *len)
{
	struct writer w = { .buf = out, .cap = cap };

	if (p->ud_len > SMS_UD_MAX || counts_septets(p->dcs))
		return DM_ERANGE;
	if (p->has_smsc)
		put_smsc(&w, &p->smsc);
	if (p->kind == SMS_DELIVER)
		put_deliver(&w, p);
	else
		put_submit(&w, p);
	put_u8(&w, p->ud_len);
	put_mem(&w, p->ud, p->ud_len);
	return put_done(&w, len);
}

static void get_user_data(struct reader *r, struct sms_pdu *p)
{
	size_t n = get_u8(r);
	const uint8_t *ud;

	if (counts_septets(p->dcs))
		n = (n * 7 + 7) / 8;
	if (n > SMS_UD_MAX) {
		r->err = DM_EPROTO;
		return;
	}
	p->ud_offset = r->pos;
	ud = get_mem(r, n);
	if (ud && n)
		memcpy(p->ud, ud, n);
	p->ud_len = n;
}

static void get_deliver(struct reader *r, struct sms_pdu *p)
{
	const uint8_t *timestamp;

	p->address_offset = r->pos;
	get_address(r, &p->address);
	p->pid = get_u8(r);
	p->dcs = get_u8(r);
	timestamp = get_mem(r, sizeof(p->timestamp));
	if (timestamp)
		memcpy(p->timestamp, timestamp, sizeof(p->timestamp));
}

static void get_submit(struct reader *r, struct sms_pdu *p, uint8_t first)
{
	p->reference = get_u8(r);
	p->address_offset = r->pos;
	get_address(r, &p->address);
	p->pid = get_u8(r);
	p->dcs = get_u8(r);
	if ((first & VPF_MASK) == VPF_RELATIVE)
		p->validity = get_u8(r);
	else if (first & VPF_MASK)
		get_mem(r, 7);	/* absolute or enhanced: seven octets */
}

static int decode(struct sms_pdu *p, const uint8_t *in, size_t len,
		  bool has_smsc)
{
	struct reader r = { .buf = in, .len = len };
	struct sms_pdu got = { .has_smsc = has_smsc, .validity = -1 };
	uint8_t first;

	if (has_smsc)
		get_smsc(&r, &got.smsc);
	first = get_u8(&r);
	got.has_udh = first & UDHI;
	if ((first & MTI_MASK) == SMS_DELIVER) {
		got.kind = SMS_DELIVER;
		get_deliver(&r, &got);
	} else if ((first & MTI_MASK) == SMS_SUBMIT) {
		got.kind = SMS_SUBMIT;
		get_submit(&r, &got, first);
	} else {
		return DM_EPROTO;
	}
	get_user_data(&r, &got);
	if (r.err || get_left(&r) > 0)
		return DM_EPROTO;
	*p = got;
	return DM_OK;
}

int sms_pdu_decode(struct sms_pdu *p, const uint8_t *in, size_t len)
{
	if (decode(p, in, len, true) == DM_OK)
		return DM_OK;
	return decode(p, in, len, false);
}

/* ------------------------ what an SMSC delivers ------------------------ */

#define NAME_MAX_CHARACTERS 11	/* 3GPP TS 23.040, 9.1.2.5 */

/* 3GPP TS 23.038, 6.2.1: the characters that have the code of ASCII. */
static bool is_common(char c)
{
	return c && strchr(" !\"#%&'()*+,-./0123456789:;<=>?"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz", c);
}

/* Septets, the first in the low bits, as semi-octets. */
static int set_name(struct sms_address *a, const char *text)
{
	size_t n = strlen(text);
	unsigned bits = 0, n_bits = 0;

	if (n < 1 || n > NAME_MAX_CHARACTERS)
		return DM_ERANGE;
	*a = (struct sms_address){ .type = 0xd0 };
	for (size_t i = 0, at = 0; at < (7 * n + 3) / 4; at++) {
		if (n_bits < 4 && i < n) {
			if (!is_common(text[i]))
				return DM_ERANGE;
			bits |= (unsigned)text[i++] << n_bits;
			n_bits += 7;
		}
		a->digits[at] = bcd[bits & 0xf];
		bits >>= 4;
		n_bits = n_bits > 4 ? n_bits - 4 : 0;
	}
	return DM_OK;
}

int sms_address_parse(struct sms_address *a, const char *text)
{
	const char *digits = text + (text[0] == '+');
	size_t n = strspn(digits, "0123456789");

	if (n < 1 || digits[n])
		return set_name(a, text);
	if (n > SMS_DIGITS_MAX)
		return DM_ERANGE;
	*a = (struct sms_address){ .type = digits > text ? 0x91 : 0x81 };
	memcpy(a->digits, digits, n);
	return DM_OK;
}

int sms_pdu_deliver(const char *from, uint8_t dcs, const uint8_t *ud,
		    size_t ud_len, uint8_t *out, size_t cap, size_t *len)
{
	struct sms_pdu p = {
		.kind = SMS_DELIVER,
		.has_smsc = true,
		.has_udh = true,
		.dcs = dcs,
		.timestamp = { 0x00, 0x10, 0x10 },
		.validity = -1,
		.ud_len = ud_len,
	};

	if (ud_len > sizeof(p.ud) || sms_address_parse(&p.address, from))
		return DM_ERANGE;
	memcpy(p.ud, ud, ud_len);
	return sms_pdu_encode(&p, out, cap, len);
}
