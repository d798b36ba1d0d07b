/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_act.h - does what a server's commands say, and answers them
 *
 * Part of dm_dialog; see there. Atomic is undone as a whole when one of its
 * commands fails; in it, and in a Sequence, what follows an alert that the
 * user rejects is not done.
 */
#ifndef EMULATOR_DM_ACT_H
#define EMULATOR_DM_ACT_H

#include "emulator/dm/dm_dialog.h"
#include "syncml/compose.h"

/* Is it more than an answer: a command to be done? */
bool dm_act_is_command(const struct syncml_command *c);

/* Does the commands of a message and composes Status and Results. */
void dm_act(const struct dm_dialog_setup *s, struct compose *c,
	    const struct syncml_message *in);

/* Answers each command with this code and does none. */
void dm_act_refuse(struct compose *c, const struct syncml_message *in,
		   unsigned code);

#endif
