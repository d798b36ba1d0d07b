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

/*
 * Octets before the body. The longest are a bootstrap's: 4 of TID, type and
 * length; 67 of content type with 64 of parameters; 6 of application id; 257
 * of initiator URI; 2, 6 and 3 of Push-Flag, Content-Length and
 * Encoding-Version; 267 of X-MS-DESC. A notification's are WSP_DM_HEADERS_MAX.
 */
#define TRANSPORT_WSP_HEADERS_MAX 612
#define TRANSPORT_TEXT_MAX 255	/* octets of initiator URI and X-MS-DESC */

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

struct transport_bootstrap {
	enum wsp_content_type type;
	const uint8_t *params;	/* of the content type, as octets */
	size_t params_len;	/* octets, 0..64 */
	int application;	/* enum wsp_application; -1: no header */
	const char *initiator_uri;	/* printable ASCII without blanks, 1
					 * to TRANSPORT_TEXT_MAX octets;
					 * NULL: no header */
	const char *ms_desc;	/* what Windows Mobile shows to the user:
				 * UTF-8 without controls, 1 to
				 * TRANSPORT_TEXT_MAX octets; NULL: no header */
	const uint8_t *body;
	size_t body_len;	/* octets */
};

/*
 * Wraps a bootstrap into a WSP push:
 *
 *	content-type;params [X-Wap-Application-Id] [X-Wap-Initiator-URI]
 *	[Push-Flag] [Content-Length] [Encoding-Version] [X-MS-DESC]
 *
 * Returns DM_OK; DM_EINVAL (initiator-uri, ms-desc); DM_ENOSPC. On error, with
 * *e, *len is untouched.
 */
int transport_wrap_bootstrap(const struct transport *t,
			     const struct transport_bootstrap *b, uint8_t *out,
			     size_t cap, size_t *len, struct err *e) DM_CHECK;

#endif
