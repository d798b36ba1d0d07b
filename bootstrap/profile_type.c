/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/profile_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wap/base64.h"
#include "wap/hash.h"
#include "wap/utf8.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define LABEL_MAX 63		/* RFC 1035, 2.3.4: octets of a label, */
#define HOST_MAX 253		/* and of a name as it is written */
#define OCTETS_MAX (PROFILE_VALUE_MAX / 4 * 3)	/* of base64, decoded */

/*
 * Each tells whether a value has the form of its type, and in *size what the
 * field's range is about.
 */

static bool is_text(const struct profile_field *f, const char *value,
		    int32_t *size)
{
	size_t len = strlen(value);

	(void)f;
	*size = (int32_t)len;
	return xml_text_valid(value, len) && !strpbrk(value, "\t\n\r\x7f");
}

static bool is_word(const struct profile_field *f, const char *value,
		    int32_t *size)
{
	(void)f;
	*size = (int32_t)strlen(value);
	return *value && strchr(LETTERS DIGITS, *value) &&
	       !value[strspn(value, LETTERS DIGITS "-._")];
}

bool profile_number(const char *text, int32_t *n)
{
	const char *digits = text + (*text == '-');
	size_t len = strlen(digits);
	long long value;

	if (len == 0 || len > 10 || digits[strspn(digits, DIGITS)])
		return false;
	if (*digits == '0' && (len > 1 || *text == '-'))
		return false;
	value = strtoll(text, NULL, 10);
	if (value < INT32_MIN || value > INT32_MAX)
		return false;
	*n = (int32_t)value;
	return true;
}

static bool is_number(const struct profile_field *f, const char *value,
		      int32_t *size)
{
	(void)f;
	return profile_number(value, size);
}

static bool is_flag(const struct profile_field *f, const char *value,
		    int32_t *size)
{
	(void)f;
	*size = 0;
	return !strcmp(value, "yes") || !strcmp(value, "no");
}

bool profile_in_list(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; *list; list += n) {
		list += strspn(list, ", ");
		n = strcspn(list, ",");
		if (n == len && !memcmp(list, word, n))
			return true;
	}
	return false;
}

static bool is_choice(const struct profile_field *f, const char *value,
		      int32_t *size)
{
	*size = 0;
	return profile_in_list(f->choices, value);
}

static bool is_ipv4(const struct profile_field *f, const char *value,
		    int32_t *size)
{
	unsigned n_parts = 0;

	(void)f;
	*size = 0;
	for (; n_parts < 4; n_parts++) {
		size_t len = strspn(value, DIGITS);

		if (len == 0 || (*value == '0' && len > 1) ||
		    strtol(value, NULL, 10) > 255)
			return false;
		value += len;
		if (n_parts < 3 && *value++ != '.')
			return false;
	}
	return !*value;
}

/* Letters, digits and hyphens, these not at an end. */
static bool is_label(const char *text, size_t len)
{
	return len > 0 && len <= LABEL_MAX &&
	       strspn(text, LETTERS DIGITS "-") >= len &&
	       text[0] != '-' && text[len - 1] != '-';
}

/* The top label is never a number (RFC 3696, 2), else it is an address. */
static bool is_host(const struct profile_field *f, const char *value,
		    int32_t *size)
{
	const char *label = value;
	size_t len;
	int32_t none;

	*size = (int32_t)strlen(value);
	for (;; label += len + 1) {
		len = strcspn(label, ".");
		if (!is_label(label, len))
			return false;
		if (!label[len])
			break;
	}
	return label[strspn(label, DIGITS)] || is_ipv4(f, value, &none);
}

/* RFC 3986, 2: what may stand in a URI. No user: it could pass for a host. */
static bool is_url(const struct profile_field *f, const char *value,
		   int32_t *size)
{
	const char *host;

	(void)f;
	*size = (int32_t)strlen(value);
	if (strncmp(value, "http://", 7) && strncmp(value, "https://", 8))
		return false;
	host = strchr(value, '/') + 2;
	return strcspn(host, "/?#:") > 0 &&
	       !memchr(host, '@', strcspn(host, "/?#")) &&
	       !value[strspn(value, LETTERS DIGITS "-._~:/?#[]@!$&'()*+,;=%")];
}

static bool is_base64(const struct profile_field *f, const char *value,
		      int32_t *size)
{
	uint8_t octets[OCTETS_MAX];
	size_t len;
	int rc = base64_decode(value, strlen(value), octets, sizeof(octets),
			       &len);

	(void)f;
	hash_wipe(octets, sizeof(octets));
	if (rc)
		return false;
	*size = (int32_t)len;
	return true;
}

/* No blanks between the octets: the value goes out as it came. */
static bool is_hex(const struct profile_field *f, const char *value,
		   int32_t *size)
{
	size_t len = strlen(value);

	(void)f;
	*size = (int32_t)(len / 2);
	return len % 2 == 0 && !value[strspn(value, DIGITS "abcdefABCDEF")];
}

/* No range: least over max. */
#define NO_RANGE { 1, 0, 0 }

static const struct type {
	const char *name;
	bool (*is)(const struct profile_field *f, const char *value,
		   int32_t *size);
	const char *allowed;
	const char *unit;	/* of the range */
	struct profile_range range;
} types[] = {
	[PROFILE_TEXT] = { "text", is_text, "text without control characters",
		" octets", { 0, 1, PROFILE_VALUE_MAX } },
	[PROFILE_WORD] = { "word", is_word,
		"letters, digits, - . and _, the first a letter or digit",
		" octets", { 1, 1, PROFILE_VALUE_MAX } },
	[PROFILE_NUMBER] = { "number", is_number, "a decimal number", "",
		{ INT32_MIN, 0, INT32_MAX } },
	[PROFILE_FLAG] = { "flag", is_flag, "yes or no", "", NO_RANGE },
	[PROFILE_CHOICE] = { "choice", is_choice, NULL, "", NO_RANGE },
	[PROFILE_URL] = { "url", is_url,
		"http:// or https://, a host, and what may stand in a URI",
		" octets", { 1, 1, PROFILE_VALUE_MAX } },
	[PROFILE_HOST] = { "host", is_host, "a host name or an IPv4 address",
		" octets", { 1, 1, HOST_MAX } },
	[PROFILE_IPV4] = { "ipv4", is_ipv4, "an IPv4 address like 10.0.0.1",
		"", NO_RANGE },
	[PROFILE_BASE64] = { "base64", is_base64,
		"base64 with its padding, no blanks", " octets once decoded",
		{ 0, 1, OCTETS_MAX } },
	[PROFILE_HEX] = { "hex", is_hex, "hexadecimal digits, two an octet",
		" octets once decoded", { 0, 1, PROFILE_VALUE_MAX / 2 } },
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

const char *profile_type_name(enum profile_type type)
{
	return types[type].name;
}

const char *profile_type_names(void)
{
	return "text, word, number, flag, choice, url, host, ipv4, base64, hex";
}

int profile_type_find(const char *name, enum profile_type *type)
{
	for (size_t i = 0; i < N_TYPES; i++)
		if (!strcmp(types[i].name, name)) {
			*type = (enum profile_type)i;
			return DM_OK;
		}
	return DM_ENOENT;
}

struct profile_range profile_type_range(enum profile_type type)
{
	return types[type].range;
}

static int refuse(const struct profile_field *f, const char *value,
		  const char *allowed, struct err *e)
{
	if (f->secret || !utf8_valid(value, strlen(value)))
		return err_set(e, DM_EINVAL, f->name, allowed,
			       "something else, %zu octets", strlen(value));
	return err_set(e, DM_EINVAL, f->name, allowed, "\"%s\"", value);
}

int profile_type_check(const struct profile_field *f, const char *value,
		       struct err *e)
{
	const struct type *t = &types[f->type];
	size_t len = strlen(value);
	char allowed[64];
	int32_t size;

	if (len > PROFILE_VALUE_MAX)
		return err_set(e, DM_EINVAL, f->name, "4096 octets",
			       "%zu octets", len);
	if (!utf8_valid(value, len))
		return refuse(f, value, "UTF-8", e);
	if (!t->is(f, value, &size))
		return refuse(f, value, t->allowed ? t->allowed : f->choices,
			      e);
	if (size >= f->min && size <= f->max)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%d to %d%s", f->min, f->max,
		 t->unit);
	if (f->type == PROFILE_NUMBER)
		return refuse(f, value, allowed, e);
	return err_set(e, DM_EINVAL, f->name, allowed, "%d%s", size, t->unit);
}
