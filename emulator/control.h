/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control.h - commands for a running emulator, through a named pipe
 *
 * A command is a line; see dmbox-emulator(1). What came of it is an event. A
 * line of CONTROL_LINE_MAX octets or more is refused as a whole.
 */
#ifndef EMULATOR_CONTROL_H
#define EMULATOR_CONTROL_H

#include "emulator/network.h"
#include "emulator/smsc/smsc.h"

#define CONTROL_LINE_MAX 1000		/* octets, with the line feed */

struct control;

/* Who obeys; all borrowed until control_free(). */
struct control_setup {
	struct smsc *smsc;
	struct network *network;
	struct config *config;
	const struct report *report;
};

/*
 * Opens the pipe at path, and makes it (mode 0600) if nothing is there. NULL
 * with errno: EINVAL if it is something else. The path is borrowed until
 * control_free(), which removes a pipe that was made.
 */
struct control *control_new(struct event_base *base, const char *path,
			    const struct control_setup *setup);
void control_free(struct control *c);

#endif
