/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of sessions: store_session of store.h. */
#include "gateway/store/store_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/store_devices.h"
#include "gateway/store/store_events.h"
#include "gateway/xalloc.h"

#define JOBS_MAX 50		/* the last ones of a number, and of a name */

static int refuse_state(const struct job *j, struct err *e)
{
	return err_set(e, DM_ESTATE, "job",
		       "one that is done, or not final",
		       "job %lld is %s already", (long long)j->id,
		       job_state_name(j->state));
}

static int find_by_id(struct store_sql *sql, struct store_session *op,
		      struct err *e)
{
	struct job *j = &op->job;
	int rc = sql_job_select(sql, op->report.job, j, e);

	if (!rc)
		rc = sql_session_read(sql, j->id, &op->session, e);
	if (rc)
		return rc;
	if (j->method != JOB_NOTIFY)
		return err_set(e, DM_EINVAL, "job", "a notification",
			       "job %lld is a %s", (long long)j->id,
			       job_method_name(j->method));
	return job_is_final(j->state) && j->state != JOB_DONE ?
	       refuse_state(j, e) : DM_OK;
}

/* Whose sessions a report may be of. */
struct owner {
	char name[JOB_DEVICE_SIZE];	/* of a registered device; "" */
	char to[MSISDN_SIZE];
	char server_id[JOB_SERVER_ID_SIZE];	/* "": any */
};

static void set_text(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
}

/* One that comes again is written once: nothing that waits is made anew. */
static int put_nonce(struct store_sql *sql, const struct store_session *op,
		     struct device *d, struct err *e)
{
	char before[DEVICE_NONCE_SIZE];
	bool had = d->has_nonce;
	int rc;

	set_text(before, sizeof(before), d->nonce);
	rc = device_set_nonce(d, op->nonce, e);
	if (!rc && (!had || strcmp(before, d->nonce)))
		rc = sql_device_put(sql, d, op->now_ms, e);
	hash_wipe(before, sizeof(before));
	return rc;
}

/* The registry has one server of a device, and of no other a nonce. */
static int check_server(const struct store_session *op, const struct device *d,
			struct err *e)
{
	const char *server_id = op->report.server_id;

	if (!server_id[0] || !strcmp(server_id, d->server_id))
		return DM_OK;
	return err_set(e, DM_EINVAL, "nonce", "none, of another server than "
		       "the device is registered with", "it came");
}

/* The registered device, which has the nonce then. */
static int read_device(struct store_sql *sql, const struct store_session *op,
		       struct device *d, struct err *e)
{
	int rc = op->device ? sql_device_find(sql, op->device, d, e) : DM_OK;

	if (rc || !op->nonce)
		return rc;
	rc = check_server(op, d, e);
	return rc ? rc : put_nonce(sql, op, d, e);
}

/* What the report leaves out comes from the registered device. */
static int find_owner(struct store_sql *sql, const struct store_session *op,
		      struct owner *o, struct err *e)
{
	struct device d = { .generation = 0 };
	int rc = read_device(sql, op, &d, e);

	set_text(o->name, sizeof(o->name), d.name);
	set_text(o->to, sizeof(o->to), op->device ? d.msisdn : op->report.to);
	set_text(o->server_id, sizeof(o->server_id), op->report.server_id[0] ?
		 op->report.server_id : d.server_id);
	hash_wipe(&d, sizeof(d));
	return rc;
}

/* Its number may have been another one when a job was asked for by its name. */
static int read_jobs(struct store_sql *sql, const struct owner *o,
		     struct session_job out[2 * JOBS_MAX], size_t *n,
		     struct err *e)
{
	size_t n_named = 0;
	int rc = sql_sessions_of_number(sql, o->to, !o->name[0], o->server_id,
					JOBS_MAX, out, n, e);

	if (!rc && o->name[0])
		rc = sql_sessions_of_name(sql, o->name, o->server_id, JOBS_MAX,
					  out + *n, &n_named, e);
	*n += n_named;
	return rc;
}

/* The best of the jobs that are there, of equal ones the newest. */
static int choose(struct store_session *op, const struct session_job *jobs,
		  size_t n, struct err *e)
{
	int best = SESSION_NO_FIT;

	for (size_t i = 0; i < n; i++) {
		int fit = session_fit(&op->report, &jobs[i].job,
				      &jobs[i].session, op->since_ms);

		if (fit == SESSION_NO_FIT || fit < best ||
		    (fit == best && jobs[i].job.id < op->job.id))
			continue;
		best = fit;
		op->job = jobs[i].job;
		op->session = jobs[i].session;
	}
	if (best == SESSION_NO_FIT)
		return err_set(e, DM_ENOENT, "session-id", "a session that a "
			       "notification asked for; see job.list",
			       "no job of this device fits it");
	return best == SESSION_TOO_LATE ? refuse_state(&op->job, e) : DM_OK;
}

/*
 * A registered device may come for no job, too: by itself, or when its job has
 * ended. That is no error, and what else it has told is kept.
 */
static int choose_or_none(struct store_session *op, const struct owner *o,
			  const struct session_job *jobs, size_t n,
			  struct err *e)
{
	int rc = choose(op, jobs, n, e);

	if (!rc || !o->name[0])
		return rc;
	set_text(op->device_name, sizeof(op->device_name), o->name);
	op->no_job = *e;
	op->job.id = 0;
	return DM_OK;
}

static int find_by_device(struct store_sql *sql, struct store_session *op,
			  struct err *e)
{
	struct session_job *jobs;
	struct owner o;
	size_t n;
	int rc = find_owner(sql, op, &o, e);

	if (rc)
		return rc;
	jobs = xcalloc(2 * JOBS_MAX, sizeof(*jobs));
	rc = read_jobs(sql, &o, jobs, &n, e);
	if (!rc)
		rc = choose_or_none(op, &o, jobs, n, e);
	free(jobs);
	return rc;
}

static int tell(struct store_sql *sql, const struct store_session *op,
		struct err *e)
{
	if (op->report.event == SESSION_STARTED)
		return event_write(sql, &op->job, EVENT_SESSION_STARTED,
				   op->now_ms, e);
	return event_write_ended(sql, &op->job, op->session.result, op->now_ms,
				 e);
}

int store_session_run(struct store_sql *sql, struct store_op *base,
		      struct err *e)
{
	struct store_session *op = (struct store_session *)base;
	int rc = op->report.job ? find_by_id(sql, op, e)
				: find_by_device(sql, op, e);
	enum job_state was = op->job.state;

	op->changed = !rc && op->job.id && session_apply(&op->report, &op->job,
					   &op->session, op->now_ms);
	if (rc || !op->changed)
		return rc;
	rc = sql_session_write(sql, op->job.id, &op->session, e);
	if (!rc)
		rc = tell(sql, op, e);
	return rc ? rc : store_change(sql, &op->job, was, e);
}
