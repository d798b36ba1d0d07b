/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/events.h"

#include <string.h>

#include "examples/dm-server/file.h"
#include "examples/dm-server/json_text.h"
#include "examples/dm-server/say.h"
#include "examples/dm-server/update.h"

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

static bool is_end(json_t *event)
{
	const char *name = text_of(event, "event");

	return !strcmp(name, "job.failed") || !strcmp(name, "job.expired") ||
	       !strcmp(name, "job.cancelled");
}

/* An event is worked off when it is told. It may come twice: see events.h. */
void events_take(void *owner, json_t *event)
{
	struct server *s = owner;
	struct member *m = server_find_name(s, text_of(event, "device"));

	if (m)
		tell_event(m, event);
	if (m && is_end(event) && !strcmp(text_of(event, "job"), m->job))
		update_job_ended(m, event);
	s->cursor = json_integer_value(json_object_get(event, "cursor"));
	s->cursor_is_new = true;
}

void events_save(struct server *s)
{
	json_t *cursor;
	struct err e;

	if (!s->cursor_is_new)
		return;
	s->cursor_is_new = false;
	cursor = json_pack("{s:I}", "cursor", s->cursor);
	if (file_write_json(s->config->data, ".", "cursor", cursor, &e))
		say(NULL, "disk.failed", "the cursor cannot be saved");
	json_decref(cursor);
}

void events_load(struct server *s)
{
	json_t *object = NULL, *cursor;
	struct err e;

	s->cursor = -1;			/* events from now on */
	if (file_read_json(s->config->data, ".", "cursor", &object, &e))
		return;
	cursor = json_object_get(object, "cursor");
	if (json_is_integer(cursor))
		s->cursor = json_integer_value(cursor);
	json_decref(object);
}
