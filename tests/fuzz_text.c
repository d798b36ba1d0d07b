/* SPDX-License-Identifier: Apache-2.0 */
/* Text from users: hex, base64, UTF-8, MSISDN and error messages. */
#include <string.h>

#include "tests/fuzz.h"
#include "wap/base64.h"
#include "wap/hex.h"
#include "wap/msisdn.h"
#include "wap/utf8.h"

static void check_hex(const char *text, size_t len)
{
	char again[HEX_SIZE(FUZZ_INPUT_MAX)];
	uint8_t out[FUZZ_INPUT_MAX], back[FUZZ_INPUT_MAX];
	size_t n, back_len;

	if (hex_decode(text, len, out, sizeof(out), &n))
		return;
	FUZZ_CHECK(2 * n <= len);
	hex_encode(out, n, again);
	FUZZ_CHECK(!hex_decode(again, strlen(again), back, n, &back_len));
	FUZZ_CHECK(back_len == n && !memcmp(out, back, n));
}

/* Strict base64 has one text for the same octets. */
static void check_base64(const char *text, size_t len)
{
	char again[BASE64_SIZE(FUZZ_INPUT_MAX)];
	uint8_t out[FUZZ_INPUT_MAX];
	size_t n;

	if (base64_decode(text, len, out, sizeof(out), &n))
		return;
	base64_encode(out, n, again);
	FUZZ_CHECK(strlen(again) == len && !memcmp(again, text, len));
}

static void check_any_octets(const uint8_t *in, size_t len)
{
	char text[BASE64_SIZE(FUZZ_INPUT_MAX)];
	uint8_t back[FUZZ_INPUT_MAX];
	size_t n;

	base64_encode(in, len, text);
	FUZZ_CHECK(!base64_decode(text, strlen(text), back, len, &n));
	FUZZ_CHECK(n == len && !memcmp(back, in, len));
}

static void check_err(const struct err *e, bool valid)
{
	char text[ERR_TEXT_MAX];

	err_text(e, text, sizeof(text));
	FUZZ_CHECK(strlen(text) < sizeof(text) - 1);
	FUZZ_CHECK(!strpbrk(text, "\r\n\t\x1b\x7f"));
	FUZZ_CHECK(!valid || utf8_valid(text, strlen(text)));
}

static void check_msisdn(const char *text, bool valid)
{
	char number[MSISDN_SIZE], mask[MSISDN_SIZE];
	struct err e;

	msisdn_mask(text, mask);
	FUZZ_CHECK(strlen(mask) < sizeof(mask) && strchr(mask, '*'));
	if (msisdn_parse(text, text, number, &e)) {
		FUZZ_CHECK(!strcmp(mask, "***"));
		check_err(&e, valid);
		return;
	}
	FUZZ_CHECK(!strcmp(number, text) && msisdn_looks_like(text));
	FUZZ_CHECK(strlen(mask) == strlen(number));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	char text[FUZZ_INPUT_MAX + 1];

	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_hex((const char *)in, len);
	check_base64((const char *)in, len);
	check_any_octets(in, len);
	memcpy(text, in, len);
	text[len] = '\0';
	check_msisdn(text, utf8_valid(text, strlen(text)));
	return 0;
}
