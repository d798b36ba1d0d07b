/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_wbxml.h - client provisioning documents as WBXML
 *
 * Spec: OMA-WAP-TS-ProvCont-V1_1, 8; WAP-192-WBXML 1.3. Public id 0x0b, WBXML
 * 1.3, UTF-8. The encoder writes the one form that every decoder known reads:
 * no string table; a value is a token only as a whole, of page 0, in a parm
 * that takes enumerated values; all else is an inline string. cp_encode.c
 * writes, cp_decode.c reads.
 */
#ifndef BOOTSTRAP_CP_WBXML_H
#define BOOTSTRAP_CP_WBXML_H

#include <stdint.h>

#include "bootstrap/cp_doc.h"

/* Returns DM_OK, DM_ENOSPC, or DM_EINVAL (a text that XML cannot hold). */
int cp_wbxml_encode(const struct cp_doc *doc, uint8_t *out, size_t cap,
		    size_t *len) DM_CHECK;

/*
 * Reads any legal form: string table, inline strings, both assignments of the
 * page-1 values (80 to 83, 90 to 93), value tokens inside strings, page
 * switches, entities, tags as literals; UTF-8, US-ASCII, ISO-8859-1. Returns
 * DM_OK; DM_EPROTO with *e (field "wbxml", offset and reason); DM_ENOSPC with
 * *e (arena, CP_DEPTH_MAX).
 */
int cp_wbxml_decode(struct arena *a, const uint8_t *in, size_t len,
		    struct cp_doc *doc, struct err *e) DM_CHECK;

#endif
