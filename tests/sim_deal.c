/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_deal.h"

#include <stdlib.h>

#include "gateway/xalloc.h"
#include "tests/sim_loop.h"

#define KEPT_MS ((int64_t)2 * 86400000)	/* then the history of the ended goes */

static struct {
	struct deal **deals;	/* by number, from 1 on */
	unsigned n_deals;
	unsigned n_forgotten;	/* the first ones have no history any more */
	unsigned *jobs;		/* by job: the number of its deal */
	size_t n_jobs;
	struct deal **unfinished;
	size_t n_unfinished;
	struct deal_pair *pairs;
	struct deal_bootstraps *bootstraps;	/* by device */
} books;

struct sim_totals sim_totals;

void sim_deals_start(void)
{
	size_t n = sim_devices();

	books.deals = xcalloc(2, sizeof(*books.deals));
	books.pairs = xcalloc(n * SIM_SERVERS, sizeof(*books.pairs));
	books.bootstraps = xcalloc(n, sizeof(*books.bootstraps));
}

void *sim_grown(void *list, size_t n, size_t size)
{
	if (n & (n - 1))		/* it doubles at powers of two */
		return list;
	list = realloc(list, 2 * (n ? n : 1) * size);
	if (!list)
		abort();
	return list;
}

struct deal *sim_deal(unsigned number)
{
	SIM_CHECK(NULL, number >= 1 && number <= books.n_deals,
		  "request %u: nobody asked for it", number);
	return books.deals[number];
}

struct deal *sim_deal_of_job(int64_t job)
{
	return job > 0 && (size_t)job < books.n_jobs && books.jobs[job] ?
	       books.deals[books.jobs[job]] : NULL;
}

struct deal *sim_deal_unfinished(size_t i)
{
	return books.unfinished[i];
}

size_t sim_ledger_unfinished(void)
{
	return books.n_unfinished;
}

struct deal_pair *sim_deal_pair(const struct deal *d)
{
	return &books.pairs[d->rq.device * SIM_SERVERS + d->rq.server];
}

struct deal_bootstraps *sim_deal_bootstraps(const struct deal *d)
{
	return &books.bootstraps[d->rq.device];
}

bool sim_clock_is_steady(int64_t for_ms)
{
	return sim_now_ms() - sim_clock_last_set_ms() >= for_ms;
}

/* --------------------------- begin, end, forget --------------------------- */

static void forget_old(void)
{
	while (books.n_forgotten < books.n_deals) {
		struct deal *d = books.deals[books.n_forgotten + 1];
		int64_t since_ms = d->job ? d->ended_ms : d->asked_ms;

		if ((d->job && !d->ended_ms) ||
		    since_ms + KEPT_MS > sim_now_ms())
			return;
		sim_history_forget(d);
		books.n_forgotten++;
	}
}

struct deal *sim_deal_new(const struct sim_request *rq)
{
	struct deal *d = xcalloc(1, sizeof(*d));

	forget_old();
	books.deals = sim_grown(books.deals, ++books.n_deals,
				sizeof(*books.deals));
	books.deals[books.n_deals] = d;
	d->rq = *rq;
	d->rq.number = books.n_deals;
	d->asked_ms = sim_now_ms();
	return d;
}

void sim_deal_begin(struct deal *d, int64_t job)
{
	for (; books.n_jobs <= (size_t)job; books.n_jobs++) {
		books.jobs = sim_grown(books.jobs, books.n_jobs,
				       sizeof(*books.jobs));
		books.jobs[books.n_jobs] = 0;
	}
	books.jobs[job] = d->rq.number;
	books.unfinished = sim_grown(books.unfinished, books.n_unfinished,
				     sizeof(*books.unfinished));
	d->place = books.n_unfinished++;
	books.unfinished[d->place] = d;
	d->job = job;
	d->accepted_ms = sim_now_ms();
	if (d->rq.method == JOB_NOTIFY)
		sim_deal_pair(d)->unfinished = d->rq.number;
	else if (sim_deal_bootstraps(d)->n++ == 0)
		sim_deal_bootstraps(d)->since_ms = sim_now_ms();
}

void sim_deal_end(struct deal *d)
{
	struct deal *last = books.unfinished[--books.n_unfinished];

	books.unfinished[d->place] = last;
	last->place = d->place;
	d->ended_ms = sim_now_ms();
	sim_totals.jobs[d->state]++;
	if (d->rq.method == JOB_BOOTSTRAP) {
		sim_deal_bootstraps(d)->n--;
		sim_deal_bootstraps(d)->ended_ms = sim_now_ms();
	} else if (sim_deal_pair(d)->unfinished == d->rq.number) {
		sim_deal_pair(d)->unfinished = 0;
	}
}
