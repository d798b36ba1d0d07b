/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_depth - how fast jobs are accepted and sent while others wait
 *
 *	bench/queue_depth --store queue.db --fill 1000000
 *	bench/queue_depth --store queue.db --submit 20000 --claim 20000
 *
 * Works on the store itself, without API and bearerbox. --fill adds waiting
 * jobs until there are so many; --submit and --claim measure: a claimed job is
 * reported as taken by bearerbox, and is done. What waited longest is claimed
 * first, so equal counts leave as many as there were.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "gateway/clock.h"
#include "gateway/store/store.h"

#define DEPTH 500			/* submits under way */
#define EXPIRES_MS 86400000

struct stage {
	double seconds, cpu_us, per_s;
};

static struct options {
	long fill, submit, claim;
	const char *store;
} o;

static struct store *store;
static long n_open;			/* operations that are not back */
static long n_claimed;

/* Until no more than n operations are open. */
static void wait_for(long n)
{
	struct pollfd p = { .fd = store_fd(store), .events = POLLIN };

	while (n_open > n) {
		poll(&p, 1, -1);
		store_poll(store);
	}
}

static void push(struct store_op *op)
{
	n_open++;
	store_push(store, op);
}

static void check(const struct store_op *op)
{
	char text[ERR_TEXT_MAX];

	n_open--;
	if (op->rc)
		bench_die("%s", err_text(&op->err, text, sizeof(text)));
}

/* -------------------------------- submit -------------------------------- */

static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	struct segment sms = { .udh_len = BENCH_UDH_LEN,
			       .len = BENCH_SMS_LEN };

	(void)reference;
	(void)e;
	memcpy(sms.octets, bench_sms, BENCH_SMS_LEN);
	s->job.session_id = session_id;
	store_submit_segments(s, &sms, 1);
	return DM_OK;
}

static void submit_done(struct store_op *op)
{
	check(op);
	free(op);
}

static void submit_one(long i)
{
	struct store_submit *s = calloc(1, sizeof(*s));
	int64_t now_ms = clock_ms();

	if (!s)
		bench_die("out of memory");
	s->op.run = store_submit_run;
	s->op.done = submit_done;
	s->encode = encode;
	s->jobs_max = INT64_MAX;
	s->job = (struct job){
		.method = JOB_NOTIFY, .until = REACHED_TAKEN,
		.created_ms = now_ms, .changed_ms = now_ms, .next_ms = now_ms,
		.expires_ms = now_ms + EXPIRES_MS, .dcs = 0x04,
		.from = "12345", .server_id = "com.example.dms",
	};
	bench_msisdn(s->job.to, i, false);
	random_octets(s->job.token, sizeof(s->job.token));
	random_octets(&s->random, sizeof(s->random));
	push(&s->op);
}

static void submit(long first, long n)
{
	for (long i = 0; i < n; i++) {
		wait_for(DEPTH - 1);
		submit_one(first + i);
	}
	wait_for(0);
}

/* -------------------------------- claim -------------------------------- */

static const struct attempt_plan plan = {
	.first_s = 300, .factor = 2, .ceiling_s = 86400, .max = 10,
};

struct outcome {
	struct store_outcome store;
	struct segment_result result;
};

static void outcome_done(struct store_op *op)
{
	check(op);
	free(op);
}

static void push_outcome(const struct job *j)
{
	struct outcome *out = calloc(1, sizeof(*out));

	if (!out)
		bench_die("out of memory");
	out->result = (struct segment_result){ 0, SEGMENT_ACKED };
	out->store = (struct store_outcome){
		.op.run = store_outcome_run, .op.done = outcome_done,
		.plan = &plan, .id = j->id, .attempt = j->attempt,
		.now_ms = clock_ms(), .n = 1, .results = &out->result,
	};
	push(&out->store.op);
}

static void claim_done(struct store_op *op)
{
	struct store_claim *c = (struct store_claim *)op;

	check(op);
	if (c->n == 0)
		bench_die("no job waits any more");
	for (size_t i = 0; i < c->n; i++)
		push_outcome(&c->jobs[i].job);
	n_claimed += (long)c->n;
}

static void claim(long n)
{
	static struct store_claim c = {
		.op.run = store_claim_run, .op.done = claim_done,
		.plan = &plan,
	};
	long before;

	for (n_claimed = 0; n_claimed < n;) {
		c.limit = n - n_claimed < STORE_CLAIM_MAX ?
			  (size_t)(n - n_claimed) : STORE_CLAIM_MAX;
		c.now_ms = clock_ms();
		before = n_claimed;
		push(&c.op);
		while (n_claimed == before)
			wait_for(n_open - 1);
	}
	wait_for(0);
	store_claim_clear(&c);
}

/* --------------------------------- run --------------------------------- */

static void status_done(struct store_op *op)
{
	check(op);
}

static int64_t n_waiting(int64_t *n_jobs)
{
	struct store_status s = {
		.op.run = store_status_run, .op.done = status_done,
		.now_ms = clock_ms(),
	};

	push(&s.op);
	wait_for(0);
	*n_jobs = 0;
	for (size_t i = 0; i < JOB_STATES; i++)
		*n_jobs += s.counts[i];
	return s.counts[JOB_WAITING];
}

static struct stage begin(void)
{
	return (struct stage){ bench_clock_s(), bench_own_cpu_s(), 0 };
}

static void end(struct stage *s, long n)
{
	s->seconds = bench_clock_s() - s->seconds;
	s->cpu_us = n ? (bench_own_cpu_s() - s->cpu_us) / (double)n * 1e6 : 0;
	s->per_s = (double)n / s->seconds;
}

static void run(void)
{
	struct stage submits, claims;
	int64_t waiting, n_jobs;

	waiting = n_waiting(&n_jobs);
	if (waiting < o.fill)
		submit(n_jobs, o.fill - waiting);
	waiting = n_waiting(&n_jobs);
	submits = begin();
	submit(n_jobs, o.submit);
	end(&submits, o.submit);
	claims = begin();
	claim(o.claim);
	end(&claims, o.claim);
	printf("{\"waiting\": %lld, \"submits\": %ld, \"submits-per-s\": %.0f, "
	       "\"submit-us\": %.1f, \"claims\": %ld, \"claims-per-s\": %.0f, "
	       "\"claim-us\": %.1f, \"memory-kb\": %ld}\n", (long long)waiting,
	       o.submit, submits.per_s, submits.cpu_us, o.claim, claims.per_s,
	       claims.cpu_us, bench_memory_kb(getpid()));
}

int main(int argc, char **argv)
{
	const struct bench_option options[] = {
		{ "store", "path of the database; required", .text = &o.store },
		{ "fill", "waiting jobs before it begins",
		  .number = &o.fill, .min = 0, .max = 100000000 },
		{ "submit", "jobs to be accepted",
		  .number = &o.submit, .min = 0, .max = 10000000 },
		{ "claim", "jobs to be claimed and ended",
		  .number = &o.claim, .min = 0, .max = 10000000 },
	};
	char text[ERR_TEXT_MAX];
	struct err e;

	bench_options(argc, argv, "accepts and claims while many jobs wait",
		      options, sizeof(options) / sizeof(options[0]));
	if (!o.store)
		bench_die("--store is missing");
	if (store_open(o.store, &store, &e))
		bench_die("%s", err_text(&e, text, sizeof(text)));
	run();
	store_close(store);
	return 0;
}
