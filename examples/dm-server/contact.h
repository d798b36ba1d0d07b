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

/* Bootstraps a device without an account, wakes one that needs an update. */
void contact_next(struct member *m);

/* Forgets its account, on all sides but its own, and bootstraps it again. */
void contact_anew(struct member *m);

/* What a session was told, for dmboxd. */
void contact_session_started(struct member *m);
void contact_session_ended(struct member *m, const char *alert_type,
			   const char *correlator, bool has_result);
void contact_nonce(struct member *m);

#endif
