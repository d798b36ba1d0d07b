/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/methods.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/job_json.h"
#include "gateway/log.h"
#include "gateway/notify.h"
#include "gateway/xalloc.h"

struct notify_op {
	struct store_submit submit;
	struct api_call *call;
	struct methods *m;
	struct notify_request request;	/* its texts live in the call */
};

/* Runs on the store's thread: see store_submit. */
static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	struct notify_op *op = (struct notify_op *)s;
	struct message m;
	int rc = notify_encode(&op->request, session_id, reference, false, &m,
			       e);

	if (rc)
		return rc;
	s->job.session_id = op->request.session_id == REQUEST_UNSET ?
			    session_id : op->request.session_id;
	store_submit_segments(s, m.segments, m.n_segments);
	return DM_OK;
}

static void done(struct store_op *base)
{
	struct notify_op *op = (struct notify_op *)base;
	const struct job *j = &op->submit.job;
	char masked[MSISDN_SIZE];

	if (base->rc) {
		methods_refuse(op->call, "notify", &base->err);
	} else {
		log_info("job.accepted job=%lld method=notify client=%u "
			 "to=%s server-id=%s session-id=%d segments=%u",
			 (long long)j->id, j->client,
			 log_msisdn(j->to, masked), j->server_id,
			 j->session_id, j->n_segments);
		rate_add(&op->m->accepted, clock_ms(), 1);
		api_answer(op->call, job_json_accepted(j));
		sender_wake(op->m->sender);
	}
	free(op);
}

static bool swaps_session_id(const struct notify_request *rq)
{
	const struct quirk *quirk = rq->quirks ? quirks_find(rq->quirks)
					       : NULL;

	return quirk && quirk->swaps_session_id;
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

void method_notify(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct notify_op *op = xcalloc(1, sizeof(*op));
	struct job *j = &op->submit.job;
	struct err e;

	if (fields_parse(request_notify_fields, params, false, &op->request,
			 &e) ||
	    submit_job(&op->request.delivery, m->default_sender, m->expires_s,
		       api_call_client(call), clock_ms(), j, &e) ||
	    notify_describe(&op->request, j, &e)) {
		methods_refuse(call, "notify", &e);
		free(op);
		return;
	}
	random_octets(j->token, sizeof(j->token));
	if (op->request.delivery.dry_run) {
		dry_run(call, &op->request, j);
		free(op);
		return;
	}
	op->submit.op.run = store_submit_run;
	op->submit.op.done = done;
	op->submit.encode = encode;
	op->submit.swaps_session_id = swaps_session_id(&op->request);
	op->submit.jobs_max = m->jobs_max;
	random_octets(&op->submit.random, sizeof(op->submit.random));
	op->call = call;
	op->m = m;
	store_push(m->store, &op->submit.op);
}
