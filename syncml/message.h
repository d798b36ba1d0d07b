/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.h - a SyncML DM message: what is in it
 *
 * Spec: OMA-SyncML-DMRepPro-V1_1_2, OMA-TS-DM_RepPro-V1_2; names in <> are
 * their elements. How it is read and written is in codec.h, how a new one is
 * put together in compose.h.
 *
 * A text is UTF-8, ends with a NUL and is NULL where its element is missing.
 * All of them are borrowed from the arena into which the message was read, or
 * from whoever composed it.
 */
#ifndef SYNCML_MESSAGE_H
#define SYNCML_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

enum syncml_version {
	SYNCML_11,		/* <VerDTD> 1.1, <VerProto> DM/1.1: DM 1.1.2 */
	SYNCML_12,		/* <VerDTD> 1.2, <VerProto> DM/1.2 */
};

/* The commands of DM. */
enum syncml_verb {
	SYNCML_ADD,
	SYNCML_ALERT,
	SYNCML_ATOMIC,
	SYNCML_COPY,
	SYNCML_DELETE,
	SYNCML_EXEC,
	SYNCML_GET,
	SYNCML_REPLACE,
	SYNCML_RESULTS,
	SYNCML_SEQUENCE,
	SYNCML_STATUS,
};

/* <Cred>. Types are in auth.h. */
struct syncml_cred {
	const char *type;	/* NULL: there is no <Cred> */
	const char *format;	/* "b64" */
	const char *data;	/* a secret */
};

/* <Chal>, of a Status. */
struct syncml_chal {
	const char *type;	/* NULL: there is no <Chal> */
	const char *format;	/* of the nonce: "b64" */
	const char *next_nonce;	/* base64; a secret */
};

/* <Meta> of a command or an item. */
struct syncml_meta {
	const char *format;	/* "chr", "int", "b64", "node", ... */
	const char *type;	/* "text/plain", ... */
	const char *mark;	/* of a Generic Alert: "warning", ... */
	uint32_t size;		/* octets of an object in pieces; 0: none */
};

struct syncml_item {
	const char *target;	/* <Target><LocURI> */
	const char *source;	/* <Source><LocURI> */
	struct syncml_meta meta;
	const char *data;	/* "" where <Data> is empty */
	bool has_tree;		/* <Data> is an element (TNDS), data is "" */
	bool more_data;		/* <MoreData>: the next piece follows */
	struct syncml_item *next;
};

struct syncml_command {
	enum syncml_verb verb;
	uint32_t cmd_id;		/* 1.. */
	bool no_resp;			/* <NoResp>: no Status for it */
	unsigned code;			/* <Data> of Alert and Status; else 0 */
	const char *correlator;		/* of Exec and Alert */
	struct syncml_meta meta;	/* goes for items without their own */
	struct syncml_item *items;	/* in their order */
	struct syncml_command *commands;	/* of Atomic and Sequence */

	/* Of Status and Results: what they answer. */
	uint32_t msg_ref;
	uint32_t cmd_ref;		/* 0: the SyncHdr */
	const char *cmd;		/* of Status: "SyncHdr", "Get", ... */
	const char *target_ref;		/* the first, if there are several */
	const char *source_ref;		/* the first */
	struct syncml_chal chal;	/* of Status */

	struct syncml_command *next;
};

struct syncml_message {
	enum syncml_version version;
	const char *session_id;		/* "1" to "FFFF", as it stands there */
	uint32_t msg_id;		/* 1.. */
	const char *target;		/* <Target><LocURI> */
	const char *source;		/* <Source><LocURI> */
	const char *source_name;	/* <Source><LocName>: who is in Cred */
	const char *resp_uri;		/* where the answer shall go */
	bool no_resp;			/* <NoResp>: no Status at all */
	struct syncml_cred cred;
	uint32_t max_msg_size;		/* octets, of the sender; 0: unlimited */
	uint32_t max_obj_size;		/* octets, as above */
	struct syncml_command *commands;	/* in their order */
	bool final;			/* the last message of its package */
};

/* "Add", ..., "Status". */
const char *syncml_verb_name(enum syncml_verb verb);

/* The item's own format and type, or else those of its command; or NULL. */
const char *syncml_format(const struct syncml_command *c,
			  const struct syncml_item *i);
const char *syncml_type(const struct syncml_command *c,
			const struct syncml_item *i);

/*
 * The Status for a command (cmd_id; 0: for the SyncHdr) of message msg_id;
 * NULL if there is none in m.
 */
const struct syncml_command *
syncml_status_of(const struct syncml_message *m, uint32_t msg_id,
		 uint32_t cmd_id);

#endif
