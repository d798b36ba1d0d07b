/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "wap/hex.h"


struct own {
	int32_t json;
	int32_t help;
};

static const struct field own_fields[] = {
	{ "json", FIELD_FLAG, 0, offsetof(struct own, json), 0, 0, 0, NULL,
	  "for programs" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

/* The items of a command line, in octets. */
struct items {
	struct decode_item *list;	/* room for DECODE_ITEMS_MAX */
	size_t n;
};

/* -------------------------------- input -------------------------------- */

static int add_item(struct items *items, const char *hex, struct err *e)
{
	size_t cap = strlen(hex) / 2;
	uint8_t *octets;
	size_t len;

	if (items->n == DECODE_ITEMS_MAX || cap > DECODE_ITEM_MAX)
		return err_set(e, DM_EINVAL, "item",
			       "4096 items of 65536 octets", "too much");
	octets = malloc(cap + 1);
	if (!octets)
		return err_set(e, DM_EIO, "memory", "", "there is none left");
	if (hex_decode(hex, strlen(hex), octets, cap, &len) || len == 0) {
		free(octets);
		return err_set(e, DM_EPROTO, "item", "hexadecimal octets",
			       "\"%s\"", hex);
	}
	items->list[items->n++] = (struct decode_item){ octets, len };
	return DM_OK;
}

/* One item a line; empty lines are skipped. */
static int add_stdin(struct items *items, struct err *e)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = DM_OK;

	while (!rc && (n = getline(&line, &cap, stdin)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (line[strspn(line, " \t")])
			rc = add_item(items, line, e);
	}
	free(line);
	return rc;
}

static int read_items(const struct args *a, struct items *items, struct err *e)
{
	int rc = DM_OK;

	items->n = 0;
	items->list = calloc(DECODE_ITEMS_MAX, sizeof(*items->list));
	if (!items->list)
		return err_set(e, DM_EIO, "memory", "", "there is none left");
	for (int i = 0; i < a->n_items && !rc; i++)
		rc = strcmp(a->items[i], "-") ?
		     add_item(items, a->items[i], e) : add_stdin(items, e);
	if (!rc && a->n_items == 0)
		rc = err_set(e, DM_EINVAL, "item",
			     "octets in hexadecimal, or - for standard input",
			     "missing");
	return rc;
}

static void items_free(struct items *items)
{
	for (size_t i = 0; items->list && i < items->n; i++)
		free((void *)items->list[i].octets);
	free(items->list);
}

/* -------------------------------- output -------------------------------- */

#define OCTETS_SHOWN 24		/* hex digits of a field in the table */

static void print_field(json_t *field)
{
	const char *octets = json_string_value(json_object_get(field,
							       "octets"));
	size_t len = strlen(octets);

	printf("  %5lld  %-*.*s%s  %-22s %s\n",
	       json_integer_value(json_object_get(field, "offset")),
	       OCTETS_SHOWN, OCTETS_SHOWN, octets,
	       len > OCTETS_SHOWN ? ".." : "  ",
	       json_string_value(json_object_get(field, "name")),
	       json_string_value(json_object_get(field, "value")));
}

static void print_layer(json_t *layer)
{
	size_t i;
	json_t *field;

	printf("%s, %lld octets\n",
	       json_string_value(json_object_get(layer, "layer")),
	       json_integer_value(json_object_get(layer, "octets")));
	json_array_foreach(json_object_get(layer, "fields"), i, field)
		print_field(field);
}

static void print_texts(const char *title, json_t *list)
{
	json_t *text;
	size_t i;

	json_array_foreach(list, i, text)
		printf("%s: %s\n", title, json_string_value(text));
}

static void print_bootstrap(json_t *bootstrap)
{
	json_t *document = json_object_get(bootstrap, "document");

	if (document)
		fputs(json_string_value(document), stdout);
}

static void print_message(json_t *message)
{
	json_t *layer, *verified = json_object_get(message, "verified");
	json_t *error = json_object_get(message, "error");
	json_t *others = json_object_get(message, "could-be");
	size_t i;

	if (others)
		printf("taken as: %s\n",
		       json_string_value(json_object_get(message, "as")));
	print_texts("could also be", others);
	json_array_foreach(json_object_get(message, "layers"), i, layer)
		print_layer(layer);
	print_texts("deviates", json_object_get(message, "deviations"));
	print_bootstrap(json_object_get(message, "bootstrap"));
	if (error)
		printf("not understood: %s\n", json_string_value(error));
	if (verified)
		printf("%s: %s\n",
		       json_object_get(message, "bootstrap") ? "MAC" : "digest",
		       json_is_true(verified) ? "verified" :
						"does not verify");
}

static void print_messages(json_t *messages, bool json)
{
	json_t *message;
	size_t i;

	if (json) {
		json_dumpf(messages, stdout, JSON_INDENT(2));
		putchar('\n');
		return;
	}
	json_array_foreach(messages, i, message) {
		if (i > 0)
			putchar('\n');
		print_message(message);
	}
}

/* ------------------------------- commands ------------------------------- */

/* Hex that is none is "not understood", all else a mistake in the usage. */
static int status_of(int rc)
{
	return rc == DM_EPROTO ? DECODE_NOT_UNDERSTOOD :
	       rc == DM_EIO ? EXIT_FAILED : EXIT_USAGE;
}

/* Decodes what the arguments hold; *status is the exit status. */
static int decode(const struct args *a, struct decode_request *rq,
		  json_t **messages, enum decode_status *status,
		  struct err *e)
{
	struct items items;
	int rc = read_items(a, &items, e);

	if (!rc)
		rc = decode_items(rq, items.list, items.n, messages, status,
				  e);
	items_free(&items);
	return rc;
}

/* With --help, *rq stays as it is. */
static int read_request(int argc, char **argv, const struct field *fields,
			struct args *a, struct decode_request *rq,
			struct own *own, struct err *e)
{
	int rc = args_read(a, argc, argv, fields, own_fields, e);

	if (!rc)
		rc = fields_parse(own_fields, a->own, false, own, e);
	if (!rc && !own->help)
		rc = fields_parse(fields, a->fields, false, rq, e);
	return rc;
}

static int help(const char *usage, const struct field *fields)
{
	puts(usage);
	args_help(fields, own_fields, NULL);
	return EXIT_OK;
}

int command_decode(int argc, char **argv)
{
	enum decode_status status;
	struct decode_request rq = { .hex = NULL };
	json_t *messages;
	struct args a;
	struct own own = { 0 };
	struct err e;
	int rc = read_request(argc, argv, request_decode_fields, &a, &rq, &own,
			      &e);

	if (!rc && own.help) {
		args_free(&a);
		return help("usage: dmbox decode [OPTION...] (HEX... | -)\n",
			    request_decode_fields);
	}
	if (!rc)
		rc = decode(&a, &rq, &messages, &status, &e);
	args_free(&a);
	if (rc)
		return args_fail(&e, status_of(rc));
	print_messages(messages, own.json);
	json_decref(messages);
	return (int)status;
}

static int verify(struct args *a, struct decode_request *rq, bool json,
		  enum decode_status *status, struct err *e)
{
	json_t *messages;
	int rc;

	if (!rq->key.password && !rq->key.credential)
		return err_set(e, DM_EINVAL, "password",
			       "password or credential", "missing");
	if (a->n_items != 1)
		return err_set(e, DM_EINVAL, "item",
			       "one package 0 in hexadecimal, or -",
			       "%d items", a->n_items);
	rq->as = DECODE_PACKAGE0;
	rc = decode(a, rq, &messages, status, e);
	if (rc)
		return rc;
	if (json_array_size(messages) != 1)
		rc = err_set(e, DM_EPROTO, "item", "one package 0",
			     "%zu messages", json_array_size(messages));
	else if (json)
		print_messages(messages, true);
	else
		puts(*status == DECODE_OK ? "verified" :
		     *status == DECODE_NOT_VERIFIED ? "does not verify" :
		     "not a package 0");
	json_decref(messages);
	return rc;
}

int command_verify(int argc, char **argv)
{
	enum decode_status status = DECODE_NOT_UNDERSTOOD;
	struct decode_request rq = { .hex = NULL };
	struct args a;
	struct own own = { 0 };
	struct err e;
	int rc = read_request(argc, argv, request_verify_fields, &a, &rq, &own,
			      &e);

	if (!rc && own.help) {
		args_free(&a);
		return help("usage: dmbox verify --server-id ID OPTION... "
			    "(HEX | -)\n", request_verify_fields);
	}
	if (!rc)
		rc = verify(&a, &rq, own.json, &status, &e);
	args_free(&a);
	if (rc)
		return args_fail(&e, status_of(rc));
	return (int)status;
}
