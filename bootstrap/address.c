/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/address.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A number of 1 to max that takes all of the first len characters. */
static bool is_number(const char *text, size_t len, unsigned long min,
		      unsigned long max)
{
	unsigned long n;

	if (len == 0 || len > 5 || strspn(text, DIGITS) < len)
		return false;
	n = strtoul(text, NULL, 10);
	return n >= min && n <= max;
}

bool address_is_ipv4(const char *text)
{
	for (unsigned i = 0; i < 4; i++) {
		size_t len = strcspn(text, ".");

		if (len > 3 || !is_number(text, len, 0, 255))
			return false;
		text += len;
		if (*text != (i < 3 ? '.' : '\0'))
			return false;
		text += i < 3;
	}
	return true;
}

bool address_is_ipv6(const char *text)
{
	bool gap = !strncmp(text, "::", 2);
	unsigned groups = 0;

	text += gap ? 2 : 0;
	while (*text) {
		size_t len = strspn(text, HEX_DIGITS);

		if (text[len] == '.')
			return address_is_ipv4(text) &&
			       (gap ? groups < 6 : groups == 6);
		if (len == 0 || len > 4)
			return false;
		groups++;
		text += len;
		if (!*text)
			break;
		if (*text++ != ':' || !*text)
			return false;
		if (*text == ':') {
			if (gap)
				return false;
			gap = true;
			text++;
		}
	}
	return gap ? groups < 8 : groups == 8;
}

bool address_is_e164(const char *text)
{
	text += *text == '+';
	return *text && !text[strspn(text, DIGITS)];
}

bool address_is_apn(const char *text)
{
	size_t len;

	do {
		len = strspn(text, LETTERS DIGITS "-");
		if (len == 0 || text[0] == '-' || text[len - 1] == '-')
			return false;
		text += len;
	} while (*text++ == '.');
	return text[-1] == '\0';
}

bool address_is_port(const char *text)
{
	return is_number(text, strlen(text), 1, 65535);
}
