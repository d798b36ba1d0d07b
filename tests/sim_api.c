/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_api.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"

#define CLIENT 1000		/* its uid */

struct api_call {
	struct api_call *next, **at;	/* those without an answer */
	json_t *params;			/* owned */
	sim_answered *answered;		/* NULL: nobody listens any more */
	void *arg;
};

static struct methods *methods;
static struct api_call *calls;

void sim_api_serve(struct methods *m)
{
	methods = m;
}

static const struct api_method_entry *find(const char *name)
{
	const struct api_method_entry *entry = methods_table;

	while (strcmp(entry->name, name))
		entry++;
	return entry;
}

static void listed(struct api_call *call)
{
	call->next = calls;
	call->at = &calls;
	if (calls)
		calls->at = &call->next;
	calls = call;
}

static void unlisted(struct api_call *call)
{
	*call->at = call->next;
	if (call->next)
		call->next->at = call->at;
}

void sim_call(const char *method, json_t *params, sim_answered *answered,
	      void *arg)
{
	struct api_call *call;

	if (!methods) {
		json_decref(params);
		answered(arg, NULL, NULL);
		return;
	}
	call = xcalloc(1, sizeof(*call));
	call->params = params;
	call->answered = answered;
	call->arg = arg;
	listed(call);
	find(method)->run(call, params, methods);
}

void sim_api_break(void)
{
	for (struct api_call *call = calls; call; call = call->next) {
		sim_answered *answered = call->answered;

		call->answered = NULL;
		if (answered)
			answered(call->arg, NULL, NULL);
	}
}

static void finish(struct api_call *call, json_t *result, const struct err *e)
{
	unlisted(call);
	if (call->answered)
		call->answered(call->arg, result, e);
	json_decref(call->params);
	json_decref(result);
	free(call);
}

/* --------------------------- in api.c's place --------------------------- */

uint32_t api_call_client(const struct api_call *call)
{
	(void)call;
	return CLIENT;
}

const char *api_call_to(const struct api_call *call)
{
	const char *to = json_string_value(json_object_get(call->params,
							   "to"));

	return to ? to : "";
}

void api_answer(struct api_call *call, json_t *result)
{
	finish(call, result, NULL);
}

void api_refuse(struct api_call *call, const struct err *e)
{
	finish(call, NULL, e);
}

void api_refuse_with(struct api_call *call, const struct err *e,
		     const char *name, json_t *value)
{
	(void)name;
	json_decref(value);
	finish(call, NULL, e);
}

/* Nobody opens a stream here: the ledger reads the events. */

int api_stream_open(struct api_call *call, struct api_stream *s,
		    struct err *e)
{
	(void)call;
	(void)s;
	return err_set(e, DM_EINVAL, "event.subscribe", "", "not simulated");
}

void api_stream_close(struct api_stream *s)
{
	(void)s;
	assert(false);
}

bool api_stream_has_room(const struct api_stream *s)
{
	(void)s;
	return false;
}

void api_stream_send(struct api_stream *s, json_t *line)
{
	(void)s;
	json_decref(line);
}
