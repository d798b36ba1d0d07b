/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - one SMPP connection, the SMSC's side of it
 *
 * Cuts the stream into PDUs, checks and answers them, and knows what this
 * bind may do. Who owns it hears of what matters through struct session_ops.
 *
 * A command_length outside 16..65536 ends the connection, after a
 * generic_nack: nobody can tell where the next PDU begins. Anything else that
 * is wrong is answered, and the connection goes on.
 */
#ifndef EMULATOR_SESSION_H
#define EMULATOR_SESSION_H

#include <event2/bufferevent.h>
#include <sys/queue.h>

#include "emulator/report.h"
#include "emulator/smsc/receipt_queue.h"
#include "emulator/smsc/smpp_codec.h"

#define SESSION_BIND_TIMEOUT_S 30	/* from connect to bind */
#define SESSION_WRITE_TIMEOUT_S 60	/* a peer that does not read */
#define SESSION_OUT_MAX (1024 * 1024)	/* octets: then we stop reading */
#define SESSION_LATE_MAX 10000	/* delayed answers; then ESME_RMSGQFUL */

enum session_kind {
	SESSION_UNBOUND = 0,
	SESSION_RECEIVER = SMPP_BIND_RECEIVER,
	SESSION_TRANSMITTER = SMPP_BIND_TRANSMITTER,
	SESSION_TRANSCEIVER = SMPP_BIND_TRANSCEIVER,
};

struct session;

enum session_then {			/* what becomes of the connection */
	SESSION_GOES_ON,
	SESSION_ENDS,			/* behind the answer */
	SESSION_ENDS_AT_ONCE,		/* without it */
};

/* The answer to a submit_sm. */
struct session_answer {
	enum smpp_status status;
	char message_id[SMPP_MESSAGE_ID_SIZE];	/* ESME_ROK */
	unsigned delay_ms;		/* before it is given */
	enum session_then then;
};

struct session_ops {
	/* Takes an SMS and names it, or refuses it; *a comes zeroed. */
	void (*submit)(void *arg, struct session *s,
		       const struct smpp_submit *sms,
		       struct session_answer *a);
	/* The session can take receipts now. */
	void (*ready)(void *arg);
	/* The connection has ended; the session is to be freed. */
	void (*gone)(void *arg, struct session *s);
};

struct session {
	LIST_ENTRY(session) link;	/* its owner's */
	uint64_t id;
	enum session_kind kind;
	char system_id[SMPP_SYSTEM_ID_SIZE];
	struct bufferevent *bev;	/* owned */
	const struct session_ops *ops;	/* borrowed */
	void *arg;			/* borrowed */
	const struct report *report;	/* borrowed */
	uint32_t sequence;		/* of our last request */
	bool closing;			/* ends when its output is sent */
	bool congested;			/* too much output waits */
	bool halted;			/* reads and writes nothing */
	LIST_HEAD(, late_answer) late;	/* owned */
	unsigned n_late;
};

LIST_HEAD(session_list, session);

/* Takes over a connected, non-blocking socket. NULL if there is no memory. */
struct session *session_new(struct event_base *base, int fd, uint64_t id,
			    const struct session_ops *ops, void *arg,
			    const struct report *report);
void session_free(struct session *s);

/* Is it a bind for receipts that could take one just now? */
bool session_takes_receipts(const struct session *s);

/* Stops reading and writing, and goes on where it was. */
void session_halt(struct session *s);
void session_continue(struct session *s);

/* Closes the connection; ops->gone is called. */
void session_drop(struct session *s);

void session_send_receipt(struct session *s, const struct receipt *r,
			  int64_t now_s);

#endif
