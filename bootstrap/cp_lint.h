/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_lint.h - lint_cp() from the inside
 *
 * cp_lint.c walks the document and knows what may stand where, cp_lint_value.c
 * what a parm may say, cp_lint_w7.c what an account of OMA DM needs.
 */
#ifndef BOOTSTRAP_CP_LINT_H
#define BOOTSTRAP_CP_LINT_H

#include "bootstrap/cp_schema.h"
#include "bootstrap/lint.h"

struct cp_lint {
	const struct cp_doc *doc;
	const struct quirk *quirk;
	struct lint *out;
};

/* A node, and how the walk came to it. */
struct cp_place {
	const struct cp_place *parent;	/* NULL: the document */
	const struct cp_node *siblings;	/* the list that it is in */
	const struct cp_node *node;
};

/* A finding at this place; what is a printf format. */
void cp_lint_add(struct cp_lint *c, enum lint_severity severity,
		 const struct cp_place *p, const char *why, const char *what,
		 ...) __attribute__((format(printf, 5, 6)));

/*
 * The first node of a list that has this name or, not being known in this
 * scope itself, one so near that it was meant; NULL if there is none.
 */
const struct cp_node *cp_lint_meant(const struct cp_node *list,
				    const struct cp_scope *scope, bool is_parm,
				    const char *name);

/* A parm's value against its rule. */
void cp_lint_value(struct cp_lint *c, const struct cp_place *p,
		   const struct cp_rule *r);

/*
 * Single kinds of value; it is not empty. The last four stand in accounts of
 * OMA DM alone.
 */
void cp_lint_enum(struct cp_lint *c, const struct cp_place *p,
		  const struct cp_rule *r);
void cp_lint_address(struct cp_lint *c, const struct cp_place *p,
		     const struct cp_rule *r);
void cp_lint_server_id(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r);
void cp_lint_url(struct cp_lint *c, const struct cp_place *p,
		 const struct cp_rule *r);
void cp_lint_auth_type(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r);
void cp_lint_nonce(struct cp_lint *c, const struct cp_place *p,
		   const struct cp_rule *r);
void cp_lint_protover(struct cp_lint *c, const struct cp_place *p,
		      const struct cp_rule *r);

/* Is this characteristic's content an account of OMA DM; is it complete? */
bool cp_lint_is_w7(const struct cp_node *application);
void cp_lint_w7(struct cp_lint *c, const struct cp_place *p);

#endif
