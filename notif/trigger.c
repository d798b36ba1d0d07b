/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/trigger.h"

#include "wap/bits.h"

int trigger_encode(const struct trigger *t, uint8_t *out, size_t cap,
		   size_t *len)
{
	struct writer w = { .buf = out, .cap = cap };

	put_bits(&w, t->version, 10);			/* <version> */
	put_bits(&w, t->ui_mode, 2);			/* <ui-mode> */
	put_bits(&w, t->server_initiated, 1);		/* <initiator> */
	put_bits(&w, t->future_use, 27);		/* <future-use> */
	put_u16(&w, t->session_id);			/* <sessionid> */
	put_u8(&w, t->server_id_len);		/* <length-identifier> */
	/* <server-identifier>, <trigger-body> */
	put_mem(&w, t->server_id, t->server_id_len);
	put_mem(&w, t->vendor, t->vendor_len);
	return put_done(&w, len);
}

int trigger_decode(struct trigger *t, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	struct trigger got = { 0 };

	got.version = (uint16_t)get_bits(&r, 10);
	got.ui_mode = get_bits(&r, 2);
	got.server_initiated = get_bits(&r, 1);
	got.future_use = get_bits(&r, 27);
	got.session_id = get_u16(&r);
	got.server_id_len = get_u8(&r);
	got.server_id = (const char *)get_mem(&r, got.server_id_len);
	got.vendor = get_rest(&r, &got.vendor_len);
	if (r.err)
		return DM_EPROTO;
	*t = got;
	return DM_OK;
}

const char *ui_mode_name(enum ui_mode mode)
{
	static const char *const names[] = {
		[UI_MODE_NOT_SPECIFIED] = "not-specified",
		[UI_MODE_BACKGROUND] = "background",
		[UI_MODE_INFORMATIVE] = "informative",
		[UI_MODE_USER_INTERACTION] = "user-interaction",
	};

	return names[mode];
}
