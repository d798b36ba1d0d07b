/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wsp_push.h - WSP connectionless Push PDU
 *
 * Spec: WAP-230-WSP, 8.2.4.1 (Push), 8.4 (header encoding); OMA DM
 * Notification 1.2, 6.3.1 says which headers a DM notification has.
 *
 *	TID 06 <length> <content-type> [headers] <body>
 *
 * The decoder reports what stands there: also a TID of 0, a confirmed push or
 * a header that nobody knows. What a sender may say is checked by the caller.
 */
#ifndef WAP_WSP_PUSH_H
#define WAP_WSP_PUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/bits.h"
#include "wap/err.h"

#define WSP_HEADERS_MAX 16	/* headers of one push, decoded or encoded */
#define WSP_HEADER_OCTETS_MAX 1024	/* octets of all, encoded; our bound */

/* OMA DM Notification 1.2, 6.3.1: WDP and WSP headers together, octets. */
#define WSP_DM_HEADERS_MAX 48

enum wsp_pdu_type {
	WSP_PUSH = 0x06,
	WSP_CONFIRMED_PUSH = 0x07,
};

/* WSP 1.5 content type codes, table 40; 0x80 is added on the wire. */
enum wsp_content_type {
	WSP_CONNECTIVITY_WBXML = 0x36,	/* OMA client provisioning */
	WSP_SYNCML_DM_WBXML = 0x42,
	WSP_SYNCML_NOTIFICATION = 0x44,
};

/* WINA push application ids. */
enum wsp_application {
	WSP_APPLICATION_SYNCML_DM = 0x07,
};

/* Header codes of code page 1; 0x80 is added on the wire. */
enum wsp_header_code {
	WSP_CONTENT_LENGTH = 0x0d,
	WSP_APPLICATION_ID = 0x2f,
	WSP_INITIATOR_URI = 0x31,
	WSP_PUSH_FLAG = 0x34,
	WSP_ENCODING_VERSION = 0x43,
};

/* WSP 1.5, table 38: parameters of a content type; 0x80 is added. */
enum wsp_param_code {
	WSP_PARAM_Q = 0x00,		/* its value is a uintvar */
	WSP_PARAM_SEC = 0x11,
	WSP_PARAM_MAC = 0x12,
};

#define WSP_PUSH_FLAG_MAX 7	/* 1 authenticated, 2 trusted, 4 last */

/*
 * A value as it stands in the message. Exactly one form: text, if text is not
 * NULL; else raw octets, if raw is not NULL; else number.
 */
struct wsp_value {
	uint32_t number;	/* short or long integer */
	const char *text;	/* borrowed; not counting the NUL */
	size_t text_len;	/* octets */
	const uint8_t *raw;	/* borrowed; neither a number nor a text */
	size_t raw_len;		/* octets */
};

struct wsp_header {
	uint8_t code;		/* 0..0x7f, where name is NULL */
	const char *name;	/* borrowed; a header named in text */
	size_t name_len;	/* octets */
	struct wsp_value value;
	size_t offset;		/* decoded: where the header begins, octets */
	size_t len;		/* decoded: octets of the whole header */
};

struct wsp_param {
	uint32_t code;		/* where name is NULL */
	const char *name;	/* borrowed; a parameter named in text */
	size_t name_len;	/* octets */
	struct wsp_value value;	/* a quoted text comes without its quote */
};

struct wsp_push {
	uint8_t tid;
	uint8_t pdu_type;		/* enum wsp_pdu_type */
	struct wsp_value content_type;	/* number or text */
	const uint8_t *params;		/* its parameters as octets; borrowed */
	size_t params_len;		/* octets; 0: no parameters */
	struct wsp_header headers[WSP_HEADERS_MAX];
	size_t n_headers;
	const uint8_t *body;		/* borrowed */
	size_t body_len;		/* octets */
	size_t headers_offset;		/* decoded: where the content type is */
	size_t body_offset;		/* decoded: octets before the body */
};

/*
 * Adds a header; asserts that there is room. With a code: a number or a text;
 * with a name: a text. Texts are borrowed.
 */
void wsp_push_add(struct wsp_push *p, enum wsp_header_code code,
		  uint32_t number);
void wsp_push_add_text(struct wsp_push *p, enum wsp_header_code code,
		       const char *text);
void wsp_push_add_named(struct wsp_push *p, const char *name,
			const char *text);

/*
 * Writes p to out and its length to *len. Numbers below 128 go as short
 * integers, others as long ones; .offset and .len are ignored. Returns DM_OK,
 * DM_ENOSPC (cap, or more than WSP_HEADER_OCTETS_MAX) or DM_ERANGE (a header
 * code over 0x7f, a text with a NUL inside, a name that does not begin with a
 * printable character, raw octets for a content type); on error *len is
 * untouched.
 */
int wsp_push_encode(const struct wsp_push *p, uint8_t *out, size_t cap,
		    size_t *len) DM_CHECK;

/*
 * Reads a push; pointers in *p borrow from in. Returns DM_OK or DM_EPROTO (not
 * a Push PDU, cut short, malformed headers, more than WSP_HEADERS_MAX); on
 * error *p is untouched.
 */
int wsp_push_decode(struct wsp_push *p, const uint8_t *in, size_t len)
	DM_CHECK;

/*
 * Takes the next parameter from a reader over wsp_push.params; on an error,
 * which sticks in r, it is undefined.
 */
struct wsp_param wsp_param_get(struct reader *r);

/* The value of the first header with this code, NULL if there is none. */
const struct wsp_value *wsp_push_find(const struct wsp_push *p,
				      enum wsp_header_code code);

/*
 * The media type as text: a text content type itself, or the name of a known
 * code; NULL for a code that is not in our table. *len gets its octets.
 */
const char *wsp_content_type_name(const struct wsp_value *v, size_t *len);

/*
 * The content type's code, whether it came as a number or as text; -1 if it
 * is not in our table.
 */
int wsp_content_type_code(const struct wsp_value *v);

/* "X-Wap-Application-Id"; NULL for a code that is not in our table. */
const char *wsp_header_name(uint8_t code);

/* "x-wap-application:syncml.dm"; NULL for an id that is not in our table. */
const char *wsp_application_name(uint32_t id);

#endif
