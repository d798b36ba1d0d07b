/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_user.h - what the user of a device answers
 *
 * Spec: OMA-TS-DM_Protocol-V1_2, "User interaction commands". Pure. The first
 * item of an alert has its options ("MINDT=10&DR=1"), the second its text, the
 * others what there is to choose from.
 */
#ifndef EMULATOR_DM_USER_H
#define EMULATOR_DM_USER_H

#include <stdbool.h>
#include <stddef.h>

#include "syncml/message.h"

#define DM_USER_TYPED_MAX 127		/* octets */

enum dm_user {
	DM_USER_YES,			/* agrees, takes what is proposed */
	DM_USER_NO,			/* rejects */
	DM_USER_NEVER,			/* does not answer */
};

/* "yes", "no", "never". */
const char *dm_user_name(enum dm_user user);
bool dm_user_find(const char *name, enum dm_user *user);

struct dm_user_reply {
	enum dm_user says;
	unsigned after_ms;		/* that he thinks */
};

/* Does an alert ask him? ALERT_DISPLAY only shows something. */
bool dm_user_is_asked(const struct syncml_command *alert);

/* He does not answer an alert whose MAXDT passes before he does. */
void dm_user_hurry(struct dm_user_reply *reply,
		   const struct syncml_command *alert);

struct dm_user_answer {
	unsigned code;			/* Status of the alert */
	bool has_typed;
	char typed[DM_USER_TYPED_MAX + 1];	/* or chosen */
};

/* An alert from ALERT_DISPLAY to ALERT_CHOICES; false: it is another one. */
bool dm_user_answers(enum dm_user user, const struct syncml_command *alert,
		     struct dm_user_answer *answer);

/* What an alert shows, "" if nothing; borrowed. */
const char *dm_user_text(const struct syncml_command *alert);

#endif
