/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/quirks.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/mac.h"
#include "cli/args.h"
#include "cli/commands.h"
#include "notif/trigger.h"

static const char *const resync_names[] = {
	[RESYNC_4NUL] = "4-nul",
	[RESYNC_ASCII] = "ascii",
	[RESYNC_BASE64_TEXT] = "base64-text",
	[RESYNC_NONE] = "none",
};

static const char *const care_names[] = {
	[DIGEST_CHECKED] = "yes",
	[DIGEST_CHECKED_WITH_RESYNC] = "with-resync",
	[DIGEST_NOT_CHECKED] = "no",
};

static const char *const imsi_key_names[] = {
	[IMSI_KEY_SPEC] = "specification",
	[IMSI_KEY_MEDIATEK] = "mediatek",
	[IMSI_KEY_SPREADTRUM] = "spreadtrum",
	[IMSI_KEY_GECKO] = "gecko",
};

static const char *const order_names[] = {
	[NETWPIN_IMSI_PIN] = "imsi-pin",
	[NETWPIN_PIN_IMSI] = "pin:imsi",
};

static unsigned server_id_max(const struct quirk *q)
{
	return q->server_id_max ? q->server_id_max : TRIGGER_SERVER_ID_MAX;
}

static bool takes_sec(const struct quirk *q, int sec)
{
	return !(q->refused_secs & 1u << sec);
}

/* --------------------------------- JSON ---------------------------------- */

static json_t *secs_json(const struct quirk *q)
{
	json_t *list = json_array();

	for (int sec = MAC_NETWPIN; sec <= MAC_USERPINMAC; sec++)
		if (takes_sec(q, sec))
			json_array_append_new(list, json_string(
				mac_sec_name((enum mac_sec)sec)));
	return list;
}

/* 0 is no limit. */
static json_t *limit_json(size_t octets)
{
	return octets ? json_integer((json_int_t)octets) : json_null();
}

/* The first and the last that it takes; null: not known. */
static json_t *versions_json(const struct quirk *q)
{
	return q->version_max ? json_pack("[i, i]", q->version_min,
					  q->version_max) : json_null();
}

static json_t *row_json(const struct quirk *q)
{
	return json_pack("{s:s, s:o, s:i, s:b, s:o, s:o, s:b, s:b, s:s, s:b,"
			 " s:b, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:s, s:s, s:b,"
			 " s:o}",
		"name", q->name,
		"version-fields", versions_json(q),
		"server-id-max", (int)server_id_max(q),
		"server-id-ascii", q->ascii_server_id,
		"trigger-max", limit_json(q->trigger_max),
		"nonce-max", limit_json(q->nonce_max),
		"cuts-nonce", q->cuts_nonce,
		"drops-colon", q->drops_colon,
		"resync-nonce", resync_names[q->resync_nonce],
		"resync-off", q->resync_off,
		"nonce-text", q->tries_nonce_text,
		"digest-checked", care_names[q->digest_care],
		"new-session-id", q->new_session_id,
		"swaps-session-id", q->swaps_session_id,
		"asks-for-update", q->asks_for_update,
		"vendor-body", !q->refuses_vendor_body,
		"drops-body-octet", q->drops_body_octet,
		"tid-0", !q->needs_tid,
		"imsi-key", imsi_key_names[q->imsi_key],
		"netwpin-order", order_names[q->netwpin_order],
		"dm-profile", !q->refuses_dm_profile,
		"sec", secs_json(q));
}

static void print_json(void)
{
	json_t *rows = json_array();

	for (size_t i = 0; quirks_row(i); i++)
		json_array_append_new(rows, row_json(quirks_row(i)));
	json_dumpf(rows, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(rows);
}

/* ------------------------------ for people ------------------------------- */

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void limit_text(size_t octets, char out[24])
{
	if (octets)
		snprintf(out, 24, "%zu", octets);
	else
		strcpy(out, "-");
}

static void secs_text(const struct quirk *q, char out[8])
{
	size_t n = 0;

	if (!q->refused_secs) {
		strcpy(out, "all");
		return;
	}
	for (int sec = MAC_NETWPIN; sec <= MAC_USERPINMAC; sec++)
		if (takes_sec(q, sec))
			n += (size_t)snprintf(out + n, 8 - n,
					      n ? " %d" : "%d", sec);
}

static void versions_text(const struct quirk *q, char out[16])
{
	if (!q->version_max)
		strcpy(out, "-");
	else if (q->version_max == QUIRKS_VERSION_ANY)
		strcpy(out, "any");
	else if (q->version_min == q->version_max)
		snprintf(out, 16, "%u", q->version_max);
	else
		snprintf(out, 16, "%u..%u", q->version_min, q->version_max);
}

static const char *session_id_text(const struct quirk *q)
{
	if (q->new_session_id)
		return "new";
	return q->swaps_session_id ? "swapped" : "-";
}

static void print_notifications(void)
{
	const struct quirk *q;
	char version[16], trigger[24], nonce[24];

	printf("%-16s %-7s %9s %7s %-6s %-5s %5s %-6s %s\n", "client",
	       "version", "server-id", "trigger", "vendor", "tid-0", "nonce",
	       "resync", "session-id");
	for (size_t i = 0; (q = quirks_row(i)); i++) {
		versions_text(q, version);
		limit_text(q->trigger_max, trigger);
		limit_text(q->nonce_max, nonce);
		printf("%-16s %-7s %9u %7s %-6s %-5s %5s %-6s %s\n",
		       q->name, version, server_id_max(q), trigger,
		       yes_no(!q->refuses_vendor_body), yes_no(!q->needs_tid),
		       nonce, resync_names[q->resync_nonce],
		       session_id_text(q));
	}
	puts("\nserver-id, trigger and nonce: most octets; version: of its "
	     "field; -: no limit\nknown. vendor, tid-0: does it take a vendor "
	     "body, and 0 as transaction id?\nresync: what the client takes the "
	     "default nonce 0x00000000 for. session-id:\nnew, each push needs "
	     "another one; swapped, its octets come back swapped.\n");
}

static void print_bootstraps(void)
{
	const struct quirk *q;
	char secs[8];

	printf("%-17s %-13s %-8s %-10s %s\n", "client", "imsi-key",
	       "netwpin", "dm-profile", "sec");
	for (size_t i = 0; (q = quirks_row(i)); i++) {
		secs_text(q, secs);
		printf("%-17s %-13s %-8s %-10s %s\n", q->name,
		       imsi_key_names[q->imsi_key],
		       order_names[q->netwpin_order],
		       yes_no(!q->refuses_dm_profile), secs);
	}
	puts("\nsec: the methods that it takes, 0 NETWPIN, 1 USERPIN, "
	     "2 USERNETWPIN,\n3 USERPINMAC. What else is special of a client: "
	     "see --json and doc/clients.md.");
}

int command_quirks(int argc, char **argv)
{
	if (argc == 0) {
		print_notifications();
		print_bootstraps();
		return EXIT_OK;
	}
	if (argc == 1 && !strcmp(argv[0], "--json")) {
		print_json();
		return EXIT_OK;
	}
	puts("usage: dmbox quirks [--json]");
	return argc == 1 && !strcmp(argv[0], "--help") ? EXIT_OK : EXIT_USAGE;
}
