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

static json_t *row_json(const struct quirk *q)
{
	return json_pack("{s:s, s:i, s:o, s:s, s:b, s:b, s:b, s:b, s:s, s:s,"
			 " s:b, s:o}",
		"name", q->name,
		"server-id-max", (int)server_id_max(q),
		"trigger-max", limit_json(q->trigger_max),
		"resync-nonce", resync_names[q->resync_nonce],
		"new-session-id", q->new_session_id,
		"swaps-session-id", q->swaps_session_id,
		"vendor-body", !q->refuses_vendor_body,
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

static void print_row(const struct quirk *q)
{
	char trigger_max[24], secs[8];

	limit_text(q->trigger_max, trigger_max);
	secs_text(q, secs);
	printf("%-17s %9u %7s %-11s %-10s %-8s %-6s %-5s %-13s %-8s %-10s "
	       "%s\n", q->name, server_id_max(q), trigger_max,
	       resync_names[q->resync_nonce],
	       q->new_session_id ? "new" : "same",
	       q->swaps_session_id ? "swapped" : "as is",
	       yes_no(!q->refuses_vendor_body), yes_no(!q->needs_tid),
	       imsi_key_names[q->imsi_key], order_names[q->netwpin_order],
	       yes_no(!q->refuses_dm_profile), secs);
}

static void print_table(void)
{
	printf("%-17s %9s %7s %-11s %-10s %-8s %-6s %-5s %-13s %-8s %-10s "
	       "%s\n", "client", "server-id", "trigger", "resync",
	       "session-id", "answered", "vendor", "tid-0", "imsi-key",
	       "netwpin", "dm-profile", "sec");
	for (size_t i = 0; quirks_row(i); i++)
		print_row(quirks_row(i));
	puts("\nserver-id and trigger: most octets; -: no limit known. resync: "
	     "what the\nclient takes the default nonce 0x00000000 for. sec: the "
	     "methods that it takes,\n0 NETWPIN, 1 USERPIN, 2 USERNETWPIN, "
	     "3 USERPINMAC.");
}

int command_quirks(int argc, char **argv)
{
	if (argc == 0) {
		print_table();
		return EXIT_OK;
	}
	if (argc == 1 && !strcmp(argv[0], "--json")) {
		print_json();
		return EXIT_OK;
	}
	puts("usage: dmbox quirks [--json]");
	return argc == 1 && !strcmp(argv[0], "--help") ? EXIT_OK : EXIT_USAGE;
}
