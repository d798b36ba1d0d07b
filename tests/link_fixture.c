/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/link_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/log.h"

struct event_base *base;
struct fake_bearerbox fake;
struct box_link *link_;
struct err e;
unsigned write_timeout_s;

struct heard heard;

static void on_up(void *arg)
{
	((struct heard *)arg)->ups++;
}

static void on_down(void *arg)
{
	((struct heard *)arg)->downs++;
}

static void on_ack(void *arg, uint64_t tag, enum box_nack nack)
{
	struct heard *h = arg;

	if (h->n_acks == RECORDS_MAX)
		return;
	h->acks[h->n_acks].tag = tag;
	h->acks[h->n_acks++].nack = nack;
}

static void on_report(void *arg, const struct box_link_report *r)
{
	struct heard *h = arg;

	if (h->n_reports == RECORDS_MAX)
		return;
	h->reports[h->n_reports++] = *r;
	snprintf(h->key, sizeof(h->key), "%.*s", (int)r->key_len,
		 (const char *)r->key);
	snprintf(h->text, sizeof(h->text), "%.*s", (int)r->text_len,
		 (const char *)r->text);
}

const struct box_link_handlers handlers = {
	.up = on_up,
	.down = on_down,
	.ack = on_ack,
	.report = on_report,
};

bool wait_for(const unsigned *counter, unsigned n)
{
	struct timeval step = { .tv_usec = 1000 };

	for (int i = 0; i < PATIENCE_MS && *counter < n; i++) {
		event_base_loopexit(base, &step);
		event_base_dispatch(base);
	}
	return *counter == n;
}

void run_ms(int ms)
{
	struct timeval tv = { .tv_usec = ms * 1000 };

	event_base_loopexit(base, &tv);
	event_base_dispatch(base);
}

void start_link(void)
{
	struct box_link_config config = {
		.host = "localhost",
		.port = fake.port,
		.box_id = "dmbox",
		.delay_ms = DELAY_MS,
		.write_timeout_s = write_timeout_s,
	};

	memset(&heard, 0, sizeof(heard));
	CU_ASSERT_EQUAL_FATAL(box_link_new(&link_, base, &config, &handlers,
					   &heard, &e), DM_OK);
}

void start(void)
{
	base = event_base_new();
	fake.port = 0;
	fake_open(&fake, base);
	start_link();
	CU_ASSERT_FATAL(wait_for(&fake.n_frames, 1));
	CU_ASSERT_EQUAL(heard.ups, 1);
	CU_ASSERT(box_link_is_up(link_));
}

void stop(void)
{
	box_link_free(link_);
	fake_close(&fake);
	event_base_free(base);
}

const uint8_t link_udh[7] = { 6, 5, 4, 0x0b, 0x84, 0x23, 0xf0 };
const uint8_t link_data[8] = { 1, 6, 3, 0xc4, 0xaf, 0x87, 0, 0xff };

int send_sms(uint64_t tag)
{
	struct box_sms s = {
		.tag = tag,
		.sender = "4321",
		.receiver = "+491700000001",
		.udh = link_udh,
		.udh_len = sizeof(link_udh),
		.data = link_data,
		.data_len = sizeof(link_data),
		.smsc_id = "sim1",
		.dcs = 0xf5,
		.validity = 2000000000,
		.dlr_mask = 19,
		.dlr_key = (const uint8_t *)"17.1",
		.dlr_key_len = 4,
	};

	return box_link_send(link_, &s, &e);
}

void expect_reconnect(void)
{
	CU_ASSERT(wait_for(&heard.downs, 1));
	CU_ASSERT_FALSE(box_link_is_up(link_));
	CU_ASSERT(wait_for(&heard.ups, 2));
	CU_ASSERT_EQUAL(heard.downs, 1);
	CU_ASSERT(box_link_is_up(link_));
}

int link_run(const char *suite, CU_TestInfo *tests)
{
	signal(SIGPIPE, SIG_IGN);
	/* The log is not what is tested: keep TAP readable. */
	if (log_open("/dev/null", LOG_LEVEL_DEBUG, &e))
		return EXIT_FAILURE;
	return tap_run(suite, tests);
}
