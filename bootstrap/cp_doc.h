/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_doc.h - a client provisioning document: a tree of characteristics and
 * parms
 *
 * Spec: OMA-WAP-TS-ProvCont-V1_1. The tree lives in an arena; texts are UTF-8,
 * NUL-terminated, and kept as they came: case, blanks, empty values.
 */
#ifndef BOOTSTRAP_CP_DOC_H
#define BOOTSTRAP_CP_DOC_H

#include <stdbool.h>

#include "wap/arena.h"
#include "wap/err.h"

#define CP_DEPTH_MAX 16		/* characteristics inside each other */

struct cp_node {
	bool is_parm;
	const char *name;	/* a parm's name, a characteristic's type */
	const char *value;	/* parm: NULL is no value, "" is an empty one */
	unsigned line;		/* in the XML that it came from; 0: none */
	struct cp_node *children;	/* of a characteristic, in order */
	struct cp_node *next;
};

struct cp_doc {
	const char *version;	/* "1.0", "1.1"; NULL: not said */
	struct cp_node *nodes;	/* characteristics */
};

/*
 * Adds a node behind the others of a list (doc->nodes, node->children, or, so
 * that a long one is not walked, the next of its last node). Texts are copied;
 * value may be NULL. Returns NULL if the arena is full.
 */
struct cp_node *cp_add(struct arena *a, struct cp_node **list, bool is_parm,
		       const char *name, const char *value);

/* First in a list (and next ones behind it) with this exact name, or NULL. */
const struct cp_node *cp_parm(const struct cp_node *list, const char *name);
const struct cp_node *cp_characteristic(const struct cp_node *list,
					const char *type);

/* The value of a parm in a list; "" if it has none, NULL if it is not there. */
const char *cp_value(const struct cp_node *list, const char *name);

/* Does this parm (or DM node) hold a password, key or nonce? By its name. */
bool cp_is_secret(const char *name);

#endif
