/* SPDX-License-Identifier: Apache-2.0 */
/* What ought to have happened by now: nothing may stall silently. */
#include "tests/sim_deal.h"

#include <string.h>

#include "gateway/clock.h"
#include "tests/sim_api.h"
#include "tests/sim_bearerbox.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_loop.h"

#define LOOK_MS 60000
#define END_MS 30000		/* after its expiry a job ends within this */
#define SEND_MS 600000		/* what is due is sent within this, if it can */

/* dmboxd has been able to work for so long. */
static bool is_up(int64_t for_ms)
{
	return sim_dmboxd_is_up() &&
	       sim_now_ms() - sim_dmboxd_since_ms() >= for_ms;
}

static bool can_send(int64_t for_ms)
{
	return is_up(for_ms) && sim_clock_is_steady(for_ms) &&
	       sim_bearerbox_well_since_ms() <= sim_now_ms() - for_ms;
}

static void check_expiry(const struct deal *d)
{
	SIM_CHECK(d, clock_ms() < d->expires_ms + END_MS,
		  "it expired %lld s ago, and has not ended",
		  (long long)(clock_ms() - d->expires_ms) / 1000);
}

/*
 * Devices that are off hold up no others: who is new is served at once. And
 * each attempt is followed by the next one, or by the end.
 */
static void check_served(const struct deal *d)
{
	int64_t free_ms = sim_deal_bootstraps(d)->ended_ms;
	uint32_t attempt = d->attempt > d->sent_attempt ? d->attempt :
			   d->sent_attempt;
	int64_t pause_ms = d->sent_attempt ?
			   attempt_ms(sim_dmboxd_plan(), attempt, LONGEST) : 0;
	int64_t wait_ms;

	if (free_ms < d->active_ms)
		free_ms = d->active_ms;
	wait_ms = sim_now_ms() - free_ms;
	SIM_CHECK(d, wait_ms < pause_ms + SEND_MS ||
		  !sim_clock_is_steady(sim_now_ms() - d->accepted_ms) ||
		  sim_deal_bootstraps(d)->n > 0,
		  "nothing has happened for %lld s, after attempt %u",
		  (long long)wait_ms / 1000, attempt);
}

static void status_came(void *unused, json_t *status, const struct err *e)
{
	double due_s = json_number_value(json_object_get(status,
							 "oldest-due-s"));

	(void)unused;
	(void)e;
	SIM_CHECK(NULL, !status || !can_send(SEND_MS) || due_s * 1000 < SEND_MS,
		  "the oldest due job has been due for %g s", due_s);
}

static void look(void *unused)
{
	bool ends = is_up(END_MS) && sim_clock_is_steady(END_MS);
	bool sends = can_send(SEND_MS);

	for (size_t i = 0; i < sim_ledger_unfinished(); i++) {
		const struct deal *d = sim_deal_unfinished(i);

		if (ends)
			check_expiry(d);
		if (sends)
			check_served(d);
	}
	if (sends)
		sim_call("server.status", json_object(), status_came, NULL);
	sim_after(LOOK_MS, look, unused);
}

void sim_audit_start(void)
{
	sim_after(LOOK_MS, look, NULL);
}
