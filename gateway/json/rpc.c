/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/rpc.h"

#include <string.h>

static enum rpc_code code_of(int dm_code)
{
	static const struct {
		int dm;
		enum rpc_code rpc;
	} codes[] = {
		{ DM_ENOENT, RPC_NOT_FOUND },
		{ DM_ESTATE, RPC_WRONG_STATE },
		{ DM_EBUSY, RPC_BUSY },
		{ DM_EIO, RPC_UNAVAILABLE },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].dm == dm_code)
			return codes[i].rpc;
	return RPC_INVALID_PARAMS;
}

static json_t *id_or_null(json_t *id)
{
	return id ? json_incref(id) : json_null();
}

json_t *rpc_result(json_t *id, json_t *result)
{
	return json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "result", result,
			 "id", id_or_null(id));
}

/* Only for what passes: clients need no list of codes then. */
static json_t *retry_after(enum rpc_code code)
{
	return code == RPC_BUSY || code == RPC_UNAVAILABLE ?
	       json_integer(RPC_RETRY_AFTER_MS) : NULL;
}

json_t *rpc_error_code(json_t *id, enum rpc_code code, const struct err *e)
{
	char message[ERR_TEXT_MAX];

	err_text(e, message, sizeof(message));
	return json_pack("{s:s, s:{s:i, s:s, s:{s:s, s:s, s:s, s:o*}}, s:o}",
			 "jsonrpc", "2.0", "error", "code", (int)code,
			 "message", message, "data", "field", e->field,
			 "came", e->came, "allowed", e->allowed,
			 "retry-after-ms", retry_after(code), "id",
			 id_or_null(id));
}

json_t *rpc_error(json_t *id, const struct err *e)
{
	return rpc_error_code(id, code_of(e->code), e);
}

void rpc_error_add(json_t *answer, const char *name, json_t *value)
{
	json_t *error = json_object_get(answer, "error");

	json_object_set_new(json_object_get(error, "data"), name, value);
}

json_t *rpc_notice(const char *method, json_t *params)
{
	return json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method,
			 "params", params);
}

static json_t *refuse(json_t *id, enum rpc_code code, const char *field,
		      const char *allowed, const char *came)
{
	struct err e;

	err_set(&e, DM_EINVAL, field, allowed, "%s", came);
	return rpc_error_code(id, code, &e);
}

/* jansson's own text quotes the input, which may hold a password. */
static json_t *parse_error(const json_error_t *error)
{
	struct err e;

	err_set(&e, DM_EPROTO, "line", "one JSON object or array in UTF-8",
		"not JSON from octet %d on", error->position);
	return rpc_error_code(NULL, RPC_PARSE, &e);
}

json_t *rpc_parse(const char *line, size_t len, json_t **out)
{
	json_error_t error;
	json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES |
				  JSON_DECODE_ANY, &error);
	json_t *answer = NULL;

	if (!json)
		return parse_error(&error);
	if (json_is_array(json) && (json_array_size(json) == 0 ||
				    json_array_size(json) > RPC_BATCH_MAX))
		answer = refuse(NULL, RPC_INVALID_REQUEST, "batch",
				"1 to 1000 calls", "another number of calls");
	else if (!json_is_array(json) && !json_is_object(json))
		answer = refuse(NULL, RPC_INVALID_REQUEST, "line",
				"an object or an array", "something else");
	if (answer)
		json_decref(json);
	else
		*out = json;
	return answer;
}

static bool is_id(const json_t *id)
{
	return json_is_string(id) || json_is_number(id) || json_is_null(id);
}

json_t *rpc_read(json_t *item, struct rpc_call *call)
{
	const char *version = json_string_value(json_object_get(item,
								"jsonrpc"));
	json_t *id = json_object_get(item, "id");
	json_t *params = json_object_get(item, "params");
	const char *method = json_string_value(json_object_get(item,
							       "method"));

	if (!json_is_object(item))
		return refuse(NULL, RPC_INVALID_REQUEST, "request",
			      "an object", "something else");
	if (id && !is_id(id))
		return refuse(NULL, RPC_INVALID_REQUEST, "id",
			      "a string, a number or null", "something else");
	if (!version || strcmp(version, "2.0"))
		return refuse(id, RPC_INVALID_REQUEST, "jsonrpc", "\"2.0\"",
			      version ? version : "missing");
	if (!method)
		return refuse(id, RPC_INVALID_REQUEST, "method", "a string",
			      "missing, or no string");
	if (params && !json_is_object(params))
		return refuse(id, RPC_INVALID_PARAMS, "params",
			      "an object: parameters are named",
			      "something else");
	*call = (struct rpc_call){ id, method, params };
	return NULL;
}
