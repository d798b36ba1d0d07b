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

#include "emulator/dm/dm_talk.h"

struct dm_update;

/* Whose update it is. Comes from the loop. */
struct dm_update_watcher {
	/* No connection is needed for so long; then dm_update_go_on(). */
	void (*on_wait)(void *arg, unsigned ms);

	/* Once; the update may be freed in it. */
	void (*on_end)(void *arg, bool unanswered);
	void *arg;
};

/*
 * The device has a client whose dm_fumo_next() is DM_FUMO_FETCH or
 * DM_FUMO_INSTALL, and is not that any more at the end, unless its user leaves
 * the question unanswered: then he is asked again by another update. Copies
 * *w.
 */
struct dm_update *dm_update_start(struct dm_talk_room *room, struct device *d,
				  const struct dm_update_watcher *w);

/* After on_wait: the next step. */
void dm_update_go_on(struct dm_update *u);

/* The connection is lost now, if there is one: it is tried again. */
void dm_update_break(struct dm_update *u);

/* Stops it where it stands. NULL is fine. */
void dm_update_free(struct dm_update *u);

#endif
