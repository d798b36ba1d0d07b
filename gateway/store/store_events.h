/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_events.h - the events in the store
 *
 * They are written in the transaction of the change that they tell, and read
 * page by page behind a cursor: see event.h.
 */
#ifndef GATEWAY_STORE_EVENTS_H
#define GATEWAY_STORE_EVENTS_H

#include "gateway/json/event.h"
#include "gateway/store/store.h"

/*
 * For the operations, on the store's thread: tells that j, which has changed
 * already, has come to this. DM_EIO with *e.
 */
int event_write(struct store_sql *sql, const struct job *j,
		enum event_kind kind, int64_t now_ms, struct err *e) DM_CHECK;

/* The same of a session that ended; result is that of its alert, or -1. */
int event_write_ended(struct store_sql *sql, const struct job *j,
		      int32_t result, int64_t now_ms, struct err *e) DM_CHECK;

/*
 * Events behind a cursor, in their order. At most so many are looked at, so
 * that a filter that lets few through holds up nobody: a page may be empty
 * with more behind it. DM_EINVAL about "after" if events behind it have been
 * pruned or it has not been reached; oldest is the least that is allowed.
 */
#define STORE_EVENTS_MAX 100	/* in a page */
#define STORE_EVENTS_LOOK_MAX 200
struct store_events {
	struct store_op op;
	int64_t after;		/* a cursor; 0: the beginning, -1: now */
	struct event_filter filter;
	int64_t cursor;		/* out: "after" of the next page */
	int64_t oldest;		/* out, also on DM_EINVAL */
	bool at_end;		/* out: nothing is behind cursor so far */
	size_t n;		/* out */
	struct event_record events[STORE_EVENTS_MAX];	/* out */
};
store_run store_events_run;

#endif
