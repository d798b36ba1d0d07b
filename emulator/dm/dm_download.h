/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_download.h - fetches a package, in as many tries as it takes
 *
 * A try that fails as another may not (no connection, a timeout, HTTP status
 * 408, 429 and 5xx) is followed by the next after the device's retry_ms. That
 * asks for the rest, if the server has said by what (dm_range.h). What has come
 * hangs at the device, and with a state_dir stands in a file: so the next
 * download of the same package goes on with it, when this one was stopped
 * half-way. After DM_DOWNLOAD_TRIES in a row that have brought it no further it
 * has failed, with the result of the last. Each step is an event.
 */
#ifndef EMULATOR_DM_DOWNLOAD_H
#define EMULATOR_DM_DOWNLOAD_H

#include "emulator/dm/dm_talk.h"

#define DM_DOWNLOAD_TRIES 5

struct dm_download;

/* Whose download it is. Comes from the loop. */
struct dm_download_watcher {
	/* No connection is needed for so long; then dm_download_go_on(). */
	void (*on_wait)(void *arg, unsigned ms);

	/* Once; the download may be freed in it. */
	void (*on_end)(void *arg);
	void *arg;
};

/*
 * The device has a client whose dm_fumo_next() is DM_FUMO_FETCH, and is not
 * that any more at the end. Copies *w.
 */
struct dm_download *dm_download_start(struct dm_talk_room *room,
				      struct device *d,
				      const struct dm_download_watcher *w);

/* After on_wait: the next try. */
void dm_download_go_on(struct dm_download *l);

/* Has something come of the package that the device is to fetch? */
bool dm_download_has_begun(struct dm_talk_room *room, struct device *d);

/* The connection is lost now: this try has failed. */
void dm_download_break(struct dm_download *l);

/* Stops it where it stands. NULL is fine. */
void dm_download_free(struct dm_download *l);

#endif
