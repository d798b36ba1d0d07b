/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link_fixture.h - a box_link and a fake bearerbox, for the tests of box_link
 */
#ifndef TESTS_LINK_FIXTURE_H
#define TESTS_LINK_FIXTURE_H

#include "gateway/box/box_link.h"
#include "tests/fake_bearerbox.h"
#include "tests/tap.h"

#define DELAY_MS 40		/* the link's first wait */
#define PATIENCE_MS 3000	/* until a test gives up */
#define RECORDS_MAX 32

/* What the handlers heard since start(). */
struct heard {
	unsigned ups, downs, n_acks, n_reports;
	struct { uint64_t tag; enum box_nack nack; } acks[RECORDS_MAX];
	struct box_link_report reports[RECORDS_MAX];
	char key[RECORDS_MAX];		/* of the last report */
	char text[RECORDS_MAX];
};

extern struct heard heard;
extern struct event_base *base;
extern struct fake_bearerbox fake;
extern struct box_link *link_;
extern struct err e;
extern unsigned write_timeout_s;	/* of the next link */
extern const struct box_link_handlers handlers;

/* What send_sms() sends. */
extern const uint8_t link_udh[7];
extern const uint8_t link_data[8];

/* main: the log goes nowhere. */
int link_run(const char *suite, CU_TestInfo *tests);

/* A link that is identified; and its end. */
void start(void);
void stop(void);
void start_link(void);		/* without bearerbox */

/* Runs the loop until *counter is n; false after PATIENCE_MS. */
bool wait_for(const unsigned *counter, unsigned n);
void run_ms(int ms);		/* less than a second */

int send_sms(uint64_t tag);

/* The link closes, tells so once, and comes back. */
void expect_reconnect(void);

#endif
