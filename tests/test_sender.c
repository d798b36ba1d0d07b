/* SPDX-License-Identifier: Apache-2.0 */
/* What the sender does; what it has to bear is in test_sender_faults. */
#include "gateway/send/sender.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "gateway/clock.h"
#include "tests/sender_fixture.h"

static void brings_a_job_to_its_end(void)
{
	int64_t id;

	begin(10);
	id = send_job(2);
	CU_ASSERT_FATAL(frames(3));
	CU_ASSERT_EQUAL(state_of(id), JOB_SENDING);
	CU_ASSERT_EQUAL(fake.frames[1].m.sms.dlr_mask, 19);
	ack(2, BOX_ACK_BUFFERED);
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	report_sms(1, 1, BOX_DLR_DELIVERED);
	report_sms(2, 2, BOX_DLR_DELIVERED);
	CU_ASSERT(becomes(id, JOB_DONE));
	CU_ASSERT(frames(5));		/* both reports are acknowledged */
	CU_ASSERT_EQUAL(fake.frames[4].m.type, BOX_MSG_ack);
	CU_ASSERT(end() < 500);
}

static void keeps_its_window(void)
{
	struct sender_status s;
	int64_t id;

	begin(2);
	id = send_job(5);
	CU_ASSERT(frames(3));
	run_for(50);
	CU_ASSERT_EQUAL_FATAL(fake.n_frames, 3);
	sender_status(sender, &s);
	CU_ASSERT_EQUAL(s.in_flight, 2);
	for (unsigned i = 1; i <= 5; i++) {
		ack(i, BOX_ACK_SUCCESS);
		CU_ASSERT_FATAL(frames(i + 2 < 6 ? i + 3 : 6));
	}
	CU_ASSERT(becomes(id, JOB_PUSHED));
	end();
}

/* What waits in memory for the window is bounded. */
static void claims_four_windows_and_no_more(void)
{
	int64_t ids[6];

	begin(1);
	for (unsigned i = 0; i < 6; i++)
		ids[i] = send_job(1);
	CU_ASSERT(becomes(ids[3], JOB_SENDING));
	run_for(50);
	CU_ASSERT_EQUAL(fake.n_frames, 2);
	CU_ASSERT_EQUAL(state_of(ids[4]), JOB_WAITING);
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(ids[4], JOB_SENDING));
	CU_ASSERT_EQUAL(state_of(ids[5]), JOB_WAITING);
	end();
}

static void sends_the_longest_message_in_order(void)
{
	int64_t id;

	begin(100);
	id = send_job(SEGMENTS_MAX);
	for (unsigned i = 1; i <= SEGMENTS_MAX; i++) {
		const struct box_octets *data = &fake.frames[i].m.sms.msgdata;

		CU_ASSERT_FATAL(frames(i < 156 ? i + 100 : 256));
		CU_ASSERT(tap_same(data->mem, data->len,
				   sent[i - 1].octets + 3, 7));
		ack(i, BOX_ACK_SUCCESS);
	}
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.n_taken, SEGMENTS_MAX);
	end();
}

static void a_refusal_ends_the_job_and_keeps_its_reason(void)
{
	int64_t id;

	begin(10);
	id = send_job(3);
	CU_ASSERT_FATAL(frames(4));
	ack(1, BOX_ACK_FAILED);
	run_for(20);
	ack(2, BOX_ACK_FAILED_TMP);
	ack(3, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_FAILED));
	CU_ASSERT_STRING_EQUAL(get.job.reason,
		"bearerbox refused it: no route, or not allowed");
	CU_ASSERT_EQUAL(get.segments[2].state, SEGMENT_TAKEN);
	end();
}

static void a_report_of_a_bad_number_ends_the_sending(void)
{
	int64_t id;

	begin(1);
	id = send_job(3);
	CU_ASSERT_FATAL(frames(2));
	report_sms(1, 1, BOX_DLR_SMSC_REFUSED);
	CU_ASSERT(becomes(id, JOB_FAILED));
	ack(1, BOX_ACK_SUCCESS);
	run_for(50);
	CU_ASSERT_EQUAL(fake.n_frames, 3);	/* the report's ack */
	CU_ASSERT_EQUAL(fake.frames[2].m.type, BOX_MSG_ack);
	CU_ASSERT_EQUAL(get.segments[1].state, SEGMENT_WAITING);
	end();
}

/* The first octets of a segment, which may be of a password. */
static void a_reason_has_nothing_of_the_message(void)
{
	int64_t id;

	begin(1);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	fake.report_text = "id:1 stat:REJECTD err:001 text:srvpwd";
	report_sms(1, 1, BOX_DLR_FAILED);
	CU_ASSERT(becomes(id, JOB_FAILED));
	CU_ASSERT_STRING_EQUAL(get.job.reason, "refused by the network for good "
			       "(report: id:1 stat:REJECTD err:001)");
	end();
}

static void an_sms_is_valid_until_its_attempt_ends(void)
{
	int64_t left_s;

	begin_with(10, 5, 60);
	send_job(1);
	CU_ASSERT_FATAL(frames(2));
	left_s = fake.frames[1].m.sms.validity - clock_ms() / 1000;
	CU_ASSERT(left_s >= 3 && left_s <= 6);
	end();
}

/* Bearerbox does not take what has no validity left: no fault of the number. */
static void a_refusal_that_is_too_late_is_no_refusal(void)
{
	int64_t id;

	begin_with(10, 1, 60);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	run_for(2300);
	ack(1, BOX_ACK_FAILED);
	CU_ASSERT(becomes(id, JOB_WAITING));
	CU_ASSERT_STRING_EQUAL(get.job.reason,
			       "it was too late for this attempt");
	CU_ASSERT_FATAL(frames(3));
	ack(2, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.attempt, 1);
	end();
}

static void what_gets_no_report_is_sent_again(void)
{
	static char first[JOB_DLR_KEY_SIZE];
	int64_t id;

	begin_with(10, 1, 60);
	id = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	snprintf(first, sizeof(first), "%s", key_of(1));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(frames(3));
	CU_ASSERT(tap_same(fake.frames[2].m.sms.msgdata.mem,
			   fake.frames[2].m.sms.msgdata.len,
			   sent[0].octets + 3, 7));
	ack(2, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.attempt, 2);
	fake_send_report(&fake, 1, BOX_DLR_DELIVERED, first);
	CU_ASSERT(becomes(id, JOB_DONE));
	end();
}

static void a_bearerbox_that_is_full_is_left_alone_for_a_while(void)
{
	begin(20);
	for (unsigned i = 0; i < 10; i++)
		send_job(1);
	CU_ASSERT_FATAL(frames(11));
	for (unsigned i = 1; i <= 10; i++)
		ack(i, BOX_ACK_FAILED_TMP);
	run_for(30);
	send_job(1);
	run_for(300);
	CU_ASSERT_EQUAL(fake.n_frames, 11);
	CU_ASSERT(frames(12) || fake.n_frames > 12);
	end();
}

static void what_is_not_taken_now_is_tried_later(void)
{
	int64_t id;

	begin(10);
	id = send_job(2);
	CU_ASSERT_FATAL(frames(3));
	ack(1, BOX_ACK_SUCCESS);
	ack(2, BOX_ACK_FAILED_TMP);
	CU_ASSERT(becomes(id, JOB_WAITING));
	CU_ASSERT_STRING_EQUAL(get.job.reason,
			       "bearerbox cannot take it now");
	CU_ASSERT_FATAL(frames(4));	/* after about a second, one only */
	CU_ASSERT_EQUAL(fake.frames[3].m.sms.udhdata.len, 3);
	ack(3, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	CU_ASSERT_EQUAL(get.job.tries, 2);
	end();
}

static void what_was_not_acked_is_sent_again_after_a_break(void)
{
	uint8_t data[64];
	size_t len;
	int64_t id;

	begin(10);
	id = send_job(2);
	CU_ASSERT_FATAL(frames(3));
	ack(1, BOX_ACK_SUCCESS);
	run_for(20);
	len = fake.frames[2].m.sms.msgdata.len;
	memcpy(data, fake.frames[2].m.sms.msgdata.mem, len);
	fake_hang_up(&fake);
	wait_reconnect();
	CU_ASSERT_FATAL(frames(2));
	CU_ASSERT(tap_same(fake.frames[1].m.sms.msgdata.mem,
			   fake.frames[1].m.sms.msgdata.len, data, len));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(id, JOB_PUSHED));
	end();
}

/* The claim is under way when the link breaks: it fills the window. */
static void what_was_claimed_while_the_link_broke_is_sent(void)
{
	struct pollfd claimed;

	begin(1);
	send_job(1);			/* pushes the claim */
	claimed = (struct pollfd){ .fd = store_fd(store), .events = POLLIN };
	CU_ASSERT_EQUAL(poll(&claimed, 1, PATIENCE_MS), 1);
	fake_hang_up(&fake);
	wait_link(false);
	store_poll(store);		/* only now it comes back */
	CU_ASSERT(link_is(false));
	wait_link(true);
	CU_ASSERT(frames(2));
	end();
}

static void what_is_cancelled_is_not_sent_any_further(void)
{
	int64_t id;

	begin(1);
	id = send_job(3);
	CU_ASSERT_FATAL(frames(2));
	CU_ASSERT_EQUAL(cancel_job(id), DM_OK);
	sender_end(sender, id);
	ack(1, BOX_ACK_SUCCESS);
	run_for(50);
	CU_ASSERT_EQUAL(fake.n_frames, 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	end();
}

static void new_bootstrap(struct store_submit *s)
{
	now(s);
	bootstrap(s);
	snprintf(s->job.to, sizeof(s->job.to), "%s", get.job.to);
}

/* It was claimed, but another one is in the window. */
static void a_bootstrap_goes_before_what_is_not_sent_yet(void)
{
	int64_t first, second;

	begin(1);
	first = send_job(1);
	CU_ASSERT_FATAL(frames(2));
	second = send_job(1);
	CU_ASSERT_FATAL(becomes(second, JOB_SENDING));
	CU_ASSERT_EQUAL(get_job(second), DM_OK);
	CU_ASSERT(add_with(1, new_bootstrap) > second);
	sender_put_back(sender, get.job.to);
	sender_wake(sender);
	CU_ASSERT(becomes(second, JOB_WAITING));
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT(becomes(first, JOB_PUSHED));
	CU_ASSERT_FATAL(frames(3));
	CU_ASSERT_EQUAL(state_of(second), JOB_WAITING);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "waits for bootstrap 3");
	end();
}

static void soon_over(struct store_submit *s)
{
	now(s);
	s->job.expires_ms = s->job.next_ms + 500;
}

/* Its segments wait for each other, until the SMS would be void. */
static void what_waits_too_long_is_sent_in_the_next_attempt(void)
{
	struct job_dlr_key key;
	struct box_octets text;

	begin_with(1, 1, 60);
	(void)send_job(3);
	CU_ASSERT_FATAL(frames(2));
	run_for(2300);
	ack(1, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(frames(3));
	text = fake.frames[2].m.sms.dlr_url;
	CU_ASSERT_EQUAL_FATAL(job_dlr_key_parse((const char *)text.mem,
						text.len, &key), DM_OK);
	CU_ASSERT_EQUAL(key.attempt, 2);
	CU_ASSERT_EQUAL(key.segment, 0);
	end();
}

static void what_has_expired_is_not_sent_any_further(void)
{
	int64_t id;

	begin(1);
	id = add_with(3, soon_over);
	sender_wake(sender);
	CU_ASSERT_FATAL(frames(2));
	CU_ASSERT(becomes(id, JOB_EXPIRED));
	ack(1, BOX_ACK_SUCCESS);
	run_for(50);
	CU_ASSERT_EQUAL(fake.n_frames, 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_EXPIRED);
	end();
}

static void a_drain_waits_for_the_acks(void)
{
	begin(1);
	send_job(2);
	CU_ASSERT_FATAL(frames(2));
	sender_drain(sender, 5, on_drained, NULL);
	run_for(50);
	CU_ASSERT(!drained);
	ack(1, BOX_ACK_SUCCESS);
	run_for(50);
	CU_ASSERT(drained);
	CU_ASSERT_EQUAL(fake.n_frames, 2);
	end();
	store_reopen();
	CU_ASSERT_EQUAL(state_of(1), JOB_WAITING);
	CU_ASSERT_EQUAL(get.segments[0].state, SEGMENT_TAKEN);
	CU_ASSERT_EQUAL(get.segments[1].state, SEGMENT_WAITING);
	store_stop();
}

static void a_drain_does_not_wait_for_ever(void)
{
	int64_t ms;

	begin(10);
	send_job(2);
	CU_ASSERT_FATAL(frames(3));
	ms = end();
	CU_ASSERT(ms >= 900 && ms < 3000);
}

static void a_drain_ends_with_the_link(void)
{
	begin(10);
	send_job(2);
	CU_ASSERT_FATAL(frames(3));
	sender_drain(sender, 5, on_drained, NULL);
	fake_hang_up(&fake);
	wait_link(false);
	CU_ASSERT(drained);
	end();
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return store_tests("sender", (CU_TestInfo[]){
		{ "brings a job to its end", brings_a_job_to_its_end },
		{ "keeps its window", keeps_its_window },
		{ "claims four windows and no more",
		  claims_four_windows_and_no_more },
		{ "sends the longest message in order",
		  sends_the_longest_message_in_order },
		{ "a refusal ends the job and keeps its reason",
		  a_refusal_ends_the_job_and_keeps_its_reason },
		{ "a report of a bad number ends the sending",
		  a_report_of_a_bad_number_ends_the_sending },
		{ "a reason has nothing of the message",
		  a_reason_has_nothing_of_the_message },
		{ "an SMS is valid until its attempt ends",
		  an_sms_is_valid_until_its_attempt_ends },
		{ "a refusal that is too late is no refusal",
		  a_refusal_that_is_too_late_is_no_refusal },
		{ "what gets no report is sent again",
		  what_gets_no_report_is_sent_again },
		{ "a bearerbox that is full is left alone for a while",
		  a_bearerbox_that_is_full_is_left_alone_for_a_while },
		{ "what is not taken now is tried later",
		  what_is_not_taken_now_is_tried_later },
		{ "what was not acked is sent again after a break",
		  what_was_not_acked_is_sent_again_after_a_break },
		{ "what was claimed while the link broke is sent",
		  what_was_claimed_while_the_link_broke_is_sent },
		{ "what is cancelled is not sent any further",
		  what_is_cancelled_is_not_sent_any_further },
		{ "what waits too long is sent in the next attempt",
		  what_waits_too_long_is_sent_in_the_next_attempt },
		{ "a bootstrap goes before what is not sent yet",
		  a_bootstrap_goes_before_what_is_not_sent_yet },
		{ "what has expired is not sent any further",
		  what_has_expired_is_not_sent_any_further },
		{ "a drain waits for the acks", a_drain_waits_for_the_acks },
		{ "a drain does not wait for ever",
		  a_drain_does_not_wait_for_ever },
		{ "a drain ends with the link", a_drain_ends_with_the_link },
		CU_TEST_INFO_NULL,
	});
}
