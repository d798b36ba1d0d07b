/* SPDX-License-Identifier: Apache-2.0 */
/* How a box_link comes, goes, waits and comes again. */
#include "gateway/box/box_link.h"

#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/link_fixture.h"

static double interval_ms(unsigned i)
{
	return fake.accept_ms[i + 1] - fake.accept_ms[i];
}

static void reconnects_when_bearerbox_leaves(void)
{
	start();
	fake_hang_up(&fake);
	expect_reconnect();
	CU_ASSERT(wait_for(&fake.n_frames, 1));
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT(wait_for(&fake.n_frames, 2));
	stop();
}

static void reconnects_on_restart(void)
{
	start();
	fake_send_admin(&fake, BOX_CMD_RESTART);
	expect_reconnect();
	stop();
}

static void sends_nothing_after_shutdown(void)
{
	char id[BOX_UUID_LEN + 1] = "";

	start();
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	memcpy(id, fake.frames[1].m.sms.id, BOX_UUID_LEN);
	fake_send_admin(&fake, BOX_CMD_SHUTDOWN);
	fake_send_admin(&fake, BOX_CMD_SHUTDOWN);
	fake_send_report(&fake, 5, BOX_DLR_DELIVERED, "17.1");
	fake_send_ack(&fake, id, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(wait_for(&heard.n_acks, 1));
	CU_ASSERT_EQUAL(heard.downs, 0);
	CU_ASSERT_FALSE(box_link_is_up(link_));
	CU_ASSERT_EQUAL(send_sms(8), DM_EBUSY);
	box_link_ack_report(link_, &heard.reports[0].id);
	CU_ASSERT(wait_for(&fake.n_frames, 3));
	expect_reconnect();
	CU_ASSERT_EQUAL(fake.n_closed, 1);
	CU_ASSERT(interval_ms(0) > DELAY_MS * (2 + 4 * 0.8) - 2);
	stop();
}

static void a_cut_frame_is_not_taken(void)
{
	start();
	fake_send_hex(&fake, "0000000c 00000001 00000004 ffff");
	CU_ASSERT_EQUAL(bufferevent_flush(fake.bev, EV_WRITE, BEV_FLUSH), 0);
	run_ms(20);
	fake_hang_up(&fake);
	expect_reconnect();
	stop();
}

#define SLACK_MS 20		/* a busy machine may see us late */

/* DELAY_MS, doubled each time, and again DELAY_MS after an ack */
static void waits_longer_each_time_until_an_ack(void)
{
	double least = DELAY_MS * 0.8;

	start();
	fake_hang_up(&fake);
	fake.hangs_up = true;
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 5));
	for (unsigned i = 0; i < 4; i++, least *= 2) {
		CU_ASSERT(interval_ms(i) >= least - SLACK_MS);
		CU_ASSERT(interval_ms(i) < 2 * least + 10 * SLACK_MS);
	}
	CU_ASSERT_EQUAL(heard.ups, heard.downs);
	fake.hangs_up = false;
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 6));
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 1));
	CU_ASSERT_EQUAL(send_sms(1), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	fake_send_ack(&fake, fake.frames[1].m.sms.id, BOX_ACK_SUCCESS);
	CU_ASSERT_FATAL(wait_for(&heard.n_acks, 1));
	fake_hang_up(&fake);
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 7));
	CU_ASSERT(interval_ms(5) < DELAY_MS * 1.2 + 100);
	stop();
}

static void a_connection_that_lasts_ends_the_back_off(void)
{
	start();
	fake_hang_up(&fake);
	fake.hangs_up = true;
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 4));
	fake.hangs_up = false;
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 5));
	run_ms(DELAY_MS * 10 + 50);
	CU_ASSERT(box_link_is_up(link_));
	fake_hang_up(&fake);
	CU_ASSERT_FATAL(wait_for(&fake.n_accepts, 6));
	CU_ASSERT(interval_ms(4) < DELAY_MS * 11.2 + 150);
	stop();
}

static void starts_before_bearerbox(void)
{
	uint16_t port;

	base = event_base_new();
	fake.port = 0;
	fake_open(&fake, base);
	port = fake.port;
	fake_close(&fake);
	start_link();
	CU_ASSERT_EQUAL(send_sms(1), DM_EBUSY);
	run_ms(DELAY_MS * 4);
	CU_ASSERT_EQUAL(heard.ups, 0);
	CU_ASSERT_EQUAL(heard.downs, 0);
	CU_ASSERT_EQUAL(send_sms(1), DM_EBUSY);
	fake.port = port;
	fake_open(&fake, base);
	CU_ASSERT(wait_for(&heard.ups, 1));
	stop();
}

static void is_busy_when_bearerbox_does_not_read(void)
{
	unsigned n = 0;

	start();
	bufferevent_disable(fake.bev, EV_READ);
	while (n < 100000 && send_sms(n) == DM_OK)
		n++;
	CU_ASSERT_EQUAL(send_sms(n), DM_EBUSY);
	CU_ASSERT(n > BOX_LINK_WAITING_MAX / 512);
	CU_ASSERT(n < BOX_LINK_WAITING_MAX / 100);
	CU_ASSERT(box_link_is_up(link_));
	stop();
}

/* Each refused sms costs an answer that nobody reads. */
static void does_not_feed_the_deaf(void)
{
	int small = 4096;

	start();
	setsockopt(bufferevent_getfd(fake.bev), SOL_SOCKET, SO_RCVBUF, &small,
		   sizeof(small));
	bufferevent_disable(fake.bev, EV_READ);
	for (int i = 0; i < PATIENCE_MS && heard.downs == 0; i++) {
		for (unsigned n = 1; n < 1000 && fake.bev; n++)
			fake_send_mo(&fake, n);
		run_ms(1);
	}
	CU_ASSERT_EQUAL(heard.downs, 1);
	stop();
}

/* Nothing breaks a connection that nobody reads, as long as it lives. */
static void leaves_who_reads_nothing(void)
{
	write_timeout_s = 1;
	start();
	write_timeout_s = 0;
	bufferevent_disable(fake.bev, EV_READ);
	for (int i = 0; i < PATIENCE_MS && heard.downs == 0; i++) {
		while (send_sms(1) == DM_OK)
			;
		run_ms(1);
	}
	expect_reconnect();
	CU_ASSERT_EQUAL(send_sms(1), DM_OK);
	stop();
}

static void leaves_when_it_is_told_to(void)
{
	start();
	box_link_drop(link_, "a test");
	CU_ASSERT_EQUAL(heard.downs, 1);
	box_link_drop(link_, "a test");
	expect_reconnect();
	stop();
}

static void refuses_a_bad_configuration(void)
{
	static const struct {
		struct box_link_config config;
		const char *field;
	} bad[] = {
		{ { "kannel.example", 13001, "dmbox", 0, 0 }, "host" },
		{ { "", 13001, "dmbox", 0, 0 }, "host" },
		{ { "127.0.0.1", 0, "dmbox", 0, 0 }, "port" },
		{ { "127.0.0.1", 13001, "", 0, 0 }, "box-id" },
		{ { "127.0.0.1", 13001,
		    "12345678901234567890123456789012"
		    "123456789012345678901234567890123", 0, 0 }, "box-id" },
	};

	base = event_base_new();
	link_ = NULL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(box_link_new(&link_, base, &bad[i].config,
					     &handlers, &heard, &e),
				DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.field, bad[i].field);
	}
	CU_ASSERT_PTR_NULL(link_);
	box_link_free(NULL);
	event_base_free(base);
}

static CU_TestInfo tests[] = {
	{ "reconnects when bearerbox leaves",
	  reconnects_when_bearerbox_leaves },
	{ "reconnects on restart", reconnects_on_restart },
	{ "sends nothing after shutdown", sends_nothing_after_shutdown },
	{ "a cut frame is not taken", a_cut_frame_is_not_taken },
	{ "waits longer each time, until an ack",
	  waits_longer_each_time_until_an_ack },
	{ "a connection that lasts ends the back-off",
	  a_connection_that_lasts_ends_the_back_off },
	{ "starts before bearerbox", starts_before_bearerbox },
	{ "is busy when bearerbox does not read",
	  is_busy_when_bearerbox_does_not_read },
	{ "does not feed the deaf", does_not_feed_the_deaf },
	{ "leaves who reads nothing", leaves_who_reads_nothing },
	{ "leaves when it is told to", leaves_when_it_is_told_to },
	{ "refuses a bad configuration", refuses_a_bad_configuration },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return link_run("box_link_life", tests);
}
