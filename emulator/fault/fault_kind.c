/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/fault/fault_kind.h"

#include <stdlib.h>
#include <string.h>

static const struct fault_kind kinds[] = {
	{ .name = "RTHROTTLED", FAULT_ANSWER, .status = ESME_RTHROTTLED },
	{ .name = "RMSGQFUL", FAULT_ANSWER, .status = ESME_RMSGQFUL },
	{ .name = "RSYSERR", FAULT_ANSWER, .status = ESME_RSYSERR },
	{ .name = "RX_T_APPN", FAULT_ANSWER, .status = ESME_RX_T_APPN },
	{ .name = "RINVDSTADR", FAULT_ANSWER, .status = ESME_RINVDSTADR },
	{ .name = "RSUBMITFAIL", FAULT_ANSWER, .status = ESME_RSUBMITFAIL },
	{ .name = "RX_P_APPN", FAULT_ANSWER, .status = ESME_RX_P_APPN },
	{ .name = "RX_R_APPN", FAULT_ANSWER, .status = ESME_RX_R_APPN },
	{ .name = "drop", FAULT_ANSWER, .drop = FAULT_DROP },
	{ .name = "drop-taken", FAULT_ANSWER, .drop = FAULT_DROP_TAKEN },
	{ .name = "drop-answered", FAULT_ANSWER, .drop = FAULT_DROP_ANSWERED },
	{ .name = "slow", FAULT_SLOW, FAULT_VALUE_MS },
	{ .name = "stop", FAULT_STOP },
	{ .name = "DELIVRD", FAULT_STATE },
	{ .name = "EXPIRED", FAULT_STATE },
	{ .name = "DELETED", FAULT_STATE },
	{ .name = "UNDELIV", FAULT_STATE },
	{ .name = "ACCEPTD", FAULT_STATE },
	{ .name = "UNKNOWN", FAULT_STATE },
	{ .name = "REJECTD", FAULT_STATE },
	{ .name = "lost", FAULT_STATE },
	{ .name = "late", FAULT_LATE, FAULT_VALUE_MS },
	{ .name = "duplicate", FAULT_DUPLICATE },
	{ .name = "early", FAULT_EARLY },

	{ .name = "off", FAULT_AT_SMS, FAULT_VALUE_LASTS, FAULT_OFF },
	{ .name = "out-of-reach", FAULT_AT_SMS, FAULT_VALUE_LASTS,
	  FAULT_OUT_OF_REACH },
	{ .name = "forgets-nonce", FAULT_AT_NOTIFICATION, FAULT_VALUE_NONE,
	  FAULT_FORGETS_NONCE },
	{ .name = "forgets-credential", FAULT_AT_NOTIFICATION,
	  FAULT_VALUE_NONE, FAULT_FORGETS_CREDENTIAL },
	{ .name = "ignores", FAULT_AT_NOTIFICATION, FAULT_VALUE_NONE,
	  FAULT_IGNORES },
	{ .name = "user-no", FAULT_AT_USER, FAULT_VALUE_NONE, FAULT_USER_NO },
	{ .name = "user-never", FAULT_AT_USER, FAULT_VALUE_NONE,
	  FAULT_USER_NEVER },
	{ .name = "user-late", FAULT_AT_USER, FAULT_VALUE_MS,
	  FAULT_USER_LATE },
	{ .name = "no-data", FAULT_AT_DATA, FAULT_VALUE_LASTS, FAULT_NO_DATA },
	{ .name = "breaks-off", FAULT_AT_MESSAGE, FAULT_VALUE_NONE,
	  FAULT_BREAKS_OFF },
	{ .name = "dm-status", FAULT_AT_MESSAGE, FAULT_VALUE_HTTP,
	  FAULT_DM_STATUS },
	{ .name = "battery", FAULT_AT_DOWNLOAD, FAULT_VALUE_PERCENT,
	  FAULT_BATTERY },
	{ .name = "network-lost", FAULT_AT_DOWNLOAD, FAULT_VALUE_PERCENT,
	  FAULT_NETWORK_LOST },
	{ .name = "http-status", FAULT_AT_DOWNLOAD, FAULT_VALUE_HTTP,
	  FAULT_HTTP_STATUS },
	{ .name = "corrupted", FAULT_AT_DOWNLOAD, FAULT_VALUE_NONE,
	  FAULT_CORRUPTED },
	{ .name = "no-space", FAULT_AT_DOWNLOAD, FAULT_VALUE_NONE,
	  FAULT_NO_SPACE, .preset = 501 },
	{ .name = "no-memory", FAULT_AT_INSTALL, FAULT_VALUE_NONE,
	  FAULT_NO_MEMORY, .preset = 502 },
	{ .name = "install-fails", FAULT_AT_INSTALL, FAULT_VALUE_NONE,
	  FAULT_INSTALL_FAILS, .preset = 410 },
	{ .name = "result", FAULT_AT_INSTALL, FAULT_VALUE_RESULT,
	  FAULT_RESULT },
	{ .name = "report-never", FAULT_AT_RESULT, FAULT_VALUE_NONE,
	  FAULT_REPORT_NEVER },
	{ .name = "report-twice", FAULT_AT_RESULT, FAULT_VALUE_NONE,
	  FAULT_REPORT_TWICE },
	{ .name = "report-late", FAULT_AT_RESULT, FAULT_VALUE_MS,
	  FAULT_REPORT_LATE },
};

static const struct {
	unsigned min, max;
	bool optional;
	const char *allowed;
} values[] = {
	[FAULT_VALUE_NONE] = { .optional = true },
	[FAULT_VALUE_MS] = { 0, FAULT_MS_MAX, false,
			     "milliseconds behind it, 0 to 3600000" },
	[FAULT_VALUE_LASTS] = { 0, FAULT_MS_MAX, true,
				"milliseconds behind it, 0 to 3600000, or "
				"none of them" },
	[FAULT_VALUE_PERCENT] = { 0, 99, false,
				  "percent behind it, 0 to 99, without %" },
	[FAULT_VALUE_HTTP] = { 400, 599, false,
			       "an HTTP status behind it, 400 to 599" },
	[FAULT_VALUE_RESULT] = { 200, 599, false,
				 "a result code behind it, 200 to 599" },
};

int fault_kind_find(const char *name, const struct fault_kind **kind,
		    struct err *e)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name))
			continue;
		*kind = &kinds[i];
		return DM_OK;
	}
	return err_set(e, DM_EINVAL, "fault", "a status like RTHROTTLED, a "
		       "state like UNDELIV, a fault of the SMSC like lost, of "
		       "a device like off: see dmbox-emulator(1)", "\"%s\"",
		       name);
}

bool fault_read_number(const char *text, size_t len, unsigned long max,
		       unsigned long *out)
{
	if (len < 1 || len > 9 || strspn(text, "0123456789") < len)
		return false;
	*out = strtoul(text, NULL, 10);
	return *out <= max;
}

static int read_value(const char *name, enum fault_value kind,
		      const char *word, unsigned *value, struct err *e)
{
	unsigned long n;

	if (!fault_read_number(word, strlen(word), values[kind].max, &n) ||
	    n < values[kind].min)
		return err_set(e, DM_EINVAL, name, values[kind].allowed,
			       "\"%s\"", word);
	*value = (unsigned)n;
	return DM_OK;
}

/* Where it may be missing, a word that begins otherwise is none. */
int fault_kind_value(const struct fault_kind *kind, const char *word,
		     unsigned *value, bool *used, struct err *e)
{
	bool is_option = word && strchr("%x", word[strlen(word) - 1]);

	if (kind->value == FAULT_VALUE_NONE || (values[kind->value].optional &&
						(!word || is_option))) {
		*value = kind->value == FAULT_VALUE_NONE ? kind->preset :
			 FAULT_FOR_EVER;
		*used = false;
		return DM_OK;
	}
	*used = true;
	return read_value(kind->name, kind->value, word ? word : "", value, e);
}

int fault_read_lasts(const char *field, const char *word, unsigned *ms,
		     struct err *e)
{
	*ms = FAULT_FOR_EVER;
	return word ? read_value(field, FAULT_VALUE_LASTS, word, ms, e) :
	       DM_OK;
}
