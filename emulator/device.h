/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - what a device makes of the SMS that reach it
 *
 * Pure: octets and the time come in, an outcome comes out. A device
 * reassembles the message, reads the WSP push and package 0 in it, checks
 * them as its client would, and verifies the digest. It does not try the
 * default nonce (resynchronisation).
 */
#ifndef EMULATOR_DEVICE_H
#define EMULATOR_DEVICE_H

#include "emulator/receipt.h"
#include "notif/notif.h"
#include "wap/msisdn.h"
#include "wap/reassembly.h"

#define DEVICE_REASSEMBLY_TIMEOUT_MS (5 * 60 * 1000)

struct device {
	char msisdn[MSISDN_SIZE];	/* as the file has it */
	const char *dm_version;		/* "1.1.2" or "1.2"; borrowed */
	const struct quirk *quirk;	/* borrowed */
	char server_id[TRIGGER_SERVER_ID_MAX + 1];
	struct digest_key key;		/* a secret */
	const struct receipt_state *receipt;	/* NULL: sends none */
	unsigned receipt_delay_ms;
	unsigned line;			/* where it stands in the file */
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
	DEVICE_VERIFIED,
	DEVICE_REFUSED,
};

struct device_outcome {
	enum device_verdict verdict;
	unsigned segment;		/* 1..n_segments */
	unsigned n_segments;
	struct trigger trigger;		/* DEVICE_VERIFIED: what it says */
	char reason[ERR_TEXT_MAX];	/* DEVICE_REFUSED: why, for people */
};

/*
 * Gives d an SMS. The room for unfinished messages is shared by all devices.
 * Pointers in *out borrow from it or from the SMS until the next call.
 */
void device_take(const struct device *d, struct reassembly *pool,
		 const struct device_sms *sms, struct device_outcome *out);

#endif
