/* SPDX-License-Identifier: Apache-2.0 */
/*
 * online.h - what the commands for dmboxd share
 *
 * A command is a row: its method, its options, what it does with the answer.
 */
#ifndef CLI_ONLINE_H
#define CLI_ONLINE_H

#include "cli/args.h"
#include "cli/client.h"
#include "cli/document.h"

struct own {				/* a command's own options */
	const char *socket;
	int32_t json;
	int32_t help;
	struct document_options document;	/* of bootstrap */
	int32_t format;				/* of device import, export */
	int32_t show_secrets;			/* of device export */
};

#define OWN_FIELDS \
	{ "socket", FIELD_TEXT, 0, offsetof(struct own, socket), 1, 107, 0, \
	  NULL, "PATH: dmboxd's socket; default: DMBOX_SOCKET, or\n" \
	  "                       /run/dmbox/dmbox.sock" }, \
	{ "json", FIELD_FLAG, 0, offsetof(struct own, json), 0, 0, 0, NULL, \
	  "for programs" }, \
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL, \
	  "this text" }
#define OWN_END { NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL }

extern const struct field online_own_fields[];	/* these alone */

struct run {				/* one run of a command */
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
	bool item_may_lack;		/* another field says it */
};

/* Reads arguments, connects, runs; returns the exit status. */
int online_run(const struct command *c, int argc, char **argv);

/* A command's run: one call, whose result is printed. */
int online_once(struct run *r, const struct command *c);

/* Prints r->e; the exit status that goes with an error of this code. */
int online_fail(struct run *r, int rc);

/* One of several commands by its first word; those end with a NULL. */
struct online_choice {
	const char *name;
	struct command command;
};
int online_choose(const struct online_choice *choices, const char *usage,
		  int argc, char **argv);

void online_print_json(json_t *json);

/* "name value" a line; lists and objects are left to others. */
void online_print_members(FILE *to, json_t *object, const char *indent);

/* A member's text, "" if there is none. */
const char *online_text(json_t *object, const char *name);

#endif
