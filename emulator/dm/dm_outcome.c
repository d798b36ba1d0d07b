/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_outcome.h"

#include <stdio.h>

#include "syncml/alert.h"

#define FIELDS_MAX 6

/* What each event begins with; id is filled. */
static size_t session_fields(const struct dm_outcome *o, char id[5],
			     struct report_field fields[FIELDS_MAX])
{
	int len = snprintf(id, 5, "%X", o->device->session.id);

	fields[0] = report_text("server-id", o->server_id);
	fields[1] = (struct report_field){
		.key = "session-id", .kind = REPORT_HEX16,
		.number = o->device->session.id,
	};
	fields[2] = (struct report_field){
		.key = "session-id-text", .kind = REPORT_JSON_TEXT,
		.text = id, .len = (size_t)len,
	};
	return 3;
}

static void tell(const struct dm_outcome *o, const char *event,
		 const struct report_field *fields, size_t n)
{
	if (!o->report->quiet)
		report_event(o->report, event, o->device->msisdn, fields, n);
}

void dm_outcome_started(const struct dm_outcome *o)
{
	const struct device *d = o->device;
	const struct dm_session *s = &d->session;
	struct report_field fields[FIELDS_MAX];
	char id[5];
	size_t n = session_fields(o, id, fields);

	if (d->client)
		fields[n++] = report_text("initiator", s->own ? "client" :
					  "server");
	if (d->client && !s->own)
		fields[n++] = report_text("ui-mode", ui_mode_name(s->ui_mode));
	if (d->client && s->asks_for_update)
		fields[n++] = report_text("alert-type",
					  ALERT_TYPE_USER_REQUEST);
	tell(o, "session.started", fields, n);
}

void dm_outcome_ended(const struct dm_outcome *o)
{
	const struct dm_plan *plan = &o->device->plan;
	struct report_field fields[FIELDS_MAX];
	char id[5];
	size_t n = session_fields(o, id, fields);

	if (plan->result != DM_PLAN_NO_RESULT)
		fields[n++] = report_number("result", (uint64_t)plan->result);
	if (plan->alert_type[0])
		fields[n++] = report_text("alert-type", plan->alert_type);
	tell(o, "session.ended", fields, n);
}

void dm_outcome_talked(const struct dm_outcome *o,
		       const struct dm_talk_end *end)
{
	struct report_field fields[FIELDS_MAX];
	char id[5];
	size_t n = session_fields(o, id, fields);

	fields[n++] = report_text("outcome", end->why ? "failed" : "done");
	fields[n++] = report_number("messages", end->messages);
	if (end->why)
		fields[n++] = report_text("reason", end->why);
	tell(o, "session.ended", fields, n);
}

void dm_outcome_declined(const struct dm_outcome *o, enum dm_user says)
{
	struct report_field fields[FIELDS_MAX];
	char id[5];
	size_t n = session_fields(o, id, fields);

	fields[n++] = report_text("user", dm_user_name(says));
	tell(o, "session.declined", fields, n);
}
