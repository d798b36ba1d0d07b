/* SPDX-License-Identifier: Apache-2.0 */
/* What reports of sessions make of jobs in the store. */
#include <stdio.h>
#include <string.h>

#include "gateway/store/store_events.h"
#include "tests/store_fixture.h"

#define NUMBER "491701234567"	/* TO without a + */
#define DAY_MS 86400000
#define WINDOW_MS (7LL * DAY_MS)

static struct store_session session;

static int report_session(const struct session_report *r, int64_t now_ms)
{
	session = (struct store_session){ .report = *r, .now_ms = now_ms,
					  .since_ms = now_ms - WINDOW_MS };
	session.op.run = store_session_run;
	return store_do(&session.op);
}

/* By device, without or with an id. */
static int tell(enum session_event event, int32_t id, int32_t result,
		int64_t now_ms)
{
	return report_session(&(struct session_report){
		.event = event, .to = NUMBER, .server_id = SERVER_ID,
		.session_id = id, .result = result,
	}, now_ms);
}

static int tell_job(enum session_event event, int64_t id)
{
	return report_session(&(struct session_report){
		.event = event, .job = id, .session_id = SESSION_UNSET,
		.result = SESSION_UNSET,
	}, T0 + 50);
}

static void until_session(struct store_submit *s)
{
	same_device(s);
	s->job.until = REACHED_SESSION;
}

static void client_initiated(struct store_submit *s)
{
	until_session(s);
	s->job.client_initiated = true;
}

static void other_server(struct store_submit *s)
{
	until_session(s);
	strcpy(s->job.server_id, "other");
}

/* A job that is delivered; its session id is submit.job.session_id. */
static int64_t delivered(void (*change)(struct store_submit *))
{
	int64_t id = add_with(1, change);

	CU_ASSERT_EQUAL(claim_at(T0, STORE_CLAIM_MAX), DM_OK);
	CU_ASSERT_EQUAL(take_all(id, 1), DM_OK);
	CU_ASSERT_EQUAL(report_on(id, 0, SEGMENT_REPORTED_OK), DM_OK);
	return id;
}

static void a_started_session_ends_the_pushing(void)
{
	int64_t id;

	store_start();
	id = delivered(until_session);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, submit.job.session_id,
			     SESSION_UNSET, T0 + 50), DM_OK);
	CU_ASSERT(session.changed);
	CU_ASSERT_EQUAL(session.job.id, id);
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_SESSION);
	CU_ASSERT_EQUAL(get.session.started_ms, T0 + 50);
	CU_ASSERT_EQUAL(get.session.result, SESSION_UNSET);
	CU_ASSERT_EQUAL(claim_at(T0 + DAY_MS / 24, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT(add_with(1, until_session) > id);	/* it is free */
	store_stop();
}

static void swapped_octets_are_recognized(void)
{
	int32_t id, swapped;

	store_start();
	delivered(until_session);
	id = submit.job.session_id;
	swapped = (id & 0xff) << 8 | id >> 8;
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, swapped, SESSION_UNSET, T0),
			DM_OK);
	store_stop();
}

static void a_result_is_kept(void)
{
	struct session_report r = {
		.event = SESSION_ENDED, .to = TO, .server_id = SERVER_ID,
		.result = 403, .alert_type = "a type", .correlator = "c 1",
	};
	int64_t id;

	store_start();
	id = delivered(until_session);
	r.session_id = submit.job.session_id;
	CU_ASSERT_EQUAL(report_session(&r, T0 + 70), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.session.started_ms, T0 + 70);
	CU_ASSERT_EQUAL(get.session.ended_ms, T0 + 70);
	CU_ASSERT_EQUAL(get.session.result, 403);
	CU_ASSERT_STRING_EQUAL(get.session.alert_type, "a type");
	CU_ASSERT_STRING_EQUAL(get.session.correlator, "c 1");
	store_stop();
}

static void a_later_result_goes_to_the_newest_session(void)
{
	int64_t first, second;

	store_start();
	first = delivered(until_session);
	tell(SESSION_STARTED, SESSION_UNSET, SESSION_UNSET, T0);
	second = delivered(until_session);
	tell(SESSION_STARTED, SESSION_UNSET, SESSION_UNSET, T0 + 10);
	add_with(1, until_session);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, 0xfffe, 200, T0 + WINDOW_MS),
			DM_OK);
	CU_ASSERT_EQUAL(session.job.id, second);
	CU_ASSERT_EQUAL(session.session.result, 200);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, 0xfffe, 200,
			     T0 + WINDOW_MS + 11), DM_ENOENT);
	CU_ASSERT_EQUAL(state_of(first), JOB_DONE);
	CU_ASSERT_EQUAL(get.session.result, SESSION_UNSET);
	store_stop();
}

/* From a server that tells neither beginnings nor ids. */
static void each_end_is_that_of_the_newest(void)
{
	int64_t first, second;

	store_start();
	first = delivered(until_session);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, SESSION_UNSET, SESSION_UNSET, T0),
			DM_OK);
	CU_ASSERT_EQUAL(session.job.id, first);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, SESSION_UNSET, SESSION_UNSET, T0),
			DM_OK);
	CU_ASSERT_EQUAL(session.job.id, first);
	CU_ASSERT(!session.changed);
	second = delivered(until_session);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, SESSION_UNSET, SESSION_UNSET,
			     T0 + 10), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, second);
	CU_ASSERT_EQUAL(state_of(second), JOB_DONE);
	store_stop();
}

static void a_job_that_was_done_before_is_found_too(void)
{
	int64_t id;

	store_start();
	id = delivered(same_device);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, submit.job.session_id,
			     SESSION_UNSET, T0 + 50), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_SESSION);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_DONE], 1);
	store_stop();
}

static void a_client_that_asked_for_it_has_an_id_of_its_own(void)
{
	store_start();
	delivered(client_initiated);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED,
			     (submit.job.session_id ^ 0x4321) | 1,
			     SESSION_UNSET, T0), DM_OK);
	store_stop();
}

static void servers_are_told_apart(void)
{
	struct session_report any = {
		.to = TO, .session_id = SESSION_UNSET, .result = SESSION_UNSET,
	};
	int64_t other;

	store_start();
	delivered(until_session);
	other = delivered(other_server);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, SESSION_UNSET, SESSION_UNSET,
			     T0), DM_OK);
	CU_ASSERT(session.job.id != other);
	CU_ASSERT_EQUAL(report_session(&any, T0), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, other);
	store_stop();
}

/* The results that events have told so far. */
static bool told_results(const int32_t *results, size_t n)
{
	static struct store_events page;
	size_t n_told = 0;

	page = (struct store_events){ .after = 0 };
	page.op.run = store_events_run;
	CU_ASSERT_EQUAL(store_do(&page.op), DM_OK);
	for (size_t i = 0; i < page.n; i++) {
		if (page.events[i].kind != EVENT_SESSION_ENDED)
			continue;
		if (n_told == n || page.events[i].result != results[n_told])
			return false;
		n_told++;
	}
	return n_told == n;
}

static void of_two_results_the_last_one_stands(void)
{
	int64_t id;
	int32_t sid;

	store_start();
	id = delivered(until_session);
	sid = submit.job.session_id;
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, sid, 500, T0), DM_OK);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, sid, 500, T0 + 1), DM_OK);
	CU_ASSERT(!session.changed);
	CU_ASSERT(told_results((int32_t []){ 500 }, 1));
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, 0xfffe, 200, T0 + 2), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, id);
	CU_ASSERT(session.changed);
	CU_ASSERT(told_results((int32_t []){ 500, 200 }, 2));
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, sid, SESSION_UNSET, T0 + 3),
			DM_OK);
	CU_ASSERT(!session.changed);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.session.result, 200);
	CU_ASSERT_EQUAL(get.session.ended_ms, T0);
	store_stop();
}

static void after_the_window_only_its_name_finds_it(void)
{
	int64_t id;

	store_start();
	id = delivered(until_session);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, submit.job.session_id, 500, T0),
			DM_OK);
	CU_ASSERT_EQUAL(tell(SESSION_ENDED, submit.job.session_id, 200,
			     T0 + WINDOW_MS + 1), DM_ENOENT);
	CU_ASSERT_EQUAL(report_session(&(struct session_report){
		.event = SESSION_ENDED, .job = id, .result = 200,
		.session_id = SESSION_UNSET,
	}, T0 + WINDOW_MS + 1), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.session.result, 200);
	store_stop();
}

static void what_is_unknown_changes_nothing(void)
{
	int64_t id;

	store_start();
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, 1, SESSION_UNSET, T0),
			DM_ENOENT);
	id = delivered(until_session);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED,
			     (submit.job.session_id ^ 0x4321) | 1,
			     SESSION_UNSET, T0), DM_ENOENT);
	CU_ASSERT_EQUAL(tell_job(SESSION_STARTED, id + 1), DM_ENOENT);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	store_stop();
}

static void what_is_late_changes_nothing(void)
{
	int64_t id;

	store_start();
	id = add_with(1, until_session);
	cancel_job(id);
	CU_ASSERT_EQUAL(tell(SESSION_STARTED, submit.job.session_id,
			     SESSION_UNSET, T0), DM_ESTATE);
	CU_ASSERT_STRING_EQUAL(session.op.err.came,
			       "job 1 is cancelled already");
	CU_ASSERT_EQUAL(tell_job(SESSION_ENDED, id), DM_ESTATE);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_NONE);
	CU_ASSERT_EQUAL(get.session.started_ms, 0);
	store_stop();
}

static void a_job_can_be_named(void)
{
	int64_t id, boot;

	store_start();
	id = add_with(1, until_session);	/* not even sent: who knows */
	boot = add_with(1, bootstrap);
	CU_ASSERT_EQUAL(tell_job(SESSION_STARTED, id), DM_OK);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(tell_job(SESSION_ENDED, id), DM_OK);
	CU_ASSERT(session.changed);
	CU_ASSERT_EQUAL(tell_job(SESSION_ENDED, id), DM_OK);
	CU_ASSERT(!session.changed);
	CU_ASSERT_EQUAL(tell_job(SESSION_STARTED, boot), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(session.op.err.came, "job 2 is a bootstrap");
	store_stop();
}

int main(void)
{
	return store_tests("store_sessions", (CU_TestInfo[]){
		{ "a started session ends the pushing",
		  a_started_session_ends_the_pushing },
		{ "swapped octets are recognized",
		  swapped_octets_are_recognized },
		{ "a result is kept", a_result_is_kept },
		{ "a later result goes to the newest session",
		  a_later_result_goes_to_the_newest_session },
		{ "each end is that of the newest",
		  each_end_is_that_of_the_newest },
		{ "a job that was done before is found, too",
		  a_job_that_was_done_before_is_found_too },
		{ "a client that asked for it has an id of its own",
		  a_client_that_asked_for_it_has_an_id_of_its_own },
		{ "servers are told apart", servers_are_told_apart },
		{ "of two results the last one stands",
		  of_two_results_the_last_one_stands },
		{ "after the window only its name finds it",
		  after_the_window_only_its_name_finds_it },
		{ "what is unknown changes nothing",
		  what_is_unknown_changes_nothing },
		{ "what is late changes nothing",
		  what_is_late_changes_nothing },
		{ "a job can be named", a_job_can_be_named },
		CU_TEST_INFO_NULL,
	});
}
