/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console of an Android emulator: lines, of which each command is answered
 * with OK or "KO: why" as the last one.
 *
 * A connection lasts as long as there is something to send. One that was kept
 * would have to be watched, since emulators come and go; one for each SMS
 * would let the segments of a message overtake each other.
 */
#include "gateway/send/route_kind.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/box/dial.h"
#include "gateway/text_file.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"
#include "wap/hash.h"
#include "wap/hex.h"
#include "wap/sms_pdu.h"

#define TIMEOUT_S 10		/* until the console says something */
#define LINE_OCTETS_MAX 4096
#define TOKEN_MAX 255		/* octets */

enum console_state {
	CONSOLE_CLOSED,
	CONSOLE_GREETS,		/* tells who it is, and whether it wants a token */
	CONSOLE_CHECKS,		/* our token */
	CONSOLE_TAKES,		/* the first SMS of the queue */
};

struct console_sms {
	struct console_sms *next;
	uint64_t tag;
	char pdu[HEX_SIZE(SMS_PDU_MAX)];
};

struct console {
	struct route route;
	enum console_state state;
	struct bufferevent *bev;	/* unless it is closed */
	bool wants_token;
	struct console_sms *queue;
	struct console_sms **queue_end;
};

/* -------------------------------- queue -------------------------------- */

static void drop_first(struct console *c)
{
	struct console_sms *sms = c->queue;

	c->queue = sms->next;
	wipe_free(sms);
}

static void tell_first(struct console *c, enum segment_event event,
		       const char *reason)
{
	route_tell(&c->route, c->queue->tag, event, "%s", reason);
	drop_first(c);
}

static void hang_up(struct console *c)
{
	if (c->bev)
		bufferevent_free(c->bev);
	c->bev = NULL;
	c->state = CONSOLE_CLOSED;
	c->wants_token = false;
}

/* What it had of the first SMS is not known: that is sent again, too. */
static void fail(struct console *c, const char *why)
{
	char reason[JOB_REASON_SIZE];

	snprintf(reason, sizeof(reason), "console at port %d: %s",
		 c->route.config->port, why);
	hang_up(c);
	while (c->queue)
		tell_first(c, SEGMENT_NOT_NOW, reason);
}

/* ------------------------------- commands ------------------------------- */

static void say(struct console *c, const char *command, const char *value)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);

	evbuffer_add(out, command, strlen(command));
	evbuffer_add(out, value, strlen(value));
	evbuffer_add(out, "\r\n", 2);
}

static void send_first(struct console *c)
{
	if (!c->queue) {
		hang_up(c);
		return;
	}
	c->state = CONSOLE_TAKES;
	say(c, "sms pdu ", c->queue->pdu);
}

/* The emulator writes the file anew: it is read for each connection. */
static void send_token(struct console *c)
{
	const char *path = c->route.config->token_file;
	char *token, text[ERR_TEXT_MAX];
	size_t len;
	struct err e;

	if (!path[0]) {
		fail(c, "it wants a token, and there is no token-file");
	} else if (text_file_read(path, TOKEN_MAX, &token, &len, &e)) {
		snprintf(e.field, sizeof(e.field), "token-file");
		fail(c, err_text(&e, text, sizeof(text)));
	} else {
		token[strcspn(token, "\r\n")] = '\0';
		c->state = CONSOLE_CHECKS;
		say(c, "auth ", token);
		wipe_free(token);
	}
}

/* -------------------------------- answers -------------------------------- */

static void on_ok(struct console *c)
{
	if (c->state == CONSOLE_GREETS && c->wants_token) {
		send_token(c);
		return;
	}
	if (c->state == CONSOLE_TAKES)
		tell_first(c, SEGMENT_REPORTED_OK, "");
	send_first(c);
}

static void on_ko(struct console *c, const char *why)
{
	char reason[JOB_REASON_SIZE];

	if (c->state != CONSOLE_TAKES) {
		fail(c, why);
		return;
	}
	snprintf(reason, sizeof(reason), "console at port %d: %s",
		 c->route.config->port, why);
	tell_first(c, SEGMENT_NACKED, reason);
	send_first(c);
}

static void take_line(struct console *c, const char *line)
{
	if (!strcmp(line, "OK"))
		on_ok(c);
	else if (!strncmp(line, "KO", 2))
		on_ko(c, line);
	else if (c->state == CONSOLE_GREETS &&
		 strstr(line, "Authentication required"))
		c->wants_token = true;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct console *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	char *line;

	while (c->bev == bev &&
	       (line = evbuffer_readln(in, NULL, EVBUFFER_EOL_CRLF))) {
		take_line(c, line);
		free(line);
	}
	if (c->bev == bev && evbuffer_get_length(in) >= LINE_OCTETS_MAX)
		fail(c, "a line without an end");
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct console *c = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		return;
	fail(c, what & BEV_EVENT_TIMEOUT ? "it says nothing" :
	     what & BEV_EVENT_EOF ? "it has closed the connection" :
	     evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

/* --------------------------------- route --------------------------------- */

/* A connection that is refused at once is told by on_event(), too. */
static void call(struct console *c)
{
	const struct timeval tv = { .tv_sec = TIMEOUT_S };
	const struct route_config *config = c->route.config;
	struct dial to;
	struct err e;
	int fd = -1;

	if (!dial_parse(&to, config->address, (uint16_t)config->port, &e))
		fd = dial_socket(&to);
	if (fd >= 0)
		c->bev = bufferevent_socket_new(c->route.base, fd,
						BEV_OPT_CLOSE_ON_FREE |
						BEV_OPT_DEFER_CALLBACKS);
	if (!c->bev) {
		fail(c, "no socket");
		return;
	}
	c->state = CONSOLE_GREETS;
	bufferevent_setcb(c->bev, on_read, NULL, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, LINE_OCTETS_MAX);
	bufferevent_set_timeouts(c->bev, &tv, &tv);
	bufferevent_enable(c->bev, EV_READ);
	bufferevent_socket_connect(c->bev, (struct sockaddr *)&to.addr,
				   (int)to.addr_len);
}

static void console_send(struct route *r, const struct route_sms *sms)
{
	const struct segment *s = &sms->segments[sms->segment].sms;
	struct console *c = (struct console *)r;
	uint8_t pdu[SMS_PDU_MAX];
	struct console_sms *queued;
	size_t len;

	if (sms_pdu_deliver(sms->job->from, (uint8_t)sms->job->dcs, s->octets,
			    s->len, pdu, sizeof(pdu), &len)) {
		route_tell(r, sms->tag, SEGMENT_NACKED, "from: no address of "
			   "an SMS");
		return;
	}
	queued = xcalloc(1, sizeof(*queued));
	queued->tag = sms->tag;
	hex_encode(pdu, len, queued->pdu);
	hash_wipe(pdu, len);
	if (!c->queue)
		c->queue_end = &c->queue;
	*c->queue_end = queued;
	c->queue_end = &queued->next;
	if (c->state == CONSOLE_CLOSED)
		call(c);
}

static void console_close(struct route *r)
{
	struct console *c = (struct console *)r;

	hang_up(c);
	while (c->queue)
		drop_first(c);
}

const struct route_ops route_console = {
	.whole = false,
	.size = sizeof(struct console),
	.send = console_send,
	.close = console_close,
};
