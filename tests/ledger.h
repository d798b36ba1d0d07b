/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.h - what a store has answered, kept beside it
 *
 * Of each operation that came back with DM_OK the ledger notes what follows
 * from the answer. It never looks into the database, so that it can tell what
 * is missing there.
 */
#ifndef TESTS_LEDGER_H
#define TESTS_LEDGER_H

#include "gateway/store/store.h"

#define LEDGER_JOBS_MAX 1500
#define LEDGER_DEVICES 4	/* registered, by number */
#define LEDGER_NUMBERS 8	/* devices with notifications, by number */
#define LEDGER_KEY "key-%u"	/* of the job with this serial number */

struct ledger_job {
	struct job job;
	bool has_key;
	bool pruned;
};

struct ledger {
	size_t n_jobs;		/* those answered, by serial number */
	struct ledger_job jobs[LEDGER_JOBS_MAX];
	unsigned device_nonce[LEDGER_DEVICES];	/* 0: no such device */
	int32_t session_id[LEDGER_NUMBERS];	/* the last; 0: none */
};

void ledger_copy(struct ledger *to, const struct ledger *from);

/* The serial number of a job stands in its token. */
void ledger_token(unsigned serial, uint8_t token[JOB_TOKEN_LEN]);
unsigned ledger_serial(const struct job *j);

/* The octets of a segment follow from the job and its segment's number. */
void ledger_segment(unsigned serial, unsigned segment, uint16_t session_id,
		    struct segment *out);
unsigned ledger_n_segments(unsigned serial);

/* NULL: it was never answered. */
struct ledger_job *ledger_find(struct ledger *l, int64_t id);

/* Whether a job of the store is as the ledger has it; else *why tells. */
struct ledger_difference {
	const char *what;	/* NULL: there is none */
	int64_t got, want;
};
bool ledger_agrees(const struct ledger_job *want, const struct job *got,
		   struct ledger_difference *why);

/* What a new start does: nothing is being sent any more. */
void ledger_restart(struct ledger *l);

/* The n-th number of a device with notifications, and of a bootstrap's. */
void ledger_number(unsigned n, char to[MSISDN_SIZE]);
void ledger_nonce(unsigned version, char out[32]);	/* base64 */

#endif
