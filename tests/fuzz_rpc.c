/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests: any line, and parameters made from any octets, through every table
 * to the encoder. Whatever comes, there is an answer that can be written.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/json/rpc.h"
#include "gateway/request/notify.h"
#include "gateway/request/provision.h"
#include "tests/fuzz.h"
#include "wap/utf8.h"

union request {
	struct notify_request notify;
	struct bootstrap_request bootstrap;
	struct job_request job;
	struct job_list_request list;
	struct decode_request decode;
};

/* NULL would be an answer that never comes. */
static void check_answer(json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);

	FUZZ_CHECK(text && !strchr(text, '\n'));
	free(text);
	json_decref(answer);
}

static void check_error(const struct err *e, int rc)
{
	char text[ERR_TEXT_MAX];

	FUZZ_CHECK(e->code == rc && rc < 0);
	err_text(e, text, sizeof(text));
	FUZZ_CHECK(utf8_valid(text, strlen(text)));
	check_answer(rpc_error(NULL, e));
}

static void check_message(const struct message *m)
{
	FUZZ_CHECK(m->body_len <= sizeof(m->body));
	FUZZ_CHECK(m->wsp_len > m->body_len);
	FUZZ_CHECK(m->wsp_len <= sizeof(m->wsp));
	FUZZ_CHECK(m->n_segments >= 1 && m->n_segments <= SEGMENTS_MAX);
}

static void encode(const struct notify_request *rq, bool lenient)
{
	static const struct submit_defaults defaults = {
		.sender = "12345", .expires_s = 60, .expires_max_s = 86400,
		.until = REACHED_DELIVERED,
	};
	struct message m;
	struct job j;
	struct err e;
	int rc = notify_encode(rq, 1, 0xffff, lenient, &m, &e);

	if (rc)
		check_error(&e, rc);
	else
		check_message(&m);
	rc = submit_job(&rq->delivery, &defaults, 0, 0, &j, &e);
	if (rc)
		check_error(&e, rc);
}

static void provision(const struct bootstrap_request *rq)
{
	static _Alignas(max_align_t) uint8_t room[PROVISION_ARENA_MAX];
	static struct provision p;
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct err e;
	int rc;

	memset(&p, 0, sizeof(p));
	rc = provision_make(rq, NULL, "12345", 0xffff, &a, &p, &e);
	if (rc)
		check_error(&e, rc);
	else
		check_message(&p.message);
}

static void check_params(json_t *params, bool lenient)
{
	static const struct field *const tables[] = {
		request_notify_fields, request_bootstrap_fields,
		request_job_fields,
		request_job_list_fields, request_decode_fields,
		request_no_fields,
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		union request rq;
		struct err e;
		int rc = fields_parse(tables[i], params, lenient, &rq, &e);

		if (rc)
			check_error(&e, rc);
		else if (tables[i] == request_notify_fields)
			encode(&rq.notify, lenient);
		else if (tables[i] == request_bootstrap_fields)
			provision(&rq.bootstrap);
	}
}

static void check_call(json_t *item)
{
	struct rpc_call call;
	json_t *answer = rpc_read(item, &call);

	if (answer) {
		check_answer(answer);
		return;
	}
	FUZZ_CHECK(call.method);
	check_params(call.params, false);
	if (call.id)
		check_answer(rpc_result(call.id, json_null()));
}

static void check_line(const uint8_t *in, size_t len)
{
	json_t *request = NULL, *item;
	json_t *answer = rpc_parse((const char *)in, len, &request);
	size_t i;

	if (answer) {
		FUZZ_CHECK(!request);
		check_answer(answer);
		return;
	}
	json_array_foreach(request, i, item)
		check_call(item);
	if (json_is_object(request))
		check_call(request);
	json_decref(request);
}

/* ------------------------- parameters from octets ------------------------- */

struct source {
	const uint8_t *in;
	size_t len;
};

static unsigned take(struct source *s, unsigned limit)
{
	if (s->len == 0)
		return 0;
	s->len--;
	return *s->in++ % limit;
}

static json_t *any_text(struct source *s)
{
	size_t len = take(s, 4) ? take(s, 32) : take(s, 255) * 8;
	json_t *json;

	if (len > s->len)
		len = s->len;
	json = json_stringn((const char *)s->in, len);
	s->in += len;
	s->len -= len;
	return json ? json : json_string("00");
}

/* A value as the field's help has it, at times; else any. */
static json_t *any_value(struct source *s, const struct field *f)
{
	char hex[4096];

	switch (take(s, 6)) {
	case 0:
		return json_integer((json_int_t)take(s, 255) - 3);
	case 1:
		return json_integer((json_int_t)take(s, 255) * 257);
	case 2:
		return json_boolean(take(s, 2));
	case 3:
		return any_text(s);
	case 4:
		snprintf(hex, sizeof(hex), "%0*d", (int)take(s, 250) * 12, 0);
		return json_string(hex);
	default:
		return json_string(f->choices ? f->choices->name : "12345");
	}
}

/* What a request needs, and any fields besides. */
static json_t *any_params(struct source *s)
{
	json_t *params = json_pack("{s:s, s:s, s:s, s:s}", "to", "+49170123",
				   "server-id", "a", "password", "b",
				   "nonce", "AAAA");
	unsigned n = 0;

	while (request_notify_fields[n].name)
		n++;
	while (s->len > 0) {
		const struct field *f = &request_notify_fields[take(s, n)];

		json_object_set_new(params, f->name, any_value(s, f));
		if (take(s, 8) == 0)
			json_object_del(params, f->name);
	}
	return params;
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct source s = { in, len };
	json_t *params;

	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_line(in, len);
	params = any_params(&s);
	check_params(params, len % 2);
	json_decref(params);
	return 0;
}
