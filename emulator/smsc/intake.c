/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/intake.h"

#include <inttypes.h>
#include <string.h>

#define BEHIND_ANSWER_MS 100	/* a receipt, when the answer is slow */

/* An SMS that is being submitted. */
struct submission {
	const struct session *session;
	const struct smpp_submit *sms;
	struct session_answer *answer;
	struct instant now;
	struct fault_plan plan;
};

/* -------------------------------- faults -------------------------------- */

/* As the file has it, if it has it. */
static const char *name_of(const struct intake *in,
			   const struct smpp_submit *sms)
{
	const struct device *d = config_find(in->config, sms->to.digits);

	return d ? d->msisdn : sms->to.digits;
}

static void report_faults(const struct intake *in, const struct submission *p)
{
	for (size_t i = 0; i < FAULT_PLAN_GROUPS; i++) {
		const struct fault_rule *r = p->plan.by[i];
		struct report_field fields[] = {
			report_text("fault", r ? r->kind->name : ""),
			report_text("rule", r ? r->text : ""),
			report_text("message-id", p->answer->message_id),
		};

		if (r && !in->report->quiet)
			report_event(in->report, "fault.hit",
				     name_of(in, p->sms), fields,
				     fault_plan_takes(&p->plan) ? 3 : 2);
	}
}

static void plan_answer(const struct fault_plan *plan,
			struct session_answer *a)
{
	static const enum session_then then[] = {
		[FAULT_NO_DROP] = SESSION_GOES_ON,
		[FAULT_DROP] = SESSION_ENDS_AT_ONCE,
		[FAULT_DROP_TAKEN] = SESSION_ENDS_AT_ONCE,
		[FAULT_DROP_ANSWERED] = SESSION_ENDS,
	};
	const struct fault_rule *slow = plan->by[FAULT_SLOW];
	const struct fault_rule *answer = plan->by[FAULT_ANSWER];

	a->delay_ms = slow ? slow->value : 0;
	a->status = answer ? answer->kind->status : ESME_ROK;
	a->then = then[answer ? answer->kind->drop : FAULT_NO_DROP];
}

/* What is known of the SMS before it has got anywhere. */
static struct stored_sms plan_sms(const struct submission *p)
{
	const struct fault_rule *state = p->plan.by[FAULT_STATE];
	const struct fault_rule *late = p->plan.by[FAULT_LATE];
	unsigned slow_ms = p->answer->delay_ms;
	struct stored_sms s = {
		.sms = *p->sms,
		.forced = state ? state->state : NULL,
		.receipt = {
			.session = p->session->id,
			.submitted_s = p->now.wall_s,
			.device = p->sms->to, .to = p->sms->from,
		},
		.not_before_ms = p->now.mono_ms +
			(slow_ms ? slow_ms + BEHIND_ANSWER_MS : 0),
		.late_ms = late ? late->value : 0,
		.is_lost = state && !state->state,
		.is_double = p->plan.by[FAULT_DUPLICATE],
	};

	memcpy(s.receipt.system_id, p->session->system_id,
	       sizeof(s.receipt.system_id));
	snprintf(s.receipt.message_id, sizeof(s.receipt.message_id), "%.16s",
		 p->answer->message_id);
	return s;
}

/* ------------------------------- receipts ------------------------------- */

/* Each SMS that waits needs a place, too. */
static size_t n_places(const struct intake *in)
{
	return RECEIPT_QUEUE_MAX - in->receipts.queue.len -
	       sms_store_len(in->store);
}

/* An early one goes out now, before the answer, if somebody takes it. */
static void send_receipt(struct intake *in, const struct stored_sms *s,
			 const struct delivery_result *result, bool early)
{
	const struct instant now = instant_now();
	struct receipt r = s->receipt;

	if (s->is_lost || !result->state ||
	    !receipt_wanted(result->state, s->sms.registered_delivery))
		return;
	r.due_ms = now.mono_ms > s->not_before_ms ? now.mono_ms :
		   s->not_before_ms;
	r.due_ms += result->delay_ms + s->late_ms;
	r.state = result->state;
	r.name = result->device ? result->device->msisdn : NULL;
	if (s->is_double && n_places(in) > 1)
		receipts_put(&in->receipts, &r);
	if (!early || !receipts_send(&in->receipts, &r, now.wall_s))
		receipts_put(&in->receipts, &r);
}

/* ----------------------------- store and forward ------------------------- */

static void report_waits(const struct intake *in, const struct stored_sms *s)
{
	const struct report_field fields[] = {
		report_text("from", s->sms.from.digits),
		report_number("octets", s->sms.len),
		report_text("reason", network_why(s->device)),
		report_text("message-id", s->receipt.message_id),
	};

	if (!in->report->quiet)
		report_event(in->report, "sms.waits", s->device->msisdn,
			     fields, 4);
}

static struct delivery_sms delivery_sms(const struct stored_sms *s)
{
	return (struct delivery_sms){
		.sms = &s->sms, .message_id = s->receipt.message_id,
		.now = instant_now(), .forced = s->forced,
	};
}

static void on_expired(void *arg, const struct stored_sms *s)
{
	struct intake *in = arg;
	const struct delivery_sms sms = delivery_sms(s);
	struct delivery_result result;

	delivery_expire(&in->delivery, &sms, &result);
	send_receipt(in, s, &result, false);
}

static void deliver_waiting(struct intake *in, const struct device *d)
{
	struct stored_sms s;

	while (!in->halted && reach_takes_sms(&d->reach) &&
	       sms_store_take(in->store, d, &s)) {
		const struct delivery_sms sms = delivery_sms(&s);
		struct delivery_result result;

		delivery_give(&in->delivery, &sms, &result);
		send_receipt(in, &s, &result, false);
	}
}

static void on_change(void *arg, struct device *d, enum network_change change)
{
	if (change == NETWORK_SMS_BACK)
		deliver_waiting(arg, d);
}

/* -------------------------------- submit -------------------------------- */

static void take(struct intake *in, const struct submission *p)
{
	struct stored_sms s = plan_sms(p);
	const struct delivery_sms sms = delivery_sms(&s);
	struct delivery_result result;

	p->answer->status = delivery_take(&in->delivery, &sms, &result);
	if (p->answer->status != ESME_ROK)
		return;
	if (result.waits) {
		s.device = result.device;
		s.until_s = result.until_s;
		if (!sms_store_put(in->store, &s)) {
			p->answer->status = ESME_RMSGQFUL;
			return;
		}
		report_waits(in, &s);
	} else {
		send_receipt(in, &s, &result, p->plan.by[FAULT_EARLY]);
	}
	in->n_messages++;
}

bool intake_submit(struct intake *in, const struct session *s,
		   const struct smpp_submit *sms, struct session_answer *a)
{
	struct submission p = {
		.session = s, .sms = sms, .answer = a, .now = instant_now(),
	};
	struct device *to = config_find(in->config, sms->to.digits);

	if (!n_places(in)) {
		a->status = ESME_RMSGQFUL;
		return true;
	}
	snprintf(a->message_id, sizeof(a->message_id),
		 "%08" PRIX32 "%08" PRIX32, in->start_s, in->n_messages + 1);
	faults_draw(&in->config->faults, to ? &to->faults : NULL,
		    sms->to.digits, &p.plan);
	plan_answer(&p.plan, a);
	report_faults(in, &p);
	if (fault_plan_takes(&p.plan))
		take(in, &p);
	return !p.plan.by[FAULT_STOP];
}

/* ---------------------------- begin and end ---------------------------- */

void intake_halt(struct intake *in)
{
	in->halted = true;
}

void intake_continue(struct intake *in)
{
	in->halted = false;
	for (size_t i = 0; i < in->config->n_devices; i++)
		deliver_waiting(in, &in->config->devices[i]);
	receipts_wake(&in->receipts);
}

void intake_init(struct intake *in, const struct intake_setup *setup)
{
	const struct network_watcher watcher = { on_change, in };

	*in = (struct intake){
		.config = setup->config, .report = setup->report,
		.start_s = (uint32_t)instant_now().wall_s,
	};
	delivery_init(&in->delivery, setup->config, setup->report,
		      setup->clients, setup->network);
	receipts_init(&in->receipts, setup->base, setup->sessions,
		      setup->report);
	in->store = sms_store_new(setup->base, setup->config, on_expired, in);
	network_watch(setup->network, &watcher);
}

void intake_free(struct intake *in)
{
	sms_store_free(in->store);
	receipts_free(&in->receipts);
	delivery_free(&in->delivery);
}
