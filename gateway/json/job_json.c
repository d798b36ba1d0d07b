/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/job_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/job/attempt.h"
#include "gateway/job/fumo.h"
#include "gateway/json/time_text.h"
#include "wap/hex.h"

void job_id_text(int64_t id, char out[JOB_ID_SIZE])
{
	snprintf(out, JOB_ID_SIZE, "%" PRId64, id);
}

int job_id_parse(const char *text, int64_t *id, struct err *e)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 18 || text[n])
		return err_set(e, DM_EINVAL, "job",
			       "a job's identifier, as notify answers it",
			       "\"%s\"", text);
	*id = strtoll(text, NULL, 10);
	return DM_OK;
}

static void set_text(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, json_string(text));
}

static void set_number(json_t *o, const char *name, int64_t number)
{
	json_object_set_new(o, name, json_integer(number));
}

static void set_time(json_t *o, const char *name, int64_t ms)
{
	char text[TIME_TEXT_SIZE];

	set_text(o, name, time_text(ms, text));
}

void job_json_set_session_id(json_t *o, int32_t session_id)
{
	char text[8];

	snprintf(text, sizeof(text), "%X", (unsigned)session_id & 0xffff);
	set_number(o, "session-id", session_id);
	set_text(o, "session-id-text", text);
}

static void set_job_id(json_t *o, int64_t id)
{
	char text[JOB_ID_SIZE];

	job_id_text(id, text);
	set_text(o, "job", text);
}

/* A bootstrap has no session, and may have no account of a DM server. */
static void set_account(json_t *o, const struct job *j)
{
	const char *dm_version = fields_choice_name(request_dm_versions,
						    j->dm_version);

	if (j->server_id[0])
		set_text(o, "server-id", j->server_id);
	if (dm_version)
		set_text(o, "dm-version", dm_version);
	if (j->method == JOB_NOTIFY)
		job_json_set_session_id(o, j->session_id);
}

json_t *job_json(const struct job *j)
{
	json_t *o = json_object();

	set_job_id(o, j->id);
	set_text(o, "method", job_method_name(j->method));
	set_text(o, "state", job_state_name(j->state));
	set_text(o, "reached", job_reached_name(j->reached));
	set_text(o, "until", job_reached_name(j->until));
	if (job_reason(j)[0])
		set_text(o, "reason", job_reason(j));
	set_text(o, "to", j->to);
	if (j->device[0])
		set_text(o, "device", j->device);
	set_text(o, "from", j->from);
	if (j->smsc_id[0])
		set_text(o, "smsc-id", j->smsc_id);
	if (j->route[0])
		set_text(o, "route", j->route);
	set_account(o, j);
	set_time(o, "created", j->created_ms);
	set_time(o, "changed", j->changed_ms);
	set_time(o, "expires", j->expires_ms);
	if (j->state == JOB_WAITING && j->next_ms != ATTEMPT_NEVER_MS)
		set_time(o, "next-try", j->next_ms);
	set_number(o, "tries", j->tries);
	set_number(o, "attempt", j->attempt);
	if (j->deadline_ms && !job_is_final(j->state))
		set_time(o, "deadline", j->deadline_ms);
	set_number(o, "segments", j->n_segments);
	set_number(o, "segments-taken", j->n_taken);
	set_number(o, "segments-delivered", j->n_delivered);
	set_number(o, "client", j->client);
	return o;
}

void job_json_set_result(json_t *o, int32_t result, const char *alert_type)
{
	const char *text = fumo_result_text(result, alert_type);

	set_number(o, "result", result);
	if (text)
		set_text(o, "result-text", text);
}

/* A session that brought none: does it still go on? */
static void set_no_result(json_t *o, const struct job_session *s)
{
	if (s->started_ms)
		set_text(o, "result-text", s->ended_ms ?
			 "none: its session ended without one" :
			 "none so far: its session has not ended");
}

json_t *job_json_session(const struct job *j, const struct job_session *s)
{
	json_t *o = job_json(j);

	if (s->started_ms)
		set_time(o, "session-started", s->started_ms);
	if (s->ended_ms)
		set_time(o, "session-ended", s->ended_ms);
	if (s->result != SESSION_UNSET)
		job_json_set_result(o, s->result, s->alert_type);
	else
		set_no_result(o, s);
	if (s->alert_type[0])
		set_text(o, "alert-type", s->alert_type);
	if (s->correlator[0])
		set_text(o, "correlator", s->correlator);
	return o;
}

json_t *job_json_whole(const struct job *j, const struct job_session *s,
		       const struct job_segment *segments)
{
	json_t *o = job_json_session(j, s);
	json_t *list = json_array();

	for (unsigned i = 0; i < j->n_segments; i++)
		json_array_append_new(list, json_pack("{s:i, s:s, s:i}",
			"segment", (int)i + 1,
			"state", segment_state_name(segments[i].state),
			"octets", (int)segments[i].sms.len));
	json_object_set_new(o, "parts", list);
	return o;
}

json_t *job_json_accepted(const struct job *j)
{
	json_t *o = json_object();

	set_job_id(o, j->id);
	if (j->method == JOB_NOTIFY)
		job_json_set_session_id(o, j->session_id);
	set_number(o, "segments", j->n_segments);
	return o;
}

static json_t *hex_json(const uint8_t *octets, size_t len)
{
	char text[HEX_SIZE(MESSAGE_MAX)];

	hex_encode(octets, len, text);
	return json_string(text);
}

json_t *job_json_message(const struct message *m, const char *body_name)
{
	json_t *o = json_object();
	json_t *list = json_array();

	set_number(o, "segments", (int64_t)m->n_segments);
	json_object_set_new(o, body_name, hex_json(m->body, m->body_len));
	json_object_set_new(o, "wsp", hex_json(m->wsp, m->wsp_len));
	for (size_t i = 0; i < m->n_segments; i++) {
		const struct segment *s = &m->segments[i];

		json_array_append_new(list, json_pack("{s:o, s:o}",
			"udh", hex_json(s->octets, s->udh_len),
			"ud", hex_json(s->octets + s->udh_len,
				       (size_t)(s->len - s->udh_len))));
	}
	json_object_set_new(o, "sms", list);
	return o;
}

json_t *job_json_dry_run(const struct job *j, const struct message *m)
{
	json_t *o = job_json_message(m, "package0");

	job_json_set_session_id(o, j->session_id);
	return o;
}
