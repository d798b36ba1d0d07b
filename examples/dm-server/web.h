/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.h - the web server: /dm for DM sessions, /packages/ for the packages
 */
#ifndef DM_SERVER_WEB_H
#define DM_SERVER_WEB_H

#include "examples/dm-server/server.h"

struct web;

/*
 * Listens as the configuration says, and sets s->url if that does not. Returns
 * DM_OK, or an error with *e.
 */
int web_open(struct web **out, struct server *s, struct err *e) DM_CHECK;
void web_close(struct web *w);

#endif
