/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdlib.h>

#include <stdio.h>

#include "gateway/clock.h"
#include "gateway/json/job_json.h"
#include "gateway/log.h"
#include "gateway/request/device.h"
#include "gateway/request/notify.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

struct notify_op {
	struct store_submit submit;
	struct api_call *call;
	struct methods *m;
	struct notify_request came;	/* its texts live in the call */
	struct notify_request whole;	/* with what the device adds */
	struct device device;		/* secrets */
	json_t *kept;			/* owned: to make it anew; or NULL */
};

static void op_free(struct notify_op *op)
{
	json_decref(op->kept);
	free(op->submit.request);
	wipe_free(op);
}

static bool swaps_session_id(const struct notify_request *rq)
{
	const struct quirk *quirk = rq->quirks ? quirks_find(rq->quirks)
					       : NULL;

	return quirk && quirk->swaps_session_id;
}

/* Does it get another session id when it is sent again? */
static bool can_change(const struct notify_op *op)
{
	return op->kept && op->came.session_id == REQUEST_UNSET;
}

/* The job of a request that is whole. */
static int complete(struct notify_op *op, struct err *e)
{
	const struct config *c = op->m->config;
	struct job *j = &op->submit.job;
	int rc = route_choose(c->routes, c->n_routes, &op->whole.delivery, j,
			      e);

	if (!rc && !can_change(op))
		rc = notify_check_until(&op->whole, j->until, e);
	op->submit.swaps_session_id = swaps_session_id(&op->whole);
	return rc ? rc : notify_describe(&op->whole, j, e);
}

/*
 * The request as it is kept: without key, since a message that was made with a
 * key of the request cannot be made anew, and with the server that it is for.
 */
static json_t *request_to_keep(const struct digest_source *key, json_t *params)
{
	json_t *kept;

	if (key->password || key->credential || key->nonce || key->nonce_hex ||
	    key->nonce_text)
		return NULL;
	kept = json_copy(params);
	json_object_del(kept, "resync");	/* the next one has a nonce */
	return kept;
}

static char *kept_text(const struct notify_op *op)
{
	json_object_set_new(op->kept, "server-id",
			    json_string(op->whole.key.server_id));
	return json_dumps(op->kept, JSON_COMPACT);
}

/* Runs on the store's thread: see store_submit. */
static int merge(struct store_submit *s, struct err *e)
{
	struct notify_op *op = (struct notify_op *)s;
	struct device *d = &op->device;
	int rc;

	op->whole = op->came;
	rc = device_merge(d, &op->whole, e);
	if (!rc && op->whole.resync)
		rc = device_resync(d, &op->whole, s->job.created_ms, e);
	if (rc)
		return rc;
	s->device_changed = op->whole.resync;
	snprintf(s->job.to, sizeof(s->job.to), "%s", d->msisdn);
	rc = complete(op, e);
	if (!rc && op->kept) {
		free(s->request);
		s->request = kept_text(op);
	}
	return rc;
}

/* Runs on the store's thread: see store_submit. */
static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	struct notify_op *op = (struct notify_op *)s;
	struct message m;
	int rc = notify_encode(&op->whole, session_id, reference, false, &m,
			       e);

	if (rc)
		return rc;
	s->job.session_id = op->whole.session_id == REQUEST_UNSET ?
			    session_id : op->whole.session_id;
	store_submit_segments(s, m.segments, m.n_segments);
	return DM_OK;
}

static void log_accepted(const struct notify_op *op)
{
	const struct job *j = store_submit_job(&op->submit);
	char masked[MSISDN_SIZE];

	log_info("job.%s job=%lld method=notify client=%u to=%s "
		 "device=%s server-id=%s session-id=%d segments=%u",
		 op->submit.repeated ? "repeated" :
		 op->submit.joined ? "joined" : "accepted",
		 (long long)j->id, op->submit.job.client,
		 log_msisdn(j->to, masked), op->device.name, j->server_id,
		 j->session_id, j->n_segments);
	if (j == &op->submit.job && op->whole.resync)
		log_info("notify.resync job=%lld client=%u device=%s",
			 (long long)j->id, j->client, op->device.name);
}

static void done(struct store_op *base)
{
	struct notify_op *op = (struct notify_op *)base;

	if (base->rc) {
		methods_refuse_submit(op->call, "notify", &op->submit);
	} else {
		log_accepted(op);
		methods_answer_submit(op->call, op->m, &op->submit,
			job_json_accepted(store_submit_job(&op->submit)));
	}
	op_free(op);
}

static void dry_run(struct api_call *call, const struct notify_request *rq,
		    struct job *j)
{
	struct message m;
	struct err e;
	uint16_t session_id = job_next_session_id(
		(uint16_t)(j->token[0] << 8 | j->token[1]),
		swaps_session_id(rq));

	if (notify_encode(rq, session_id, 0, false, &m, &e)) {
		methods_refuse(call, "notify", &e);
		return;
	}
	j->session_id = rq->session_id == REQUEST_UNSET ? session_id
							: rq->session_id;
	api_answer(call, job_json_dry_run(j, &m));
}

static void dry_run_done(struct store_op *base)
{
	struct notify_op *op = (struct notify_op *)base;

	if (base->rc)
		methods_refuse(op->call, "notify", &base->err);
	else
		dry_run(op->call, &op->whole, &op->submit.job);
	op_free(op);
}

/* What is signed with a default nonce must not get into other hands. */
static int check_resync(const struct notify_op *op, struct err *e)
{
	if (!op->came.resync)
		return DM_OK;
	if (!op->submit.device_name)
		return err_set(e, DM_EINVAL, "resync",
			       "only with the name of a registered device",
			       "to is an MSISDN");
	if (op->came.delivery.dry_run)
		return err_set(e, DM_EINVAL, "resync", "not with dry-run",
			       "both came");
	return DM_OK;
}

/* All that can be known before the store is asked for the device. */
static int prepare(struct notify_op *op, json_t *params, struct err *e)
{
	struct notify_request *rq = &op->came;
	struct store_submit *s = &op->submit;
	struct submit_defaults defaults = methods_defaults(op->m, op->call,
							   JOB_NOTIFY);
	int rc = fields_parse(request_notify_fields, params, false, rq, e);

	if (!rc)
		rc = submit_job(&rq->delivery, &defaults,
				api_call_client(op->call), clock_ms(),
				&s->job, e);
	if (!rc)
		rc = request_key_set(s, &op->m->secret, rq->delivery.key,
				     "notify", params, e);
	if (rc)
		return rc;
	random_octets(s->job.token, sizeof(s->job.token));
	if (!s->job.to[0]) {
		s->device_name = rq->delivery.to;
		s->device = &op->device;
		s->merge = merge;
		op->kept = request_to_keep(&rq->key, params);
	}
	op->whole = *rq;
	rc = check_resync(op, e);
	return rc || s->device_name ? rc : complete(op, e);
}

void method_notify(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct notify_op *op = xcalloc(1, sizeof(*op));
	struct store_submit *s = &op->submit;
	struct err e;
	bool is_dry;

	op->call = call;
	op->m = m;
	if (prepare(op, params, &e)) {
		methods_refuse(call, "notify", &e);
		op_free(op);
		return;
	}
	is_dry = op->came.delivery.dry_run;
	if (is_dry && !s->device_name) {
		dry_run(call, &op->whole, &s->job);
		op_free(op);
		return;
	}
	s->op.run = is_dry ? store_merge_run : store_submit_run;
	s->op.done = is_dry ? dry_run_done : done;
	s->encode = encode;
	s->on_busy = (enum on_busy)op->came.on_busy;
	s->jobs_max = m->config->queue_max;
	random_octets(&s->random, sizeof(s->random));
	store_push(m->store, &s->op);
}
