/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulate - dmboxd in a world that is made up, and can be repeated
 *
 * Everything between the API's requests and the wire to bearerbox is dmboxd's
 * own code: methods, operations, SQL, attempts, the sender. What it stands on
 * is simulated, in one thread: clock, timers, the store's thread, the socket,
 * bearerbox, the network, devices and DM servers. All chance comes from one
 * seed. sim_ledger.h holds dmboxd to its promises all along.
 */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "gateway/log.h"
#include "tests/sim_bearerbox.h"
#include "tests/sim_device.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_ledger.h"
#include "tests/sim_loop.h"
#include "tests/sim_server.h"
#include "tests/sim_store.h"
#include "tests/sim_weather.h"

#define DAY_MS ((int64_t)86400000)
#define DAYS_A_JOB 10		/* a device gets a job each 10 days */
#define Y2038_MS (((int64_t)INT32_MAX + 1) * 1000)	/* no room in 32 bits */
#define T0_MS ((int64_t)1800000000000)

static const char usage[] =
	"usage: simulate [--seed N] [--devices N] [--days N] [--json]\n";

struct run {
	uint64_t seed;
	unsigned devices;
	unsigned days;
	bool json;
};

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Each fourth seed passes the day on which 32 bits are not enough. */
static int64_t first_ms(const struct run *r)
{
	return r->seed % 4 ? T0_MS : Y2038_MS - r->days * DAY_MS * 3 / 4;
}

static void start(const struct run *r, const char *repeat)
{
	sim_loop_start(first_ms(r), r->seed);
	sim_dmboxd_configure();
	sim_store_start();
	sim_devices_start(r->devices);
	sim_ledger_start(repeat);
	sim_weather_start();
	sim_dmboxd_start();
	sim_server_start(r->devices / DAYS_A_JOB + 1,
			 r->days < 2 ? DAY_MS / 3 :
			 (r->days < 7 ? r->days : 7) * DAY_MS);
}

/* At most each 10 seconds; the time is not asked for at each step. */
static void progress(const struct run *r, double began)
{
	static unsigned n_steps;
	static double told;

	if (told < began)
		told = began;
	if (++n_steps % 10000 || seconds() < told + 10)
		return;
	told = seconds();
	fprintf(stderr, "seed %" PRIu64 ": day %" PRId64 " of %u, %zu jobs "
		"unfinished, %.0f s\n", r->seed, sim_now_ms() / DAY_MS, r->days,
		sim_ledger_unfinished(), told - began);
}

/* All days; then nothing goes wrong any more, and every job ends. */
static void live(const struct run *r)
{
	double began = seconds();

	while (sim_now_ms() < r->days * DAY_MS) {
		sim_loop_step();
		progress(r, began);
	}
	sim_weather_clear();
	sim_server_stop_asking();
	while (sim_ledger_unfinished() > 0)
		sim_loop_step();
}

/* ------------------------------- results -------------------------------- */

static void print_text(const struct run *r, double took)
{
	const struct sim_totals *t = &sim_totals;

	printf("seed %" PRIu64 ": %u devices, %u days: %" PRIu64
	       " device-days in %.1f s\n", r->seed, r->devices, r->days,
	       (uint64_t)r->devices * r->days, took);
	printf("  %" PRId64 " requests; jobs: ", t->requests);
	for (unsigned s = JOB_DONE; s < JOB_STATES; s++)
		printf("%" PRId64 " %s%s", t->jobs[s], job_state_name(s),
		       s + 1 < JOB_STATES ? ", " : "\n");
	printf("  %" PRId64 " SMS in %" PRId64 " attempts, %" PRId64
	       " rebuilt, %" PRId64 " sessions reported, %" PRId64
	       " events\n  faults:", t->sms, t->attempts, t->rebuilt,
	       t->sessions, t->events);
	for (unsigned f = 0; f < N_FAULTS; f++)
		printf("%s %" PRId64 " %s", f ? "," : "", sim_fault_count(f),
		       sim_fault_name(f));
	printf("\n  %" PRId64 " checks, no promise broken; history %016"
	       PRIx64 "\n", t->checks, t->history);
}

static void print_json(const struct run *r, double took)
{
	const struct sim_totals *t = &sim_totals;
	json_t *jobs = json_object(), *faults = json_object();
	char history[20];
	json_t *o;

	for (unsigned s = JOB_DONE; s < JOB_STATES; s++)
		json_object_set_new(jobs, job_state_name(s),
				    json_integer(t->jobs[s]));
	for (unsigned f = 0; f < N_FAULTS; f++)
		json_object_set_new(faults, sim_fault_name(f),
				    json_integer(sim_fault_count(f)));
	snprintf(history, sizeof(history), "%016" PRIx64, t->history);
	o = json_pack("{s:I, s:i, s:i, s:f, s:I, s:o, s:I, s:I, s:I, s:I, s:I,"
		      " s:o, s:I, s:s}",
		"seed", (json_int_t)r->seed, "devices", (int)r->devices,
		"days", (int)r->days, "seconds", took,
		"requests", (json_int_t)t->requests, "jobs", jobs,
		"sms", (json_int_t)t->sms,
		"attempts", (json_int_t)t->attempts,
		"rebuilt", (json_int_t)t->rebuilt,
		"sessions", (json_int_t)t->sessions,
		"events", (json_int_t)t->events, "faults", faults,
		"checks", (json_int_t)t->checks, "history", history);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void run(const struct run *r)
{
	double began = seconds();
	char repeat[100];

	snprintf(repeat, sizeof(repeat), "tests/simulate --seed %" PRIu64
		 " --devices %u --days %u", r->seed, r->devices, r->days);
	start(r, repeat);
	live(r);
	(r->json ? print_json : print_text)(r, seconds() - began);
}

/* ------------------------------- options -------------------------------- */

static unsigned long read_number(const char *text, unsigned long max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && n <= max)
		return n;
	fprintf(stderr, "simulate: \"%s\": a number up to %lu\n", text, max);
	exit(EX_USAGE);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "devices", required_argument, NULL, 'd' },
		{ "days", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct run r = { .seed = 1, .devices = 300, .days = 10 };
	struct err e;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			r.seed = read_number(optarg, LONG_MAX);
		else if (c == 'd')
			r.devices = (unsigned)read_number(optarg, 10000000);
		else if (c == 'n')
			r.days = (unsigned)read_number(optarg, 100000);
		else if (c == 'j')
			r.json = true;
		else
			return fputs(usage, stderr), EX_USAGE;
	}
	if (log_open("/dev/null", LOG_LEVEL_ERROR, &e))
		return EXIT_FAILURE;
	run(&r);
	return EXIT_SUCCESS;
}
