/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/transport.h"

#include "wap/sms_pdu.h"

const struct transport transport_default = {
	.tid = 1,
	.push_flag = -1,
	.dcs = SMS_DCS_8BIT,
	.form = {
		.dest_port = UDH_PORT_WAP_PUSH,
		.source_port = UDH_PORT_WSP,
		.concat = UDH_CONCAT_8,
	},
};

static int check_headers(const struct transport *t, size_t wsp_headers_len,
			 size_t message_len, struct err *e)
{
	enum udh_concat concat = segment_count(&t->form, message_len) == 1 ?
				 UDH_CONCAT_NONE : t->form.concat;
	size_t len = udh_size(true, concat) + wsp_headers_len;

	if (len > WSP_DM_HEADERS_MAX)
		return err_set(e, DM_EINVAL, "headers",
			       "48 octets of UDH and WSP headers",
			       "%zu octets", len);
	return DM_OK;
}

int transport_wrap(const struct transport *t, enum wsp_content_type type,
		   enum wsp_application application, const uint8_t *body,
		   size_t body_len, uint8_t *out, size_t cap, size_t *len,
		   struct err *e)
{
	struct wsp_push p = {
		.tid = t->tid,
		.pdu_type = WSP_PUSH,
		.content_type.number = type,
		.body = body,
		.body_len = body_len,
	};
	size_t n;
	int rc;

	if (t->push_flag >= 0)
		wsp_push_add(&p, WSP_PUSH_FLAG, (uint32_t)t->push_flag);
	if (t->content_length)
		wsp_push_add(&p, WSP_CONTENT_LENGTH, (uint32_t)body_len);
	if (t->encoding_version)
		wsp_push_add(&p, WSP_ENCODING_VERSION, t->encoding_version);
	wsp_push_add(&p, WSP_APPLICATION_ID, application);

	if (wsp_push_encode(&p, out, cap, &n))
		return err_set(e, DM_ENOSPC, "message", "", "too long");
	rc = check_headers(t, n - body_len, n, e);
	if (!rc)
		*len = n;
	return rc;
}
