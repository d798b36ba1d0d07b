/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h - a seeded mixture of operations for a store, with its ledger
 *
 * Each batch is run by the store in one transaction: it is held up until all
 * of the batch is there. So the same seed gives the same run.
 */
#ifndef TESTS_LOAD_H
#define TESTS_LOAD_H

#include "tests/ledger.h"

#define LOAD_BATCH_MAX 8

struct load {
	uint64_t random;
	int64_t now_ms;
	unsigned n_serials;		/* given to jobs */
	unsigned n_nonces;
	struct ledger ledger;		/* with all that was answered */
};

/* Begins with an empty store, which the fixture has started. */
void load_begin(struct load *l, uint64_t seed);

/*
 * Has the store run a batch and waits until it is back and the store idle;
 * then *after is the ledger with its answers, and l->ledger is still that
 * without. load_settle() takes *after over.
 */
void load_run(struct load *l, struct ledger *after);
void load_settle(struct load *l, const struct ledger *after);

/*
 * Of all batches so far: answered with DM_OK, with DM_EIO and "try again
 * later", with an error that has nothing to do with the disk.
 */
struct load_counts {
	unsigned ok, failed, refused;
};
extern struct load_counts load_counts;

#endif
