/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/methods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/job_json.h"
#include "gateway/lint_json.h"
#include "gateway/log.h"
#include "gateway/provision.h"
#include "gateway/xalloc.h"

/* A bootstrap on its way into the store: its octets, all but the reference. */
struct bootstrap_op {
	struct store_submit submit;
	struct api_call *call;
	struct methods *m;
	struct transport transport;
	bool has_reference;		/* the request gave one */
	uint8_t *wsp;			/* owned; a secret */
	size_t wsp_len;			/* octets */
	enum mac_sec sec;		/* and so on: for the audit line */
	char profile[PROFILE_NAME_MAX + 1];	/* "": none */
	bool forced;			/* though it has errors */
	char oob_pin[MAC_OOB_PIN_SIZE];	/* a secret */
	json_t *findings;		/* owned */
};

static void op_free(struct bootstrap_op *op)
{
	if (op->wsp)
		hash_wipe(op->wsp, op->wsp_len);
	free(op->wsp);
	json_decref(op->findings);
	hash_wipe(op, sizeof(*op));
	free(op);
}

/* Runs on the store's thread: see store_submit. */
static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *e)
{
	struct bootstrap_op *op = (struct bootstrap_op *)s;
	struct transport t = op->transport;
	struct segment segments[SEGMENTS_MAX];
	size_t n;
	int rc;

	(void)session_id;
	if (!op->has_reference)
		submit_set_reference(&t, reference);
	rc = segment_split(&t.form, op->wsp, op->wsp_len, segments,
			   SEGMENTS_MAX, &n);
	if (rc)
		return err_set(e, rc, "message", "1 to 255 segments",
			       "%zu octets", op->wsp_len);
	store_submit_segments(s, segments, n);
	hash_wipe(segments, n * sizeof(segments[0]));
	return DM_OK;
}

/* What the answer says beyond the job: findings, and the PIN for the user. */
static json_t *answer_of(const struct bootstrap_op *op)
{
	json_t *o = job_json_accepted(&op->submit.job);

	json_object_set(o, "findings", op->findings);
	if (op->oob_pin[0])
		json_object_set_new(o, "out-of-band-pin",
				    json_string(op->oob_pin));
	return o;
}

static void done(struct store_op *base)
{
	struct bootstrap_op *op = (struct bootstrap_op *)base;
	const struct job *j = &op->submit.job;
	char masked[MSISDN_SIZE];

	if (base->rc) {
		methods_refuse(op->call, "bootstrap", &base->err);
	} else {
		log_info("job.accepted job=%lld method=bootstrap client=%u "
			 "to=%s server-id=%s sec=%s profile=%s forced=%d "
			 "segments=%u", (long long)j->id, j->client,
			 log_msisdn(j->to, masked), j->server_id,
			 mac_sec_name(op->sec), op->profile, op->forced,
			 j->n_segments);
		rate_add(&op->m->accepted, clock_ms(), 1);
		api_answer(op->call, answer_of(op));
		sender_wake(op->m->sender);
	}
	op_free(op);
}

/* Keeps what the store's thread needs of a message that is made. */
static struct bootstrap_op *op_new(struct api_call *call, struct methods *m,
				   const struct bootstrap_request *rq,
				   const struct provision *p,
				   const struct job *j)
{
	struct bootstrap_op *op = xcalloc(1, sizeof(*op));

	op->submit.op.run = store_submit_run;
	op->submit.op.done = done;
	op->submit.encode = encode;
	op->submit.jobs_max = m->jobs_max;
	op->submit.job = *j;
	random_octets(op->submit.job.token, sizeof(op->submit.job.token));
	random_octets(&op->submit.random, sizeof(op->submit.random));
	op->call = call;
	op->m = m;
	op->transport = p->transport;
	op->has_reference = rq->transport.reference != REQUEST_UNSET;
	op->wsp = xcalloc(1, p->message.wsp_len);
	op->wsp_len = p->message.wsp_len;
	memcpy(op->wsp, p->message.wsp, p->message.wsp_len);
	op->sec = p->security.sec;
	if (rq->profile)
		snprintf(op->profile, sizeof(op->profile), "%s", rq->profile);
	op->forced = p->lint.n_errors > 0;
	memcpy(op->oob_pin, p->oob_pin, sizeof(op->oob_pin));
	op->findings = lint_json(&p->lint);
	return op;
}

static json_t *dry_run_of(const struct provision *p)
{
	json_t *o = job_json_message(&p->message, "wbxml");
	char mac[MAC_TEXT_SIZE];

	json_object_set_new(o, "sec",
			    json_string(mac_sec_name(p->security.sec)));
	if (p->security.has_mac) {
		mac_text(p->security.mac, mac);
		json_object_set_new(o, "mac", json_string(mac));
	}
	if (p->oob_pin[0])
		json_object_set_new(o, "out-of-band-pin",
				    json_string(p->oob_pin));
	json_object_set_new(o, "findings", lint_json(&p->lint));
	return o;
}

static int check_sec(const struct methods *m,
		     const struct bootstrap_request *rq, struct err *e)
{
	if (rq->sec != MAC_SEC_NONE || m->unsigned_bootstrap)
		return DM_OK;
	return err_set(e, DM_EINVAL, "sec", "NETWPIN, USERPIN, USERNETWPIN or "
		       "USERPINMAC; see unsigned-bootstrap in dmbox.conf(5)",
		       "\"none\"");
}

/* Makes the message, and the job that it becomes. */
static int prepare(const struct bootstrap_request *rq, struct methods *m,
		   uint32_t client, struct arena *a, struct provision *p,
		   struct job *j, struct err *e)
{
	const struct profile *profile = rq->profile ?
		profile_dir_find(&m->profiles, rq->profile) : NULL;
	char k[PROVISION_K_SIZE];
	int rc = check_sec(m, rq, e);

	if (!rc)
		rc = submit_job(&rq->delivery, m->default_sender, m->expires_s,
				client, clock_ms(), j, e);
	if (rc)
		return rc;
	random_digits(k, sizeof(k));
	rc = provision_make(rq, profile, k, 0, a, p, e);
	hash_wipe(k, sizeof(k));
	if (!rc)
		provision_describe(rq, p, j);
	return rc;
}

static void run(struct api_call *call, const struct bootstrap_request *rq,
		struct methods *m, struct arena *a, struct provision *p)
{
	struct err e;
	struct job j;
	int rc = prepare(rq, m, api_call_client(call), a, p, &j, &e);

	if (rc)
		methods_refuse(call, "bootstrap", &e);
	else if (!rq->force && provision_refuse(&p->lint, &e))
		methods_refuse_with(call, "bootstrap", &e, "findings",
				    lint_json(&p->lint));
	else if (rq->delivery.dry_run)
		api_answer(call, dry_run_of(p));
	else
		store_push(m->store, &op_new(call, m, rq, p, &j)->submit.op);
}

void method_bootstrap(struct api_call *call, json_t *params, void *arg)
{
	struct arena a = { .cap = PROVISION_ARENA_MAX };
	struct provision *p;
	struct bootstrap_request rq;
	struct err e;

	if (fields_parse(request_bootstrap_fields, params, false, &rq, &e)) {
		methods_refuse(call, "bootstrap", &e);
		return;
	}
	a.buf = xcalloc(1, a.cap);
	p = xcalloc(1, sizeof(*p));
	run(call, &rq, arg, &a, p);
	hash_wipe(p, sizeof(*p));
	hash_wipe(a.buf, a.used);
	free(p);
	free(a.buf);
}
