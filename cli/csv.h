/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.h - lines of comma-separated values
 *
 * Spec: RFC 4180, but that a line feed ends a line within quotation marks, too:
 * so a mark too many spoils one line, not all that follow.
 */
#ifndef CLI_CSV_H
#define CLI_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "wap/err.h"

struct csv_cell {
	char *text;		/* borrowed from the line */
	bool quoted;		/* so that "" is a value, and nothing is none */
};

/*
 * Splits a line without its end, in place, into 1 to max cells. Returns DM_OK,
 * or DM_EPROTO with *e about "line".
 */
int csv_split(char *line, struct csv_cell *cells, size_t max, size_t *n,
	      struct err *e) DM_CHECK;

/* Prints one cell, in quotation marks where it needs them; NULL is no value. */
void csv_print(FILE *to, const char *text);

#endif
