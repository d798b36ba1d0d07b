/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sender_fixture.h - a sender between a real store and a fake bearerbox
 */
#ifndef TESTS_SENDER_FIXTURE_H
#define TESTS_SENDER_FIXTURE_H

#include "gateway/send/sender.h"
#include "tests/fake_bearerbox.h"
#include "tests/store_fixture.h"

#define PATIENCE_MS 5000	/* until a test gives up */

extern struct fake_bearerbox fake;
extern struct sender *sender;
extern bool drained;

/* A sender that is connected and has said who it is: frame 0. */
void begin(size_t window);
void begin_with(size_t window, int32_t first_s, unsigned ack_timeout_s);

/* Drains as on SIGTERM; returns how many milliseconds that took. */
int64_t end(void);
void on_drained(void *arg);

void run_loop(void);		/* for a millisecond */
void run_for(int ms);

/* Runs loop and store until the last connection brought n frames. */
bool frames(unsigned n);
bool becomes(int64_t id, enum job_state state);
bool link_is(bool up);
void wait_link(bool up);
void wait_reconnect(void);	/* down, and up again */

/* A change() of add_with(): due now. */
void now(struct store_submit *s);
int64_t send_job(unsigned n_segments);

/* Acknowledges the sms in frame i. */
void ack(unsigned i, enum box_nack nack);

/* Reports on the sms in frame i, with the id n. */
void report_sms(unsigned n, unsigned i, int32_t dlr);

/* The key for reports on the sms in frame i: a text. */
const char *key_of(unsigned i);

#endif
