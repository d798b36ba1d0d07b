/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_dialog.h - what a device says to its DM server in one session
 *
 * Spec: OMA-TS-DM_Protocol-V1_2, SyncML DM 1.1.2. Pure: a message of the server
 * comes in as octets, the next one of the device goes out, until the session
 * is over.
 *
 * The first message is package 1: who begins (Alert 1200 or 1201), DevInfo,
 * and with DM 1.2 the result of an update, or that the user asks for one
 * (Alert 1226). A refused credential is made again with the nonce of the
 * challenge, twice. A server whose credential the device knows has to prove
 * itself, too, and gets a new nonce in return; until then its commands are
 * refused. Both sides' next nonces go into the keys when it has proved itself,
 * so that nobody else can change them; and ours for the server only if there
 * is a message that brings it there.
 *
 * The result has arrived when Alert 1226 is answered, and another update may be
 * ordered in the same session; in DM 1.1.2, which has no such alert, when the
 * session has ended well.
 *
 * Each of our messages is a whole package, but for those that answer one
 * without Final: they ask for the next one. Results that would make a message
 * longer than the server takes are left out and answered with 413. Where they
 * go is the server's choice, by RespURI.
 */
#ifndef EMULATOR_DM_DIALOG_H
#define EMULATOR_DM_DIALOG_H

#include "emulator/dm/dm_fumo.h"
#include "emulator/dm/dm_tree.h"
#include "emulator/dm/dm_user.h"
#include "notif/digest.h"
#include "syncml/codec.h"

#define DM_DIALOG_OCTETS_MAX WBXML_SCAN_OCTETS_MAX	/* of a message */
#define DM_DIALOG_MESSAGES_MAX 100	/* of a session */
#define DM_DIALOG_NONCE_LEN 16		/* octets */

/* What happens on the way, for who wants to know. */
struct dm_dialog_watcher {
	/* What the user says to an alert that asks him; NULL: what he always
	 * does. */
	struct dm_user_reply (*ask)(void *arg);
	void (*on_user)(void *arg, const struct syncml_command *alert,
			const struct dm_user_reply *reply,
			const struct dm_user_answer *answer);
	void (*on_reported)(void *arg, const struct dm_fumo *f);
	void *arg;
};

/* All borrowed until the end of the session. */
struct dm_dialog_setup {
	enum syncml_encoding encoding;
	const char *session_id;
	bool server_initiated;		/* else client initiated */
	bool asks_for_update;		/* for its user; with DM 1.2 */
	const char *url;		/* of the server, as the account says */
	const char *user;		/* of the client's credential */
	struct digest_key *client_key;	/* NULL: it has no credential */
	struct digest_key *server_key;	/* NULL: it believes any server */
	struct dm_tree *tree;
	struct dm_fumo *fumo;
	enum dm_user answers;
	struct dm_dialog_watcher watcher;
	struct arena *arena;		/* SYNCML_ARENA_MAX and more */
};

enum dm_dialog_turn {
	DM_DIALOG_SEND,			/* the message in out, then take */
	DM_DIALOG_DONE,			/* the session has ended well */
	DM_DIALOG_FAILED,		/* it ends, for the reason in why */
};

struct dm_dialog {
	struct dm_dialog_setup setup;
	char session_id[5];
	char url[DM_TREE_VALUE_MAX + 1];	/* where our next message goes */
	struct digest_key client_key;	/* as they are in this session */
	struct digest_key server_key;
	uint32_t msg_id;		/* of our last message */
	uint32_t server_max;		/* octets that the server takes */
	bool keeps_cred;		/* in each message, until 212 */
	bool server_proved;
	unsigned n_refused;		/* our credentials, by the server */
	unsigned n_unproved;		/* the server's, by us */
	uint32_t report_msg_id;		/* of Alert 1226; 0: not sent */
	uint32_t report_cmd_id;
	bool has_result;		/* there was one at its begin */
	bool told;			/* somebody has taken it */
	bool reported;			/* and that was the server */
	const uint8_t *nonce;		/* the caller's, for this turn */
	char why[ERR_TEXT_MAX];
};

/* A message to write; cap is DM_DIALOG_OCTETS_MAX at most. */
struct dm_dialog_out {
	uint8_t *buf;			/* borrowed */
	size_t cap;			/* octets */
	size_t len;
};

/* Begins a session: writes package 1. There are secrets in *d: wipe it. */
enum dm_dialog_turn dm_dialog_begin(struct dm_dialog *d,
				    const struct dm_dialog_setup *setup,
				    struct dm_dialog_out *out);

/*
 * Takes the server's answer to our last message. nonce is new and random, and
 * used if the server gets one. The octets may come from anywhere.
 */
enum dm_dialog_turn dm_dialog_take(struct dm_dialog *d, const uint8_t *in,
				   size_t len,
				   const uint8_t nonce[DM_DIALOG_NONCE_LEN],
				   struct dm_dialog_out *out);

#endif
