/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/submit.h"

#include <stdio.h>
#include <string.h>

#include "gateway/request/device.h"

int submit_quirk(const char *name, const struct quirk **quirk, struct err *e)
{
	*quirk = quirks_find(name ? name : "generic");
	if (!*quirk)
		return err_set(e, DM_EINVAL, "quirks", quirks_names(),
			       "\"%s\"", name);
	return DM_OK;
}

void submit_set_reference(struct transport *t, uint16_t reference)
{
	t->form.reference = t->form.concat == UDH_CONCAT_8 ?
			    reference & UINT8_MAX : reference;
}

int submit_transport(const struct transport_request *rq, uint16_t reference,
		     struct transport *t, struct err *e)
{
	if (rq->concat == UDH_CONCAT_8 && rq->reference > UINT8_MAX)
		return err_set(e, DM_EINVAL, "reference",
			       "0 to 255, or concat 16", "%d", rq->reference);
	*t = (struct transport){
		.tid = (uint8_t)rq->tid,
		.push_flag = rq->push_flag,
		.content_length = rq->content_length,
		.encoding_version = (uint8_t)rq->encoding_version,
		.dcs = (uint8_t)rq->dcs,
		.form = {
			.dest_port = (uint16_t)rq->dest_port,
			.source_port = (uint16_t)rq->source_port,
			.concat = (enum udh_concat)rq->concat,
		},
	};
	submit_set_reference(t, rq->reference == REQUEST_UNSET ? reference :
			     (uint16_t)rq->reference);
	return DM_OK;
}

int submit_split(const struct transport *t, struct message *m, struct err *e)
{
	int rc = segment_split(&t->form, m->wsp, m->wsp_len, m->segments,
			       SEGMENTS_MAX, &m->n_segments);

	if (rc)
		return err_set(e, rc, "message", "1 to 255 segments",
			       "%zu octets", m->wsp_len);
	return DM_OK;
}

/* The registry knows the MSISDN of a device that has a name. */
static int read_to(const char *to, char out[MSISDN_SIZE], struct err *e)
{
	return msisdn_looks_like(to) ? msisdn_parse(to, "to", out, e)
				     : device_name_check(to, "to", e);
}

/* Printable ASCII characters, 1 to max of them. */
static int check_printable(const char *text, size_t max, const char *field,
			   struct err *e)
{
	char allowed[64];
	size_t len = 0;

	while (text[len] >= 0x20 && text[len] <= 0x7e)
		len++;
	if (!text[len] && len > 0 && len <= max)
		return DM_OK;
	snprintf(allowed, sizeof(allowed),
		 "1 to %zu printable ASCII characters", max);
	return err_set(e, DM_EINVAL, field, allowed, "\"%s\"", text);
}

int submit_check_sender(const char *text, const char *field, struct err *e)
{
	return check_printable(text, JOB_SENDER_SIZE - 1, field, e);
}

static int check_expiry(int32_t expires_s, int32_t max_s, struct err *e)
{
	char allowed[32];

	if (expires_s <= max_s)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "1 to %d", max_s);
	return err_set(e, DM_EINVAL, "expires-s", allowed, "%d", expires_s);
}

int submit_job(const struct delivery_request *rq,
	       const struct submit_defaults *defaults, uint32_t client,
	       int64_t now_ms, struct job *j, struct err *e)
{
	const char *from = rq->from ? rq->from : defaults->sender;
	int32_t expires_s = rq->expires_s == REQUEST_UNSET ?
			    defaults->expires_s : rq->expires_s;
	int rc;

	*j = (struct job){
		.client = client,
		.until = rq->until == REQUEST_UNSET ? defaults->until :
			 (enum job_reached)rq->until,
		.created_ms = now_ms,
		.changed_ms = now_ms,
		.next_ms = now_ms,
		.expires_ms = now_ms + 1000 * (int64_t)expires_s,
	};
	snprintf(j->smsc_id, sizeof(j->smsc_id), "%s",
		 rq->smsc_id ? rq->smsc_id : "");
	rc = read_to(rq->to, j->to, e);
	if (!rc)
		rc = submit_check_sender(from, "from", e);
	if (!rc)
		rc = check_expiry(expires_s, defaults->expires_max_s, e);
	if (!rc && rq->key)
		rc = check_printable(rq->key, JOB_KEY_MAX, "key", e);
	if (!rc)
		snprintf(j->from, sizeof(j->from), "%s", from);
	return rc;
}
