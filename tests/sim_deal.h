/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_deal.h - the ledger's account of one request and its job
 *
 * Shared by the ledger's parts: sim_ledger.c (at the API), sim_ledger_event.c
 * (at the events), sim_ledger_sms.c (at bearerbox), sim_audit.c (what ought to
 * have happened by now) and sim_history.c (lines for people).
 */
#ifndef TESTS_SIM_DEAL_H
#define TESTS_SIM_DEAL_H

#include "tests/sim_device.h"
#include "tests/sim_ledger.h"

#define DEAL_SEGMENTS 8		/* no message here has more */

/* One segment, as it passed bearerbox the last time. */
struct deal_segment {
	uint32_t attempt;	/* 0: not yet */
	int64_t validity_s;
	uint32_t sum;		/* of its octets; 0: rebuilt since */
	bool acked;		/* dmboxd heard that it was taken, ... */
	unsigned acked_life;	/* ... in this life of it */
	bool over;		/* refused, or its last report came */
	uint32_t told_attempt;	/* that a final report was of */
	bool taken_once;	/* in any attempt, as dmboxd may know */
	bool delivered_once;
};

struct deal {
	struct sim_request rq;
	int64_t asked_ms;		/* first, by the true clock */
	int64_t active_ms;		/* when something last happened */
	int64_t asked_first_ms;		/* by the computer's clock */
	int64_t asked_last_ms;
	unsigned n_asked;

	int64_t job;			/* 0: there is none that we know of */
	int64_t expires_ms;
	uint16_t session_id;
	unsigned n_ids_before;		/* it had those that count up to it */
	unsigned n_segments;
	int64_t accepted_ms;		/* by the true clock */
	int64_t ended_ms;		/* the same; 0: it has not */
	enum job_state state;
	enum job_reached reached;
	uint32_t attempt;
	bool may_fail;			/* something was refused for good */
	int64_t refused_ms;		/* for good, by an ack; 0: no */
	unsigned refused_life;		/* of dmboxd */

	uint32_t sent_attempt;		/* 0: no SMS was sent yet */
	struct deal_segment segments[DEAL_SEGMENTS];

	size_t place;			/* among the unfinished ones */
	char *history;			/* lines; owned */
	size_t history_len;
};

/* What a device has with one of its servers. */
struct deal_pair {
	unsigned unfinished;	/* the request whose notification is; or 0 */
	uint16_t session_id;	/* of the last one; 0: there was none */
	int64_t session_ms;	/* when a session was last reported */
};

struct deal_bootstraps {	/* of a device */
	unsigned n;		/* unfinished ones */
	int64_t since_ms;	/* the oldest of them */
	int64_t ended_ms;	/* the last that did */
};

struct deal *sim_deal_new(const struct sim_request *rq);
struct deal *sim_deal(unsigned number);		/* ends the run: none */
struct deal *sim_deal_of_job(int64_t job);	/* NULL: none */
struct deal *sim_deal_unfinished(size_t i);	/* 0.. */
struct deal_pair *sim_deal_pair(const struct deal *d);
struct deal_bootstraps *sim_deal_bootstraps(const struct deal *d);

/* It has a job, which is unfinished; and that has ended. */
void sim_deal_begin(struct deal *d, int64_t job);
void sim_deal_end(struct deal *d);

/* The list, with room for one more than n things. */
void *sim_grown(void *list, size_t n, size_t size);

#define ANSWER_MS 1000		/* an answer is younger than this */
#define LONGEST 40	/* the random that makes an attempt 20 % longer */

/* A promise was kept; or the run ends. */
#define SIM_CHECK(deal, holds, ...) do {			\
	sim_totals.checks++;					\
	if (!(holds))						\
		sim_broken(deal, __VA_ARGS__);			\
} while (0)
void sim_broken(const struct deal *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* The lines of sim_ledger_note() are freed. */
void sim_history_forget(struct deal *d);
void sim_history_start(const char *repeat);

/* Has the computer's clock gone on as it should for so long? */
bool sim_clock_is_steady(int64_t for_ms);

void sim_deals_start(void);
void sim_ledger_event_start(void);
void sim_ledger_sms_start(void);
void sim_audit_start(void);

#endif
