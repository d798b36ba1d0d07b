/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_talk.h - a session with a DM server, over HTTP
 *
 * Posts what dm_dialog.h composes, until the session is over. What the user is
 * asked on the way is an event, and that the result of an update has arrived.
 */
#ifndef EMULATOR_DM_TALK_H
#define EMULATOR_DM_TALK_H

#include "emulator/device.h"
#include "emulator/dm/dm_dialog.h"
#include "emulator/dm/dm_http.h"
#include "emulator/mishap.h"
#include "emulator/network.h"
#include "emulator/report.h"

/* What all sessions and updates share; one after the other uses the room. */
struct dm_talk_room {
	struct event_base *base;	/* borrowed */
	const struct report *report;	/* borrowed */
	struct dm_http *http;		/* borrowed */
	const struct mishaps *mishaps;	/* borrowed; NULL: there are none */
	const char *state_dir;		/* borrowed; NULL: nothing is kept */
	struct network *network;	/* the same */
	struct arena arena;		/* owned */
	uint8_t *out;			/* owned: DM_DIALOG_OCTETS_MAX octets */
};

void dm_talk_room_init(struct dm_talk_room *room, struct event_base *base,
		       const struct report *report, struct dm_http *http);
void dm_talk_room_free(struct dm_talk_room *room);

struct dm_talk_end {
	const char *why;		/* NULL: it ended well */
	unsigned messages;		/* of the device */
};

struct dm_talk;

/*
 * Begins a session of a device that has a client, an account and a server's
 * address; its id is that of d->session. on_end comes once, and not inside
 * this call; the talk may be freed in it.
 */
struct dm_talk *dm_talk_start(struct dm_talk_room *room, struct device *d,
			      void (*on_end)(void *arg,
					     const struct dm_talk_end *end),
			      void *arg);

/* The connection is lost now: the session has failed. */
void dm_talk_break(struct dm_talk *t);

/* Wipes what is secret. NULL is fine. */
void dm_talk_free(struct dm_talk *t);

#endif
