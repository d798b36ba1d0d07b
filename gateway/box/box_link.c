/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/box_link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "gateway/box/dial.h"
#include "gateway/log.h"
#include "wap/hash.h"

#define DELAY_TIMES_MAX 30	/* longest wait, in first waits */
#define LASTING_TIMES 10	/* also: time to connect */
#define DRAIN_TIMES 2		/* bearerbox waits with its end for us */
#define AWAY_TIMES 4		/* its port is open until then: stay away */
#define FRAME_OUT_MAX 2048	/* octets of what we send */

enum state {
	LINK_WAITING,		/* timer: connect */
	LINK_CONNECTING,	/* timer: give up */
	LINK_UP,		/* timer: it lasted */
	LINK_DRAINING,		/* shutdown announced; timer: close */
};

struct box_link {
	struct event_base *base;
	const struct box_link_handlers *handlers;
	void *arg;
	struct dial peer;
	char box_id[BOX_LINK_ID_MAX + 1];
	uint64_t random;			/* first half of our ids */

	enum state state;
	struct event *timer;
	struct bufferevent *bev;		/* NULL: LINK_WAITING */
	uint32_t connection;			/* counts them */
	unsigned first_ms;
	unsigned delay_ms;			/* the next wait */
	unsigned write_timeout_s;
	bool quiet;				/* failure already logged */
};

static void link_close(struct box_link *l, const char *why);

static void set_timer(struct box_link *l, unsigned ms)
{
	struct timeval tv = {
		.tv_sec = ms / 1000,
		.tv_usec = (suseconds_t)(ms % 1000) * 1000,
	};

	event_add(l->timer, &tv);
}

/* 80 to 120 % of ms. */
static unsigned jitter(unsigned ms)
{
	uint32_t random = 0;
	unsigned width = ms * 2 / 5;

	if (getrandom(&random, sizeof(random), 0) < 0)
		return ms;
	return ms - ms / 5 + random % (width + 1);
}

/* Waits, and makes the next wait longer; returns this one in ms. */
static unsigned wait_again(struct box_link *l)
{
	unsigned ms = jitter(l->delay_ms);

	l->delay_ms *= 2;
	if (l->delay_ms > l->first_ms * DELAY_TIMES_MAX)
		l->delay_ms = l->first_ms * DELAY_TIMES_MAX;
	l->state = LINK_WAITING;
	set_timer(l, ms);
	return ms;
}

static int write_msg(struct box_link *l, const struct box_msg *m)
{
	uint8_t frame[FRAME_OUT_MAX];
	size_t len;
	int rc = box_msg_encode(m, frame, sizeof(frame), &len);

	if (rc)
		return rc;
	if (bufferevent_write(l->bev, frame, len))
		rc = DM_EIO;
	hash_wipe(frame, len);		/* it may be of a bootstrap */
	return rc;
}

static size_t n_waiting(const struct box_link *l)
{
	return evbuffer_get_length(bufferevent_get_output(l->bev));
}

static void write_ack(struct box_link *l, const char *id, enum box_nack nack)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_ack);
	m.ack.nack = (int32_t)nack;
	m.ack.time = (int32_t)time(NULL);
	m.ack.id = id;
	if (write_msg(l, &m))
		log_warn("link.ack_not_sent link=%s", l->peer.name);
}

static void got_connected(struct box_link *l)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_admin);
	m.admin.command = BOX_CMD_IDENTIFY;
	m.admin.boxc_id = box_text(l->box_id);
	if (write_msg(l, &m)) {
		link_close(l, "identification not sent");
		return;
	}
	l->state = LINK_UP;
	l->quiet = false;
	set_timer(l, l->first_ms * LASTING_TIMES);
	log_info("link.up link=%s box-id=%s", l->peer.name, l->box_id);
	l->handlers->up(l->arg);
}

/*
 * What came. Each takes one kind of message and returns NULL, or why the
 * connection has to be closed.
 */
static const char *take_ack(struct box_link *l, const struct box_msg_ack *m)
{
	uint64_t tag;

	if (m->nack < BOX_ACK_SUCCESS || m->nack > BOX_ACK_BUFFERED)
		return "ack with an unknown code";
	if (box_sms_id_read(m->id, l->random, &tag)) {
		log_debug("link.ack_dropped link=%s id=%.36s", l->peer.name,
			  m->id ? m->id : "none");
		return NULL;
	}
	if (l->state == LINK_UP)
		l->delay_ms = l->first_ms;
	l->handlers->ack(l->arg, tag, (enum box_nack)m->nack);
	return NULL;
}

static bool is_dlr_event(int32_t mask)
{
	static const enum box_dlr events[] = {
		BOX_DLR_DELIVERED, BOX_DLR_FAILED, BOX_DLR_BUFFERED,
		BOX_DLR_SMSC_TOOK, BOX_DLR_SMSC_REFUSED, BOX_DLR_EXPIRED,
		BOX_DLR_UNKNOWN,
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (mask == (int32_t)events[i])
			return true;
	return false;
}

static void give_report(struct box_link *l, const struct box_msg_sms *m)
{
	struct box_link_report r = {
		.id.connection = l->connection,
		.key = m->dlr_url.mem,
		.key_len = m->dlr_url.len,
		.event = (enum box_dlr)m->dlr_mask,
		.text = m->msgdata.mem,
		.text_len = m->msgdata.len,
		.smsc_id = m->smsc_id.mem,
		.smsc_id_len = m->smsc_id.len,
		.foreign_id = m->foreign_id.mem,
		.foreign_id_len = m->foreign_id.len,
	};

	memcpy(r.id.uuid, m->id, BOX_UUID_LEN);
	l->handlers->report(l->arg, &r);
}

/* Mobile-originated sms and broken reports are refused, or they come back. */
static const char *take_sms(struct box_link *l, const struct box_msg_sms *m)
{
	if (!m->id)
		return "sms without id";
	if (m->sms_type == BOX_SMS_REPORT_MO && m->dlr_url.len > 0 &&
	    is_dlr_event(m->dlr_mask)) {
		give_report(l, m);
		return NULL;
	}
	log_warn("link.sms_refused link=%s type=%d dlr-mask=%d dlr-url=%s",
		 l->peer.name, (int)m->sms_type, (int)m->dlr_mask,
		 m->dlr_url.len > 0 ? "yes" : "no");
	write_ack(l, m->id, BOX_ACK_FAILED);
	return NULL;
}

static const char *take_admin(struct box_link *l,
			      const struct box_msg_admin *m)
{
	if (m->command == BOX_CMD_RESTART)
		return "bearerbox asks for a restart";
	if (m->command != BOX_CMD_SHUTDOWN) {
		log_debug("link.admin_ignored link=%s command=%d", l->peer.name,
			  (int)m->command);
		return NULL;
	}
	if (l->state == LINK_UP) {
		log_warn("link.shutdown link=%s", l->peer.name);
		l->state = LINK_DRAINING;
		l->delay_ms = l->first_ms * AWAY_TIMES;
		set_timer(l, l->first_ms * DRAIN_TIMES);
	}
	return NULL;
}

static const char *take_message(struct box_link *l, const struct box_msg *m)
{
	switch (m->type) {
	case BOX_MSG_ack:
		return take_ack(l, &m->ack);
	case BOX_MSG_sms:
		return take_sms(l, &m->sms);
	case BOX_MSG_admin:
		return take_admin(l, &m->admin);
	case BOX_MSG_heartbeat:
		return NULL;
	case BOX_MSG_wdp_datagram:
		return "wdp_datagram: is this a wapbox-port?";
	case BOX_MSG_TYPES:
		break;
	}
	return "unknown message";
}

/*
 * Takes the first frame of in. Returns NULL and whether there was a whole one
 * in *whole, or why the connection has to be closed.
 */
static const char *take_frame(struct box_link *l, struct evbuffer *in,
			      bool *whole)
{
	uint8_t head[BOX_LENGTH_LEN];
	const uint8_t *frame;
	struct box_msg m;
	const char *why;
	size_t len;

	*whole = false;
	if (evbuffer_copyout(in, head, sizeof(head)) < BOX_LENGTH_LEN)
		return NULL;
	if (box_frame_len(head, &len))
		return "bad length of a frame";
	if (evbuffer_get_length(in) < len)
		return NULL;
	frame = evbuffer_pullup(in, (ev_ssize_t)len);
	if (!frame || box_msg_decode(&m, frame + BOX_LENGTH_LEN,
				     len - BOX_LENGTH_LEN))
		return "broken message";
	why = take_message(l, &m);
	evbuffer_drain(in, len);
	*whole = true;
	return why;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct box_link *l = arg;
	const char *why = NULL;
	bool more = true;

	while (more && !why) {
		/* Each frame may cost an answer: do not feed the deaf. */
		if (n_waiting(l) > 2 * BOX_LINK_WAITING_MAX)
			why = "bearerbox writes but does not read";
		else
			why = take_frame(l, bufferevent_get_input(bev), &more);
	}
	if (why)
		link_close(l, why);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct box_link *l = arg;
	int error = EVUTIL_SOCKET_ERROR();

	(void)bev;
	if (what & BEV_EVENT_CONNECTED)
		got_connected(l);
	else if (what & BEV_EVENT_EOF)
		link_close(l, "closed by bearerbox");
	else if (what & BEV_EVENT_TIMEOUT)
		link_close(l, "bearerbox does not read");
	else
		link_close(l, evutil_socket_error_to_string(error));
}

/* A failure to connect is a warning once, not every 30 s. */
static void log_close(struct box_link *l, const char *why, bool was_up,
		      unsigned ms)
{
	enum log_level level = l->quiet ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARN;

	log_write(level, "link.%s link=%s reason=\"%s\" retry-ms=%u",
		  was_up ? "down" : "not_connected", l->peer.name, why, ms);
	l->quiet = !was_up;
}

static void link_close(struct box_link *l, const char *why)
{
	bool was_up = l->state == LINK_UP || l->state == LINK_DRAINING;

	if (l->bev)
		bufferevent_free(l->bev);
	l->bev = NULL;
	log_close(l, why, was_up, wait_again(l));
	if (was_up)
		l->handlers->down(l->arg);
}

static struct bufferevent *new_bev(struct box_link *l)
{
	struct timeval tv = { .tv_sec = (time_t)l->write_timeout_s };
	struct bufferevent *bev;
	int fd = dial_socket(&l->peer);

	if (fd < 0)
		return NULL;
	bev = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!bev) {
		close(fd);
		return NULL;
	}
	bufferevent_setcb(bev, on_read, NULL, on_event, l);
	bufferevent_setwatermark(bev, EV_READ, 0, BOX_FRAME_MAX);
	if (l->write_timeout_s)
		bufferevent_set_timeouts(bev, NULL, &tv);
	return bev;
}

static void link_connect(struct box_link *l)
{
	int rc;

	l->connection++;
	l->bev = new_bev(l);
	if (!l->bev) {
		link_close(l, strerror(errno));
		return;
	}
	l->state = LINK_CONNECTING;
	set_timer(l, l->first_ms * LASTING_TIMES);
	bufferevent_enable(l->bev, EV_READ | EV_WRITE);
	rc = bufferevent_socket_connect(l->bev,
					(struct sockaddr *)&l->peer.addr,
					(int)l->peer.addr_len);
	/* On failure it may have called on_event() already. */
	if (rc && l->state == LINK_CONNECTING)
		link_close(l, strerror(errno));
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct box_link *l = arg;

	(void)fd;
	(void)what;
	switch (l->state) {
	case LINK_WAITING:
		link_connect(l);
		break;
	case LINK_CONNECTING:
		link_close(l, "no connection in time");
		break;
	case LINK_UP:
		l->delay_ms = l->first_ms;
		break;
	case LINK_DRAINING:
		link_close(l, "bearerbox shuts down");
		break;
	}
}

static int set_config(struct box_link *l, const struct box_link_config *c,
		      struct err *e)
{
	size_t len = strlen(c->box_id);

	if (len < 1 || len > BOX_LINK_ID_MAX)
		return err_set(e, DM_EINVAL, "box-id", "1 to 64 characters",
			       "%zu characters", len);
	memcpy(l->box_id, c->box_id, len + 1);
	l->first_ms = c->delay_ms ? c->delay_ms : BOX_LINK_DELAY_MS;
	l->delay_ms = l->first_ms;
	l->write_timeout_s = c->write_timeout_s;
	if (getrandom(&l->random, sizeof(l->random), 0) !=
	    (ssize_t)sizeof(l->random))
		return err_set(e, DM_EIO, "random", "", "%s", strerror(errno));
	return dial_parse(&l->peer, c->host, c->port, e);
}

int box_link_new(struct box_link **out, struct event_base *base,
		 const struct box_link_config *config,
		 const struct box_link_handlers *handlers, void *arg,
		 struct err *e)
{
	struct box_link *l = calloc(1, sizeof(*l));
	int rc;

	if (!l)
		return err_set(e, DM_EIO, "memory", "", "none left");
	rc = set_config(l, config, e);
	if (!rc) {
		l->timer = evtimer_new(base, on_timer, l);
		if (!l->timer)
			rc = err_set(e, DM_EIO, "event", "", "no timer");
	}
	if (rc) {
		free(l);
		return rc;
	}
	l->base = base;
	l->handlers = handlers;
	l->arg = arg;
	set_timer(l, 0);
	*out = l;
	return DM_OK;
}

void box_link_free(struct box_link *l)
{
	if (!l)
		return;
	if (l->bev)
		bufferevent_free(l->bev);
	event_free(l->timer);
	free(l);
}

bool box_link_is_up(const struct box_link *l)
{
	return l->state == LINK_UP;
}

int box_link_send(struct box_link *l, const struct box_sms *sms,
		  struct err *e)
{
	struct box_sms_id id;
	struct box_msg m;
	int rc;

	if (!box_link_is_up(l))
		return err_set(e, DM_EBUSY, "bearerbox", "", "not connected");
	if (n_waiting(l) > BOX_LINK_WAITING_MAX)
		return err_set(e, DM_EBUSY, "bearerbox", "", "does not read");
	box_sms_id_make(&id, l->random, sms->tag);
	rc = box_sms_to_msg(sms, l->box_id, &id, time(NULL), &m, e);
	if (rc)
		return rc;
	rc = write_msg(l, &m);
	if (rc)
		return err_set(e, rc == DM_ENOSPC ? DM_ERANGE : rc, "smsc-id",
			       "", "sms of more than %d octets",
			       FRAME_OUT_MAX);
	return DM_OK;
}

void box_link_drop(struct box_link *l, const char *why)
{
	if (box_link_is_up(l))
		link_close(l, why);
}

void box_link_ack_report(struct box_link *l, const struct box_report_id *id)
{
	bool same = l->bev && id->connection == l->connection &&
		    (l->state == LINK_UP || l->state == LINK_DRAINING);

	if (!same || n_waiting(l) > 2 * BOX_LINK_WAITING_MAX) {
		log_debug("link.report_not_acked link=%s id=%s", l->peer.name,
			  id->uuid);
		return;
	}
	write_ack(l, id->uuid, BOX_ACK_SUCCESS);
}
