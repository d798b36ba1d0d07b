/* SPDX-License-Identifier: Apache-2.0 */
/*
 * update.h - what becomes of an update whose device does not do its part
 *
 * A device may break off its session, fail for a reason that passes, tell no
 * result, or not come at all. It is woken again then, each time by a
 * notification of its own (update.wakes names it), but not for ever: each
 * update ends in a state with words for the operator, done or failed.
 */
#ifndef DM_SERVER_UPDATE_H
#define DM_SERVER_UPDATE_H

#include <jansson.h>

#include "examples/dm-server/server.h"

/* Says something of its update, which stays in the device's state. */
void update_say(struct member *m, const char *event, const char *words, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends it: nothing more is tried. */
void update_fail(struct member *m, const char *words, ...)
	__attribute__((format(printf, 2, 3)));

/* Its session is over, or was lost with a restart. The caller saves. */
void update_after_session(struct member *m);

/*
 * Its notification has ended without a session; job is what dmboxd says of it.
 */
void update_job_ended(struct member *m, json_t *job);

/* Each second: has its time come? */
void update_tick(struct member *m, long long now_s);

#endif
