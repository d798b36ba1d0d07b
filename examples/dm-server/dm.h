/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm.h - a device's message comes in, our answer goes out
 *
 * Between the web server and the session: finds the device, runs its session,
 * keeps what has changed, and tells dmboxd and the operator of it.
 */
#ifndef DM_SERVER_DM_H
#define DM_SERVER_DM_H

#include "examples/dm-server/server.h"
#include "syncml/codec.h"

#define DM_ANSWER_MAX 65536		/* octets */
#define DM_SESSION_TIMEOUT_S 300	/* a device that says no more is gone */

/*
 * Answers a message in its own encoding. Returns DM_OK; or, with *e, what
 * syncml_read() and syncml_write() refuse.
 */
int dm_answer(struct server *s, enum syncml_encoding encoding,
	      const uint8_t *in, size_t len, uint8_t *out, size_t *out_len,
	      struct err *e) DM_CHECK;

#endif
