/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/event.h"

#include <string.h>

#include "gateway/json/job_json.h"
#include "gateway/json/time_text.h"

static const char *const kind_names[EVENT_KINDS] = {
	[EVENT_ACCEPTED] = "job.accepted",
	[EVENT_WAITING] = "job.waiting",
	[EVENT_PUSHED] = "job.pushed",
	[EVENT_DONE] = "job.done",
	[EVENT_FAILED] = "job.failed",
	[EVENT_EXPIRED] = "job.expired",
	[EVENT_CANCELLED] = "job.cancelled",
	[EVENT_DELIVERED] = "job.delivered",
	[EVENT_REBUILT] = "job.rebuilt",
	[EVENT_SESSION_STARTED] = "session.started",
	[EVENT_SESSION_ENDED] = "session.ended",
};

const char *event_kind_name(enum event_kind kind)
{
	return kind_names[kind];
}

bool event_of_state(enum job_state state, enum event_kind *kind)
{
	static const enum event_kind kinds[JOB_STATES] = {
		[JOB_WAITING] = EVENT_WAITING,
		[JOB_PUSHED] = EVENT_PUSHED,
		[JOB_DONE] = EVENT_DONE,
		[JOB_FAILED] = EVENT_FAILED,
		[JOB_EXPIRED] = EVENT_EXPIRED,
		[JOB_CANCELLED] = EVENT_CANCELLED,
	};

	if (state == JOB_SENDING)
		return false;
	*kind = kinds[state];
	return true;
}

bool event_matches(const struct event_filter *f, const struct event_record *r)
{
	if (f->job && f->job != r->job)
		return false;
	if (f->to[0] && strcmp(msisdn_digits(f->to), msisdn_digits(r->to)))
		return false;
	if (f->device[0] && strcmp(f->device, r->device))
		return false;
	return !f->states || f->states & 1U << r->state;
}

static void set_text(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, json_string(text));
}

static void set_number(json_t *o, const char *name, int64_t number)
{
	json_object_set_new(o, name, json_integer(number));
}

json_t *event_json(const struct event_record *r)
{
	char time[TIME_TEXT_SIZE];
	char job[JOB_ID_SIZE];
	json_t *o = json_object();

	job_id_text(r->job, job);
	set_number(o, "cursor", r->cursor);
	set_text(o, "time", time_text(r->time_ms, time));
	set_text(o, "event", event_kind_name(r->kind));
	set_text(o, "job", job);
	set_text(o, "method", job_method_name(r->method));
	set_text(o, "to", r->to);
	if (r->device[0])
		set_text(o, "device", r->device);
	if (r->server_id[0])
		set_text(o, "server-id", r->server_id);
	set_text(o, "state", job_state_name(r->state));
	set_text(o, "reached", job_reached_name(r->reached));
	set_number(o, "attempt", r->attempt);
	if (r->reason[0])
		set_text(o, "reason", r->reason);
	if (r->method == JOB_NOTIFY)
		job_json_set_session_id(o, r->session_id);
	if (r->result >= 0)
		job_json_set_result(o, r->result, r->alert_type);
	return o;
}
