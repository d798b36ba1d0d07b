/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket for each message: the error that the host of the receiver answers
 * with is then that of this message, and of no other.
 */
#include "gateway/send/route_kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/box/dial.h"
#include "gateway/xalloc.h"
#include "wap/hash.h"

struct datagram {
	struct datagram *next;
	struct udp *udp;
	uint64_t tag;
	int fd;
	struct event *answer;
};

struct udp {
	struct route route;
	struct datagram *sent;		/* whose wait is not over */
};

static void forget(struct datagram *d)
{
	struct datagram **p = &d->udp->sent;

	while (*p != d)
		p = &(*p)->next;
	*p = d->next;
	event_free(d->answer);
	close(d->fd);
	free(d);
}

/* Silence, or whatever else the receiver says, is no refusal. */
static void on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct datagram *d = arg;
	struct route *r = &d->udp->route;
	int error = 0;
	socklen_t len = sizeof(error);

	(void)what;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) || !error)
		route_tell(r, d->tag, SEGMENT_ACKED, "%s", "");
	else
		route_tell(r, d->tag, SEGMENT_NOT_NOW, "%s port %d: %s",
			   r->config->address, r->config->port,
			   strerror(error));
	forget(d);
}

static void wait_for_answer(struct udp *u, uint64_t tag, int fd)
{
	struct timeval tv = { .tv_usec = 1000 * ROUTE_UDP_WAIT_MS };
	struct datagram *d = xcalloc(1, sizeof(*d));

	d->udp = u;
	d->tag = tag;
	d->fd = fd;
	d->answer = event_new(u->route.base, fd, EV_READ, on_answer, d);
	d->next = u->sent;
	u->sent = d;
	event_add(d->answer, &tv);
}

/* Returns the socket, or -1 and errno. */
static int send_to(const struct dial *to, const uint8_t *octets, size_t len)
{
	int fd = socket(to->addr.ss_family,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -1;
	if (!connect(fd, (const struct sockaddr *)&to->addr, to->addr_len) &&
	    send(fd, octets, len, 0) == (ssize_t)len)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* The configuration has been checked: the address can be read. */
static void udp_send(struct route *r, const struct route_sms *sms)
{
	const struct route_config *c = r->config;
	uint8_t octets[MESSAGE_MAX];
	size_t len = route_message(sms, octets);
	struct dial to;
	struct err e;
	int fd = -1;

	errno = EINVAL;
	if (!dial_parse(&to, c->address, (uint16_t)c->port, &e))
		fd = send_to(&to, octets, len);
	hash_wipe(octets, len);
	if (fd >= 0)
		wait_for_answer((struct udp *)r, sms->tag, fd);
	else
		route_tell(r, sms->tag, errno == EMSGSIZE ? SEGMENT_NACKED
			   : SEGMENT_NOT_NOW, "%s port %d: %s", c->address,
			   c->port, strerror(errno));
}

static void udp_close(struct route *r)
{
	struct udp *u = (struct udp *)r;

	while (u->sent)
		forget(u->sent);
}

const struct route_ops route_udp = {
	.whole = true,
	.size = sizeof(struct udp),
	.send = udp_send,
	.close = udp_close,
};
