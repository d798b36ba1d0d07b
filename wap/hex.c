/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/hex.h"

void hex_encode(const uint8_t *in, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[in[i] >> 4];
		*out++ = digits[in[i] & 0xf];
	}
	*out = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int hex_decode(const char *text, size_t text_len, uint8_t *out, size_t cap,
	       size_t *len)
{
	size_t n = 0;

	for (size_t i = 0; i < text_len; i++) {
		int high, low;

		if (text[i] == ' ' || text[i] == '\t')
			continue;
		if (i + 1 == text_len)
			return DM_EPROTO;
		high = digit_value(text[i]);
		low = digit_value(text[++i]);
		if (high < 0 || low < 0)
			return DM_EPROTO;
		if (n == cap)
			return DM_ENOSPC;
		out[n++] = (uint8_t)(high << 4 | low);
	}
	*len = n;
	return DM_OK;
}
