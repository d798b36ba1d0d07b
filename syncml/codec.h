/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codec.h - SyncML DM messages as octets: XML and WBXML
 *
 * XML goes through bootstrap/xml, WBXML through bootstrap/dm_profile and
 * wap/syncml_wbxml; their bounds hold here, too. WBXML can carry text without
 * line ends and without "]]>" only, so data that may have these, or is no text
 * at all, has to go as base64, with the format "b64".
 */
#ifndef SYNCML_CODEC_H
#define SYNCML_CODEC_H

#include "bootstrap/xml.h"
#include "syncml/message.h"
#include "wap/wbxml_scan.h"

#define SYNCML_ITEMS_MAX 1024		/* of all commands together */
#define SYNCML_COMMANDS_MAX 256		/* those in groups included */
#define SYNCML_GROUPS_MAX 4		/* Atomic and Sequence in each other */
#define SYNCML_ARENA_MAX XML_ARENA_MAX	/* octets: enough for any message */

enum syncml_encoding {
	SYNCML_XML,		/* application/vnd.syncml.dm+xml */
	SYNCML_WBXML,		/* application/vnd.syncml.dm+wbxml */
};

/* Its MIME type. */
const char *syncml_content_type(enum syncml_encoding encoding);

/* Reads a Content-Type; parameters behind it do not matter. DM_EINVAL, *e. */
int syncml_encoding_of(const char *content_type, enum syncml_encoding *encoding,
		       struct err *e) DM_CHECK;

/*
 * Reads a message into *m, which then borrows from the arena. What is unknown
 * inside an element is passed over, an unknown command is an error. Returns
 * DM_OK; DM_EPROTO with *e (field "xml", "wbxml", or the name of the element
 * that is missing or wrong; nothing of the message's data), DM_ENOSPC with *e
 * (arena, or one of the limits above), DM_EIO with *e (no memory). On error *m
 * is untouched.
 */
int syncml_read(struct arena *a, enum syncml_encoding encoding,
		const uint8_t *in, size_t len, struct syncml_message *m,
		struct err *e) DM_CHECK;

/*
 * Writes a message. The arena is for the tree in between and is given back. In
 * WBXML a format "bin" goes as "b64", as there. Returns DM_OK; DM_EINVAL
 * with *e (text that this encoding cannot carry, has_tree);
 * DM_ENOSPC with *e (cap, arena, or too large for WBXML: see wbxml_scan.h);
 * DM_EPROTO and DM_EIO with *e (libwbxml refuses).
 */
int syncml_write(struct arena *a, enum syncml_encoding encoding,
		 const struct syncml_message *m, uint8_t *out, size_t cap,
		 size_t *len, struct err *e) DM_CHECK;

#endif
