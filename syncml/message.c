/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/message.h"

#include <stddef.h>

const char *syncml_verb_name(enum syncml_verb verb)
{
	static const char *const names[] = {
		[SYNCML_ADD] = "Add",
		[SYNCML_ALERT] = "Alert",
		[SYNCML_ATOMIC] = "Atomic",
		[SYNCML_COPY] = "Copy",
		[SYNCML_DELETE] = "Delete",
		[SYNCML_EXEC] = "Exec",
		[SYNCML_GET] = "Get",
		[SYNCML_REPLACE] = "Replace",
		[SYNCML_RESULTS] = "Results",
		[SYNCML_SEQUENCE] = "Sequence",
		[SYNCML_STATUS] = "Status",
	};

	return names[verb];
}

const char *syncml_format(const struct syncml_command *c,
			  const struct syncml_item *i)
{
	return i->meta.format ? i->meta.format : c->meta.format;
}

const char *syncml_type(const struct syncml_command *c,
			const struct syncml_item *i)
{
	return i->meta.type ? i->meta.type : c->meta.type;
}

const struct syncml_command *
syncml_status_of(const struct syncml_message *m, uint32_t msg_id,
		 uint32_t cmd_id)
{
	const struct syncml_command *c = m->commands;

	while (c && (c->verb != SYNCML_STATUS || c->msg_ref != msg_id ||
		     c->cmd_ref != cmd_id))
		c = c->next;
	return c;
}
