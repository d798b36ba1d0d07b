/* SPDX-License-Identifier: Apache-2.0 */
/* The program with devices that are off or out of reach: its SMS wait. */
#include "tests/emulator_run.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

#define DEVICE "491701234567"
#define COMES "491700000011"		/* with the second notification */
#define SUBMITTED (SMPP_SUBMIT_SM | SMPP_RESPONSE)
#define IN_2_S "000000000002000R"	/* validity_period */

static int fd;

static void begin(void)
{
	start_controlled();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
}

static void end(void)
{
	close(fd);
	stop();
}

static void expect_waits(const char *reason)
{
	json_t *e = event_named("sms.waits");

	CU_ASSERT_STRING_EQUAL(text_of(e, "reason"), reason);
	CU_ASSERT_EQUAL(number_of(e, "octets"), 52);
	CU_ASSERT_STRING_EQUAL(text_of(e, "message-id"),
			       (const char *)answer + 16);
	json_decref(e);
}

/* An SMS waits, without a receipt, until the device is there again. */
static void waits_for(const char *command, const char *reason,
		      const char *back)
{
	begin();
	control(command, "control.done");
	submit_taken(fd, DEVICE, NULL);
	expect_waits(reason);
	enquire(fd);			/* no receipt in between */
	control("on +4917*", "control.done");
	skip_to(back);
	skip_to("sms.received");
	skip_to("notification.verified");
	expect_receipt(fd, "DELIVRD");
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

static void waits_until_it_is_on(void)
{
	waits_for("off " DEVICE, "off", "device.on");
}

static void waits_until_it_is_in_reach(void)
{
	waits_for("out-of-reach +49170*", "out-of-reach", "device.in-reach");
}

static void takes_an_sms_without_data(void)
{
	begin();
	control("no-data *", "control.done");
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

/* By themselves, in the order in which they came. */
static void comes_back_after_its_time(void)
{
	char ids[3][17];

	begin();
	control("fault * off 300 1x", "control.done");
	for (int i = 0; i < 3; i++) {
		submit_taken(fd, DEVICE, NULL);
		memcpy(ids[i], answer + 16, sizeof(ids[i]));
		expect_waits("off");
	}
	skip_to("device.on");
	for (int i = 0; i < 3; i++) {
		memcpy(answer + 16, ids[i], sizeof(ids[i]));
		expect_receipt(fd, "DELIVRD");
	}
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

static void expires_if_it_waits_too_long(void)
{
	json_t *e;

	begin();
	control("off *", "control.done");
	submit_taken(fd, DEVICE, IN_2_S);
	expect_waits("off");
	expect_receipt(fd, "EXPIRED");
	e = event_named("sms.not-delivered");
	CU_ASSERT_STRING_EQUAL(text_of(e, "state"), "EXPIRED");
	json_decref(e);
	control("on *", "control.done");
	submit_taken(fd, DEVICE, NULL);
	e = event_named("sms.received");
	CU_ASSERT_STRING_EQUAL(text_of(e, "message-id"),
			       (const char *)answer + 16);
	json_decref(e);
	expect_receipt(fd, "DELIVRD");
	end();
}

/* What else it meets holds then, too; who is not to get it does not wait. */
static void has_its_other_faults_when_it_arrives(void)
{
	uint8_t response[CLIENT_PDU_MAX];

	begin();
	control("off *", "control.done");
	control("fault * ACCEPTD 1x", "control.done");
	control("fault * duplicate 1x", "control.done");
	submit_taken(fd, DEVICE, NULL);
	memcpy(response, answer, sizeof(response));
	expect_waits("off");
	control("fault * lost 1x", "control.done");
	submit_taken(fd, DEVICE, NULL);
	expect_waits("off");
	control("fault * UNDELIV 1x", "control.done");
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "UNDELIV");
	control("on *", "control.done");
	for (int i = 0; i < 2; i++) {
		memcpy(answer, response, sizeof(response));
		expect_receipt(fd, "ACCEPTD");
	}
	skip_to("notification.verified");
	skip_to("notification.verified");
	enquire(fd);
	end();
}

static void stands_still_with_its_smsc(void)
{
	begin();
	control("off *", "control.done");
	submit_taken(fd, DEVICE, NULL);
	expect_waits("off");
	control("stop", "control.done");
	control("on *", "control.done");
	skip_to("device.on");
	control("list", "control.done");	/* the loop has come round */
	control("continue", "control.done");
	expect_receipt(fd, "DELIVRD");
	end();
}

/* Off, it forgets the first notification; out of reach it does not. */
static void forgets_what_it_has_counted(const char *command, int counted)
{
	json_t *e;

	begin();
	submit_push(fd, COMES, NULL);
	expect(fd, SUBMITTED, ESME_ROK);
	expect_receipt(fd, "DELIVRD");
	e = event_named("notification.verified");
	CU_ASSERT_EQUAL(number_of(e, "counted"), 1);
	json_decref(e);
	control(command, "control.done");
	control("on *", "control.done");
	skip_to(counted == 1 ? "device.on" : "device.in-reach");
	submit_push(fd, COMES, NULL);
	expect(fd, SUBMITTED, ESME_ROK);
	e = event_named("notification.verified");
	CU_ASSERT_EQUAL(number_of(e, "counted"), counted);
	json_decref(e);
	end();
}

static void forgets_with_its_power(void)
{
	forgets_what_it_has_counted("off *", 1);
}

static void forgets_nothing_out_of_reach(void)
{
	forgets_what_it_has_counted("out-of-reach *", 2);
}

static void has_no_session_without_data(void)
{
	json_t *e;

	begin();
	control("no-data *", "control.done");
	for (int i = 0; i < 2; i++) {
		submit_push(fd, COMES, NULL);
		expect(fd, SUBMITTED, ESME_ROK);
		expect_receipt(fd, "DELIVRD");
	}
	e = event_named("session.ended");
	CU_ASSERT_STRING_EQUAL(text_of(e, "outcome"), "failed");
	CU_ASSERT_STRING_EQUAL(text_of(e, "reason"), "no data connection");
	json_decref(e);
	end();
}

static void refuses_wrong_orders(void)
{
	static const char *const commands[] = {
		"off", "off x", "off * x", "off * 3600001", "off * 1 2",
		"out-of-reach * -1", "no-data 49-", "on", "on * 5",
		"off 123456789012345678901234567890",
	};

	begin();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		control(commands[i], "control.refused");
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "waits until it is on", waits_until_it_is_on },
		{ "waits until it is in reach", waits_until_it_is_in_reach },
		{ "takes an SMS without data", takes_an_sms_without_data },
		{ "comes back after its time", comes_back_after_its_time },
		{ "expires if it waits too long",
		  expires_if_it_waits_too_long },
		{ "has its other faults when it arrives",
		  has_its_other_faults_when_it_arrives },
		{ "stands still with its SMSC", stands_still_with_its_smsc },
		{ "forgets with its power", forgets_with_its_power },
		{ "forgets nothing out of reach",
		  forgets_nothing_out_of_reach },
		{ "has no session without data",
		  has_no_session_without_data },
		{ "refuses wrong orders", refuses_wrong_orders },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run("away", tests);
}
