/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/status.h"

#include <jansson.h>
#include <stdio.h>

#define LINE "%-20s %-12s %-8s %-12s %-7s %-5s %s\n"

static const char *step_of(const struct device *d)
{
	return device_has_account(d) ? update_step_name(d->update.step) :
	       "no account";
}

static void print_json(const struct device *d)
{
	const struct update *u = &d->update;
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:I, s:s}",
		"device", d->name, "firmware", d->firmware,
		"step", step_of(d), "version", u->version,
		"result", (int)u->result, "tries", (int)u->tries,
		"wakes", (int)u->wakes, "due-s", (json_int_t)u->due_s,
		"words", u->words);

	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void print_line(const struct device *d)
{
	const struct update *u = &d->update;
	char result[16] = "", wakes[16] = "";

	if (u->result)
		snprintf(result, sizeof(result), "%u", u->result);
	if (u->wakes)
		snprintf(wakes, sizeof(wakes), "%u", u->wakes);
	printf(LINE, d->name, d->firmware, step_of(d), u->version, result,
	       wakes, u->words);
}

void status_print(const struct server *s, bool json)
{
	if (!json)
		printf(LINE, "device", "firmware", "update", "to", "result",
		       "wakes", "words");
	for (size_t i = 0; i < s->n_members; i++)
		if (json)
			print_json(&s->members[i]->device);
		else
			print_line(&s->members[i]->device);
}
