/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/job_json.h"

#include <string.h>

#include "gateway/job/attempt.h"
#include "tests/tap.h"

static const struct job notification = {
	.id = 17,
	.client = 1000,
	.until = REACHED_DELIVERED,
	.created_ms = 1700000000123,
	.changed_ms = 1700000001000,
	.next_ms = 1700000002000,
	.expires_ms = 1700003600000,
	.to = "+491701234567",
	.from = "12345",
	.server_id = "com.example.dms",
	.dm_version = DM_VERSION_12,
	.session_id = 0x0142,
	.dcs = 4,
	.n_segments = 1,
};

static const struct job_session none = { .result = SESSION_UNSET };

static struct job bootstrap(void)
{
	struct job j = notification;

	j.method = JOB_BOOTSTRAP;
	j.server_id[0] = '\0';
	j.dm_version = REQUEST_UNSET;
	j.session_id = 0;
	j.n_segments = SEGMENTS_MAX;
	return j;
}

static const char *text_of(json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? text : "(none)";
}

static json_int_t number_of(json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

static bool has(json_t *o, const char *name)
{
	return json_object_get(o, name) != NULL;
}

static void a_notification_shows_its_session(void)
{
	json_t *o = job_json(&notification);

	CU_ASSERT_STRING_EQUAL(text_of(o, "job"), "17");
	CU_ASSERT_STRING_EQUAL(text_of(o, "method"), "notify");
	CU_ASSERT_STRING_EQUAL(text_of(o, "state"), "waiting");
	CU_ASSERT_STRING_EQUAL(text_of(o, "server-id"), "com.example.dms");
	CU_ASSERT_STRING_EQUAL(text_of(o, "dm-version"), "1.2");
	CU_ASSERT_EQUAL(number_of(o, "session-id"), 0x142);
	CU_ASSERT_STRING_EQUAL(text_of(o, "session-id-text"), "142");
	CU_ASSERT_STRING_EQUAL(text_of(o, "created"),
			       "2023-11-14T22:13:20.123Z");
	CU_ASSERT(has(o, "next-try"));
	CU_ASSERT_EQUAL(number_of(o, "attempt"), 0);
	CU_ASSERT_FALSE(has(o, "deadline"));
	CU_ASSERT_FALSE(has(o, "smsc-id"));
	CU_ASSERT_FALSE(has(o, "route"));
	CU_ASSERT_FALSE(has(o, "device"));
	CU_ASSERT_FALSE(has(o, "reason"));
	json_decref(o);
	o = job_json_accepted(&notification);
	CU_ASSERT_EQUAL(number_of(o, "session-id"), 0x142);
	CU_ASSERT_EQUAL(json_object_size(o), 4);
	json_decref(o);
}

static void a_job_on_its_way_shows_its_attempt(void)
{
	struct job j = notification;
	json_t *o;

	j.state = JOB_PUSHED;
	j.attempt = 3;
	j.deadline_ms = 1700000002000;
	o = job_json(&j);
	CU_ASSERT_EQUAL(number_of(o, "attempt"), 3);
	CU_ASSERT_STRING_EQUAL(text_of(o, "deadline"),
			       "2023-11-14T22:13:22.000Z");
	CU_ASSERT_FALSE(has(o, "next-try"));
	json_decref(o);
	j.state = JOB_WAITING;
	j.next_ms = ATTEMPT_NEVER_MS;
	o = job_json(&j);
	CU_ASSERT_FALSE(has(o, "next-try"));
	json_decref(o);
	j.state = JOB_DONE;
	o = job_json(&j);
	CU_ASSERT_FALSE(has(o, "deadline"));
	CU_ASSERT_EQUAL(number_of(o, "attempt"), 3);
	json_decref(o);
}

static void a_job_shows_its_registered_device(void)
{
	struct job j = notification;
	json_t *o;

	strcpy(j.device, "dev1");
	o = job_json(&j);
	CU_ASSERT_STRING_EQUAL(text_of(o, "device"), "dev1");
	CU_ASSERT_STRING_EQUAL(text_of(o, "to"), "+491701234567");
	json_decref(o);
}

static void a_bootstrap_has_only_what_means_something(void)
{
	struct job j = bootstrap();
	json_t *o = job_json(&j);

	CU_ASSERT_STRING_EQUAL(text_of(o, "method"), "bootstrap");
	CU_ASSERT_STRING_EQUAL(text_of(o, "to"), "+491701234567");
	CU_ASSERT_EQUAL(number_of(o, "segments"), 255);
	CU_ASSERT_FALSE(has(o, "server-id"));
	CU_ASSERT_FALSE(has(o, "dm-version"));
	CU_ASSERT_FALSE(has(o, "session-id"));
	CU_ASSERT_FALSE(has(o, "session-id-text"));
	json_decref(o);
	o = job_json_accepted(&j);
	CU_ASSERT_STRING_EQUAL(text_of(o, "job"), "17");
	CU_ASSERT_EQUAL(number_of(o, "segments"), 255);
	CU_ASSERT_EQUAL(json_object_size(o), 2);
	json_decref(o);
}

static void a_bootstrap_shows_the_account_that_it_has(void)
{
	struct job j = bootstrap();
	json_t *o;

	strcpy(j.server_id, "com.example.dms");
	j.dm_version = DM_VERSION_112;
	o = job_json(&j);
	CU_ASSERT_STRING_EQUAL(text_of(o, "server-id"), "com.example.dms");
	CU_ASSERT_STRING_EQUAL(text_of(o, "dm-version"), "1.1.2");
	CU_ASSERT_FALSE(has(o, "session-id"));
	json_decref(o);
}

static void a_session_tells_how_it_went(void)
{
	struct job_session s = {
		.started_ms = 1700000000000, .ended_ms = 1700000001000,
		.result = 402, .correlator = "c",
		.alert_type = "org.openmobilealliance.dm.firmwareupdate.update",
	};
	json_t *o = job_json_session(&notification, &s);

	CU_ASSERT_STRING_EQUAL(text_of(o, "session-started"),
			       "2023-11-14T22:13:20.000Z");
	CU_ASSERT_STRING_EQUAL(text_of(o, "session-ended"),
			       "2023-11-14T22:13:21.000Z");
	CU_ASSERT_EQUAL(number_of(o, "result"), 402);
	CU_ASSERT_STRING_EQUAL(text_of(o, "result-text"),
			       "the package is corrupted");
	CU_ASSERT_STRING_EQUAL(text_of(o, "alert-type"), s.alert_type);
	CU_ASSERT_STRING_EQUAL(text_of(o, "correlator"), "c");
	json_decref(o);
	strcpy(s.alert_type, "something.else");
	o = job_json_session(&notification, &s);
	CU_ASSERT_EQUAL(number_of(o, "result"), 402);
	CU_ASSERT_FALSE(has(o, "result-text"));
	json_decref(o);
	o = job_json_session(&notification, &none);
	CU_ASSERT_FALSE(has(o, "session-started"));
	CU_ASSERT_FALSE(has(o, "session-ended"));
	CU_ASSERT_FALSE(has(o, "result"));
	CU_ASSERT_FALSE(has(o, "alert-type"));
	CU_ASSERT_FALSE(has(o, "correlator"));
	json_decref(o);
}

static void parts_tell_their_size_and_not_their_octets(void)
{
	struct job j = bootstrap();
	struct job_segment segments[2] = {
		{ .sms.len = 140, .state = SEGMENT_TAKEN },
		{ .sms.len = 33 },
	};
	json_t *o, *last;

	j.n_segments = 2;
	o = job_json_whole(&j, &none, segments);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(o, "parts")), 2);
	last = json_array_get(json_object_get(o, "parts"), 1);
	CU_ASSERT_EQUAL(number_of(last, "segment"), 2);
	CU_ASSERT_EQUAL(number_of(last, "octets"), 33);
	CU_ASSERT_STRING_EQUAL(text_of(last, "state"), "waiting");
	CU_ASSERT_EQUAL(json_object_size(last), 3);
	json_decref(o);
}

int main(void)
{
	return tap_run("job_json", (CU_TestInfo[]){
		{ "a notification shows its session",
		  a_notification_shows_its_session },
		{ "a job on its way shows its attempt",
		  a_job_on_its_way_shows_its_attempt },
		{ "a job shows its registered device",
		  a_job_shows_its_registered_device },
		{ "a bootstrap has only what means something",
		  a_bootstrap_has_only_what_means_something },
		{ "a bootstrap shows the account that it has",
		  a_bootstrap_shows_the_account_that_it_has },
		{ "a session tells how it went", a_session_tells_how_it_went },
		{ "parts tell their size and not their octets",
		  parts_tell_their_size_and_not_their_octets },
		CU_TEST_INFO_NULL,
	});
}
