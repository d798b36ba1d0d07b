/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.h - what dmboxd tells of our jobs, for the operator
 *
 * Nothing else depends on it: a device that comes is heard of in its session.
 * The cursor of the last event is kept in cursor.json of the data folder, so
 * that none is missed over a restart of either side.
 */
#ifndef DM_SERVER_EVENTS_H
#define DM_SERVER_EVENTS_H

#include <jansson.h>

#include "examples/dm-server/server.h"

/* The cursor that is kept; -1: none is. */
json_int_t events_cursor(const struct server *s);

/* Tells the operator of an event; a dmbox_event, owner is the server. */
void events_take(void *owner, json_t *event);

#endif
