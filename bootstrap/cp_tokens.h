/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_tokens.h - the tokens of client provisioning documents
 *
 * Spec: OMA-WAP-TS-ProvCont-V1_1, its WBXML token tables. Elements are tokens
 * of tag page 0. Attributes have two code pages, 0 for what version 1.0 has
 * and 1 for what 1.1 added. Below 80 a token begins an attribute, alone or
 * with its value; from 80 on it is a value or a piece of one. More tokens are
 * read than written: what decoders disagree about, and what page 0 has, too,
 * is read only.
 */
#ifndef BOOTSTRAP_CP_TOKENS_H
#define BOOTSTRAP_CP_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

enum wbxml_token {			/* WAP-192-WBXML 1.3, 7.1 */
	WBXML_SWITCH_PAGE = 0x00,
	WBXML_END = 0x01,
	WBXML_ENTITY = 0x02,
	WBXML_STR_I = 0x03,
	WBXML_LITERAL = 0x04,
	WBXML_EXT_I_0 = 0x40,
	WBXML_EXT_I_2 = 0x42,
	WBXML_PI = 0x43,
	WBXML_EXT_T_0 = 0x80,
	WBXML_EXT_T_2 = 0x82,
	WBXML_STR_T = 0x83,
	WBXML_EXT_0 = 0xc0,
	WBXML_EXT_2 = 0xc2,
	WBXML_OPAQUE = 0xc3,
};

#define WBXML_HAS_CONTENT 0x40		/* added to the token of a tag */
#define WBXML_HAS_ATTRIBUTES 0x80

enum cp_element {
	CP_DOC = 0x05,			/* <wap-provisioningdoc> */
	CP_CHARACTERISTIC = 0x06,	/* <characteristic> */
	CP_PARM = 0x07,			/* <parm> */
};

#define N_CP_ELEMENTS 3

enum cp_attribute {
	CP_VERSION,			/* of a document */
	CP_TYPE,			/* of a characteristic */
	CP_NAME,			/* of a parm */
	CP_VALUE,			/* of a parm */
	N_CP_ATTRIBUTES,
};

/* In XML; of elements, the first is CP_DOC's. */
extern const char *const cp_element_names[N_CP_ELEMENTS];
extern const char *const cp_attribute_names[N_CP_ATTRIBUTES];

struct cp_token {
	uint8_t page;
	uint8_t token;
	enum cp_attribute attribute;
	const char *text;		/* NULL: the attribute alone */
};

/* What a token means; NULL: nothing known. */
const struct cp_token *cp_token_read(uint8_t page, uint8_t token);

/*
 * The token of an attribute with exactly this text, NULL if there is none; text
 * NULL: of the attribute alone, which there always is, in page 0.
 */
const struct cp_token *cp_token_write(enum cp_attribute attribute,
				      const char *text);

/*
 * Are a parm's values, by the specification, out of a list? Only there a value
 * is written as a token: elsewhere one that looks like it is something else,
 * a password or a person's name.
 */
bool cp_is_enumerated(const char *parm);

#endif
