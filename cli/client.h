/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.h - one connection to dmboxd
 */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <jansson.h>

#include "wap/err.h"

#define CLIENT_SOCKET "/run/dmbox/dmbox.sock"

struct client;

/*
 * Connects to path; NULL: what DMBOX_SOCKET says, else CLIENT_SOCKET. Returns
 * DM_OK; DM_EIO with *e, which says what to do.
 */
int client_open(struct client **out, const char *path, struct err *e)
	DM_CHECK;
void client_close(struct client *c);

/*
 * Calls a method and waits for its answer. params is taken. Returns DM_OK and
 * the result; what dmboxd refused, with its words in *e and the error's data as
 * result; or DM_EIO. The caller owns the result, which may be NULL on error.
 */
int client_call(struct client *c, const char *method, json_t *params,
		json_t **result, struct err *e) DM_CHECK;

/*
 * Waits for the next line that nobody asked for, as after event.subscribe.
 * Returns DM_OK and the line, which the caller owns; or DM_EIO.
 */
int client_next(struct client *c, json_t **line, struct err *e) DM_CHECK;

/*
 * client_call() in two steps, for many calls under way: up to 1000, each with a
 * number of its own, that come back in any order. client_send() may keep calls
 * back until client_receive().
 */
void client_send(struct client *c, const char *method, json_t *params,
		 json_int_t number);
int client_receive(struct client *c, json_int_t *number, json_t **result,
		   struct err *e) DM_CHECK;

#endif
