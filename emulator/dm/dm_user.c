/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_user.h"

#include <stdlib.h>
#include <string.h>

#include "syncml/alert.h"
#include "syncml/status.h"

static const char *const names[] = {
	[DM_USER_YES] = "yes",
	[DM_USER_NO] = "no",
	[DM_USER_NEVER] = "never",
};

const char *dm_user_name(enum dm_user user)
{
	return names[user];
}

bool dm_user_find(const char *name, enum dm_user *user)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name))
			continue;
		*user = (enum dm_user)i;
		return true;
	}
	return false;
}

const char *dm_user_text(const struct syncml_command *alert)
{
	const struct syncml_item *i = alert->items ? alert->items->next : NULL;

	return i && i->data ? i->data : "";
}

/* The value of an option ("DR=") into out; false: there is none. */
static bool find_option(const struct syncml_command *alert, const char *name,
			char out[DM_USER_TYPED_MAX + 1])
{
	const char *o = alert->items ? alert->items->data : NULL;
	size_t len;

	while (o && strncmp(o, name, strlen(name))) {
		o = strchr(o, '&');
		o = o ? o + 1 : NULL;
	}
	if (!o)
		return false;
	o += strlen(name);
	len = strcspn(o, "&");
	if (len > DM_USER_TYPED_MAX)
		return false;
	memcpy(out, o, len);
	out[len] = '\0';
	return true;
}

bool dm_user_is_asked(const struct syncml_command *alert)
{
	return alert->code >= ALERT_CONFIRM && alert->code <= ALERT_CHOICES;
}

void dm_user_hurry(struct dm_user_reply *reply,
		   const struct syncml_command *alert)
{
	char text[DM_USER_TYPED_MAX + 1];
	unsigned long max_s;

	if (!find_option(alert, "MAXDT=", text))
		return;
	max_s = strtoul(text, NULL, 10);
	if (max_s > reply->after_ms / 1000 ||
	    max_s * 1000 >= reply->after_ms)
		return;
	reply->after_ms = (unsigned)max_s * 1000;
	reply->says = DM_USER_NEVER;
}

/* When nobody answers, the default response does. */
static unsigned confirm(enum dm_user user, const char *preset)
{
	if (user == DM_USER_NEVER && !preset)
		return STATUS_TIMEOUT;
	if (user == DM_USER_NEVER)
		return *preset == '1' ? STATUS_OK : STATUS_NOT_MODIFIED;
	return user == DM_USER_YES ? STATUS_OK : STATUS_NOT_MODIFIED;
}

bool dm_user_answers(enum dm_user user, const struct syncml_command *alert,
		     struct dm_user_answer *answer)
{
	struct dm_user_answer got = { .code = STATUS_OK };
	bool has_preset = find_option(alert, "DR=", got.typed);

	if (alert->code < ALERT_DISPLAY || alert->code > ALERT_CHOICES)
		return false;
	if (alert->code == ALERT_CONFIRM) {
		got.code = confirm(user, has_preset ? got.typed : NULL);
	} else if (alert->code > ALERT_CONFIRM) {
		if (user == DM_USER_NO)
			got.code = STATUS_CANCELLED;
		else if (user == DM_USER_NEVER && !has_preset)
			got.code = STATUS_TIMEOUT;
		else
			got.has_typed = true;
		if (!has_preset && alert->code != ALERT_INPUT)
			strcpy(got.typed, "1");
	}
	*answer = got;
	return true;
}
