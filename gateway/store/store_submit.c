/* SPDX-License-Identifier: Apache-2.0 */
/* A new job: store_submit of store.h. */
#include "gateway/store/store_change.h"

#include <stdio.h>
#include <string.h>

#include "gateway/job/ending.h"
#include "gateway/store/store_devices.h"
#include "gateway/store/store_events.h"
#include "gateway/store/store_rebuild.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

static int insert_segments(struct store_sql *sql, const struct store_submit *op,
			   struct err *e)
{
	const struct job *j = &op->job;
	bool secret = j->method == JOB_BOOTSTRAP;
	int rc = DM_OK;

	for (unsigned i = 0; i < j->n_segments && !rc; i++) {
		const struct segment *sms = &op->segments[i];

		rc = sql_segment_insert(sql, j->id, i, sms,
					secret ? NULL : sms->octets, e);
	}
	if (!rc && secret)
		rc = sql_secret_put(sql, j->id, op->segments, j->n_segments,
				    op->account, e);
	return rc;
}

/*
 * A device whose numbers we do not know begins at a random one. A bootstrap has
 * no session id: 0.
 */
static int next_numbers(struct store_sql *sql, const struct store_submit *op,
			uint16_t *session_id, uint16_t *reference,
			struct err *e)
{
	int64_t last_id = op->random & 0xffff;
	int64_t last_reference = op->random >> 16;

	*session_id = 0;
	if (op->job.method == JOB_NOTIFY) {
		if (sql_session_get(sql, &op->job, &last_id, e))
			return DM_EIO;
		*session_id = job_next_session_id((uint16_t)last_id,
						  op->swaps_session_id);
	}
	if (sql_reference_get(sql, &op->job, &last_reference, e))
		return DM_EIO;
	*reference = (uint16_t)(last_reference + 1);
	return DM_OK;
}

static int check_room(const struct store_sql *sql, int64_t jobs_max,
		      struct err *e)
{
	const int64_t *counts = sql_counts(sql);
	int64_t live = counts[JOB_WAITING] + counts[JOB_SENDING] +
		       counts[JOB_PUSHED];

	if (live < jobs_max)
		return DM_OK;
	return err_set(e, DM_EBUSY, "queue", "try again when jobs have ended",
		       "%lld jobs are unfinished", (long long)live);
}

/* --------------------------- keys of requests --------------------------- */

/* The account that the bootstrap of then creates, while it is kept. */
static int repeat_account(struct store_sql *sql, struct store_submit *op,
			  struct err *e)
{
	const struct job *j = &op->other;

	wipe_free(op->account);
	op->account = NULL;
	if (j->method != JOB_BOOTSTRAP || job_is_final(j->state))
		return DM_OK;
	return sql_account_get(sql, j, &op->account, e);
}

/* The same request again gets the same job, another one is refused. */
static int repeat(struct store_sql *sql, struct store_submit *op,
		  const struct store_key *k, struct err *e)
{
	int rc;

	if (!hash_equal(k->digest, op->digest, sizeof(op->digest)))
		return err_set(e, DM_EINVAL, "key",
			       "a new key for another request",
			       "job %lld had it, for another request",
			       (long long)k->job);
	op->repeated = true;
	op->joined = k->joined;
	rc = sql_job_select(sql, k->job, &op->other, e);
	return rc ? rc : repeat_account(sql, op, e);
}

/* DM_ENOENT: the request is a new one. */
static int find_key(struct store_sql *sql, struct store_submit *op,
		    struct err *e)
{
	struct store_key k = { 0 };
	int rc = DM_ENOENT;

	if (op->key[0])
		rc = sql_key_get(sql, op->job.client, op->key, &k, e);
	return rc ? rc : repeat(sql, op, &k, e);
}

static int keep_key(struct store_sql *sql, const struct store_submit *op,
		    struct err *e)
{
	struct store_key k = { .job = store_submit_job(op)->id,
			       .joined = op->joined };

	if (!op->key[0])
		return DM_OK;
	memcpy(k.digest, op->digest, sizeof(k.digest));
	return sql_key_put(sql, op->job.client, op->key, &k, e);
}

/* ----------------------------- a busy device ----------------------------- */

/* What the new job has besides its segments. */
static int insert_rest(struct store_sql *sql, struct store_submit *op,
		       uint16_t reference, struct err *e)
{
	const struct job *j = &op->job;
	int rc = DM_OK;

	if (j->method == JOB_NOTIFY)
		rc = sql_session_put(sql, j, e);
	if (!rc && j->n_segments > 1)
		rc = sql_reference_put(sql, j, reference, e);
	if (!rc && op->device_changed)
		rc = sql_device_put(sql, op->device, j->created_ms, e);
	if (!rc && op->request)
		rc = sql_request_put(sql, j, op->device, op->request, e);
	return rc;
}

static int insert(struct store_sql *sql, struct store_submit *op,
		  uint16_t reference, struct err *e)
{
	int rc = sql_job_insert(sql, &op->job, e);

	if (!rc)
		rc = insert_segments(sql, op, e);
	if (!rc)
		rc = event_write(sql, &op->job, EVENT_ACCEPTED,
				 op->job.created_ms, e);
	return rc ? rc : insert_rest(sql, op, reference, e);
}

static void set_superseded(struct job *j, const struct store_submit *by)
{
	snprintf(j->reason, sizeof(j->reason), "superseded by job %lld",
		 (long long)by->job.id);
}

/*
 * The other one ends before there is a new one, which takes its place; its
 * reason names its successor, which has an id only then.
 */
static int supersede(struct store_sql *sql, struct store_submit *op,
		     uint16_t reference, struct err *e)
{
	struct job *j = &op->other;
	enum job_state was = j->state;
	int rc;

	job_apply(j, JOB_CANCEL, op->job.created_ms);
	rc = sql_job_update(sql, j, was, e);
	if (!rc)
		rc = insert(sql, op, reference, e);
	if (rc)
		return rc;
	set_superseded(j, op);
	rc = sql_job_update(sql, j, j->state, e);
	return rc ? rc : store_changed(sql, j, was, e);
}

/*
 * Which of two accounts a device has in the end goes by which message comes
 * last, and we have the key of the new one.
 */
static int supersede_accounts(struct store_sql *sql, struct store_submit *op,
			      struct err *e)
{
	struct job *j = &op->other;
	int rc = DM_OK;

	while (!rc && !(rc = sql_account_select(sql, &op->job, j, e))) {
		enum job_state was = j->state;

		job_apply(j, JOB_CANCEL, op->job.created_ms);
		set_superseded(j, op);
		rc = store_change(sql, j, was, e);
	}
	return rc == DM_ENOENT ? DM_OK : rc;
}

/* Two devices with one number: the message for one is none for the other. */
static int join(struct store_submit *op, struct err *e)
{
	const char *device = op->job.device, *other = op->other.device;

	op->joined = !device[0] || !other[0] || !strcmp(device, other);
	if (op->joined)
		return DM_OK;
	return err_set(e, DM_ESTATE, "on-busy", "supersede, or wait",
		       "job %lld in flight is of %s, which has this number, "
		       "too", (long long)op->other.id, other);
}

static int insert_busy(struct store_sql *sql, struct store_submit *op,
		       uint16_t reference, struct err *e)
{
	switch (op->on_busy) {
	case BUSY_JOIN:
		return join(op, e);
	case BUSY_SUPERSEDE:
		return supersede(sql, op, reference, e);
	case BUSY_REFUSE:
		break;
	}
	return err_set(e, DM_ESTATE, "on-busy", "join, supersede, or wait",
		       "job %lld of this device and server is in flight",
		       (long long)op->other.id);
}

/* Its time is over, but nobody has come to end it. */
static bool is_over(const struct store_submit *op)
{
	return op->other.expires_ms <= op->job.created_ms;
}

static int replace(struct store_sql *sql, struct store_submit *op,
		   uint16_t reference, struct err *e)
{
	struct job *j = &op->other;
	enum job_state was = j->state;
	int rc;

	ending_expire(j, op->job.created_ms);
	rc = store_change(sql, j, was, e);
	j->id = 0;
	return rc ? rc : insert(sql, op, reference, e);
}

/* other.id stays 0 if the device is free. */
static int find_other(struct store_sql *sql, struct store_submit *op,
		      struct err *e)
{
	int rc = DM_ENOENT;

	if (op->job.method == JOB_NOTIFY)
		rc = sql_head_select(sql, &op->job, &op->other, e);
	return rc == DM_ENOENT ? DM_OK : rc;
}

/* -------------------------------- submit -------------------------------- */

void store_submit_segments(struct store_submit *s, const struct segment *list,
			   size_t n)
{
	s->job.n_segments = (uint32_t)n;
	s->segments = xcalloc(n, sizeof(*list));
	memcpy(s->segments, list, n * sizeof(*list));
}

const struct job *store_submit_job(const struct store_submit *s)
{
	return s->joined || s->repeated ? &s->other : &s->job;
}

int store_merge_run(struct store_sql *sql, struct store_op *base,
		    struct err *e)
{
	struct store_submit *op = (struct store_submit *)base;
	struct device_key key = { .to = op->device_name };
	int rc = sql_device_find(sql, &key, op->device, e);

	op->device_changed = false;
	if (rc)
		return rc;
	snprintf(op->job.device, sizeof(op->job.device), "%s",
		 op->device->name);
	return op->merge(op, e);
}

int store_repeat_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_submit *op = (struct store_submit *)base;

	op->joined = op->repeated = false;
	op->other.id = 0;
	return find_key(sql, op, e);
}

static int submit(struct store_sql *sql, struct store_submit *op,
		  struct err *e)
{
	uint16_t session_id, reference;
	int rc = DM_OK;

	if (op->device_name)
		rc = store_merge_run(sql, &op->op, e);
	if (!rc)
		rc = next_numbers(sql, op, &session_id, &reference, e);
	if (!rc)
		rc = op->encode(op, session_id, reference, e);
	if (!rc)
		rc = find_other(sql, op, e);
	if (!rc && op->other.id) {
		rc = is_over(op) ? replace(sql, op, reference, e)
				 : insert_busy(sql, op, reference, e);
	} else if (!rc) {
		rc = check_room(sql, op->jobs_max, e);
		if (!rc)
			rc = insert(sql, op, reference, e);
	}
	if (!rc && op->replaces_account)
		rc = supersede_accounts(sql, op, e);
	return rc ? rc : keep_key(sql, op, e);
}

int store_submit_run(struct store_sql *sql, struct store_op *base,
		     struct err *e)
{
	struct store_submit *op = (struct store_submit *)base;
	int rc = store_repeat_run(sql, base, e);

	if (rc == DM_ENOENT)
		rc = submit(sql, op, e);
	wipe_free(op->segments);
	op->segments = NULL;
	return rc;
}
