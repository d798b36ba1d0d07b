/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "gateway/json/lint_json.h"
#include "gateway/request/provision.h"
#include "gateway/text_file.h"
#include "gateway/xalloc.h"

struct own {
	const char *quirks;
	int32_t segments_max;
	int32_t json;
	int32_t help;
};

static const struct field own_fields[] = {
	{ "quirks", FIELD_TEXT, 0, offsetof(struct own, quirks), 1, 32, 0,
	  NULL, "NAME: the client's row of dmbox quirks" },
	{ "segments-max", FIELD_NUMBER, 0, offsetof(struct own, segments_max),
	  1, SEGMENTS_MAX, LINT_SEGMENTS_MAX, NULL,
	  "N: more SMS than this are an error" },
	{ "json", FIELD_FLAG, 0, offsetof(struct own, json), 0, 0, 0, NULL,
	  "for programs" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

/* The request that would send the document, so that its size is known. */
static int make_request(json_t *params, const char *text,
			const struct own *own, struct bootstrap_request *rq,
			struct err *e)
{
	int rc;

	json_object_set_new(params, "to", json_string("10000"));
	json_object_set_new(params, "sec", json_string("USERPIN"));
	json_object_set_new(params, "pin", json_string("0000"));
	json_object_set_new(params, "segments-max",
			    json_integer(own->segments_max));
	if (own->quirks)
		json_object_set_new(params, "quirks",
				    json_string(own->quirks));
	rc = fields_parse(request_bootstrap_fields, params, false, rq, e);
	if (strstr(text, "<SyncML"))
		rq->dm_xml = text;
	else
		rq->xml = text;
	return rc;
}

static int lint_text(const char *text, const struct own *own,
		     struct provision *p, struct err *e)
{
	struct arena a = { .cap = PROVISION_ARENA_MAX };
	json_t *params = json_object();
	struct bootstrap_request rq;
	int rc = make_request(params, text, own, &rq, e);

	if (!rc) {
		a.buf = xcalloc(1, a.cap);
		rc = provision_make(&rq, NULL, "00000", 0, &a, p, e);
		hash_wipe(a.buf, a.used);
		free(a.buf);
	}
	json_decref(params);
	return rc;
}

static void print(const struct lint *l, const char *file, bool json)
{
	json_t *findings;

	if (!json) {
		document_print_findings(l, file, stdout);
		return;
	}
	findings = lint_json(l);
	json_dumpf(findings, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(findings);
}

/* A document that cannot be read is the worst finding. */
static int lint_file(const char *file, const struct own *own, int *status,
		     struct err *e)
{
	struct provision *p;
	char why[ERR_TEXT_MAX];
	char *text;
	size_t len;
	int rc = text_file_read(file, XML_OCTETS_MAX, &text, &len, e);

	if (rc)
		return rc;
	p = xcalloc(1, sizeof(*p));
	if (lint_text(text, own, p, e)) {
		if (!strcmp(e->field, "quirks"))
			rc = e->code;
		lint_add(&p->lint, LINT_ERROR, 0, "document",
			 "no device can read it", "%s",
			 err_text(e, why, sizeof(why)));
	}
	if (!rc)
		print(&p->lint, file, own->json);
	*status = p->lint.n_errors ? EXIT_FAILED : EXIT_OK;
	hash_wipe(p, sizeof(*p));
	hash_wipe(text, len);
	free(text);
	free(p);
	return rc;
}

int command_lint(int argc, char **argv)
{
	int status = EXIT_USAGE;
	struct args a;
	struct own own;
	struct err e;
	int rc = args_read(&a, argc, argv, request_no_fields, own_fields, &e);

	if (!rc)
		rc = fields_parse(own_fields, a.own, false, &own, &e);
	if (!rc && own.help) {
		puts("usage: dmbox lint [OPTION...] FILE\n");
		args_help(request_no_fields, own_fields, NULL);
		args_free(&a);
		return EXIT_OK;
	}
	if (!rc && a.n_items != 1)
		rc = err_set(&e, DM_EINVAL, "arguments",
			     "one FILE, or - for standard input", "%d",
			     a.n_items);
	if (!rc)
		rc = lint_file(a.items[0], &own, &status, &e);
	args_free(&a);
	return rc ? args_fail(&e, EXIT_USAGE) : status;
}
