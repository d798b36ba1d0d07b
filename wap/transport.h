/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport.h - what a user may choose about the push around a message
 *
 * Joins wsp_push and segment: a body, whatever it is, becomes a WSP push, and
 * that becomes segments. Notification and bootstrap share it.
 */
#ifndef WAP_TRANSPORT_H
#define WAP_TRANSPORT_H

#include "wap/segment.h"
#include "wap/wsp_push.h"

#define TRANSPORT_WSP_HEADERS_MAX 64	/* octets before the body */

struct transport {
	uint8_t tid;			/* 1..255; 0 only for testers */
	int push_flag;			/* 0..7; -1: no header */
	bool content_length;		/* with a Content-Length header */
	uint8_t encoding_version;	/* 0x15 is 1.5; 0: no header */
	uint8_t dcs;			/* enum sms_dcs */
	struct segment_form form;
};

/* tid 1, 9200 to 2948, 8 bit concatenation, reference 0, dcs 0x04. */
extern const struct transport transport_default;

/*
 * Wraps body into a WSP push:
 *
 *	content-type [Push-Flag] [Content-Length] [Encoding-Version]
 *	X-Wap-Application-Id
 *
 * Returns DM_OK; DM_EINVAL if UDH and WSP headers together exceed
 * WSP_DM_HEADERS_MAX; DM_ENOSPC. On error, with *e, *len is untouched.
 */
int transport_wrap(const struct transport *t, enum wsp_content_type type,
		   enum wsp_application application, const uint8_t *body,
		   size_t body_len, uint8_t *out, size_t cap, size_t *len,
		   struct err *e) DM_CHECK;

#endif
