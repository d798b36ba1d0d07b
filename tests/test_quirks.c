/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/quirks.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static void begins_with_generic_which_limits_nothing(void)
{
	const struct quirk *q = quirks_row(0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(q);
	CU_ASSERT_STRING_EQUAL(q->name, "generic");
	CU_ASSERT_EQUAL(q->server_id_max, 0);
	CU_ASSERT_EQUAL(q->trigger_max, 0);
	CU_ASSERT_EQUAL(q->resync_nonce, RESYNC_4NUL);
	CU_ASSERT_FALSE(q->new_session_id || q->swaps_session_id);
	CU_ASSERT_FALSE(q->refuses_vendor_body || q->refuses_dm_profile);
	CU_ASSERT_EQUAL(q->imsi_key, IMSI_KEY_SPEC);
	CU_ASSERT_EQUAL(q->netwpin_order, NETWPIN_IMSI_PIN);
}

static void lists_every_row_in_order(void)
{
	char names[300] = "";
	const struct quirk *q;
	size_t n, at = 0;

	for (n = 0; (q = quirks_row(n)); n++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s",
				       n ? ", " : "", q->name);
	CU_ASSERT_EQUAL(n, 12);		/* the names of dmbox(1) */
	CU_ASSERT_STRING_EQUAL(quirks_names(), names);
	CU_ASSERT_PTR_NULL(quirks_row(SIZE_MAX));
}

static void finds_a_row_by_its_whole_name(void)
{
	const struct quirk *q;

	for (size_t i = 0; (q = quirks_row(i)); i++)
		CU_ASSERT_PTR_EQUAL(quirks_find(q->name), q);
	CU_ASSERT_PTR_NULL(quirks_find(""));
	CU_ASSERT_PTR_NULL(quirks_find("aos"));
	CU_ASSERT_PTR_NULL(quirks_find("aosp "));
	CU_ASSERT_PTR_NULL(quirks_find("AOSP"));
	CU_ASSERT_PTR_NULL(quirks_find(quirks_names()));
}

/* doc/clients.md */
static void knows_what_limits_notifications(void)
{
	static const struct {
		const char *name;
		uint8_t server_id_max;
		size_t trigger_max;
		enum resync_nonce resync;
		uint16_t version_min, version_max;
	} rows[] = {
		{ "windows-mobile-5", 0, 0, RESYNC_NONE, 0, 0 },
		{ "windows-mobile-6", 0, 0, RESYNC_4NUL, 0, 0 },
		{ "aosp", 23, 255, RESYNC_4NUL, 0, 1023 },
		{ "samsung", 127, 0, RESYNC_4NUL, 0, 1023 },
		{ "symbian", 0, 0, RESYNC_NONE, 0, 1023 },
		{ "libdmclient", 0, 0, RESYNC_ASCII, 11, 11 },
		{ "libsynthesis", 0, 0, RESYNC_NONE, 10, 12 },
		{ "buteo", 0, 0, RESYNC_NONE, 11, 12 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct quirk *q = quirks_find(rows[i].name);

		CU_ASSERT_PTR_NOT_NULL_FATAL(q);
		CU_ASSERT_EQUAL(q->server_id_max, rows[i].server_id_max);
		CU_ASSERT_EQUAL(q->trigger_max, rows[i].trigger_max);
		CU_ASSERT_EQUAL(q->resync_nonce, rows[i].resync);
		CU_ASSERT_EQUAL(q->version_min, rows[i].version_min);
		CU_ASSERT_EQUAL(q->version_max, rows[i].version_max);
		CU_ASSERT_EQUAL(q->nonce_max,
				!strcmp(q->name, "aosp") ? 50 : 0);
		CU_ASSERT_EQUAL(q->new_session_id,
				!strcmp(q->name, "symbian"));
		CU_ASSERT_EQUAL(q->swaps_session_id,
				!strcmp(q->name, "libdmclient"));
	}
}

/* doc/clients.md */
static void knows_who_makes_the_imsi_key_otherwise(void)
{
	const struct quirk *q;

	for (size_t i = 0; (q = quirks_row(i)); i++)
		CU_ASSERT_EQUAL(q->imsi_key,
			!strcmp(q->name, "mediatek") ? IMSI_KEY_MEDIATEK :
			!strcmp(q->name, "spreadtrum") ? IMSI_KEY_SPREADTRUM :
			!strcmp(q->name, "gecko") ? IMSI_KEY_GECKO :
			IMSI_KEY_SPEC);
}

/* doc/clients.md */
static void knows_what_bootstraps_a_client_takes(void)
{
	const struct quirk *q;

	for (size_t i = 0; (q = quirks_row(i)); i++) {
		CU_ASSERT_EQUAL(q->refuses_dm_profile,
				!strncmp(q->name, "windows-mobile", 14));
		CU_ASSERT_EQUAL(q->refused_secs, !strcmp(q->name, "gecko") ?
				0x0c : 0);
	}
}

static CU_TestInfo tests[] = {
	{ "begins with generic, which limits nothing",
	  begins_with_generic_which_limits_nothing },
	{ "lists every row in order", lists_every_row_in_order },
	{ "finds a row by its whole name", finds_a_row_by_its_whole_name },
	{ "knows what limits notifications", knows_what_limits_notifications },
	{ "knows who makes the IMSI key otherwise",
	  knows_who_makes_the_imsi_key_otherwise },
	{ "knows what bootstraps a client takes",
	  knows_what_bootstraps_a_client_takes },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("quirks", tests);
}
