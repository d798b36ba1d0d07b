/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault_kind.h - what can go wrong: the faults that a rule may name
 *
 * Each has a group: the occasion at which it is drawn. The first groups are of
 * an SMS on its way through the SMSC, the others of a device. See
 * dmbox-emulator(1). Pure.
 */
#ifndef EMULATOR_FAULT_KIND_H
#define EMULATOR_FAULT_KIND_H

#include "emulator/smsc/smpp.h"

#define FAULT_MS_MAX 3600000
#define FAULT_FOR_EVER UINT32_MAX	/* instead of milliseconds, or times */

enum fault_group {	/* an occasion meets one fault of a group at most */
	FAULT_STOP,
	FAULT_SLOW,
	FAULT_ANSWER,
	FAULT_STATE,		/* from here: only if the SMS was taken */
	FAULT_LATE,
	FAULT_DUPLICATE,
	FAULT_EARLY,
	FAULT_PLAN_GROUPS,	/* those above are of the SMSC */
	FAULT_AT_SMS = FAULT_PLAN_GROUPS,	/* one comes for the device */
	FAULT_AT_NOTIFICATION,	/* one is about to be verified */
	FAULT_AT_USER,		/* the user is asked */
	FAULT_AT_DATA,		/* a session or a download begins */
	FAULT_AT_MESSAGE,	/* one of a session is sent */
	FAULT_AT_DOWNLOAD,	/* it begins, or goes on */
	FAULT_AT_INSTALL,	/* the package is to be installed */
	FAULT_AT_RESULT,	/* it is to be told */
};

enum fault_drop {		/* when the connection is closed */
	FAULT_NO_DROP,
	FAULT_DROP,		/* instead of taking the SMS */
	FAULT_DROP_TAKEN,	/* when it is taken, without an answer */
	FAULT_DROP_ANSWERED,	/* behind the answer */
};

enum fault_id {
	FAULT_OF_SMSC,		/* its group, status and drop say it */
	FAULT_OFF,
	FAULT_OUT_OF_REACH,
	FAULT_FORGETS_NONCE,
	FAULT_FORGETS_CREDENTIAL,
	FAULT_IGNORES,
	FAULT_USER_NO,
	FAULT_USER_NEVER,
	FAULT_USER_LATE,
	FAULT_NO_DATA,
	FAULT_BREAKS_OFF,
	FAULT_DM_STATUS,
	FAULT_BATTERY,
	FAULT_NETWORK_LOST,
	FAULT_HTTP_STATUS,
	FAULT_CORRUPTED,
	FAULT_NO_SPACE,
	FAULT_NO_MEMORY,
	FAULT_INSTALL_FAILS,
	FAULT_RESULT,
	FAULT_REPORT_NEVER,
	FAULT_REPORT_TWICE,
	FAULT_REPORT_LATE,
};

enum fault_value {		/* what stands behind its name */
	FAULT_VALUE_NONE,
	FAULT_VALUE_MS,		/* 0..FAULT_MS_MAX */
	FAULT_VALUE_LASTS,	/* the same; if missing, FAULT_FOR_EVER */
	FAULT_VALUE_PERCENT,	/* 0..99 */
	FAULT_VALUE_HTTP,	/* 400..599 */
	FAULT_VALUE_RESULT,	/* of an update, 200..599 */
};

struct fault_kind {
	const char *name;
	enum fault_group group;
	enum fault_value value;
	enum fault_id id;
	unsigned preset;		/* FAULT_VALUE_NONE: its value */
	enum smpp_status status;	/* FAULT_ANSWER: to refuse it with */
	enum fault_drop drop;		/* FAULT_ANSWER */
};

/* Returns DM_OK, or DM_EINVAL with *e about "fault". */
int fault_kind_find(const char *name, const struct fault_kind **kind,
		    struct err *e) DM_CHECK;

/*
 * Reads the value of a kind from the word behind its name, NULL if there is
 * none, and says whether the word was one. Returns DM_OK, or DM_EINVAL with
 * *e about the kind.
 */
int fault_kind_value(const struct fault_kind *kind, const char *word,
		     unsigned *value, bool *used, struct err *e) DM_CHECK;

/* Milliseconds that something lasts; NULL: FAULT_FOR_EVER. DM_EINVAL, *e. */
int fault_read_lasts(const char *field, const char *word, unsigned *ms,
		     struct err *e) DM_CHECK;

/* Digits and nothing else, a number up to max. The first len octets count. */
bool fault_read_number(const char *text, size_t len, unsigned long max,
		       unsigned long *out);

#endif
