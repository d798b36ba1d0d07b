/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sms_store.h - SMS that wait in the SMSC until their device takes them
 *
 * In the order in which they came, for each device. One whose validity passes
 * meanwhile is handed back.
 */
#ifndef EMULATOR_SMS_STORE_H
#define EMULATOR_SMS_STORE_H

#include <event2/event.h>

#include "emulator/config.h"
#include "emulator/smsc/receipt_queue.h"

#define SMS_STORE_MAX 100000		/* SMS of all devices */

struct stored_sms {
	struct smpp_submit sms;
	struct device *device;		/* borrowed */
	int64_t until_s;		/* its validity; INT64_MAX: no end */
	const struct receipt_state *forced;	/* or NULL */

	/* Of its receipt, all but its state and time: */
	struct receipt receipt;
	int64_t not_before_ms;		/* when the SMS has been answered */
	unsigned late_ms;
	bool is_lost;
	bool is_double;
};

struct sms_store;

/* All is borrowed until sms_store_free(); *s is for the call only. */
struct sms_store *sms_store_new(struct event_base *base,
				const struct config *config,
				void (*on_expired)(void *arg,
						   const struct stored_sms *s),
				void *arg);
void sms_store_free(struct sms_store *st);

/* Copies *s. Returns false if SMS_STORE_MAX wait. */
bool sms_store_put(struct sms_store *st, const struct stored_sms *s);

/* The one that has waited longest, into *s; false if there is none. */
bool sms_store_take(struct sms_store *st, const struct device *d,
		    struct stored_sms *s);

size_t sms_store_len(const struct sms_store *st);

#endif
