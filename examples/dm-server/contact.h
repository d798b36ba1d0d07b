/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contact.h - how the server reaches its devices: through dmbox
 *
 * What to do next follows from the state of a device alone, so the same call is
 * right at a start, after an order and after an answer of dmboxd.
 */
#ifndef DM_SERVER_CONTACT_H
#define DM_SERVER_CONTACT_H

#include "examples/dm-server/server.h"

/* Connects to dmboxd and tells it of every device. */
void contact_open(struct server *s);
void contact_close(struct server *s);

/*
 * Bootstraps a device without an account, wakes one that has to come for its
 * update; but not while it is here.
 */
void contact_next(struct member *m);

/* Forgets its account, on all sides but its own, and bootstraps it again. */
void contact_anew(struct member *m);

/* What has become of a session, for dmboxd: its end brings the next nonce. */
void contact_session_started(struct member *m);
void contact_session_ended(struct member *m);

/* The result of an update, and the alert that brought it, or "". */
void contact_result(struct member *m, const char *alert_type,
		    const char *correlator);

#endif
