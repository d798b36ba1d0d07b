/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wbxml_scan.h - is a SyncML document in WBXML plain enough for libwbxml?
 *
 * Spec: WAP-192-WBXML 1.3, 5. libwbxml trusts what it reads: version 0.11.8
 * follows any depth of elements until the stack is gone, aborts on an entity
 * of 32 bits, crashes on embedded documents of other kinds, lets 32 Kbyte of
 * input become 128 Mbyte, and copies names and "]]>" unescaped into the XML.
 * So octets from outside come here first, and only what libwbxml is known to
 * read right goes on to it.
 */
#ifndef WAP_WBXML_SCAN_H
#define WAP_WBXML_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define WBXML_SCAN_OCTETS_MAX 32640	/* as many as 255 SMS carry */
#define WBXML_SCAN_DEPTH_MAX 64		/* elements inside each other */
#define WBXML_SCAN_NODES_MAX 4096	/* elements and pieces of text */
#define WBXML_SCAN_TEXT_MAX 65536	/* octets of all texts together */

/*
 * Passes a document of WBXML 1.1 to 1.3 in UTF-8, public id 0x0fd3 (SyncML
 * 1.1) or 0x1201 (1.2) or their texts, that has only tags of its language, no
 * attributes or entities, and in each element either elements or text. Text is
 * UTF-8 without control characters but tab and line breaks, inline, in the
 * string table, or opaque; in Data it is one piece without "]]>". Where the
 * Type says so, Data is an opaque management tree (DM DDF 1.2), looked at in
 * the same way. A NextNonce that is opaque may be any octets, but some.
 *
 * Returns DM_OK; DM_EPROTO with *e (field "wbxml", offset and reason);
 * DM_ENOSPC with *e (over one of the limits above).
 */
int wbxml_scan(const uint8_t *in, size_t len, struct err *e) DM_CHECK;

#endif
