/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_mend.h - makes of a SyncML document one that libwbxml encodes truly
 *
 * Part of dm_profile; see there. TNDS: OMA-TS-DM_TND-V1_2.
 */
#ifndef BOOTSTRAP_DM_MEND_H
#define BOOTSTRAP_DM_MEND_H

#include "bootstrap/xml.h"

/*
 * Mends a document that somebody wrote, and checks what cannot be mended.
 * Returns DM_OK; DM_EPROTO or DM_EINVAL with *e (line and reason, no values);
 * DM_ENOSPC with *e.
 */
int dm_mend(struct arena *a, struct xml_node *root, struct err *e) DM_CHECK;

/*
 * Mends a document that libwbxml decoded: its types say +wbxml again, text
 * that is a management tree becomes one, and lines are 0.
 */
void dm_mend_decoded(struct arena *a, struct xml_node *root);

/* Is the text, not yet a tree, a management tree? It may be full of secrets. */
bool dm_is_tree_text(const char *text);

/* The last part of an Item's Target/LocURI, "" if it has none; borrowed. */
const char *dm_item_name(const struct xml_node *item);

#endif
