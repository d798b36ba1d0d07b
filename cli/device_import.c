/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines become calls of device.put, many of them under way at a time. A line
 * that is wrong, or refused, is reported; the others go on.
 */
#include "cli/device_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/csv.h"
#include "gateway/request/request.h"

#define WINDOW 500		/* calls under way; dmboxd takes 1000 */
#define LINE_OCTETS_MAX 65536
#define COLUMNS_MAX 32
#define PROGRESS_EVERY 1000	/* answers */

const struct field device_import_fields[] = {
	OWN_FIELDS,
	{ "format", FIELD_CHOICE, 0, offsetof(struct own, format), 0, 0,
	  REQUEST_UNSET, device_formats,
	  "csv|jsonl: default by the file's name" },
	OWN_END,
};

struct import {
	struct client *client;
	const char *method;
	const char *path;
	FILE *file;
	enum device_format format;
	const char *columns[COLUMNS_MAX];	/* of CSV: names of fields */
	size_t n_columns;
	char *line;			/* the one at hand */
	size_t cap;
	json_int_t line_no;		/* from 1 */
	size_t n_open;			/* calls under way */
	size_t n_done, n_created, n_bad;	/* lines */
	bool shows_progress;
};

/* ------------------------------ for people ------------------------------ */

static void progress(const struct import *im)
{
	if (im->shows_progress)
		fprintf(stderr, "\r%zu devices imported, %zu lines refused",
			im->n_done, im->n_bad);
}

static void progress_end(const struct import *im)
{
	if (im->shows_progress)
		fputs("\r\033[K", stderr);	/* ECMA-48: erase the line */
}

static void complain(struct import *im, json_int_t line_no,
		     const struct err *e)
{
	char text[ERR_TEXT_MAX];

	progress_end(im);
	fprintf(stderr, "%s:%" JSON_INTEGER_FORMAT ": %s\n", im->path,
		line_no, err_text(e, text, sizeof(text)));
	im->n_bad++;
}

/* -------------------------------- lines -------------------------------- */

/* Without its end, and the first one without a byte order mark. */
static int check_line(struct import *im, size_t len, struct err *e)
{
	static const char mark[] = "\xef\xbb\xbf";

	while (len > 0 && strchr("\r\n", im->line[len - 1]))
		im->line[--len] = '\0';
	if (len > LINE_OCTETS_MAX)
		return err_set(e, DM_EPROTO, "line", "0 to 65536 octets",
			       "%zu octets", len);
	if (strlen(im->line) != len)
		return err_set(e, DM_EPROTO, "line", "text",
			       "an octet 0 in it");
	if (im->line_no == 1 && !strncmp(im->line, mark, 3))
		memmove(im->line, im->line + 3, len - 2);
	return DM_OK;
}

/* The next line that is not empty. DM_ENOENT: there is none. */
static int next_line(struct import *im, struct err *e)
{
	ssize_t len;

	while ((len = getline(&im->line, &im->cap, im->file)) > 0) {
		int rc;

		im->line_no++;
		rc = check_line(im, (size_t)len, e);
		if (rc || im->line[0])
			return rc;
	}
	return DM_ENOENT;
}

static int add_column(struct import *im, const char *name, struct err *e)
{
	const struct field *f = fields_find(request_device_put_fields, name);

	if (!f)
		return err_set(e, DM_EINVAL, "head",
			       "fields of device.put, see dmbox-api(7)",
			       "\"%s\"", name);
	for (size_t i = 0; i < im->n_columns; i++)
		if (im->columns[i] == f->name)
			return err_set(e, DM_EINVAL, "head", "each name once",
				       "\"%s\" twice", name);
	im->columns[im->n_columns++] = f->name;
	return DM_OK;
}

static int read_head(struct import *im, struct err *e)
{
	struct csv_cell cells[COLUMNS_MAX];
	size_t n = 0;
	int rc = next_line(im, e);

	if (rc == DM_ENOENT)
		return err_set(e, DM_EINVAL, "head",
			       "a line of names, like device,msisdn",
			       "the file is empty");
	if (!rc)
		rc = csv_split(im->line, cells, COLUMNS_MAX, &n, e);
	for (size_t i = 0; i < n && !rc; i++)
		rc = add_column(im, cells[i].text, e);
	return rc;
}

/* A cell with nothing in it is no value; "" is an empty one. */
static int csv_object(struct import *im, json_t *o, struct err *e)
{
	struct csv_cell cells[COLUMNS_MAX];
	size_t n;
	int rc = csv_split(im->line, cells, COLUMNS_MAX, &n, e);

	if (!rc && n != im->n_columns)
		return err_set(e, DM_EPROTO, "line",
			       "as many cells as in the first line",
			       "%zu cells, not %zu", n, im->n_columns);
	for (size_t i = 0; i < n && !rc; i++) {
		json_t *text = json_string(cells[i].text);

		if (!text)
			rc = err_set(e, DM_EPROTO, im->columns[i],
				     "text in UTF-8", "other octets");
		else if (cells[i].text[0] || cells[i].quoted)
			json_object_set(o, im->columns[i], text);
		json_decref(text);
	}
	return rc;
}

static int json_line(const struct import *im, json_t **out, struct err *e)
{
	json_error_t why;

	*out = json_loads(im->line, JSON_REJECT_DUPLICATES, &why);
	if (!*out)
		return err_set(e, DM_EPROTO, "line", "a JSON object",
			       "no JSON from octet %d", why.position);
	if (!json_is_object(*out))
		return err_set(e, DM_EPROTO, "line", "a JSON object",
			       "other JSON");
	return DM_OK;
}

/* The line as parameters of device.put; *out is the caller's in any case. */
static int read_params(struct import *im, json_t **out, struct err *e)
{
	if (im->format == DEVICE_JSONL)
		return json_line(im, out, e);
	*out = json_object();
	return csv_object(im, *out, e);
}

/* -------------------------------- calls -------------------------------- */

/* DM_EIO: the connection is lost. */
static int take_answer(struct import *im, struct err *e)
{
	json_int_t line_no;
	json_t *result;
	int rc = client_receive(im->client, &line_no, &result, e);

	if (rc == DM_EIO)
		return rc;
	im->n_open--;
	if (rc) {
		complain(im, line_no, e);
	} else {
		im->n_done++;
		im->n_created +=
			json_is_true(json_object_get(result, "created"));
	}
	if ((im->n_done + im->n_bad) % PROGRESS_EVERY == 0)
		progress(im);
	json_decref(result);
	return DM_OK;
}

/* Waits until no more than n calls are under way. */
static int wait_for(struct import *im, size_t n, struct err *e)
{
	int rc = DM_OK;

	while (im->n_open > n && !rc)
		rc = take_answer(im, e);
	return rc;
}

static int send_line(struct import *im, struct err *e)
{
	json_t *params = NULL;

	if (read_params(im, &params, e)) {
		complain(im, im->line_no, e);
		json_decref(params);
		return DM_OK;
	}
	client_send(im->client, im->method, params, im->line_no);
	im->n_open++;
	return im->n_open < WINDOW ? DM_OK : wait_for(im, WINDOW / 2, e);
}

static int import_lines(struct import *im, struct err *e)
{
	int rc = im->format == DEVICE_CSV ? read_head(im, e) : DM_OK;

	while (!rc) {
		int line_rc = next_line(im, e);

		if (line_rc == DM_ENOENT)
			break;
		if (line_rc)
			complain(im, im->line_no, e);
		else
			rc = send_line(im, e);
	}
	return rc ? rc : wait_for(im, 0, e);
}

/* --------------------------------- files --------------------------------- */

static bool ends_with(const char *path, const char *ending)
{
	size_t len = strlen(path), n = strlen(ending);

	return len > n && !strcmp(path + len - n, ending);
}

static int choose_format(struct import *im, int32_t format, struct err *e)
{
	if (format != REQUEST_UNSET)
		im->format = (enum device_format)format;
	else if (ends_with(im->path, ".csv"))
		im->format = DEVICE_CSV;
	else if (ends_with(im->path, ".jsonl"))
		im->format = DEVICE_JSONL;
	else
		return err_set(e, DM_EINVAL, "format",
			       "--format, or a file's name with .csv or .jsonl",
			       "missing");
	return DM_OK;
}

static int open_file(struct import *im, struct err *e)
{
	im->file = strcmp(im->path, "-") ? fopen(im->path, "r") : stdin;
	if (im->file)
		return DM_OK;
	return err_set(e, DM_EINVAL, "file", "a file that you may read",
		       "%s: %s", im->path, strerror(errno));
}

static void print_end(const struct import *im, bool as_json)
{
	json_t *o;

	progress_end(im);
	if (!as_json) {
		printf("%zu devices imported, %zu of them new; %zu line%s "
		       "refused\n", im->n_done, im->n_created, im->n_bad,
		       im->n_bad == 1 ? "" : "s");
		return;
	}
	o = json_pack("{s:I, s:I, s:I}", "imported", (json_int_t)im->n_done,
		      "created", (json_int_t)im->n_created,
		      "refused", (json_int_t)im->n_bad);
	online_print_json(o);
	json_decref(o);
}

int device_import(struct run *r, const struct command *c)
{
	struct import im = {
		.client = r->client,
		.method = c->method,
		.path = online_text(r->args.fields, c->item),
		.shows_progress = isatty(STDERR_FILENO),
	};
	int rc = choose_format(&im, r->own.format, &r->e);

	if (!rc)
		rc = open_file(&im, &r->e);
	if (!rc)
		rc = import_lines(&im, &r->e);
	if (im.file)
		print_end(&im, r->own.json);
	if (im.file && im.file != stdin)
		fclose(im.file);
	free(im.line);
	if (rc)
		return online_fail(r, rc);
	return im.n_bad ? EXIT_FAILED : EXIT_OK;
}
