/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/udp.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct target {
	char host[256];
	char port[8];
};

/* "[::1]:2948", "::1", "10.0.2.15:2948" or a name. */
static int split(const char *to, uint16_t port, struct target *t,
		 struct err *e)
{
	const char *host = to[0] == '[' ? to + 1 : to;
	const char *end = to[0] == '[' ? strchr(to, ']') : strchr(to, ':');
	const char *colon = to[0] == '[' && end ? end + 1 : end;

	if (to[0] != '[' && end && strchr(end + 1, ':'))
		end = colon = NULL;	/* an IPv6 address without a port */
	if (!end && to[0] != '[')
		end = colon = to + strlen(to);
	if (!end || end == host || (size_t)(end - host) >= sizeof(t->host) ||
	    (*colon && *colon != ':') || strlen(colon) >= sizeof(t->port))
		return err_set(e, DM_EINVAL, "udp", "HOST or HOST:PORT",
			       "\"%s\"", to);
	snprintf(t->host, sizeof(t->host), "%.*s", (int)(end - host), host);
	snprintf(t->port, sizeof(t->port), "%u", port);
	if (*colon)
		snprintf(t->port, sizeof(t->port), "%s", colon + 1);
	return DM_OK;
}

static int send_to(const struct addrinfo *a, const uint8_t *octets, size_t len)
{
	int fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t n = -1;

	if (fd >= 0)
		n = sendto(fd, octets, len, 0, a->ai_addr, a->ai_addrlen);
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)len ? DM_OK : DM_EIO;
}

int udp_send(const char *to, uint16_t port, const uint8_t *octets, size_t len,
	     struct err *e)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *found;
	struct target t;
	int rc = split(to, port, &t, e);

	if (rc)
		return rc;
	rc = getaddrinfo(t.host, t.port, &hints, &found);
	if (rc)
		return err_set(e, DM_EINVAL, "udp", "HOST or HOST:PORT",
			       "\"%s\": %s", to, gai_strerror(rc));
	rc = send_to(found, octets, len);
	freeaddrinfo(found);
	if (rc)
		return err_set(e, DM_EIO, "udp", "", "%s: %s", to,
			       strerror(errno));
	return DM_OK;
}
