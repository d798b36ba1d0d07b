/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/smsc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <netinet/tcp.h>

#include "emulator/smsc/intake.h"
#include "emulator/smsc/session.h"
#include "emulator/xalloc.h"

struct smsc {
	struct event_base *base;
	struct config *config;
	const struct report *report;
	struct evconnlistener *listener;	/* owned */
	struct session_list sessions;	/* owned */
	unsigned n_sessions;
	uint64_t last_session;
	struct intake intake;
	bool halted;
};

/* ------------------------------ sessions ------------------------------ */

static void on_submit(void *arg, struct session *s,
		      const struct smpp_submit *sms, struct session_answer *a)
{
	struct smsc *smsc = arg;

	if (!intake_submit(&smsc->intake, s, sms, a))
		smsc_halt(smsc);
}

static void on_ready(void *arg)
{
	struct smsc *smsc = arg;

	receipts_wake(&smsc->intake.receipts);
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
	intake_halt(&smsc->intake);
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
	if (!smsc->halted)
		intake_continue(&smsc->intake);
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
	intake_free(&smsc->intake);
	free(smsc);
}

struct smsc *smsc_start(struct event_base *base, uint16_t port,
			struct config *config, const struct report *report,
			struct dm_clients *clients, struct network *network)
{
	struct smsc *smsc = xcalloc(1, sizeof(*smsc));
	int error_was;

	smsc->base = base;
	smsc->config = config;
	smsc->report = report;
	LIST_INIT(&smsc->sessions);
	intake_init(&smsc->intake, &(struct intake_setup){
		.base = base, .config = config, .report = report,
		.clients = clients, .network = network,
		.sessions = &smsc->sessions,
	});
	if (!listen_on(smsc, port))
		return smsc;
	error_was = errno;
	free_all(smsc);
	errno = error_was;
	return NULL;
}

void smsc_stop(struct smsc *smsc)
{
	const struct delivery_totals *t = &smsc->intake.delivery.totals;
	struct dm_clients_totals dm =
		dm_clients_totals(smsc->intake.delivery.clients);
	struct report_field fields[] = {
		report_number("sms", smsc->intake.n_messages),
		report_number("verified", t->verified),
		report_number("refused", t->refused),
		report_number("bootstraps-applied", t->applied),
		report_number("bootstraps-refused", t->not_applied),
		report_number("unknown-number", t->unknown_number),
		report_number("not-delivered", t->not_delivered),
		report_number("sms-waiting",
			      sms_store_len(smsc->intake.store)),
		report_number("receipts", smsc->intake.receipts.n_sent),
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
