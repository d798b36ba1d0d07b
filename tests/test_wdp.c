/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/wdp.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

#define PATIENCE_MS 5000

static void addresses_are_read(void)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
	} good[] = {
		{ NULL, "127.0.0.1", 2948 },
		{ "2949", "127.0.0.1", 2949 },
		{ "0", "127.0.0.1", 0 },
		{ "10.0.2.2", "10.0.2.2", 2948 },
		{ "10.0.2.2:1", "10.0.2.2", 1 },
		{ "0.0.0.0:65535", "0.0.0.0", 65535 },
	};
	struct wdp_address a;
	struct sockaddr_in *four = (struct sockaddr_in *)&a.addr;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&a.addr;
	char text[INET_ADDRSTRLEN];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT_EQUAL(wdp_address_parse(&a, good[i].text), DM_OK);
		inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
		CU_ASSERT_STRING_EQUAL(text, good[i].host);
		CU_ASSERT_EQUAL(ntohs(four->sin_port), good[i].port);
	}
	CU_ASSERT_EQUAL(wdp_address_parse(&a, "[::1]:77"), DM_OK);
	CU_ASSERT_EQUAL(six->sin6_family, AF_INET6);
	CU_ASSERT_EQUAL(ntohs(six->sin6_port), 77);
	CU_ASSERT_EQUAL(wdp_address_parse(&a, "::1"), DM_OK);
	CU_ASSERT_EQUAL(ntohs(six->sin6_port), 2948);
}

static void what_is_no_address_is_refused(void)
{
	static const char *const bad[] = {
		"", "localhost", "65536", "1.2.3.4:", "1.2.3.4:65536", "a:b",
		"99999999999999999999",
	};
	struct wdp_address a = { .len = 7 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(wdp_address_parse(&a, bad[i]), DM_EINVAL);
	CU_ASSERT_EQUAL(a.len, 7);
}

/* ------------------------------ datagrams ------------------------------ */

static struct event_base *base;
static struct wdp *wdp;
static struct report report = { .json = true };
static struct config config;
static char *text;
static size_t text_len;
static int client;

static void begin(void)
{
	struct wdp_address a;
	struct sockaddr_in to = { .sin_family = AF_INET };
	json_t *o;

	report.out = open_memstream(&text, &text_len);
	base = event_base_new();
	CU_ASSERT_EQUAL_FATAL(wdp_address_parse(&a, "0"), DM_OK);
	wdp = wdp_start(base, &a, &config, NULL, &report, NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(wdp);
	o = json_loads(text, 0, NULL);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)json_integer_value(
				json_object_get(o, "port")));
	json_decref(o);
	client = socket(AF_INET, SOCK_DGRAM, 0);
	CU_ASSERT_EQUAL(connect(client, (struct sockaddr *)&to, sizeof(to)), 0);
}

static void end(void)
{
	close(client);
	wdp_stop(wdp);
	event_base_free(base);
	fclose(report.out);
	free(text);
}

/* Sends the octets; does what it says of them have these words? */
static bool tells(const char *hex, const char *const *words)
{
	uint8_t octets[500];
	size_t len = tap_hex(hex, octets, sizeof(octets));
	const char *said = text + text_len;
	size_t before = text_len;
	bool ok = true;

	if (send(client, octets, len, 0) != (ssize_t)len)
		return false;
	for (int i = 0; i < PATIENCE_MS && text_len == before; i++) {
		struct timeval tv = { .tv_usec = 1000 };

		event_base_loopexit(base, &tv);
		event_base_dispatch(base);
	}
	said = text + before;
	for (; *words; words++)
		ok &= strstr(said, *words) != NULL;
	if (!ok)
		printf("# %s", said);
	return ok;
}

#define WORDS(...) (const char *const []){ __VA_ARGS__, NULL }
#define DIGEST "000102030405060708090a0b0c0d0e0f"

static void says_what_a_datagram_is(void)
{
	begin();
	CU_ASSERT(tells("010603c4af87" DIGEST "02e80000000042" "04" "73727631",
			WORDS("datagram.received", "\"octets\":34",
			      "notification.received", "\"server-id\":\"srv1\"",
			      "\"session-id\":66", "\"ui-mode\":\"informative\"")));
	CU_ASSERT(tells("010603c4af87" DIGEST "02e8",
			WORDS("notification.refused", "cut short")));
	CU_ASSERT(tells("0106" "01" "ae" "0205",
			WORDS("push.received", "content-type",
			      "application/vnd.wap.sic")));
	CU_ASSERT(tells("0106" "01" "b6" "030b6a0005",
			WORDS("bootstrap.received", "\"kind\":\"cp\"",
			      "\"sec\":\"none\"")));
	CU_ASSERT(tells("0106" "01" "b6" "ffff",
			WORDS("bootstrap.refused", "public id")));
	CU_ASSERT(tells("00", WORDS("push.refused")));
	end();
}

int main(void)
{
	return tap_run("wdp", (CU_TestInfo[]){
		{ "addresses are read", addresses_are_read },
		{ "what is no address is refused",
		  what_is_no_address_is_refused },
		{ "says what a datagram is", says_what_a_datagram_is },
		CU_TEST_INFO_NULL,
	});
}
