/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/box_uuid.h"

#include <string.h>

#include "wap/hex.h"

/* Each group: its first character, its first octet, its octets. */
static const struct group {
	size_t at;
	size_t octet;
	size_t n_octets;
} groups[] = {
	{ 0, 0, 4 }, { 9, 4, 2 }, { 14, 6, 2 }, { 19, 8, 2 }, { 24, 10, 6 },
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

void box_uuid_encode(const uint8_t in[BOX_UUID_OCTETS],
		     char out[BOX_UUID_LEN + 1])
{
	for (size_t i = 0; i < N_GROUPS; i++) {
		const struct group *g = &groups[i];

		hex_encode(in + g->octet, g->n_octets, out + g->at);
		if (i + 1 < N_GROUPS)
			out[g->at + 2 * g->n_octets] = '-';
	}
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

bool box_uuid_is_valid(const char *text, size_t len)
{
	if (len != BOX_UUID_LEN)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !is_hex(text[i]))
			return false;
	}
	return true;
}

int box_uuid_decode(const char *text, size_t len,
		    uint8_t out[BOX_UUID_OCTETS])
{
	uint8_t got[BOX_UUID_OCTETS];
	size_t n;

	if (!box_uuid_is_valid(text, len))
		return DM_EPROTO;
	for (size_t i = 0; i < N_GROUPS; i++) {
		const struct group *g = &groups[i];

		if (hex_decode(text + g->at, 2 * g->n_octets, got + g->octet,
			       g->n_octets, &n))
			return DM_EPROTO;
	}
	memcpy(out, got, sizeof(got));
	return DM_OK;
}
