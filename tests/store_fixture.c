/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/store_fixture.h"

#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/log.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

#define PATIENCE_MS 30000

struct store *store;
char store_dir[64];
char store_path[96];

struct store_submit submit;
struct segment sent[SEGMENTS_MAX];
struct store_get get;
struct store_list list;
struct job list_jobs[STORE_LIST_MAX];
struct store_cancel cancel;
struct store_claim claim;
struct store_outcome outcome;
struct store_report report;
struct store_expire expire;
struct store_status status;

struct attempt_plan plan;

static unsigned n_devices;
static bool finished;

static void on_done(struct store_op *op)
{
	(void)op;
	finished = true;
}

int store_do(struct store_op *op)
{
	struct pollfd p = { .fd = store_fd(store), .events = POLLIN };

	finished = false;
	op->done = on_done;
	store_push(store, op);
	while (!finished && poll(&p, 1, PATIENCE_MS) > 0)
		store_poll(store);
	if (!finished) {
		printf("Bail out! the store does not answer\n");
		exit(EXIT_FAILURE);
	}
	return op->rc;
}

/* ---------------------------- begin and end ---------------------------- */

static void remove_database(void)
{
	static const char *const endings[] = {
		"", "-wal", "-shm", "-journal", ".lock",
	};
	char name[128];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", store_path, endings[i]);
		unlink(name);
	}
}

void store_reopen(void)
{
	struct err e;
	char text[ERR_TEXT_MAX];

	if (store_open(store_path, &store, &e)) {
		printf("Bail out! %s\n", err_text(&e, text, sizeof(text)));
		exit(EXIT_FAILURE);
	}
}

void store_start(void)
{
	remove_database();
	plan = (struct attempt_plan){ ATTEMPT_MS / 1000, 2, 86400, 10 };
	n_devices = 0;
	store_reopen();
}

void store_stop(void)
{
	store_close(store);
	store = NULL;
}

void store_restart(void)
{
	store_stop();
	store_reopen();
}

void store_run_sql(const char *text)
{
	sqlite3 *db;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void store_limit_files(size_t len)
{
	static struct rlimit before;
	struct rlimit now;

	if (!before.rlim_max)
		getrlimit(RLIMIT_FSIZE, &before);
	now = before;
	if (len)
		now.rlim_cur = len;
	setrlimit(RLIMIT_FSIZE, &now);
}

int store_tests(const char *suite, CU_TestInfo *tests)
{
	struct err e;
	int rc;

	snprintf(store_dir, sizeof(store_dir), "/tmp/dmbox-test-%s.XXXXXX",
		 suite);
	if (!mkdtemp(store_dir) || log_open("/dev/null", LOG_LEVEL_INFO, &e))
		return EXIT_FAILURE;
	snprintf(store_path, sizeof(store_path), "%s/q.db", store_dir);
	rc = tap_run(suite, tests);
	remove_database();
	rmdir(store_dir);
	return rc;
}

/* ------------------------------ operations ------------------------------ */

static unsigned n_segments;

static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	(void)e;
	s->job.session_id = session_id;
	s->job.n_segments = n_segments;
	for (unsigned i = 0; i < n_segments; i++) {
		sent[i] = (struct segment){ .udh_len = 3, .len = 10 };
		memset(sent[i].octets, (int)i + 1, 10);
		sent[i].octets[0] = (uint8_t)reference;
	}
	s->segments = xcalloc(n_segments, sizeof(sent[0]));
	memcpy(s->segments, sent, n_segments * sizeof(sent[0]));
	return DM_OK;
}

void new_device(struct store_submit *s)
{
	snprintf(s->job.to, sizeof(s->job.to), "+4917%08u", n_devices++);
}

int64_t add_with(unsigned n, void (*change)(struct store_submit *s))
{
	n_segments = n;
	submit = (struct store_submit){
		.job = {
			.client = 1000,
			.until = REACHED_DELIVERED,
			.created_ms = T0,
			.changed_ms = T0,
			.next_ms = T0,
			.expires_ms = T0 + 3600000,
			.from = "12345",
			.server_id = SERVER_ID,
			.dm_version = 1,
			.dcs = 4,
			.token = "0123456789abcde",
		},
		.jobs_max = 1000000,
		.encode = encode,
	};
	new_device(&submit);
	submit.op.run = store_submit_run;
	if (change)
		change(&submit);
	return store_do(&submit.op) ? -1 : store_submit_job(&submit)->id;
}

int64_t add(unsigned n)
{
	return add_with(n, NULL);
}

void same_device(struct store_submit *s)
{
	snprintf(s->job.to, sizeof(s->job.to), "%s", TO);
}

void next_for_device(struct store_submit *s)
{
	same_device(s);
	s->on_busy = BUSY_SUPERSEDE;
}

void bootstrap(struct store_submit *s)
{
	s->job.method = JOB_BOOTSTRAP;
	s->job.server_id[0] = '\0';
	s->job.dm_version = -1;
}

int get_job(int64_t id)
{
	wipe_free(get.segments);
	get = (struct store_get){ .id = id };
	get.op.run = store_get_run;
	return store_do(&get.op);
}

enum job_state state_of(int64_t id)
{
	CU_ASSERT_EQUAL(get_job(id), DM_OK);
	return get.job.state;
}

int claim_at(int64_t now_ms, size_t limit)
{
	store_claim_clear(&claim);
	claim = (struct store_claim){ .plan = &plan, .now_ms = now_ms,
				      .limit = limit };
	claim.op.run = store_claim_run;
	return store_do(&claim.op);
}

int outcome_of(int64_t id, const enum segment_event *events, unsigned n)
{
	struct segment_result results[SEGMENTS_MAX];

	(void)get_job(id);
	outcome = (struct store_outcome){
		.plan = &plan,
		.id = id,
		.attempt = get.job.attempt,
		.now_ms = T0 + 10,
		.n = n,
		.results = results,
		.reason = "a reason",
	};
	for (unsigned i = 0; i < n; i++)
		results[i] = (struct segment_result){ i, events[i] };
	outcome.op.run = store_outcome_run;
	return store_do(&outcome.op);
}

int take_all(int64_t id, unsigned n)
{
	enum segment_event events[SEGMENTS_MAX];

	for (unsigned i = 0; i < n; i++)
		events[i] = SEGMENT_ACKED;
	return outcome_of(id, events, n);
}

int cancel_job(int64_t id)
{
	cancel = (struct store_cancel){ .id = id, .now_ms = T0 + 30 };
	cancel.op.run = store_cancel_run;
	return store_do(&cancel.op);
}

int report_on(int64_t id, unsigned segment, enum segment_event event)
{
	(void)get_job(id);
	report = (struct store_report){
		.plan = &plan,
		.key = { id, segment, get.job.attempt, "0123456789abcde" },
		.event = event,
		.now_ms = T0 + 20,
		.reason = "delivery report: err:001",
	};
	report.op.run = store_report_run;
	return store_do(&report.op);
}

int status_at(int64_t now_ms)
{
	status = (struct store_status){ .now_ms = now_ms };
	status.op.run = store_status_run;
	return store_do(&status.op);
}

int list_jobs_of(int64_t after, int state, const char *to, size_t limit)
{
	list = (struct store_list){
		.after = after,
		.state = state,
		.limit = limit,
		.jobs = list_jobs,
	};
	snprintf(list.to, sizeof(list.to), "%s", to);
	list.op.run = store_list_run;
	return store_do(&list.op);
}
