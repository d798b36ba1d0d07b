/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.h - the parameters of every method, as tables
 *
 * The names are those of the command line's options, too. Pure.
 */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "bootstrap/mac.h"
#include "gateway/request/fields.h"
#include "notif/digest.h"

enum decode_as {		/* what the octets are taken for */
	DECODE_AUTO,
	DECODE_TRIGGER,
	DECODE_PACKAGE0,
	DECODE_WBXML,
	DECODE_WSP,
	DECODE_SMS,
	DECODE_PDU,
};

enum dm_version {
	DM_VERSION_112,
	DM_VERSION_12,
};

enum create_account {
	CREATE_ACCOUNT_NOT,
	CREATE_ACCOUNT,		/* of a device without credentials */
	CREATE_ACCOUNT_ANEW,	/* of any: they replace those that it has */
};

#define REQUEST_UNSET (-1)	/* a number that did not come */
#define REQUEST_EXPIRES_S_MAX 31536000	/* seconds: a year */
#define DECODE_ITEMS_MAX 4096	/* in one decode */
#define SESSION_REPORTS_MAX 1000	/* in one session.report */

/* Texts are borrowed from the JSON, NULL where they did not come. */

struct delivery_request {		/* to whom, and how long */
	const char *to;
	const char *from;
	const char *smsc_id;
	const char *route;
	int32_t until;			/* enum job_reached, or REQUEST_UNSET */
	int32_t expires_s;		/* or REQUEST_UNSET */
	const char *key;
	int32_t dry_run;
};

struct transport_request {		/* the push and the SMS around it */
	int32_t tid;
	int32_t push_flag;		/* or REQUEST_UNSET */
	int32_t content_length;
	int32_t encoding_version;
	int32_t dest_port;
	int32_t source_port;
	int32_t concat;
	int32_t reference;		/* or REQUEST_UNSET */
	int32_t dcs;
};

struct notify_request {
	struct delivery_request delivery;
	struct digest_source key;	/* server-id, credential, nonce */

	int32_t resync;			/* with the default nonce */
	int32_t dm_version;		/* enum dm_version, or REQUEST_UNSET */
	int32_t version_field;
	int32_t ui_mode;		/* enum ui_mode */
	int32_t server_initiated;
	int32_t session_id;		/* or REQUEST_UNSET */
	int32_t on_busy;		/* enum on_busy */
	const char *vendor_hex;
	const char *quirks;

	struct transport_request transport;
};

struct security_request {		/* what a MAC is made of */
	const char *imsi;
	const char *pin;
	const char *key_hex;
	int32_t netwpin_order;		/* or REQUEST_UNSET: the client's */
	const char *quirks;
};

struct bootstrap_request {
	struct delivery_request delivery;

	const char *xml;		/* one of these four */
	const char *dm_xml;
	const char *wbxml_hex;
	const char *profile;
	json_t *fields;			/* of the profile; an object, or NULL */
	int32_t create_account;		/* enum create_account */

	int32_t sec;			/* enum mac_sec */
	struct security_request security;
	const char *initiator_uri;
	const char *ms_desc;
	int32_t segments_max;
	int32_t force;

	struct transport_request transport;
};

struct job_request {			/* job.get, job.cancel */
	const char *job;
};

struct job_list_request {
	const char *state;
	const char *to;
	const char *device;
	const char *after;		/* a job: the page begins behind it */
	int32_t limit;
};

struct backup_request {
	const char *file;
};

struct event_subscribe_request {
	int64_t after;			/* a cursor, or -1 */
	const char *job;
	const char *to;
	const char *device;
	json_t *states;			/* texts, or NULL */
};

struct device_key {			/* which device: one of these */
	const char *device;		/* its name */
	const char *dev_id;		/* its DevInfo/DevId */
	const char *to;			/* its name or its MSISDN */
};

struct session_request {		/* session.report */
	const char *job;
	struct device_key device;	/* instead of it */
	const char *server_id;
	int32_t session_id;		/* or REQUEST_UNSET */
	int32_t event;			/* enum session_event, REQUEST_UNSET */
	int32_t result;			/* or REQUEST_UNSET */
	const char *alert_type;
	const char *correlator;
	struct digest_source key;	/* only a nonce in it */
	json_t *reports;		/* objects instead of all these */
};

struct decode_request {
	json_t *hex;			/* texts, or NULL */
	int32_t as;			/* enum decode_as */
	struct digest_source key;	/* all NULL: nothing to verify */
	struct security_request security;	/* the same */
	int32_t show_secrets;
};

struct device_put_request {		/* NULL, unset: stays as it is */
	const char *device;
	const char *msisdn;
	const char *imsi;
	const char *dev_id;
	struct digest_source key;
	int32_t dm_version;		/* enum dm_version, or REQUEST_UNSET */
	const char *quirks;
	const char *route;
};

struct device_list_request {
	const char *to;			/* an MSISDN */
	const char *after;		/* a name: the page begins behind it */
	int32_t limit;
	int32_t secrets;
};

struct nonce_put_request {
	struct device_key device;
	struct digest_source key;	/* only a nonce in it */
};

extern const struct field request_notify_fields[];
extern const struct field request_bootstrap_fields[];
extern const struct field request_job_fields[];
extern const struct field request_job_list_fields[];
extern const struct field request_event_subscribe_fields[];
extern const struct field request_backup_fields[];
extern const struct field request_session_fields[];
extern const struct field request_decode_fields[];
extern const struct field request_verify_fields[];	/* a decode_request */
extern const struct field request_device_fields[];	/* a device_key */
extern const struct field request_device_put_fields[];
extern const struct field request_device_list_fields[];
extern const struct field request_nonce_put_fields[];
extern const struct field request_no_fields[];

extern const struct field_choice request_dm_versions[];
extern const struct field_choice request_until[];
extern const struct field_choice request_decode_as[];

#endif
