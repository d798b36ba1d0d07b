/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dial.h - an address to connect to, and the TCP socket for it
 *
 * Names are not resolved, because that would stop the loop: allowed are
 * numeric IPv4 and IPv6 addresses and "localhost", which is 127.0.0.1.
 */
#ifndef GATEWAY_DIAL_H
#define GATEWAY_DIAL_H

#include <stdint.h>
#include <sys/socket.h>

#include "wap/err.h"

struct dial {
	struct sockaddr_storage addr;
	socklen_t addr_len;
	char name[64];		/* for the log: 127.0.0.1:13001, [::1]:13001 */
};

/* Returns DM_OK or DM_EINVAL (host or port), *d untouched. */
int dial_parse(struct dial *d, const char *host, uint16_t port,
	       struct err *e) DM_CHECK;

/*
 * A socket to connect to d: non-blocking, closed on exec, without Nagle's
 * delay, with keepalive that finds a peer dead after about a minute. Returns
 * it (the caller closes it), or -1 and errno.
 */
int dial_socket(const struct dial *d) DM_CHECK;

#endif
