/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const uint8_t *in, size_t len, char *out)
{
	while (len > 0) {
		size_t n = len < 3 ? len : 3;
		uint32_t v = (uint32_t)in[0] << 16;

		if (n > 1)
			v |= (uint32_t)in[1] << 8;
		if (n > 2)
			v |= in[2];
		*out++ = alphabet[v >> 18];
		*out++ = alphabet[v >> 12 & 63];
		*out++ = '=';
		*out++ = '=';
		if (n > 1)
			out[-2] = alphabet[v >> 6 & 63];
		if (n > 2)
			out[-1] = alphabet[v & 63];
		in += n;
		len -= n;
	}
	*out = '\0';
}

/* How many '=' end the text: 0, 1 or 2. */
static size_t padding(const char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '=')
		return 0;
	return text[len - 2] == '=' ? 2 : 1;
}

/* Four characters, of which the last pad ones are '=', to 24 bits. */
static int group_decode(const char *text, size_t pad, uint32_t *value)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4 - pad; i++) {
		const char *p = text[i] ? strchr(alphabet, text[i]) : NULL;

		if (!p)
			return DM_EPROTO;
		v |= (uint32_t)(p - alphabet) << (18 - 6 * i);
	}
	if (v & ((1u << (8 * pad)) - 1))
		return DM_EPROTO;
	*value = v;
	return DM_OK;
}

int base64_decode(const char *text, size_t text_len, uint8_t *out, size_t cap,
		  size_t *len)
{
	size_t n = 0;

	if (text_len % 4)
		return DM_EPROTO;
	for (; text_len > 0; text += 4, text_len -= 4) {
		size_t pad = text_len == 4 ? padding(text, 4) : 0;
		uint32_t v;

		if (group_decode(text, pad, &v))
			return DM_EPROTO;
		if (cap - n < 3 - pad)
			return DM_ENOSPC;
		for (size_t i = 0; i < 3 - pad; i++)
			out[n++] = (uint8_t)(v >> (16 - 8 * i));
	}
	*len = n;
	return DM_OK;
}
