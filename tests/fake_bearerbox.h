/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_bearerbox.h - the other end of a box_link, in the same event loop
 *
 * Listens on a free port of 127.0.0.1, keeps the frames that the last
 * connection sent, and sends what a test tells it to.
 */
#ifndef TESTS_FAKE_BEARERBOX_H
#define TESTS_FAKE_BEARERBOX_H

#include <event2/event.h>
#include <stdbool.h>

#include "gateway/box/box_msg.h"

#define FAKE_FRAMES_MAX 300
#define FAKE_ACCEPTS_MAX 64

struct fake_frame {
	uint8_t octets[2048];
	size_t len;
	struct box_msg m;		/* borrows from octets */
};

struct fake_bearerbox {
	struct event_base *base;
	struct evconnlistener *listener;
	struct bufferevent *bev;	/* the last connection, or NULL */
	uint16_t port;
	bool hangs_up;			/* closes what it accepts, at once */
	bool drips;			/* sends each octet alone */
	const char *report_text;	/* of reports; NULL: a usual one */
	unsigned n_accepts;
	double accept_ms[FAKE_ACCEPTS_MAX];	/* when */
	unsigned n_closed;		/* connections the box closed */
	struct fake_frame frames[FAKE_FRAMES_MAX];
	unsigned n_frames;		/* of the last connection */
};

void fake_open(struct fake_bearerbox *f, struct event_base *base);
void fake_close(struct fake_bearerbox *f);
void fake_hang_up(struct fake_bearerbox *f);

void fake_send(struct fake_bearerbox *f, const struct box_msg *m);
void fake_send_hex(struct fake_bearerbox *f, const char *hex);
void fake_send_admin(struct fake_bearerbox *f, enum box_command command);
void fake_send_ack(struct fake_bearerbox *f, const char *id, int32_t nack);

/* A delivery report with the id "000...0" + n. */
void fake_send_report(struct fake_bearerbox *f, unsigned n, int32_t mask,
		      const char *key);
void fake_send_mo(struct fake_bearerbox *f, unsigned n);

const char *fake_id(unsigned n);

#endif
