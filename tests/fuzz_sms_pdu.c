/* SPDX-License-Identifier: Apache-2.0 */
/* SMS PDU: what decodes and can be encoded decodes to the same. */
#include <string.h>

#include "tests/fuzz.h"
#include "wap/sms_pdu.h"

static void check_bounds(const struct sms_pdu *p, size_t len)
{
	FUZZ_CHECK(p->ud_len <= SMS_UD_MAX);
	FUZZ_CHECK(p->ud_offset + p->ud_len == len);
	FUZZ_CHECK(p->address_offset < p->ud_offset);
	FUZZ_CHECK(strlen(p->address.digits) <= SMS_DIGITS_MAX);
	FUZZ_CHECK(strlen(p->smsc.digits) <= SMS_DIGITS_MAX);
	FUZZ_CHECK(p->validity >= -1 && p->validity <= 255);
}

static void check_same(const struct sms_pdu *a, const struct sms_pdu *b)
{
	FUZZ_CHECK(a->kind == b->kind && a->has_udh == b->has_udh);
	FUZZ_CHECK(!strcmp(a->address.digits, b->address.digits));
	FUZZ_CHECK(a->address.type == b->address.type);
	FUZZ_CHECK(!strcmp(a->smsc.digits, b->smsc.digits));
	FUZZ_CHECK(a->pid == b->pid && a->dcs == b->dcs);
	FUZZ_CHECK(!memcmp(a->timestamp, b->timestamp, 7));
	FUZZ_CHECK(a->reference == b->reference);
	FUZZ_CHECK(a->validity == b->validity && a->ud_len == b->ud_len);
	FUZZ_CHECK(!memcmp(a->ud, b->ud, a->ud_len));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	uint8_t out[SMS_PDU_MAX];
	struct sms_pdu p, again;
	size_t out_len;
	int rc;

	if (sms_pdu_decode(&p, in, len))
		return 0;
	check_bounds(&p, len);
	p.has_smsc = true;	/* without it, others may be read as one */
	rc = sms_pdu_encode(&p, out, sizeof(out), &out_len);
	if (rc == DM_ERANGE)	/* 7 bit text */
		return 0;
	FUZZ_CHECK(rc == DM_OK);
	FUZZ_CHECK(sms_pdu_decode(&again, out, out_len) == DM_OK);
	check_same(&p, &again);
	return 0;
}
