/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/msisdn.h"

#include <stdio.h>
#include <string.h>

static size_t n_digits(const char *text)
{
	return strspn(text, "0123456789");
}

bool msisdn_looks_like(const char *text)
{
	const char *digits = text + (text[0] == '+');

	return text[0] && digits[n_digits(digits)] == '\0';
}

int msisdn_parse(const char *text, const char *field, char out[MSISDN_SIZE],
		 struct err *e)
{
	const char *digits = text + (text[0] == '+');
	size_t n = n_digits(digits);

	if (digits[n] || n < MSISDN_DIGITS_MIN || n > MSISDN_DIGITS_MAX)
		return err_set(e, DM_EINVAL, field,
			       "an optional + and 5 to 15 digits", "\"%s\"",
			       text);
	snprintf(out, MSISDN_SIZE, "%s", text);
	return DM_OK;
}

const char *msisdn_digits(const char *msisdn)
{
	return msisdn + (msisdn[0] == '+');
}

const char *msisdn_mask(const char *text, char out[MSISDN_SIZE])
{
	size_t len = strlen(text);
	size_t plus = text[0] == '+';
	size_t first = plus + 2;

	if (!msisdn_looks_like(text) || len < plus + MSISDN_DIGITS_MIN ||
	    len > plus + MSISDN_DIGITS_MAX) {
		snprintf(out, MSISDN_SIZE, "***");
		return out;
	}
	for (size_t i = 0; i < len; i++)
		out[i] = i < first || i + 2 >= len ? text[i] : '*';
	out[len] = '\0';
	return out;
}
