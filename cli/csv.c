/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv.h"

#include <string.h>

static int refuse(struct err *e, const char *what)
{
	return err_set(e, DM_EPROTO, "line",
		       "cells with commas between them; \"\" is a quotation "
		       "mark within quotation marks", "%s", what);
}

/* From behind the first mark to behind the last; the text moves to the left. */
static int read_quoted(char **at, struct err *e)
{
	char *from = *at, *to = *at;

	while (*from && (*from != '"' || from[1] == '"')) {
		from += *from == '"';
		*to++ = *from++;
	}
	if (!*from)
		return refuse(e, "a quotation mark is not closed");
	from++;
	if (*from && *from != ',')
		return refuse(e, "text behind a closing quotation mark");
	*to = '\0';
	*at = from;
	return DM_OK;
}

static int read_plain(char **at, struct err *e)
{
	*at += strcspn(*at, ",\"");
	if (**at == '"')
		return refuse(e, "a quotation mark within a cell");
	return DM_OK;
}

int csv_split(char *line, struct csv_cell *cells, size_t max, size_t *n,
	      struct err *e)
{
	size_t len = 0;
	int rc;

	for (;;) {
		char end;

		if (len == max)
			return refuse(e, "too many cells");
		cells[len].quoted = *line == '"';
		cells[len].text = line += *line == '"';
		rc = cells[len++].quoted ? read_quoted(&line, e)
					 : read_plain(&line, e);
		if (rc)
			return rc;
		end = *line;
		*line++ = '\0';
		if (end == '\0')
			break;
	}
	*n = len;
	return DM_OK;
}

void csv_print(FILE *to, const char *text)
{
	if (!text)
		return;
	if (*text && !strpbrk(text, ",\"\r\n")) {
		fputs(text, to);
		return;
	}
	fputc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', to);
		fputc(*text, to);
	}
	fputc('"', to);
}
