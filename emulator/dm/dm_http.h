/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_http.h - requests over HTTP and HTTPS, one connection each
 *
 * The only file of the emulator with libevent's HTTP and with TLS. Of an HTTPS
 * server the certificate is verified, and that it is for the host of the URL.
 */
#ifndef EMULATOR_DM_HTTP_H
#define EMULATOR_DM_HTTP_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#include "wap/err.h"

#define DM_HTTP_TIMEOUT_S 60		/* without an octet */

struct dm_http;
struct dm_http_call;

/*
 * ca_file has the certificates that are believed, PEM; NULL: those of the
 * system. Returns NULL with *e if it cannot be read.
 */
struct dm_http *dm_http_new(struct event_base *base, const char *ca_file,
			    struct err *e);

/* After all of its calls. */
void dm_http_free(struct dm_http *h);

/* What an answer with the body begins with; for its time only. */
struct dm_http_begin {
	size_t from;			/* octets before it: as asked for, or 0 */
	size_t total;			/* of all of it; 0: nobody says */
	const char *validator;		/* for the rest of it; "": none */
};

struct dm_http_response {
	const char *why;		/* NULL: it succeeded, with status 200
					 * or 206 */
	bool too_large;			/* more octets than the request takes */
	bool timed_out;
	int status;			/* 0: none */
	const char *content_type;	/* "" if there is none */
	const char *digest;		/* the header Digest, or NULL */
	const void *body;		/* NULL if on_octets has had it */
	size_t len;			/* octets */
};

/* All is borrowed for the call of dm_http_start() only. */
struct dm_http_request {
	const char *url;		/* http:// or https:// */
	const char *content_type;	/* of a POST; NULL: a GET */
	const void *body;
	size_t len;			/* octets */
	size_t answer_max;		/* octets, with those before from */
	unsigned seconds_max;		/* for all of it, however slow it is */

	/*
	 * Asks for what is behind so many octets, if it is still the same
	 * (RFC 9110: Range, If-Range). 0: for all of it.
	 */
	size_t from;
	const char *validator;

	/* For who takes the body as it comes; both or none. */
	void (*on_begin)(void *arg, const struct dm_http_begin *b);
	void (*on_octets)(void *arg, const void *octets, size_t len);

	/* Once, and never inside dm_http_start(); *r is for its time only. */
	void (*on_done)(void *arg, const struct dm_http_response *r);
	void *arg;
};

struct dm_http_call *dm_http_start(struct dm_http *h,
				   const struct dm_http_request *request);

/* Cancels it if it is not done. Not inside its own functions. */
void dm_http_call_free(struct dm_http_call *c);

#endif
