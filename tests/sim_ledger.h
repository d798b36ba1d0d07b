/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_ledger.h - what dmboxd promised in a simulation, and whether it holds
 *
 * The ledger hears of all that crosses dmboxd's borders: requests and answers,
 * SMS, acknowledgements, reports, events. It keeps its own account of each job
 * and compares. Where a promise is broken it prints the job's history and how
 * to repeat the run, and ends the program. The database is asked for one thing
 * only: the number of a job that an event names for the first time.
 */
#ifndef TESTS_SIM_LEDGER_H
#define TESTS_SIM_LEDGER_H

#include <jansson.h>

#include "tests/sim_message.h"

/* What a client asks for. */
struct sim_request {
	unsigned number;	/* from 1; the SMS's sender */
	enum job_method method;
	unsigned device;
	unsigned server;
	bool by_name;		/* a registered device: with its key */
	struct sim_key key;	/* else with this one */
	enum job_reached until;
	int32_t expires_s;
	enum on_busy on_busy;
	bool client_initiated;
	bool has_key;		/* it may be repeated */
	unsigned vendor_len;	/* octets; 0: one SMS is enough */
};

/* repeat: what to run to see the same again. */
void sim_ledger_start(const char *repeat);

/* Requests. The ledger gives the number, and keeps a copy. */
void sim_ledger_asked(struct sim_request *rq);
const struct sim_request *sim_ledger_request(unsigned number);
void sim_ledger_accepted(unsigned number, json_t *answer);
void sim_ledger_refused(unsigned number, const struct err *e);
void sim_ledger_key_misused(unsigned number, json_t *answer,
			    const struct err *e);
int64_t sim_ledger_job(unsigned number);	/* 0: none that we know */
bool sim_ledger_is_notification(unsigned number);

/* A report of the session that this request's notification began. */
struct sim_session {
	unsigned request;
	bool by_job;		/* it names the job, else: */
	uint16_t id;		/* as the client has it */
	bool has_ended;
};
void sim_ledger_session_asked(const struct sim_session *s);
void sim_ledger_session_told(const struct sim_session *s, json_t *answer,
			     const struct err *e);

/* What the computer's clock shows, before it is set. */
void sim_ledger_clock_seen(void);

/* At bearerbox. */
void sim_ledger_sent(const struct sim_sms *sms);
void sim_ledger_answered(const struct sim_sms *sms, enum box_nack nack);
void sim_ledger_report_comes(const struct sim_sms *sms, enum box_dlr event,
			     const char *text);
void sim_ledger_reported(const struct sim_sms *sms, enum box_dlr event,
			 const char *text);

/* A line of a job's history; request 0: of all jobs'. */
void sim_ledger_note(unsigned request, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Jobs that have not ended; and what has been counted. */
size_t sim_ledger_unfinished(void);
struct sim_totals {
	int64_t requests;
	int64_t jobs[JOB_STATES];	/* by their end */
	int64_t sms;
	int64_t attempts;
	int64_t sessions;
	int64_t rebuilt;
	int64_t events;
	int64_t checks;
	uint64_t history;		/* a digest of all that happened */
};
extern struct sim_totals sim_totals;

#endif
