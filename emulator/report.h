/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h - one line for each thing that happened
 *
 * For people "18:00:00.123 +491701234567 notification verified key=value",
 * in local time; as JSON one object a line, in UTC. A line is flushed when it
 * is written.
 */
#ifndef EMULATOR_REPORT_H
#define EMULATOR_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum report_kind {
	REPORT_TEXT,
	REPORT_NUMBER,
	REPORT_HEX16,		/* for people 0x0104, in JSON a number */
	REPORT_JSON_TEXT,	/* text that only JSON has */
	REPORT_JSON_NUMBER,
};

struct report_field {
	const char *key;
	enum report_kind kind;
	const char *text;	/* borrowed; any octets */
	size_t len;		/* octets of text */
	uint64_t number;	/* a negative one as its two's complement */
};

struct report {
	FILE *out;		/* borrowed */
	bool json;
	bool quiet;		/* nothing about single SMS */
};

struct report_field report_text(const char *key, const char *text);
struct report_field report_number(const char *key, uint64_t number);

/* Octets that are no text come out as '?'. Owned by the caller. */
json_t *report_json_text(const char *text, size_t len);

/*
 * Writes an event; device may be NULL. Octets that are no text come out as
 * '?' or escaped. What cannot be written shows in ferror(r->out).
 */
void report_event(const struct report *r, const char *event,
		  const char *device, const struct report_field *fields,
		  size_t n_fields);

#endif
