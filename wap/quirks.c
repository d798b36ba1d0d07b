/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/quirks.h"

#include <string.h>

#define UNLIMITED QUIRKS_TRIGGER_UNLIMITED

static const struct quirk quirks[] = {
	/* name, server-id, trigger, default nonce,
	 * new session id, swaps it, vendor body, needs a TID, NETWPIN,
	 * DM profile, SEC */
	{ "generic", 255, UNLIMITED, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "windows-mobile-5", 255, UNLIMITED, RESYNC_NONE,
	  false, false, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  false, QUIRKS_SECS_ALL },
	{ "windows-mobile-6", 255, UNLIMITED, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  false, QUIRKS_SECS_ALL },
	{ "aosp", 23, 255, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "samsung", 127, UNLIMITED, RESYNC_4NUL,
	  false, false, true, true, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "symbian", 255, UNLIMITED, RESYNC_NONE,
	  true, false, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "libdmclient", 255, UNLIMITED, RESYNC_ASCII,
	  false, true, true, false, IMSI_KEY_SPEC, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "mediatek", 255, UNLIMITED, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_MEDIATEK, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "spreadtrum", 255, UNLIMITED, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_SPREADTRUM, NETWPIN_IMSI_PIN,
	  true, QUIRKS_SECS_ALL },
	{ "gecko", 255, UNLIMITED, RESYNC_4NUL,
	  false, false, true, false, IMSI_KEY_GECKO, NETWPIN_IMSI_PIN,
	  true, 0x03 },
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
	       "symbian, libdmclient, mediatek, spreadtrum, gecko";
}
