/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - HTTPS for the web server
 */
#ifndef DM_SERVER_TLS_H
#define DM_SERVER_TLS_H

#include "examples/dm-server/config.h"

struct bufferevent;
struct event_base;
struct tls;

/*
 * With the certificate of the configuration. Returns DM_OK, or DM_EINVAL with
 * *e. Connections end before it is closed.
 */
int tls_open(struct tls **out, const struct config *c, struct err *e) DM_CHECK;
void tls_close(struct tls *t);

/* A new connection of the web server, with TLS. NULL without memory. */
struct bufferevent *tls_connection(struct tls *t, struct event_base *base);

#endif
