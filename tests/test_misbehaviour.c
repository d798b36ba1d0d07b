/* SPDX-License-Identifier: Apache-2.0 */
/* The program as an SMSC that misbehaves when it is told to. */
#include "tests/emulator_run.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

#define DEVICE "491701234567"
#define SUBMITTED (SMPP_SUBMIT_SM | SMPP_RESPONSE)

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
	CU_ASSERT_EQUAL(access(emulator.control, F_OK), -1);
}

static void rule(const char *text)
{
	char command[100];

	snprintf(command, sizeof(command), "fault %s", text);
	control(command, "control.done");
}

static void expect_hit(const char *fault)
{
	json_t *e = event_named("fault.hit");

	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+" DEVICE);
	CU_ASSERT_STRING_EQUAL(text_of(e, "fault"), fault);
	json_decref(e);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void refuses_with_the_status_it_is_told(void)
{
	static const struct {
		const char *name;
		uint32_t status;
	} all[] = {
		{ "RSYSERR", 0x08 }, { "RINVDSTADR", 0x0b },
		{ "RMSGQFUL", 0x14 }, { "RSUBMITFAIL", 0x45 },
		{ "RTHROTTLED", 0x58 }, { "RX_T_APPN", 0x64 },
		{ "RX_P_APPN", 0x65 }, { "RX_R_APPN", 0x66 },
	};
	char text[64];

	begin();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(text, sizeof(text), "+49170* %s 1x", all[i].name);
		rule(text);
		submit_push(fd, DEVICE, NULL);
		expect(fd, SUBMITTED, all[i].status);
		expect_hit(all[i].name);
		skip_to("pdu.refused");
	}
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

static void sends_the_receipt_that_it_is_told(void)
{
	static const char *const states[] = {
		"EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN",
		"REJECTD",
	};
	char text[64];
	json_t *e;

	begin();
	for (size_t i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "* %s 1x", states[i]);
		rule(text);
		submit_taken(fd, DEVICE, NULL);
		expect_receipt(fd, states[i]);
	}
	control("clear", "control.done");
	submit_taken(fd, "491700000004", NULL);
	expect_receipt(fd, "UNDELIV");
	rule("491700000004 DELIVRD");
	submit_taken(fd, "491700000004", NULL);
	expect_receipt(fd, "DELIVRD");
	e = event_named("notification.verified");
	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+491700000004");
	json_decref(e);
	end();
}

static void loses_a_receipt_but_not_the_sms(void)
{
	begin();
	rule("* lost 1x");
	submit_taken(fd, DEVICE, NULL);
	expect_hit("lost");
	skip_to("notification.verified");
	enquire(fd);			/* no receipt in between */
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

static void sends_a_receipt_twice(void)
{
	uint8_t response[CLIENT_PDU_MAX];

	begin();
	rule("* duplicate 1x");
	submit_taken(fd, DEVICE, NULL);
	memcpy(response, answer, sizeof(response));
	expect_receipt(fd, "DELIVRD");
	memcpy(answer, response, sizeof(response));
	expect_receipt(fd, "DELIVRD");
	enquire(fd);
	end();
}

static void sends_a_receipt_before_the_answer(void)
{
	begin();
	rule("* early 1x");
	submit_push(fd, DEVICE, NULL);
	expect(fd, SMPP_DELIVER_SM, 0);
	expect(fd, SUBMITTED, ESME_ROK);
	enquire(fd);
	end();
}

/* Each at least as late as it says, the receipt behind its answer. */
static void is_slow_and_late(void)
{
	int64_t begun;

	begin();
	rule("* slow 200 1x");
	begun = now_ms();
	submit_push(fd, DEVICE, NULL);
	enquire(fd);			/* others do not wait */
	expect(fd, SUBMITTED, ESME_ROK);
	CU_ASSERT(now_ms() - begun >= 190);
	expect_receipt(fd, "DELIVRD");
	rule("* late 200 1x");
	begun = now_ms();
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	CU_ASSERT(now_ms() - begun >= 190);
	end();
}

static void keeps_so_many_slow_answers(void)
{
	begin();
	rule("* slow 3600000");
	for (int i = 0; i < 10000; i++) {
		submit_push(fd, DEVICE, NULL);
		skip_to("notification.verified");
	}
	submit_push(fd, DEVICE, NULL);
	expect(fd, SUBMITTED, ESME_RMSGQFUL);
	end();
}

static void reconnect(void)
{
	expect_closed(fd);
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
}

static void drops_before_the_sms_is_taken(void)
{
	json_t *e;

	begin();
	rule("* drop 1x");
	submit_push(fd, DEVICE, NULL);
	reconnect();
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	close(fd);
	enquire(fd = bind_client(SMPP_BIND_TRANSCEIVER, "test"));
	close(fd);
	end_by(SIGTERM);
	e = event_named("stopped");
	CU_ASSERT_EQUAL(number_of(e, "sms"), 1);
	CU_ASSERT_EQUAL(number_of(e, "faults"), 1);
	json_decref(e);
	fclose(emulator.events);
}

static void drops_when_the_sms_is_taken(void)
{
	begin();
	rule("* drop-taken 1x");
	submit_push(fd, DEVICE, NULL);
	reconnect();
	expect(fd, SMPP_DELIVER_SM, 0);
	skip_to("notification.verified");
	rule("* drop-answered 1x");
	submit_taken(fd, DEVICE, NULL);
	reconnect();
	expect(fd, SMPP_DELIVER_SM, 0);
	skip_to("notification.verified");
	end();
}

/* What is slow meanwhile is answered, if its connection is still there. */
static void drops_everybody(void)
{
	int other;

	begin();
	other = bind_client(SMPP_BIND_TRANSMITTER, "other");
	rule("* slow 100");
	submit_push(fd, DEVICE, NULL);
	skip_to("notification.verified");
	control("drop", "control.done");
	expect_closed(other);
	reconnect();
	expect(fd, SMPP_DELIVER_SM, 0);
	end();
}

/* Nothing is to come within this time. */
static bool is_silent(int client)
{
	fd_set set;
	struct timeval tv = { 0, 300000 };

	FD_ZERO(&set);
	FD_SET(client, &set);
	return select(client + 1, &set, NULL, NULL, &tv) == 0;
}

static void stops_until_it_is_told_to_continue(void)
{
	int other;

	begin();
	rule("* slow 100");
	submit_push(fd, DEVICE, NULL);
	skip_to("notification.verified");
	control("stop", "control.done");
	control("stop", "control.done");
	other = connect_client();
	send_pdu(other, client_bind(pdu, SMPP_BIND_TRANSMITTER, 1, "other"));
	send_pdu(fd, client_plain(pdu, SMPP_ENQUIRE_LINK, 5));
	CU_ASSERT(is_silent(fd));
	CU_ASSERT(is_silent(other));
	control("continue", "control.done");
	expect(other, SMPP_BIND_TRANSMITTER | SMPP_RESPONSE, ESME_ROK);
	expect(fd, SUBMITTED, ESME_ROK);
	expect(fd, SMPP_ENQUIRE_LINK | SMPP_RESPONSE, ESME_ROK);
	expect(fd, SMPP_DELIVER_SM, 0);
	close(other);
	end();
}

/* A stop by a rule, with PDUs behind it that stand in the buffer already. */
static void stops_at_an_sms(void)
{
	const struct client_sms sms = {
		.from = "1", .to = DEVICE, .octets = (const uint8_t *)"abc",
		.len = 3,
	};
	size_t len;

	begin();
	rule("* stop 1x");
	len = client_submit(pdu, 7, &sms);
	len += client_plain(pdu + len, SMPP_ENQUIRE_LINK, 8);
	send_pdu(fd, len);
	expect_hit("stop");
	CU_ASSERT(is_silent(fd));
	control("continue", "control.done");
	expect(fd, SUBMITTED, ESME_ROK);
	expect(fd, SMPP_ENQUIRE_LINK | SMPP_RESPONSE, ESME_ROK);
	end();
}

static void write_line(const char *line)
{
	FILE *f = fopen(emulator.control, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fprintf(f, "%s\n", line);
	fclose(f);
}

static void expect_rule(int number, const char *text, int hits)
{
	json_t *e = event_named("fault.rule");

	CU_ASSERT_EQUAL(number_of(e, "rule"), number);
	CU_ASSERT_STRING_EQUAL(text_of(e, "fault"), text);
	CU_ASSERT_EQUAL(number_of(e, "hits"), hits);
	json_decref(e);
}

static void lists_its_rules(void)
{
	begin();
	rule("* lost 1x");
	rule("+4918* late 5 20%");
	submit_taken(fd, DEVICE, NULL);
	skip_to("notification.verified");
	write_line("list");
	expect_rule(1, "* lost 1x", 1);
	expect_rule(2, "+4918* late 5 20%", 0);
	skip_to("control.done");
	end();
}

static void refuses_other_commands(void)
{
	static const char *const commands[] = {
		"fault", "fault * throttle", "faults * lost", "FAULT * lost",
		"clear all", "stop now", "dro", "drop-taken",
	};

	begin();
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		control(commands[i], "control.refused");
	submit_taken(fd, DEVICE, NULL);
	expect_receipt(fd, "DELIVRD");
	end();
}

static void refuses_a_line_that_is_too_long(void)
{
	static char line[50001];

	begin();
	for (size_t i = 0; i < sizeof(line) - 1; i++)
		line[i] = "drop "[i % 5];
	write_line(line);
	write_line("clear");
	skip_to("control.refused");
	skip_to("control.done");
	enquire(fd);
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "refuses with the status it is told",
		  refuses_with_the_status_it_is_told },
		{ "sends the receipt that it is told",
		  sends_the_receipt_that_it_is_told },
		{ "loses a receipt but not the SMS",
		  loses_a_receipt_but_not_the_sms },
		{ "sends a receipt twice", sends_a_receipt_twice },
		{ "sends a receipt before the answer",
		  sends_a_receipt_before_the_answer },
		{ "is slow and late", is_slow_and_late },
		{ "keeps so many slow answers", keeps_so_many_slow_answers },
		{ "drops before the SMS is taken",
		  drops_before_the_sms_is_taken },
		{ "drops when the SMS is taken", drops_when_the_sms_is_taken },
		{ "drops everybody", drops_everybody },
		{ "stops until it is told to continue",
		  stops_until_it_is_told_to_continue },
		{ "stops at an SMS", stops_at_an_sms },
		{ "lists its rules", lists_its_rules },
		{ "refuses other commands", refuses_other_commands },
		{ "refuses a line that is too long",
		  refuses_a_line_that_is_too_long },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run("misbehaviour", tests);
}
