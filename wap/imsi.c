/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/imsi.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "wap/bits.h"

#define PARITY_ODD 9
#define PARITY_EVEN 1

int imsi_check(const char *imsi, struct err *e)
{
	size_t len = strlen(imsi);
	bool digits = strspn(imsi, "0123456789") == len;

	if (!digits || len < IMSI_DIGITS_MIN || len > IMSI_DIGITS_MAX)
		return err_set(e, DM_EINVAL, "imsi", "6 to 15 digits",
			       "%zu characters%s", len,
			       digits ? "" : ", not all of them digits");
	return DM_OK;
}

/* What the clients make of an even number of digits, or a short one. */
static const struct {
	uint8_t parity_even;
	uint8_t filler;
	bool drops_half;	/* an octet that has one digit only */
	bool fills_up;		/* to IMSI_OCTETS_MAX */
} rules[] = {
	[IMSI_KEY_SPEC] = { PARITY_EVEN, 0xf, false, false },
	[IMSI_KEY_MEDIATEK] = { PARITY_ODD, 0xf, false, false },
	[IMSI_KEY_SPREADTRUM] = { PARITY_ODD, 0xf, true, false },
	[IMSI_KEY_GECKO] = { PARITY_EVEN, 0, false, true },
};

/* Number i of the 4 bit digits: parity, those of the IMSI, fillers. */
static uint8_t nibble(const char *imsi, size_t n, enum imsi_key rule, size_t i)
{
	if (i == 0)
		return n % 2 ? PARITY_ODD : rules[rule].parity_even;
	return i <= n ? (uint8_t)(imsi[i - 1] - '0') : rules[rule].filler;
}

size_t imsi_octets(const char *imsi, enum imsi_key rule,
		   uint8_t out[IMSI_OCTETS_MAX])
{
	struct writer w = { .buf = out, .cap = IMSI_OCTETS_MAX };
	size_t n = strlen(imsi);
	size_t len = n / 2 + 1;

	assert(n <= IMSI_DIGITS_MAX);
	if (rules[rule].drops_half && n % 2 == 0)
		len--;
	if (rules[rule].fills_up)
		len = IMSI_OCTETS_MAX;
	for (size_t i = 0; i < len; i++) {
		put_bits(&w, nibble(imsi, n, rule, 2 * i + 1), 4);
		put_bits(&w, nibble(imsi, n, rule, 2 * i), 4);
	}
	return w.len;
}
