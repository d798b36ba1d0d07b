/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/events.h"

#include <string.h>

#include "examples/dm-server/file.h"
#include "examples/dm-server/json_text.h"
#include "examples/dm-server/say.h"

/* Those that an operator wants to hear of, and how. */
static const struct {
	const char *event;
	const char *words;
} told[] = {
	{ "job.pushed", "Kannel has taken its SMS" },
	{ "job.delivered", "the SMS are delivered, its session is awaited" },
	{ "job.done", "done" },
	{ "job.failed", "failed" },
	{ "job.expired", "expired" },
	{ "job.cancelled", "cancelled" },
};

static void tell_event(const struct member *m, json_t *event)
{
	const char *name = text_of(event, "event");
	const char *reason = text_of(event, "reason");

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (!strcmp(told[i].event, name))
			say(m->device.name, name, "%s: %s%s%s",
			    text_of(event, "method"), told[i].words,
			    reason[0] ? ": " : "", reason);
}

/* An event is worked off when it is told: then its cursor is kept. */
void events_take(void *owner, json_t *event)
{
	struct server *s = owner;
	struct member *m = server_find_name(s, text_of(event, "device"));
	json_t *cursor = json_pack("{s:O}", "cursor",
				   json_object_get(event, "cursor"));
	struct err e;

	if (m)
		tell_event(m, event);
	if (file_write_json(s->config->data, ".", "cursor", cursor, &e))
		say(NULL, "disk.failed", "the cursor cannot be saved");
	json_decref(cursor);
}

json_int_t events_cursor(const struct server *s)
{
	json_t *object = NULL, *cursor;
	json_int_t value = -1;		/* events from now on */
	struct err e;

	if (file_read_json(s->config->data, ".", "cursor", &object, &e))
		return value;
	cursor = json_object_get(object, "cursor");
	if (json_is_integer(cursor))
		value = json_integer_value(cursor);
	json_decref(object);
	return value;
}
