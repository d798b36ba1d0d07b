/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Ends a text that was longer than its buffer with dots, without leaving half
 * a UTF-8 character in front of them.
 */
static void mark_cut(char *text, size_t cap)
{
	size_t end = cap - 4;

	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	strcpy(text + end, "...");
}

static void replace_controls(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

int err_set(struct err *e, int code, const char *field, const char *allowed,
	    const char *came, ...)
{
	va_list ap;
	int n;

	e->code = code;
	n = snprintf(e->field, sizeof(e->field), "%s", field);
	if (n >= (int)sizeof(e->field))
		mark_cut(e->field, sizeof(e->field));
	va_start(ap, came);
	n = vsnprintf(e->came, sizeof(e->came), came, ap);
	va_end(ap);
	if (n >= (int)sizeof(e->came))
		mark_cut(e->came, sizeof(e->came));
	n = snprintf(e->allowed, sizeof(e->allowed), "%s", allowed);
	if (n >= (int)sizeof(e->allowed))
		mark_cut(e->allowed, sizeof(e->allowed));
	replace_controls(e->field);
	replace_controls(e->came);
	return code;
}

const char *err_text(const struct err *e, char *out, size_t cap)
{
	if (e->allowed[0])
		snprintf(out, cap, "%s: %s, allowed: %s", e->field, e->came,
			 e->allowed);
	else
		snprintf(out, cap, "%s: %s", e->field, e->came);
	return out;
}
