/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - HTTPS for the web server
 */
#ifndef DM_SERVER_TLS_H
#define DM_SERVER_TLS_H

#include "examples/dm-server/config.h"

struct evhttp;
struct tls;

/*
 * Connections of http are TLS from now on, with the certificate of the
 * configuration. Returns DM_OK, or DM_EINVAL with *e. http is freed first.
 */
int tls_open(struct tls **out, struct evhttp *http, const struct config *c,
	     struct err *e) DM_CHECK;
void tls_close(struct tls *t);

#endif
