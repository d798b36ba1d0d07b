/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char lint_misspelt[] =
	"devices compare octet by octet, letter case too: this one is unknown "
	"to them";

/* n is what snprintf() returned for a text of cap octets of room. */
static void tidy(char *text, size_t cap, int n)
{
	size_t end = cap - sizeof("...");

	if (n >= (int)cap) {
		while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
			end--;
		strcpy(text + end, "...");
	}
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

void lint_add(struct lint *l, enum lint_severity severity, unsigned line,
	      const char *where, const char *why, const char *what, ...)
{
	struct lint_finding *f;
	va_list ap;
	int n;

	l->n_errors += severity == LINT_ERROR;
	if (l->n == LINT_FINDINGS_MAX) {
		l->n_left_out++;
		return;
	}
	f = &l->findings[l->n++];
	f->severity = severity;
	f->line = line;
	n = snprintf(f->where, sizeof(f->where), "%s", where);
	tidy(f->where, sizeof(f->where), n);
	n = snprintf(f->why, sizeof(f->why), "%s", why);
	tidy(f->why, sizeof(f->why), n);
	va_start(ap, what);
	n = vsnprintf(f->what, sizeof(f->what), what, ap);
	va_end(ap);
	tidy(f->what, sizeof(f->what), n);
}

void lint_sec(enum mac_sec sec, const struct quirk *quirk, struct lint *l)
{
	if (sec != MAC_SEC_NONE && (quirk->refused_secs & 1u << sec))
		lint_add(l, LINT_ERROR, 0, "sec",
			 "the client has no such method and drops the message",
			 "a %s client does not take %s", quirk->name,
			 mac_sec_name(sec));
}

void lint_size(size_t segments, size_t segments_max, struct lint *l)
{
	if (segments > segments_max)
		lint_add(l, LINT_ERROR, 0, "message",
			 "a device that misses one segment gets nothing",
			 "%zu SMS, allowed are %zu", segments, segments_max);
	else if (segments > LINT_SEGMENTS_WARN)
		lint_add(l, LINT_WARNING, 0, "message",
			 "the more segments, the more devices drop a message",
			 "%zu SMS, more than %d", segments,
			 LINT_SEGMENTS_WARN);
}

const char *lint_severity_name(enum lint_severity severity)
{
	static const char *const names[] = {
		[LINT_WARNING] = "warning",
		[LINT_ERROR] = "error",
	};

	return names[severity];
}
