/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_outcome.h - the events about the sessions of devices
 *
 * dmbox-emulator(1) has them with their keys. With --quiet there are none.
 */
#ifndef EMULATOR_DM_OUTCOME_H
#define EMULATOR_DM_OUTCOME_H

#include "emulator/device.h"
#include "emulator/dm/dm_talk.h"
#include "emulator/report.h"

/* Whose session; all borrowed. */
struct dm_outcome {
	const struct report *report;
	const struct device *device;
	const char *server_id;		/* of the account, when it began */
};

void dm_outcome_started(const struct dm_outcome *o);

/* It ended: one in which nothing is said, and one with a DM server. */
void dm_outcome_ended(const struct dm_outcome *o);
void dm_outcome_talked(const struct dm_outcome *o,
		       const struct dm_talk_end *end);

/* Its user did not agree to one. */
void dm_outcome_declined(const struct dm_outcome *o, enum dm_user says);

#endif
