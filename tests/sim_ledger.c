/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger at the API: requests, and reports of sessions. */
#include "tests/sim_deal.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "tests/sim_loop.h"

/* ------------------------------- requests ------------------------------- */

void sim_ledger_asked(struct sim_request *rq)
{
	struct deal *d = rq->number ? sim_deal(rq->number) : sim_deal_new(rq);

	if (!rq->number) {
		rq->number = d->rq.number;
		d->asked_first_ms = clock_ms();
		sim_totals.requests++;
	}
	d->asked_last_ms = clock_ms();
	d->n_asked++;
	sim_ledger_note(rq->number, "asked for");
}

const struct sim_request *sim_ledger_request(unsigned number)
{
	return &sim_deal(number)->rq;
}

bool sim_ledger_is_notification(unsigned number)
{
	return sim_deal(number)->rq.method == JOB_NOTIFY;
}

int64_t sim_ledger_job(unsigned number)
{
	return sim_deal(number)->job;
}

static bool just_ended(const struct deal *d)
{
	return !d->ended_ms || d->ended_ms + ANSWER_MS > sim_now_ms();
}

void sim_ledger_accepted(unsigned number, json_t *answer)
{
	struct deal *d = sim_deal(number);
	int64_t job = strtoll(json_string_value(json_object_get(answer, "job")),
			      NULL, 10);
	struct deal *other = sim_deal_of_job(job);

	sim_ledger_note(number, "answered: job %lld", (long long)job);
	SIM_CHECK(d, other, "the answer is job %lld, of which no event told",
		  (long long)job);
	if (!json_object_get(answer, "joined")) {
		SIM_CHECK(d, other == d, "the answer is job %lld, of "
			  "another request", (long long)job);
		return;
	}
	SIM_CHECK(d, d->rq.has_key || just_ended(other),
		  "it joined job %lld, which has ended", (long long)job);
	SIM_CHECK(d, !d->job && other->rq.device == d->rq.device &&
		  other->rq.server == d->rq.server &&
		  other->rq.method == JOB_NOTIFY,
		  "it joined job %lld, of another device or server",
		  (long long)job);
}

void sim_ledger_refused(unsigned number, const struct err *e)
{
	struct deal *d = sim_deal(number);

	sim_ledger_note(number, "refused: %s, %s", e->field, e->came);
	SIM_CHECK(d, e->code == DM_EIO || e->code == DM_ESTATE,
		  "the request was refused: %s: %s", e->field, e->came);
	SIM_CHECK(d, e->code != DM_ESTATE || d->rq.on_busy == BUSY_REFUSE,
		  "it was refused because the device is busy");
}

void sim_ledger_key_misused(unsigned number, json_t *answer,
			    const struct err *e)
{
	SIM_CHECK(sim_deal(number), !answer && (!e || e->code == DM_EIO ||
		  !strcmp(e->field, "key")),
		  "its key was taken for another request, too");
}

/* ------------------------------- sessions ------------------------------- */

void sim_ledger_session_asked(const struct sim_session *s)
{
	sim_deal_pair(sim_deal(s->request))->session_ms = sim_now_ms();
	sim_ledger_note(s->request, "its session %u %s, is reported", s->id,
			s->has_ended ? "ended" : "started");
}

/* The device may come for an earlier push, which had another id. */
static bool has_id(const struct deal *d, const struct sim_session *s)
{
	uint16_t id = d->session_id;

	for (unsigned n = 0; n <= d->n_ids_before; n++) {
		if (s->id == id || s->id == (uint16_t)(id << 8 | id >> 8))
			return true;
		id = id > 1 ? (uint16_t)(id - 1) : UINT16_MAX;
	}
	return false;
}

/* The job that got the report. */
static void check_session(const struct deal *got, const struct sim_session *s)
{
	const struct deal *d = sim_deal(s->request);

	SIM_CHECK(got, got->rq.device == d->rq.device &&
		  got->rq.server == d->rq.server,
		  "it got the session of another device or server");
	SIM_CHECK(got, got->state == JOB_DONE &&
		  got->reached == REACHED_SESSION,
		  "its session was reported, and it goes on");
	SIM_CHECK(got, !s->by_job || got == d, "it got the session of job "
		  "%lld", (long long)d->job);
	SIM_CHECK(got, s->by_job || s->has_ended || has_id(got, s) ||
		  got->rq.client_initiated,
		  "session id %u was taken for its own", s->id);
	sim_totals.sessions++;
}

void sim_ledger_session_told(const struct sim_session *s, json_t *answer,
			     const struct err *e)
{
	struct deal *d = sim_deal(s->request);
	int64_t job = answer ? strtoll(json_string_value(json_object_get(answer,
							 "job")), NULL, 10) : 0;

	sim_ledger_note(s->request, "the report is answered: job %lld %s",
			(long long)job, e ? e->came : "");
	SIM_CHECK(d, !e || e->code != DM_EINVAL, "the report was refused: "
		  "%s: %s", e->field, e->came);
	if (job)
		check_session(sim_deal_of_job(job), s);
	if ((s->by_job || has_id(d, s)) && (!e || e->code != DM_EIO))
		SIM_CHECK(d, d->ended_ms, "its session was reported, but not "
			  "taken for its own");
}

/* --------------------------------- start --------------------------------- */

void sim_ledger_start(const char *repeat)
{
	sim_history_start(repeat);
	sim_deals_start();
	sim_ledger_event_start();
	sim_ledger_sms_start();
	sim_audit_start();
}
