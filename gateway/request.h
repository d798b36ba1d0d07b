/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.h - the parameters of every method, as tables
 *
 * The names are those of the command line's options, too. Pure.
 */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "gateway/fields.h"
#include "notif/digest.h"

enum decode_as {		/* what the octets are taken for */
	DECODE_AUTO,
	DECODE_TRIGGER,
	DECODE_PACKAGE0,
	DECODE_WSP,
	DECODE_SMS,
	DECODE_PDU,
};

enum dm_version {
	DM_VERSION_112,
	DM_VERSION_12,
};

#define REQUEST_UNSET (-1)	/* a number that did not come */

/* Texts are borrowed from the JSON, NULL where they did not come. */
struct notify_request {
	const char *to;
	const char *from;
	const char *smsc_id;

	struct digest_source key;	/* server-id, credential, nonce */

	int32_t dm_version;		/* enum dm_version */
	int32_t version_field;
	int32_t ui_mode;		/* enum ui_mode */
	int32_t server_initiated;
	int32_t session_id;		/* or REQUEST_UNSET */
	const char *vendor_hex;
	const char *quirks;

	int32_t tid;
	int32_t push_flag;		/* or REQUEST_UNSET */
	int32_t content_length;
	int32_t encoding_version;
	int32_t dest_port;
	int32_t source_port;
	int32_t concat;
	int32_t reference;		/* or REQUEST_UNSET */
	int32_t dcs;

	int32_t until;			/* enum job_reached */
	int32_t expires_s;		/* or REQUEST_UNSET */
	int32_t dry_run;
};

struct job_request {			/* job.get, job.cancel */
	const char *job;
};

struct job_list_request {
	const char *state;
	const char *to;
	const char *after;		/* a job: the page begins behind it */
	int32_t limit;
};

/* What decode and verify take from the command line. */
struct decode_request {
	int32_t as;			/* enum decode_as */
	struct digest_source key;	/* all NULL: nothing to verify */
};

extern const struct field request_notify_fields[];
extern const struct field request_job_fields[];
extern const struct field request_job_list_fields[];
extern const struct field request_decode_fields[];
extern const struct field request_verify_fields[];	/* a decode_request */
extern const struct field request_no_fields[];

extern const struct field_choice request_dm_versions[];
extern const struct field_choice request_until[];
extern const struct field_choice request_decode_as[];

#endif
