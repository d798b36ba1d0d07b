/* SPDX-License-Identifier: Apache-2.0 */
/* What the example DM server does when a device does not do its part. */
#include "examples/dm-server/update.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "examples/dm-server/contact.h"
#include "tests/tap.h"

#define RETRY_S 100
#define RESULT_S 1000
#define WAKES_MAX 3

static const struct config config = {
	.wakes_max = WAKES_MAX, .retry_s = RETRY_S, .result_within_s = RESULT_S,
};
static struct server server = { .config = &config };
static struct member m;
static unsigned n_contacts, n_saves;

/* Instead of those of the server. */
void contact_next(struct member *member)
{
	CU_ASSERT_PTR_EQUAL(member, &m);
	n_contacts++;
}

void server_save(struct member *member)
{
	CU_ASSERT_PTR_EQUAL(member, &m);
	n_saves++;
}

void say(const char *device, const char *event, const char *sentence, ...)
{
	(void)device;
	(void)event;
	(void)sentence;
}

/* A device with this step, that has been woken once. */
static void begin(const char *dm_version, enum update_step step)
{
	memset(&m, 0, sizeof(m));
	m.server = &server;
	m.device.update.step = step;
	m.device.update.number = m.session.update = 7;
	m.device.update.wakes = 1;
	strcpy(m.device.dm_version, dm_version);
	n_contacts = n_saves = 0;
}

/* Is it waiting for about this time? */
static bool waits(long long s)
{
	long long left = m.device.update.due_s - (long long)time(NULL);

	return m.device.update.due_s && left <= s && left >= s - 30;
}

/* Its time comes, and it is woken; n: how often in all. */
static bool is_woken(unsigned n)
{
	n_contacts = 0;
	update_tick(&m, m.device.update.due_s - 1);
	if (n_contacts)
		return false;
	update_tick(&m, m.device.update.due_s);
	return n_contacts == 1 && m.device.update.wakes == n &&
	       !m.device.update.due_s;
}

static bool has_failed(const char *words)
{
	const struct update *u = &m.device.update;

	if (u->step == UPDATE_FAILED && strstr(u->words, words))
		return true;
	printf("# %s: %s\n", update_step_name(u->step), u->words);
	return false;
}

static void session_ends(bool well)
{
	m.session.phase = SESSION_OVER;
	m.session.ended_well = well;
	update_after_session(&m);
}

static void job_ends(const char *state, const char *reached)
{
	json_t *job = json_pack("{s:s, s:s, s:s}", "state", state, "reached",
				reached, "reason", "a reason");

	update_job_ended(&m, job);
	json_decref(job);
}

static void a_session_that_breaks_off_is_tried_again_but_not_for_ever(void)
{
	begin("1.2", UPDATE_WANTED);
	for (unsigned n = 2; n <= WAKES_MAX; n++) {
		session_ends(false);
		CU_ASSERT(waits(RETRY_S));
		CU_ASSERT_EQUAL(m.device.update.step, UPDATE_WANTED);
		CU_ASSERT(is_woken(n));
		CU_ASSERT(n_saves > 0);
	}
	session_ends(false);
	CU_ASSERT(has_failed("its session broke off; it was woken 3 times"));
}

static void a_failure_that_passes_is_tried_again(void)
{
	begin("1.2", UPDATE_AGAIN);
	strcpy(m.device.update.words, "the network failed");
	m.device.update.result = 503;
	session_ends(true);
	CU_ASSERT(waits(RETRY_S));
	CU_ASSERT_PTR_NOT_NULL(strstr(m.device.update.words,
				      "the network failed; it is woken"));
	session_ends(true);		/* it comes by itself meanwhile */
	CU_ASSERT_PTR_NULL(strstr(m.device.update.words, "in 100 s; it"));
	CU_ASSERT(is_woken(2));
	CU_ASSERT_EQUAL(m.device.update.step, UPDATE_WANTED);
	CU_ASSERT_EQUAL(m.device.update.result, 0);
	m.device.update.step = UPDATE_AGAIN;
	m.device.update.wakes = WAKES_MAX;
	session_ends(true);
	CU_ASSERT(has_failed("it was woken 3 times"));
}

static void one_that_tells_no_result_is_asked(void)
{
	begin("1.1.2", UPDATE_STARTED);
	session_ends(true);
	for (unsigned n = 2; n <= WAKES_MAX; n++) {
		CU_ASSERT(waits(RESULT_S));
		CU_ASSERT(is_woken(n));
		CU_ASSERT_EQUAL(m.device.update.step, UPDATE_STARTED);
		session_ends(true);
	}
	update_tick(&m, m.device.update.due_s);
	CU_ASSERT(has_failed("never told how it went"));
}

static void one_that_does_not_come_gets_the_default_nonce_once(void)
{
	begin("1.2", UPDATE_WANTED);
	job_ends("expired", "delivered");
	CU_ASSERT_EQUAL(m.device.update.wakes, 2);
	CU_ASSERT_EQUAL(m.device.update.resync_wake, 2);
	CU_ASSERT_EQUAL(n_contacts, 1);
	job_ends("failed", "delivered");
	CU_ASSERT(has_failed("bootstrap it anew?"));
	CU_ASSERT_EQUAL(n_contacts, 1);
}

/* It has none, or has had it today: contact.c notes that it was tried. */
static void without_it_it_is_woken_as_before(void)
{
	begin("1.1.2", UPDATE_WANTED);
	for (unsigned n = 2; n <= WAKES_MAX; n++) {
		job_ends("expired", "delivered");
		CU_ASSERT(waits(0));
		CU_ASSERT_EQUAL(m.device.update.resync_wake, 0);
		CU_ASSERT(is_woken(n));
	}
	job_ends("expired", "delivered");
	CU_ASSERT(has_failed("a reason; it was woken 3 times"));
	begin("1.2", UPDATE_WANTED);
	m.device.update.wakes = 2;
	m.device.update.resync_wake = 1;
	job_ends("expired", "delivered");
	CU_ASSERT(is_woken(3));
}

static void one_that_is_not_reached_is_tried_again(void)
{
	begin("1.2", UPDATE_WANTED);
	job_ends("expired", "taken");
	CU_ASSERT(waits(0));
	CU_ASSERT(is_woken(2));
	CU_ASSERT_EQUAL(m.device.update.resync_wake, 0);
	job_ends("failed", "taken");
	CU_ASSERT(has_failed("cannot be woken: a reason"));
	begin("1.2", UPDATE_STARTED);
	job_ends("cancelled", "taken");
	CU_ASSERT(has_failed("was cancelled: a reason"));
}

static void a_new_order_in_its_session_wakes_it_at_once(void)
{
	begin("1.2", UPDATE_WANTED);
	m.session.update = 6;
	session_ends(true);
	CU_ASSERT_EQUAL(n_contacts, 1);
	CU_ASSERT_EQUAL(m.device.update.due_s, 0);
	CU_ASSERT_EQUAL(m.device.update.wakes, 1);
}

static void who_is_here_or_done_is_left_alone(void)
{
	static const enum update_step over[] = {
		UPDATE_NONE, UPDATE_DONE, UPDATE_FAILED,
	};

	begin("1.2", UPDATE_WANTED);
	m.session.phase = SESSION_OPEN;
	m.device.update.due_s = 1;
	update_tick(&m, 2);
	job_ends("expired", "delivered");
	CU_ASSERT_EQUAL(m.device.update.wakes, 1);
	for (size_t i = 0; i < sizeof(over) / sizeof(over[0]); i++) {
		begin("1.2", over[i]);
		session_ends(true);
		job_ends("expired", "delivered");
		m.device.update.due_s = 1;
		update_tick(&m, 2);
		CU_ASSERT_EQUAL(m.device.update.step, over[i]);
		CU_ASSERT_EQUAL(n_contacts, 0);
	}
}

int main(void)
{
	return tap_run("dm_server_update", (CU_TestInfo[]){
		{ "a session that breaks off is tried again, not for ever",
		  a_session_that_breaks_off_is_tried_again_but_not_for_ever },
		{ "a failure that passes is tried again",
		  a_failure_that_passes_is_tried_again },
		{ "one that tells no result is asked",
		  one_that_tells_no_result_is_asked },
		{ "one that does not come gets the default nonce, once",
		  one_that_does_not_come_gets_the_default_nonce_once },
		{ "without it, it is woken as before",
		  without_it_it_is_woken_as_before },
		{ "one that is not reached is tried again",
		  one_that_is_not_reached_is_tried_again },
		{ "a new order in its session wakes it at once",
		  a_new_order_in_its_session_wakes_it_at_once },
		{ "who is here or done is left alone",
		  who_is_here_or_done_is_left_alone },
		CU_TEST_INFO_NULL,
	});
}
