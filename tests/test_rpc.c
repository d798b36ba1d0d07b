/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/rpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define SECRET "Tr0ub4dor"

static json_t *parsed;		/* of the last parse() */

/* Returns the code of the answer, 0 if there is none. */
static int parse_octets(const char *line, size_t len, json_t **answer)
{
	json_decref(parsed);
	parsed = NULL;
	*answer = rpc_parse(line, len, &parsed);
	return (int)json_integer_value(json_object_get(
		json_object_get(*answer, "error"), "code"));
}

static int parse(const char *line)
{
	json_t *answer;
	int code = parse_octets(line, strlen(line), &answer);

	CU_ASSERT_EQUAL(!answer, code == 0);
	CU_ASSERT_EQUAL(!!parsed, code == 0);
	CU_ASSERT(!answer || json_is_null(json_object_get(answer, "id")));
	json_decref(answer);
	return code;
}

static void takes_an_object_or_a_batch(void)
{
	CU_ASSERT_EQUAL(parse("{}"), 0);
	CU_ASSERT_EQUAL(parse(" {\"a\": [1, {\"b\": null}]} \r"), 0);
	CU_ASSERT_EQUAL(parse("[1]"), 0);
	CU_ASSERT_EQUAL(parse("[{}, {}]"), 0);
}

static void refuses_what_is_no_json(void)
{
	static const char *const bad[] = {
		"", " ", "{", "}", "{]", "{\"a\"}", "{\"a\": }", "{a: 1}",
		"{'a': 1}", "{\"a\": 1,}", "[1,]", "{\"a\": 1} x", "{} {}",
		"{\"a\": 01}", "{\"a\": +1}", "{\"a\": .5}", "{\"a\": NaN}",
		"{\"a\": \"\x01\"}", "{\"a\": \"\\x\"}", "nul",
		"\xef\xbb\xbf{}",
		"{\"a\": \"\\u0000\"}", "{\"a\\u0000b\": 1}",
		"{\"a\": \"\\ud800\"}", "{\"a\": 1e400}",
		"{\"a\": 9223372036854775808}",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(parse(bad[i]), RPC_PARSE);
		if (parsed)
			printf("# taken: %s\n", bad[i]);
	}
}

static void refuses_json_that_is_no_request(void)
{
	CU_ASSERT_EQUAL(parse("42"), RPC_INVALID_REQUEST);
	CU_ASSERT_EQUAL(parse("\"{}\""), RPC_INVALID_REQUEST);
	CU_ASSERT_EQUAL(parse("null"), RPC_INVALID_REQUEST);
}

static void refuses_what_is_no_utf8(void)
{
	static const char *const bad[] = {
		"{\"a\": \"\xff\"}", "{\"a\": \"\xc0\x80\"}",
		"{\"a\": \"\xed\xa0\x80\"}", "{\"a\": \"\xf4\x90\x80\x80\"}",
		"{\"\xc3\": 1}", "\xc3\xa9",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(parse(bad[i]), RPC_PARSE);
}

static void refuses_duplicate_names(void)
{
	CU_ASSERT_EQUAL(parse("{\"id\": 1, \"id\": 2}"), RPC_PARSE);
	CU_ASSERT_EQUAL(parse("{\"a\": {\"b\": 1, \"b\": 1}}"), RPC_PARSE);
}

static void refuses_a_nul_in_the_line(void)
{
	json_t *answer;

	CU_ASSERT_EQUAL(parse_octets("{}\0", 3, &answer), RPC_PARSE);
	json_decref(answer);
	CU_ASSERT_EQUAL(parse_octets("{\"a\": \"\0\"}", 10, &answer),
			RPC_PARSE);
	json_decref(answer);
}

static void survives_deep_nesting(void)
{
	static char line[RPC_LINE_MAX];
	json_t *answer;

	memset(line, '[', sizeof(line));
	CU_ASSERT_EQUAL(parse_octets(line, sizeof(line), &answer), RPC_PARSE);
	json_decref(answer);
	for (size_t i = 0; i + 5 <= sizeof(line); i += 5)
		memcpy(line + i, "{\"a\":", 5);
	CU_ASSERT_EQUAL(parse_octets(line, sizeof(line), &answer), RPC_PARSE);
	json_decref(answer);
}

static void an_error_never_quotes_the_line(void)
{
	static const char *const bad[] = {
		"{\"password\": \"" SECRET "\" x}",
		"{\"password\": " SECRET "}",
		SECRET,
		"{\"" SECRET "\": 1, \"" SECRET "\": 2}",
		"{\"password\": \"" SECRET,
		"\"" SECRET "\"",
		"{\"password\": \"" SECRET "\"}]",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *answer;
		char *text;

		CU_ASSERT_NOT_EQUAL(parse_octets(bad[i], strlen(bad[i]),
						 &answer), 0);
		text = json_dumps(answer, 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT_PTR_NULL(strstr(text, SECRET));
		free(text);
		json_decref(answer);
	}
}

static int parse_batch(unsigned n)
{
	char *line = malloc(4 * (size_t)n + 3);
	size_t len = 0;
	int code;

	line[len++] = '[';
	for (unsigned i = 0; i < n; i++)
		len += (size_t)sprintf(line + len, "%s{}", i ? ", " : "");
	strcpy(line + len, "]");
	code = parse(line);
	free(line);
	return code;
}

static void a_batch_has_1_to_1000_calls(void)
{
	CU_ASSERT_EQUAL(parse_batch(0), RPC_INVALID_REQUEST);
	CU_ASSERT_EQUAL(parse_batch(1), 0);
	CU_ASSERT_EQUAL(parse_batch(1000), 0);
	CU_ASSERT_EQUAL(parse_batch(1001), RPC_INVALID_REQUEST);
}

/* Reads one call; the code of its refusal, or 0. id gets the answer's. */
static int read_call(const char *json, struct rpc_call *call, char id[32])
{
	json_t *answer;
	char *text;
	int code;

	if (parse(json))
		return 1;
	answer = rpc_read(parsed, call);
	code = (int)json_integer_value(json_object_get(
		json_object_get(answer, "error"), "code"));
	text = json_dumps(json_object_get(answer, "id"), JSON_ENCODE_ANY);
	snprintf(id, 32, "%s", text ? text : "none");
	free(text);
	json_decref(answer);
	return code;
}

static void reads_a_call(void)
{
	struct rpc_call call;
	char id[32];

	CU_ASSERT_EQUAL(read_call("{\"jsonrpc\": \"2.0\", \"id\": \"x\","
		"\"method\": \"m\", \"params\": {\"a\": 1}}", &call, id), 0);
	CU_ASSERT_STRING_EQUAL(call.method, "m");
	CU_ASSERT_STRING_EQUAL(json_string_value(call.id), "x");
	CU_ASSERT_EQUAL(json_object_size(call.params), 1);
	CU_ASSERT_EQUAL(read_call("{\"jsonrpc\": \"2.0\", \"id\": null,"
		"\"method\": \"m\"}", &call, id), 0);
	CU_ASSERT(json_is_null(call.id));
	CU_ASSERT_PTR_NULL(call.params);
	CU_ASSERT_EQUAL(read_call("{\"jsonrpc\": \"2.0\","
		"\"method\": \"\"}", &call, id), 0);
	CU_ASSERT_PTR_NULL(call.id);
}

static void refuses_a_malformed_call_with_its_id(void)
{
#define CALL(members) "{\"jsonrpc\": \"2.0\", " members "}"
	static const struct {
		const char *json;
		int code;
		const char *id;
	} bad[] = {
		{ "[1]", RPC_INVALID_REQUEST, "null" },
		{ "{}", RPC_INVALID_REQUEST, "null" },
		{ "{\"id\": 1, \"method\": \"m\"}", RPC_INVALID_REQUEST, "1" },
		{ "{\"jsonrpc\": \"1.0\", \"id\": 2, \"method\": \"m\"}",
		  RPC_INVALID_REQUEST, "2" },
		{ "{\"jsonrpc\": 2.0, \"id\": 2, \"method\": \"m\"}",
		  RPC_INVALID_REQUEST, "2" },
		{ CALL("\"id\": \"a\""), RPC_INVALID_REQUEST, "\"a\"" },
		{ CALL("\"id\": 1.5, \"method\": 1"), RPC_INVALID_REQUEST,
		  "1.5" },
		{ CALL("\"id\": [], \"method\": \"m\""), RPC_INVALID_REQUEST,
		  "null" },
		{ CALL("\"id\": {}, \"method\": \"m\""), RPC_INVALID_REQUEST,
		  "null" },
		{ CALL("\"id\": true, \"method\": \"m\""),
		  RPC_INVALID_REQUEST, "null" },
		{ CALL("\"id\": 3, \"method\": \"m\", \"params\": [1]"),
		  RPC_INVALID_PARAMS, "3" },
		{ CALL("\"id\": 3, \"method\": \"m\", \"params\": null"),
		  RPC_INVALID_PARAMS, "3" },
	};
	struct rpc_call call;
	char id[32];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(read_call(bad[i].json, &call, id),
				bad[i].code);
		CU_ASSERT_STRING_EQUAL(id, bad[i].id);
	}
}

static void every_error_has_its_code(void)
{
	static const struct {
		int dm;
		int rpc;
	} codes[] = {
		{ DM_EPROTO, -32602 }, { DM_ERANGE, -32602 },
		{ DM_ENOSPC, -32602 }, { DM_EINVAL, -32602 },
		{ DM_ENOENT, -32001 }, { DM_ESTATE, -32002 },
		{ DM_EBUSY, -32003 }, { DM_EIO, -32005 },
	};
	struct err e;

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		json_t *id = json_integer(7), *answer, *error, *data;

		err_set(&e, codes[i].dm, "field", "allowed", "came");
		answer = rpc_error(id, &e);
		error = json_object_get(answer, "error");
		data = json_object_get(error, "data");
		CU_ASSERT_EQUAL(json_integer_value(json_object_get(error,
							"code")), codes[i].rpc);
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(error,
			"message")), "field: came, allowed: allowed");
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(data,
			"field")), "field");
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(data,
			"came")), "came");
		CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(data,
			"allowed")), "allowed");
		CU_ASSERT(json_equal(json_object_get(answer, "id"), id));
		json_decref(answer);
		json_decref(id);
	}
}

static void what_passes_says_when_to_come_again(void)
{
	static const struct {
		int dm;
		int ms;			/* 0: it does not pass */
	} errors[] = {
		{ DM_EINVAL, 0 }, { DM_ENOENT, 0 }, { DM_ESTATE, 0 },
		{ DM_EBUSY, 1000 }, { DM_EIO, 1000 },
	};
	struct err e;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		json_t *answer, *data;

		err_set(&e, errors[i].dm, "field", "allowed", "came");
		answer = rpc_error(NULL, &e);
		data = json_object_get(json_object_get(answer, "error"),
				       "data");
		CU_ASSERT_EQUAL(json_integer_value(json_object_get(data,
					"retry-after-ms")), errors[i].ms);
		CU_ASSERT_EQUAL(json_object_size(data),
				errors[i].ms ? 4 : 3);
		json_decref(answer);
	}
}

static void a_result_carries_the_id(void)
{
	json_t *answer = rpc_result(NULL, json_integer(1));

	CU_ASSERT(json_is_null(json_object_get(answer, "id")));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer,
							"jsonrpc")), "2.0");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, "result")),
			1);
	CU_ASSERT_PTR_NULL(json_object_get(answer, "error"));
	json_decref(answer);
}

int main(void)
{
	int status = tap_run("rpc", (CU_TestInfo[]){
		{ "takes an object or a batch", takes_an_object_or_a_batch },
		{ "refuses what is no JSON", refuses_what_is_no_json },
		{ "refuses JSON that is no request",
		  refuses_json_that_is_no_request },
		{ "refuses what is no UTF-8", refuses_what_is_no_utf8 },
		{ "refuses duplicate names", refuses_duplicate_names },
		{ "refuses a NUL in the line", refuses_a_nul_in_the_line },
		{ "survives deep nesting", survives_deep_nesting },
		{ "an error never quotes the line",
		  an_error_never_quotes_the_line },
		{ "a batch has 1 to 1000 calls", a_batch_has_1_to_1000_calls },
		{ "reads a call", reads_a_call },
		{ "refuses a malformed call with its id",
		  refuses_a_malformed_call_with_its_id },
		{ "every error has its code", every_error_has_its_code },
		{ "what passes says when to come again",
		  what_passes_says_when_to_come_again },
		{ "a result carries the id", a_result_carries_the_id },
		CU_TEST_INFO_NULL,
	});

	json_decref(parsed);
	return status;
}
