/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <string.h>

#include "emulator/receipts.h"
#include "emulator/session.h"
#include "emulator/xalloc.h"

#define BEHIND_ANSWER_MS 100	/* a receipt, when the answer is slow */

/* An SMS that is being submitted. */
struct submission {
	const struct smpp_submit *sms;
	struct session_answer *answer;
	struct instant now;
	struct fault_plan plan;
};

struct smsc {
	struct event_base *base;
	struct config *config;
	const struct report *report;
	struct evconnlistener *listener;	/* owned */
	struct session_list sessions;	/* owned */
	unsigned n_sessions;
	uint64_t last_session;
	struct delivery delivery;
	struct receipts receipts;
	bool halted;
	uint32_t start_s;		/* makes message ids unlike the last */
	uint32_t n_messages;
};

/* -------------------------------- faults -------------------------------- */

/* As the file has it, if it has it. */
static const char *name_of(const struct smsc *smsc,
			   const struct smpp_submit *sms)
{
	const struct device *d = config_find(smsc->config, sms->to.digits);

	return d ? d->msisdn : sms->to.digits;
}

static void report_faults(struct smsc *smsc, const struct submission *p)
{
	for (size_t i = 0; i < FAULT_PLAN_GROUPS; i++) {
		const struct fault_rule *r = p->plan.by[i];
		struct report_field fields[] = {
			report_text("fault", r ? r->kind->name : ""),
			report_text("rule", r ? r->text : ""),
			report_text("message-id", p->answer->message_id),
		};

		if (!r)
			continue;
		if (!smsc->report->quiet)
			report_event(smsc->report, "fault.hit",
				     name_of(smsc, p->sms), fields,
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

/* An early one goes out now, before the answer, if somebody takes it. */
static void plan_receipt(struct smsc *smsc, const struct submission *p,
			 struct receipt *r)
{
	const struct fault_rule *late = p->plan.by[FAULT_LATE];
	unsigned slow_ms = p->answer->delay_ms;

	if (p->plan.by[FAULT_STATE] && !p->plan.by[FAULT_STATE]->state)
		return;			/* it is lost */
	r->due_ms += late ? late->value : 0;
	r->due_ms += slow_ms ? slow_ms + BEHIND_ANSWER_MS : 0;
	if (p->plan.by[FAULT_DUPLICATE] &&
	    smsc->receipts.queue.len < RECEIPT_QUEUE_MAX - 1)
		receipts_put(&smsc->receipts, r);
	if (!p->plan.by[FAULT_EARLY] ||
	    !receipts_send(&smsc->receipts, r, p->now.wall_s))
		receipts_put(&smsc->receipts, r);
}

/* ------------------------------ sessions ------------------------------ */

/* Its final state, or NULL: as its device has it. */
static const struct receipt_state *forced_state(const struct fault_plan *plan)
{
	return plan->by[FAULT_STATE] ? plan->by[FAULT_STATE]->state : NULL;
}

static void take(struct smsc *smsc, const struct session *s,
		 const struct submission *p)
{
	struct session_answer *a = p->answer;
	struct delivery_result result;
	struct receipt r = {
		.session = s->id, .submitted_s = p->now.wall_s,
		.device = p->sms->to, .to = p->sms->from,
	};

	a->status = delivery_take(&smsc->delivery, p->sms, a->message_id,
				  &p->now, forced_state(&p->plan), &result);
	if (a->status != ESME_ROK)
		return;
	smsc->n_messages++;
	if (!result.state ||
	    !receipt_wanted(result.state, p->sms->registered_delivery))
		return;
	r.due_ms = p->now.mono_ms + result.delay_ms;
	r.state = result.state;
	r.name = result.device ? result.device->msisdn : NULL;
	memcpy(r.system_id, s->system_id, sizeof(r.system_id));
	snprintf(r.message_id, sizeof(r.message_id), "%.16s", a->message_id);
	plan_receipt(smsc, p, &r);
}

static void on_submit(void *arg, struct session *s,
		      const struct smpp_submit *sms, struct session_answer *a)
{
	struct smsc *smsc = arg;
	struct submission p = { .sms = sms, .answer = a, .now = instant_now() };
	struct device *to = config_find(smsc->config, sms->to.digits);

	if (receipt_queue_full(&smsc->receipts.queue)) {
		a->status = ESME_RMSGQFUL;
		return;
	}
	snprintf(a->message_id, sizeof(a->message_id),
		 "%08" PRIX32 "%08" PRIX32, smsc->start_s,
		 smsc->n_messages + 1);
	faults_draw(&smsc->config->faults, to ? &to->faults : NULL,
		    sms->to.digits, &p.plan);
	plan_answer(&p.plan, a);
	report_faults(smsc, &p);
	if (fault_plan_takes(&p.plan))
		take(smsc, s, &p);
	if (p.plan.by[FAULT_STOP])
		smsc_halt(smsc);
}

static void on_ready(void *arg)
{
	struct smsc *smsc = arg;

	receipts_wake(&smsc->receipts);
}

static void on_gone(void *arg, struct session *s)
{
	struct smsc *smsc = arg;

	LIST_REMOVE(s, link);
	smsc->n_sessions--;
	session_free(s);
}

static const struct session_ops ops = { on_submit, on_ready, on_gone };

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *addr, int len, void *arg)
{
	struct smsc *smsc = arg;
	struct session *s = NULL;
	int on = 1;

	(void)listener;
	(void)addr;
	(void)len;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (smsc->n_sessions < SMSC_SESSIONS_MAX)
		s = session_new(smsc->base, fd, ++smsc->last_session, &ops,
				smsc, smsc->report);
	if (!s) {
		evutil_closesocket(fd);
		return;
	}
	LIST_INSERT_HEAD(&smsc->sessions, s, link);
	smsc->n_sessions++;
}

/* ----------------------------- misbehaviour ----------------------------- */

void smsc_halt(struct smsc *smsc)
{
	struct session *s;

	smsc->halted = true;
	evconnlistener_disable(smsc->listener);
	LIST_FOREACH(s, &smsc->sessions, link)
		session_halt(s);
}

/* What a session reads now may end it, or be a reason to stop again. */
void smsc_continue(struct smsc *smsc)
{
	struct session *s, *next;

	smsc->halted = false;
	evconnlistener_enable(smsc->listener);
	for (s = LIST_FIRST(&smsc->sessions); s && !smsc->halted; s = next) {
		next = LIST_NEXT(s, link);
		session_continue(s);
	}
	receipts_wake(&smsc->receipts);
}

void smsc_drop(struct smsc *smsc)
{
	while (!LIST_EMPTY(&smsc->sessions))
		session_drop(LIST_FIRST(&smsc->sessions));
}

/* ---------------------------- start and stop ---------------------------- */

static int listen_on(struct smsc *smsc, uint16_t port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(a);
	struct report_field field;

	smsc->listener = evconnlistener_new_bind(smsc->base, on_accept, smsc,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
		LEV_OPT_REUSEABLE, -1, (struct sockaddr *)&a, sizeof(a));
	if (!smsc->listener ||
	    getsockname(evconnlistener_get_fd(smsc->listener),
			(struct sockaddr *)&a, &len))
		return DM_EIO;
	field = report_number("port", ntohs(a.sin_port));
	report_event(smsc->report, "listening", NULL, &field, 1);
	return DM_OK;
}

static void free_all(struct smsc *smsc)
{
	struct session *s;

	while ((s = LIST_FIRST(&smsc->sessions)))
		on_gone(smsc, s);
	if (smsc->listener)
		evconnlistener_free(smsc->listener);
	receipts_free(&smsc->receipts);
	delivery_free(&smsc->delivery);
	free(smsc);
}

struct smsc *smsc_start(struct event_base *base, uint16_t port,
			struct config *config, const struct report *report,
			struct dm_clients *clients)
{
	struct smsc *smsc = xcalloc(1, sizeof(*smsc));
	int error_was;

	smsc->base = base;
	smsc->config = config;
	smsc->report = report;
	smsc->start_s = (uint32_t)instant_now().wall_s;
	LIST_INIT(&smsc->sessions);
	delivery_init(&smsc->delivery, config, report, clients);
	receipts_init(&smsc->receipts, base, &smsc->sessions, report);
	if (!listen_on(smsc, port))
		return smsc;
	error_was = errno;
	free_all(smsc);
	errno = error_was;
	return NULL;
}

void smsc_stop(struct smsc *smsc)
{
	const struct delivery_totals *t = &smsc->delivery.totals;
	struct dm_clients_totals dm =
		dm_clients_totals(smsc->delivery.clients);
	struct report_field fields[] = {
		report_number("sms", t->sms),
		report_number("verified", t->verified),
		report_number("refused", t->refused),
		report_number("bootstraps-applied", t->applied),
		report_number("bootstraps-refused", t->not_applied),
		report_number("unknown-number", t->unknown_number),
		report_number("not-delivered", t->not_delivered),
		report_number("receipts", smsc->receipts.n_sent),
		report_number("faults", smsc->config->faults.n_hits),
		report_number("sessions", dm.sessions),
		report_number("reports-accepted", dm.reports.accepted),
		report_number("reports-refused", dm.reports.refused),
		report_number("reports-lost", dm.reports.lost),
		report_number("reports-waiting", dm.reports.waiting),
	};

	report_event(smsc->report, "stopped", NULL, fields,
		     sizeof(fields) / sizeof(fields[0]));
	free_all(smsc);
}
