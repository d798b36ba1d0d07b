/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_tree.h - the management tree of a device
 *
 * Spec: OMA-TS-DM_TND-V1_2, OMA-TS-DM_StdObj-V1_2, OMA-TS-DM-FUMO-V1_0. Pure.
 * It has ./DevInfo, ./DevDetail, the account and a firmware update object. DM
 * 1.1.2 knows none, so that is ./FwUpdate/Firmware, as Windows Mobile has it,
 * with the leaves of FUMO, and Result, which is ours. Below ./Vendor a server
 * may add what it likes, as long as there is room.
 * Secrets of the account are there but cannot be read or written.
 *
 * A URI is "./DevInfo/DevId" or "DevInfo/DevId"; "." is the root. What a server
 * asks for is answered with a status code of SyncML.
 *
 * There may be thousands of devices. What all trees have is a table of ours; a
 * tree holds the values that differ from it and the nodes that were added, in a
 * bounded row of octets. Whatever changes the tree moves what stands in them.
 */
#ifndef EMULATOR_DM_TREE_H
#define EMULATOR_DM_TREE_H

#include <stddef.h>

#include "syncml/message.h"
#include "syncml/status.h"

#define DM_TREE_PATH_MAX 127		/* octets, without "./" */
#define DM_TREE_VALUE_MAX 255		/* octets */
#define DM_TREE_FORMAT_MAX 7		/* octets */
#define DM_TREE_LIST_MAX 1023		/* octets: names of children */
#define DM_TREE_OCTETS_MAX 3072		/* of a device's own texts */

struct dm_tree {
	enum syncml_version version;
	size_t len;			/* octets in use */
	char octets[DM_TREE_OCTETS_MAX];
};

/* What its leaves say at first; all borrowed for the call only. */
struct dm_tree_facts {
	const char *dev_id, *man, *mod, *dm_version, *lang;
	const char *firmware;		/* FwV */
	const char *server_id, *url;	/* of the account */
	const char *user;		/* "": no credential of the client */
};

/* Texts are cut to DM_TREE_VALUE_MAX octets. */
void dm_tree_init(struct dm_tree *t, enum syncml_version version,
		  const struct dm_tree_facts *facts);

/* ./FUMO/Firmware, or what stands for it; its children are called as there. */
const char *dm_tree_firmware(enum syncml_version version);

/*
 * What the device itself reads and writes; the node has to be there, and
 * dm_tree_set() is for ./DevDetail/FwV and the results of an update: for these
 * there is room kept. A value is borrowed until the tree changes.
 */
const char *dm_tree_value(const struct dm_tree *t, const char *uri);
void dm_tree_set(struct dm_tree *t, const char *uri, const char *value);

/* A leaf of the firmware update object: "State", "Download/PkgURL". */
const char *dm_tree_firmware_value(const struct dm_tree *t, const char *leaf);
void dm_tree_set_firmware(struct dm_tree *t, const char *leaf,
			  const char *value);

/* ------------------------- what a server asks for ------------------------- */

struct dm_tree_answer {
	const char *format;		/* borrowed until the tree changes */
	char value[DM_TREE_LIST_MAX + 1];	/* of an interior node the names
						 * of its children: "a/b" */
};

/*
 * Each returns 200, or: 404 no such node, 405 not with this node, 406 "?" in
 * the URI, 413 too long a value, 414 too long a URI, 415 another format, 418
 * it exists, 420 no room. A format of NULL fits any. The answer to
 * dm_tree_get() is filled with 200 only.
 */
unsigned dm_tree_get(const struct dm_tree *t, const char *uri,
		     struct dm_tree_answer *answer);
unsigned dm_tree_replace(struct dm_tree *t, const char *uri,
			 const char *format, const char *value);
unsigned dm_tree_add(struct dm_tree *t, const char *uri, const char *format,
		     const char *value);
unsigned dm_tree_delete(struct dm_tree *t, const char *uri);

/* 200: it can be executed. */
unsigned dm_tree_exec(const struct dm_tree *t, const char *uri);

#endif
