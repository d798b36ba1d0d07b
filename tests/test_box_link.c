/* SPDX-License-Identifier: Apache-2.0 */
/* What goes over a box_link; its coming and going is in test_box_link_life. */
#include "gateway/box/box_link.h"

#include <event2/bufferevent.h>
#include <string.h>

#include "tests/link_fixture.h"

static bool is(const struct box_octets *o, const void *mem, size_t len)
{
	return o->mem && o->len == len && memcmp(o->mem, mem, len) == 0;
}

static void identifies_itself_first(void)
{
	start();
	CU_ASSERT_EQUAL(fake.frames[0].m.type, BOX_MSG_admin);
	CU_ASSERT_EQUAL(fake.frames[0].m.admin.command, BOX_CMD_IDENTIFY);
	CU_ASSERT(is(&fake.frames[0].m.admin.boxc_id, "dmbox", 5));
	stop();
}

static void sends_an_sms_as_kannel_wants_it(void)
{
	const struct box_msg_sms *m = &fake.frames[1].m.sms;

	start();
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	CU_ASSERT_EQUAL_FATAL(fake.frames[1].m.type, BOX_MSG_sms);
	CU_ASSERT(is(&m->sender, "4321", 4));
	CU_ASSERT(is(&m->receiver, "+491700000001", 13));
	CU_ASSERT(is(&m->udhdata, link_udh, sizeof(link_udh)));
	CU_ASSERT(is(&m->msgdata, link_data, sizeof(link_data)));
	CU_ASSERT(is(&m->smsc_id, "sim1", 4));
	CU_ASSERT(is(&m->boxc_id, "dmbox", 5));
	CU_ASSERT(is(&m->dlr_url, "17.1", 4));
	CU_ASSERT_EQUAL(m->dlr_mask, 19);
	CU_ASSERT_EQUAL(m->validity, 2000000000);
	CU_ASSERT_EQUAL(m->sms_type, BOX_SMS_MT_PUSH);
	CU_ASSERT_EQUAL(m->coding, BOX_CODING_8BIT);
	CU_ASSERT(m->time > 1600000000);
	CU_ASSERT_PTR_NOT_NULL(m->id);
	stop();
}

static void refuses_what_could_kill_bearerbox(void)
{
	struct box_sms s = { .sender = "1", .dcs = 4, .validity = -1 };

	start();
	CU_ASSERT_EQUAL(box_link_send(link_, &s, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "receiver");
	s.receiver = "2";
	CU_ASSERT_EQUAL(box_link_send(link_, &s, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "msgdata");
	run_ms(20);
	CU_ASSERT_EQUAL(fake.n_frames, 1);
	stop();
}

static void matches_acks_to_tags(void)
{
	char id[2][BOX_UUID_LEN + 1] = { "", "" };

	start();
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT_EQUAL(send_sms(UINT64_MAX), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 3));
	for (int i = 0; i < 2; i++)
		memcpy(id[i], fake.frames[1 + i].m.sms.id, BOX_UUID_LEN);
	fake_send_ack(&fake, id[1], BOX_ACK_FAILED_TMP);
	fake_send_ack(&fake, id[0], BOX_ACK_BUFFERED);
	CU_ASSERT_FATAL(wait_for(&heard.n_acks, 2));
	CU_ASSERT_EQUAL(heard.acks[0].tag, UINT64_MAX);
	CU_ASSERT_EQUAL(heard.acks[0].nack, BOX_ACK_FAILED_TMP);
	CU_ASSERT_EQUAL(heard.acks[1].tag, 7);
	CU_ASSERT_EQUAL(heard.acks[1].nack, BOX_ACK_BUFFERED);
	stop();
}

/* The same tag has another id on another link: acks of before a restart. */
static void drops_foreign_and_stale_acks(void)
{
	char old[BOX_UUID_LEN + 1] = "";

	start();
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	memcpy(old, fake.frames[1].m.sms.id, BOX_UUID_LEN);
	stop();

	start();
	fake_send_ack(&fake, old, BOX_ACK_SUCCESS);
	fake_send_ack(&fake, fake_id(7), BOX_ACK_SUCCESS);
	fake_send_ack(&fake, NULL, BOX_ACK_SUCCESS);
	CU_ASSERT_EQUAL(send_sms(7), DM_OK);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	CU_ASSERT_NOT_EQUAL(memcmp(old, fake.frames[1].m.sms.id, 36), 0);
	fake_send_ack(&fake, fake.frames[1].m.sms.id, BOX_ACK_SUCCESS);
	CU_ASSERT(wait_for(&heard.n_acks, 1));
	CU_ASSERT_EQUAL(heard.downs, 0);
	stop();
}

static void hands_out_a_report_and_acks_it(void)
{
	const struct box_link_report *r = &heard.reports[0];

	start();
	fake_send_report(&fake, 5, BOX_DLR_SMSC_REFUSED, "17.1");
	CU_ASSERT_FATAL(wait_for(&heard.n_reports, 1));
	CU_ASSERT_EQUAL(r->event, BOX_DLR_SMSC_REFUSED);
	CU_ASSERT_STRING_EQUAL(heard.key, "17.1");
	CU_ASSERT_STRING_EQUAL(heard.text, "id:1 stat:DELIVRD");
	CU_ASSERT_EQUAL(r->smsc_id_len, 4);
	CU_ASSERT_EQUAL(r->foreign_id_len, 3);
	run_ms(20);
	CU_ASSERT_EQUAL(fake.n_frames, 1);

	box_link_ack_report(link_, &r->id);
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 2));
	CU_ASSERT_EQUAL(fake.frames[1].m.type, BOX_MSG_ack);
	CU_ASSERT_EQUAL(fake.frames[1].m.ack.nack, BOX_ACK_SUCCESS);
	CU_ASSERT_EQUAL(memcmp(fake.frames[1].m.ack.id, fake_id(5), 36), 0);
	stop();
}

static void does_not_ack_a_report_of_an_earlier_connection(void)
{
	start();
	fake_send_report(&fake, 5, BOX_DLR_DELIVERED, "17.1");
	CU_ASSERT_FATAL(wait_for(&heard.n_reports, 1));
	fake_hang_up(&fake);
	CU_ASSERT(wait_for(&heard.downs, 1));
	box_link_ack_report(link_, &heard.reports[0].id);
	CU_ASSERT(wait_for(&heard.ups, 2));
	box_link_ack_report(link_, &heard.reports[0].id);
	fake_send_report(&fake, 5, BOX_DLR_DELIVERED, "17.1");
	CU_ASSERT_FATAL(wait_for(&heard.n_reports, 2));
	CU_ASSERT_EQUAL(fake.n_frames, 1);
	box_link_ack_report(link_, &heard.reports[1].id);
	CU_ASSERT(wait_for(&fake.n_frames, 2));
	stop();
}

static void refuses_mo_and_broken_reports(void)
{
	start();
	fake_send_mo(&fake, 1);
	fake_send_report(&fake, 2, BOX_DLR_DELIVERED, NULL);
	fake_send_report(&fake, 3, 3, "17.1");
	fake_send_report(&fake, 4, BOX_UNDEFINED, "17.1");
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 5));
	for (unsigned i = 1; i < 5; i++) {
		const struct box_msg_ack *ack = &fake.frames[i].m.ack;

		CU_ASSERT_EQUAL_FATAL(fake.frames[i].m.type, BOX_MSG_ack);
		CU_ASSERT_EQUAL(ack->nack, BOX_ACK_FAILED);
		CU_ASSERT_EQUAL(memcmp(ack->id, fake_id(i), 36), 0);
	}
	CU_ASSERT_EQUAL(heard.n_reports, 0);
	CU_ASSERT_EQUAL(heard.downs, 0);
	stop();
}

static void ignores_heartbeats_and_other_commands(void)
{
	struct box_msg m;

	start();
	box_msg_init(&m, BOX_MSG_heartbeat);
	fake_send(&fake, &m);
	fake_send_admin(&fake, BOX_CMD_SUSPEND);
	fake_send_admin(&fake, BOX_CMD_RESUME);
	fake_send_report(&fake, 5, BOX_DLR_DELIVERED, "17.1");
	CU_ASSERT(wait_for(&heard.n_reports, 1));
	CU_ASSERT_EQUAL(heard.downs, 0);
	stop();
}

static void leaves_on_broken_frames(void)
{
	static const char *const broken[] = {
		"00000000",				/* length 0 */
		"80000000", "ffffffff", "0000fffd",	/* too long */
		"00000004 00000005",			/* unknown type */
		"00000004 ffffffff",
		"00000002 0000",			/* no type */
		"0000000c 00000001 00000000 fffffffe",	/* length -2 */
		"0000000c 00000001 00000000 7fffffff",
		"00000008 00000001 00000000",		/* a field is missing */
		"0000000c 00000000 00000001 00000000",	/* one too many */
		/* wdp_datagram */
		"00000018 00000004 ffffffffffffffff ffffffffffffffff ffffffff",
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		start();
		fake_send_report(&fake, 5, BOX_DLR_DELIVERED, "17.1");
		fake_send_hex(&fake, broken[i]);
		expect_reconnect();
		CU_ASSERT_EQUAL(heard.n_reports, 1);
		stop();
	}
}

static void leaves_on_an_unknown_ack_code(void)
{
	start();
	fake_send_ack(&fake, fake_id(1), 4);
	expect_reconnect();
	stop();
}

static void leaves_on_an_sms_without_id(void)
{
	start();
	fake_send_report(&fake, 0, BOX_DLR_DELIVERED, "17.1");
	expect_reconnect();
	stop();
}

static void reads_frames_in_pieces(void)
{
	static const char *const octets[] = {
		"00", "00", "00", "0c", "00", "00", "00", "01", "00", "00",
		"00", "04", "ff", "ff", "ff", "ff",	/* admin restart */
	};

	start();
	for (size_t i = 0; i < 16; i++) {
		CU_ASSERT_EQUAL(heard.downs, 0);
		fake_send_hex(&fake, octets[i]);
		run_ms(2);
	}
	expect_reconnect();
	stop();
}

static void reads_many_frames_at_once_and_a_big_one(void)
{
	static uint8_t big[BOX_FRAME_MAX] = {
		0, 0, 0xff, 0xfc,  0, 0, 0, 1,  0, 0, 0, 1,  0, 0, 0xff, 0xf0,
	};

	start();
	for (unsigned i = 1; i <= 20; i++)
		fake_send_report(&fake, i, BOX_DLR_DELIVERED, "17.1");
	bufferevent_write(fake.bev, big, sizeof(big));
	bufferevent_write(fake.bev, big, sizeof(big));
	for (unsigned i = 21; i <= 30; i++)
		fake_send_report(&fake, i, BOX_DLR_DELIVERED, "17.1");
	CU_ASSERT(wait_for(&heard.n_reports, 30));
	CU_ASSERT_EQUAL(heard.downs, 0);
	stop();
}

static CU_TestInfo tests[] = {
	{ "identifies itself first", identifies_itself_first },
	{ "sends an sms as Kannel wants it", sends_an_sms_as_kannel_wants_it },
	{ "refuses what could kill bearerbox",
	  refuses_what_could_kill_bearerbox },
	{ "matches acks to tags", matches_acks_to_tags },
	{ "drops foreign and stale acks", drops_foreign_and_stale_acks },
	{ "hands out a report and acks it", hands_out_a_report_and_acks_it },
	{ "does not ack a report of an earlier connection",
	  does_not_ack_a_report_of_an_earlier_connection },
	{ "refuses mo and broken reports", refuses_mo_and_broken_reports },
	{ "ignores heartbeats and other commands",
	  ignores_heartbeats_and_other_commands },
	{ "leaves on broken frames", leaves_on_broken_frames },
	{ "leaves on an unknown ack code", leaves_on_an_unknown_ack_code },
	{ "leaves on an sms without id", leaves_on_an_sms_without_id },
	{ "reads frames in pieces", reads_frames_in_pieces },
	{ "reads many frames at once and a big one",
	  reads_many_frames_at_once_and_a_big_one },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return link_run("box_link", tests);
}
