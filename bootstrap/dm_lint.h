/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_lint.h - lint_dm() from the inside
 *
 * dm_lint.c walks the nodes and knows what an account needs, dm_lint_value.c
 * which nodes it may have and what each may say.
 */
#ifndef BOOTSTRAP_DM_LINT_H
#define BOOTSTRAP_DM_LINT_H

#include "bootstrap/dm_nodes.h"
#include "bootstrap/lint.h"

struct dm_lint {
	const struct dm_node *nodes;
	const struct quirk *quirk;
	struct lint *out;
	bool is_12;		/* the document is of DM 1.2 */
	unsigned told;		/* what is told once: bit per place */
	bool has_account;	/* or what is meant for one */
};

/* A node of an account, by its path below it; see dm_path_fits(). */
struct dm_rule {
	const char *path;	/* NULL ends a table */
	bool is_required;
	void (*check)(struct dm_lint *d, const struct dm_node *n,
		      const char *values);	/* NULL: any value will do */
	const char *values;
};

/* SyncML DM 1.1.2, DMAcc; DM StdObj 1.2, 7.1. */
extern const struct dm_rule dm_rules_112[];
extern const struct dm_rule dm_rules_12[];

/* A finding at a node that has a path; what is a printf format. */
void dm_lint_add(struct dm_lint *d, enum lint_severity severity,
		 const struct dm_node *n, const char *why, const char *what,
		 ...) __attribute__((format(printf, 5, 6)));

#endif
