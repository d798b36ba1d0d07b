/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonrpc.h - a client of JSON-RPC 2.0, one object a line, over a Unix socket
 *
 * In most languages a library does this. It connects again each second while
 * the socket is not there, and then sends again what has no answer yet: so each
 * request may reach the server more than once. An error that passes is not
 * told: it says how long nothing more shall be sent, and then the request is
 * sent again. A few hundred requests are under way, the others wait.
 */
#ifndef DM_SERVER_JSONRPC_H
#define DM_SERVER_JSONRPC_H

#include <jansson.h>
#include <stdbool.h>

struct event_base;
struct jsonrpc;

/* One of result and error is NULL; both are borrowed. */
typedef void jsonrpc_answer(void *owner, void *about, json_t *result,
			    json_t *error);

struct jsonrpc_callbacks {
	/* What nobody asked for. */
	void (*notification)(void *owner, json_t *params);
	/* Connected (why is NULL), or no longer. Requests go out behind it. */
	void (*link)(void *owner, const char *why);
	void *owner;
};

/* Without memory the program ends. */
struct jsonrpc *jsonrpc_open(struct event_base *base, const char *socket,
			     const struct jsonrpc_callbacks *c);
void jsonrpc_close(struct jsonrpc *r);

/* params is taken; answer may be NULL. */
void jsonrpc_call(struct jsonrpc *r, const char *method, json_t *params,
		  jsonrpc_answer *answer, void *about);

/* The same over this connection only; forgotten when it breaks. */
void jsonrpc_call_once(struct jsonrpc *r, const char *method, json_t *params,
		       jsonrpc_answer *answer, void *about);

#endif
