/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_weather.h"

#include "tests/sim_bearerbox.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_ledger.h"
#include "tests/sim_loop.h"
#include "tests/sim_store.h"

#define SECOND 1000
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define LOOK_MS (10 * MINUTE)	/* on average, from one look out to the next */
#define FIRST_BY_ITSELF FAULT_LINK_BREAKS

static const char *const names[N_FAULTS] = {
	[FAULT_BUSY] = "link busy",
	[FAULT_NACK_GOOD] = "refused for good",
	[FAULT_NACK_NOW] = "refused for now",
	[FAULT_BUFFERED] = "buffered",
	[FAULT_ACK_SLOW] = "slow ack",
	[FAULT_SMS_LOST] = "lost by bearerbox",
	[FAULT_REPORT_EARLY] = "report before the ack",
	[FAULT_REPORT_LATE] = "report hours late",
	[FAULT_REPORT_TWICE] = "report twice",
	[FAULT_REPORT_LOST] = "report lost",
	[FAULT_REPORT_ODD] = "report of nothing final",
	[FAULT_REPORT_BOTH] = "report of either kind",
	[FAULT_UNDELIVERED] = "not delivered",
	[FAULT_REJECTED] = "rejected by the SMSC",
	[FAULT_NO_ROOM] = "not taken by the SMSC for now",
	[FAULT_SESSION_LOST] = "session not told",
	[FAULT_SESSION_TWICE] = "session told twice",
	[FAULT_LINK_BREAKS] = "link broken",
	[FAULT_LINK_GONE] = "link gone for hours",
	[FAULT_DATABASE] = "transaction failed",
	[FAULT_KILLED] = "dmboxd killed",
	[FAULT_KILLED_INSIDE] = "dmboxd killed in a transaction",
	[FAULT_CLOCK_HOUR] = "clock set by an hour",
	[FAULT_CLOCK_DAY] = "clock set back by a day",
};

static unsigned one_in[N_FAULTS];	/* 0: not in this weather */
static int64_t counts[N_FAULTS];
static bool is_clear;

bool sim_fault(enum sim_fault f)
{
	if (is_clear || !sim_one_in(one_in[f]))
		return false;
	counts[f]++;
	return true;
}

int64_t sim_fault_count(enum sim_fault f)
{
	return counts[f];
}

const char *sim_fault_name(enum sim_fault f)
{
	return names[f];
}

static void change(void *unused)
{
	bool is_fine = sim_one_in(3);

	for (unsigned f = 0; f < N_FAULTS; f++)
		one_in[f] = is_fine || !sim_one_in(3) ? 0 :
			    (unsigned)sim_between(2, sim_one_in(2) ? 5 : 100);
	sim_after(sim_between(10 * MINUTE, 12 * HOUR), change, unused);
}

/* ---------------------------- by themselves ----------------------------- */

static void restart(void *unused)
{
	(void)unused;
	sim_dmboxd_start();
}

static void killed(void)
{
	if (!sim_dmboxd_is_up())
		return;
	sim_ledger_note(0, "dmboxd is killed");
	sim_dmboxd_kill();
	sim_after(sim_one_in(10) ? sim_between(HOUR, 3 * HOUR) :
		  sim_between(SECOND, 2 * MINUTE), restart, NULL);
}

static void link_breaks(void)
{
	sim_bearerbox_break(sim_between(SECOND, MINUTE));
}

static void link_gone(void)
{
	sim_bearerbox_break(sim_between(HOUR, 6 * HOUR));
}

static void killed_inside(void)
{
	sim_store_die_next(killed);
}

static void clock_by(int64_t by_ms)
{
	sim_ledger_note(0, "the clock is set by %lld s",
			(long long)by_ms / SECOND);
	sim_ledger_clock_seen();
	sim_clock_set(by_ms);
}

static void clock_hour(void)
{
	clock_by(sim_one_in(2) ? HOUR : -HOUR);
}

static void set_right(void *unused)
{
	(void)unused;
	clock_by(-24 * HOUR);
}

static void clock_day(void)
{
	clock_by(24 * HOUR);
	sim_after(sim_between(MINUTE, 2 * HOUR), set_right, NULL);
}

static void look_out(void *unused)
{
	static void (*const happens[N_FAULTS])(void) = {
		[FAULT_LINK_BREAKS] = link_breaks,
		[FAULT_LINK_GONE] = link_gone,
		[FAULT_DATABASE] = sim_store_fail_next,
		[FAULT_KILLED] = killed,
		[FAULT_KILLED_INSIDE] = killed_inside,
		[FAULT_CLOCK_HOUR] = clock_hour,
		[FAULT_CLOCK_DAY] = clock_day,
	};
	static const unsigned rarely[N_FAULTS] = {
		[FAULT_LINK_GONE] = 10,
		[FAULT_CLOCK_HOUR] = 10,
		[FAULT_CLOCK_DAY] = 20,
	};

	for (enum sim_fault f = FIRST_BY_ITSELF; f < N_FAULTS; f++)
		if ((!rarely[f] || sim_one_in(rarely[f])) && sim_fault(f))
			happens[f]();
	sim_after(sim_about(LOOK_MS), look_out, unused);
}

void sim_weather_start(void)
{
	sim_after(0, change, NULL);
	sim_after(sim_about(LOOK_MS), look_out, NULL);
}

void sim_weather_clear(void)
{
	is_clear = true;
}
