/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - what a device makes of the SMS that reach it
 *
 * Pure: octets and the time come in, an outcome comes out. A device
 * reassembles the message and reads the WSP push in it. Of a notification it
 * reads package 0, checks both as its client would, and has the digest proved
 * (proof.h). Before that it may meet a fault: it forgets the nonce or the
 * credential, or does nothing about what it has verified. A bootstrap is the
 * business of provisioning.h, and changes the account. When it comes to its DM
 * server is the business of dm_session.h.
 */
#ifndef EMULATOR_DEVICE_H
#define EMULATOR_DEVICE_H

#include "bootstrap/account.h"
#include "bootstrap/bootstrap.h"
#include "emulator/dm/dm_client.h"
#include "emulator/dm/dm_session.h"
#include "emulator/fault/fault.h"
#include "emulator/proof.h"
#include "emulator/reach.h"
#include "notif/notif.h"
#include "wap/imsi.h"
#include "wap/msisdn.h"
#include "wap/reassembly.h"

#define DEVICE_REASSEMBLY_TIMEOUT_MS (5 * 60 * 1000)
#define DEVICE_ARENA_MAX XML_ARENA_MAX		/* octets */
#define DEVICE_PIN_MAX (MAC_OOB_PIN_SIZE - 1)	/* characters */

/* The one DM account of a device, as far as notifications need it. */
struct device_account {
	bool given;			/* else there is none */
	char server_id[TRIGGER_SERVER_ID_MAX + 1];
	bool has_key;			/* knows the server's credential */
	struct digest_key key;		/* a secret */
};

struct device {
	char msisdn[MSISDN_SIZE];	/* as the file has it */
	const char *dm_version;		/* "1.1.2" or "1.2"; borrowed */
	const struct quirk *quirk;	/* borrowed */
	bool no_resync;			/* its client's is switched off */
	bool nonce_as_text;		/* it hashes the base64 of the nonce */
	char imsi[IMSI_DIGITS_MAX + 1];	/* a secret; "": none */
	char pin[DEVICE_PIN_MAX + 1];	/* a secret, its user's; "": none */
	bool accepts_unsigned;
	const struct receipt_state *receipt;	/* NULL: sends none */
	unsigned receipt_delay_ms;
	struct dm_plan plan;		/* when it comes */
	unsigned line;			/* where it stands in the file */
	struct device_account account;	/* of the last bootstrap, or the file */
	struct dm_session session;
	struct fault_list faults;	/* owned: its own rules */
	struct reach reach;		/* of network.h, which changes it */
	struct outage *outage;		/* the same; borrowed, NULL: none */
	struct visit *visit;		/* of dm_clients.h; the same */
	struct dm_client *client;	/* owned; NULL: it says nothing to a
					 * DM server */
};

/* A number without its '+', if it has one; borrows. */
const char *device_digits(const char *msisdn);

struct device_sms {
	const char *from;		/* any text; tells messages apart */
	bool has_udh;
	const uint8_t *octets;		/* UDH, if any, and data */
	size_t len;			/* octets */
	int64_t now_ms;			/* from anywhere, never backwards */
};

enum device_verdict {
	DEVICE_WAITS,			/* for more segments */
	DEVICE_VERIFIED,		/* a notification */
	DEVICE_APPLIED,			/* a bootstrap */
	DEVICE_REFUSED,
};

struct device_bootstrap {
	enum bootstrap_kind kind;
	enum mac_sec sec;		/* that proved it, or none did */
	size_t octets;			/* of its document */
	bool has_account;
	struct account account;		/* has secrets */
};

struct device_outcome {
	enum device_verdict verdict;
	bool is_bootstrap;		/* else a notification, or neither */
	unsigned segment;		/* 1..n_segments */
	unsigned n_segments;
	struct trigger trigger;		/* DEVICE_VERIFIED: what it says */
	enum proof proof;		/* the same */
	unsigned number;		/* dm_session_notified() of it */
	bool comes;			/* it is DM_COMING now */
	struct device_bootstrap bootstrap;	/* DEVICE_APPLIED: the same */
	char reason[ERR_TEXT_MAX];	/* DEVICE_REFUSED: why, for people */
	const struct fault_rule *fault;	/* that was met, or NULL; borrowed */
};

/* What reading a message takes; shared by all devices. */
struct device_room {
	struct reassembly pool;		/* unfinished messages */
	struct arena arena;		/* the document of a bootstrap */
	struct faults *faults;		/* borrowed; NULL: there are none */
};

/*
 * Gives d an SMS. Pointers in *out borrow from the room and the SMS, until
 * device_forget(), which has to come before the next call.
 */
void device_take(struct device *d, struct device_room *room,
		 const struct device_sms *sms, struct device_outcome *out);

/* The same of a message that came as a whole, on the port of WAP pushes. */
void device_take_message(struct device *d, struct device_room *room,
			 const uint8_t *message, size_t len,
			 struct device_outcome *out);

/* Wipes the document, with the secrets in it. */
void device_forget(struct device_room *room);

/* For the steps of a device: refuses for this reason, returns false. */
bool device_refuse(struct device_outcome *out, const char *reason, ...)
	__attribute__((format(printf, 2, 3)));

#endif
