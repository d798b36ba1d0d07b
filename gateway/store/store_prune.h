/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_prune.h - removes from the store what is too old
 */
#ifndef GATEWAY_STORE_PRUNE_H
#define GATEWAY_STORE_PRUNE_H

#include "gateway/store/store.h"

/*
 * Removes events, and jobs that have ended, the oldest first; with a job goes
 * all that belongs to it. An event goes before its job, or with it, whatever
 * events_before_ms says. So few rows at a time that nobody waits for it; the
 * file does not shrink, but what it has is used again.
 */
#define STORE_PRUNE_MAX 500	/* rows; and those of the last job */
struct store_prune {
	struct store_op op;
	int64_t jobs_before_ms;	/* that changed last before this time */
	int64_t events_before_ms;
	size_t n_jobs;		/* out */
	size_t n_events;	/* out */
	bool more;		/* out: there may be more to be removed */
};
store_run store_prune_run;

#endif
