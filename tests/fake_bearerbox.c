/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fake_bearerbox.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/tap.h"

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A frame that does not decode ends the test program: box_link wrote it. */
static bool take_frame(struct fake_bearerbox *f, struct evbuffer *in)
{
	struct fake_frame *to = &f->frames[f->n_frames];
	uint8_t head[BOX_LENGTH_LEN];
	size_t len;

	if (evbuffer_copyout(in, head, sizeof(head)) < BOX_LENGTH_LEN)
		return false;
	if (box_frame_len(head, &len) || len > sizeof(to->octets) ||
	    f->n_frames == FAKE_FRAMES_MAX)
		abort();
	if (evbuffer_get_length(in) < len)
		return false;
	evbuffer_remove(in, to->octets, len);
	to->len = len;
	if (box_msg_decode(&to->m, to->octets + BOX_LENGTH_LEN,
			   len - BOX_LENGTH_LEN))
		abort();
	f->n_frames++;
	return true;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	while (take_frame(arg, bufferevent_get_input(bev)))
		;
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct fake_bearerbox *f = arg;

	(void)what;
	f->n_closed++;
	bufferevent_free(bev);
	if (f->bev == bev)
		f->bev = NULL;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *addr, int addr_len, void *arg)
{
	struct fake_bearerbox *f = arg;

	(void)listener;
	(void)addr;
	(void)addr_len;
	if (f->n_accepts < FAKE_ACCEPTS_MAX)
		f->accept_ms[f->n_accepts++] = now_ms();
	fake_hang_up(f);
	if (f->hangs_up) {
		evutil_closesocket(fd);
		return;
	}
	f->n_frames = 0;
	f->bev = bufferevent_socket_new(f->base, fd, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(f->bev, on_read, NULL, on_event, f);
	bufferevent_enable(f->bev, EV_READ | EV_WRITE);
}

void fake_open(struct fake_bearerbox *f, struct event_base *base)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	uint16_t port = f->port;

	memset(f, 0, sizeof(*f));
	f->base = base;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr.sin_port = htons(port);
	f->listener = evconnlistener_new_bind(base, on_accept, f,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, -1,
		(struct sockaddr *)&addr, sizeof(addr));
	if (!f->listener ||
	    getsockname(evconnlistener_get_fd(f->listener),
			(struct sockaddr *)&addr, &len)) {
		printf("Bail out! no socket to listen on\n");
		exit(EXIT_FAILURE);
	}
	f->port = ntohs(addr.sin_port);
}

void fake_hang_up(struct fake_bearerbox *f)
{
	if (f->bev)
		bufferevent_free(f->bev);
	f->bev = NULL;
}

void fake_close(struct fake_bearerbox *f)
{
	fake_hang_up(f);
	if (f->listener)
		evconnlistener_free(f->listener);
	f->listener = NULL;
}

void fake_send(struct fake_bearerbox *f, const struct box_msg *m)
{
	static uint8_t frame[BOX_FRAME_MAX];
	size_t len;

	if (box_msg_encode(m, frame, sizeof(frame), &len))
		abort();
	for (size_t i = 0; f->drips && i < len - 1; i++) {
		bufferevent_write(f->bev, frame + i, 1);
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	if (f->drips)
		bufferevent_write(f->bev, frame + len - 1, 1);
	else
		bufferevent_write(f->bev, frame, len);
}

void fake_send_hex(struct fake_bearerbox *f, const char *hex)
{
	uint8_t octets[256];

	bufferevent_write(f->bev, octets,
			  tap_hex(hex, octets, sizeof(octets)));
}

void fake_send_admin(struct fake_bearerbox *f, enum box_command command)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_admin);
	m.admin.command = (int32_t)command;
	fake_send(f, &m);
}

void fake_send_ack(struct fake_bearerbox *f, const char *id, int32_t nack)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_ack);
	m.ack.nack = nack;
	m.ack.id = id;
	fake_send(f, &m);
}

const char *fake_id(unsigned n)
{
	static char id[BOX_UUID_LEN + 1];

	snprintf(id, sizeof(id), "00000000-0000-0000-0000-%012x", n);
	return id;
}

static void send_sms(struct fake_bearerbox *f, unsigned n,
		     enum box_sms_type type, int32_t mask, const char *key)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_sms);
	m.sms.id = fake_id(n);
	m.sms.sms_type = (int32_t)type;
	m.sms.sender = box_text("4321");
	m.sms.receiver = box_text("+491700000001");
	m.sms.msgdata = box_text(f->report_text ? f->report_text :
				 "id:1 stat:DELIVRD");
	m.sms.boxc_id = box_text("dmbox");
	m.sms.smsc_id = box_text("sim1");
	m.sms.foreign_id = box_text("f00");
	m.sms.dlr_mask = mask;
	m.sms.dlr_url = box_text(key);
	fake_send(f, &m);
}

void fake_send_report(struct fake_bearerbox *f, unsigned n, int32_t mask,
		      const char *key)
{
	send_sms(f, n, BOX_SMS_REPORT_MO, mask, key);
}

void fake_send_mo(struct fake_bearerbox *f, unsigned n)
{
	send_sms(f, n, BOX_SMS_MO, BOX_UNDEFINED, NULL);
}
