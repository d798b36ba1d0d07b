/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define W JOB_WAITING
#define S JOB_SENDING
#define P JOB_PUSHED
#define D JOB_DONE
#define F JOB_FAILED
#define X JOB_EXPIRED
#define C JOB_CANCELLED
#define _ (-1)			/* nothing happens */

/* What dmbox-api(7) and common sense ask for; not copied from job.c. */
static const int expected[JOB_STATES][JOB_EVENTS] = {
	/*	  claim later taken deliv undel refus exhau sess expire canc */
	[W] = {	  S,    _,    P,    P,    W,    F,    F,    D,   X,     C },
	[S] = {	  _,    W,    P,    P,    W,    F,    F,    D,   X,     C },
	[P] = {	  S,    W,    _,    P,    W,    F,    F,    D,   X,     C },
	[D] = {	  _,    _,    _,    _,    _,    _,    _,    D,   _,     _ },
	[F] = {	  _,    _,    _,    _,    _,    _,    _,    _,   _,     _ },
	[X] = {	  _,    _,    _,    _,    _,    _,    _,    _,   _,     _ },
	[C] = {	  _,    _,    _,    _,    _,    _,    _,    _,   _,     _ },
};

static void every_state_takes_the_events_that_it_should(void)
{
	for (unsigned s = 0; s < JOB_STATES; s++) {
		for (unsigned v = 0; v < JOB_EVENTS; v++) {
			enum job_state next = 99;
			bool moved = job_move(s, v, &next);
			int want = expected[s][v];

			CU_ASSERT_EQUAL(moved, want != _);
			CU_ASSERT_EQUAL((int)next, moved ? want : 99);
		}
	}
}

static void an_event_that_is_not_listed_changes_nothing(void)
{
	for (unsigned s = 0; s < JOB_STATES; s++) {
		for (unsigned v = 0; v < JOB_EVENTS; v++) {
			struct job j = { .state = s, .changed_ms = 1,
					 .until = REACHED_DELIVERED };
			struct job before = j;
			bool changed = job_apply(&j, v, 2);

			CU_ASSERT_EQUAL(changed, expected[s][v] != _);
			CU_ASSERT_EQUAL(changed, j.changed_ms == 2);
			CU_ASSERT(changed || !memcmp(&j, &before, sizeof(j)));
		}
	}
}

static void final_states_are_final(void)
{
	for (unsigned s = 0; s < JOB_STATES; s++) {
		bool moves = false;

		for (unsigned v = 0; v < JOB_EVENTS; v++)
			moves |= expected[s][v] != _ &&
				 expected[s][v] != (int)s;
		CU_ASSERT_EQUAL(job_is_final(s), !moves);
	}
}

static struct job pushed(enum job_reached until)
{
	struct job j = { .state = JOB_SENDING, .until = until };

	CU_ASSERT(job_apply(&j, JOB_TAKEN, 5));
	return j;
}

static void a_job_is_done_when_it_reached_what_was_asked_for(void)
{
	struct job j = pushed(REACHED_TAKEN);

	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_EQUAL(j.reached, REACHED_TAKEN);
	j = pushed(REACHED_DELIVERED);
	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.reached, REACHED_TAKEN);
	CU_ASSERT(job_apply(&j, JOB_DELIVERED, 6));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_EQUAL(j.reached, REACHED_DELIVERED);
	j = pushed(REACHED_SESSION);
	CU_ASSERT(job_apply(&j, JOB_DELIVERED, 6));
	CU_ASSERT_EQUAL(j.state, JOB_PUSHED);
	CU_ASSERT_EQUAL(j.reached, REACHED_DELIVERED);
	CU_ASSERT(job_apply(&j, JOB_SESSION, 7));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_EQUAL(j.reached, REACHED_SESSION);
}

static void a_session_counts_for_a_job_that_is_done(void)
{
	struct job j = pushed(REACHED_TAKEN);

	CU_ASSERT(job_apply(&j, JOB_SESSION, 6));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_EQUAL(j.reached, REACHED_SESSION);
}

static void reached_only_grows(void)
{
	struct job j = { .state = JOB_SENDING, .until = REACHED_DELIVERED,
			 .reached = REACHED_DELIVERED };

	CU_ASSERT(job_apply(&j, JOB_TAKEN, 1));
	CU_ASSERT_EQUAL(j.reached, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	j = pushed(REACHED_DELIVERED);
	CU_ASSERT(job_apply(&j, JOB_REFUSED, 1));
	CU_ASSERT_EQUAL(j.reached, REACHED_TAKEN);
}

static void only_a_claim_counts_as_a_try(void)
{
	for (unsigned s = 0; s < JOB_STATES; s++) {
		for (unsigned v = 0; v < JOB_EVENTS; v++) {
			struct job j = { .state = s, .tries = 3 };
			bool claimed = job_apply(&j, v, 1) && v == JOB_CLAIM;

			CU_ASSERT_EQUAL(j.tries, claimed ? 4 : 3);
		}
	}
}

#define SW SEGMENT_WAITING
#define ST SEGMENT_TAKEN
#define SD SEGMENT_DELIVERED
#define SF SEGMENT_FAILED
#define SU SEGMENT_UNDELIVERED
#define NO { _, 0, 0, 0 }

static const struct {
	int next;
	int taken, delivered, undelivered;	/* what the counters gain */
} segment_expected[SEGMENT_STATES][SEGMENT_EVENTS] = {
	/*	  acked          not now  nacked */
	[SW] = { { ST, 1, 0, 0 }, NO, { SF, 0, 0, 0 },
	/*	  ok               later            bad             back */
		 { SD, 1, 1, 0 }, { SU, 1, 0, 1 }, { SF, 0, 0, 0 }, NO },
	[ST] = { NO, NO, NO,
		 { SD, 0, 1, 0 }, { SU, 0, 0, 1 }, { SF, 0, 0, 0 },
		 { SW, -1, 0, 0 } },
	[SU] = { NO, NO, NO, { SD, 0, 1, -1 }, NO, { SF, 0, 0, -1 }, NO },
	[SD] = { NO, NO, NO, NO, NO, NO, NO },
	[SF] = { NO, NO, NO, NO, NO, NO, NO },
};

static void every_segment_takes_the_events_that_it_should(void)
{
	for (unsigned s = 0; s < SEGMENT_STATES; s++) {
		for (unsigned v = 0; v < SEGMENT_EVENTS; v++) {
			struct job j = { .state = JOB_SENDING, .n_taken = 10,
					 .n_delivered = 5,
					 .n_undelivered = 5 };
			enum segment_state now = s;
			bool moved = job_segment_apply(&j, &now, v);
			int want = segment_expected[s][v].next;

			CU_ASSERT_EQUAL(moved, want != _);
			CU_ASSERT_EQUAL((int)now, moved ? want : (int)s);
			CU_ASSERT_EQUAL((int)j.n_taken - 10,
					segment_expected[s][v].taken);
			CU_ASSERT_EQUAL((int)j.n_delivered - 5,
					segment_expected[s][v].delivered);
			CU_ASSERT_EQUAL((int)j.n_undelivered - 5,
					segment_expected[s][v].undelivered);
			CU_ASSERT_EQUAL(j.state, JOB_SENDING);
		}
	}
}

/* Any order of events, repeated at will, counts every segment once. */
static void counters_follow_the_segments(uint64_t *state)
{
	enum segment_state segments[5] = { SEGMENT_WAITING };
	struct job j = { .n_segments = 5 };
	unsigned delivered = 0;

	for (unsigned i = 0; i < 40; i++)
		job_segment_apply(&j, &segments[tap_random_below(state, 5)],
				  (enum segment_event)
				  tap_random_below(state, SEGMENT_EVENTS));
	for (unsigned i = 0; i < 5; i++)
		delivered += segments[i] == SEGMENT_DELIVERED;
	CU_ASSERT_EQUAL(j.n_delivered, delivered);
	CU_ASSERT(j.n_taken >= j.n_delivered + j.n_undelivered);
	CU_ASSERT(j.n_taken <= j.n_segments);
}

static void counters_never_run_away(void)
{
	tap_property(500, counters_follow_the_segments);
}

static enum job_event expected_settling(const struct job *j)
{
	if (j->n_delivered == j->n_segments)
		return JOB_DELIVERED;
	if (j->n_delivered + j->n_undelivered == j->n_segments)
		return JOB_UNDELIVERED;
	return j->n_taken == j->n_segments ? JOB_TAKEN : JOB_LATER;
}

static void the_counters_say_what_a_job_has_come_to(void)
{
	for (unsigned n = 1; n <= 9; n++)
		for (unsigned taken = 0; taken <= n; taken++)
			for (unsigned got = 0; got <= taken; got++)
				for (unsigned un = 0; un <= taken - got; un++) {
					struct job j = {
						.n_segments = n,
						.n_taken = taken,
						.n_delivered = got,
						.n_undelivered = un,
					};

					CU_ASSERT_EQUAL(job_settle(&j),
						expected_settling(&j));
				}
}

static void the_wait_doubles_up_to_a_minute(void)
{
	static const int64_t want[] = { 1000, 1000, 2000, 4000, 8000, 16000,
					32000, 60000, 60000 };
	int64_t least, most;

	for (uint32_t n = 0; n < 200; n++) {
		int64_t ms = want[n < 8 ? n : 8];

		least = INT64_MAX;
		most = 0;
		for (uint32_t random = 0; random < 41; random++) {
			int64_t got = job_backoff_ms(n, random);

			least = got < least ? got : least;
			most = got > most ? got : most;
		}
		CU_ASSERT_EQUAL(least, ms * 8 / 10);
		CU_ASSERT_EQUAL(most, ms * 12 / 10);
	}
	CU_ASSERT(job_backoff_ms(UINT32_MAX, UINT32_MAX) <= 72000);
}

static void a_session_id_counts_up_and_is_never_0(void)
{
	for (unsigned last = 0; last <= UINT16_MAX; last++) {
		unsigned next = job_next_session_id((uint16_t)last, false);

		if (next != (last == UINT16_MAX ? 1 : last + 1))
			CU_FAIL("it does not count up");
	}
}

static void an_id_for_a_swapping_client_reads_the_same_both_ways(void)
{
	bool seen[256] = { false };
	uint16_t id = 0x1234;

	for (unsigned last = 0; last <= UINT16_MAX; last++) {
		unsigned next = job_next_session_id((uint16_t)last, true);

		if (next == 0 || next >> 8 != (next & 0xff) || next == last)
			CU_FAIL("no such id");
	}
	for (unsigned i = 0; i < 255; i++) {
		id = job_next_session_id(id, true);
		CU_ASSERT(!seen[id & 0xff]);
		seen[id & 0xff] = true;
	}
}

static void methods_and_states_have_names(void)
{
	enum job_state state;

	for (unsigned s = 0; s < JOB_STATES; s++) {
		CU_ASSERT_EQUAL(job_state_find(job_state_name(s), &state),
				DM_OK);
		CU_ASSERT_EQUAL(state, s);
	}
	CU_ASSERT_EQUAL(job_state_find("Waiting", &state), DM_ENOENT);
	CU_ASSERT_EQUAL(job_state_find("", &state), DM_ENOENT);
	CU_ASSERT_STRING_EQUAL(job_method_name(JOB_NOTIFY), "notify");
	CU_ASSERT_STRING_EQUAL(job_method_name(JOB_BOOTSTRAP), "bootstrap");
	CU_ASSERT_STRING_EQUAL(job_reached_name(REACHED_NONE), "none");
	CU_ASSERT_STRING_EQUAL(job_reached_name(REACHED_TAKEN), "taken");
	CU_ASSERT_STRING_EQUAL(job_reached_name(REACHED_DELIVERED),
			       "delivered");
	CU_ASSERT_STRING_EQUAL(segment_state_name(SEGMENT_WAITING), "waiting");
	CU_ASSERT_STRING_EQUAL(segment_state_name(SEGMENT_TAKEN), "taken");
	CU_ASSERT_STRING_EQUAL(segment_state_name(SEGMENT_DELIVERED),
			       "delivered");
	CU_ASSERT_STRING_EQUAL(segment_state_name(SEGMENT_FAILED), "failed");
	CU_ASSERT_STRING_EQUAL(segment_state_name(SEGMENT_UNDELIVERED),
			       "undelivered");
	CU_ASSERT_STRING_EQUAL(job_reached_name(REACHED_SESSION), "session");
}

static int read_key(const char *key, struct job_dlr_key *k)
{
	return job_dlr_key_parse(key, strlen(key), k);
}

static void a_report_key_comes_back_as_it_went(void)
{
	static const int64_t ids[] = { 1, 17, 999999, INT64_MAX };
	struct job j = { .token = { 0x00, 0xff, 0x10, 0x7f, 0x80 } };
	char key[JOB_DLR_KEY_SIZE];
	struct job_dlr_key k;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		for (unsigned n = 0; n < SEGMENTS_MAX; n++) {
			j.id = ids[i];
			j.attempt = 1 + n % 100;
			job_dlr_key(&j, n, key);
			CU_ASSERT_EQUAL(read_key(key, &k), DM_OK);
			CU_ASSERT_EQUAL(k.job, ids[i]);
			CU_ASSERT_EQUAL(k.segment, n);
			CU_ASSERT_EQUAL(k.attempt, j.attempt);
			CU_ASSERT(!memcmp(k.token, j.token, sizeof(k.token)));
		}
	}
}

#define TOKEN "00112233445566778899aabbccddeeff"

static void a_key_of_an_older_version_is_of_the_first_attempt(void)
{
	struct job_dlr_key k;

	CU_ASSERT_EQUAL(read_key("7.2." TOKEN, &k), DM_OK);
	CU_ASSERT_EQUAL(k.job, 7);
	CU_ASSERT_EQUAL(k.segment, 2);
	CU_ASSERT_EQUAL(k.attempt, 1);
	CU_ASSERT_EQUAL(k.token[1], 0x11);
	CU_ASSERT_EQUAL(read_key("7.2.a" "bc123456789012345678901234567890",
				 &k), DM_EPROTO);
	CU_ASSERT_EQUAL(read_key("7.2.abc12345678901234567890123456789", &k),
			DM_OK);
	CU_ASSERT_EQUAL(k.attempt, 1);
	CU_ASSERT_EQUAL(k.token[0], 0xab);
}

static void a_key_that_is_none_is_refused(void)
{
	static const char *const bad[] = {
		"", ".", "1", "1.", "1.2", "1.2.", "1.2.00", "1.2.3",
		"1.2.3.", "1.2.3.00", "1.2.3." TOKEN "00",
		"1.2.3." TOKEN "0", "1.2.3.g" TOKEN, "-1.2.3." TOKEN,
		"1,2.3." TOKEN, "x.2.3." TOKEN, "1.x.3." TOKEN,
		"1.2.x." TOKEN, "1.2.3.4." TOKEN, "1.2222.3." TOKEN,
		"1.2.3333." TOKEN, TOKEN "." TOKEN "." TOKEN,
		"1.2 .3." TOKEN, "1.2.3 ." TOKEN,
	};
	struct job_dlr_key k;

	CU_ASSERT_EQUAL(read_key("1.2.3." TOKEN, &k), DM_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(read_key(bad[i], &k), DM_EPROTO);
	CU_ASSERT_EQUAL(job_dlr_key_parse("1.2.3.\0" TOKEN, 39, &k),
			DM_EPROTO);
}

static void refuses_a_key_cut_anywhere(void)
{
	static const char key[] = "123.4.5." TOKEN;
	struct job_dlr_key k;

	for (size_t len = 0; len < sizeof(key) - 1; len++)
		CU_ASSERT_EQUAL(job_dlr_key_parse(key, len, &k), DM_EPROTO);
}

int main(void)
{
	return tap_run("job", (CU_TestInfo[]){
		{ "every state takes the events that it should",
		  every_state_takes_the_events_that_it_should },
		{ "an event that is not listed changes nothing",
		  an_event_that_is_not_listed_changes_nothing },
		{ "final states are final", final_states_are_final },
		{ "a job is done when it reached what was asked for",
		  a_job_is_done_when_it_reached_what_was_asked_for },
		{ "a session counts for a job that is done",
		  a_session_counts_for_a_job_that_is_done },
		{ "reached only grows", reached_only_grows },
		{ "only a claim counts as a try",
		  only_a_claim_counts_as_a_try },
		{ "every segment takes the events that it should",
		  every_segment_takes_the_events_that_it_should },
		{ "counters never run away", counters_never_run_away },
		{ "the counters say what a job has come to",
		  the_counters_say_what_a_job_has_come_to },
		{ "the wait doubles up to a minute",
		  the_wait_doubles_up_to_a_minute },
		{ "a session id counts up and is never 0",
		  a_session_id_counts_up_and_is_never_0 },
		{ "an id for a swapping client reads the same both ways",
		  an_id_for_a_swapping_client_reads_the_same_both_ways },
		{ "methods and states have names",
		  methods_and_states_have_names },
		{ "a report key comes back as it went",
		  a_report_key_comes_back_as_it_went },
		{ "a key of an older version is of the first attempt",
		  a_key_of_an_older_version_is_of_the_first_attempt },
		{ "a key that is none is refused",
		  a_key_that_is_none_is_refused },
		{ "refuses a key cut anywhere", refuses_a_key_cut_anywhere },
		CU_TEST_INFO_NULL,
	});
}
