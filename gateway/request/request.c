/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/request.h"

#include "bootstrap/lint.h"
#include "bootstrap/profile.h"
#include "gateway/job/job.h"
#include "gateway/job/session.h"
#include "gateway/request/device.h"
#include "notif/notif.h"
#include "wap/imsi.h"
#include "wap/sms_pdu.h"
#include "wap/transport.h"

#define PROFILE_PATH_MAX 4000	/* dmbox encode takes a file, too */
#define WBXML_HEX_MAX (4 * SEGMENTS_MAX * SEGMENT_OCTETS_MAX)

const struct field_choice request_dm_versions[] = {
	{ "1.1.2", DM_VERSION_112 },
	{ "1.2", DM_VERSION_12 },
	{ NULL, 0 },
};

const struct field_choice request_until[] = {
	{ "taken", REACHED_TAKEN },
	{ "delivered", REACHED_DELIVERED },
	{ "session", REACHED_SESSION },
	{ NULL, 0 },
};

static const struct field_choice ui_modes[] = {
	{ "not-specified", UI_MODE_NOT_SPECIFIED },
	{ "background", UI_MODE_BACKGROUND },
	{ "informative", UI_MODE_INFORMATIVE },
	{ "user-interaction", UI_MODE_USER_INTERACTION },
	{ NULL, 0 },
};

static const struct field_choice initiators[] = {
	{ "client", false },
	{ "server", true },
	{ NULL, 0 },
};

static const struct field_choice on_busy[] = {
	{ "join", BUSY_JOIN },
	{ "supersede", BUSY_SUPERSEDE },
	{ "refuse", BUSY_REFUSE },
	{ NULL, 0 },
};

static const struct field_choice concats[] = {
	{ "8", UDH_CONCAT_8 },
	{ "16", UDH_CONCAT_16 },
	{ NULL, 0 },
};

static const struct field_choice dcs[] = {
	{ "0x04", SMS_DCS_8BIT },
	{ "0xf5", SMS_DCS_8BIT_CLASS1 },
	{ "0x15", SMS_DCS_8BIT_CLASS1_GENERAL },
	{ NULL, 0 },
};

static const struct field_choice create_account[] = {
	{ "anew", CREATE_ACCOUNT_ANEW },
	{ NULL, 0 },
};

static const struct field_choice secs[] = {
	{ "NETWPIN", MAC_NETWPIN },
	{ "USERPIN", MAC_USERPIN },
	{ "USERNETWPIN", MAC_USERNETWPIN },
	{ "USERPINMAC", MAC_USERPINMAC },
	{ "none", MAC_SEC_NONE },
	{ NULL, 0 },
};

static const struct field_choice netwpin_orders[] = {
	{ "imsi-pin", NETWPIN_IMSI_PIN },
	{ "pin:imsi", NETWPIN_PIN_IMSI },
	{ NULL, 0 },
};

static const struct field_choice session_events[] = {
	{ "started", SESSION_STARTED },
	{ "ended", SESSION_ENDED },
	{ NULL, 0 },
};

const struct field_choice request_decode_as[] = {
	{ "auto", DECODE_AUTO },
	{ "trigger", DECODE_TRIGGER },
	{ "package0", DECODE_PACKAGE0 },
	{ "wbxml", DECODE_WBXML },
	{ "wsp", DECODE_WSP },
	{ "sms", DECODE_SMS },
	{ "pdu", DECODE_PDU },
	{ NULL, 0 },
};

/* The tables read best with one line a field. */
#define AT(member) offsetof(struct THIS, member)
#define TEXT(name, flags, member, min, max, help) \
	{ name, FIELD_TEXT, flags, AT(member), min, max, 0, NULL, help }
#define NUMBER(name, flags, member, min, max, unset, help) \
	{ name, FIELD_NUMBER, flags, AT(member), min, max, unset, NULL, help }
#define CHOICE(name, member, choices, unset, help) \
	{ name, FIELD_CHOICE, 0, AT(member), 0, 0, unset, choices, help }
#define CODE(name, member, choices, unset, help) \
	{ name, FIELD_CODE, 0, AT(member), 0, 0, unset, choices, help }
#define FLAG(name, member, help) \
	{ name, FIELD_FLAG, 0, AT(member), 0, 0, 0, NULL, help }
#define END { NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL }

#define NONCE_FIELDS \
	TEXT("nonce", 0, key.nonce, 0, 172, \
	     "B64: the nonce, as base64 of its octets"), \
	TEXT("nonce-hex", 0, key.nonce_hex, 0, 512, \
	     "HEX: the nonce, as hexadecimal; '' is the empty nonce"), \
	TEXT("nonce-text", 0, key.nonce_text, 0, 128, \
	     "TEXT: the nonce, as these very characters")

#define KEY_FIELDS \
	TEXT("password", 0, key.password, 0, 1024, \
	     "PW: the server's password"), \
	TEXT("credential", 0, key.credential, 24, 24, \
	     "B64: B64(MD5(name:password)) instead of it"), \
	TEXT("auth-name", 0, key.auth_name, 1, 255, \
	     "NAME: AAuthName, where it is not the server-id"), \
	NONCE_FIELDS

#define DELIVERY_FIELDS \
	TEXT("to", FIELD_REQUIRED, delivery.to, 1, 64, \
	     "MSISDN|NAME: the device"), \
	TEXT("from", 0, delivery.from, 1, JOB_SENDER_SIZE - 1, \
	     "TEXT: the SMS's sender, instead of the configured one"), \
	TEXT("smsc-id", 0, delivery.smsc_id, 1, JOB_SMSC_ID_SIZE - 1, \
	     "TEXT: bearerbox's smsc-id to send through"), \
	TEXT("route", 0, delivery.route, 1, JOB_ROUTE_SIZE - 1, \
	     "NAME: a route of dmboxd, or bearerbox"), \
	CHOICE("until", delivery.until, request_until, REQUEST_UNSET, \
	       "taken|delivered|session: when the job is done"), \
	NUMBER("expires-s", 0, delivery.expires_s, 1, REQUEST_EXPIRES_S_MAX, \
	       REQUEST_UNSET, "S: seconds until the job expires"), \
	TEXT("key", 0, delivery.key, 1, JOB_KEY_MAX, \
	     "TEXT: the same key again gives the same job again"), \
	FLAG("dry-run", delivery.dry_run, "encode and answer, send nothing")

#define TRANSPORT_FIELDS \
	NUMBER("tid", FIELD_TEST, transport.tid, 1, 255, 1, \
	       "N: WSP transaction id, 1 to 255"), \
	NUMBER("push-flag", 0, transport.push_flag, 0, WSP_PUSH_FLAG_MAX, \
	       REQUEST_UNSET, \
	       "N: Push-Flag header, 1 authenticated + 2 trusted + 4 last"), \
	FLAG("content-length", transport.content_length, \
	     "with a Content-Length header"), \
	{ "encoding-version", FIELD_WSP_VERSION, 0, \
	  AT(transport.encoding_version), 0, 0, 0, NULL, \
	  "V: Encoding-Version header, like 1.5" }, \
	NUMBER("dest-port", 0, transport.dest_port, 0, 65535, \
	       UDH_PORT_WAP_PUSH, "N: destination port"), \
	NUMBER("source-port", 0, transport.source_port, 0, 65535, \
	       UDH_PORT_WSP, "N: source port"), \
	CODE("concat", transport.concat, concats, UDH_CONCAT_8, \
	     "8|16: bits of the concatenation reference"), \
	NUMBER("reference", 0, transport.reference, 0, 65535, REQUEST_UNSET, \
	       "N: concatenation reference, 0 to 255 or 65535"), \
	CODE("dcs", transport.dcs, dcs, SMS_DCS_8BIT, \
	     "0x04|0xf5|0x15: data coding scheme")

#define SECURITY_FIELDS \
	TEXT("imsi", 0, security.imsi, IMSI_DIGITS_MIN, IMSI_DIGITS_MAX, \
	     "DIGITS: the device's IMSI, for its key"), \
	TEXT("pin", 0, security.pin, 1, MAC_OOB_PIN_SIZE - 1, \
	     "TEXT: the PIN that its user types"), \
	TEXT("key-hex", 0, security.key_hex, 2, 2 * MAC_KEY_MAX, \
	     "HEX: the whole key instead, as for CDMA"), \
	CHOICE("netwpin-order", security.netwpin_order, netwpin_orders, \
	       REQUEST_UNSET, "imsi-pin|pin:imsi: of USERNETWPIN's key"), \
	TEXT("quirks", 0, security.quirks, 1, 32, \
	     "NAME: the client's row of dmbox quirks")

#define DEVICE_FIELDS(member) \
	TEXT("device", 0, member device, 1, DEVICE_NAME_MAX, \
	     "NAME: the device, by its name"), \
	TEXT("dev-id", 0, member dev_id, 1, DEVICE_ID_MAX, \
	     "ID: the device, by its DevInfo/DevId"), \
	TEXT("to", 0, member to, 1, DEVICE_NAME_MAX, \
	     "MSISDN|NAME: the device, by either")

const struct field request_notify_fields[] = {
#define THIS notify_request
	DELIVERY_FIELDS,
	TEXT("server-id", FIELD_TEST, key.server_id, 1, 255,
	     "ID: the DM server's identifier, 1 to 255 octets"),
	KEY_FIELDS,
	FLAG("resync", resync,
	     "with the default nonce, once a day for a registered device"),
	CHOICE("dm-version", dm_version, request_dm_versions, REQUEST_UNSET,
	       "1.1.2|1.2: what the device speaks; same octets"),
	NUMBER("version-field", 0, version_field, 0, TRIGGER_VERSION_MAX,
	       TRIGGER_VERSION_DM, "N: the trigger's version, 10 to 12"),
	CHOICE("ui-mode", ui_mode, ui_modes, UI_MODE_NOT_SPECIFIED,
	       "not-specified|background|informative|user-interaction"),
	CHOICE("initiator", server_initiated, initiators, true,
	       "client|server: who caused the session"),
	{ "session-id", FIELD_SESSION_ID, FIELD_TEST, AT(session_id),
	  1, 0xffff, REQUEST_UNSET, NULL, "N: 1 to 65535" },
	CHOICE("on-busy", on_busy, on_busy, BUSY_JOIN,
	       "join|supersede|refuse: if one is in flight"),
	TEXT("vendor-hex", 0, vendor_hex, 0, 3 * NOTIF_VENDOR_MAX,
	     "HEX: the trigger's vendor body"),
	TEXT("quirks", 0, quirks, 1, 32,
	     "NAME: the client's row of dmbox quirks"),

	TRANSPORT_FIELDS,
	END
#undef THIS
};

const struct field request_bootstrap_fields[] = {
#define THIS bootstrap_request
	TEXT("xml", 0, xml, 1, XML_OCTETS_MAX,
	     "XML: a client provisioning document"),
	TEXT("dm-xml", 0, dm_xml, 1, XML_OCTETS_MAX,
	     "XML: a SyncML DM document, the DM profile"),
	TEXT("wbxml-hex", 0, wbxml_hex, 2, WBXML_HEX_MAX,
	     "HEX: a document of either kind, ready-made"),
	TEXT("profile", 0, profile, 1, PROFILE_PATH_MAX,
	     "NAME: a document made from fields: see dmbox profile list"),
	{ "fields", FIELD_OBJECT, 0, AT(fields), 0, PROFILE_FIELDS_MAX, 0,
	  NULL, "the profile's fields" },
	{ "create-account", FIELD_FLAG, 0, AT(create_account), 0, 0, 0,
	  create_account, "[=anew]: make new credentials for a registered "
	  "device;\n"
	  "                       anew: also for one that has some" },
	{ "sec", FIELD_CHOICE, FIELD_REQUIRED, AT(sec), 0, 0, 0, secs,
	  "NETWPIN|USERPIN|USERNETWPIN|USERPINMAC|none: who signs" },
	SECURITY_FIELDS,
	TEXT("initiator-uri", 0, initiator_uri, 1, 255,
	     "URI: X-Wap-Initiator-URI header"),
	TEXT("ms-desc", 0, ms_desc, 1, 255,
	     "TEXT: X-MS-DESC header, shown by Windows Mobile"),
	NUMBER("segments-max", 0, segments_max, 1, SEGMENTS_MAX,
	       LINT_SEGMENTS_MAX, "N: more SMS than this are an error"),
	FLAG("force", force, "send it though it has errors"),
	DELIVERY_FIELDS,
	TRANSPORT_FIELDS,
	END
#undef THIS
};

const struct field request_job_fields[] = {
#define THIS job_request
	TEXT("job", FIELD_REQUIRED, job, 1, 19, "JOB: its identifier"),
	END
#undef THIS
};

const struct field request_job_list_fields[] = {
#define THIS job_list_request
	TEXT("state", 0, state, 1, 16, "STATE: only jobs in this state"),
	TEXT("to", 0, to, 1, 16, "MSISDN: only jobs for this number"),
	TEXT("device", 0, device, 1, DEVICE_NAME_MAX,
	     "NAME: only jobs for this registered device"),
	TEXT("after", 0, after, 1, 19, "JOB: the page after this job"),
	NUMBER("limit", 0, limit, 1, 1000, 100, "N: at most so many"),
	END
#undef THIS
};

const struct field request_event_subscribe_fields[] = {
#define THIS event_subscribe_request
	{ "after", FIELD_CURSOR, 0, AT(after), 0, 0, 0, NULL,
	  "N: events behind this cursor; default: those to come" },
	TEXT("job", 0, job, 1, 19, "JOB: only events of this job"),
	TEXT("to", 0, to, 1, 16, "MSISDN: only events of this number"),
	TEXT("device", 0, device, 1, DEVICE_NAME_MAX,
	     "NAME: only events of this registered device"),
	{ "states", FIELD_LIST, 0, AT(states), 1, JOB_STATES, 0, NULL,
	  "only events that leave a job in one of these states" },
	END
#undef THIS
};

const struct field request_backup_fields[] = {
#define THIS backup_request
	TEXT("file", FIELD_REQUIRED, file, 1, 4000, "FILE: the copy"),
	END
#undef THIS
};

const struct field request_session_fields[] = {
#define THIS session_request
	TEXT("job", 0, job, 1, 19, "JOB: the notification, or"),
	DEVICE_FIELDS(device.),
	TEXT("server-id", 0, server_id, 1, 255,
	     "ID: its DM server; default: as registered, or any"),
	{ "session-id", FIELD_SESSION_ID, 0, AT(session_id), 1, 0xffff,
	  REQUEST_UNSET, NULL, "N: the id that the session has" },
	CHOICE("event", event, session_events, REQUEST_UNSET,
	       "started|ended: what the session has"),
	NUMBER("result", 0, result, 0, SESSION_RESULT_MAX, REQUEST_UNSET,
	       "N: result code of its Generic Alert"),
	TEXT("alert-type", 0, alert_type, 1, SESSION_ALERT_TYPE_SIZE - 1,
	     "TEXT: Meta/Type of that alert"),
	TEXT("correlator", 0, correlator, 1, SESSION_CORRELATOR_SIZE - 1,
	     "TEXT: Correlator of that alert"),
	NONCE_FIELDS,
	{ "reports", FIELD_OBJECTS, 0, AT(reports), 1, SESSION_REPORTS_MAX, 0,
	  NULL, "reports of many sessions" },
	END
#undef THIS
};

const struct field request_decode_fields[] = {
#define THIS decode_request
	{ "hex", FIELD_LIST, 0, AT(hex), 1, DECODE_ITEMS_MAX, 0, NULL,
	  "the octets, each item a text" },
	CHOICE("as", as, request_decode_as, DECODE_AUTO,
	       "auto|trigger|package0|wbxml|wsp|sms|pdu: what they are"),
	TEXT("server-id", 0, key.server_id, 0, 255,
	     "ID: the DM server's identifier; default: the message's"),
	KEY_FIELDS,
	SECURITY_FIELDS,
	FLAG("show-secrets", show_secrets,
	     "show passwords and nonces of a document"),
	END
#undef THIS
};

const struct field request_verify_fields[] = {
#define THIS decode_request
	TEXT("server-id", FIELD_REQUIRED, key.server_id, 0, 255,
	     "ID: the DM server's identifier"),
	KEY_FIELDS,
	END
#undef THIS
};

const struct field request_device_fields[] = {
#define THIS device_key
	DEVICE_FIELDS(),
	END
#undef THIS
};

const struct field request_device_put_fields[] = {
#define THIS device_put_request
	TEXT("device", FIELD_REQUIRED, device, 1, DEVICE_NAME_MAX,
	     "NAME: its name"),
	TEXT("msisdn", 0, msisdn, 5, MSISDN_SIZE - 1,
	     "MSISDN: its number; a new device needs one"),
	TEXT("imsi", 0, imsi, IMSI_DIGITS_MIN, IMSI_DIGITS_MAX,
	     "DIGITS: its IMSI, which signs bootstraps"),
	TEXT("dev-id", 0, dev_id, 1, DEVICE_ID_MAX,
	     "ID: its DevInfo/DevId, like IMEI:..."),
	TEXT("server-id", 0, key.server_id, 1, 255,
	     "ID: its DM server's identifier"),
	KEY_FIELDS,
	CHOICE("dm-version", dm_version, request_dm_versions, REQUEST_UNSET,
	       "1.1.2|1.2: what it speaks"),
	TEXT("quirks", 0, quirks, 1, 32,
	     "NAME: its client's row of dmbox quirks"),
	TEXT("route", 0, route, 1, JOB_ROUTE_SIZE - 1,
	     "NAME: a route of dmboxd, or bearerbox"),
	END
#undef THIS
};

const struct field request_device_list_fields[] = {
#define THIS device_list_request
	TEXT("to", 0, to, 1, 16, "MSISDN: only devices with this number"),
	TEXT("after", 0, after, 1, DEVICE_NAME_MAX,
	     "NAME: the page after this device"),
	NUMBER("limit", 0, limit, 1, 1000, 100, "N: at most so many"),
	FLAG("secrets", secrets, "with IMSIs, credentials and nonces"),
	END
#undef THIS
};

const struct field request_nonce_put_fields[] = {
#define THIS nonce_put_request
	DEVICE_FIELDS(device.),
	NONCE_FIELDS,
	END
#undef THIS
};

const struct field request_no_fields[] = { END };
