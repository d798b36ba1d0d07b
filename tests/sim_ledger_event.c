/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger at the events: what dmboxd says that became of its jobs. */
#include "tests/sim_deal.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/store/store_events.h"
#include "gateway/wipe.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_loop.h"
#include "tests/sim_store.h"

static int64_t cursor;
static unsigned *replaced;	/* requests that must have ended, too */
static size_t n_replaced;

/* Everything that happens makes the digest of the run another one. */
static void digest(int64_t number)
{
	sim_totals.history = (sim_totals.history ^ (uint64_t)number) *
			     1099511628211U;
}

static void read_job(struct store_get *get, int64_t id)
{
	*get = (struct store_get){ .op.run = store_get_run, .id = id };
	sim_store_look(&get->op);
	wipe_free(get->segments);
	SIM_CHECK(NULL, !get->op.rc, "an event names job %lld, which is not "
		  "there", (long long)id);
}

static void check_session_id(const struct deal *d, uint16_t id)
{
	const struct deal_pair *p = sim_deal_pair(d);
	bool swaps = !strcmp(sim_device_quirks(d->rq.device), "libdmclient");

	SIM_CHECK(d, id != 0, "its session id is 0");
	SIM_CHECK(d, id != p->session_id, "session id %u is used again", id);
	SIM_CHECK(d, !swaps || id >> 8 == (id & 0xff),
		  "session id %u, to a client that swaps its octets", id);
	SIM_CHECK(d, swaps || !p->session_id ||
		  id == p->session_id % 0xffff + 1,
		  "session id %u comes after %u", id, p->session_id);
}

/* The one before it has to end with this commit. */
static void note_begin(const struct deal *d)
{
	struct deal_pair *p = sim_deal_pair(d);

	if (d->rq.method != JOB_NOTIFY)
		return;
	check_session_id(d, d->session_id);
	p->session_id = d->session_id;
	if (!p->unfinished)
		return;
	replaced = sim_grown(replaced, n_replaced, sizeof(*replaced));
	replaced[n_replaced++] = p->unfinished;
}

static void check_times(const struct deal *d, const struct job *j)
{
	int64_t asked_ms = j->expires_ms - 1000LL * d->rq.expires_s;

	SIM_CHECK(d, asked_ms == d->asked_first_ms ||
		  asked_ms == d->asked_last_ms || d->n_asked > 2,
		  "it expires at %lld, asked for were %d s",
		  (long long)j->expires_ms, d->rq.expires_s);
}

static struct deal *accepted(const struct event_record *r)
{
	struct store_get get;
	struct deal *d;

	read_job(&get, r->job);
	d = sim_deal((unsigned)strtoul(get.job.from, NULL, 10));
	SIM_CHECK(d, !d->job, "the request has job %lld already",
		  (long long)d->job);
	SIM_CHECK(d, sim_device_of(get.job.to) == d->rq.device &&
		  get.job.until == d->rq.until &&
		  get.job.method == d->rq.method, "it got another's job");
	check_times(d, &get.job);
	d->expires_ms = get.job.expires_ms;
	d->session_id = (uint16_t)get.job.session_id;
	d->n_segments = get.job.n_segments;
	SIM_CHECK(d, d->n_segments <= DEAL_SEGMENTS, "%u segments",
		  d->n_segments);
	note_begin(d);
	sim_deal_begin(d, r->job);
	return d;
}

static void rebuilt(struct deal *d)
{
	struct store_get get;

	read_job(&get, d->job);
	SIM_CHECK(d, d->rq.by_name, "it was rebuilt, but its key is not the "
		  "device's");
	if ((uint16_t)get.job.session_id != d->session_id) {
		check_session_id(d, (uint16_t)get.job.session_id);
		d->n_ids_before++;
	}
	d->session_id = (uint16_t)get.job.session_id;
	sim_deal_pair(d)->session_id = d->session_id;
	for (unsigned i = 0; i < d->n_segments; i++)
		d->segments[i].sum = 0;
	sim_totals.rebuilt++;
}

/* Was all reported to dmboxd that it takes to have reached this? */
static bool has_reached(const struct deal *d, enum job_reached reached)
{
	for (unsigned i = 0; i < d->n_segments; i++) {
		const struct deal_segment *s = &d->segments[i];

		if (reached == REACHED_TAKEN && !s->taken_once)
			return false;
		if (reached == REACHED_DELIVERED && !s->delivered_once)
			return false;
	}
	return reached < REACHED_SESSION ||
	       sim_deal_pair(d)->session_ms + ANSWER_MS > d->accepted_ms;
}

static void check_end(const struct deal *d, const struct event_record *r)
{
	bool late = clock_ms() / 1000 > INT32_MAX - 30 * 86400;

	switch (r->kind) {
	case EVENT_DONE:
		SIM_CHECK(d, r->reached >= d->rq.until,
			  "it is done, but has only reached %s",
			  job_reached_name(r->reached));
		break;
	case EVENT_FAILED:
		SIM_CHECK(d, d->may_fail || late || r->attempt ==
			  (uint32_t)sim_dmboxd_plan()->max,
			  "it failed, but nothing was refused for good and "
			  "it has attempts left: %s", r->reason);
		break;
	case EVENT_EXPIRED:
		SIM_CHECK(d, clock_ms() >= d->expires_ms ||
			  !sim_clock_is_steady(60000), "it expired early");
		break;
	case EVENT_ACCEPTED:
	case EVENT_WAITING:
	case EVENT_PUSHED:
	case EVENT_CANCELLED:
	case EVENT_DELIVERED:
	case EVENT_REBUILT:
	case EVENT_SESSION_STARTED:
	case EVENT_SESSION_ENDED:
		break;
	}
}

/* Does it tell of a move to another state? */
static bool is_move(enum event_kind kind)
{
	enum event_kind other;

	for (unsigned state = 0; state < JOB_STATES; state++)
		if (event_of_state(state, &other) && other == kind)
			return true;
	return kind == EVENT_ACCEPTED;
}

/* An event says what our own account says, too, and what may come next. */
static void check_event(const struct deal *d, const struct event_record *r)
{
	static const int states[EVENT_KINDS] = {
		[EVENT_ACCEPTED] = JOB_WAITING, [EVENT_WAITING] = JOB_WAITING,
		[EVENT_PUSHED] = JOB_PUSHED, [EVENT_DONE] = JOB_DONE,
		[EVENT_FAILED] = JOB_FAILED, [EVENT_EXPIRED] = JOB_EXPIRED,
		[EVENT_CANCELLED] = JOB_CANCELLED,
		[EVENT_DELIVERED] = -1, [EVENT_REBUILT] = JOB_SENDING,
		[EVENT_SESSION_STARTED] = JOB_DONE,
		[EVENT_SESSION_ENDED] = JOB_DONE,
	};

	SIM_CHECK(d, states[r->kind] < 0 || (int)r->state == states[r->kind],
		  "the event says %s, the job is %s",
		  event_kind_name(r->kind), job_state_name(r->state));
	SIM_CHECK(d, !d->ended_ms || (d->state == JOB_DONE &&
		  r->state == JOB_DONE && !is_move(r->kind)),
		  "it has ended, and is %s now", job_state_name(r->state));
	SIM_CHECK(d, r->reached >= d->reached, "it had reached %s",
		  job_reached_name(d->reached));
	SIM_CHECK(d, has_reached(d, r->reached), "it has not reached %s",
		  job_reached_name(r->reached));
	SIM_CHECK(d, r->attempt >= d->attempt &&
		  r->attempt <= (uint32_t)sim_dmboxd_plan()->max,
		  "attempt %u after %u", r->attempt, d->attempt);
}

static void take_event(const struct event_record *r)
{
	struct deal *d = r->kind == EVENT_ACCEPTED ? accepted(r) :
			 sim_deal_of_job(r->job);

	SIM_CHECK(d, d, "an event of job %lld, which nobody asked for",
		  (long long)r->job);
	sim_ledger_note(d->rq.number, "%s, %s, attempt %u%s%s",
			event_kind_name(r->kind), job_state_name(r->state),
			r->attempt, r->reason[0] ? ": " : "", r->reason);
	if (r->kind == EVENT_REBUILT)
		rebuilt(d);
	check_event(d, r);
	d->reached = r->reached;
	d->attempt = r->attempt;
	if (!is_move(r->kind))
		return;
	check_end(d, r);
	d->state = r->state;
	if (job_is_final(d->state))
		sim_deal_end(d);
}

static void take_events(const struct store_events *page)
{
	for (size_t i = 0; i < page->n; i++) {
		const struct event_record *r = &page->events[i];

		SIM_CHECK(NULL, r->cursor > cursor,
			  "event %lld comes after %lld",
			  (long long)r->cursor, (long long)cursor);
		cursor = r->cursor;
		sim_totals.events++;
		digest(r->cursor);
		digest(sim_now_ms());
		digest(r->job << 8 | (int64_t)r->kind);
		take_event(r);
	}
}

static void committed(void)
{
	static struct store_events page = { .op.run = store_events_run };

	if (store_last_event(NULL) == cursor)
		return;
	do {
		page.after = cursor;
		sim_store_look(&page.op);
		SIM_CHECK(NULL, !page.op.rc, "events are gone: %s",
			  page.op.err.came);
		take_events(&page);
	} while (!page.at_end);
	while (n_replaced > 0) {
		struct deal *d = sim_deal(replaced[--n_replaced]);

		SIM_CHECK(d, d->ended_ms, "its device and server have another "
			  "notification now, and it has not ended");
	}
}

void sim_ledger_event_start(void)
{
	sim_store_watch(committed);
}
