/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/transport.h"

#include <string.h>

#include "wap/sms_pdu.h"
#include "wap/utf8.h"

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

static struct wsp_push new_push(const struct transport *t,
				enum wsp_content_type type,
				const uint8_t *body, size_t body_len)
{
	return (struct wsp_push){
		.tid = t->tid,
		.pdu_type = WSP_PUSH,
		.content_type.number = type,
		.body = body,
		.body_len = body_len,
	};
}

/* The headers that are the user's choice. */
static void add_chosen(struct wsp_push *p, const struct transport *t)
{
	if (t->push_flag >= 0)
		wsp_push_add(p, WSP_PUSH_FLAG, (uint32_t)t->push_flag);
	if (t->content_length)
		wsp_push_add(p, WSP_CONTENT_LENGTH, (uint32_t)p->body_len);
	if (t->encoding_version)
		wsp_push_add(p, WSP_ENCODING_VERSION, t->encoding_version);
}

static int encode(const struct wsp_push *p, uint8_t *out, size_t cap,
		  size_t *len, struct err *e)
{
	if (wsp_push_encode(p, out, cap, len))
		return err_set(e, DM_ENOSPC, "message", "", "too long");
	return DM_OK;
}

int transport_wrap(const struct transport *t, enum wsp_content_type type,
		   enum wsp_application application, const uint8_t *body,
		   size_t body_len, uint8_t *out, size_t cap, size_t *len,
		   struct err *e)
{
	struct wsp_push p = new_push(t, type, body, body_len);
	size_t n;
	int rc;

	add_chosen(&p, t);
	wsp_push_add(&p, WSP_APPLICATION_ID, application);

	rc = encode(&p, out, cap, &n, e);
	if (!rc)
		rc = check_headers(t, n - body_len, n, e);
	if (!rc)
		*len = n;
	return rc;
}

static int check_uri(const char *uri, struct err *e)
{
	size_t len = strlen(uri);
	size_t n = 0;

	while (uri[n] > ' ' && uri[n] <= '~')
		n++;
	if (n < len || len == 0 || len > TRANSPORT_TEXT_MAX)
		return err_set(e, DM_EINVAL, "initiator-uri",
			       "1 to 255 characters of printable ASCII, "
			       "no blanks",
			       "%zu octets", len);
	return DM_OK;
}

static int check_desc(const char *desc, struct err *e)
{
	size_t len = strlen(desc);

	if (!utf8_plain(desc, len) || len == 0 || len > TRANSPORT_TEXT_MAX)
		return err_set(e, DM_EINVAL, "ms-desc",
			       "1 to 255 octets of UTF-8, no controls",
			       "%zu octets", len);
	return DM_OK;
}

int transport_wrap_bootstrap(const struct transport *t,
			     const struct transport_bootstrap *b, uint8_t *out,
			     size_t cap, size_t *len, struct err *e)
{
	struct wsp_push p = new_push(t, b->type, b->body, b->body_len);
	int rc = DM_OK;

	if (b->initiator_uri)
		rc = check_uri(b->initiator_uri, e);
	if (!rc && b->ms_desc)
		rc = check_desc(b->ms_desc, e);
	if (rc)
		return rc;

	p.params = b->params;
	p.params_len = b->params_len;
	if (b->application >= 0)
		wsp_push_add(&p, WSP_APPLICATION_ID, (uint32_t)b->application);
	if (b->initiator_uri)
		wsp_push_add_text(&p, WSP_INITIATOR_URI, b->initiator_uri);
	add_chosen(&p, t);
	if (b->ms_desc)
		wsp_push_add_named(&p, "X-MS-DESC", b->ms_desc);
	return encode(&p, out, cap, len, e);
}
