/* SPDX-License-Identifier: Apache-2.0 */
/* dmbox watch: the events of dmboxd as they come, over its restarts, too. */
#include <stdio.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "gateway/request/request.h"

#define AGAIN_S 1		/* before dmboxd is looked for again */

struct own {
	const char *socket;
	json_t *states;
	int32_t json;
	int32_t help;
};

#define AT(member) offsetof(struct own, member)

static const struct field own_fields[] = {
	{ "socket", FIELD_TEXT, 0, AT(socket), 1, 107, 0, NULL,
	  "PATH: dmboxd's socket; default: DMBOX_SOCKET, or\n"
	  "                       /run/dmbox/dmbox.sock" },
	{ "state", FIELD_LIST, 0, AT(states), 1, 7, 0, NULL,
	  "STATE: only events that leave a job so; several times" },
	{ "json", FIELD_FLAG, 0, AT(json), 0, 0, 0, NULL, "for programs" },
	{ "help", FIELD_FLAG, 0, AT(help), 0, 0, 0, NULL, "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

struct watch {
	struct args args;
	struct own own;
	struct client *client;		/* NULL: not connected */
	json_int_t cursor;		/* of the last event that was shown */
	struct err e;
};

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static json_int_t number_of(json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* -------------------------------- output -------------------------------- */

static void print_event(json_t *event)
{
	printf("%-8lld %s %-15s %-8s %-16s %-20s %-9s %lld %s",
	       number_of(event, "cursor"), text_of(event, "time"),
	       text_of(event, "event"), text_of(event, "job"),
	       text_of(event, "to"), text_of(event, "server-id"),
	       text_of(event, "reached"), number_of(event, "attempt"),
	       text_of(event, "reason"));
	if (json_object_get(event, "result"))
		printf("result %lld %s", number_of(event, "result"),
		       text_of(event, "result-text"));
	putchar('\n');
}

/* A line of dmboxd: "event", or "event.lost". */
static void show(struct watch *w, json_t *line)
{
	json_t *params = json_object_get(line, "params");

	if (!json_object_get(params, "cursor")) {
		w->cursor = number_of(params, "oldest");
		fprintf(stderr, "dmbox: events are lost: %s; it goes on behind "
			"%lld\n", text_of(params, "reason"), w->cursor);
		return;
	}
	w->cursor = number_of(params, "cursor");
	if (w->own.json) {
		json_dumpf(params, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print_event(params);
	}
	fflush(stdout);
}

/* ------------------------------ connections ------------------------------ */

static void disconnect(struct watch *w)
{
	if (w->client)
		client_close(w->client);
	w->client = NULL;
}

/* Connects and subscribes, by what stands in args.fields. */
static int begin(struct watch *w)
{
	json_t *answer = NULL;
	int rc = client_open(&w->client, w->own.socket, &w->e);

	if (!rc)
		rc = client_call(w->client, "event.subscribe",
				 json_incref(w->args.fields), &answer, &w->e);
	if (rc)
		disconnect(w);
	else
		w->cursor = number_of(answer, "cursor");
	json_decref(answer);
	return rc;
}

/* The same behind the last event. */
static int resume(struct watch *w)
{
	json_object_set_new(w->args.fields, "after", json_integer(w->cursor));
	return begin(w);
}

/* Shows events until dmboxd refuses to have them shown. */
static int follow(struct watch *w)
{
	json_t *line;
	int rc;

	for (;;) {
		while (client_next(w->client, &line, &w->e) == DM_OK) {
			show(w, line);
			json_decref(line);
		}
		disconnect(w);
		args_fail(&w->e, 0);
		do {
			sleep(AGAIN_S);
			rc = resume(w);
		} while (rc == DM_EIO || rc == DM_EBUSY);
		if (rc)
			return rc;
		fputs("dmbox: connected again\n", stderr);
	}
}

static int read_arguments(struct watch *w, int argc, char **argv)
{
	int rc = args_read(&w->args, argc, argv,
			   request_event_subscribe_fields, own_fields, &w->e);

	if (!rc)
		rc = fields_parse(own_fields, w->args.own, false, &w->own,
				  &w->e);
	if (!rc && w->args.n_items > 0)
		rc = err_set(&w->e, DM_EINVAL, "arguments",
			     "watch [OPTION...]", "%d", w->args.n_items);
	if (!rc && w->own.states)
		json_object_set(w->args.fields, "states", w->own.states);
	return rc;
}

int command_watch(int argc, char **argv)
{
	struct watch w = { 0 };
	int rc = read_arguments(&w, argc, argv);
	int status = EXIT_OK;

	if (!rc && w.own.help) {
		puts("usage: dmbox watch [OPTION...]\n");
		args_help(request_event_subscribe_fields, own_fields, NULL);
	} else {
		if (!rc)
			rc = begin(&w);
		if (!rc)
			rc = follow(&w);
		status = args_fail(&w.e, args_status(rc));
	}
	args_free(&w.args);
	return status;
}
