/* SPDX-License-Identifier: Apache-2.0 */
/* The program as a whole: SMS go in, events and receipts come out. */
#include "tests/emulator_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/vectors.h"
#include "wap/hex.h"
#include "wap/segment.h"

static void verifies_a_notification(void)
{
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	e = event_named("bound");
	CU_ASSERT_STRING_EQUAL(text_of(e, "kind"), "transceiver");
	CU_ASSERT_STRING_EQUAL(text_of(e, "system-id"), "test");
	json_decref(e);
	submit_taken(fd, "491701234567", NULL);
	expect_receipt(fd, "DELIVRD");
	e = event_named("sms.received");
	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+491701234567");
	CU_ASSERT_EQUAL(number_of(e, "segment"), 1);
	CU_ASSERT_EQUAL(number_of(e, "segments"), 1);
	CU_ASSERT_EQUAL(number_of(e, "octets"), 52);
	json_decref(e);
	e = event_named("notification.verified");
	CU_ASSERT_STRING_EQUAL(text_of(e, "server-id"), "com.example.dms");
	CU_ASSERT_EQUAL(number_of(e, "session-id"), 0x101);
	CU_ASSERT_STRING_EQUAL(text_of(e, "session-id-text"), "101");
	CU_ASSERT_STRING_EQUAL(text_of(e, "ui-mode"), "not-specified");
	CU_ASSERT_STRING_EQUAL(text_of(e, "initiator"), "client");
	CU_ASSERT_EQUAL(number_of(e, "version-field"), 11);
	json_decref(e);
	e = event_named("receipt.sent");
	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+491701234567");
	CU_ASSERT_STRING_EQUAL(text_of(e, "state"), "DELIVRD");
	json_decref(e);
	close(fd);
	skip_to("unbound");
	stop();
}

static void refuses_another_digest(void)
{
	char hex[512];
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	snprintf(hex, sizeof(hex), "0605040b8423f0%s", push);
	hex[30] = hex[30] == '0' ? '1' : '0';
	submit(fd, "+491701234567", hex, NULL);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_ROK);
	e = event_named("notification.refused");
	CU_ASSERT_STRING_EQUAL(text_of(e, "reason"),
			       "digest does not verify");
	json_decref(e);
	close(fd);
	stop();
}

static void puts_segments_together(void)
{
	static const char *const segments[] = {
		"0b05040b8423f00003770302%.*s", "0b05040b8423f00003770301%.*s",
		"0b05040b8423f00003770303%.*s",
	};
	static const int begin[] = { 30, 0, 80 }, len[] = { 50, 30, 10 };
	char hex[512];
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	for (size_t i = 0; i < 3; i++) {
		int n = i == 2 ? (int)strlen(push) - 80 : len[i];

		snprintf(hex, sizeof(hex), segments[i], n, push + begin[i]);
		submit(fd, "+491701234567", hex, NULL);
		expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_ROK);
		expect_receipt(fd, "DELIVRD");
	}
	skip_to("sms.received");
	skip_to("notification.verified");
	close(fd);
	stop();
}

/* The notification leaves the session to the device, and so its id. */
static void comes_after_the_second_notification(void)
{
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	for (int i = 1; i <= 2; i++) {
		submit_taken(fd, "491700000011", NULL);
		expect_receipt(fd, "DELIVRD");
		e = event_named("notification.verified");
		CU_ASSERT_EQUAL(number_of(e, "counted"), i);
		json_decref(e);
	}
	e = event_named("session.started");
	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+491700000011");
	CU_ASSERT_STRING_EQUAL(text_of(e, "server-id"), "com.example.dms");
	CU_ASSERT_EQUAL(number_of(e, "session-id"), 1);
	CU_ASSERT_STRING_EQUAL(text_of(e, "session-id-text"), "1");
	CU_ASSERT_PTR_NULL(json_object_get(e, "result"));
	json_decref(e);
	e = event_named("session.ended");
	CU_ASSERT_EQUAL(number_of(e, "session-id"), 1);
	CU_ASSERT_EQUAL(number_of(e, "result"), 200);
	CU_ASSERT_STRING_EQUAL(text_of(e, "alert-type"), "org.example.update");
	json_decref(e);
	submit_taken(fd, "491700000011", NULL);
	e = event_named("notification.verified");
	CU_ASSERT_EQUAL(number_of(e, "counted"), 0);
	json_decref(e);
	close(fd);
	skip_to("unbound");
	end_by(SIGTERM);
	e = event_named("stopped");
	CU_ASSERT_EQUAL(number_of(e, "sessions"), 1);
	json_decref(e);
	fclose(emulator.events);
}

/* A push of bootstrap.json to the device that has no account. */
static void submit_bootstrap(int fd, const char *name, const char *field)
{
	const json_t *v = vectors_find("bootstrap", "vectors", name);
	const struct segment_form form = {
		.dest_port = UDH_PORT_WAP_PUSH, .source_port = UDH_PORT_WSP,
		.concat = UDH_CONCAT_8,
	};
	struct segment segments[20];
	char hex[HEX_SIZE(SEGMENT_OCTETS_MAX)];
	uint8_t octets[2048];
	size_t len = tap_hex(vector_text(v, field), octets, sizeof(octets));
	size_t n = 0;

	CU_ASSERT_EQUAL(segment_split(&form, octets, len, segments, 20, &n),
			DM_OK);
	for (size_t i = 0; i < n; i++) {
		hex_encode(segments[i].octets, segments[i].len, hex);
		submit(fd, "+491700000010", hex, NULL);
		expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_ROK);
		expect_receipt(fd, "DELIVRD");
	}
}

static void expect_no_secret(const json_t *event)
{
	static const char *const secrets[] = {
		"serverpw", "clientpw", "c2VydmVybm9uY2Ux", "s3cr3t",
		"310150123456789", "4711",
	};
	char *text = json_dumps(event, 0);

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		CU_ASSERT_PTR_NULL(strstr(text, secrets[i]));
	free(text);
}

static void takes_bootstraps(void)
{
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	submit_bootstrap(fd, "cp-w7-dm12-wm6", "recommended_wsp_hex");
	e = event_named("bootstrap.applied");
	CU_ASSERT_STRING_EQUAL(text_of(e, "device"), "+491700000010");
	CU_ASSERT_STRING_EQUAL(text_of(e, "kind"), "cp");
	CU_ASSERT_STRING_EQUAL(text_of(e, "sec"), "USERNETWPIN");
	CU_ASSERT_EQUAL(number_of(e, "octets"), 670);
	CU_ASSERT_STRING_EQUAL(text_of(e, "server-id"), "dm.example.com");
	CU_ASSERT_STRING_EQUAL(text_of(e, "addr"),
			       "https://dm.example.com/dm12");
	CU_ASSERT_STRING_EQUAL(text_of(e, "client-auth"), "DIGEST");
	CU_ASSERT_STRING_EQUAL(text_of(e, "server-auth"), "DIGEST");
	CU_ASSERT_STRING_EQUAL(text_of(e, "name"), "Example DM 1.2");
	expect_no_secret(e);
	json_decref(e);
	submit_bootstrap(fd, "cp-ms-characteristics", "recommended_wsp_hex");
	e = event_named("bootstrap.applied");
	CU_ASSERT_PTR_NULL(json_object_get(e, "server-id"));
	expect_no_secret(e);
	json_decref(e);
	submit_bootstrap(fd, "dm12-inbox-tnds-userpin", "wsp_hex");
	e = event_named("bootstrap.refused");
	CU_ASSERT_STRING_EQUAL(text_of(e, "reason"), "MAC does not verify "
			       "with this device's IMSI and PIN");
	expect_no_secret(e);
	json_decref(e);
	close(fd);
	end_by(SIGTERM);
	e = event_named("stopped");
	CU_ASSERT_EQUAL(number_of(e, "bootstraps-applied"), 2);
	CU_ASSERT_EQUAL(number_of(e, "bootstraps-refused"), 1);
	CU_ASSERT_EQUAL(number_of(e, "refused"), 0);
	json_decref(e);
	fclose(emulator.events);
}

static void reports_every_final_state(void)
{
	static const struct {
		const char *to, *state;
	} cases[] = {
		{ "491701234567", "DELIVRD" }, { "491700000002", "EXPIRED" },
		{ "491700000003", "DELETED" }, { "491700000004", "UNDELIV" },
		{ "491700000005", "ACCEPTD" }, { "491700000006", "UNKNOWN" },
		{ "491700000007", "REJECTD" }, { "+4999999", "UNDELIV" },
		{ "491700000009", "DELIVRD" },
	};
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		submit_taken(fd, cases[i].to, NULL);
		expect_receipt(fd, cases[i].state);
	}
	submit_taken(fd, "491700000008", NULL);		/* none */
	enquire(fd);
	close(fd);
	stop();
}

static void delays_a_receipt(void)
{
	struct timespec a, b;
	int64_t ms;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	clock_gettime(CLOCK_MONOTONIC, &a);
	submit_taken(fd, "491700000009", NULL);
	expect_receipt(fd, "DELIVRD");
	clock_gettime(CLOCK_MONOTONIC, &b);
	ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	CU_ASSERT(ms >= 298);
	close(fd);
	stop();
}

static void expires_what_is_too_late(void)
{
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	submit_taken(fd, "491701234567", "200101120000000+");
	expect_receipt(fd, "EXPIRED");
	e = event_named("sms.not-delivered");
	CU_ASSERT_STRING_EQUAL(text_of(e, "state"), "EXPIRED");
	json_decref(e);
	submit_taken(fd, "491701234567", "000000010000000R");
	expect_receipt(fd, "DELIVRD");
	submit_push(fd, "491701234567", "tomorrow");
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_RINVEXPIRY);
	close(fd);
	stop();
}

static void says_nothing_of_single_sms_when_quiet(void)
{
	char line[256];
	int fd;

	start_quiet();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "two words");
	submit_taken(fd, "491701234567", NULL);
	expect_receipt(fd, "DELIVRD");
	send_pdu(fd, client_plain(pdu, SMPP_UNBIND, 9));
	expect(fd, SMPP_UNBIND | SMPP_RESPONSE, ESME_ROK);
	expect_closed(fd);
	CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof(line), emulator.events));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, " bound session=1 "
				      "kind=transceiver "
				      "system-id=\"two words\"\n"));
	CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof(line), emulator.events));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, " unbound session=1 "));
	end_by(SIGINT);
	CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof(line), emulator.events));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, " stopped sms=1 verified=1 "
				      "refused=0 "));
	fclose(emulator.events);
}

/* Its message, somewhere: Kannel's library may complain of the host before. */
static int exit_status(const char *arguments, const char *message)
{
	char command[512], line[512];
	bool said = false;
	FILE *p;

	snprintf(command, sizeof(command), "ulimit -n 1000 && " EMULATOR
		 " %s 2>&1", arguments);
	p = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	while (fgets(line, sizeof(line), p))
		said |= strstr(line, message) != NULL;
	if (!said)
		printf("# not said: %s\n", message);
	CU_ASSERT(said);
	return WEXITSTATUS(pclose(p));
}

static void explains_wrong_usage(void)
{
	CU_ASSERT_EQUAL(exit_status("", "missing: --smpp-port N, or --udp"),
			64);
	CU_ASSERT_EQUAL(exit_status("--smpp-port 1", "missing: -c FILE"), 64);
	CU_ASSERT_EQUAL(exit_status("--udp x", "--udp: \"x\", allowed: "
				    "[ADDRESS:]PORT"), 64);
	CU_ASSERT_EQUAL(exit_status("--udp --device 1", "missing: -c FILE"),
			64);
	CU_ASSERT_EQUAL(exit_status("-c x --smpp-port 1 --device 1",
				    "missing: --udp"), 64);
	CU_ASSERT_EQUAL(exit_status("--udp=0 --control x",
				    "missing: --smpp-port N"), 64);
	CU_ASSERT_EQUAL(exit_status("-c x", "missing: --smpp-port N"), 64);
	CU_ASSERT_EQUAL(exit_status("--colour", "option --colour"), 64);
	CU_ASSERT_EQUAL(exit_status("-x", "unknown option -x"), 64);
	CU_ASSERT_EQUAL(exit_status("-c", "missing after -c"), 64);
	CU_ASSERT_EQUAL(exit_status("-c x --smpp-port 65536",
				    "--smpp-port: \"65536\", allowed: 0 to "
				    "65535"), 64);
	CU_ASSERT_EQUAL(exit_status("-c x --smpp-port 1 --connections 0",
				    "--connections: \"0\", allowed: 1 to "
				    "10000"), 64);
	CU_ASSERT_EQUAL(exit_status("-c x --smpp-port 1 --connections 300",
				    "--connections: 300, allowed: 1 to 226, "
				    "with 1000 open files"), 64);
	CU_ASSERT_EQUAL(exit_status("-c x --smpp-port 1 y",
				    "unexpected argument y"), 64);
	CU_ASSERT_EQUAL(exit_status("-c no/file --smpp-port 0",
				    "no/file: No such file"), 78);
	CU_ASSERT_EQUAL(exit_status("--help", "usage: dmbox-emulator -c"), 0);
	CU_ASSERT_EQUAL(exit_status("--version", "dmbox-emulator "), 0);
}

static void says_that_the_port_is_taken(void)
{
	char arguments[128];

	start();
	snprintf(arguments, sizeof(arguments), "-c %s --smpp-port %u",
		 emulator.file, emulator.port);
	CU_ASSERT_EQUAL(exit_status(arguments, "Address already in use"), 69);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "verifies a notification", verifies_a_notification },
		{ "refuses another digest", refuses_another_digest },
		{ "puts segments together", puts_segments_together },
		{ "comes after the second notification",
		  comes_after_the_second_notification },
		{ "takes bootstraps", takes_bootstraps },
		{ "reports every final state", reports_every_final_state },
		{ "delays a receipt", delays_a_receipt },
		{ "expires what is too late", expires_what_is_too_late },
		{ "says nothing of single SMS when quiet",
		  says_nothing_of_single_sms_when_quiet },
		{ "explains wrong usage", explains_wrong_usage },
		{ "says that the port is taken",
		  says_that_the_port_is_taken },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run("emulator", tests);
}
