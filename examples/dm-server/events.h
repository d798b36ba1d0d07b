/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.h - what dmboxd tells of our jobs
 *
 * The operator hears of it; and that a device does not come is known only from
 * here: one that comes is heard of in its session. The cursor of the last event
 * is kept in cursor.json of the data folder, so that none is missed over a
 * restart of either side.
 */
#ifndef DM_SERVER_EVENTS_H
#define DM_SERVER_EVENTS_H

#include <jansson.h>

#include "examples/dm-server/server.h"

/*
 * The cursor that is kept, to and from s->cursor; -1: none is. Of many events
 * in a second only the last one is written: those that a crash loses come
 * again.
 */
void events_load(struct server *s);
void events_save(struct server *s);

/* Tells the operator of an event; a dmbox_event, owner is the server. */
void events_take(void *owner, json_t *event);

#endif
