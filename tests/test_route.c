/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of routes, with receivers in this process. */
#include "gateway/send/route.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/log.h"
#include "gateway/request/submit.h"
#include "tests/tap.h"
#include "wap/hex.h"
#include "wap/pcap.h"
#include "wap/sms_pdu.h"

#define PATIENCE_MS 10000
#define TOLD_MAX 16

static struct event_base *base;
static struct route *route;
static char dir[] = "/tmp/dmbox-test-route.XXXXXX";
static char path[96];

/* A message of n segments, and what it is without their UDHs. */
static struct job job = { .from = "12345", .dcs = SMS_DCS_8BIT };
static struct job_segment segments[SEGMENTS_MAX];
static uint8_t message[300];

static struct told {
	uint64_t tag;
	enum segment_event event;
	char reason[JOB_REASON_SIZE];
} told[TOLD_MAX];
static unsigned n_told;

static void on_result(void *arg, uint64_t tag, const struct verdict *v)
{
	struct told *t = &told[n_told++ % TOLD_MAX];

	(void)arg;
	t->tag = tag;
	t->event = v->event;
	snprintf(t->reason, sizeof(t->reason), "%s", v->reason);
}

static void make_message(size_t len)
{
	static struct segment list[SEGMENTS_MAX];
	size_t n;

	for (size_t i = 0; i < len; i++)
		message[i] = (uint8_t)i;
	CU_ASSERT_EQUAL_FATAL(segment_split(&transport_default.form, message,
					    len, list, SEGMENTS_MAX, &n),
			      DM_OK);
	job.n_segments = (uint32_t)n;
	for (size_t i = 0; i < n; i++)
		segments[i].sms = list[i];
}

static void begin(const struct route_config *config, size_t message_len)
{
	base = event_base_new();
	n_told = 0;
	make_message(message_len);
	route = route_new(base, config, on_result, NULL);
}

static void end(void)
{
	route_free(route);
	event_base_free(base);
}

static void give(unsigned segment, uint64_t tag)
{
	route_send(route, &(struct route_sms){ tag, &job, segments, segment });
}

static void run(int ms)
{
	struct timeval tv = { .tv_usec = 1000 * ms };

	event_base_loopexit(base, &tv);
	event_base_dispatch(base);
}

static bool results(unsigned n)
{
	for (int i = 0; i < PATIENCE_MS && n_told < n; i++)
		run(1);
	return n_told == n;
}

static bool was(unsigned i, uint64_t tag, enum segment_event event,
		const char *reason)
{
	bool ok = told[i].tag == tag && told[i].event == event &&
		  strstr(told[i].reason, reason);

	if (!ok)
		printf("# %u: tag %llu event %d \"%s\"\n", i,
		       (unsigned long long)told[i].tag, (int)told[i].event,
		       told[i].reason);
	return ok;
}

/* ---------------------------------- udp ---------------------------------- */

static int receiver(int type, uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, type, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&a, len), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	return fd;
}

static void udp_sends_the_whole_message_at_once(void)
{
	struct route_config c = { .name = "lab", .kind = ROUTE_UDP,
				  .address = "127.0.0.1" };
	struct pollfd p = { .events = POLLIN };
	uint8_t got[1000];
	uint16_t port;

	p.fd = receiver(SOCK_DGRAM, &port);
	c.port = port;
	begin(&c, sizeof(message));
	CU_ASSERT_EQUAL(job.n_segments, 3);
	CU_ASSERT(route_takes_whole(route));
	give(0, 7);
	CU_ASSERT_EQUAL(n_told, 0);
	CU_ASSERT_EQUAL(poll(&p, 1, PATIENCE_MS), 1);
	CU_ASSERT(tap_same(got, (size_t)read(p.fd, got, sizeof(got)), message,
			   sizeof(message)));
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 7, SEGMENT_ACKED, ""));
	close(p.fd);
	give(0, 8);		/* nobody listens any more */
	CU_ASSERT(results(2));
	CU_ASSERT(was(1, 8, SEGMENT_NOT_NOW, "Connection refused"));
	give(0, 9);		/* its result never comes */
	end();
	CU_ASSERT_EQUAL(n_told, 2);
}

static void udp_tells_what_cannot_be_sent_there(void)
{
	static const struct route_config c = {
		.name = "lab", .kind = ROUTE_UDP,
		.address = "255.255.255.255", .port = 2948,
	};

	begin(&c, 10);
	give(0, 1);
	CU_ASSERT_EQUAL(n_told, 0);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_NOT_NOW, "255.255.255.255 port 2948: "));
	end();
}

/* --------------------------------- files --------------------------------- */

static size_t read_file(char *out, size_t cap)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(out, 1, cap - 1, f) : 0;

	if (f)
		fclose(f);
	out[n] = '\0';
	return n;
}

static void a_file_gets_a_line_a_segment(void)
{
	static const struct route_config c = { .name = "f",
		.kind = ROUTE_FILE, .file = path };
	char want[1000] = "before\n", got[1000], hex[HEX_SIZE(140)];
	FILE *f = fopen(path, "w");

	fputs(want, f);
	fclose(f);
	begin(&c, 200);
	CU_ASSERT_FALSE(route_takes_whole(route));
	for (unsigned i = 0; i < 2; i++) {
		give(i, i);
		hex_encode(segments[i].sms.octets, segments[i].sms.len, hex);
		strcat(strcat(want, hex), "\n");
	}
	CU_ASSERT(results(2));
	CU_ASSERT(was(0, 0, SEGMENT_ACKED, ""));
	CU_ASSERT(was(1, 1, SEGMENT_ACKED, ""));
	read_file(got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, want);
	end();
	remove(path);
}

static void a_file_that_cannot_be_written_is_told(void)
{
	struct route_config c = { .name = "f", .kind = ROUTE_FILE,
				  .file = dir };

	begin(&c, 10);
	give(0, 1);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_NOT_NOW, "Is a directory"));
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	c.file = path;
	give(0, 2);		/* nobody reads: the loop does not wait */
	CU_ASSERT(results(2));
	CU_ASSERT(was(1, 2, SEGMENT_NOT_NOW, "No such device or address"));
	end();
	remove(path);
}

static void a_capture_grows_by_a_packet_a_message(void)
{
	static const struct route_config c = { .name = "p",
		.kind = ROUTE_PCAP, .file = path };
	char got[2000], first[2000];
	size_t len, packet;

	begin(&c, 200);
	CU_ASSERT(route_takes_whole(route));
	give(0, 1);
	len = read_file(first, sizeof(first));
	CU_ASSERT_EQUAL(len, PCAP_HEADERS_LEN + 200);
	CU_ASSERT(tap_same(first + PCAP_HEADERS_LEN, 200, message, 200));
	packet = len - PCAP_FILE_HEADER_LEN;
	give(0, 2);
	CU_ASSERT_EQUAL(read_file(got, sizeof(got)), len + packet);
	CU_ASSERT(tap_same(got, len, first, len));
	CU_ASSERT(tap_same(got + len + packet - 200, 200, message, 200));
	CU_ASSERT(results(2));
	CU_ASSERT(was(1, 2, SEGMENT_ACKED, ""));
	end();
	remove(path);
}

static void what_is_no_capture_stays_as_it_is(void)
{
	static const struct route_config c = { .name = "p",
		.kind = ROUTE_PCAP, .file = path };
	FILE *f = fopen(path, "w");
	char got[100];

	fputs("a text that is longer than the header of a capture", f);
	fclose(f);
	begin(&c, 10);
	give(0, 1);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_NOT_NOW, "is no capture"));
	CU_ASSERT_EQUAL(read_file(got, sizeof(got)), 50);
	end();
	remove(path);
}

/* -------------------------------- console -------------------------------- */

static struct console {
	struct evconnlistener *listener;
	struct bufferevent *bev;
	uint16_t port;
	unsigned n_calls;
	const char *token;		/* NULL: it asks for none */
	const char *answer;		/* to sms pdu; NULL: it hangs up */
	char heard[2000];
} console;

static void say(struct bufferevent *bev, const char *text)
{
	bufferevent_write(bev, text, strlen(text));
}

static void obey(struct bufferevent *bev, const char *line)
{
	if (!strncmp(line, "auth ", 5)) {
		say(bev, console.token && !strcmp(line + 5, console.token) ?
		    "Android Console: type 'help' for a list of commands\r\n"
		    "OK\r\n" : "KO: authentication token does not match "
		    "~/.emulator_console_auth_token\r\n");
	} else if (console.answer) {
		strcat(strcat(console.heard, line), "\n");
		say(bev, console.answer);
	} else {
		bufferevent_free(bev);
		console.bev = NULL;
	}
}

static void on_line(struct bufferevent *bev, void *arg)
{
	char *line;

	(void)arg;
	while (console.bev == bev &&
	       (line = evbuffer_readln(bufferevent_get_input(bev), NULL,
				       EVBUFFER_EOL_CRLF_STRICT))) {
		obey(bev, line);
		free(line);
	}
}

static void on_gone(struct bufferevent *bev, short what, void *arg)
{
	(void)what;
	(void)arg;
	bufferevent_free(bev);
	console.bev = NULL;
}

static void on_call(struct evconnlistener *l, evutil_socket_t fd,
		    struct sockaddr *a, int len, void *arg)
{
	(void)l;
	(void)a;
	(void)len;
	(void)arg;
	console.n_calls++;
	console.bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(console.bev, on_line, NULL, on_gone, NULL);
	bufferevent_enable(console.bev, EV_READ | EV_WRITE);
	say(console.bev, console.token ?
	    "Android Console: Authentication required\r\n"
	    "Android Console: type 'auth <auth_token>' to authenticate\r\n"
	    "Android Console: you can find your <auth_token> in \r\n"
	    "'/home/tester/.emulator_console_auth_token'\r\nOK\r\n" :
	    "Android Console: type 'help' for a list of commands\r\nOK\r\n");
}

static void begin_console(struct route_config *c, const char *token,
			  const char *answer)
{
	int fd;

	*c = (struct route_config){ .name = "avd", .kind = ROUTE_CONSOLE,
		.address = "127.0.0.1", .token_file = "" };
	console = (struct console){ .token = token, .answer = answer };
	fd = receiver(SOCK_STREAM, &console.port);
	c->port = console.port;
	begin(c, 200);
	evutil_make_socket_nonblocking(fd);
	console.listener = evconnlistener_new(base, on_call, NULL,
		LEV_OPT_CLOSE_ON_FREE, 4, fd);
}

static void end_console(void)
{
	if (console.bev)
		bufferevent_free(console.bev);
	if (console.listener)
		evconnlistener_free(console.listener);
	end();
}

static void write_token(const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

/* What the console is told of a segment. */
static void command_of(unsigned segment, char *out)
{
	const struct segment *s = &segments[segment].sms;
	uint8_t pdu[SMS_PDU_MAX];
	size_t len;

	CU_ASSERT_EQUAL(sms_pdu_deliver("12345", SMS_DCS_8BIT, s->octets,
					s->len, pdu, sizeof(pdu), &len),
			DM_OK);
	out += sprintf(out, "sms pdu ");
	hex_encode(pdu, len, out);
	strcat(out, "\n");
}

static void a_console_takes_a_pdu_a_segment(void)
{
	struct route_config c;
	char want[1000];

	begin_console(&c, "Secret+Token/1", "OK\r\n");
	write_token("Secret+Token/1\n");
	c.token_file = path;
	give(0, 10);
	give(1, 11);
	CU_ASSERT(results(2));
	CU_ASSERT(was(0, 10, SEGMENT_REPORTED_OK, ""));
	CU_ASSERT(was(1, 11, SEGMENT_REPORTED_OK, ""));
	CU_ASSERT_EQUAL(console.n_calls, 1);
	command_of(0, want);
	command_of(1, want + strlen(want));
	CU_ASSERT_STRING_EQUAL(console.heard, want);
	give(0, 12);		/* it has hung up meanwhile, and calls again */
	CU_ASSERT(results(3));
	CU_ASSERT_EQUAL(console.n_calls, 2);
	end_console();
	remove(path);
}

static void an_older_console_asks_for_no_token(void)
{
	struct route_config c;

	begin_console(&c, NULL, "OK\r\n");
	give(0, 1);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_REPORTED_OK, ""));
	end_console();
}

static void a_console_refuses_for_good(void)
{
	struct route_config c;

	begin_console(&c, NULL, "KO: this is not a valid pdu\r\n");
	give(0, 1);
	give(1, 2);
	CU_ASSERT(results(2));
	CU_ASSERT(was(0, 1, SEGMENT_NACKED, "KO: this is not a valid pdu"));
	CU_ASSERT(was(1, 2, SEGMENT_NACKED, ""));
	end_console();
}

static void a_wrong_token_is_told_and_tried_again(void)
{
	struct route_config c;

	begin_console(&c, "right", "OK\r\n");
	give(0, 1);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_NOT_NOW, "there is no token-file"));
	c.token_file = path;
	give(0, 2);
	CU_ASSERT(results(2));
	CU_ASSERT(was(1, 2, SEGMENT_NOT_NOW, "token-file: "));
	write_token("wrong");
	give(0, 3);
	give(1, 4);
	CU_ASSERT(results(4));
	CU_ASSERT(was(2, 3, SEGMENT_NOT_NOW, "KO: authentication token"));
	CU_ASSERT(was(3, 4, SEGMENT_NOT_NOW, "KO: authentication token"));
	CU_ASSERT_PTR_NULL(strstr(told[2].reason, "wrong"));
	write_token("right");
	give(0, 5);
	CU_ASSERT(results(5));
	CU_ASSERT(was(4, 5, SEGMENT_REPORTED_OK, ""));
	end_console();
	remove(path);
}

static void a_console_that_goes_away_is_tried_again(void)
{
	struct route_config c;

	begin_console(&c, NULL, NULL);
	give(0, 1);
	CU_ASSERT(results(1));
	CU_ASSERT(was(0, 1, SEGMENT_NOT_NOW, "closed the connection"));
	evconnlistener_free(console.listener);
	console.listener = NULL;
	give(0, 2);
	CU_ASSERT(results(2));
	CU_ASSERT(was(1, 2, SEGMENT_NOT_NOW, "Connection refused"));
	end_console();
}

int main(void)
{
	struct err e;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	if (!mkdtemp(dir) || log_open("/dev/null", LOG_LEVEL_INFO, &e))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/f", dir);
	rc = tap_run("route", (CU_TestInfo[]){
		{ "udp sends the whole message at once",
		  udp_sends_the_whole_message_at_once },
		{ "udp tells what cannot be sent there",
		  udp_tells_what_cannot_be_sent_there },
		{ "a file gets a line a segment",
		  a_file_gets_a_line_a_segment },
		{ "a file that cannot be written is told",
		  a_file_that_cannot_be_written_is_told },
		{ "a capture grows by a packet a message",
		  a_capture_grows_by_a_packet_a_message },
		{ "what is no capture stays as it is",
		  what_is_no_capture_stays_as_it_is },
		{ "a console takes a PDU a segment",
		  a_console_takes_a_pdu_a_segment },
		{ "an older console asks for no token",
		  an_older_console_asks_for_no_token },
		{ "a console refuses for good", a_console_refuses_for_good },
		{ "a wrong token is told and tried again",
		  a_wrong_token_is_told_and_tried_again },
		{ "a console that goes away is tried again",
		  a_console_that_goes_away_is_tried_again },
		CU_TEST_INFO_NULL,
	});
	rmdir(dir);
	return rc;
}
