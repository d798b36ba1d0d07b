/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/methods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/job_json.h"
#include "gateway/lint_json.h"
#include "gateway/log.h"
#include "gateway/new_account.h"
#include "gateway/provision.h"
#include "gateway/store_devices.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

/* A call, until its message is made. */
struct work {
	struct api_call *call;
	struct methods *m;
	struct bootstrap_request rq;	/* its texts live in the call */
	json_t *params;			/* and so do these */
	const struct device *device;	/* NULL: not registered */
	struct bootstrap_op *op;	/* owned until the store has it */
	json_t *fields;			/* owned: with a new account; or NULL */
	struct arena a;
	struct provision *p;
};

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
	struct device device;		/* as the store has it; secrets */
	struct device after;		/* as it shall be then */
	bool gives_key;			/* which is another */
};

static void op_free(struct bootstrap_op *op)
{
	if (op->wsp)
		hash_wipe(op->wsp, op->wsp_len);
	free(op->wsp);
	json_decref(op->findings);
	wipe_free(op->submit.account);
	wipe_free(op);
}

/*
 * Runs on the store's thread: see store_submit. The message was made of the
 * device as it was read before: it must still be that.
 */
static int merge(struct store_submit *s, struct err *e)
{
	struct bootstrap_op *op = (struct bootstrap_op *)s;

	if (op->device.generation != op->after.generation)
		return err_set(e, DM_EBUSY, "device", "try again",
			       "it has just been changed");
	if (s->account && new_account_check(&op->device, e))
		return DM_ESTATE;
	op->device = op->after;
	s->device_changed = op->gives_key;
	return DM_OK;
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
	json_t *o = job_json_accepted(store_submit_job(&op->submit));

	json_object_set(o, "findings", op->findings);
	if (op->oob_pin[0])
		json_object_set_new(o, "out-of-band-pin",
				    json_string(op->oob_pin));
	if (op->submit.account)
		json_object_set_new(o, "account",
				    json_loads(op->submit.account, 0, NULL));
	return o;
}

static void log_accepted(const struct bootstrap_op *op)
{
	const struct job *j = store_submit_job(&op->submit);
	char masked[MSISDN_SIZE];

	log_info("job.%s job=%lld method=bootstrap client=%u "
		 "to=%s device=%s server-id=%s sec=%s profile=%s forced=%d "
		 "segments=%u",
		 op->submit.repeated ? "repeated" : "accepted",
		 (long long)j->id, j->client, log_msisdn(j->to, masked),
		 op->after.name, j->server_id,
		 mac_sec_name(op->sec), op->profile, op->forced,
		 j->n_segments);
	if (op->submit.account && !op->submit.repeated)
		log_info("device.account_created job=%lld client=%u device=%s",
			 (long long)j->id, j->client, op->device.name);
}

static void done(struct store_op *base)
{
	struct bootstrap_op *op = (struct bootstrap_op *)base;

	if (base->rc) {
		methods_refuse_submit(op->call, "bootstrap", &op->submit);
	} else {
		log_accepted(op);
		methods_answer_submit(op->call, op->m, &op->submit,
				      answer_of(op));
	}
	op_free(op);
}

/*
 * The account in the document is that of the device from now on, if it has
 * none: its key signs the notifications.
 */
static int take_key(const struct work *w, struct bootstrap_op *op,
		    struct err *e)
{
	const struct account *a = &w->p->account;
	const char *name = a->server.name;
	const struct device_put_request rq = {
		.device = w->device->name,
		.key = {
			.server_id = a->server_id,
			.auth_name = name && strcmp(name, a->server_id) ?
				     name : NULL,
			.password = a->server.secret,
			.nonce = a->server.nonce,
		},
		.dm_version = REQUEST_UNSET,
	};

	op->gives_key = true;
	return device_change(&op->after, &rq, e);
}

static int take_device(const struct work *w, struct bootstrap_op *op,
		       struct err *e)
{
	if (!w->device)
		return DM_OK;
	op->after = *w->device;
	op->submit.device_name = api_call_to(w->call);
	op->submit.device = &op->device;
	op->submit.merge = merge;
	if (w->device->credential[0] || !w->p->has_account ||
	    !w->p->account.server.secret)
		return DM_OK;
	return take_key(w, op, e);
}

static char *account_text(json_t *fields)
{
	json_t *account = new_account_json(fields);
	char *text = json_dumps(account, JSON_COMPACT);

	json_decref(account);
	return text;
}

/* Keeps what the store's thread needs of a message that is made. */
static int keep(const struct work *w, struct err *e)
{
	struct bootstrap_op *op = w->op;
	const struct provision *p = w->p;

	op->submit.op.run = store_submit_run;
	op->submit.op.done = done;
	op->submit.encode = encode;
	op->submit.jobs_max = w->m->config->queue_max;
	random_octets(op->submit.job.token, sizeof(op->submit.job.token));
	random_octets(&op->submit.random, sizeof(op->submit.random));
	op->transport = p->transport;
	op->has_reference = w->rq.transport.reference != REQUEST_UNSET;
	op->wsp = xcalloc(1, p->message.wsp_len);
	op->wsp_len = p->message.wsp_len;
	memcpy(op->wsp, p->message.wsp, p->message.wsp_len);
	op->sec = p->security.sec;
	if (w->rq.profile)
		snprintf(op->profile, sizeof(op->profile), "%s",
			 w->rq.profile);
	op->forced = p->lint.n_errors > 0;
	memcpy(op->oob_pin, p->oob_pin, sizeof(op->oob_pin));
	op->findings = lint_json(&p->lint);
	if (w->fields)
		op->submit.account = account_text(w->fields);
	return take_device(w, op, e);
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

static int check(const struct methods *m, const struct bootstrap_request *rq,
		 struct err *e)
{
	if (rq->delivery.until == REACHED_SESSION)
		return err_set(e, DM_EINVAL, "until", "taken or delivered: a "
			       "bootstrap has no session", "\"session\"");
	if (rq->sec != MAC_SEC_NONE || m->config->unsigned_bootstrap)
		return DM_OK;
	return err_set(e, DM_EINVAL, "sec", "NETWPIN, USERPIN, USERNETWPIN or "
		       "USERPINMAC; see unsigned-bootstrap in dmbox.conf(5)",
		       "\"none\"");
}

/*
 * The request's fields become those with the new credentials. A device with
 * credentials may have them from this very request, before: with a key the
 * store looks, and merge() refuses what is new.
 */
static int create_account(struct work *w, struct err *e)
{
	struct new_account_random random;
	int rc = DM_OK;

	if (!w->rq.create_account)
		return DM_OK;
	if (!w->device || !w->rq.profile)
		return err_set(e, DM_EINVAL, "create-account",
			       "with a profile, for a registered device",
			       w->device ? "there is no profile" :
			       "to is an MSISDN");
	if (!w->rq.delivery.key || w->rq.delivery.dry_run)
		rc = new_account_check(w->device, e);
	if (rc)
		return rc;
	random_octets(&random, sizeof(random));
	rc = new_account_make(w->device, w->rq.fields, &random, &w->fields, e);
	hash_wipe(&random, sizeof(random));
	if (!rc)
		w->rq.fields = w->fields;
	return rc;
}

/* Makes the message, and the job that it becomes. */
static int prepare(struct work *w, struct err *e)
{
	struct bootstrap_request *rq = &w->rq;
	struct store_submit *s = &w->op->submit;
	struct methods *m = w->m;
	const struct profile *profile = rq->profile ?
		profile_dir_find(&m->profiles, rq->profile) : NULL;
	struct submit_defaults defaults = methods_defaults(m, w->call,
							   JOB_BOOTSTRAP);
	char k[PROVISION_K_SIZE];
	int rc = check(m, rq, e);

	if (!rc)
		rc = submit_job(&rq->delivery, &defaults,
				api_call_client(w->call), clock_ms(), &s->job,
				e);
	if (!rc)
		rc = request_key_set(s, &m->secret, rq->delivery.key,
				     "bootstrap", w->params, e);
	if (!rc)
		rc = create_account(w, e);
	if (!rc)
		rc = request_key_digits(s, &m->secret, k, sizeof(k), e);
	if (rc)
		return rc;
	rc = provision_make(rq, profile, k, 0, &w->a, w->p, e);
	hash_wipe(k, sizeof(k));
	if (rc)
		return rc;
	provision_describe(rq, w->p, &s->job);
	return route_choose(m->config->routes, m->config->n_routes,
			    &rq->delivery, &s->job, e);
}

static void run(struct work *w)
{
	struct err e;

	if (prepare(w, &e)) {
		methods_refuse(w->call, "bootstrap", &e);
	} else if (!w->rq.force && provision_refuse(&w->p->lint, &e)) {
		methods_refuse_with(w->call, "bootstrap", &e, "findings",
				    lint_json(&w->p->lint));
	} else if (w->rq.delivery.dry_run) {
		api_answer(w->call, dry_run_of(w->p));
	} else if (keep(w, &e)) {
		methods_refuse(w->call, "bootstrap", &e);
	} else {
		store_push(w->m->store, &w->op->submit.op);
		return;
	}
	op_free(w->op);
}

static void make(struct api_call *call, struct methods *m,
		 const struct bootstrap_request *rq, json_t *params,
		 const struct device *d)
{
	struct work w = {
		.call = call,
		.m = m,
		.rq = *rq,
		.params = params,
		.device = d,
		.a = { .cap = PROVISION_ARENA_MAX },
	};

	if (d)
		device_merge_bootstrap(d, &w.rq);
	w.a.buf = xcalloc(1, w.a.cap);
	w.p = xcalloc(1, sizeof(*w.p));
	w.op = xcalloc(1, sizeof(*w.op));
	w.op->call = call;
	w.op->m = m;
	run(&w);
	json_decref(w.fields);
	hash_wipe(w.a.buf, w.a.used);
	wipe_free(w.p);
	free(w.a.buf);
}

/* A registered device is read first: the message is made of what it has. */
struct lookup_op {
	struct store_device one;
	struct bootstrap_request request;
	json_t *params;			/* live in the call */
	struct api_call *call;
	struct methods *m;
};

static void lookup_done(struct store_op *base)
{
	struct lookup_op *op = (struct lookup_op *)base;

	if (base->rc)
		methods_refuse(op->call, "bootstrap", &base->err);
	else
		make(op->call, op->m, &op->request, op->params,
		     &op->one.device);
	wipe_free(op);
}

static void look_up(struct api_call *call, struct methods *m,
		    const struct bootstrap_request *rq, json_t *params)
{
	struct lookup_op *op = xcalloc(1, sizeof(*op));

	op->one.op.run = store_device_get_run;
	op->one.op.done = lookup_done;
	op->one.key.to = rq->delivery.to;
	op->request = *rq;
	op->params = params;
	op->call = call;
	op->m = m;
	store_push(m->store, &op->one.op);
}

void method_bootstrap(struct api_call *call, json_t *params, void *arg)
{
	struct bootstrap_request rq;
	struct err e;
	int rc = fields_parse(request_bootstrap_fields, params, false, &rq,
			      &e);
	bool is_name = !rc && !msisdn_looks_like(rq.delivery.to);

	if (is_name)
		rc = device_name_check(rq.delivery.to, "to", &e);
	if (rc)
		methods_refuse(call, "bootstrap", &e);
	else if (is_name)
		look_up(call, arg, &rq, params);
	else
		make(call, arg, &rq, params, NULL);
}
