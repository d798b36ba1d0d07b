/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/emulator_run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define DEVICE(number, more) \
	"device \"" number "\" { server-id = \"com.example.dms\" " \
	"password = 'srvpwd' nonce-hex = " \
	"\"101112131415161718191a1b1c1d1e1f\" " more " }\n"

static const char devices[] =
	DEVICE("+491701234567", "")
	DEVICE("+491700000002", "receipt = \"EXPIRED\"")
	DEVICE("+491700000003", "receipt = \"DELETED\"")
	DEVICE("+491700000004", "receipt = \"UNDELIV\"")
	DEVICE("+491700000005", "receipt = \"ACCEPTD\"")
	DEVICE("+491700000006", "receipt = \"UNKNOWN\"")
	DEVICE("+491700000007", "receipt = \"REJECTD\"")
	DEVICE("+491700000008", "receipt = \"none\"")
	DEVICE("+491700000009", "receipt-delay-ms = 300")
	DEVICE("+491700000011", "comes-after = 2 result = 200 "
	       "alert-type = \"org.example.update\"")
	"device \"+491700000010\" { imsi = \"310150123456789\" pin = 4711 }";

/* dm12-ns-cli of the vectors: package 0 behind its WSP headers. */
const char push[] =
	"010603c4af87"
	"9d3ceaba30698a598d071c968a4fb38d02c000000001010f"
	"636f6d2e6578616d706c652e646d73";

/* ------------------------------ the program ------------------------------ */

struct emulator emulator;

static void write_devices(void)
{
	FILE *f;

	snprintf(emulator.file, sizeof(emulator.file), "emulator_run_%d.conf",
		 (int)getpid());
	f = fopen(emulator.file, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(devices, f);
	fclose(f);
}

static void spawn(const char *option)
{
	bool controlled = !strcmp(option, "--control");
	int fds[2];

	write_devices();
	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	fflush(stdout);
	emulator.pid = fork();
	if (emulator.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);	/* a failed test */
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execl(EMULATOR, EMULATOR, "-c", emulator.file, "--smpp-port",
		      "0", option, controlled ? emulator.control : NULL,
		      "--json", (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	emulator.events = fdopen(fds[0], "r");
}

/* The next event, to be freed; NULL at the end of the program. */
json_t *next_event(void)
{
	return json_loadf(emulator.events, JSON_DISABLE_EOF_CHECK, NULL);
}

const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

long long number_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

/* Reads events up to the next of that name. */
json_t *event_named(const char *name)
{
	json_t *e;

	while ((e = next_event())) {
		if (!strcmp(text_of(e, "event"), name))
			return e;
		json_decref(e);
	}
	printf("# no event %s\n", name);
	CU_FAIL_FATAL("the emulator ended");
	return NULL;
}

void skip_to(const char *name)
{
	json_decref(event_named(name));
}

static void start_json(const char *option)
{
	json_t *e;

	spawn(option);
	e = event_named("listening");
	emulator.port = (uint16_t)number_of(e, "port");
	json_decref(e);
}

void start(void)
{
	start_json("--json");
}

void start_controlled(void)
{
	snprintf(emulator.control, sizeof(emulator.control),
		 "emulator_run_%d.ctl", (int)getpid());
	start_json("--control");
	for (int i = 0; i < 1000 && access(emulator.control, F_OK); i++)
		usleep(10000);
}

void control(const char *command, const char *event)
{
	FILE *f = fopen(emulator.control, "w");
	json_t *e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fprintf(f, "%s\n", command);
	fclose(f);
	e = event_named(event);
	CU_ASSERT_STRING_EQUAL(text_of(e, "command"), command);
	json_decref(e);
}

/* Reads the first line of an emulator that writes text. */
void start_quiet(void)
{
	char line[256];

	spawn("--quiet");
	CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(line, sizeof(line),
					   emulator.events));
	CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(line, "listening port="));
	emulator.port = (uint16_t)atoi(strstr(line, "port=") + 5);
}

/* Ends it; its leak check shows in the exit status. */
void end_by(int signal_number)
{
	int status;

	kill(emulator.pid, signal_number);
	CU_ASSERT_EQUAL(waitpid(emulator.pid, &status, 0), emulator.pid);
	CU_ASSERT(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
	unlink(emulator.file);
}

void stop(void)
{
	end_by(SIGTERM);
	fclose(emulator.events);
}

/* -------------------------------- client -------------------------------- */

uint8_t pdu[CLIENT_PDU_MAX];
uint8_t answer[CLIENT_PDU_MAX];
struct smpp_header answer_header;

int connect_client(void)
{
	int fd = client_connect(emulator.port);

	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

void send_pdu(int fd, size_t len)
{
	CU_ASSERT(client_send(fd, pdu, len));
}

/* The next PDU must be this one. */
void expect(int fd, uint32_t command, uint32_t status)
{
	size_t len = client_recv(fd, answer);

	CU_ASSERT_NOT_EQUAL_FATAL(len, 0);
	smpp_header_read(&answer_header, answer);
	CU_ASSERT_EQUAL(answer_header.command, command);
	CU_ASSERT_EQUAL(answer_header.status, status);
}

void expect_closed(int fd)
{
	CU_ASSERT_EQUAL(client_recv(fd, answer), 0);
	close(fd);
}

int bind_client(uint32_t command, const char *system_id)
{
	int fd = connect_client();

	send_pdu(fd, client_bind(pdu, command, 1, system_id));
	expect(fd, command | SMPP_RESPONSE, ESME_ROK);
	return fd;
}

/* The notification, or what else is in hex, with registered delivery. */
void submit(int fd, const char *to, const char *hex,
		   const char *validity)
{
	uint8_t octets[254];
	struct client_sms sms = {
		.from = "12345", .to = to, .esm_class = 0x43,
		.registered_delivery = 1, .validity = validity,
		.octets = octets, .len = tap_hex(hex, octets, sizeof(octets)),
	};

	send_pdu(fd, client_submit(pdu, 42, &sms));
}

void submit_push(int fd, const char *to, const char *validity)
{
	char hex[512];

	snprintf(hex, sizeof(hex), "0605040b8423f0%s", push);
	submit(fd, to, hex, validity);
}

void submit_taken(int fd, const char *to, const char *validity)
{
	submit_push(fd, to, validity);
	expect(fd, SMPP_SUBMIT_SM | SMPP_RESPONSE, ESME_ROK);
	CU_ASSERT_EQUAL(answer_header.sequence, 42);
	CU_ASSERT_EQUAL(answer_header.len, 16 + 17);
}

/* A receipt whose text has this state and the id of the last answer. */
void expect_receipt(int fd, const char *state)
{
	char id[32], stat[32], text[CLIENT_PDU_MAX];

	snprintf(id, sizeof(id), "id:%.16s ", (const char *)answer + 16);
	snprintf(stat, sizeof(stat), " stat:%s ", state);
	expect(fd, SMPP_DELIVER_SM, 0);
	for (size_t i = 0; i < answer_header.len; i++)
		text[i] = (char)(answer[i] ? answer[i] : ' ');
	text[answer_header.len] = '\0';
	CU_ASSERT_PTR_NOT_NULL(strstr(text, id));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, stat));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "12345"));
}

void enquire(int fd)
{
	send_pdu(fd, client_plain(pdu, SMPP_ENQUIRE_LINK, 5));
	expect(fd, SMPP_ENQUIRE_LINK | SMPP_RESPONSE, ESME_ROK);
	CU_ASSERT_EQUAL(answer_header.sequence, 5);
}
