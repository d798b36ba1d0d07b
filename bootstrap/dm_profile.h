/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_profile.h - bootstrap as a SyncML DM message, the DM profile
 *
 * Spec: OMA-TS-DM_Bootstrap-V1_2; SyncML DM 1.1.2. The document is XML with
 * namespace SYNCML:SYNCML1.1 or SYNCML:SYNCML1.2; for 1.2 the account may be a
 * TNDS tree in ./Inbox (namespace syncml:dmddf1.2).
 */
#ifndef BOOTSTRAP_DM_PROFILE_H
#define BOOTSTRAP_DM_PROFILE_H

#include "bootstrap/bootstrap.h"
#include "bootstrap/xml.h"

/*
 * Reads, checks and mends a document so that libwbxml encodes what it means:
 * a format "bin" becomes "b64" (libwbxml cannot make binary data of base64);
 * TNDS given as text, CDATA or without a namespace becomes the tree itself
 * with the type application/vnd.syncml.dmtnds+wbxml; a missing namespace of
 * Format and Type (syncml:metinf) is added. Returns DM_OK; DM_EPROTO or
 * DM_EINVAL with *e (not SyncML, no Add, VerDTD and namespace disagree, an
 * attribute, a nonce or b64 value that is not base64, TNDS in DM 1.1.2, a line
 * break in Data, which libwbxml would send as CR LF); DM_ENOSPC with *e.
 */
int dm_profile_read(struct arena *a, const char *text, size_t len,
		    struct xml_node **root, struct err *e) DM_CHECK;

/*
 * XML tree to WBXML 1.2, and back to the same tree; lines are 0 then. The arena
 * is for the text in between, too: XML_OCTETS_MAX, which encoding gives back.
 * In a message from elsewhere, TNDS that is text in Data becomes a tree, its
 * type stays. Returns DM_OK; DM_EPROTO with *e (see wap/syncml_wbxml.h: also
 * an element that SyncML does not have, "]]>" in Data); DM_ENOSPC with *e;
 * DM_EIO with *e.
 */
int dm_profile_encode(struct arena *a, const struct xml_node *root,
		      uint8_t *out, size_t cap, size_t *len, struct err *e)
	DM_CHECK;
int dm_profile_decode(struct arena *a, const uint8_t *in, size_t len,
		      struct xml_node **root, struct err *e) DM_CHECK;

/*
 * Writes the tree as indented XML and a NUL. Without show_secrets the data of
 * nodes that are cp_is_secret() (last part of LocURI, or NodeName), of Cred,
 * and TNDS that is no tree come out as "***". Returns DM_OK or DM_ENOSPC.
 */
int dm_profile_write(struct arena *a, const struct xml_node *root,
		     bool show_secrets, char *out, size_t cap, size_t *len)
	DM_CHECK;

#endif
