/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/dial.h"

#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#include "gateway/log.h"

int dial_parse(struct dial *d, const char *host, uint16_t port, struct err *e)
{
	struct evutil_addrinfo hints = {
		.ai_flags = EVUTIL_AI_NUMERICHOST | EVUTIL_AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct evutil_addrinfo *found = NULL;
	char service[6];

	if (port == 0)
		return err_set(e, DM_EINVAL, "port", "1 to 65535", "0");
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	snprintf(service, sizeof(service), "%u", (unsigned)port);
	if (!*host || evutil_getaddrinfo(host, service, &hints, &found))
		return err_set(e, DM_EINVAL, "host",
			       "a numeric address or localhost", "%s", host);
	memset(d, 0, sizeof(*d));
	memcpy(&d->addr, found->ai_addr, found->ai_addrlen);
	d->addr_len = (socklen_t)found->ai_addrlen;
	evutil_freeaddrinfo(found);
	snprintf(d->name, sizeof(d->name),
		 strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, service);
	return DM_OK;
}

static void set_options(int fd)
{
	static const struct {
		int level;
		int name;
		int value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 30 },	/* seconds */
		{ IPPROTO_TCP, TCP_KEEPINTVL, 10 },	/* seconds */
		{ IPPROTO_TCP, TCP_KEEPCNT, 3 },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (setsockopt(fd, options[i].level, options[i].name,
			       &options[i].value, sizeof(options[i].value)))
			log_debug("dial.setsockopt option=%d failed",
				  options[i].name);
}

int dial_socket(const struct dial *d)
{
	int fd = socket(d->addr.ss_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		set_options(fd);
	return fd;
}
