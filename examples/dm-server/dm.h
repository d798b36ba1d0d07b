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

/* A message as it came, all borrowed. */
struct dm_request {
	enum syncml_encoding encoding;
	const uint8_t *octets;
	size_t len;
	const char *session;		/* behind the '?' of its address; or "" */
};

/*
 * Answers a message in its own encoding. Each session has an address of its
 * own, that nobody else can guess: its RespURI. Returns DM_OK; or, with *e,
 * what syncml_read() and syncml_write() refuse.
 */
int dm_answer(struct server *s, const struct dm_request *request, uint8_t *out,
	      size_t *out_len, struct err *e) DM_CHECK;

#endif
