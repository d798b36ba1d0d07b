/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/session.h"

#include <string.h>

#include "tests/tap.h"

#define SINCE 1000

static const struct job_session none = { .result = SESSION_UNSET };

static struct session_report reports(enum session_event event, int32_t id)
{
	return (struct session_report){ .event = event, .session_id = id,
					.result = SESSION_UNSET };
}

static struct job job_in(enum job_state state)
{
	return (struct job){ .state = state, .session_id = 0x0102,
			     .changed_ms = SINCE };
}

static int fit(enum session_event event, int32_t id, const struct job *j)
{
	struct session_report r = reports(event, id);
	struct job_session s = none;

	s.started_ms = j->reached == REACHED_SESSION ? j->changed_ms : 0;
	return session_fit(&r, j, &s, SINCE);
}

static void a_session_is_found_by_its_id(void)
{
	for (unsigned state = 0; state <= JOB_DONE; state++) {
		struct job j = job_in(state);

		for (unsigned v = 0; v < 2; v++) {
			CU_ASSERT(fit(v, 0x0102, &j) >= SESSION_FITS);
			CU_ASSERT(fit(v, 0x0201, &j) >= SESSION_FITS);
			CU_ASSERT_EQUAL(fit(v, 0x0103, &j), SESSION_NO_FIT);
			CU_ASSERT_EQUAL(fit(v, 0x0301, &j), SESSION_NO_FIT);
		}
	}
}

static void an_id_of_an_earlier_attempt_fits_too(void)
{
	struct job j = job_in(JOB_PUSHED);

	j.n_ids_before = 3;
	j.session_id = 2;
	CU_ASSERT(fit(SESSION_STARTED, 2, &j) >= SESSION_FITS);
	CU_ASSERT(fit(SESSION_STARTED, 1, &j) >= SESSION_FITS);
	CU_ASSERT(fit(SESSION_STARTED, 0xffff, &j) >= SESSION_FITS);
	CU_ASSERT(fit(SESSION_STARTED, 0xfffe, &j) >= SESSION_FITS);
	CU_ASSERT_EQUAL(fit(SESSION_STARTED, 0xfffd, &j), SESSION_NO_FIT);
	CU_ASSERT_EQUAL(fit(SESSION_STARTED, 3, &j), SESSION_NO_FIT);
}

static void a_job_that_ended_otherwise_is_too_late(void)
{
	for (unsigned state = JOB_FAILED; state < JOB_STATES; state++) {
		struct job j = job_in(state);

		CU_ASSERT_EQUAL(fit(SESSION_STARTED, 0x0102, &j),
				SESSION_TOO_LATE);
		CU_ASSERT_EQUAL(fit(SESSION_ENDED, 0x0201, &j),
				SESSION_TOO_LATE);
		CU_ASSERT_EQUAL(fit(SESSION_STARTED, SESSION_UNSET, &j),
				SESSION_NO_FIT);
	}
}

static void a_client_may_use_an_id_of_its_own(void)
{
	struct job j = job_in(JOB_PUSHED);

	j.client_initiated = true;
	CU_ASSERT(fit(SESSION_STARTED, 9, &j) >= SESSION_FITS);
	CU_ASSERT(fit(SESSION_STARTED, 0x0102, &j) >
		  fit(SESSION_STARTED, 9, &j));
}

static void without_an_id_any_fits(void)
{
	struct job j = job_in(JOB_PUSHED);

	CU_ASSERT(fit(SESSION_STARTED, SESSION_UNSET, &j) >= SESSION_FITS);
	j = job_in(JOB_DONE);
	CU_ASSERT(fit(SESSION_STARTED, SESSION_UNSET, &j) >= SESSION_FITS);
	j.reached = REACHED_SESSION;
	CU_ASSERT_EQUAL(fit(SESSION_STARTED, SESSION_UNSET, &j),
			SESSION_NO_FIT);
	CU_ASSERT(fit(SESSION_ENDED, SESSION_UNSET, &j) >= SESSION_FITS);
}

/* It comes in a session of the client's, with an id of its own. */
static void a_result_goes_to_the_session_before(void)
{
	struct job before = job_in(JOB_DONE), on_its_way = job_in(JOB_PUSHED);

	before.reached = REACHED_SESSION;
	on_its_way.client_initiated = true;
	CU_ASSERT(fit(SESSION_ENDED, 9, &before) >
		  fit(SESSION_ENDED, 9, &on_its_way));
	CU_ASSERT(fit(SESSION_ENDED, 9, &on_its_way) >= SESSION_FITS);
	CU_ASSERT(fit(SESSION_ENDED, 0x0102, &on_its_way) >
		  fit(SESSION_ENDED, 9, &before));
	CU_ASSERT_EQUAL(fit(SESSION_STARTED, 9, &before), SESSION_NO_FIT);
}

static int fit_end(int32_t result, const struct job *j, int64_t ended_ms)
{
	struct session_report r = reports(SESSION_ENDED, SESSION_UNSET);
	struct job_session s = none;

	r.result = result;
	s.started_ms = j->reached == REACHED_SESSION ? j->changed_ms : 0;
	s.ended_ms = ended_ms;
	return session_fit(&r, j, &s, SINCE);
}

/* Who tells of ends only, without ids, tells of the one in flight. */
static void an_end_goes_to_a_session_that_has_none(void)
{
	struct job before = job_in(JOB_DONE), on_its_way = job_in(JOB_PUSHED);
	int any = fit_end(SESSION_UNSET, &on_its_way, 0);

	before.reached = REACHED_SESSION;
	CU_ASSERT(fit_end(SESSION_UNSET, &before, 0) > any);
	CU_ASSERT_EQUAL(fit_end(SESSION_UNSET, &before, SINCE), any);
	CU_ASSERT(fit_end(200, &before, SINCE) > any);
}

static void what_is_too_old_does_not_fit(void)
{
	struct job j = job_in(JOB_DONE);

	j.changed_ms = SINCE - 1;
	CU_ASSERT_EQUAL(fit(SESSION_STARTED, 0x0102, &j), SESSION_NO_FIT);
	j.reached = REACHED_SESSION;
	CU_ASSERT_EQUAL(fit(SESSION_ENDED, 9, &j), SESSION_NO_FIT);
	j = job_in(JOB_PUSHED);
	j.changed_ms = SINCE - 1;
	CU_ASSERT(fit(SESSION_STARTED, 0x0102, &j) >= SESSION_FITS);
}

static void a_start_ends_the_job(void)
{
	for (unsigned state = 0; state <= JOB_DONE; state++) {
		struct session_report r = reports(SESSION_STARTED, 1);
		struct job j = job_in(state);
		struct job_session s = none;

		strcpy(j.reason, "off");
		CU_ASSERT(session_apply(&r, &j, &s, 2000));
		CU_ASSERT_EQUAL(j.state, JOB_DONE);
		CU_ASSERT_EQUAL(j.reached, REACHED_SESSION);
		CU_ASSERT_EQUAL(j.changed_ms, 2000);
		CU_ASSERT_STRING_EQUAL(j.reason, "");
		CU_ASSERT_EQUAL(s.started_ms, 2000);
		CU_ASSERT_EQUAL(s.ended_ms, 0);
		CU_ASSERT(!session_apply(&r, &j, &s, 3000));
		CU_ASSERT_EQUAL(j.changed_ms, 2000);
	}
}

static void an_end_keeps_its_result(void)
{
	struct session_report r = reports(SESSION_ENDED, 1);
	struct job j = job_in(JOB_PUSHED);
	struct job_session s = none;

	CU_ASSERT(session_apply(&r, &j, &s, 2000));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_EQUAL(s.started_ms, 2000);
	CU_ASSERT_EQUAL(s.ended_ms, 2000);
	CU_ASSERT_EQUAL(s.result, SESSION_UNSET);
	CU_ASSERT(!session_apply(&r, &j, &s, 3000));
	r.result = 200;
	strcpy(r.alert_type, "type");
	strcpy(r.correlator, "c");
	CU_ASSERT(session_apply(&r, &j, &s, 4000));
	CU_ASSERT_EQUAL(s.ended_ms, 2000);
	CU_ASSERT_EQUAL(s.result, 200);
	CU_ASSERT_STRING_EQUAL(s.alert_type, "type");
	CU_ASSERT_STRING_EQUAL(s.correlator, "c");
	CU_ASSERT_EQUAL(j.changed_ms, 4000);
	CU_ASSERT(!session_apply(&r, &j, &s, 5000));
	r = reports(SESSION_ENDED, 1);		/* it takes nothing away */
	CU_ASSERT(!session_apply(&r, &j, &s, 6000));
	CU_ASSERT_EQUAL(s.result, 200);
}

int main(void)
{
	return tap_run("session", (CU_TestInfo[]){
		{ "a session is found by its id",
		  a_session_is_found_by_its_id },
		{ "an id of an earlier attempt fits, too",
		  an_id_of_an_earlier_attempt_fits_too },
		{ "a job that ended otherwise is too late",
		  a_job_that_ended_otherwise_is_too_late },
		{ "a client may use an id of its own",
		  a_client_may_use_an_id_of_its_own },
		{ "without an id any fits", without_an_id_any_fits },
		{ "a result goes to the session before",
		  a_result_goes_to_the_session_before },
		{ "an end goes to a session that has none",
		  an_end_goes_to_a_session_that_has_none },
		{ "what is too old does not fit",
		  what_is_too_old_does_not_fit },
		{ "a start ends the job", a_start_ends_the_job },
		{ "an end keeps its result", an_end_keeps_its_result },
		CU_TEST_INFO_NULL,
	});
}
