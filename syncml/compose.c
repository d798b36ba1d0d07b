/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/compose.h"

#include <stdarg.h>
#include <stdio.h>

void compose_begin(struct compose *c, struct arena *a,
		   struct syncml_message *m)
{
	*c = (struct compose){ .arena = a, .message = m };
}

static void *get_room(struct compose *c, size_t len)
{
	void *room = c->err ? NULL : arena_alloc(c->arena, len);

	if (!room)
		c->err = DM_ENOSPC;
	return room;
}

struct syncml_command *compose_command(struct compose *c,
				       enum syncml_verb verb)
{
	struct syncml_command *new = get_room(c, sizeof(*new));
	struct syncml_command **end = &c->message->commands;

	if (!new)
		return &c->no_command;
	new->verb = verb;
	new->cmd_id = ++c->last_cmd_id;
	while (*end)
		end = &(*end)->next;
	*end = new;
	return new;
}

struct syncml_item *compose_item(struct compose *c,
				 struct syncml_command *command)
{
	struct syncml_item *new = get_room(c, sizeof(*new));
	struct syncml_item **end = &command->items;

	if (!new)
		return &c->no_item;
	while (*end)
		end = &(*end)->next;
	*end = new;
	return new;
}

struct syncml_command *compose_alert(struct compose *c, unsigned code)
{
	struct syncml_command *alert = compose_command(c, SYNCML_ALERT);

	alert->code = code;
	return alert;
}

struct syncml_command *compose_status(struct compose *c,
				      const struct syncml_message *to,
				      const struct syncml_command *of,
				      unsigned code)
{
	struct syncml_command *s = compose_command(c, SYNCML_STATUS);
	const struct syncml_item *first = of ? of->items : NULL;

	s->code = code;
	s->msg_ref = to->msg_id;
	s->cmd_ref = of ? of->cmd_id : 0;
	s->cmd = of ? syncml_verb_name(of->verb) : "SyncHdr";
	s->target_ref = of ? (first ? first->target : NULL) : to->target;
	s->source_ref = of ? (first ? first->source : NULL) : to->source;
	return s;
}

const char *compose_text(struct compose *c, const char *format, ...)
{
	va_list ap, again;
	char *text;
	int len;

	va_start(ap, format);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, format, ap);
	text = len < 0 ? NULL : get_room(c, (size_t)len + 1);
	if (text)
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	va_end(ap);
	return text ? text : "";
}

int compose_done(const struct compose *c)
{
	return c->err;
}
