/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syncml_wbxml.h - SyncML DM (and TNDS inside it) between XML and WBXML
 *
 * The only file that includes libwbxml. WBXML 1.2, no string table: the form
 * that every client tried reads. libwbxml allocates for itself; what
 * comes out is copied to the caller's buffer.
 */
#ifndef WAP_SYNCML_WBXML_H
#define WAP_SYNCML_WBXML_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

/*
 * XML to WBXML. The XML must be well formed and within bounds already (it was
 * written by xml_write(), see bootstrap/dm_profile.h). A line end in the Data
 * of Add and Replace goes out as CR LF, and a text that is nothing but the type
 * application/vnd.syncml.dmtnds+xml ends in +wbxml; who does not want that must
 * not give any. Returns DM_OK; DM_EPROTO with *e (libwbxml refuses it, or made
 * of it what wbxml_scan() does not pass); DM_ENOSPC with *e (cap, or limits of
 * wbxml_scan.h); DM_EIO with *e (no memory).
 */
int syncml_wbxml_encode(const char *xml, size_t xml_len, uint8_t *out,
			size_t cap, size_t *len, struct err *e) DM_CHECK;

/*
 * WBXML of public id 0x0fd3 or 0x1201 to XML, NUL-terminated. Octets may come
 * from anywhere: wbxml_scan() sees them first. A type that ends in +wbxml comes
 * out as +xml, an opaque NextNonce as base64. Returns as above; on error
 * *out_len is untouched.
 */
int syncml_wbxml_decode(const uint8_t *in, size_t len, char *out, size_t cap,
			size_t *out_len, struct err *e) DM_CHECK;

#endif
