/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/wbxml.h"

#include <string.h>

#include "wap/bits.h"

#define VERSION_1_0 0x00	/* WBXML 1.0 has no charset */
#define MAJOR 0xf0		/* high four bits of a version: major - 1 */
#define PUBLIC_IN_TABLE 0	/* an offset into the table follows */
#define PUBLIC_UNKNOWN 1

static const struct {
	enum wbxml_public_id id;
	const char *text;
} public_ids[] = {
	{ WBXML_PUBLIC_PROV, "-//WAPFORUM//DTD PROV 1.0//EN" },
	{ WBXML_PUBLIC_SYNCML_11, "-//SYNCML//DTD SyncML 1.1//EN" },
	{ WBXML_PUBLIC_SYNCML_12, "-//SYNCML//DTD SyncML 1.2//EN" },
};

#define N_PUBLIC_IDS (sizeof(public_ids) / sizeof(public_ids[0]))

bool wbxml_has_text(const uint8_t *strings, size_t strings_len, size_t offset,
		    const char *text)
{
	struct reader r = { .buf = strings, .len = strings_len };
	size_t len = strlen(text);
	const uint8_t *at;

	get_mem(&r, offset);
	at = get_mem(&r, len);
	return !r.err && !memcmp(at, text, len) &&
	       (get_left(&r) == 0 || at[len] == 0);
}

/* The text at an offset of the string table: which of ours? */
static uint32_t look_up(const struct wbxml_head *h, size_t offset)
{
	for (size_t i = 0; i < N_PUBLIC_IDS; i++)
		if (wbxml_has_text(h->strings, h->strings_len, offset,
				   public_ids[i].text))
			return public_ids[i].id;
	return PUBLIC_UNKNOWN;
}

int wbxml_head_decode(struct wbxml_head *h, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	struct wbxml_head got = { .version = get_u8(&r) };
	uint32_t offset = 0;

	got.public_id = get_uintvar(&r);
	if (got.public_id == PUBLIC_IN_TABLE)
		offset = get_uintvar(&r);
	if (got.version != VERSION_1_0)
		got.charset = get_uintvar(&r);
	got.strings_len = get_uintvar(&r);
	got.strings = get_mem(&r, got.strings_len);
	got.len = r.pos;
	if (r.err || got.version & MAJOR)
		return DM_EPROTO;
	if (got.public_id == PUBLIC_IN_TABLE) {
		if (offset >= got.strings_len)
			return DM_EPROTO;
		got.public_id = look_up(&got, offset);
	}
	*h = got;
	return DM_OK;
}
