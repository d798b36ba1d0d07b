/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/submit.h"

#include <stdio.h>
#include <string.h>

#include "wap/hex.h"

static int find_quirk(const char *name, const struct quirk **quirk,
		      struct err *e)
{
	*quirk = quirks_find(name ? name : "generic");
	if (!*quirk)
		return err_set(e, DM_EINVAL, "quirks", quirks_names(),
			       "\"%s\"", name);
	return DM_OK;
}

static int read_vendor(const char *hex, uint8_t vendor[NOTIF_VENDOR_MAX],
		       struct trigger *t, struct err *e)
{
	if (hex && hex_decode(hex, strlen(hex), vendor, NOTIF_VENDOR_MAX,
			      &t->vendor_len))
		return err_set(e, DM_EINVAL, "vendor-hex",
			       "hexadecimal, 0 to 1024 octets",
			       "%zu characters", strlen(hex));
	t->vendor = vendor;
	return DM_OK;
}

static int encode_package0(const struct notify_request *rq,
			   const struct trigger *t, struct message *m,
			   struct err *e)
{
	struct digest_key key;
	int rc = digest_key_make(&rq->key, &key, e);

	if (rc)
		return rc;
	rc = notif_encode(t, &key, m->package0, sizeof(m->package0),
			  &m->package0_len);
	hash_wipe(&key, sizeof(key));
	if (rc)
		return err_set(e, rc, "notification", "",
			       "it could not be encoded");
	return DM_OK;
}

static struct transport transport_of(const struct notify_request *rq,
				     uint16_t reference)
{
	return (struct transport){
		.tid = (uint8_t)rq->tid,
		.push_flag = rq->push_flag,
		.content_length = rq->content_length,
		.encoding_version = (uint8_t)rq->encoding_version,
		.dcs = (uint8_t)rq->dcs,
		.form = {
			.dest_port = (uint16_t)rq->dest_port,
			.source_port = (uint16_t)rq->source_port,
			.concat = (enum udh_concat)rq->concat,
			.reference = reference,
		},
	};
}

static int check_reference(const struct notify_request *rq, struct err *e)
{
	if (rq->concat == UDH_CONCAT_8 && rq->reference > UINT8_MAX)
		return err_set(e, DM_EINVAL, "reference",
			       "0 to 255, or concat 16", "%d", rq->reference);
	return DM_OK;
}

static int encode_transport(const struct notify_request *rq,
			    uint16_t reference, struct message *m,
			    struct err *e)
{
	struct transport t = transport_of(rq, reference);
	int rc = check_reference(rq, e);

	if (rq->reference >= 0)
		t.form.reference = (uint16_t)rq->reference;
	else if (t.form.concat == UDH_CONCAT_8)
		t.form.reference &= UINT8_MAX;
	if (!rc)
		rc = transport_wrap(&t, WSP_SYNCML_NOTIFICATION,
				    WSP_APPLICATION_SYNCML_DM, m->package0,
				    m->package0_len, m->wsp, sizeof(m->wsp),
				    &m->wsp_len, e);
	if (rc)
		return rc;
	rc = segment_split(&t.form, m->wsp, m->wsp_len, m->segments,
			   MESSAGE_SEGMENTS_MAX, &m->n_segments);
	if (rc)
		return err_set(e, rc, "notification", "1 to 16 segments",
			       "%zu octets", m->wsp_len);
	return DM_OK;
}

int submit_encode(const struct notify_request *rq, uint16_t session_id,
		  uint16_t reference, bool lenient, struct message *m,
		  struct err *e)
{
	uint8_t vendor[NOTIF_VENDOR_MAX];
	const struct quirk *quirk;
	struct trigger t = {
		.version = (uint16_t)rq->version_field,
		.ui_mode = (enum ui_mode)rq->ui_mode,
		.server_initiated = rq->server_initiated,
		.session_id = rq->session_id == REQUEST_UNSET ? session_id :
			      (uint16_t)rq->session_id,
		.server_id = rq->key.server_id,
		.server_id_len = strlen(rq->key.server_id),
	};
	int rc = find_quirk(rq->quirks, &quirk, e);

	if (!rc)
		rc = read_vendor(rq->vendor_hex, vendor, &t, e);
	if (!rc)
		rc = lenient ? notif_check_quirk(&t, quirk, e)
			     : notif_check(&t, quirk, e);
	if (!rc)
		rc = encode_package0(rq, &t, m, e);
	if (!rc)
		rc = encode_transport(rq, reference, m, e);
	return rc;
}

/* A device's name is not an MSISDN; the registry of names comes later. */
static int read_to(const char *to, char out[MSISDN_SIZE], struct err *e)
{
	if (!msisdn_looks_like(to))
		return err_set(e, DM_ENOTYET, "to",
			       "an MSISDN: an optional + and 5 to 15 digits",
			       "\"%s\"; names of devices are not there yet",
			       to);
	return msisdn_parse(to, "to", out, e);
}

int submit_check_sender(const char *text, const char *field, struct err *e)
{
	size_t len = 0;

	while (text[len] >= 0x20 && text[len] <= 0x7e)
		len++;
	if (text[len] || len == 0 || len >= JOB_SENDER_SIZE)
		return err_set(e, DM_EINVAL, field,
			       "1 to 20 printable ASCII characters", "\"%s\"",
			       text);
	return DM_OK;
}

int submit_job(const struct notify_request *rq, const char *sender,
	       int32_t expires_s, uint32_t client, int64_t now_ms,
	       struct job *j, struct err *e)
{
	const char *from = rq->from ? rq->from : sender;
	int64_t lives_s = rq->expires_s == REQUEST_UNSET ? expires_s
							 : rq->expires_s;
	int rc;

	*j = (struct job){
		.client = client,
		.until = (enum job_reached)rq->until,
		.created_ms = now_ms,
		.changed_ms = now_ms,
		.next_ms = now_ms,
		.expires_ms = now_ms + 1000 * lives_s,
		.dm_version = rq->dm_version,
		.dcs = rq->dcs,
	};
	snprintf(j->smsc_id, sizeof(j->smsc_id), "%s",
		 rq->smsc_id ? rq->smsc_id : "");
	snprintf(j->server_id, sizeof(j->server_id), "%s", rq->key.server_id);
	rc = read_to(rq->to, j->to, e);
	if (!rc)
		rc = submit_check_sender(from, "from", e);
	if (!rc)
		snprintf(j->from, sizeof(j->from), "%s", from);
	return rc;
}
