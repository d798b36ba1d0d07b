/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_fixture.h - a store in a folder of its own, asked one thing at a time
 *
 * Each function gives the store one operation, waits for it, and returns its
 * rc; what it said stands in the struct of the operation, below.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "gateway/store/store.h"
#include "tests/tap.h"

#define T0 1700000000000	/* milliseconds: when the tests begin */
#define TO "+491701234567"
#define ATTEMPT_MS 300000	/* how long the first attempt lasts, +-20 % */
#define SERVER_ID "com.example.dms"

extern struct store *store;
extern char store_dir[64];	/* made by store_tests() */
extern char store_path[96];	/* of the database */

extern struct store_submit submit;
extern struct segment sent[SEGMENTS_MAX];	/* what submit brought */
extern struct store_get get;
extern struct store_list list;
extern struct job list_jobs[STORE_LIST_MAX];
extern struct store_cancel cancel;
extern struct store_claim claim;
extern struct store_outcome outcome;
extern struct store_report report;
extern struct store_expire expire;
extern struct store_status status;

/* main: makes the folder, runs the tests, removes it. */
int store_tests(const char *suite, CU_TestInfo *tests);

void store_start(void);		/* with an empty database */
void store_reopen(void);	/* with the one that is there */
void store_stop(void);
void store_restart(void);

/* Runs SQL on the database, which no store has open. */
void store_run_sql(const char *text);

/* A full disk: no file may grow over len octets; 0: as it was. */
void store_limit_files(size_t len);

/* Pushes op and waits for it. */
int store_do(struct store_op *op);

/* What claims, outcomes and reports go by: ATTEMPT_MS, twice that, ... */
extern struct attempt_plan plan;

/*
 * A notification for a device that has none yet, with n segments, due at T0,
 * that expires an hour later; change() may change the operation before.
 * Returns its id, or -1.
 */
int64_t add_with(unsigned n, void (*change)(struct store_submit *s));
int64_t add(unsigned n);

/* For a device that has no job yet, as add() does it. */
void new_device(struct store_submit *s);

/* A change(): for TO; and superseding what TO has in flight. */
void same_device(struct store_submit *s);
void next_for_device(struct store_submit *s);

/* A change(): a bootstrap, without account. */
void bootstrap(struct store_submit *s);

int get_job(int64_t id);		/* fills get */
enum job_state state_of(int64_t id);	/* so does this */
int claim_at(int64_t now_ms, size_t limit);

/* One result for each of n segments of its attempt, and "a reason". */
int outcome_of(int64_t id, const enum segment_event *events, unsigned n);
int take_all(int64_t id, unsigned n);	/* all acknowledged */
int cancel_job(int64_t id);

/* On its attempt, with the job's own token. */
int report_on(int64_t id, unsigned segment, enum segment_event event);
int status_at(int64_t now_ms);

/* Jobs behind one, state -1 and to "" for all. */
int list_jobs_of(int64_t after, int state, const char *to, size_t limit);

#endif
