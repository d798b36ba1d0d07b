/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/json/job_json.h"
#include "gateway/log.h"
#include "gateway/request/device.h"
#include "gateway/request/request.h"
#include "gateway/xalloc.h"

/* All reports of one call: one, or those of its "reports". */
struct batch {
	struct api_call *call;
	struct methods *m;
	json_t *answers;	/* owned; NULL: there is one report */
	size_t n_left;		/* reports without an answer */
};

struct session_op {
	struct store_session session;
	struct device_key device;	/* its texts live in the call */
	struct digest_source nonce;	/* the same; secrets */
	struct batch *batch;
	size_t i;		/* which report it is */
};

static void finish_one(struct batch *b)
{
	if (--b->n_left > 0)
		return;
	if (b->answers)
		api_answer(b->call, json_pack("{s:o}", "reports", b->answers));
	free(b);
}

static void set_answer(struct batch *b, size_t i, const char *name,
		       json_t *value)
{
	json_array_set_new(b->answers, i, json_pack("{s:o}", name, value));
}

static void refuse(struct batch *b, size_t i, const struct err *e)
{
	json_t *answer;

	if (b->answers) {
		answer = rpc_error(NULL, e);
		set_answer(b, i, "error",
			   json_incref(json_object_get(answer, "error")));
		json_decref(answer);
		methods_log_refused(b->call, "session.report", e);
	} else {
		methods_refuse(b->call, "session.report", e);
	}
	finish_one(b);
}

static const char *event_name(const struct store_session *s)
{
	return s->report.event == SESSION_STARTED ? "started" : "ended";
}

static json_t *answer_job(struct batch *b, const struct store_session *s)
{
	log_info("job.session job=%lld event=%s result=%d client=%u changed=%d",
		 (long long)s->job.id, event_name(s), s->session.result,
		 api_call_client(b->call), s->changed);
	routes_end(b->m->routes, s->job.id);
	return job_json_session(&s->job, &s->session);
}

/* A registered device came, and no job waited for it. */
static json_t *answer_no_job(struct batch *b, const struct store_session *s)
{
	log_info("device.session device=%s event=%s client=%u no_job=\"%s\"",
		 s->device_name, event_name(s), api_call_client(b->call),
		 s->no_job.came);
	return json_pack("{s:n, s:s, s:s}", "job", "device", s->device_name,
			 "reason", s->no_job.came);
}

static void answer_one(struct batch *b, size_t i,
		       const struct store_session *s)
{
	json_t *answer = s->job.id ? answer_job(b, s) : answer_no_job(b, s);

	if (b->answers)
		set_answer(b, i, "result", answer);
	else
		api_answer(b->call, answer);
	finish_one(b);
}

static void done(struct store_op *base)
{
	struct session_op *op = (struct session_op *)base;

	if (base->rc)
		refuse(op->batch, op->i, &base->err);
	else
		answer_one(op->batch, op->i, &op->session);
	free(op);
}

static int read_job(const struct session_request *rq,
		    struct session_report *r, struct err *e)
{
	if (rq->server_id || rq->session_id != REQUEST_UNSET)
		return err_set(e, DM_EINVAL, "job", "the job alone, or a "
			       "device, server-id and session-id",
			       "they came, too");
	return job_id_parse(rq->job, &r->job, e);
}

/* A number is that of jobs, and is not looked for in the registry. */
static int read_device(const struct device_key *key, struct session_op *op,
		       struct err *e)
{
	if (key->to && msisdn_looks_like(key->to))
		return msisdn_parse(key->to, "to", op->session.report.to, e);
	op->device = *key;
	op->session.device = &op->device;
	return device_key_check(key, e);
}

static int read_nonce(const struct session_request *rq, struct session_op *op,
		      struct err *e)
{
	if (!device_has_nonce(&rq->key))
		return DM_OK;
	op->nonce = rq->key;
	op->session.nonce = &op->nonce;
	return op->session.device ? DM_OK :
	       err_set(e, DM_EINVAL, "nonce", "with device, dev-id or a name "
		       "in to: the registry keeps it", "of no such device");
}

static int read_whose(const struct session_request *rq, struct session_op *op,
		      struct err *e)
{
	const struct device_key *key = &rq->device;
	int n = !!rq->job + !!key->device + !!key->dev_id + !!key->to;

	if (n != 1)
		return err_set(e, DM_EINVAL, "job", "one of job, device, "
			       "dev-id and to", "%d came", n);
	return rq->job ? read_job(rq, &op->session.report, e) :
	       read_device(key, op, e);
}

static int check_end(const struct session_request *rq, struct err *e)
{
	if (rq->event == REQUEST_UNSET)
		return err_set(e, DM_EINVAL, "event", "started or ended",
			       "missing");
	if (rq->event == SESSION_STARTED &&
	    (rq->result != REQUEST_UNSET || rq->alert_type || rq->correlator))
		return err_set(e, DM_EINVAL, "event", "ended, which may have "
			       "result, alert-type and correlator",
			       "\"started\" with one of them");
	return DM_OK;
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static int read_report(const struct session_request *rq,
		       struct session_op *op, struct err *e)
{
	struct session_report *r = &op->session.report;
	int rc = check_end(rq, e);

	r->event = (enum session_event)rq->event;
	r->session_id = rq->session_id;
	r->result = rq->result;
	copy(r->server_id, sizeof(r->server_id), rq->server_id);
	copy(r->alert_type, sizeof(r->alert_type), rq->alert_type);
	copy(r->correlator, sizeof(r->correlator), rq->correlator);
	if (!rc)
		rc = read_whose(rq, op, e);
	return rc ? rc : read_nonce(rq, op, e);
}

static void report(struct batch *b, size_t i, const struct session_request *rq)
{
	struct session_op *op = xcalloc(1, sizeof(*op));
	struct err e;

	if (read_report(rq, op, &e)) {
		refuse(b, i, &e);
		free(op);
		return;
	}
	op->session.op.run = store_session_run;
	op->session.op.done = done;
	op->session.now_ms = clock_ms();
	op->session.since_ms = op->session.now_ms -
			       1000LL * b->m->config->result_window_s;
	op->batch = b;
	op->i = i;
	store_push(b->m->store, &op->session.op);
}

static void report_item(struct batch *b, size_t i, json_t *item)
{
	struct session_request rq;
	struct err e;

	if (fields_parse(request_session_fields, item, false, &rq, &e)) {
		refuse(b, i, &e);
	} else if (rq.reports) {
		err_set(&e, DM_EINVAL, "reports", "one report", "came");
		refuse(b, i, &e);
	} else {
		report(b, i, &rq);
	}
}

/* One more than there are is left until all are begun. */
static void report_all(struct batch *b, json_t *reports)
{
	json_t *item;
	size_t i;

	b->answers = json_array();
	b->n_left = json_array_size(reports) + 1;
	json_array_foreach(reports, i, item)
		json_array_append_new(b->answers, json_null());
	json_array_foreach(reports, i, item)
		report_item(b, i, item);
	finish_one(b);
}

void method_session(struct api_call *call, json_t *params, void *arg)
{
	struct session_request rq;
	struct batch *b;
	struct err e;
	int rc = fields_parse(request_session_fields, params, false, &rq, &e);

	if (!rc && rq.reports && json_object_size(params) > 1)
		rc = err_set(&e, DM_EINVAL, "reports", "nothing beside it",
			     "other fields came, too");
	if (rc) {
		methods_refuse(call, "session.report", &e);
		return;
	}
	b = xcalloc(1, sizeof(*b));
	b->call = call;
	b->m = arg;
	b->n_left = 1;
	if (rq.reports)
		report_all(b, rq.reports);
	else
		report(b, 0, &rq);
}
