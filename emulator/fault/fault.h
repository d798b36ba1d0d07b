/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - rules by which SMSC and devices misbehave, and the draw
 *
 * A rule is a text, the same in the file and as a command:
 *
 *	PATTERN FAULT [VALUE] [N%] [Nx]
 *
 * as in "+4917* RTHROTTLED 20%" or "+491701234567 late 5000 1x". A rule of a
 * device's own has no PATTERN. See dmbox-emulator(1), and fault_kind.h for the
 * faults. Nothing but the rules and a seed decide what is drawn.
 */
#ifndef EMULATOR_FAULT_H
#define EMULATOR_FAULT_H

#include "emulator/fault/fault_kind.h"
#include "emulator/fault/pattern.h"
#include "emulator/smsc/receipt.h"

#define FAULTS_MAX 256		/* rules in a list */
#define FAULT_TEXT_MAX 79	/* octets of a rule */
#define FAULT_TIMES_MAX 1000000

struct fault_rule {
	char text[FAULT_TEXT_MAX + 1];		/* as it was given */
	char pattern[PATTERN_MAX + 2];		/* of an own one "*" */
	const struct fault_kind *kind;		/* borrowed */
	const struct receipt_state *state;	/* FAULT_STATE; NULL: lost */
	unsigned value;				/* or the preset of its kind */
	uint32_t millionths;			/* 1..CHANCE_ALWAYS */
	uint32_t left;		/* times that it may still hit */
	uint64_t n_hits;
};

/* Starts zeroed. */
struct fault_list {
	struct fault_rule *rules;	/* owned; the first has precedence */
	size_t n;
	size_t cap;
};

/*
 * Adds a rule without a pattern. Returns DM_OK; DM_EINVAL or DM_ENOSPC, with
 * *e.
 */
int fault_list_add(struct fault_list *own, const char *text, struct err *e)
	DM_CHECK;
void fault_list_clear(struct fault_list *own);

/* Starts zeroed. */
struct faults {
	struct fault_list all;		/* for the numbers that they match */
	uint64_t chance;		/* of chance.h; the seed, at first */
	uint64_t n_hits;		/* of all rules, those of devices, too */
};

/* Adds a rule with a pattern; errors as above. */
int faults_add(struct faults *f, const char *text, struct err *e) DM_CHECK;
void faults_clear(struct faults *f);

/*
 * What a device meets at one occasion: of its own rules, then of all, the first
 * of this group that hits, or NULL. One with percent is tried only if these are
 * more than percent. Valid until the next command: copy what is needed longer.
 */
const struct fault_rule *faults_meet(struct faults *f, struct fault_list *own,
				     const char *number,
				     enum fault_group group, int percent);

/* What an SMS meets: a rule for each group, or NULL; valid as above. */
struct fault_plan {
	const struct fault_rule *by[FAULT_PLAN_GROUPS];
};

/* own is NULL for the number of no device. */
void faults_draw(struct faults *f, struct fault_list *own, const char *number,
		 struct fault_plan *p);

/* Is the SMS taken, in spite of all that it meets? */
bool fault_plan_takes(const struct fault_plan *p);

#endif
