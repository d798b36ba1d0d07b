/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/attempt.h"

#include <string.h>

#include "tests/tap.h"

#define REPORT JOB_REASON_REPORT
#define T0 1700000000000
#define MIDDLE 20		/* a random number without jitter */

static const struct attempt_plan plan = {
	.first_s = 300, .factor = 2, .ceiling_s = 3600, .max = 3,
};

static void delays_grow_up_to_the_ceiling(void)
{
	static const int64_t want_s[] = { 300, 300, 600, 1200, 2400, 3600 };

	for (uint32_t n = 0; n < 120; n++) {
		int64_t ms = 1000 * want_s[n < 5 ? n : 5];
		int64_t least = INT64_MAX, most = 0;

		for (uint32_t random = 0; random < 41; random++) {
			int64_t got = attempt_ms(&plan, n, random);

			least = got < least ? got : least;
			most = got > most ? got : most;
		}
		CU_ASSERT_EQUAL(least, ms * 8 / 10);
		CU_ASSERT_EQUAL(most, ms * 12 / 10);
	}
	CU_ASSERT_EQUAL(attempt_ms(&plan, 1, MIDDLE), 300000);
}

static void every_plan_has_delays(void)
{
	struct attempt_plan p = { ATTEMPT_S_MAX, 10, ATTEMPT_S_MAX, 100 };

	CU_ASSERT_EQUAL(attempt_ms(&p, UINT32_MAX, MIDDLE),
			1000LL * ATTEMPT_S_MAX);
	p = (struct attempt_plan){ 1, 1, ATTEMPT_S_MAX, 100 };
	CU_ASSERT_EQUAL(attempt_ms(&p, UINT32_MAX, MIDDLE), 1000);
	p = (struct attempt_plan){ 100, 2, 50, 1 };
	CU_ASSERT_EQUAL(attempt_ms(&p, 1, MIDDLE), 50000);
}

static struct job fresh(enum job_reached until)
{
	return (struct job){
		.until = until, .n_segments = 2, .next_ms = T0,
		.expires_ms = T0 + 86400000,
	};
}

static bool take_up(struct job *j, int64_t now_ms, bool *again)
{
	return attempt_take_up(j, &plan, now_ms, MIDDLE, again);
}

static bool apply(struct job *j, enum job_event event, int64_t now_ms)
{
	return attempt_apply(j, event, &plan, "a reason", now_ms, MIDDLE);
}

/* A job whose first attempt bearerbox took. */
static struct job pushed(enum job_reached until)
{
	struct job j = fresh(until);
	bool again;

	CU_ASSERT(take_up(&j, T0, &again));
	j.n_taken = 2;
	CU_ASSERT(apply(&j, JOB_TAKEN, T0));
	return j;
}

static void the_first_attempt_begins_with_the_first_claim(void)
{
	struct job j = fresh(REACHED_DELIVERED);
	bool again = true;

	CU_ASSERT(take_up(&j, T0, &again));
	CU_ASSERT(!again);
	CU_ASSERT_EQUAL(j.state, JOB_SENDING);
	CU_ASSERT_EQUAL(j.attempt, 1);
	CU_ASSERT_EQUAL(j.tries, 1);
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 300000);
	CU_ASSERT_EQUAL(attempt_validity_s(&j), T0 / 1000 + 300);
}

static void a_pushed_job_is_due_at_its_deadline(void)
{
	struct job j = pushed(REACHED_DELIVERED);
	bool again;

	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.next_ms, T0 + 300000);
	CU_ASSERT_STRING_EQUAL(j.reason, "");
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(again);
	CU_ASSERT_EQUAL(j.attempt, 2);
	CU_ASSERT_EQUAL(j.n_taken, 0);
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 300000 + 600000);
}

static void what_was_not_taken_now_goes_on_in_its_attempt(void)
{
	struct job j = fresh(REACHED_DELIVERED);
	bool again;

	CU_ASSERT(take_up(&j, T0, &again));
	j.n_taken = 1;
	CU_ASSERT(apply(&j, JOB_LATER, T0 + 5));
	CU_ASSERT_EQUAL(j.next_ms, T0 + 5 + 1000);
	CU_ASSERT_STRING_EQUAL(j.reason, "a reason");
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(!again);
	CU_ASSERT_EQUAL(j.attempt, 1);
	CU_ASSERT_EQUAL(j.n_taken, 1);
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 300000);
	CU_ASSERT(apply(&j, JOB_LATER, T0 + 300000));
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(again);		/* too late for that one */
	CU_ASSERT_EQUAL(j.attempt, 2);
}

static void what_bearerbox_never_took_is_no_attempt(void)
{
	struct job j = fresh(REACHED_DELIVERED);
	bool again;

	for (unsigned i = 0; i < 50; i++) {
		CU_ASSERT(take_up(&j, T0 + i * 1000000, &again));
		CU_ASSERT(!again);
		CU_ASSERT_EQUAL(j.attempt, 1);
		CU_ASSERT_EQUAL(j.deadline_ms, T0 + i * 1000000 + 300000);
		CU_ASSERT(apply(&j, JOB_LATER, T0 + i * 1000000));
	}
	CU_ASSERT_EQUAL(j.tries, 50);
}

static void an_attempt_begun_anew_does_not_end_earlier(void)
{
	struct job j = fresh(REACHED_DELIVERED);
	bool again;

	CU_ASSERT(attempt_take_up(&j, &plan, T0, MIDDLE + 20, &again));
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 360000);
	CU_ASSERT(apply(&j, JOB_LATER, T0 + 10));	/* the link broke */
	CU_ASSERT(attempt_take_up(&j, &plan, T0 + 10, MIDDLE - 20, &again));
	CU_ASSERT_EQUAL(j.attempt, 1);
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 360000);
	/* But one that an earlier clock made, for no longer than any lasts. */
	CU_ASSERT(apply(&j, JOB_LATER, T0 - 3600000));
	CU_ASSERT(attempt_take_up(&j, &plan, T0 - 3600000, MIDDLE, &again));
	CU_ASSERT_EQUAL(j.deadline_ms, T0 - 3600000 + 360000);
}

/* Its second try is under way when the reports of the first one come. */
static void reports_do_not_bring_the_next_attempt_before_the_deadline(void)
{
	struct job j = pushed(REACHED_DELIVERED);
	int64_t deadline_ms = j.deadline_ms;

	CU_ASSERT(attempt_apply(&j, JOB_UNDELIVERED, &plan, "a reason",
				T0 + 1000, MIDDLE - 20));
	CU_ASSERT_EQUAL(j.next_ms, deadline_ms);
	CU_ASSERT_EQUAL(j.deadline_ms, 0);
	j = pushed(REACHED_DELIVERED);
	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0 - 3600000));
	CU_ASSERT_EQUAL(j.next_ms, T0 - 3600000 + 360000);
}

static void a_device_that_is_off_is_left_alone_for_a_while(void)
{
	struct job j = pushed(REACHED_DELIVERED);
	bool again;

	j.n_undelivered = 2;
	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0 + 7000));
	CU_ASSERT_EQUAL(j.state, JOB_WAITING);
	CU_ASSERT_EQUAL(j.next_ms, T0 + 300000);
	CU_ASSERT_EQUAL(j.deadline_ms, 0);
	CU_ASSERT_STRING_EQUAL(j.reason, "a reason");
	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0 + 9000));
	CU_ASSERT_EQUAL(j.next_ms, T0 + 300000);
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(again);
	CU_ASSERT_EQUAL(j.attempt, 2);
	CU_ASSERT_EQUAL(j.n_undelivered, 0);
}

/* The SMSC tells so when its validity ends, just before or after us. */
static void an_sms_that_expired_is_sent_again_at_once(void)
{
	for (int64_t ms = -999; ms <= 2000; ms += 2999) {
		struct job j = pushed(REACHED_DELIVERED);
		int64_t told_ms = j.deadline_ms + ms;
		bool again;

		CU_ASSERT(apply(&j, JOB_UNDELIVERED, told_ms));
		CU_ASSERT_EQUAL(j.next_ms, told_ms + (ms < 0 ? -ms : 0));
		CU_ASSERT(take_up(&j, j.next_ms, &again));
		CU_ASSERT(again);
		CU_ASSERT_EQUAL(j.deadline_ms, j.next_ms + 600000);
	}
}

static void a_late_delivery_ends_the_waiting(void)
{
	struct job j = pushed(REACHED_DELIVERED);

	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0));
	CU_ASSERT(apply(&j, JOB_DELIVERED, T0 + 1));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_STRING_EQUAL(j.reason, "");
	j = pushed(REACHED_SESSION);
	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0));
	CU_ASSERT(apply(&j, JOB_DELIVERED, T0 + 1));
	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.next_ms, T0 + 300000);
	CU_ASSERT_EQUAL(j.deadline_ms, T0 + 300000);
}

static void a_late_delivery_does_not_end_the_waiting_for_a_bootstrap(void)
{
	struct job j = pushed(REACHED_SESSION);

	CU_ASSERT(apply(&j, JOB_UNDELIVERED, T0));
	j.next_ms = ATTEMPT_NEVER_MS;
	CU_ASSERT(apply(&j, JOB_DELIVERED, T0 + 1));
	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.next_ms, ATTEMPT_NEVER_MS);
	CU_ASSERT_EQUAL(j.deadline_ms, 0);
}

static void a_delivered_job_that_wants_a_session_is_pushed_again(void)
{
	struct job j = pushed(REACHED_SESSION);
	bool again;

	CU_ASSERT(apply(&j, JOB_DELIVERED, T0 + 1000));
	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.next_ms, T0 + 300000);
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(again);
	CU_ASSERT_EQUAL(j.reached, REACHED_DELIVERED);
}

static void no_attempt_is_made_beyond_the_last(void)
{
	static const struct {
		enum job_reached reached;
		unsigned undelivered;
		const char *reason;
	} ends[] = {
		{ REACHED_NONE, 0, "3 attempts, not sent: " },
		{ REACHED_TAKEN, 0, "3 attempts, no delivery report came: " },
		{ REACHED_DELIVERED, 0,
		  "3 attempts, delivered, and no session came: " },
		{ REACHED_TAKEN, 1, "3 attempts, not delivered by the network "
			"(last report: a report)" },
	};

	for (size_t i = 0; i < 4; i++) {
		struct job j = pushed(REACHED_SESSION);
		bool again;

		j.attempt = 3;
		j.reached = ends[i].reached;
		j.n_undelivered = ends[i].undelivered;
		if (j.n_undelivered)
			strcpy(j.reason, REPORT "a report");
		CU_ASSERT(!take_up(&j, j.next_ms, &again));
		CU_ASSERT_EQUAL(j.state, JOB_FAILED);
		CU_ASSERT_EQUAL(j.attempt, 3);
		CU_ASSERT_PTR_EQUAL(strstr(j.reason, ends[i].reason), j.reason);
	}
}

static void the_last_one_that_is_not_delivered_fails_at_once(void)
{
	struct job j = pushed(REACHED_DELIVERED);

	j.attempt = 3;
	CU_ASSERT(attempt_apply(&j, JOB_UNDELIVERED, &plan, REPORT "y",
				T0 + 1, MIDDLE));
	CU_ASSERT_EQUAL(j.state, JOB_FAILED);
	CU_ASSERT_STRING_EQUAL(j.reason, "3 attempts, not delivered by the "
			       "network (last report: y)");
	j = pushed(REACHED_DELIVERED);
	CU_ASSERT(attempt_apply(&j, JOB_UNDELIVERED,
				&(struct attempt_plan){ 1, 1, 1, 1 },
				REPORT "x", T0, 0));
	CU_ASSERT_STRING_EQUAL(j.reason, "1 attempt, not delivered by the "
			       "network (last report: x)");
}

/* Shown while it waits; kept, for its end, while it is pushed again. */
static void a_report_is_remembered_until_it_is_out_of_date(void)
{
	struct job j = pushed(REACHED_SESSION);
	bool again;

	CU_ASSERT(attempt_apply(&j, JOB_UNDELIVERED, &plan, REPORT "off", T0,
				MIDDLE));
	CU_ASSERT_STRING_EQUAL(job_reason(&j), REPORT "off");
	CU_ASSERT(take_up(&j, j.next_ms, &again));
	CU_ASSERT(apply(&j, JOB_TAKEN, j.next_ms));
	CU_ASSERT_STRING_EQUAL(job_reason(&j), "");
	CU_ASSERT_STRING_EQUAL(j.reason, REPORT "off");
	CU_ASSERT(apply(&j, JOB_DELIVERED, j.next_ms));
	CU_ASSERT_STRING_EQUAL(j.reason, "");
	j.state = JOB_SENDING;
	strcpy(j.reason, "the link broke");
	CU_ASSERT(apply(&j, JOB_TAKEN, j.next_ms));
	CU_ASSERT_STRING_EQUAL(j.reason, "");
}

static void no_sms_is_valid_longer_than_its_job(void)
{
	struct job j = pushed(REACHED_DELIVERED);

	j.expires_ms = T0 + 2000;
	CU_ASSERT_EQUAL(attempt_validity_s(&j), T0 / 1000 + 2);
	j.deadline_ms = 0;
	CU_ASSERT_EQUAL(attempt_validity_s(&j), T0 / 1000 + 2);
}

static void final_jobs_are_left_alone(void)
{
	for (unsigned s = JOB_DONE; s < JOB_STATES; s++) {
		for (unsigned v = 0; v < JOB_EVENTS; v++) {
			struct job j = { .state = s, .next_ms = 7 };
			struct job before = j;

			if (v == JOB_SESSION)
				continue;
			CU_ASSERT(!apply(&j, v, T0));
			CU_ASSERT(!memcmp(&j, &before, sizeof(j)));
		}
	}
}

int main(void)
{
	return tap_run("attempt", (CU_TestInfo[]){
		{ "delays grow up to the ceiling",
		  delays_grow_up_to_the_ceiling },
		{ "every plan has delays", every_plan_has_delays },
		{ "the first attempt begins with the first claim",
		  the_first_attempt_begins_with_the_first_claim },
		{ "a pushed job is due at its deadline",
		  a_pushed_job_is_due_at_its_deadline },
		{ "what was not taken now goes on in its attempt",
		  what_was_not_taken_now_goes_on_in_its_attempt },
		{ "what bearerbox never took is no attempt",
		  what_bearerbox_never_took_is_no_attempt },
		{ "an attempt begun anew does not end earlier",
		  an_attempt_begun_anew_does_not_end_earlier },
		{ "reports do not bring the next attempt before the deadline",
		  reports_do_not_bring_the_next_attempt_before_the_deadline },
		{ "a device that is off is left alone for a while",
		  a_device_that_is_off_is_left_alone_for_a_while },
		{ "an SMS that expired is sent again at once",
		  an_sms_that_expired_is_sent_again_at_once },
		{ "a late delivery ends the waiting",
		  a_late_delivery_ends_the_waiting },
		{ "a late delivery does not end the waiting for a bootstrap",
		  a_late_delivery_does_not_end_the_waiting_for_a_bootstrap },
		{ "a delivered job that wants a session is pushed again",
		  a_delivered_job_that_wants_a_session_is_pushed_again },
		{ "no attempt is made beyond the last",
		  no_attempt_is_made_beyond_the_last },
		{ "the last one that is not delivered fails at once",
		  the_last_one_that_is_not_delivered_fails_at_once },
		{ "a report is remembered until it is out of date",
		  a_report_is_remembered_until_it_is_out_of_date },
		{ "no SMS is valid longer than its job",
		  no_sms_is_valid_longer_than_its_job },
		{ "final jobs are left alone", final_jobs_are_left_alone },
		CU_TEST_INFO_NULL,
	});
}
