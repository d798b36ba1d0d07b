/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/quirks.h"

#include <string.h>

static const struct quirk quirks[] = {
	{ .name = "generic" },
	{
		.name = "windows-mobile-5",
		.resync_nonce = RESYNC_NONE,
		.refuses_dm_profile = true,
	},
	{
		.name = "windows-mobile-6",
		.resync_off = true,
		.refuses_dm_profile = true,
	},
	{
		.name = "aosp",
		.version_max = QUIRKS_VERSION_ANY,
		.server_id_max = 23,
		.trigger_max = 255,
		.nonce_max = 50,
		.tries_nonce_text = true,
		.digest_care = DIGEST_CHECKED_WITH_RESYNC,
		.asks_for_update = true,
	},
	{
		.name = "samsung",
		.version_max = QUIRKS_VERSION_ANY,
		.server_id_max = 127,
		.needs_tid = true,
		.digest_care = DIGEST_CHECKED_WITH_RESYNC,
	},
	{
		.name = "symbian",
		.version_max = QUIRKS_VERSION_ANY,
		.drops_body_octet = true,
		.resync_nonce = RESYNC_NONE,
		.digest_care = DIGEST_NOT_CHECKED,
		.new_session_id = true,
	},
	{
		.name = "libdmclient",
		.version_min = 11,
		.version_max = 11,
		.resync_nonce = RESYNC_ASCII,
		.swaps_session_id = true,
	},
	{
		.name = "libsynthesis",
		.version_min = 10,
		.version_max = 12,
		.cuts_nonce = true,
		.drops_colon = true,
		.resync_nonce = RESYNC_NONE,
	},
	{
		.name = "buteo",
		.version_min = 11,
		.version_max = 12,
		.ascii_server_id = true,
		.refuses_vendor_body = true,
		.resync_nonce = RESYNC_NONE,
	},
	{
		.name = "mediatek",
		.imsi_key = IMSI_KEY_MEDIATEK,
	},
	{
		.name = "spreadtrum",
		.imsi_key = IMSI_KEY_SPREADTRUM,
	},
	{
		.name = "gecko",
		.imsi_key = IMSI_KEY_GECKO,
		.refused_secs = 1 << 2 | 1 << 3,
	},
};

#define N_QUIRKS (sizeof(quirks) / sizeof(quirks[0]))

const struct quirk *quirks_row(size_t i)
{
	return i < N_QUIRKS ? &quirks[i] : NULL;
}

const struct quirk *quirks_find(const char *name)
{
	for (size_t i = 0; i < N_QUIRKS; i++)
		if (!strcmp(quirks[i].name, name))
			return &quirks[i];
	return NULL;
}

const char *quirks_names(void)
{
	return "generic, windows-mobile-5, windows-mobile-6, aosp, samsung, "
	       "symbian, libdmclient, libsynthesis, buteo, mediatek, "
	       "spreadtrum, gecko";
}
