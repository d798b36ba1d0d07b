/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/smpp.h"

#include "wap/bits.h"

enum field_kind { INTEGER, TEXT, MESSAGE, END };

struct field {
	enum field_kind kind;
	size_t octets;		/* INTEGER: length; TEXT: most, with NUL */
};

/* SMPP 3.4, 4.1.1, 4.1.3, 4.1.5 */
static const struct field bind_fields[] = {
	{ TEXT, 16 },		/* system_id */
	{ TEXT, 9 },		/* password */
	{ TEXT, 13 },		/* system_type */
	{ INTEGER, 3 },		/* interface_version, addr_ton, addr_npi */
	{ TEXT, 41 },		/* address_range */
	{ END, 0 },
};

/* SMPP 3.4, 4.4.1 */
static const struct field submit_fields[] = {
	{ TEXT, 6 },		/* service_type */
	{ INTEGER, 2 },		/* source_addr_ton, source_addr_npi */
	{ TEXT, 21 },		/* source_addr */
	{ INTEGER, 2 },		/* dest_addr_ton, dest_addr_npi */
	{ TEXT, 21 },		/* destination_addr */
	{ INTEGER, 3 },		/* esm_class, protocol_id, priority_flag */
	{ TEXT, 17 },		/* schedule_delivery_time */
	{ TEXT, 17 },		/* validity_period */
	{ INTEGER, 4 },		/* registered_delivery, replace_if_present,
				 * data_coding, sm_default_msg_id */
	{ MESSAGE, SMPP_MESSAGE_MAX },	/* sm_length, short_message */
	{ END, 0 },
};

static const struct {
	uint32_t command;
	const struct field *fields;
} shapes[] = {
	{ SMPP_BIND_RECEIVER, bind_fields },
	{ SMPP_BIND_TRANSMITTER, bind_fields },
	{ SMPP_BIND_TRANSCEIVER, bind_fields },
	{ SMPP_SUBMIT_SM, submit_fields },
};

void smpp_header_read(struct smpp_header *h,
		      const uint8_t octets[SMPP_HEADER_LEN])
{
	struct reader r = { .buf = octets, .len = SMPP_HEADER_LEN };

	h->len = get_u32(&r);
	h->command = get_u32(&r);
	h->status = get_u32(&r);
	h->sequence = get_u32(&r);
}

bool smpp_len_ok(uint32_t len)
{
	return len >= SMPP_HEADER_LEN && len <= SMPP_PDU_MAX;
}

static enum smpp_status check_field(struct reader *r, const struct field *f)
{
	size_t len = 0;

	if (f->kind == INTEGER) {
		get_mem(r, f->octets);
	} else if (f->kind == TEXT) {
		get_text(r, &len);
		if (!r->err && len >= f->octets)
			return ESME_RINVCMDLEN;
	} else {
		len = get_u8(r);
		if (len > f->octets)
			return ESME_RINVMSGLEN;
		get_mem(r, len);
	}
	return r->err ? ESME_RINVCMDLEN : ESME_ROK;
}

/* SMPP 3.4, 3.2.4.1: tag, length and value, to the end of the PDU. */
static enum smpp_status check_tlvs(struct reader *r)
{
	while (!r->err && get_left(r) > 0) {
		get_u16(r);
		get_mem(r, get_u16(r));
	}
	return r->err ? ESME_RINVTLVSTREAM : ESME_ROK;
}

static enum smpp_status check_fields(const struct field *f, const uint8_t *pdu,
				     size_t len)
{
	struct reader r = { .buf = pdu, .len = len, .pos = SMPP_HEADER_LEN };

	for (; f->kind != END; f++) {
		enum smpp_status status = check_field(&r, f);

		if (status != ESME_ROK)
			return status;
	}
	return check_tlvs(&r);
}

enum smpp_status smpp_check(const uint8_t *pdu, size_t len)
{
	struct smpp_header h;

	if (len < SMPP_HEADER_LEN)
		return ESME_RINVCMDLEN;
	smpp_header_read(&h, pdu);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].command == h.command)
			return check_fields(shapes[i].fields, pdu, len);
	return ESME_ROK;
}

const char *smpp_status_text(enum smpp_status status)
{
	switch (status) {
	case ESME_ROK:
		return "no error";
	case ESME_RINVMSGLEN:
		return "the message is too long";
	case ESME_RINVCMDLEN:
		return "the fields do not stand inside the PDU";
	case ESME_RINVCMDID:
		return "unknown command";
	case ESME_RINVBNDSTS:
		return "this bind may not do that";
	case ESME_RALYBND:
		return "already bound";
	case ESME_RSYSERR:
		return "system error";
	case ESME_RINVDSTADR:
		return "invalid destination address";
	case ESME_RMSGQFUL:
		return "the message queue is full";
	case ESME_RSUBMITFAIL:
		return "submit_sm failed";
	case ESME_RTHROTTLED:
		return "throttled";
	case ESME_RINVEXPIRY:
		return "the validity period is malformed";
	case ESME_RX_T_APPN:
		return "temporary error of the receiver";
	case ESME_RX_P_APPN:
		return "permanent error of the receiver";
	case ESME_RX_R_APPN:
		return "refused by the receiver";
	case ESME_RINVTLVSTREAM:
		return "the optional parameters are malformed";
	}
	return "unknown status";
}
