/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/json/job_json.h"
#include "gateway/log.h"
#include "gateway/request/device.h"
#include "gateway/request/request.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

#define LISTS_MAX 16		/* lists under way, of all clients */

void methods_log_refused(const struct api_call *call, const char *method,
			 const struct err *e)
{
	char masked[MSISDN_SIZE];

	log_info("api.refused method=%s client=%u to=%s field=%s "
		 "allowed=\"%s\"", method, api_call_client(call),
		 log_msisdn(api_call_to(call), masked), e->field, e->allowed);
}

void methods_refuse(struct api_call *call, const char *method,
		    const struct err *e)
{
	methods_log_refused(call, method, e);
	api_refuse(call, e);
}

void methods_refuse_with(struct api_call *call, const char *method,
			 const struct err *e, const char *name, json_t *value)
{
	methods_log_refused(call, method, e);
	api_refuse_with(call, e, name, value);
}

/* ------------------------- notify and bootstrap ------------------------- */

struct submit_defaults methods_defaults(const struct methods *m,
					const struct api_call *call,
					enum job_method method)
{
	const struct config *c = m->config;
	struct submit_defaults d = {
		.sender = c->sender,
		.expires_s = c->expires_s,
		.expires_max_s = c->expires_max_s,
		.until = config_until(c, api_call_client(call)),
	};

	if (method == JOB_NOTIFY)
		return d;
	d.expires_s = c->bootstrap_expires_s;
	if (d.until == REACHED_SESSION)		/* it has none */
		d.until = REACHED_DELIVERED;
	return d;
}

static void set_job(json_t *answer, const char *name, int64_t id)
{
	char text[JOB_ID_SIZE];

	job_id_text(id, text);
	json_object_set_new(answer, name, json_string(text));
}

/* What has become of the job that a request has found. */
static void set_state(json_t *answer, const struct store_submit *s)
{
	const struct job *j = store_submit_job(s);

	json_object_set_new(answer, "state",
			    json_string(job_state_name(j->state)));
	if (j == &s->job)
		return;
	json_object_set_new(answer, "reached",
			    json_string(job_reached_name(j->reached)));
	if (job_reason(j)[0])
		json_object_set_new(answer, "reason",
				    json_string(job_reason(j)));
}

void methods_answer_submit(struct api_call *call, struct methods *m,
			   const struct store_submit *s, json_t *answer)
{
	bool superseded = !s->repeated && !s->joined && s->other.id;

	set_state(answer, s);
	if (s->joined)
		json_object_set_new(answer, "joined", json_true());
	if (superseded) {
		set_job(answer, "superseded", s->other.id);
		log_info("job.superseded job=%lld by=%lld client=%u",
			 (long long)s->other.id, (long long)s->job.id,
			 s->job.client);
		routes_end(m->routes, s->other.id);
	}
	if (s->job.method == JOB_BOOTSTRAP)
		routes_put_back(m->routes, s->job.to);
	if (!s->repeated && !s->joined)
		rate_add(&m->accepted, clock_ms(), 1);
	api_answer(call, answer);
	routes_wake(m->routes, store_submit_job(s)->route);
}

void methods_refuse_submit(struct api_call *call, const char *method,
			   const struct store_submit *s)
{
	char id[JOB_ID_SIZE];

	if (s->op.rc != DM_ESTATE || !s->other.id) {
		methods_refuse(call, method, &s->op.err);
		return;
	}
	job_id_text(s->other.id, id);
	methods_refuse_with(call, method, &s->op.err, "job", json_string(id));
}

/* -------------------------------- job.* -------------------------------- */

struct get_op {
	struct store_get get;
	struct api_call *call;
};

static void get_done(struct store_op *base)
{
	struct get_op *op = (struct get_op *)base;

	if (base->rc)
		methods_refuse(op->call, "job.get", &base->err);
	else
		api_answer(op->call, job_json_whole(&op->get.job,
						    &op->get.session,
						    op->get.segments));
	wipe_free(op->get.segments);
	free(op);
}

/* The "job" of a request; refuses the call if there is none. */
static bool read_job_id(struct api_call *call, const char *method,
			json_t *params, int64_t *id)
{
	struct job_request rq;
	struct err e;

	if (fields_parse(request_job_fields, params, false, &rq, &e) ||
	    job_id_parse(rq.job, id, &e)) {
		methods_refuse(call, method, &e);
		return false;
	}
	return true;
}

static void job_get(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct get_op *op;
	int64_t id;

	if (!read_job_id(call, "job.get", params, &id))
		return;
	op = xcalloc(1, sizeof(*op));
	op->get.op.run = store_get_run;
	op->get.op.done = get_done;
	op->get.id = id;
	op->call = call;
	store_push(m->store, &op->get.op);
}

struct cancel_op {
	struct store_cancel cancel;
	struct api_call *call;
	struct methods *m;
};

static void cancel_done(struct store_op *base)
{
	struct cancel_op *op = (struct cancel_op *)base;

	if (base->rc) {
		methods_refuse(op->call, "job.cancel", &base->err);
	} else {
		log_info("job.cancelled job=%lld client=%u",
			 (long long)op->cancel.id, api_call_client(op->call));
		routes_end(op->m->routes, op->cancel.id);
		api_answer(op->call, job_json(&op->cancel.job));
	}
	free(op);
}

static void job_cancel(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct cancel_op *op;
	int64_t id;

	if (!read_job_id(call, "job.cancel", params, &id))
		return;
	op = xcalloc(1, sizeof(*op));
	op->cancel.op.run = store_cancel_run;
	op->cancel.op.done = cancel_done;
	op->cancel.id = id;
	op->cancel.client = api_call_client(call);
	op->cancel.now_ms = clock_ms();
	op->call = call;
	op->m = m;
	store_push(m->store, &op->cancel.op);
}

struct list_op {
	struct store_list list;
	struct api_call *call;
	struct methods *m;
};

/* A full page ends with the job after which the next one begins. */
static json_t *list_json(const struct store_list *l)
{
	json_t *result = json_object();
	json_t *jobs = json_array();
	char after[JOB_ID_SIZE];

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(jobs, job_json(&l->jobs[i]));
	json_object_set_new(result, "jobs", jobs);
	if (l->n == l->limit) {
		job_id_text(l->jobs[l->n - 1].id, after);
		json_object_set_new(result, "after", json_string(after));
	}
	return result;
}

static void list_done(struct store_op *base)
{
	struct list_op *op = (struct list_op *)base;

	if (base->rc)
		methods_refuse(op->call, "job.list", &base->err);
	else
		api_answer(op->call, list_json(&op->list));
	op->m->n_lists--;
	free(op->list.jobs);
	free(op);
}

int methods_read_state(const char *name, const char *field,
		       enum job_state *state, struct err *e)
{
	if (job_state_find(name, state) == DM_OK)
		return DM_OK;
	return err_set(e, DM_EINVAL, field, "waiting, sending, pushed, done, "
		       "failed, expired or cancelled", "\"%s\"", name);
}

int methods_read_device(const char *name, char out[JOB_DEVICE_SIZE],
			struct err *e)
{
	int rc = name ? device_name_check(name, "device", e) : DM_OK;

	if (!rc && name)
		snprintf(out, JOB_DEVICE_SIZE, "%s", name);
	return rc;
}

static int read_list(json_t *params, struct store_list *l, struct err *e)
{
	struct job_list_request rq;
	enum job_state state;
	int rc = fields_parse(request_job_list_fields, params, false, &rq, e);

	if (rc)
		return rc;
	l->state = -1;
	l->limit = (size_t)rq.limit;
	if (rq.state) {
		if (methods_read_state(rq.state, "state", &state, e))
			return DM_EINVAL;
		l->state = (int)state;
	}
	if (rq.to)
		rc = msisdn_parse(rq.to, "to", l->to, e);
	if (!rc)
		rc = methods_read_device(rq.device, l->device, e);
	if (!rc && rq.after && job_id_parse(rq.after, &l->after, e))
		rc = err_set(e, DM_EINVAL, "after",
			     "a job's identifier, as notify answers it",
			     "\"%s\"", rq.after);
	return rc;
}

int methods_check_lists(const struct methods *m, const char *method,
			struct err *e)
{
	if (m->n_lists < LISTS_MAX)
		return DM_OK;
	return err_set(e, DM_EBUSY, method, "16 at a time: try again",
		       "%u are under way", m->n_lists);
}

static void job_list(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct list_op *op = xcalloc(1, sizeof(*op));
	struct err e;

	if (methods_check_lists(m, "job.list", &e) ||
	    read_list(params, &op->list, &e)) {
		methods_refuse(call, "job.list", &e);
		free(op);
		return;
	}
	op->list.op.run = store_list_run;
	op->list.op.done = list_done;
	op->list.jobs = xcalloc(op->list.limit, sizeof(*op->list.jobs));
	op->call = call;
	op->m = m;
	m->n_lists++;
	store_push(m->store, &op->list.op);
}

/* ---------------------------- server.status ---------------------------- */

struct status_op {
	struct store_status status;
	struct api_call *call;
	struct methods *m;
};

/* The ways beside bearerbox: never down, see route.h. */
static json_t *routes_json(const struct methods *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->config->n_routes; i++) {
		const struct route_config *r = &m->config->routes[i];
		struct sender_status s;

		routes_status(m->routes, r->name, &s);
		json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:f}",
			"route", r->name,
			"kind", r->kind_text,
			"in-flight", (int)s.in_flight,
			"taken-per-s", s.taken_per_s));
	}
	return list;
}

static json_t *status_json(const struct store_status *s, struct methods *m)
{
	json_t *jobs = json_object();
	struct sender_status sender;

	routes_status(m->routes, "", &sender);
	for (unsigned i = 0; i < JOB_STATES; i++)
		json_object_set_new(jobs, job_state_name(i),
				    json_integer(s->counts[i]));
	return json_pack("{s:s, s:f, s:{s:s, s:i},"
			 " s:o, s:o, s:f, s:{s:f, s:f, s:f}}",
		"version", PACKAGE_VERSION,
		"uptime-s", (double)(s->now_ms - m->started_ms) / 1000,
		"bearerbox", "link", sender.link_up ? "up" : "down",
			"in-flight", (int)sender.in_flight,
		"routes", routes_json(m),
		"jobs", jobs,
		"oldest-due-s", (double)s->oldest_due_ms / 1000,
		"rates", "accepted-per-s", rate_get(&m->accepted, s->now_ms),
			"taken-per-s", sender.taken_per_s,
			"reported-per-s", sender.reported_per_s);
}

static void status_done(struct store_op *base)
{
	struct status_op *op = (struct status_op *)base;

	if (base->rc)
		methods_refuse(op->call, "server.status", &base->err);
	else
		api_answer(op->call, status_json(&op->status, op->m));
	free(op);
}

static void server_status(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct status_op *op;
	struct err e;

	if (fields_parse(request_no_fields, params, false, NULL, &e)) {
		methods_refuse(call, "server.status", &e);
		return;
	}
	op = xcalloc(1, sizeof(*op));
	op->status.op.run = store_status_run;
	op->status.op.done = status_done;
	op->status.now_ms = clock_ms();
	op->call = call;
	op->m = m;
	store_push(m->store, &op->status.op);
}

const struct api_method_entry methods_table[] = {
	{ "notify", method_notify },
	{ "bootstrap", method_bootstrap },
	{ "decode", method_decode },
	{ "job.get", job_get },
	{ "job.list", job_list },
	{ "job.cancel", job_cancel },
	{ "session.report", method_session },
	{ "server.status", server_status },
	{ "event.subscribe", method_event_subscribe },
	{ "device.put", method_device_put },
	{ "device.get", method_device_get },
	{ "device.list", method_device_list },
	{ "device.delete", method_device_delete },
	{ "nonce.put", method_nonce_put },
	{ "server.backup", method_backup },
	{ NULL, NULL },
};
