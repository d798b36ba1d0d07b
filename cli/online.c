/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "gateway/request.h"

#define WATCH_MS 200		/* job watch: between two looks */

struct own {
	const char *socket;
	int32_t json;
	int32_t help;
	struct document_options document;	/* of bootstrap */
};

#define OWN_FIELDS \
	{ "socket", FIELD_TEXT, 0, offsetof(struct own, socket), 1, 107, 0, \
	  NULL, "PATH: dmboxd's socket; default: DMBOX_SOCKET, or\n" \
	  "                       /run/dmbox/dmbox.sock" }, \
	{ "json", FIELD_FLAG, 0, offsetof(struct own, json), 0, 0, 0, NULL, \
	  "for programs" }, \
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL, \
	  "this text" }
#define END { NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL }

static const struct field own_fields[] = { OWN_FIELDS, END };

static const struct field bootstrap_own_fields[] = {
	OWN_FIELDS, DOCUMENT_FIELDS(own), END,
};

/* One sub-command's run. */
struct run {
	struct args args;
	struct own own;
	struct client *client;
	struct err e;
};

struct command {
	const char *method;
	const char *usage;
	const struct field *fields;
	const struct field *own;
	const char *item;		/* field of the one argument, or NULL */
	int (*run)(struct run *r, const struct command *c);
	void (*print)(json_t *result);
};

/* -------------------------------- output -------------------------------- */

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static json_int_t number_of(json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

/* "name: value" a line; lists and objects are left to others. */
static void print_members(json_t *object, const char *indent)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		if (json_is_string(value))
			printf("%s%-19s %s\n", indent, name,
			       json_string_value(value));
		else if (json_is_integer(value))
			printf("%s%-19s %lld\n", indent, name,
			       json_integer_value(value));
		else if (json_is_real(value))
			printf("%s%-19s %.1f\n", indent, name,
			       json_real_value(value));
	}
}

static void print_dry_run(json_t *result)
{
	json_t *segment;
	size_t i;

	print_members(result, "");
	json_array_foreach(json_object_get(result, "sms"), i, segment)
		printf("sms %zu               %s %s\n", i + 1,
		       text_of(segment, "udh"), text_of(segment, "ud"));
}

static void print_notify(json_t *result)
{
	if (!json_object_get(result, "job")) {
		print_dry_run(result);
		return;
	}
	printf("job %s accepted: session-id %lld (%s), %lld segment%s\n",
	       text_of(result, "job"), number_of(result, "session-id"),
	       text_of(result, "session-id-text"),
	       number_of(result, "segments"),
	       number_of(result, "segments") == 1 ? "" : "s");
}

static void print_findings(json_t *findings)
{
	json_t *f;
	size_t i;

	json_array_foreach(findings, i, f)
		fprintf(stderr, "dmbox: %s: %s: %s (%s)\n",
			text_of(f, "severity"), text_of(f, "where"),
			text_of(f, "what"), text_of(f, "why"));
}

static void print_bootstrap(json_t *result)
{
	print_findings(json_object_get(result, "findings"));
	if (!json_object_get(result, "job")) {
		print_dry_run(result);
		return;
	}
	printf("job %s accepted: %lld segment%s\n", text_of(result, "job"),
	       number_of(result, "segments"),
	       number_of(result, "segments") == 1 ? "" : "s");
	if (json_object_get(result, "out-of-band-pin"))
		fprintf(stderr, "out-of-band-pin: %s\n",
			text_of(result, "out-of-band-pin"));
}

static void print_job(json_t *job)
{
	json_t *part;
	size_t i;

	print_members(job, "");
	json_array_foreach(json_object_get(job, "parts"), i, part)
		printf("segment %-11lld %s, %lld octets\n",
		       number_of(part, "segment"), text_of(part, "state"),
		       number_of(part, "octets"));
}

static void print_job_line(json_t *job)
{
	printf("%-8s %-9s %-9s %-16s %-20s %s\n", text_of(job, "job"),
	       text_of(job, "state"), text_of(job, "reached"),
	       text_of(job, "to"), text_of(job, "server-id"),
	       text_of(job, "reason"));
	fflush(stdout);
}

static void print_jobs(json_t *result)
{
	const char *after = text_of(result, "after");
	json_t *job;
	size_t i;

	printf("%-8s %-9s %-9s %-16s %-20s %s\n", "job", "state", "reached",
	       "to", "server-id", "reason");
	json_array_foreach(json_object_get(result, "jobs"), i, job)
		print_job_line(job);
	if (after[0])
		printf("more: dmbox job list --after %s\n", after);
}

static void print_status(json_t *result)
{
	print_members(result, "");
	puts("bearerbox");
	print_members(json_object_get(result, "bearerbox"), "  ");
	puts("jobs");
	print_members(json_object_get(result, "jobs"), "  ");
	puts("rates, over the last minute");
	print_members(json_object_get(result, "rates"), "  ");
}

/* ------------------------------- commands ------------------------------- */

static int fail(struct run *r, int rc)
{
	return args_fail(&r->e, args_status(rc));
}

static int run_once(struct run *r, const struct command *c)
{
	json_t *result;
	int rc = client_call(r->client, c->method,
			     json_incref(r->args.fields), &result, &r->e);

	if (rc) {
		print_findings(json_object_get(result, "findings"));
		json_decref(result);
		return fail(r, rc);
	}
	if (r->own.json)
		print_json(result);
	else
		c->print(result);
	json_decref(result);
	return EXIT_OK;
}

static bool is_final(json_t *job)
{
	static const char *const finals[] = {
		"done", "failed", "expired", "cancelled",
	};

	for (size_t i = 0; i < sizeof(finals) / sizeof(finals[0]); i++)
		if (!strcmp(text_of(job, "state"), finals[i]))
			return true;
	return false;
}

/* Prints the job each time that it has changed, until it has ended. */
static int run_watch(struct run *r, const struct command *c)
{
	json_t *before = NULL, *job;
	int status = EXIT_FAILED;
	int rc = DM_OK;

	for (;;) {
		rc = client_call(r->client, c->method,
				 json_incref(r->args.fields), &job, &r->e);
		if (rc) {
			json_decref(job);
			break;
		}
		if (before && json_equal(job, before))
			usleep(WATCH_MS * 1000);
		else if (r->own.json)
			print_json(job);
		else
			print_job_line(job);
		json_decref(before);
		before = job;
		if (is_final(job))
			break;
	}
	if (rc)
		status = fail(r, rc);
	else if (!strcmp(text_of(before, "state"), "done"))
		status = EXIT_OK;
	json_decref(before);
	return status;
}

static int read_arguments(struct run *r, const struct command *c, int argc,
			  char **argv)
{
	struct args *a = &r->args;
	int rc = args_read(a, argc, argv, c->fields, c->own, &r->e);

	if (!rc)
		rc = fields_parse(c->own, a->own, false, &r->own, &r->e);
	if (rc || r->own.help)
		return rc;
	if (a->n_items != (c->item ? 1 : 0))
		return err_set(&r->e, DM_EINVAL, "arguments", c->usage,
			       "%d", a->n_items);
	if (c->item)
		json_object_set_new(a->fields, c->item,
				    json_string(a->items[0]));
	return document_fill(&r->own.document, a->fields, &r->e);
}

static int run_command(const struct command *c, int argc, char **argv)
{
	struct run r = { 0 };
	int rc = read_arguments(&r, c, argc, argv);
	int status;

	if (!rc && r.own.help) {
		printf("usage: dmbox %s\n\n", c->usage);
		args_help(c->item ? request_no_fields : c->fields, c->own,
			  NULL);
		args_free(&r.args);
		return EXIT_OK;
	}
	if (!rc)
		rc = client_open(&r.client, r.own.socket, &r.e);
	if (rc) {
		status = fail(&r, rc);
	} else {
		status = c->run(&r, c);
		client_close(r.client);
	}
	args_free(&r.args);
	return status;
}

int command_notify(int argc, char **argv)
{
	static const struct command command = {
		"notify", "notify OPTION...", request_notify_fields,
		own_fields, NULL, run_once, print_notify,
	};

	return run_command(&command, argc, argv);
}

int command_bootstrap(int argc, char **argv)
{
	static const struct command command = {
		"bootstrap", "bootstrap OPTION...", request_bootstrap_fields,
		bootstrap_own_fields, NULL, run_once, print_bootstrap,
	};

	return run_command(&command, argc, argv);
}

int command_status(int argc, char **argv)
{
	static const struct command command = {
		"server.status", "status [OPTION...]", request_no_fields,
		own_fields, NULL, run_once, print_status,
	};

	return run_command(&command, argc, argv);
}

int command_job(int argc, char **argv)
{
	static const struct {
		const char *name;
		struct command command;
	} commands[] = {
		{ "get", { "job.get", "job get JOB", request_no_fields,
			   own_fields, "job", run_once, print_job } },
		{ "list", { "job.list", "job list [OPTION...]",
			    request_job_list_fields, own_fields, NULL,
			    run_once, print_jobs } },
		{ "watch", { "job.get", "job watch JOB", request_no_fields,
			     own_fields, "job", run_watch, NULL } },
		{ "cancel", { "job.cancel", "job cancel JOB",
			      request_no_fields, own_fields, "job",
			      run_once, print_job } },
	};

	for (size_t i = 0; argc > 0 &&
	     i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[0], commands[i].name))
			return run_command(&commands[i].command, argc - 1,
					   argv + 1);
	fputs("usage: dmbox job get|list|watch|cancel [OPTION...]\n",
	      argc > 0 && !strcmp(argv[0], "--help") ? stdout : stderr);
	return argc > 0 && !strcmp(argv[0], "--help") ? EXIT_OK : EXIT_USAGE;
}
