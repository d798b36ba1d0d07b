/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bootstrap as a SyncML DM message. The input is read as XML: what can be read
 * and encoded comes back from its octets as the same tree, and from its own
 * indented text, too. And it is decoded as WBXML; the text of that is read as
 * XML in turn.
 */
#include <string.h>

#include "bootstrap/account.h"
#include "bootstrap/dm_profile.h"
#include "tests/fuzz.h"
#include "tests/trees.h"
#include "wap/wbxml_scan.h"

static _Alignas(max_align_t) uint8_t room[2 * XML_ARENA_MAX];
static char text[XML_OCTETS_MAX], masked[XML_OCTETS_MAX];
static uint8_t octets[WBXML_SCAN_OCTETS_MAX];

static void check_account(struct arena *a, const struct xml_node *root)
{
	struct account account;
	struct err e;

	if (account_from_dm(a, root, &account, &e))
		return;
	FUZZ_CHECK(*account.server_id && *account.addr);
	FUZZ_CHECK(account.dm_version);
}

/* Writes the tree into text; how long it is, 0 if it is too long. */
static size_t write_text(struct arena *a, const struct xml_node *root)
{
	size_t len, masked_len;

	if (dm_profile_write(a, root, false, masked, sizeof(masked),
			     &masked_len) ||
	    dm_profile_write(a, root, true, text, sizeof(text), &len))
		return 0;
	FUZZ_CHECK(strlen(masked) == masked_len && strlen(text) == len);
	return len;
}

static void check_text(const char *in, size_t len)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root, *again;
	size_t octets_len;
	struct err e;
	int rc = dm_profile_read(&a, in, len, &root, &e);

	FUZZ_CHECK(!rc || e.code == rc);
	if (rc)
		return;
	check_account(&a, root);
	rc = dm_profile_encode(&a, root, octets, sizeof(octets), &octets_len,
			       &e);
	FUZZ_CHECK(rc == DM_OK || rc == DM_EPROTO || rc == DM_ENOSPC);
	if (rc)
		return;
	FUZZ_CHECK(!dm_profile_decode(&a, octets, octets_len, &again, &e));
	FUZZ_CHECK(trees_same_xml(root, again));
	len = write_text(&a, root);
	if (!len)
		return;
	FUZZ_CHECK(!dm_profile_read(&a, text, len, &again, &e));
	FUZZ_CHECK(trees_same_xml(root, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct err e = { 0 };

	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_text((const char *)in, len);
	if (dm_profile_decode(&a, in, len, &root, &e))
		return 0;
	check_account(&a, root);
	len = write_text(&a, root);
	if (len) {
		static char copy[XML_OCTETS_MAX];

		memcpy(copy, text, len);
		check_text(copy, len);
	}
	return 0;
}
