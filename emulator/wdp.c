/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/wdp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/util.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emulator/outcome.h"
#include "emulator/provisioning.h"
#include "emulator/xalloc.h"

#define DATAGRAM_MAX 65535	/* octets */
#define NAME_SIZE 64		/* of "[ADDRESS]:PORT" */

struct wdp {
	int fd;
	struct event *readable;
	struct device *device;		/* NULL: nobody verifies */
	const struct report *report;
	struct delivery delivery;
	uint8_t octets[DATAGRAM_MAX];	/* of the last datagram: secrets */
};

/* ------------------------------ addresses ------------------------------ */

static int parse_port(const char *text, struct sockaddr_in *a)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (*end || port > 65535)
		return DM_EINVAL;
	a->sin_port = htons((uint16_t)port);
	return DM_OK;
}

/* evutil leaves the port 0 where there is none. */
static void default_port(struct wdp_address *a)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&a->addr;
	struct sockaddr_in *four = (struct sockaddr_in *)&a->addr;

	if (a->addr.ss_family == AF_INET6 && !six->sin6_port)
		six->sin6_port = htons(UDH_PORT_WAP_PUSH);
	if (a->addr.ss_family == AF_INET && !four->sin_port)
		four->sin_port = htons(UDH_PORT_WAP_PUSH);
}

int wdp_address_parse(struct wdp_address *a, const char *text)
{
	struct wdp_address got = { .len = sizeof(got.addr) };
	struct sockaddr_in *four = (struct sockaddr_in *)&got.addr;
	int rc = DM_OK;

	if (!text || (text[0] && !text[strspn(text, "0123456789")])) {
		four->sin_family = AF_INET;
		four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		four->sin_port = htons(UDH_PORT_WAP_PUSH);
		got.len = sizeof(*four);
		rc = text ? parse_port(text, four) : DM_OK;
	} else if (evutil_parse_sockaddr_port(text,
			(struct sockaddr *)&got.addr, &got.len)) {
		rc = DM_EINVAL;
	} else {
		default_port(&got);
	}
	if (!rc)
		*a = got;
	return rc;
}

static uint16_t address_text(const struct sockaddr_storage *a,
			     char out[NAME_SIZE])
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)a;
	const struct sockaddr_in *four = (const struct sockaddr_in *)a;

	if (a->ss_family == AF_INET6) {
		evutil_inet_ntop(AF_INET6, &six->sin6_addr, out, NAME_SIZE);
		return ntohs(six->sin6_port);
	}
	evutil_inet_ntop(AF_INET, &four->sin_addr, out, NAME_SIZE);
	return ntohs(four->sin_port);
}

static void report_address(const struct wdp *w, const char *event,
			   const struct sockaddr_storage *a, size_t octets)
{
	char text[NAME_SIZE];
	uint16_t port = address_text(a, text);
	struct report_field fields[3] = {
		report_text("address", text),
		report_number("port", port),
		report_number("octets", octets),
	};

	report_event(w->report, event, NULL, fields, octets ? 3 : 2);
}

/* -------------------------- without a device -------------------------- */

static void tell_reason(const struct wdp *w, const char *event,
			const char *reason)
{
	struct report_field field = report_text("reason", reason);

	report_event(w->report, event, NULL, &field, 1);
}

static void tell_notification(const struct wdp *w, const struct wsp_push *p)
{
	struct notif n;

	if (notif_decode(&n, p->body, p->body_len))
		tell_reason(w, "notification.refused", "package 0 is cut "
			    "short");
	else
		outcome_report_trigger(w->report, "notification.received",
				       &n.trigger);
}

static int read_bootstrap(struct wdp *w, const struct wsp_push *p,
			  struct device_bootstrap *b, struct err *e)
{
	struct bootstrap_security security;
	int rc = bootstrap_params_decode(p->params, p->params_len, &security,
					 e);

	if (rc)
		return rc;
	if (bootstrap_kind(p->body, p->body_len, &b->kind))
		return err_set(e, DM_EPROTO, "document", "WBXML of public id "
			       "0x0b, 0x0fd3, 0x1201", "%zu octets",
			       p->body_len);
	b->sec = security.sec;
	b->octets = p->body_len;
	rc = provisioning_account(b->kind, &w->delivery.room.arena, p->body,
				  p->body_len, &b->account, e);
	b->has_account = !rc;
	return rc == DM_ENOENT ? DM_OK : rc;
}

static void tell_bootstrap(struct wdp *w, const struct wsp_push *p)
{
	struct device_bootstrap b = { .octets = 0 };
	char text[ERR_TEXT_MAX];
	struct err e;

	if (read_bootstrap(w, p, &b, &e))
		tell_reason(w, "bootstrap.refused",
			    err_text(&e, text, sizeof(text)));
	else
		outcome_report_bootstrap(w->report, "bootstrap.received",
					 NULL, &b);
	device_forget(&w->delivery.room);
}

static void tell_other(const struct wdp *w, const struct wsp_push *p)
{
	struct report_field type = { .key = "content-type",
				     .kind = REPORT_TEXT };

	type.text = wsp_content_type_name(&p->content_type, &type.len);
	if (!type.text)
		type = report_number("content-type", p->content_type.number);
	report_event(w->report, "push.received", NULL, &type, 1);
}

static void tell(struct wdp *w, size_t len)
{
	struct wsp_push push;

	if (wsp_push_decode(&push, w->octets, len)) {
		tell_reason(w, "push.refused", "it is no WSP push");
		return;
	}
	switch (wsp_content_type_code(&push.content_type)) {
	case WSP_SYNCML_NOTIFICATION:
		tell_notification(w, &push);
		break;
	case WSP_CONNECTIVITY_WBXML:
	case WSP_SYNCML_DM_WBXML:
		tell_bootstrap(w, &push);
		break;
	default:
		tell_other(w, &push);
	}
}

/* -------------------------------- socket -------------------------------- */

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct wdp *w = arg;
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	ssize_t n = recvfrom(fd, w->octets, sizeof(w->octets), 0,
			     (struct sockaddr *)&from, &from_len);

	(void)what;
	if (n <= 0)
		return;
	if (!w->report->quiet)
		report_address(w, "datagram.received", &from, (size_t)n);
	if (w->device)
		delivery_take_message(&w->delivery, w->device, w->octets,
				      (size_t)n);
	else
		tell(w, (size_t)n);
	hash_wipe(w->octets, (size_t)n);
}

static int open_socket(const struct wdp_address *a)
{
	int fd = socket(a->addr.ss_family,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0 || !bind(fd, (const struct sockaddr *)&a->addr,
			    (socklen_t)a->len))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

struct wdp *wdp_start(struct event_base *base, const struct wdp_address *a,
		      struct config *config, struct device *device,
		      const struct report *report, struct dm_clients *clients,
		      struct network *network)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	int fd = open_socket(a);
	struct wdp *w;

	if (fd < 0)
		return NULL;
	w = xcalloc(1, sizeof(*w));
	w->fd = fd;
	w->device = device;
	w->report = report;
	delivery_init(&w->delivery, config, report, clients, network);
	w->readable = xcheck(event_new(base, fd, EV_READ | EV_PERSIST,
				       on_readable, w));
	event_add(w->readable, NULL);
	getsockname(fd, (struct sockaddr *)&bound, &len);
	report_address(w, "udp.listening", &bound, 0);
	return w;
}

void wdp_stop(struct wdp *w)
{
	event_free(w->readable);
	close(w->fd);
	delivery_free(&w->delivery);
	free(w);
}
