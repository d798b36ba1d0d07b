/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - rules by which the SMSC misbehaves, and the draw for an SMS
 *
 * A rule is a text, the same in the file and as a command:
 *
 *	PATTERN FAULT [MS] [N%] [Nx]
 *
 * as in "+4917* RTHROTTLED 20%" or "+491701234567 late 5000 1x". See
 * dmbox-emulator(1). Pure: chance comes from a seed.
 */
#ifndef EMULATOR_FAULT_H
#define EMULATOR_FAULT_H

#include "emulator/pattern.h"
#include "emulator/receipt.h"
#include "emulator/smpp.h"

#define FAULTS_MAX 256		/* rules */
#define FAULT_TEXT_MAX 79	/* octets of a rule */
#define FAULT_MS_MAX 3600000
#define FAULT_TIMES_MAX 1000000
#define FAULT_FOR_EVER UINT32_MAX	/* instead of times */

enum fault_group {	/* an SMS meets one fault of each at most */
	FAULT_STOP,
	FAULT_SLOW,
	FAULT_ANSWER,
	FAULT_STATE,		/* from here: only if the SMS was taken */
	FAULT_LATE,
	FAULT_DUPLICATE,
	FAULT_EARLY,
	FAULT_GROUPS,
};

enum fault_drop {		/* when the connection is closed */
	FAULT_NO_DROP,
	FAULT_DROP,		/* instead of taking the SMS */
	FAULT_DROP_TAKEN,	/* when it is taken, without an answer */
	FAULT_DROP_ANSWERED,	/* behind the answer */
};

struct fault_kind {
	const char *name;
	enum fault_group group;
	bool has_ms;
	enum smpp_status status;	/* FAULT_ANSWER: to refuse it with */
	enum fault_drop drop;		/* FAULT_ANSWER */
};

struct fault_rule {
	char text[FAULT_TEXT_MAX + 1];		/* as it was given */
	char pattern[PATTERN_MAX + 2];
	const struct fault_kind *kind;		/* borrowed */
	const struct receipt_state *state;	/* FAULT_STATE; NULL: lost */
	unsigned ms;				/* if the kind has it */
	uint32_t millionths;			/* 1..CHANCE_ALWAYS */
	uint32_t left;		/* times that it may still hit */
	uint64_t n_hits;
};

/* Starts zeroed. */
struct faults {
	struct fault_rule rules[FAULTS_MAX];	/* the first has precedence */
	size_t n;
	uint64_t chance;		/* of chance.h; the seed, at first */
};

/* Adds a rule. Returns DM_OK; DM_EINVAL or DM_ENOSPC, with *e. */
int faults_add(struct faults *f, const char *text, struct err *e) DM_CHECK;

void faults_clear(struct faults *f);

/* What an SMS meets: a rule for each group, or NULL; valid until clear. */
struct fault_plan {
	const struct fault_rule *by[FAULT_GROUPS];
};

void faults_draw(struct faults *f, const char *number, struct fault_plan *p);

/* Is the SMS taken, in spite of all that it meets? */
bool fault_plan_takes(const struct fault_plan *p);

#endif
