/* SPDX-License-Identifier: Apache-2.0 */
/*
 * daemon.h - goes into the background, and only says so when it works
 */
#ifndef GATEWAY_DAEMON_H
#define GATEWAY_DAEMON_H

#include "wap/err.h"

/*
 * Forks; the caller goes on as the child, in a session of its own. The parent
 * waits and ends with 0 at daemon_ready(), or with the child's exit status if
 * the child ends before that; so errors at start still reach the terminal.
 */
int daemon_begin(struct err *e) DM_CHECK;

/* Lets the parent go and closes the terminal. */
void daemon_ready(void);

/* Writes our pid to path. Returns DM_OK or DM_EIO with *e. */
int daemon_pid_file(const char *path, struct err *e) DM_CHECK;

/* No core dumps: they would hold passwords. */
void daemon_no_core(void);

#endif
