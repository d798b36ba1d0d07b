/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/utf8.h"

#include <stdint.h>
#include <string.h>

/* RFC 3629, 4: first octets, and what the second may be. */
static const struct {
	uint8_t first_min, first_max;
	uint8_t second_min, second_max;
	uint8_t len;
} forms[] = {
	{ 0x00, 0x7f, 0x00, 0xff, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

/* Octets of the character at p, of which len are there; 0: malformed. */
static size_t character(const uint8_t *p, size_t len)
{
	size_t i = 0;

	while (i < N_FORMS &&
	       (p[0] < forms[i].first_min || p[0] > forms[i].first_max))
		i++;
	if (i == N_FORMS || forms[i].len > len)
		return 0;
	if (forms[i].len > 1 &&
	    (p[1] < forms[i].second_min || p[1] > forms[i].second_max))
		return 0;
	for (size_t k = 2; k < forms[i].len; k++)
		if ((p[k] & 0xc0) != 0x80)
			return 0;
	return forms[i].len;
}

bool utf8_valid(const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;

	while (len > 0) {
		size_t n = character(p, len);

		if (n == 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

bool utf8_plain(const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;

	for (size_t i = 0; i < len; i++)
		if (p[i] < 0x20 || p[i] == 0x7f ||
		    (p[i] == 0xc2 && i + 1 < len && p[i + 1] < 0xa0))
			return false;
	return utf8_valid(text, len);
}

void utf8_end_whole(char *text)
{
	size_t len = strlen(text);
	size_t at = 0, n = 1;

	while (at < len && n > 0) {
		n = character((const uint8_t *)text + at, len - at);
		at += n;
	}
	text[at] = '\0';
}
