/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - one DM session with a device: what to answer to its messages
 *
 * Spec: OMA-SyncML-DMProtocol-V1_1_2, OMA-TS-DM_Protocol-V1_2: package 1 is the
 * device's (who it is, why it comes), 2 and 4 are ours (what we want), 3 is
 * the device's again (what came of it). The session ends when we want nothing
 * more: then our package has Status only.
 *
 * What we want is a table of steps in steps.c: ask its firmware's version,
 * ask for the result of the last update, start the next one. A message for each
 * step, and a step that does not apply is left out.
 *
 * Pure: messages and random octets come in, a message and an outcome go out,
 * and the device changes; but not before it has proved itself, so that nobody
 * else can change it.
 */
#ifndef DM_SERVER_SESSION_H
#define DM_SERVER_SESSION_H

#include "examples/dm-server/device.h"
#include "syncml/compose.h"

#define SESSION_NONCE_LEN 16		/* octets of a nonce that we make */
#define SESSION_ID_SIZE 16		/* octets, with NUL */
#define SESSION_ADDRESS_SIZE 33		/* octets, with NUL */
#define SESSION_TRIES_MAX 3		/* credentials that may be wrong */
#define SESSION_MESSAGE_MAX 65536	/* octets of a device's message */
#define SESSION_MESSAGES_MAX 100	/* of a session */

enum session_phase {
	SESSION_AUTH,			/* the device has to prove itself */
	SESSION_OPEN,
	SESSION_OVER,
};

struct session {
	struct device *device;		/* borrowed; changes */
	char id[SESSION_ID_SIZE];	/* SyncHdr/SessionID, as it came */
	enum session_phase phase;
	struct digest_key client;	/* the device's, as challenged here */
	bool server_initiated;		/* by our notification */
	bool trusted;			/* the device knows who we are */
	bool new_nonce;			/* device->server.nonce is another */
	unsigned n_refused;		/* credentials, of either side */
	unsigned msg_id;		/* of our last message */
	unsigned cmd_id;		/* in it: of the step's command */
	size_t step;			/* the one that is under way */
	bool asked;			/* and has been asked */
	bool url_taken;			/* the device has the package's URL */
	bool ended_well;		/* over because all is said */

	/* The caller's. */
	char address[SESSION_ADDRESS_SIZE];	/* its own part of our URL */
	unsigned update;		/* the number of the last one then */
};

/* What has happened in a message, for who runs the session. */
struct session_outcome {
	bool opened;			/* the device has proved itself */
	bool refused;			/* it has not: bad credentials */
	bool over;			/* the session ends with our answer */
	bool asked;			/* an update, by user or device */
	bool started;			/* the update: it will do it */
	bool finished;			/* the update: its result is there */
	unsigned start_refused;		/* Status, if it does not want to */
	const char *alert_type;		/* of the alert with the result; or "" */
	const char *correlator;		/* the same; borrowed from the message */
};

/* What comes from outside with each message. */
struct session_input {
	const struct syncml_message *message;
	const char *server_name;	/* in our credentials; stays */
	const char *package_url;	/* of device->update; or "" */
	uint8_t nonce[SESSION_NONCE_LEN];	/* that nobody can guess */
};

/* A new session, as its first message says; msg_id counts from 1. */
void session_begin(struct session *s, struct device *d,
		   const struct syncml_message *first);

/*
 * Takes a message and composes the answer. Returns DM_OK or DM_ENOSPC (arena),
 * after which the session is over. Texts of the answer borrow from the message,
 * the session and the arena.
 */
int session_answer(struct session *s, const struct session_input *in,
		   struct arena *a, struct syncml_message *answer,
		   struct session_outcome *out) DM_CHECK;

/* Instead of an answer: the session ends here, and the device is told so. */
int session_abort(struct session *s, const struct syncml_message *message,
		  struct arena *a, struct syncml_message *answer) DM_CHECK;

/*
 * The answer to a device that we do not know: who it is cannot be proved, so
 * there is no challenge either.
 */
int session_refuse(const struct syncml_message *message, struct arena *a,
		   struct syncml_message *answer) DM_CHECK;

#endif
