/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc.h - JSON-RPC 2.0 text to calls, and answers to text
 *
 * Spec: https://www.jsonrpc.org/specification. One object, or one array of
 * objects (a batch), a line. Pure.
 */
#ifndef GATEWAY_RPC_H
#define GATEWAY_RPC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "wap/err.h"

#define RPC_LINE_MAX (1024 * 1024)	/* octets, without the line feed */
#define RPC_BATCH_MAX 1000		/* calls in one batch */
#define RPC_RETRY_AFTER_MS 1000		/* "retry-after-ms" of an error */

enum rpc_code {			/* "code" of an error */
	RPC_PARSE = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_NO_METHOD = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_NOT_FOUND = -32001,
	RPC_WRONG_STATE = -32002,
	RPC_BUSY = -32003,
	RPC_UNAVAILABLE = -32005,
};

struct rpc_call {
	json_t *id;		/* borrowed; NULL: a notification */
	const char *method;	/* borrowed */
	json_t *params;		/* borrowed; an object, or NULL */
};

/*
 * Parses a line of up to RPC_LINE_MAX octets to *out (owned by the caller): an
 * object, or an array of 1 to RPC_BATCH_MAX items. On error returns the answer
 * to send instead, which the caller owns; else NULL.
 */
json_t *rpc_parse(const char *line, size_t len, json_t **out);

/*
 * Reads one call, borrowing from item. On error returns the answer to send
 * instead, which the caller owns; else NULL.
 */
json_t *rpc_read(json_t *item, struct rpc_call *call);

/*
 * Answers; the caller owns them. result is taken, id borrowed (NULL: null). An
 * error that passes (RPC_BUSY, RPC_UNAVAILABLE) says after how long the same
 * request may be sent again.
 */
json_t *rpc_result(json_t *id, json_t *result);
json_t *rpc_error(json_t *id, const struct err *e);
json_t *rpc_error_code(json_t *id, enum rpc_code code, const struct err *e);

/* Adds a member to the "data" of an error; value is taken. */
void rpc_error_add(json_t *answer, const char *name, json_t *value);

/* What nobody asked for; the caller owns it. params is taken. */
json_t *rpc_notice(const char *method, json_t *params);

#endif
