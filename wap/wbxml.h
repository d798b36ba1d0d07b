/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wbxml.h - the head of a WBXML document: what is it?
 *
 * Spec: WAP-192-WBXML 1.3, 5.4: version, public identifier (a number, or 0 and
 * an offset into the string table), charset, string table.
 */
#ifndef WAP_WBXML_H
#define WAP_WBXML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

#define WBXML_CHARSET_UTF8 106		/* IANA MIBenum */

enum wbxml_public_id {
	/* -//WAPFORUM//DTD PROV 1.0//EN */
	WBXML_PUBLIC_PROV = 0x0b,
	/* -//SYNCML//DTD SyncML 1.1//EN, of DM 1.1.2 */
	WBXML_PUBLIC_SYNCML_11 = 0x0fd3,
	/* -//SYNCML//DTD SyncML 1.2//EN */
	WBXML_PUBLIC_SYNCML_12 = 0x1201,
};

struct wbxml_head {
	uint8_t version;		/* 0x03 is 1.3 */
	uint32_t public_id;		/* also where it came as a known text */
	uint32_t charset;		/* MIBenum; 0: unknown */
	const uint8_t *strings;		/* the string table; borrowed */
	size_t strings_len;		/* octets */
	size_t len;			/* octets of the whole head */
};

/*
 * Does this text begin at the offset of a string table? It ends with a NUL, or
 * with the table: clients built from the SyncML Reference Toolkit leave the NUL
 * out.
 */
bool wbxml_has_text(const uint8_t *strings, size_t strings_len, size_t offset,
		    const char *text);

/*
 * Reads the head of a document. A public identifier given as text is looked up
 * among those above, 1 ("unknown") if it is none of them. Returns DM_OK or
 * DM_EPROTO (cut short, another major version than 1, an offset behind the
 * string table); on error *h is untouched.
 */
int wbxml_head_decode(struct wbxml_head *h, const uint8_t *in, size_t len)
	DM_CHECK;

#endif
