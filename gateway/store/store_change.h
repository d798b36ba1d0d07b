/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_change.h - what the operations of store.h have in common
 *
 * store_submit.c, store_attempt.c and store_ops.c say what operations mean for
 * jobs, in terms of the rows of store_sql.h. They run on the store's thread,
 * inside a transaction; one that refuses has written nothing before.
 */
#ifndef GATEWAY_STORE_CHANGE_H
#define GATEWAY_STORE_CHANGE_H

#include "gateway/store/store_sql.h"

/*
 * Every change of a job passes here, for its event; was is the state that its
 * row still has. With a job's end goes what was kept for its sending, and with
 * a bootstrap's the notifications that waited for it are due.
 */
int store_change(struct store_sql *sql, const struct job *j,
		 enum job_state was, struct err *e) DM_CHECK;

/* The same for a job whose row is written already; it was in this state. */
int store_changed(struct store_sql *sql, const struct job *j,
		  enum job_state was, struct err *e) DM_CHECK;

/* All segments of the job, in memory of their own; what *out held is freed. */
int store_read_segments(struct store_sql *sql, const struct job *j,
			struct job_segment **out, struct err *e) DM_CHECK;

#endif
