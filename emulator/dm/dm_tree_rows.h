/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_tree_rows.h - the nodes that the tree of every device has
 *
 * Part of dm_tree; see there.
 */
#ifndef EMULATOR_DM_TREE_ROWS_H
#define EMULATOR_DM_TREE_ROWS_H

#include <stdint.h>

#include "emulator/dm/dm_tree.h"

/* What a server may do. */
enum dm_tree_access {
	MAY_GET = 1,
	MAY_REPLACE = 2,
	MAY_ADD = 4,			/* children */
	MAY_DELETE = 8,
	MAY_EXEC = 16,
	MAY_ALL = 15,			/* with what a server added itself */
};

#define DM_TREE_NODE "node"		/* format of an interior node */
#define DM_TREE_FUMO "FUMO/Firmware"
#define DM_TREE_FWUPDATE "FwUpdate/Firmware"
#define DM_TREE_NO_FACT SIZE_MAX

struct dm_tree_row {
	const char *path;		/* without "./"; "" is the root */
	unsigned access;		/* enum dm_tree_access */
	const char *format;
	const char *value;		/* that all devices have at first */
	size_t fact;			/* where in struct dm_tree_facts its own
					 * one stands, or DM_TREE_NO_FACT */
};

/* Fewer than 255, parents before their children; path of the last is NULL. */
const struct dm_tree_row *dm_tree_rows(enum syncml_version version);

#endif
