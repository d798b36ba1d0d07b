/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_nodes.h - the nodes that a SyncML DM document names, as a list
 *
 * Spec: OMA-SyncML-DMTND-V1_1_2; OMA-TS-DM_TNDS-V1_2. A path is written here
 * without the "./" in front.
 */
#ifndef BOOTSTRAP_DM_NODES_H
#define BOOTSTRAP_DM_NODES_H

#include "bootstrap/xml.h"

struct dm_node {
	const char *command;	/* "Add", ...; borrowed */
	const char *path;	/* "DMAcc/x/Addr"; NULL: it names no node */
	const char *value;	/* NULL: no data; borrowed */
	unsigned line;
	struct dm_node *next;
};

/*
 * Lists, in their order, a node for each item of each command, also of those
 * inside Atomic and Sequence, and then for each Node of a TNDS tree that is
 * the item's data. Returns DM_OK or DM_ENOSPC.
 */
int dm_nodes_list(struct arena *a, const struct xml_node *root,
		  struct dm_node **list) DM_CHECK;

/* "./DMAcc/x" without its "./"; borrowed. */
const char *dm_path(const char *uri);

/* Is it the path of the node top, or of one below it? */
bool dm_path_is_in(const char *path, const char *top);

/*
 * Does a path follow a pattern, in which "*" stands for any one name:
 * "AppAuth/<any>/AAuthData"? If is_near, its last name may be misspelt.
 */
bool dm_path_fits(const char *path, const char *pattern, bool is_near);

#endif
