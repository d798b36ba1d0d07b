/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/fault/pattern.h"

#include <string.h>

static const char *without_plus(const char *text)
{
	return text + (text[0] == '+');
}

int pattern_check(const char *pattern, struct err *e)
{
	const char *p = without_plus(pattern);
	size_t len = strlen(p);

	if (len < 1 || len > PATTERN_MAX)
		return err_set(e, DM_EINVAL, "pattern", "1 to 20 characters",
			       "%zu characters", len);
	if (strspn(p, "0123456789*?") != len)
		return err_set(e, DM_EINVAL, "pattern", "digits, * and ?",
			       "\"%s\"", pattern);
	return DM_OK;
}

/*
 * A '*' that turned out too short takes one character more; of several only
 * the last one needs that.
 */
static bool matches(const char *p, const char *n)
{
	const char *star = NULL, *from = NULL;

	while (*n) {
		if (*p == '*') {
			star = p++;
			from = n;
		} else if (*p == '?' || *p == *n) {
			p++;
			n++;
		} else if (star) {
			p = star + 1;
			n = ++from;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return !*p;
}

bool pattern_matches(const char *pattern, const char *number)
{
	return matches(without_plus(pattern), without_plus(number));
}
