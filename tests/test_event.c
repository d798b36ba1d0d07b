/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/event.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static const struct event_record failed = {
	.cursor = 4711,
	.time_ms = 1700000000123,
	.kind = EVENT_FAILED,
	.job = 17,
	.to = "+491701234567",
	.server_id = "com.example.dms",
	.state = JOB_FAILED,
	.reached = REACHED_TAKEN,
	.attempt = 2,
	.result = -1,
	.session_id = 0x1c,
	.reason = "delivery report: err:001",
};

static bool shows(const struct event_record *r, const char *want)
{
	json_t *o = event_json(r);
	char *got = json_dumps(o, JSON_COMPACT);
	bool same = got && tap_same(got, strlen(got), want, strlen(want));

	free(got);
	json_decref(o);
	return same;
}

static void all_that_is_known_is_shown(void)
{
	CU_ASSERT(shows(&failed, "{\"cursor\":4711,"
		"\"time\":\"2023-11-14T22:13:20.123Z\","
		"\"event\":\"job.failed\","
		"\"job\":\"17\",\"method\":\"notify\",\"to\":\"+491701234567\","
		"\"server-id\":\"com.example.dms\",\"state\":\"failed\","
		"\"reached\":\"taken\",\"attempt\":2,"
		"\"reason\":\"delivery report: err:001\","
		"\"session-id\":28,\"session-id-text\":\"1C\"}"));
}

static void what_is_not_there_is_not_shown(void)
{
	struct event_record r = failed;

	r.method = JOB_BOOTSTRAP;
	r.server_id[0] = r.reason[0] = '\0';
	CU_ASSERT(shows(&r, "{\"cursor\":4711,"
		"\"time\":\"2023-11-14T22:13:20.123Z\","
		"\"event\":\"job.failed\","
		"\"job\":\"17\",\"method\":\"bootstrap\","
		"\"to\":\"+491701234567\",\"state\":\"failed\","
		"\"reached\":\"taken\",\"attempt\":2}"));
}

static void a_registered_device_is_shown(void)
{
	struct event_record r = failed;
	json_t *o;

	strcpy(r.device, "dev1");
	o = event_json(&r);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(o, "device")),
			       "dev1");
	json_decref(o);
}

static void a_result_of_0_is_shown(void)
{
	struct event_record r = failed;
	json_t *o;

	r.kind = EVENT_SESSION_ENDED;
	r.result = 0;
	o = event_json(&r);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(o, "result")), 0);
	CU_ASSERT(json_is_integer(json_object_get(o, "result")));
	json_decref(o);
}

static void a_notification_has_its_session_and_result_in_words(void)
{
	struct event_record r = failed;
	json_t *o;

	r.kind = EVENT_SESSION_ENDED;
	r.method = JOB_NOTIFY;
	r.session_id = 0x3f;
	r.result = 503;
	o = event_json(&r);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(o, "session-id")),
			0x3f);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(o,
					"session-id-text")), "3F");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(o,
					"result-text")), "network failure");
	json_decref(o);
	strcpy(r.alert_type, "com.example.other");
	r.method = JOB_BOOTSTRAP;
	o = event_json(&r);
	CU_ASSERT_PTR_NULL(json_object_get(o, "result-text"));
	CU_ASSERT_PTR_NULL(json_object_get(o, "session-id"));
	json_decref(o);
}

static void every_kind_has_a_name_of_its_own(void)
{
	for (unsigned i = 0; i < EVENT_KINDS; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(event_kind_name(i));
		for (unsigned k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(event_kind_name(i),
						   event_kind_name(k));
	}
}

/* The event of a move is named after the state. */
static void every_state_but_sending_is_an_event(void)
{
	enum event_kind kind;

	for (unsigned i = 0; i < JOB_STATES; i++) {
		CU_ASSERT_EQUAL(event_of_state(i, &kind), i != JOB_SENDING);
		if (i == JOB_SENDING)
			continue;
		CU_ASSERT(!strncmp(event_kind_name(kind), "job.", 4));
		CU_ASSERT_STRING_EQUAL(event_kind_name(kind) + 4,
				       job_state_name(i));
	}
}

static void a_filter_lets_through_what_fits_all_of_it(void)
{
	static const struct {
		struct event_filter filter;
		bool matches;
	} cases[] = {
		{ { 0 }, true },
		{ { .job = 17 }, true },
		{ { .job = 18 }, false },
		{ { .to = "+491701234567" }, true },
		{ { .to = "491701234567" }, true },
		{ { .to = "+49170123456" }, false },
		{ { .states = 1U << JOB_FAILED }, true },
		{ { .states = 1U << JOB_FAILED | 1U << JOB_DONE }, true },
		{ { .states = 1U << JOB_DONE }, false },
		{ { .job = 17, .to = "491701234567",
		    .states = 1U << JOB_FAILED }, true },
		{ { .job = 17, .to = "491701234567",
		    .states = 1U << JOB_WAITING }, false },
		{ { .job = 16, .to = "491701234567",
		    .states = 1U << JOB_FAILED }, false },
	};

	struct event_record named = failed;
	struct event_filter by_name = { .device = "dev1" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_EQUAL(event_matches(&cases[i].filter, &failed),
				cases[i].matches);
	CU_ASSERT_FALSE(event_matches(&by_name, &failed));
	strcpy(named.device, "dev1");
	CU_ASSERT(event_matches(&by_name, &named));
	by_name.states = 1U << JOB_DONE;
	CU_ASSERT_FALSE(event_matches(&by_name, &named));
}

int main(void)
{
	return tap_run("event", (CU_TestInfo[]){
		{ "all that is known is shown", all_that_is_known_is_shown },
		{ "what is not there is not shown",
		  what_is_not_there_is_not_shown },
		{ "a registered device is shown",
		  a_registered_device_is_shown },
		{ "a result of 0 is shown", a_result_of_0_is_shown },
		{ "a notification has its session, and result in words",
		  a_notification_has_its_session_and_result_in_words },
		{ "every kind has a name of its own",
		  every_kind_has_a_name_of_its_own },
		{ "every state but sending is an event",
		  every_state_but_sending_is_an_event },
		{ "a filter lets through what fits all of it",
		  a_filter_lets_through_what_fits_all_of_it },
		CU_TEST_INFO_NULL,
	});
}
