/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/load.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_devices.h"
#include "gateway/store/store_prune.h"
#include "tests/store_fixture.h"

#define STEP_MS 1000		/* from batch to batch */
#define LIFE_MS 60000		/* of a job, at most */
#define KEEP_MS 40000		/* of one that has ended */
#define BOOTSTRAP_NUMBERS 1000	/* where those of bootstraps begin */

struct load_counts load_counts;

/* An operation of a batch, with all that it borrows. */
struct item {
	union {
		struct store_op op;
		struct store_submit submit;
		struct store_claim claim;
		struct store_outcome outcome;
		struct store_report report;
		struct store_session session;
		struct store_cancel cancel;
		struct store_expire expire;
		struct store_prune prune;
		struct store_device_put put;
		struct store_device nonce;
	};
	void (*note)(struct ledger *l, const struct item *item);
	unsigned number;		/* of a device */
	unsigned version;		/* of its nonce */
	struct segment_result results[SEGMENTS_MAX];
	char name[16], to[MSISDN_SIZE], text[32];
	struct digest_source source;
	struct device_put_request request;
};

static struct item items[LOAD_BATCH_MAX];
static size_t n_items, n_back;

static size_t below(struct load *l, size_t limit)
{
	return tap_random_below(&l->random, limit);
}

/* One of the jobs that were answered; NULL: there is none yet. */
static struct ledger_job *any_job(struct load *l)
{
	size_t n = l->ledger.n_jobs, recent = n < 40 ? n : 40;

	return n ? &l->ledger.jobs[n - 1 - below(l, recent)] : NULL;
}

/* --------------------------------- submit --------------------------------- */

static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	static struct segment segments[SEGMENTS_MAX];
	unsigned serial = ledger_serial(&s->job);
	unsigned n = ledger_n_segments(serial);

	(void)reference;
	(void)e;
	s->job.session_id = session_id;
	for (unsigned i = 0; i < n; i++)
		ledger_segment(serial, i, session_id, &segments[i]);
	store_submit_segments(s, segments, n);
	return DM_OK;
}

static void note_job(struct ledger *l, const struct job *j)
{
	struct ledger_job *had = ledger_find(l, j->id);

	if (had)
		had->job = *j;
}

/* A job whose time is over makes room for the next of its device. */
static void note_over(struct ledger *l, const struct job *next)
{
	for (size_t i = 0; i < l->n_jobs; i++) {
		struct job *j = &l->jobs[i].job;

		if (j->method == JOB_NOTIFY && !strcmp(j->to, next->to) &&
		    j->expires_ms <= next->created_ms)
			job_apply(j, JOB_EXPIRE, next->created_ms);
	}
}

static void note_submit(struct ledger *l, const struct item *item)
{
	const struct store_submit *s = &item->submit;
	struct ledger_job *new = &l->jobs[l->n_jobs];

	if (s->job.method == JOB_NOTIFY)
		note_over(l, &s->job);
	if (s->other.id && !s->joined)
		note_job(l, &s->other);
	if (s->joined)
		return;
	if (l->n_jobs++ == LEDGER_JOBS_MAX)
		abort();
	*new = (struct ledger_job){ .job = s->job, .has_key = s->key[0] };
	if (s->job.method == JOB_NOTIFY)
		l->session_id[item->number] = s->job.session_id;
}

static void be_notification(struct load *l, struct item *item)
{
	struct job *j = &item->submit.job;

	item->number = (unsigned)below(l, LEDGER_NUMBERS);
	snprintf(j->server_id, sizeof(j->server_id), "%s", SERVER_ID);
	j->dm_version = 1;
	item->submit.on_busy = below(l, 3) ? BUSY_SUPERSEDE : BUSY_JOIN;
	ledger_number(item->number, j->to);
}

static void be_bootstrap(struct item *item, unsigned serial)
{
	struct job *j = &item->submit.job;

	j->method = JOB_BOOTSTRAP;
	j->dm_version = -1;
	ledger_number(BOOTSTRAP_NUMBERS + serial, j->to);
}

static void set_key(struct store_submit *s, unsigned serial)
{
	snprintf(s->key, sizeof(s->key), LEDGER_KEY, serial);
	memset(s->digest, (int)serial, sizeof(s->digest));
}

static void add_submit(struct load *l, struct item *item)
{
	struct store_submit *s = &item->submit;
	unsigned serial = l->n_serials++;

	s->op.run = store_submit_run;
	s->job.client = 1000;
	s->job.until = REACHED_DELIVERED;
	s->job.created_ms = s->job.changed_ms = s->job.next_ms = l->now_ms;
	s->job.expires_ms = l->now_ms + 1 + (int64_t)below(l, LIFE_MS);
	snprintf(s->job.from, sizeof(s->job.from), "12345");
	s->jobs_max = 1000000;
	s->encode = encode;
	s->random = (uint32_t)tap_random(&l->random);
	ledger_token(serial, s->job.token);
	if (below(l, 2))
		be_notification(l, item);
	else
		be_bootstrap(item, serial);
	if (below(l, 3) == 0)
		set_key(s, serial);
	item->note = note_submit;
}

/* ---------------------------- sending of jobs ---------------------------- */

/* What the answer does not name follows from the time. */
static void note_expiry(struct ledger *l, int64_t now_ms)
{
	for (size_t i = 0; i < l->n_jobs; i++) {
		struct job *j = &l->jobs[i].job;

		if (j->expires_ms <= now_ms)
			job_apply(j, JOB_EXPIRE, now_ms);
	}
}

/* What a claim finds expired it does not name: so there is none. */
static int expire_and_claim(struct store_sql *sql, struct store_op *op,
			    struct err *e)
{
	struct store_claim *c = (struct store_claim *)op;
	struct store_expire expiry = { .now_ms = c->now_ms };
	int rc = store_expire_run(sql, &expiry.op, e);

	return rc ? rc : store_claim_run(sql, op, e);
}

static void note_claim(struct ledger *l, const struct item *item)
{
	note_expiry(l, item->claim.now_ms);
	for (size_t i = 0; i < item->claim.n; i++)
		note_job(l, &item->claim.jobs[i].job);
}

static void add_claim(struct load *l, struct item *item)
{
	item->claim = (struct store_claim){
		.plan = &plan,
		.now_ms = l->now_ms,
		.random = (uint32_t)tap_random(&l->random),
		.again_first = below(l, 2),
		.limit = 1 + below(l, 10),
	};
	item->op.run = expire_and_claim;
	item->note = note_claim;
}

static void note_outcome(struct ledger *l, const struct item *item)
{
	note_job(l, &item->outcome.job);
}

static void add_outcome(struct load *l, struct item *item)
{
	const struct ledger_job *of = any_job(l);
	bool good = below(l, 4);

	if (!of)
		return;
	item->outcome = (struct store_outcome){
		.plan = &plan,
		.id = of->job.id,
		.attempt = of->job.attempt,
		.now_ms = l->now_ms,
		.results = item->results,
		.n = of->job.n_segments,
		.reason = "a reason",
	};
	for (unsigned i = 0; i < of->job.n_segments; i++)
		item->results[i] = (struct segment_result){
			i, good ? SEGMENT_ACKED :
			   below(l, 4) ? SEGMENT_NOT_NOW : SEGMENT_NACKED,
		};
	item->op.run = store_outcome_run;
	item->note = note_outcome;
}

static void note_report(struct ledger *l, const struct item *item)
{
	note_job(l, &item->report.job);
}

static void add_report(struct load *l, struct item *item)
{
	const struct ledger_job *of = any_job(l);
	struct job_dlr_key *k = &item->report.key;

	if (!of)
		return;
	item->report = (struct store_report){
		.plan = &plan,
		.event = below(l, 6) ? SEGMENT_REPORTED_OK :
				       SEGMENT_REPORTED_BAD,
		.now_ms = l->now_ms,
		.reason = "err:001",
	};
	k->job = of->job.id;
	k->segment = (unsigned)below(l, of->job.n_segments);
	k->attempt = of->job.attempt;
	memcpy(k->token, of->job.token, sizeof(k->token));
	item->op.run = store_report_run;
	item->note = note_report;
}

/* --------------------------- ends and devices --------------------------- */

static void note_session(struct ledger *l, const struct item *item)
{
	note_job(l, &item->session.job);
}

static void add_session(struct load *l, struct item *item)
{
	const struct ledger_job *of = any_job(l);

	if (!of)
		return;
	item->session = (struct store_session){
		.report = { .event = SESSION_STARTED, .job = of->job.id,
			    .session_id = SESSION_UNSET,
			    .result = SESSION_UNSET },
		.now_ms = l->now_ms,
	};
	item->op.run = store_session_run;
	item->note = note_session;
}

static void note_cancel(struct ledger *l, const struct item *item)
{
	note_job(l, &item->cancel.job);
}

static void add_cancel(struct load *l, struct item *item)
{
	const struct ledger_job *of = any_job(l);

	if (!of)
		return;
	item->cancel = (struct store_cancel){ .id = of->job.id,
					      .now_ms = l->now_ms };
	item->op.run = store_cancel_run;
	item->note = note_cancel;
}

static void note_expire(struct ledger *l, const struct item *item)
{
	note_expiry(l, item->expire.now_ms);
}

static void add_expire(struct load *l, struct item *item)
{
	item->expire = (struct store_expire){ .now_ms = l->now_ms };
	item->op.run = store_expire_run;
	item->note = note_expire;
}

static void note_prune(struct ledger *l, const struct item *item)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_jobs; i++) {
		struct ledger_job *j = &l->jobs[i];

		if (j->pruned || !job_is_final(j->job.state) ||
		    j->job.changed_ms >= item->prune.jobs_before_ms)
			continue;
		j->pruned = true;
		n++;
	}
	CU_ASSERT_EQUAL(item->prune.n_jobs, n);
	CU_ASSERT_FALSE(item->prune.more);
}

static void add_prune(struct load *l, struct item *item)
{
	item->prune = (struct store_prune){
		.jobs_before_ms = l->now_ms - KEEP_MS,
	};
	item->op.run = store_prune_run;
	item->note = note_prune;
}

static void note_device(struct ledger *l, const struct item *item)
{
	l->device_nonce[item->number] = item->version;
}

/* A device's number is its name, too. */
static void set_device(struct load *l, struct item *item)
{
	item->number = (unsigned)below(l, LEDGER_DEVICES);
	item->version = ++l->n_nonces;
	snprintf(item->name, sizeof(item->name), "dev%u", item->number);
	ledger_number(BOOTSTRAP_NUMBERS - 1 - item->number, item->to);
	ledger_nonce(item->version, item->text);
	item->source = (struct digest_source){ .nonce = item->text };
	item->note = note_device;
}

static void add_put(struct load *l, struct item *item)
{
	set_device(l, item);
	item->request = (struct device_put_request){
		.device = item->name,
		.msisdn = item->to,
		.key = item->source,
		.dm_version = REQUEST_UNSET,
	};
	item->put = (struct store_device_put){ .request = &item->request,
					       .now_ms = l->now_ms };
	item->op.run = store_device_put_run;
}

static void add_nonce(struct load *l, struct item *item)
{
	set_device(l, item);
	item->nonce = (struct store_device){
		.key = { .device = item->name },
		.nonce = &item->source,
		.now_ms = l->now_ms,
	};
	item->op.run = store_nonce_put_run;
}

/* -------------------------------- batches -------------------------------- */

static void add_item(struct load *l)
{
	static void (*const adders[])(struct load *l, struct item *item) = {
		add_submit, add_submit, add_submit, add_submit, add_claim,
		add_outcome, add_outcome, add_report, add_report, add_report,
		add_session, add_cancel, add_put, add_nonce, add_expire,
		add_prune,
	};
	struct item *item = &items[n_items];

	memset(item, 0, sizeof(*item));
	adders[below(l, sizeof(adders) / sizeof(adders[0]))](l, item);
	if (item->op.run)
		n_items++;
}

static void fill_batch(struct load *l)
{
	size_t n = 1 + below(l, LOAD_BATCH_MAX);

	n_items = 0;
	while (n_items == 0)
		for (size_t i = 0; i < n; i++)
			add_item(l);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static bool held_up, may_go_on;

/* Holds the store up until the batch behind it is complete. */
static int hold_up(struct store_sql *sql, struct store_op *op, struct err *e)
{
	(void)sql;
	(void)op;
	(void)e;
	pthread_mutex_lock(&lock);
	held_up = true;
	pthread_cond_broadcast(&turned);
	while (!may_go_on)
		pthread_cond_wait(&turned, &lock);
	pthread_mutex_unlock(&lock);
	return DM_OK;
}

static void wait_held_up(void)
{
	pthread_mutex_lock(&lock);
	while (!held_up)
		pthread_cond_wait(&turned, &lock);
	pthread_mutex_unlock(&lock);
}

static void let_go_on(void)
{
	pthread_mutex_lock(&lock);
	may_go_on = true;
	pthread_cond_broadcast(&turned);
	pthread_mutex_unlock(&lock);
}

static void on_back(struct store_op *op)
{
	(void)op;
	n_back++;
}

static int do_nothing(struct store_sql *sql, struct store_op *op,
		      struct err *e)
{
	(void)sql;
	(void)op;
	(void)e;
	return DM_OK;
}

static void push_batch(void)
{
	for (size_t i = 0; i < n_items; i++) {
		items[i].op.done = on_back;
		store_push(store, &items[i].op);
	}
}

static void run_batch(void)
{
	struct pollfd p = { .fd = store_fd(store), .events = POLLIN };
	struct store_op hold = { .run = hold_up, .done = on_back };
	struct store_op idle = { .run = do_nothing };

	n_back = 0;
	held_up = may_go_on = false;
	store_push(store, &hold);
	wait_held_up();
	push_batch();
	let_go_on();
	while (n_back <= n_items && poll(&p, 1, 60000) > 0)
		store_poll(store);
	if (n_back <= n_items) {
		printf("Bail out! the store does not answer\n");
		exit(EXIT_FAILURE);
	}
	(void)store_do(&idle);	/* what it does behind a batch is done, too */
}

static void count_failed(const struct store_op *op)
{
	load_counts.failed++;
	CU_ASSERT_STRING_EQUAL(op->err.field, "store");
	CU_ASSERT_STRING_EQUAL(op->err.allowed, "try again later");
}

static void count(const struct store_op *op)
{
	if (op->rc == DM_OK)
		load_counts.ok++;
	else if (op->rc == DM_EIO)
		count_failed(op);
	else
		load_counts.refused++;
}

void load_begin(struct load *l, uint64_t seed)
{
	memset(l, 0, sizeof(*l));
	l->random = seed;
	l->now_ms = T0;
	plan = (struct attempt_plan){ 5, 1, 5, ATTEMPTS_MAX };
}

void load_run(struct load *l, struct ledger *after)
{
	l->now_ms += STEP_MS;
	fill_batch(l);
	run_batch();
	ledger_copy(after, &l->ledger);
	for (size_t i = 0; i < n_items; i++) {
		struct item *item = &items[i];

		count(&item->op);
		if (item->op.rc == DM_OK)
			item->note(after, item);
		if (item->op.run == expire_and_claim)
			store_claim_clear(&item->claim);
	}
}

void load_settle(struct load *l, const struct ledger *after)
{
	ledger_copy(&l->ledger, after);
}
