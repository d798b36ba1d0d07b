/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders.h - what the operator wants: updates/NAME.json of the data folder
 *
 *	{"package": "fw-2.0.bin", "version": "2.0"}
 *	{"bootstrap": true}
 *
 * The device NAME shall be updated to the package, and then say that version;
 * or get a new account; with all for NAME, each device. The server looks each
 * second, takes the file and removes it. --update and --bootstrap write such
 * files.
 */
#ifndef DM_SERVER_ORDERS_H
#define DM_SERVER_ORDERS_H

#include "examples/dm-server/server.h"

struct orders;

/* Takes what is there, each second. */
struct orders *orders_open(struct server *s);
void orders_close(struct orders *o);

/*
 * Writes an order for the device called name, or for all if it is "all".
 * Returns for how many, or an error with *e. s has been loaded, and need not
 * run.
 */
int orders_update(const struct server *s, const char *name, const char *package,
		  const char *version, struct err *e) DM_CHECK;
int orders_bootstrap(const struct server *s, const char *name, struct err *e)
	DM_CHECK;

#endif
