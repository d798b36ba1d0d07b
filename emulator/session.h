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

#include "emulator/receipt_queue.h"
#include "emulator/report.h"
#include "emulator/smpp_codec.h"

#define SESSION_BIND_TIMEOUT_S 30	/* from connect to bind */
#define SESSION_WRITE_TIMEOUT_S 60	/* a peer that does not read */
#define SESSION_OUT_MAX (1024 * 1024)	/* octets: then we stop reading */

enum session_kind {
	SESSION_UNBOUND = 0,
	SESSION_RECEIVER = SMPP_BIND_RECEIVER,
	SESSION_TRANSMITTER = SMPP_BIND_TRANSMITTER,
	SESSION_TRANSCEIVER = SMPP_BIND_TRANSCEIVER,
};

struct session;

struct session_ops {
	/*
	 * Takes an SMS and names it. Returns ESME_ROK or the status to refuse
	 * it with.
	 */
	enum smpp_status (*submit)(void *arg, const struct session *s,
				   const struct smpp_submit *sms,
				   char message_id[SMPP_MESSAGE_ID_SIZE]);
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
};

LIST_HEAD(session_list, session);

/* Takes over a connected, non-blocking socket. NULL if there is no memory. */
struct session *session_new(struct event_base *base, int fd, uint64_t id,
			    const struct session_ops *ops, void *arg,
			    const struct report *report);
void session_free(struct session *s);

/* Is it a bind for receipts that could take one just now? */
bool session_takes_receipts(const struct session *s);

void session_send_receipt(struct session *s, const struct receipt *r,
			  int64_t now_s);

#endif
