/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

static char path[] = "/tmp/dmbox-test-config.XXXXXX";
static struct config c;
static struct err e;

static int load(const char *text)
{
	FILE *f = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
	config_free(&c);
	memset(&e, 0x55, sizeof(e));
	return config_load(path, &c, &e);
}

/* Is it refused with all of these words? */
static bool refuses(const char *text, const char *const *words)
{
	char message[ERR_TEXT_MAX];
	bool ok = load(text) == DM_EINVAL && e.code == DM_EINVAL && !c.file;

	err_text(&e, message, sizeof(message));
	for (; *words; words++)
		ok &= strstr(message, *words) != NULL;
	if (!ok)
		printf("# %s -> %s\n", text, message);
	return ok;
}

#define WORDS(...) (const char *const []){ __VA_ARGS__, NULL }

static void what_is_not_set_has_its_default(void)
{
	CU_ASSERT_EQUAL_FATAL(load("sender = 12345"), DM_OK);
	CU_ASSERT_STRING_EQUAL(c.socket, "/run/dmbox/dmbox.sock");
	CU_ASSERT_STRING_EQUAL(c.store, "/var/lib/dmbox/dmbox.db");
	CU_ASSERT_STRING_EQUAL(c.sender, "12345");
	CU_ASSERT_STRING_EQUAL(c.pid_file, "");
	CU_ASSERT_STRING_EQUAL(c.log_file, "");
	CU_ASSERT_EQUAL(c.log_level, LOG_LEVEL_INFO);
	CU_ASSERT(!c.log_msisdn);
	CU_ASSERT_EQUAL(c.expires_s, 86400);
	CU_ASSERT_EQUAL(c.bootstrap_expires_s, 86400);
	CU_ASSERT_EQUAL(c.expires_max_s, 2592000);
	CU_ASSERT_EQUAL(c.until, REACHED_DELIVERED);
	CU_ASSERT_EQUAL(c.attempts.first_s, 300);
	CU_ASSERT_EQUAL(c.attempts.factor, 2);
	CU_ASSERT_EQUAL(c.attempts.ceiling_s, 86400);
	CU_ASSERT_EQUAL(c.attempts.max, 10);
	CU_ASSERT_EQUAL(c.result_window_s, 604800);
	CU_ASSERT_EQUAL(c.n_clients, 0);
	CU_ASSERT_EQUAL(config_until(&c, 0), REACHED_DELIVERED);
	CU_ASSERT_EQUAL(c.queue_max, 1000000);
	CU_ASSERT_EQUAL(c.jobs_keep_s, 2592000);
	CU_ASSERT_EQUAL(c.events_keep_s, 604800);
	CU_ASSERT_EQUAL(c.clients_max, 64);
	CU_ASSERT_STRING_EQUAL(c.bearerbox.host, "127.0.0.1");
	CU_ASSERT_EQUAL(c.bearerbox.port, 13001);
	CU_ASSERT_STRING_EQUAL(c.bearerbox.box_id, "dmbox");
	CU_ASSERT_EQUAL(c.bearerbox.window, 100);
	CU_ASSERT_EQUAL(c.bearerbox.ack_timeout_s, 60);
}

static void reads_every_option(void)
{
	CU_ASSERT_EQUAL_FATAL(load(
		"# a comment\n"
		"socket = \"/s\"\nstore = '/d'\nsender = \"Shop 24\"\n"
		"pid-file = /p\nlog-file = /l\nlog-level = debug\n"
		"log-msisdn = true\nexpires-s = 1\nqueue-max = 2\n"
		"jobs-keep-s = 4\nevents-keep-s = 5\nclients-max = 3\n"
		"bootstrap-expires-s = 4 expires-max-s = 5\n"
		"default-until = taken\n"
		"attempt-first-s = 6 attempt-factor = 7\n"
		"attempt-ceiling-s = 8 attempts-max = 9\n"
		"bearerbox { host = ::1 port = 65535 box-id = x\n"
		"window = 1000 ack-timeout-s = 2 }\n"), DM_OK);
	CU_ASSERT_STRING_EQUAL(c.socket, "/s");
	CU_ASSERT_STRING_EQUAL(c.store, "/d");
	CU_ASSERT_STRING_EQUAL(c.sender, "Shop 24");
	CU_ASSERT_STRING_EQUAL(c.pid_file, "/p");
	CU_ASSERT_STRING_EQUAL(c.log_file, "/l");
	CU_ASSERT_EQUAL(c.log_level, LOG_LEVEL_DEBUG);
	CU_ASSERT(c.log_msisdn);
	CU_ASSERT_EQUAL(c.expires_s, 1);
	CU_ASSERT_EQUAL(c.queue_max, 2);
	CU_ASSERT_EQUAL(c.jobs_keep_s, 4);
	CU_ASSERT_EQUAL(c.events_keep_s, 5);
	CU_ASSERT_EQUAL(c.clients_max, 3);
	CU_ASSERT_EQUAL(c.bootstrap_expires_s, 4);
	CU_ASSERT_EQUAL(c.expires_max_s, 5);
	CU_ASSERT_EQUAL(c.until, REACHED_TAKEN);
	CU_ASSERT_EQUAL(c.attempts.first_s, 6);
	CU_ASSERT_EQUAL(c.attempts.factor, 7);
	CU_ASSERT_EQUAL(c.attempts.ceiling_s, 8);
	CU_ASSERT_EQUAL(c.attempts.max, 9);
	CU_ASSERT_STRING_EQUAL(c.bearerbox.host, "::1");
	CU_ASSERT_EQUAL(c.bearerbox.port, 65535);
	CU_ASSERT_STRING_EQUAL(c.bearerbox.box_id, "x");
	CU_ASSERT_EQUAL(c.bearerbox.window, 1000);
	CU_ASSERT_EQUAL(c.bearerbox.ack_timeout_s, 2);
}

static void every_number_has_a_range(void)
{
	static const struct {
		const char *fmt, *name;
		long min, max;
	} numbers[] = {
		{ "sender = 1\nexpires-s = %ld\nexpires-max-s = 31536000",
		  "expires-s", 1, 31536000 },
		{ "sender = 1\nbootstrap-expires-s = %ld\n"
		  "expires-max-s = 31536000", "bootstrap-expires-s", 1,
		  31536000 },
		{ "sender = 1\nexpires-max-s = %ld\nexpires-s = 1\n"
		  "bootstrap-expires-s = 1", "expires-max-s", 1, 31536000 },
		{ "sender = 1\nattempt-first-s = %ld", "attempt-first-s", 1,
		  604800 },
		{ "sender = 1\nattempt-factor = %ld", "attempt-factor", 1,
		  10 },
		{ "sender = 1\nattempt-ceiling-s = %ld", "attempt-ceiling-s",
		  1, 604800 },
		{ "sender = 1\nresult-window-s = %ld", "result-window-s", 1,
		  31536000 },
		{ "sender = 1\nattempts-max = %ld", "attempts-max", 1, 100 },
		{ "sender = 1\nclient a { uid = %ld }", "uid", 0,
		  4294967294 },
		{ "sender = 1\nqueue-max = %ld", "queue-max", 1, 1000000000 },
		{ "sender = 1\njobs-keep-s = %ld", "jobs-keep-s", 1,
		  315360000 },
		{ "sender = 1\nevents-keep-s = %ld", "events-keep-s", 1,
		  315360000 },
		{ "sender = 1\nclients-max = %ld", "clients-max", 1, 1000 },
		{ "sender = 1\nbearerbox { port = %ld }", "port", 1, 65535 },
		{ "sender = 1\nbearerbox { window = %ld }", "window", 1,
		  1000 },
		{ "sender = 1\nbearerbox { ack-timeout-s = %ld }",
		  "ack-timeout-s", 1, 3600 },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		long bad[] = { numbers[i].min - 1, numbers[i].max + 1, -5 };
		char text[160], came[64], allowed[64];

		snprintf(text, sizeof(text), numbers[i].fmt, numbers[i].min);
		CU_ASSERT_EQUAL(load(text), DM_OK);
		snprintf(text, sizeof(text), numbers[i].fmt, numbers[i].max);
		CU_ASSERT_EQUAL(load(text), DM_OK);
		snprintf(allowed, sizeof(allowed), "allowed: %ld to %ld",
			 numbers[i].min, numbers[i].max);
		for (size_t k = 0; k < 3; k++) {
			snprintf(text, sizeof(text), numbers[i].fmt, bad[k]);
			snprintf(came, sizeof(came), "%s: %ld",
				 numbers[i].name, bad[k]);
			CU_ASSERT(refuses(text, WORDS("line 2", came,
						      allowed)));
		}
	}
}

static void every_text_has_a_length(void)
{
	static const struct {
		const char *fmt;
		size_t max;
	} texts[] = {
		{ "sender = 1\nsocket = '%.*s'", 107 },
		{ "sender = 1\nstore = '%.*s'", 4000 },
		{ "\nsender = '%.*s'", 20 },
		{ "sender = 1\nbearerbox { box-id = '%.*s' }", 64 },
	};
	static char text[5000], fill[4100];

	memset(fill, 'a', sizeof(fill) - 1);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int max = (int)texts[i].max;

		snprintf(text, sizeof(text), texts[i].fmt, max, fill);
		CU_ASSERT_EQUAL(load(text), DM_OK);
		snprintf(text, sizeof(text), texts[i].fmt, max + 1, fill);
		CU_ASSERT(refuses(text, WORDS("line 2", "octets, allowed")));
		snprintf(text, sizeof(text), texts[i].fmt, 0, fill);
		CU_ASSERT(refuses(text, WORDS("line 2", "0 octets, allowed")));
	}
}

static void clients_have_defaults_of_their_own(void)
{
	CU_ASSERT_EQUAL_FATAL(load(
		"sender = 1\ndefault-until = taken\n"
		"client portal { uid = 1001 default-until = session }\n"
		"client \"the other\" { uid = 0 }\n"), DM_OK);
	CU_ASSERT_EQUAL_FATAL(c.n_clients, 2);
	CU_ASSERT_STRING_EQUAL(c.clients[1].name, "the other");
	CU_ASSERT_EQUAL(config_until(&c, 1001), REACHED_SESSION);
	CU_ASSERT_EQUAL(config_until(&c, 0), REACHED_TAKEN);
	CU_ASSERT_EQUAL(config_until(&c, 1002), REACHED_TAKEN);
}

static void refuses_clients_that_cannot_be_told_apart(void)
{
	CU_ASSERT(refuses("sender = 1\nclient a { }",
			  WORDS("uid: missing in client \"a\"")));
	CU_ASSERT(refuses("sender = 1\nclient a { uid = 1 }\n"
			  "client b { uid = 2 }\nclient c { uid = 1 }",
			  WORDS("uid: 1 in \"a\" and \"c\"")));
	CU_ASSERT(refuses("sender = 1\nclient a { uid = 1 }\n"
			  "client a { uid = 2 }", WORDS("line")));
	CU_ASSERT(refuses("sender = 1\nclient a {\nuid = 1\n"
			  "default-until = later }",
			  WORDS("line 4", "\"later\"",
				"taken, delivered or session")));
	CU_ASSERT(refuses("sender = 1\ndefault-until = none",
			  WORDS("line 2", "default-until: \"none\"")));
}

static void no_default_exceeds_the_limit(void)
{
	CU_ASSERT(refuses("sender = 1\nexpires-max-s = 100",
			  WORDS("expires-s: 86400, and expires-max-s is 100")));
	CU_ASSERT(refuses("sender = 1\nexpires-max-s = 86400\n"
			  "bootstrap-expires-s = 86401",
			  WORDS("bootstrap-expires-s: 86401")));
}

static void refuses_what_it_does_not_know(void)
{
	CU_ASSERT(refuses("sender = 1\nsocke = /s", WORDS("line 2", "socke")));
	CU_ASSERT(refuses("sender = 1\nbearerbox {\n portt = 1 }",
			  WORDS("line 3", "portt")));
	CU_ASSERT(refuses("sender = 1\nlog-level = loud",
			  WORDS("log-level", "\"loud\"",
				"error, warn, info or debug")));
}

static void refuses_what_is_malformed(void)
{
	CU_ASSERT(refuses("sender = 1\nbearerbox { port = x }",
			  WORDS("line 2", "port")));
	CU_ASSERT(refuses("sender = 1\nlog-msisdn = maybe",
			  WORDS("line 2", "log-msisdn")));
	CU_ASSERT(refuses("sender = 1\n}", WORDS("line 2")));
	CU_ASSERT(refuses("sender =", WORDS("configuration")));
	CU_ASSERT(refuses("sender = 1\nexpires-s = 99999999999999999999",
			  WORDS("line 2", "expires-s")));
}

static void routes_are_read(void)
{
	CU_ASSERT_EQUAL_FATAL(load("sender = 12345\n"
		"route \"lab\" { kind = \"udp\"\n address = \"::1\" }\n"
		"route \"avd\" { kind = \"android-console\"\n port = 5556\n"
		" token-file = \"t\" }\n"
		"route \"look\" { kind = \"pcap\"\n file = \"p\" }\n"), DM_OK);
	CU_ASSERT_EQUAL_FATAL(c.n_routes, 3);
	CU_ASSERT_STRING_EQUAL(c.routes[0].name, "lab");
	CU_ASSERT_STRING_EQUAL(c.routes[0].address, "::1");
	CU_ASSERT_EQUAL(c.routes[0].port, 2948);
	CU_ASSERT_EQUAL(c.routes[1].kind, ROUTE_CONSOLE);
	CU_ASSERT_EQUAL(c.routes[1].port, 5556);
	CU_ASSERT_STRING_EQUAL(c.routes[1].token_file, "t");
	CU_ASSERT_EQUAL(c.routes[2].kind, ROUTE_PCAP);
	CU_ASSERT_STRING_EQUAL(c.routes[2].file, "p");
}

static void routes_are_checked(void)
{
#define ROUTE(name, rest) \
	"sender = 1\nroute \"" name "\" {\n" rest "\n}\n"
	char many[4096] = "sender = 1\n";
	size_t len = strlen(many);

	CU_ASSERT(refuses(ROUTE("a", ""), WORDS("kind", "udp", "\"a\"")));
	CU_ASSERT(refuses(ROUTE("a", "kind = \"udp\"\naddress = \"x.example\""),
			  WORDS("host", "x.example", "numeric")));
	CU_ASSERT(refuses(ROUTE("a", "kind = \"udp\"\nport = 0"),
			  WORDS("port", "0", "1 to 65535")));
	CU_ASSERT(refuses(ROUTE("a", "kind = \"file\""),
			  WORDS("file", "missing")));
	CU_ASSERT(refuses(ROUTE("bearerbox", "kind = \"udp\""),
			  WORDS("route", "bearerbox", "another name")));
	CU_ASSERT(refuses(ROUTE("a", "kind = \"udp\"")
			  "route \"a\" { kind = \"udp\" }", WORDS("a")));
	for (int i = 0; i <= ROUTES_MAX; i++)
		len += (size_t)snprintf(many + len, sizeof(many) - len,
			"route \"r%d\" { kind = \"udp\" }\n", i);
	CU_ASSERT(refuses(many, WORDS("route", "33", "32")));
}

static void a_sender_is_required(void)
{
	static const char allowed[] = "every SMS needs one";

	CU_ASSERT(refuses("", WORDS("sender: missing", allowed)));
	CU_ASSERT(refuses("socket = /s", WORDS("sender: missing", allowed)));
}

static void tells_why_a_file_cannot_be_read(void)
{
	CU_ASSERT_EQUAL(config_load("/nonexistent/x.conf", &c, &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came,
			"/nonexistent/x.conf: No such file or directory");
	CU_ASSERT_EQUAL(config_load("/", &c, &e), DM_EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "/: "));
}

int main(void)
{
	int fd = mkstemp(path), status;

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	status = tap_run("config", (CU_TestInfo[]){
		{ "what is not set has its default",
		  what_is_not_set_has_its_default },
		{ "reads every option", reads_every_option },
		{ "every number has a range", every_number_has_a_range },
		{ "every text has a length", every_text_has_a_length },
		{ "clients have defaults of their own",
		  clients_have_defaults_of_their_own },
		{ "refuses clients that cannot be told apart",
		  refuses_clients_that_cannot_be_told_apart },
		{ "no default exceeds the limit",
		  no_default_exceeds_the_limit },
		{ "refuses what it does not know",
		  refuses_what_it_does_not_know },
		{ "refuses what is malformed", refuses_what_is_malformed },
		{ "routes are read", routes_are_read },
		{ "routes are checked", routes_are_checked },
		{ "a sender is required", a_sender_is_required },
		{ "tells why a file cannot be read",
		  tells_why_a_file_cannot_be_read },
		CU_TEST_INFO_NULL,
	});
	config_free(&c);
	unlink(path);
	return status;
}
