/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/online.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "gateway/request/request.h"

#define WATCH_MS 200		/* job watch: between two looks */

const struct field online_own_fields[] = { OWN_FIELDS, OWN_END };

static const struct field bootstrap_own_fields[] = {
	OWN_FIELDS, DOCUMENT_FIELDS(own), OWN_END,
};

/* -------------------------------- output -------------------------------- */

const char *online_text(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static json_int_t number_of(json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

void online_print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

void online_print_members(FILE *to, json_t *object, const char *indent)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		if (json_is_string(value))
			fprintf(to, "%s%-19s %s\n", indent, name,
				json_string_value(value));
		else if (json_is_integer(value))
			fprintf(to, "%s%-19s %lld\n", indent, name,
				json_integer_value(value));
		else if (json_is_real(value))
			fprintf(to, "%s%-19s %.1f\n", indent, name,
				json_real_value(value));
		else if (json_is_boolean(value))
			fprintf(to, "%s%-19s %s\n", indent, name,
				json_is_true(value) ? "yes" : "no");
	}
}

static void print_dry_run(json_t *result)
{
	json_t *segment;
	size_t i;

	online_print_members(stdout, result, "");
	json_array_foreach(json_object_get(result, "sms"), i, segment)
		printf("sms %zu               %s %s\n", i + 1,
		       online_text(segment, "udh"), online_text(segment, "ud"));
}

static void print_notify(json_t *result)
{
	if (!json_object_get(result, "job")) {
		print_dry_run(result);
		return;
	}
	printf("job %s %s: session-id %lld (%s), %lld segment%s\n",
	       online_text(result, "job"),
	       json_object_get(result, "joined") ? "joined" : "accepted",
	       number_of(result, "session-id"),
	       online_text(result, "session-id-text"),
	       number_of(result, "segments"),
	       number_of(result, "segments") == 1 ? "" : "s");
}

static void print_findings(json_t *findings)
{
	json_t *f;
	size_t i;

	json_array_foreach(findings, i, f)
		fprintf(stderr, "dmbox: %s: %s: %s (%s)\n",
			online_text(f, "severity"), online_text(f, "where"),
			online_text(f, "what"), online_text(f, "why"));
}

static void print_bootstrap(json_t *result)
{
	print_findings(json_object_get(result, "findings"));
	if (!json_object_get(result, "job")) {
		print_dry_run(result);
		return;
	}
	printf("job %s accepted: %lld segment%s\n", online_text(result, "job"),
	       number_of(result, "segments"),
	       number_of(result, "segments") == 1 ? "" : "s");
	if (json_object_get(result, "out-of-band-pin"))
		fprintf(stderr, "out-of-band-pin: %s\n",
			online_text(result, "out-of-band-pin"));
	if (json_object_get(result, "account")) {
		fputs("account:\n", stderr);
		online_print_members(stderr, json_object_get(result, "account"),
				     "  ");
	}
}

static void print_job(json_t *job)
{
	json_t *part;
	size_t i;

	online_print_members(stdout, job, "");
	json_array_foreach(json_object_get(job, "parts"), i, part)
		printf("segment %-11lld %s, %lld octets\n",
		       number_of(part, "segment"), online_text(part, "state"),
		       number_of(part, "octets"));
}

#define JOB_LINE "%-8s %-9s %-9s %-16s %-20s %-10s %s\n"

static void print_job_line(json_t *job)
{
	const char *route = online_text(job, "route");

	printf(JOB_LINE, online_text(job, "job"), online_text(job, "state"),
	       online_text(job, "reached"), online_text(job, "to"),
	       online_text(job, "server-id"), route[0] ? route : "bearerbox",
	       online_text(job, "reason"));
	fflush(stdout);
}

static void print_jobs(json_t *result)
{
	const char *after = online_text(result, "after");
	json_t *job;
	size_t i;

	printf(JOB_LINE, "job", "state", "reached", "to", "server-id", "route",
	       "reason");
	json_array_foreach(json_object_get(result, "jobs"), i, job)
		print_job_line(job);
	if (after[0])
		printf("more: dmbox job list --after %s\n", after);
}

static void print_routes(json_t *routes)
{
	json_t *route;
	size_t i;

	json_array_foreach(routes, i, route) {
		printf("route %s\n", online_text(route, "route"));
		json_object_del(route, "route");
		online_print_members(stdout, route, "  ");
	}
}

static void print_status(json_t *result)
{
	online_print_members(stdout, result, "");
	puts("bearerbox");
	online_print_members(stdout, json_object_get(result, "bearerbox"),
			     "  ");
	print_routes(json_object_get(result, "routes"));
	puts("jobs");
	online_print_members(stdout, json_object_get(result, "jobs"), "  ");
	puts("rates, over the last minute");
	online_print_members(stdout, json_object_get(result, "rates"), "  ");
}

static void print_backup(json_t *result)
{
	printf("%s: %lld octets\n", online_text(result, "file"),
	       number_of(result, "octets"));
}

/* ------------------------------- commands ------------------------------- */

/* dmboxd's refusals are the user's to mend. */
int online_fail(struct run *r, int rc)
{
	return args_fail(&r->e, args_status(rc));
}

int online_once(struct run *r, const struct command *c)
{
	json_t *result;
	int rc = client_call(r->client, c->method,
			     json_incref(r->args.fields), &result, &r->e);

	if (rc) {
		print_findings(json_object_get(result, "findings"));
		json_decref(result);
		return online_fail(r, rc);
	}
	if (r->own.json)
		online_print_json(result);
	else
		c->print(result);
	json_decref(result);
	return EXIT_OK;
}

/* dmboxd has another working folder than we. */
static int run_backup(struct run *r, const struct command *c)
{
	const char *file = online_text(r->args.fields, "file");
	char folder[4096], path[8192];

	if (file[0] != '/' && getcwd(folder, sizeof(folder))) {
		snprintf(path, sizeof(path), "%s/%s", folder, file);
		json_object_set_new(r->args.fields, "file", json_string(path));
	}
	return online_once(r, c);
}

static bool is_final(json_t *job)
{
	static const char *const finals[] = {
		"done", "failed", "expired", "cancelled",
	};

	for (size_t i = 0; i < sizeof(finals) / sizeof(finals[0]); i++)
		if (!strcmp(online_text(job, "state"), finals[i]))
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
			online_print_json(job);
		else
			print_job_line(job);
		json_decref(before);
		before = job;
		if (is_final(job))
			break;
	}
	if (rc)
		status = online_fail(r, rc);
	else if (!strcmp(online_text(before, "state"), "done"))
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
	if (a->n_items != (c->item ? 1 : 0) &&
	    !(a->n_items == 0 && c->item_may_lack))
		return err_set(&r->e, DM_EINVAL, "arguments", c->usage,
			       "%d", a->n_items);
	if (a->n_items > 0)
		json_object_set_new(a->fields, c->item,
				    json_string(a->items[0]));
	return document_fill(&r->own.document, a->fields, &r->e);
}

int online_run(const struct command *c, int argc, char **argv)
{
	struct run r = { 0 };
	int rc = read_arguments(&r, c, argc, argv);
	int status;

	if (!rc && r.own.help) {
		printf("usage: dmbox %s\n\n", c->usage);
		args_help(c->fields, c->own,
			  (const char *[]){ c->item, NULL });
		args_free(&r.args);
		return EXIT_OK;
	}
	if (!rc)
		rc = client_open(&r.client, r.own.socket, &r.e);
	if (rc) {
		status = online_fail(&r, rc);
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
		online_own_fields, NULL, online_once, print_notify, false,
	};

	return online_run(&command, argc, argv);
}

int command_bootstrap(int argc, char **argv)
{
	static const struct command command = {
		"bootstrap", "bootstrap OPTION...", request_bootstrap_fields,
		bootstrap_own_fields, NULL, online_once, print_bootstrap, false,
	};

	return online_run(&command, argc, argv);
}

int command_backup(int argc, char **argv)
{
	static const struct command command = {
		"server.backup", "backup FILE", request_no_fields,
		online_own_fields, "file", run_backup, print_backup, false,
	};

	return online_run(&command, argc, argv);
}

int command_status(int argc, char **argv)
{
	static const struct command command = {
		"server.status", "status [OPTION...]", request_no_fields,
		online_own_fields, NULL, online_once, print_status, false,
	};

	return online_run(&command, argc, argv);
}

int online_choose(const struct online_choice *choices, const char *usage,
		  int argc, char **argv)
{
	bool help = argc > 0 && !strcmp(argv[0], "--help");

	for (; argc > 0 && choices->name; choices++)
		if (!strcmp(argv[0], choices->name))
			return online_run(&choices->command, argc - 1,
					  argv + 1);
	fprintf(help ? stdout : stderr, "usage: dmbox %s [OPTION...]\n",
		usage);
	return help ? EXIT_OK : EXIT_USAGE;
}

int command_job(int argc, char **argv)
{
	static const struct online_choice choices[] = {
		{ "get", { "job.get", "job get JOB", request_no_fields,
			   online_own_fields, "job", online_once, print_job,
			   false } },
		{ "list", { "job.list", "job list [OPTION...]",
			    request_job_list_fields, online_own_fields, NULL,
			    online_once, print_jobs, false } },
		{ "watch", { "job.get", "job watch JOB", request_no_fields,
			     online_own_fields, "job", run_watch, NULL,
			     false } },
		{ "cancel", { "job.cancel", "job cancel JOB",
			      request_no_fields, online_own_fields, "job",
			      online_once, print_job, false } },
		{ NULL, { 0 } },
	};

	return online_choose(choices, "job get|list|watch|cancel", argc, argv);
}

int command_session(int argc, char **argv)
{
	static const struct online_choice choices[] = {
		{ "report", { "session.report", "session report OPTION...",
			      request_session_fields, online_own_fields, NULL,
			      online_once, print_job, false } },
		{ NULL, { 0 } },
	};

	return online_choose(choices, "session report", argc, argv);
}
