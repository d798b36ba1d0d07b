/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/json/job_json.h"
#include "gateway/json/lint_json.h"
#include "gateway/log.h"
#include "gateway/request/new_account.h"
#include "gateway/request/provision.h"
#include "gateway/store/store_devices.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

/* A call, until its message is made. */
struct work {
	struct bootstrap_request rq;	/* its texts live in the call */
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
	enum create_account creates;
	char oob_pin[MAC_OOB_PIN_SIZE];	/* a secret */
	json_t *findings;		/* owned; NULL: not looked for */
	bool dry_run;
	struct err refused;		/* why, unless it is a repeated one */
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
	if (op->creates == CREATE_ACCOUNT && new_account_check(&op->device, e))
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

static void set_pin(json_t *o, const char *pin)
{
	if (pin[0])
		json_object_set_new(o, "out-of-band-pin", json_string(pin));
}

/*
 * What the answer says beyond the job: findings, and secrets. A repeated
 * request has those of then, if they are still kept. The PIN that it has now
 * is the same if the document is, which a new account has made another one.
 */
static json_t *answer_of(const struct bootstrap_op *op)
{
	json_t *o = job_json_accepted(store_submit_job(&op->submit));
	const char *text = op->submit.account;
	json_t *secrets = text ? json_loads(text, 0, NULL) : NULL;

	json_object_set(o, "findings", op->findings);
	if (secrets)
		json_object_update(o, secrets);
	else if (!op->creates)
		set_pin(o, op->oob_pin);
	json_decref(secrets);
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
		 j->device, j->server_id,
		 mac_sec_name(op->sec), op->profile, op->forced,
		 j->n_segments);
	if (op->creates && !op->submit.repeated)
		log_info("device.account_created job=%lld client=%u device=%s "
			 "anew=%d", (long long)j->id, j->client,
			 op->device.name, op->creates == CREATE_ACCOUNT_ANEW);
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
 * The account in the document is that of the device from now on, if it has none
 * or shall have another: its key signs the notifications. What was signed with
 * the default nonce before has the key of before.
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
			.auth_name = name && (strcmp(name, a->server_id) ||
					      w->device->auth_name[0]) ?
				     name : NULL,
			.password = a->server.secret,
			.nonce = a->server.nonce,
		},
		.dm_version = REQUEST_UNSET,
	};

	op->gives_key = true;
	op->after.resync_ms = 0;
	return device_change(&op->after, &rq, e);
}

static int take_device(const struct work *w, struct bootstrap_op *op,
		       struct err *e)
{
	if (!w->device)
		return DM_OK;
	op->after = *w->device;
	op->submit.device_name = api_call_to(op->call);
	op->submit.device = &op->device;
	op->submit.merge = merge;
	op->submit.replaces_account = op->creates == CREATE_ACCOUNT_ANEW;
	if ((w->device->credential[0] && op->creates != CREATE_ACCOUNT_ANEW) ||
	    !w->p->has_account || !w->p->account.server.secret)
		return DM_OK;
	return take_key(w, op, e);
}

/* The secrets of the answer, for those who ask again. */
static char *secrets_text(const struct work *w)
{
	json_t *secrets = json_object();
	char *text;

	if (w->fields)
		json_object_set_new(secrets, "account",
				    new_account_json(w->fields));
	set_pin(secrets, w->p->oob_pin);
	text = json_dumps(secrets, JSON_COMPACT);
	json_decref(secrets);
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
	op->submit.jobs_max = op->m->config->queue_max;
	random_octets(op->submit.job.token, sizeof(op->submit.job.token));
	random_octets(&op->submit.random, sizeof(op->submit.random));
	op->transport = p->transport;
	op->has_reference = w->rq.transport.reference != REQUEST_UNSET;
	op->wsp = xcalloc(1, p->message.wsp_len);
	op->wsp_len = p->message.wsp_len;
	memcpy(op->wsp, p->message.wsp, p->message.wsp_len);
	op->forced = p->lint.n_errors > 0;
	memcpy(op->oob_pin, p->oob_pin, sizeof(op->oob_pin));
	op->findings = lint_json(&p->lint);
	if (w->fields || (op->submit.key[0] && p->oob_pin[0]))
		op->submit.account = secrets_text(w);
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
	set_pin(o, p->oob_pin);
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
	if (w->rq.create_account == CREATE_ACCOUNT &&
	    (!w->rq.delivery.key || w->rq.delivery.dry_run))
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
	struct api_call *call = w->op->call;
	struct store_submit *s = &w->op->submit;
	struct methods *m = w->op->m;
	const struct profile *profile = rq->profile ?
		profile_dir_find(&m->profiles, rq->profile) : NULL;
	struct submit_defaults defaults = methods_defaults(m, call,
							   JOB_BOOTSTRAP);
	char k[PROVISION_K_SIZE];
	int rc = check(m, rq, e);

	if (!rc)
		rc = submit_job(&rq->delivery, &defaults,
				api_call_client(call), clock_ms(), &s->job, e);
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

/* ------------------------------- refusals ------------------------------- */

static void refuse_now(struct bootstrap_op *op, const struct err *e)
{
	if (op->findings)
		methods_refuse_with(op->call, "bootstrap", e, "findings",
				    json_incref(op->findings));
	else
		methods_refuse(op->call, "bootstrap", e);
	op_free(op);
}

static void repeat_done(struct store_op *base)
{
	struct bootstrap_op *op = (struct bootstrap_op *)base;

	if (base->rc == DM_OK)
		done(base);
	else if (base->rc == DM_ENOENT || base->rc == DM_EINVAL)
		refuse_now(op, &op->refused);
	else
		refuse_now(op, &base->err);
}

/*
 * A request with a key has its job all the same, if it is a repeated one: what
 * it is refused for has changed since, as when its device was deleted.
 */
static void refuse(struct bootstrap_op *op, const struct err *e)
{
	if (!op->submit.key[0] || op->dry_run) {
		refuse_now(op, e);
		return;
	}
	op->refused = *e;
	op->submit.op.run = store_repeat_run;
	op->submit.op.done = repeat_done;
	store_push(op->m->store, &op->submit.op);
}

/* ------------------------------- the method ------------------------------- */

static void run(struct work *w)
{
	struct bootstrap_op *op = w->op;
	struct err e;

	if (prepare(w, &e)) {
		refuse(op, &e);
	} else if (!w->rq.force && provision_refuse(&w->p->lint, &e)) {
		op->findings = lint_json(&w->p->lint);
		refuse(op, &e);
	} else if (op->dry_run) {
		api_answer(op->call, dry_run_of(w->p));
		op_free(op);
	} else if (keep(w, &e)) {
		refuse(op, &e);
	} else {
		store_push(op->m->store, &op->submit.op);
	}
}

static void make(struct bootstrap_op *op, const struct bootstrap_request *rq,
		 const struct device *d)
{
	struct work w = {
		.rq = *rq,
		.device = d,
		.op = op,
		.a = { .cap = PROVISION_ARENA_MAX },
	};

	if (d)
		device_merge_bootstrap(d, &w.rq);
	w.a.buf = xcalloc(1, w.a.cap);
	w.p = xcalloc(1, sizeof(*w.p));
	run(&w);
	json_decref(w.fields);
	hash_wipe(w.a.buf, w.a.used);
	wipe_free(w.p);
	free(w.a.buf);
}

/* A registered device is read first: the message is made of what it has. */
struct lookup_op {
	struct store_device one;
	struct bootstrap_request request;	/* lives in the call */
	struct bootstrap_op *op;		/* owned */
};

static void lookup_done(struct store_op *base)
{
	struct lookup_op *l = (struct lookup_op *)base;

	if (base->rc)
		refuse(l->op, &base->err);
	else
		make(l->op, &l->request, &l->one.device);
	wipe_free(l);
}

static void look_up(struct bootstrap_op *op, const struct bootstrap_request *rq)
{
	struct lookup_op *l = xcalloc(1, sizeof(*l));

	l->one.op.run = store_device_get_run;
	l->one.op.done = lookup_done;
	l->one.key.to = rq->delivery.to;
	l->request = *rq;
	l->op = op;
	store_push(op->m->store, &l->one.op);
}

static struct bootstrap_op *op_new(struct api_call *call, struct methods *m,
				   const struct bootstrap_request *rq)
{
	struct bootstrap_op *op = xcalloc(1, sizeof(*op));

	op->call = call;
	op->m = m;
	op->submit.job.client = api_call_client(call);
	op->sec = (enum mac_sec)rq->sec;
	op->creates = (enum create_account)rq->create_account;
	op->dry_run = rq->delivery.dry_run;
	if (rq->profile)
		snprintf(op->profile, sizeof(op->profile), "%s", rq->profile);
	return op;
}

void method_bootstrap(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct bootstrap_request rq;
	struct bootstrap_op *op;
	struct err e;
	int rc = fields_parse(request_bootstrap_fields, params, false, &rq,
			      &e);
	bool is_name = !rc && !msisdn_looks_like(rq.delivery.to);

	if (is_name)
		rc = device_name_check(rq.delivery.to, "to", &e);
	if (rc) {
		methods_refuse(call, "bootstrap", &e);
		return;
	}
	op = op_new(call, m, &rq);
	if (request_key_set(&op->submit, &m->secret, rq.delivery.key,
			    "bootstrap", params, &e))
		refuse_now(op, &e);
	else if (is_name)
		look_up(op, &rq);
	else
		make(op, &rq, NULL);
}
