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

struct smsc {
	struct event_base *base;
	const struct report *report;
	struct evconnlistener *listener;	/* owned */
	struct session_list sessions;	/* owned */
	unsigned n_sessions;
	uint64_t last_session;
	struct delivery delivery;
	struct receipts receipts;
	uint32_t start_s;		/* makes message ids unlike the last */
	uint32_t n_messages;
};

static void queue_receipt(struct smsc *smsc, const struct session *s,
			  const struct smpp_submit *sms, const char *message_id,
			  const struct instant *now,
			  const struct delivery_result *result)
{
	struct receipt r = {
		.due_ms = now->mono_ms + result->delay_ms,
		.session = s->id,
		.submitted_s = now->wall_s,
		.state = result->state,
		.name = result->device ? result->device->msisdn : NULL,
		.device = sms->to,
		.to = sms->from,
	};

	memcpy(r.system_id, s->system_id, sizeof(r.system_id));
	snprintf(r.message_id, sizeof(r.message_id), "%.16s", message_id);
	receipts_put(&smsc->receipts, &r);
}

/* ------------------------------ sessions ------------------------------ */

static enum smpp_status on_submit(void *arg, const struct session *s,
				  const struct smpp_submit *sms,
				  char message_id[SMPP_MESSAGE_ID_SIZE])
{
	struct smsc *smsc = arg;
	struct instant now = instant_now();
	struct delivery_result result;
	enum smpp_status status;

	if (receipt_queue_full(&smsc->receipts.queue))
		return ESME_RMSGQFUL;
	snprintf(message_id, SMPP_MESSAGE_ID_SIZE, "%08" PRIX32 "%08" PRIX32,
		 smsc->start_s, smsc->n_messages + 1);
	status = delivery_take(&smsc->delivery, sms, message_id, &now,
			       &result);
	if (status != ESME_ROK)
		return status;
	smsc->n_messages++;
	if (result.state &&
	    receipt_wanted(result.state, sms->registered_delivery))
		queue_receipt(smsc, s, sms, message_id, &now, &result);
	return ESME_ROK;
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
