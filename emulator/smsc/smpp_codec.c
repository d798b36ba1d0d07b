/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/smpp_codec.h"

#include <assert.h>
#include <string.h>

/* Kannel's headers take malloc and others away: nothing after them. */
#include "gw/smsc/smpp_pdu.h"
#include "gwlib/gwlib.h"

/*
 * Kannel names the MySQL client in its version text, for which nobody here
 * asks, and we do not link that client.
 */
const char *mysql_get_client_info(void);

const char *mysql_get_client_info(void)
{
	return "none";
}

int smpp_codec_open(void)
{
	Cfg *cfg;
	int rc;

	gwlib_init();
	/* gwlib logs what peers send wrong; we report it ourselves. */
	log_set_output_level(GW_PANIC);
	/* With NULL instead of an empty configuration it crashes. */
	cfg = cfg_create(octstr_imm(""));
	rc = smpp_pdu_init(cfg);
	cfg_destroy(cfg);
	return rc ? DM_EIO : DM_OK;
}

void smpp_codec_close(void)
{
	smpp_pdu_shutdown();
	gwlib_shutdown();
}

/* ------------------------------ decode ------------------------------ */

static SMPP_PDU *unpack(const uint8_t *pdu, size_t len)
{
	Octstr *body = octstr_create_from_data((const char *)pdu + 4,
					       (long)len - 4);
	SMPP_PDU *p = smpp_pdu_unpack(NULL, body);

	octstr_destroy(body);
	return p;
}

/* smpp_check() saw that it fits; an empty text is NULL at Kannel's. */
static void copy_text(char *out, size_t cap, const Octstr *text)
{
	size_t len = text ? (size_t)octstr_len(text) : 0;

	len = len < cap ? len : cap - 1;
	if (len)
		memcpy(out, octstr_get_cstr(text), len);
	out[len] = '\0';
}

enum smpp_status smpp_decode_bind(struct smpp_bind *out, const uint8_t *pdu,
				  size_t len)
{
	SMPP_PDU *p = unpack(pdu, len);
	const Octstr *id = NULL;

	if (!p)
		return ESME_RINVCMDLEN;
	switch (p->type) {
	case bind_receiver:
		id = p->u.bind_receiver.system_id;
		break;
	case bind_transmitter:
		id = p->u.bind_transmitter.system_id;
		break;
	case bind_transceiver:
		id = p->u.bind_transceiver.system_id;
		break;
	}
	copy_text(out->system_id, sizeof(out->system_id), id);
	smpp_pdu_destroy(p);
	return ESME_ROK;
}

/* The message stands in short_message or, if that is empty, in a TLV. */
static enum smpp_status copy_message(struct smpp_submit *out,
				     const struct submit_sm *s)
{
	const Octstr *m = s->sm_length ? s->short_message :
			  s->message_payload;
	size_t len = m ? (size_t)octstr_len(m) : 0;

	if (len > sizeof(out->octets))
		return ESME_RINVMSGLEN;
	if (len)
		memcpy(out->octets, octstr_get_cstr(m), len);
	out->len = len;
	return ESME_ROK;
}

enum smpp_status smpp_decode_submit(struct smpp_submit *out,
				    const uint8_t *pdu, size_t len)
{
	SMPP_PDU *p = unpack(pdu, len);
	const struct submit_sm *s;
	enum smpp_status status;

	if (!p)
		return ESME_RINVCMDLEN;
	s = &p->u.submit_sm;
	status = copy_message(out, s);
	out->from.ton = (uint8_t)s->source_addr_ton;
	out->from.npi = (uint8_t)s->source_addr_npi;
	out->to.ton = (uint8_t)s->dest_addr_ton;
	out->to.npi = (uint8_t)s->dest_addr_npi;
	out->esm_class = (uint8_t)s->esm_class;
	out->registered_delivery = (uint8_t)s->registered_delivery;
	copy_text(out->from.digits, SMPP_ADDR_SIZE, s->source_addr);
	copy_text(out->to.digits, SMPP_ADDR_SIZE, s->destination_addr);
	copy_text(out->validity, SMPP_TIME_SIZE, s->validity_period);
	smpp_pdu_destroy(p);
	return status;
}

/* ------------------------------ encode ------------------------------ */

static size_t pack(SMPP_PDU *p, uint8_t out[SMPP_OUT_MAX])
{
	Octstr *os = smpp_pdu_pack(NULL, p);
	size_t len = (size_t)octstr_len(os);

	assert(len <= SMPP_OUT_MAX);
	memcpy(out, octstr_get_cstr(os), len);
	octstr_destroy(os);
	smpp_pdu_destroy(p);
	return len;
}

static unsigned long response_type(uint32_t command)
{
	switch (command) {
	case SMPP_BIND_RECEIVER:
	case SMPP_BIND_TRANSMITTER:
	case SMPP_BIND_TRANSCEIVER:
	case SMPP_SUBMIT_SM:
	case SMPP_UNBIND:
	case SMPP_ENQUIRE_LINK:
		return command | SMPP_RESPONSE;
	}
	return generic_nack;
}

static void set_text(SMPP_PDU *p, const char *text)
{
	Octstr *os = text ? octstr_create(text) : NULL;

	switch (p->type) {
	case bind_receiver_resp:
		p->u.bind_receiver_resp.system_id = os;
		break;
	case bind_transmitter_resp:
		p->u.bind_transmitter_resp.system_id = os;
		break;
	case bind_transceiver_resp:
		p->u.bind_transceiver_resp.system_id = os;
		break;
	case submit_sm_resp:
		p->u.submit_sm_resp.message_id = os;
		break;
	default:
		octstr_destroy(os);
	}
}

size_t smpp_encode_response(const struct smpp_header *request,
			    enum smpp_status status, const char *text,
			    uint8_t out[SMPP_OUT_MAX])
{
	SMPP_PDU *p = smpp_pdu_create(response_type(request->command),
				      request->sequence);

	/* All of the union begin with the same three fields. */
	p->u.generic_nack.command_status = status;
	set_text(p, text);
	return pack(p, out);
}

size_t smpp_encode_receipt(const struct smpp_receipt *receipt,
			   uint8_t out[SMPP_OUT_MAX])
{
	SMPP_PDU *p = smpp_pdu_create(deliver_sm, receipt->sequence);
	struct deliver_sm *d = &p->u.deliver_sm;

	d->source_addr_ton = receipt->from.ton;
	d->source_addr_npi = receipt->from.npi;
	d->source_addr = octstr_create(receipt->from.digits);
	d->dest_addr_ton = receipt->to.ton;
	d->dest_addr_npi = receipt->to.npi;
	d->destination_addr = octstr_create(receipt->to.digits);
	d->esm_class = SMPP_ESM_RECEIPT;
	d->short_message = octstr_create(receipt->text);
	d->receipted_message_id = octstr_create(receipt->message_id);
	d->message_state = receipt->message_state;
	return pack(p, out);
}
