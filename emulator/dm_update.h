/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_update.h - fetches and installs the firmware that a session has asked for
 *
 * Does the steps of dm_fumo.h up to the result, the first with dm_download.h,
 * after the user has been asked where the device confirms downloads.
 * Each is an event; what is installed is the version in ./DevDetail/FwV.
 */
#ifndef EMULATOR_DM_UPDATE_H
#define EMULATOR_DM_UPDATE_H

#include "emulator/dm_talk.h"

struct dm_update;

/*
 * The device has a client whose dm_fumo_next() is DM_FUMO_FETCH or
 * DM_FUMO_INSTALL, and is not that any more when on_end comes, unless its user
 * leaves the question unanswered: then he is asked again by another update.
 * on_end comes once, and not inside this call; the update may be freed in it.
 */
struct dm_update *dm_update_start(struct dm_talk_room *room, struct device *d,
				  void (*on_end)(void *arg, bool unanswered),
				  void *arg);

/* The connection is lost now, if there is one: it is tried again. */
void dm_update_break(struct dm_update *u);

/* Stops it where it stands. NULL is fine. */
void dm_update_free(struct dm_update *u);

#endif
