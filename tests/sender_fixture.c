/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sender_fixture.h"

#include <stdio.h>

#include "gateway/clock.h"

#define DELAY_MS 20		/* the link's first wait */

static struct event_base *base;
struct fake_bearerbox fake;
struct sender *sender;
bool drained;

void run_loop(void)
{
	struct timeval step = { .tv_usec = 1000 };

	event_base_loopexit(base, &step);
	event_base_dispatch(base);
}

bool frames(unsigned n)
{
	for (int i = 0; i < PATIENCE_MS && fake.n_frames < n; i++) {
		run_loop();
		store_poll(store);
	}
	return fake.n_frames == n;
}

bool becomes(int64_t id, enum job_state state)
{
	for (int i = 0; i < PATIENCE_MS && state_of(id) != state; i++)
		run_loop();
	return state_of(id) == state;
}

void run_for(int ms)
{
	int64_t end = clock_ms() + ms;

	while (clock_ms() < end) {
		run_loop();
		store_poll(store);
	}
}

bool link_is(bool up)
{
	struct sender_status s;

	sender_status(sender, &s);
	return s.link_up == up;
}

void wait_link(bool up)
{
	for (int i = 0; i < PATIENCE_MS && !link_is(up); i++)
		run_loop();
	CU_ASSERT(link_is(up));
}

void wait_reconnect(void)
{
	wait_link(false);
	wait_link(true);
}

void begin_with(size_t window, int32_t first_s, unsigned ack_timeout_s)
{
	struct err e;

	store_start();
	plan.first_s = first_s;
	base = event_base_new();
	fake.port = 0;
	fake_open(&fake, base);
	drained = false;
	CU_ASSERT_EQUAL_FATAL(sender_new(&sender, base, store,
		&(struct box_link_config){
			.host = "127.0.0.1",
			.port = fake.port,
			.box_id = "dmbox",
			.delay_ms = DELAY_MS,
		}, &(struct sender_config){
			.window = window,
			.plan = plan,
			.ack_timeout_s = ack_timeout_s,
		}, &e), DM_OK);
	CU_ASSERT_FATAL(frames(1));	/* it has said who it is */
	wait_link(true);
}

void begin(size_t window)
{
	begin_with(window, ATTEMPT_MS / 1000, 60);
}

void on_drained(void *arg)
{
	(void)arg;
	drained = true;
}

int64_t end(void)
{
	int64_t begun = clock_ms();

	if (!drained)
		sender_drain(sender, 1, on_drained, NULL);
	while (!drained && clock_ms() < begun + PATIENCE_MS) {
		run_loop();
		store_poll(store);
	}
	begun = clock_ms() - begun;
	store_stop();
	sender_free(sender);
	fake_close(&fake);
	event_base_free(base);
	return begun;
}

void now(struct store_submit *s)
{
	s->job.created_ms = s->job.next_ms = clock_ms();
	s->job.expires_ms = s->job.next_ms + 60000;
}

int64_t send_job(unsigned n)
{
	int64_t id = add_with(n, now);

	CU_ASSERT(id > 0);
	sender_wake(sender);
	return id;
}

void ack(unsigned i, enum box_nack nack)
{
	CU_ASSERT_EQUAL_FATAL(fake.frames[i].m.type, BOX_MSG_sms);
	fake_send_ack(&fake, fake.frames[i].m.sms.id, (int32_t)nack);
}

const char *key_of(unsigned i)
{
	static char key[JOB_DLR_KEY_SIZE];
	const struct box_octets *o = &fake.frames[i].m.sms.dlr_url;

	snprintf(key, sizeof(key), "%.*s", (int)o->len,
		 (const char *)o->mem);
	return key;
}

void report_sms(unsigned n, unsigned i, int32_t dlr)
{
	fake_send_report(&fake, n, dlr, key_of(i));
}
