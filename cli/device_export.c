/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/device_file.h"

#include <stdio.h>
#include <string.h>

#include "cli/csv.h"

#define PAGE 1000		/* devices that are asked for at once */

const struct field_choice device_formats[] = {
	{ "csv", DEVICE_CSV },
	{ "jsonl", DEVICE_JSONL },
	{ NULL, 0 },
};

const struct field device_export_fields[] = {
	OWN_FIELDS,
	{ "format", FIELD_CHOICE, 0, offsetof(struct own, format), 0, 0,
	  DEVICE_CSV, device_formats, "csv|jsonl: default csv" },
	{ "show-secrets", FIELD_FLAG, 0, offsetof(struct own, show_secrets),
	  0, 0, 0, NULL, "with IMSIs, credentials and nonces" },
	OWN_END,
};

/* What device.put takes again. */
static const struct {
	const char *name;
	bool secret;
} columns[] = {
	{ "device", false },
	{ "msisdn", false },
	{ "dev-id", false },
	{ "server-id", false },
	{ "auth-name", false },
	{ "dm-version", false },
	{ "quirks", false },
	{ "route", false },
	{ "imsi", true },
	{ "credential", true },
	{ "nonce", true },
};
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static size_t n_columns(const struct own *own)
{
	size_t n = N_COLUMNS;

	while (!own->show_secrets && columns[n - 1].secret)
		n--;
	return n;
}

static void print_head(const struct own *own)
{
	for (size_t i = 0; i < n_columns(own); i++)
		printf("%s%s", i ? "," : "", columns[i].name);
	puts("");
}

static void print_csv(json_t *device, const struct own *own)
{
	for (size_t i = 0; i < n_columns(own); i++) {
		if (i > 0)
			putchar(',');
		csv_print(stdout, json_string_value(
			json_object_get(device, columns[i].name)));
	}
	puts("");
}

static void print_jsonl(json_t *device, const struct own *own)
{
	json_t *o = json_object();

	for (size_t i = 0; i < n_columns(own); i++)
		json_object_set(o, columns[i].name,
				json_object_get(device, columns[i].name));
	json_dumpf(o, stdout, JSON_COMPACT);
	puts("");
	json_decref(o);
}

static void print_page(json_t *devices, const struct own *own)
{
	json_t *device;
	size_t i;

	json_array_foreach(devices, i, device) {
		if (own->format == DEVICE_JSONL)
			print_jsonl(device, own);
		else
			print_csv(device, own);
	}
}

int device_export(struct run *r, const struct command *c)
{
	const struct own *own = &r->own;
	json_t *after = json_string("");
	json_t *result;
	int rc;

	if (own->format == DEVICE_CSV)
		print_head(own);
	do {
		json_t *params = json_pack("{s:i, s:b}", "limit", PAGE,
					   "secrets", (int)own->show_secrets);

		if (json_string_length(after) > 0)
			json_object_set(params, "after", after);
		json_decref(after);
		rc = client_call(r->client, c->method, params, &result, &r->e);
		if (!rc)
			print_page(json_object_get(result, "devices"), own);
		after = json_incref(json_object_get(result, "after"));
		json_decref(result);
	} while (!rc && after);
	json_decref(after);
	if (rc)
		return online_fail(r, rc);
	if (fflush(stdout) || ferror(stdout)) {
		perror("dmbox: standard output");
		return EXIT_FAILED;
	}
	return EXIT_OK;
}
