/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sender has to bear: acknowledgements and reports that come early,
 * twice, out of order, for nobody or never, and a bearerbox that sends what a
 * real one never would. Each job ends as it should.
 */
#include "gateway/send/sender.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "gateway/clock.h"
#include "tests/sender_fixture.h"

static size_t in_flight(void)
{
	struct sender_status s;

	sender_status(sender, &s);
	return s.in_flight;
}

/* ---------------------------- acknowledgements ---------------------------- */

static void acks_twice_and_for_nobody_count_once(void)
{
	int64_t id;

	begin(2);
	id = send_job(4);
	CU_ASSERT_FATAL(frames(3));
	fake_send_ack(&fake, fake_id(1), BOX_ACK_SUCCESS);
	fake_send_ack(&fake, fake_id(2), BOX_ACK_FAILED);
	fake_send_ack(&fake, NULL, BOX_ACK_FAILED);
	for (unsigned i = 0; i < 3; i++)
		ack(2, BOX_ACK_SUCCESS);
	ack(2, BOX_ACK_FAILED);
	CU_ASSERT_FATAL(frames(4));
	run_for(50);
	CU_ASSERT_EQUAL(fake.n_frames, 4);
	CU_ASSERT_EQUAL(in_flight(), 2);
	ack(1, BOX_ACK_SUCCESS);
	ack(3, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(frames(5));
	ack(4, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.n_taken, 4);
	CU_ASSERT_EQUAL(in_flight(), 0);
	end();
}

static void an_ack_of_before_the_break_is_nobodys(void)
{
	char old[BOX_UUID_LEN + 1] = "";
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	memcpy(old, fake.frames[1].m.sms.id, BOX_UUID_LEN);
	fake_hang_up(&fake);
	wait_reconnect();
	CU_ASSERT_FATAL(frames(2));
	fake_send_ack(&fake, old, BOX_ACK_FAILED);
	run_for(50);
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	end();
}

static void soon_over(struct store_submit *s)
{
	now(s);
	s->job.expires_ms = s->job.next_ms + 1500;
}

/* Bearerbox is full, for ever. */
static void what_is_refused_each_time_expires(void)
{
	unsigned n_acked = 1;
	int64_t id;

	begin(10);
	id = add_with(1, soon_over);
	sender_wake(sender);
	for (int i = 0; i < 4000 && state_of(id) != JOB_EXPIRED; i++) {
		run_loop();
		if (fake.n_frames > n_acked)
			ack(n_acked++, BOX_ACK_FAILED_TMP);
	}
	CU_ASSERT_EQUAL(get.job.state, JOB_EXPIRED);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_NONE);
	CU_ASSERT(n_acked >= 2);
	end();
}

/* It hangs: the connection stays, and nothing is acknowledged. */
static void a_bearerbox_that_is_silent_is_tried_with_one_segment(void)
{
	int64_t ids[3];

	begin_with(10, ATTEMPT_MS / 1000, 1);
	for (unsigned i = 0; i < 3; i++)
		ids[i] = send_job(1);
	CU_ASSERT_FATAL(frames(4));
	wait_reconnect();
	CU_ASSERT_FATAL(frames(2));
	run_for(200);
	CU_ASSERT_EQUAL_FATAL(fake.n_frames, 2);
	wait_reconnect();		/* still silent */
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(frames(4));
	ack(2, BOX_ACK_SUCCESS);
	ack(3, BOX_ACK_SUCCESS);
	for (unsigned i = 0; i < 3; i++) {
		CU_ASSERT(becomes(ids[i], JOB_PUSHED));
		CU_ASSERT_EQUAL(get.job.attempt, 1);
	}
	end();
}

static void one_ack_that_is_missing_is_silence_too(void)
{
	int64_t id, lost;

	begin_with(10, ATTEMPT_MS / 1000, 1);
	lost = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	id = send_job(1);
	CU_ASSERT_FATAL(frames(3));
	run_for(300);
	ack(2, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	wait_reconnect();
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(lost, JOB_PUSHED));
	end();
}

/* -------------------------------- reports -------------------------------- */

static void a_report_may_come_before_its_ack(void)
{
	int64_t id;

	begin(10);
	id = send_job(2);
	CU_ASSERT_FATAL(frames(3));
	report_sms(2, 2, BOX_DLR_DELIVERED);
	report_sms(1, 1, BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(id, JOB_DONE));
	CU_ASSERT_FATAL(frames(5));	/* both are acknowledged */
	ack(1, BOX_ACK_SUCCESS);
	ack(2, BOX_ACK_FAILED);
	run_for(50);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	CU_ASSERT_EQUAL(get.job.reached, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(in_flight(), 0);
	end();
}

static void reports_may_come_twice_and_in_any_order(void)
{
	static const unsigned order[] = { 3, 1, 3, 1, 2, 2, 3 };
	int64_t id;

	begin(10);
	id = send_job(3);
	CU_ASSERT_FATAL(frames(4));
	for (unsigned i = 1; i <= 3; i++)
		ack(i, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	for (unsigned i = 0; i < 4; i++)
		report_sms(i + 1, order[i], BOX_DLR_DELIVERED);
	CU_ASSERT_FATAL(frames(8));
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.n_delivered, 2);
	for (unsigned i = 4; i < 7; i++)
		report_sms(i + 1, order[i], BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(id, JOB_DONE));
	CU_ASSERT(frames(11));		/* each is acknowledged */
	CU_ASSERT_EQUAL(get.job.n_delivered, 3);
	end();
}

static void what_is_delivered_stays_so(void)
{
	static const int32_t later[] = {
		BOX_DLR_FAILED, BOX_DLR_SMSC_REFUSED, BOX_DLR_EXPIRED,
		BOX_DLR_UNKNOWN, BOX_DLR_BUFFERED, BOX_DLR_SMSC_TOOK,
	};
	int64_t id;

	begin(10);
	id = send_job(2);
	CU_ASSERT_FATAL(frames(3));
	ack(1, BOX_ACK_SUCCESS);
	ack(2, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	report_sms(1, 1, BOX_DLR_DELIVERED);
	for (unsigned i = 0; i < 6; i++)
		report_sms(i + 2, 1, later[i]);
	CU_ASSERT_FATAL(frames(10));
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_DELIVERED);
	report_sms(8, 2, BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(id, JOB_DONE));
	end();
}

static void a_report_with_a_forged_key_is_only_acknowledged(void)
{
	static const char *const keys[] = {
		"1.0.00000000000000000000000000000000", "1.0", "rm -rf /",
	};
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	for (unsigned i = 0; i < 3; i++) {
		fake_send_report(&fake, i + 1, BOX_DLR_DELIVERED,
				 keys[i]);
		CU_ASSERT_FATAL(frames(3 + i));
		CU_ASSERT_EQUAL(fake.frames[2 + i].m.type, BOX_MSG_ack);
	}
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	end();
}


/* As if somebody knew the key of one job, and tried it on another. */
static void a_key_opens_one_segment_of_one_job(void)
{
	char key[3 * JOB_DLR_KEY_SIZE];
	const char *token;
	int64_t ids[2];

	begin(10);
	ids[0] = send_job(1);
	ids[1] = send_job(1);
	CU_ASSERT_FATAL(frames(3));
	ack(1, BOX_ACK_SUCCESS);
	ack(2, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(ids[0], JOB_PUSHED));
	CU_ASSERT(becomes(ids[1], JOB_PUSHED));
	token = strrchr(key_of(1), '.');
	snprintf(key, sizeof(key), "%lld.1.1%s", (long long)ids[0], token);
	fake_send_report(&fake, 1, BOX_DLR_DELIVERED, key);
	snprintf(key, sizeof(key), "%lld.0.2%s", (long long)ids[0], token);
	fake_send_report(&fake, 2, BOX_DLR_DELIVERED, key);
	snprintf(key, sizeof(key), "99.0.1%s", token);
	fake_send_report(&fake, 3, BOX_DLR_DELIVERED, key);
	snprintf(key, sizeof(key), "%s0", key_of(1));
	fake_send_report(&fake, 4, BOX_DLR_DELIVERED, key);
	CU_ASSERT_FATAL(frames(7));	/* acknowledged, or they come again */
	CU_ASSERT_EQUAL(state_of(ids[0]), JOB_PUSHED);
	CU_ASSERT_EQUAL(state_of(ids[1]), JOB_PUSHED);
	report_sms(5, 1, BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(ids[0], JOB_DONE));
	CU_ASSERT_EQUAL(state_of(ids[1]), JOB_PUSHED);
	end();
}

static void a_report_of_any_length_is_borne(void)
{
	static char text[60001];
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)(i % 255 + 1);
	fake_send_report(&fake, 1, BOX_DLR_DELIVERED, text);
	CU_ASSERT_FATAL(frames(3));
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	fake.report_text = text;
	report_sms(2, 1, BOX_DLR_FAILED);
	CU_ASSERT(becomes(id, JOB_WAITING));
	CU_ASSERT(frames(4));
	CU_ASSERT(strlen(get.job.reason) < JOB_REASON_SIZE);
	CU_ASSERT_PTR_NULL(strpbrk(get.job.reason, "\n\r\177\377"));
	end();
}

/* --------------------------- no bearerbox at all -------------------------- */

/* Each while a job is under way, which has to be taken in the end. */
static void nonsense_costs_no_job(void)
{
	static const char *const nonsense[] = {
		"00000000",				/* length 0 */
		"80000000",				/* 2^31 */
		"ffffffff",				/* 2^32 - 1 */
		"0000fffd",				/* one too many */
		"00000004 00000005",			/* unknown type */
		"00000002 0000",			/* no type */
		"0000000c 00000001 00000000 7fffffff",	/* cut short */
		"474554202f20485454502f312e300d0a",	/* GET / HTTP */
	};
	int64_t id;

	begin(10);
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		id = send_job(2);
		CU_ASSERT_FATAL(frames(3));
		ack(1, BOX_ACK_SUCCESS);
		fake_send_hex(&fake, nonsense[i]);
		wait_reconnect();
		CU_ASSERT_FATAL(frames(2));	/* the other segment */
		ack(1, BOX_ACK_SUCCESS);
		CU_ASSERT(becomes(id, JOB_PUSHED));
		fake_hang_up(&fake);
		wait_reconnect();
		CU_ASSERT_FATAL(frames(1));
	}
	end();
}

static void an_ack_with_an_unknown_code_is_none(void)
{
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	ack(1, (enum box_nack)4);
	wait_reconnect();
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	end();
}

/* It reads an sms and hangs up, again and again. */
static void a_job_outlives_every_connection(void)
{
	int64_t id;

	begin(10);
	id = send_job(1);
	for (unsigned i = 0; i < 4; i++) {
		CU_ASSERT_FATAL(frames(2));
		fake_hang_up(&fake);
		wait_reconnect();
	}
	CU_ASSERT_FATAL(frames(2));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.attempt, 1);
	CU_ASSERT_EQUAL(get.job.tries, 5);
	end();
}

static void octets_may_come_one_at_a_time(void)
{
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	fake.drips = true;
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	report_sms(1, 1, BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(id, JOB_DONE));
	CU_ASSERT(frames(3));
	end();
}

static void other_messages_change_nothing(void)
{
	struct box_msg m;
	int64_t id;

	begin(10);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	box_msg_init(&m, BOX_MSG_heartbeat);
	fake_send(&fake, &m);
	fake_send_admin(&fake, BOX_CMD_SUSPEND);
	fake_send_admin(&fake, (enum box_command)99);
	fake_send_mo(&fake, 1);
	fake_send_report(&fake, 2, BOX_DLR_DELIVERED, NULL);
	CU_ASSERT_FATAL(frames(4));	/* both sms are refused */
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(fake.n_accepts, 1);
	end();
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return store_tests("sender_faults", (CU_TestInfo[]){
		{ "acks twice and for nobody count once",
		  acks_twice_and_for_nobody_count_once },
		{ "an ack of before the break is nobody's",
		  an_ack_of_before_the_break_is_nobodys },
		{ "what is refused each time expires",
		  what_is_refused_each_time_expires },
		{ "a bearerbox that is silent is tried with one segment",
		  a_bearerbox_that_is_silent_is_tried_with_one_segment },
		{ "one ack that is missing is silence, too",
		  one_ack_that_is_missing_is_silence_too },
		{ "a report may come before its ack",
		  a_report_may_come_before_its_ack },
		{ "reports may come twice and in any order",
		  reports_may_come_twice_and_in_any_order },
		{ "what is delivered stays so", what_is_delivered_stays_so },
		{ "a report with a forged key is only acknowledged",
		  a_report_with_a_forged_key_is_only_acknowledged },
		{ "a key opens one segment of one job",
		  a_key_opens_one_segment_of_one_job },
		{ "a report of any length is borne",
		  a_report_of_any_length_is_borne },
		{ "nonsense costs no job", nonsense_costs_no_job },
		{ "an ack with an unknown code is none",
		  an_ack_with_an_unknown_code_is_none },
		{ "a job outlives every connection",
		  a_job_outlives_every_connection },
		{ "octets may come one at a time",
		  octets_may_come_one_at_a_time },
		{ "other messages change nothing",
		  other_messages_change_nothing },
		CU_TEST_INFO_NULL,
	});
}
