/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args.h - options of the command line, made from tables of fields
 *
 * A sub-command's options are the fields of a method
 * (gateway/request/request.h) and some of its own. Each value becomes JSON, as
 * the API would get it, and is checked by the same code.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "gateway/request/fields.h"

enum {				/* exit status of all sub-commands */
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 64,	/* <sysexits.h> EX_USAGE */
	EXIT_UNAVAILABLE = 69,	/* <sysexits.h> EX_UNAVAILABLE: no dmboxd */
	EXIT_TRY_AGAIN = 75,	/* <sysexits.h> EX_TEMPFAIL: it is busy */
};

struct args {
	json_t *fields;		/* options of the method's table; owned */
	json_t *own;		/* options of the command's own; owned */
	char **items;		/* what is no option; borrowed from argv */
	int n_items;
};

/*
 * Sorts argv (without the command's name) into *a, and reorders it. Numbers
 * may be decimal or 0x-hexadecimal; "--" ends the options. An option of both
 * tables is own's; one whose type is FIELD_LIST may come several times. Objects
 * and lists of the method are no options. method may be an empty table. Returns
 * DM_OK or DM_EINVAL with *e; free *a in either case.
 */
int args_read(struct args *a, int argc, char **argv,
	      const struct field *method, const struct field *own,
	      struct err *e) DM_CHECK;

void args_free(struct args *a);

/* The exit status for what dmboxd refused, or if there is no dmboxd. */
int args_status(int rc);

/* Prints *e to standard error; returns status. */
int args_fail(const struct err *e, int status);

/*
 * Prints a line per option to standard output, for --help: those of own, then
 * those of the method that own has not and that are not among but (names,
 * NULL at the end; or NULL).
 */
void args_help(const struct field *method, const struct field *own,
	       const char *const *but);

#endif
