/* SPDX-License-Identifier: Apache-2.0 */
/* The program as an SMSC: what clients may do to it. */
#include "tests/emulator_run.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

static void sends_receipts_to_a_receiver(void)
{
	int tx, rx, other;

	start();
	other = bind_client(SMPP_BIND_RECEIVER, "other");
	rx = bind_client(SMPP_BIND_RECEIVER, "test");
	tx = bind_client(SMPP_BIND_TRANSMITTER, "test");
	submit_taken(tx, "491701234567", NULL);
	expect_receipt(rx, "DELIVRD");
	close(rx);
	enquire(tx);
	skip_to("unbound");
	submit_taken(tx, "491701234567", NULL);
	expect_receipt(other, "DELIVRD");
	close(other);
	close(tx);
	stop();
}

static void keeps_receipts_until_somebody_takes_them(void)
{
	int tx, rx;

	start();
	tx = bind_client(SMPP_BIND_TRANSMITTER, "test");
	submit_taken(tx, "491701234567", NULL);
	close(tx);
	skip_to("unbound");
	rx = connect_client();
	send_pdu(rx, client_bind(pdu, SMPP_BIND_RECEIVER, 1, "late"));
	CU_ASSERT_NOT_EQUAL(client_recv(rx, pdu), 0);
	expect_receipt(rx, "DELIVRD");
	close(rx);
	stop();
}

static void refuses_what_a_bind_may_not_do(void)
{
	int fd;

	start();
	fd = connect_client();
	submit_push(fd, "491701234567", NULL);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_RINVBNDSTS);
	enquire(fd);
	send_pdu(fd, client_bind(pdu, SMPP_BIND_RECEIVER, 1, "test"));
	expect(fd, SMPP_BIND_RECEIVER | SMPP_RESPONSE, ESME_ROK);
	submit_push(fd, "491701234567", NULL);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_RINVBNDSTS);
	send_pdu(fd, client_bind(pdu, SMPP_BIND_TRANSMITTER, 1, "test"));
	expect(fd, SMPP_BIND_TRANSMITTER | SMPP_RESPONSE, ESME_RALYBND);
	enquire(fd);
	close(fd);
	stop();
}

static void unbinds(void)
{
	json_t *e;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	send_pdu(fd, client_plain(pdu, SMPP_UNBIND, 9));
	expect(fd, SMPP_UNBIND | SMPP_RESPONSE, ESME_ROK);
	expect_closed(fd);
	e = event_named("unbound");
	CU_ASSERT_STRING_EQUAL(text_of(e, "reason"), "unbind");
	json_decref(e);
	stop();
}

static void answers_unknown_commands_with_a_generic_nack(void)
{
	static const uint32_t commands[] = {
		0, 0x03, 0x0b, 0x21, 0x103, 0x7fffffff,
	};
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		send_pdu(fd, client_plain(pdu, commands[i], 77));
		expect(fd, 0x80000000, ESME_RINVCMDID);
		CU_ASSERT_EQUAL(answer_header.sequence, 77);
	}
	send_pdu(fd, client_plain(pdu, 0x80000000, 1));
	send_pdu(fd, client_plain(pdu, 0x80000777, 1));
	enquire(fd);
	close(fd);
	stop();
}

static void closes_on_a_length_out_of_bounds(void)
{
	static const char *const headers[] = {
		"00000000000000040000000000000001",
		"0000000f000000040000000000000001",
		"00010001000000040000000000000001",
		"ffffffff000000040000000000000001",
		"474554202f20485454502f312e310d0a",	/* GET / HTTP/1.1 */
	};
	int good, fd;

	start();
	good = bind_client(SMPP_BIND_TRANSCEIVER, "good");
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		fd = i % 2 ? connect_client() :
			     bind_client(SMPP_BIND_TRANSCEIVER, "bad");
		send_pdu(fd, tap_hex(headers[i], pdu, sizeof(pdu)));
		expect(fd, 0x80000000, ESME_RINVCMDLEN);
		expect_closed(fd);
		submit_taken(good, "491701234567", NULL);
		expect_receipt(good, "DELIVRD");
	}
	close(good);
	stop();
}

/* A submit whose length says less than its fields need, then the next PDU. */
static void refuses_cut_submits_and_goes_on(void)
{
	struct client_sms sms = {
		.from = "1", .to = "2", .octets = (const uint8_t *)"abc",
		.len = 3,
	};
	size_t whole;
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	whole = client_submit(pdu, 3, &sms);
	for (size_t len = SMPP_HEADER_LEN; len < whole; len++) {
		client_submit(pdu, 3, &sms);
		pdu[3] = (uint8_t)len;
		send_pdu(fd, len);
		expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_RINVCMDLEN);
	}
	enquire(fd);
	close(fd);
	stop();
}

static void takes_pdus_in_pieces(void)
{
	int fd;
	size_t len;

	start();
	fd = connect_client();
	len = client_bind(pdu, SMPP_BIND_TRANSCEIVER, 1, "slow");
	for (size_t i = 0; i < len; i++)
		CU_ASSERT(client_send(fd, pdu + i, 1));
	expect(fd, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, ESME_ROK);
	close(fd);
	fd = connect_client();
	send_pdu(fd, 10);		/* and goes away */
	close(fd);
	stop();
}

static void survives_garbage(void)
{
	uint8_t octets[4096];
	unsigned seed = 1;
	int good, fd;

	start();
	good = bind_client(SMPP_BIND_TRANSCEIVER, "good");
	for (unsigned round = 0; round < 100; round++) {
		for (size_t i = 0; i < sizeof(octets); i++) {
			seed = seed * 1103515245 + 12345;
			octets[i] = (uint8_t)(seed >> 16);
		}
		octets[0] = octets[1] = 0;	/* looks like a PDU */
		octets[4] = octets[5] = octets[6] = 0;
		octets[7] &= 0x0f;
		fd = connect_client();
		client_send(fd, octets, sizeof(octets));
		close(fd);
	}
	submit_taken(good, "491701234567", NULL);
	expect_receipt(good, "DELIVRD");
	close(good);
	stop();
}

static void refuses_more_than_an_sms_holds(void)
{
	char hex[2 * 141 + 1];
	int fd;

	start();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "test");
	memset(hex, '0', sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	submit(fd, "491701234567", hex, NULL);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_RINVMSGLEN);
	submit(fd, "491701234567", hex + 2, NULL);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_ROK);
	close(fd);
	stop();
}

/* Another process submits; nobody reads for a while. */
static void waits_for_a_client_that_does_not_read(void)
{
	enum { N = 200000 };
	const struct timespec pause_time = { 2, 500000000 };
	const int small = 65536;
	pid_t child;
	int fd;

	start_quiet();
	fd = bind_client(SMPP_BIND_TRANSCEIVER, "greedy");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	child = fork();
	if (child == 0) {
		for (unsigned i = 0; i < N; i++)
			submit_push(fd, "491700000008", NULL);
		_exit(0);
	}
	nanosleep(&pause_time, NULL);
	CU_ASSERT_EQUAL(waitpid(child, NULL, WNOHANG), 0);
	for (unsigned i = 0; i < N; i++) {
		size_t len = client_recv(fd, answer);

		CU_ASSERT_EQUAL_FATAL(len, 16 + 17);
	}
	CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
	close(fd);
	stop();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "sends receipts to a receiver",
		  sends_receipts_to_a_receiver },
		{ "keeps receipts until somebody takes them",
		  keeps_receipts_until_somebody_takes_them },
		{ "refuses what a bind may not do",
		  refuses_what_a_bind_may_not_do },
		{ "unbinds", unbinds },
		{ "answers unknown commands with a generic nack",
		  answers_unknown_commands_with_a_generic_nack },
		{ "closes on a length out of bounds",
		  closes_on_a_length_out_of_bounds },
		{ "refuses cut submits and goes on",
		  refuses_cut_submits_and_goes_on },
		{ "takes PDUs in pieces", takes_pdus_in_pieces },
		{ "survives garbage", survives_garbage },
		{ "refuses more than an SMS holds",
		  refuses_more_than_an_sms_holds },
		{ "waits for a client that does not read",
		  waits_for_a_client_that_does_not_read },
		CU_TEST_INFO_NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run("smsc", tests);
}
