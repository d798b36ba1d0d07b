/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box_link.h - one connection to one bearerbox
 *
 * Connects, says who we are, sends sms, hands out acks and delivery reports,
 * and connects again when it breaks: after 1 s (bearerbox takes one box a
 * second), doubling to 30 s, +-20 %. The wait is 1 s again once a connection
 * lasted 10 s or brought an ack.
 *
 * An sms is ours until its ack: when down() is called, what was not acked may
 * or may not have been taken. There is no window here: the caller counts what
 * is unacked. A report stays bearerbox's until box_link_ack_report(), and comes
 * again on the next connection without it.
 *
 * After cmd_shutdown nothing more is sent; acks and reports may still come. The
 * link closes after 2 s, because bearerbox does not end before its boxes have
 * left; only then is down() called. It comes back about 4 s later.
 *
 * Lives in the loop's thread. The program ignores SIGPIPE. Numbers of people
 * are never logged. TLS is not spoken: use loopback or a tunnel.
 */
#ifndef GATEWAY_BOX_LINK_H
#define GATEWAY_BOX_LINK_H

#include <event2/event.h>
#include <stdbool.h>

#include "gateway/box/box_sms.h"

#define BOX_LINK_WAITING_MAX (1 << 20)	/* octets not yet written */
#define BOX_LINK_ID_MAX 64		/* characters of a box id */
#define BOX_LINK_DELAY_MS 1000

struct box_link_config {
	const char *host;	/* numeric address, or "localhost": 127.0.0.1 */
	uint16_t port;		/* smsbox-port of bearerbox */
	const char *box_id;	/* 1..64 characters; reports come to this id */
	unsigned delay_ms;	/* first wait; 0: BOX_LINK_DELAY_MS. The longest
				   is 30 times it; 2 s and 10 s scale, too */
	unsigned write_timeout_s;	/* until one that reads nothing is
					   left; 0: it never is */
};

/* Which report, on which connection. A value: copy it. */
struct box_report_id {
	char uuid[BOX_UUID_LEN + 1];
	uint32_t connection;
};

struct box_link_report {	/* a delivery report; borrowed, but for id */
	struct box_report_id id;
	const uint8_t *key;	/* box_sms.dlr_key */
	size_t key_len;		/* octets, 1 or more */
	enum box_dlr event;
	const uint8_t *text;	/* receipt, "ACK/" or "NACK/code/text" */
	size_t text_len;
	const uint8_t *smsc_id;
	size_t smsc_id_len;
	const uint8_t *foreign_id;	/* the SMSC's message id */
	size_t foreign_id_len;
};

/*
 * None may free the link; all may send and ack. up and down come in turns. An
 * ack or report may come late or twice, and a report before its ack.
 */
struct box_link_handlers {
	void (*up)(void *arg);
	void (*down)(void *arg);
	void (*ack)(void *arg, uint64_t tag, enum box_nack nack);
	void (*report)(void *arg, const struct box_link_report *r);
};

struct box_link;

/*
 * Makes a link that connects when the loop runs. Strings of config are copied,
 * handlers is borrowed for the link's life. Returns DM_OK and the link in
 * *out, DM_EINVAL (host, port or box-id) or DM_EIO.
 */
int box_link_new(struct box_link **out, struct event_base *base,
		 const struct box_link_config *config,
		 const struct box_link_handlers *handlers, void *arg,
		 struct err *e) DM_CHECK;

/* Closes without calling down(). NULL is allowed. */
void box_link_free(struct box_link *l);

/* May box_link_send() be tried? */
bool box_link_is_up(const struct box_link *l);

/*
 * Sends one sms; the octets are copied. Returns DM_OK (written to the socket
 * or waiting for it), DM_EBUSY (the link is not up, or BOX_LINK_WAITING_MAX
 * octets wait), DM_EINVAL (see box_sms_to_msg()) or DM_ERANGE (smsc_id is
 * too long); *e is filled for each.
 */
int box_link_send(struct box_link *l, const struct box_sms *sms,
		  struct err *e) DM_CHECK;

/*
 * Closes a connection that is no good; it is made again after the usual wait.
 * down() is called, unless the link was not up. why is for the log.
 */
void box_link_drop(struct box_link *l, const char *why);

/*
 * Tells bearerbox that the report is safe with us. Does nothing for a report
 * of an earlier connection: bearerbox sends that one again.
 */
void box_link_ack_report(struct box_link *l, const struct box_report_id *id);

#endif
