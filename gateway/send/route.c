/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/route.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/log.h"
#include "gateway/send/route_kind.h"
#include "gateway/xalloc.h"

struct route_told {
	struct route_told *next;
	uint64_t tag;
	enum segment_event event;
	char reason[JOB_REASON_SIZE];
};

/* ------------------------------- results ------------------------------- */

/* Once when it begins to fail, and once when it works again. */
static void log_change(struct route *r, const struct route_told *t)
{
	bool fails = t->event == SEGMENT_NOT_NOW;

	if (fails && !r->fails)
		log_warn("route.fails route=%s reason=\"%s\"",
			 r->config->name, t->reason);
	if (!fails && r->fails)
		log_info("route.works route=%s", r->config->name);
	r->fails = fails;
}

void route_tell(struct route *r, uint64_t tag, enum segment_event event,
		const char *reason, ...)
{
	struct route_told *t = xcalloc(1, sizeof(*t));
	va_list ap;

	t->tag = tag;
	t->event = event;
	va_start(ap, reason);
	vsnprintf(t->reason, sizeof(t->reason), reason, ap);
	va_end(ap);
	log_change(r, t);
	*r->told_end = t;
	r->told_end = &t->next;
	event_active(r->tell, EV_TIMEOUT, 0);
}

static struct route_told *take_told(struct route *r)
{
	struct route_told *t = r->told;

	if (!t)
		return NULL;
	r->told = t->next;
	if (!r->told)
		r->told_end = &r->told;
	return t;
}

static void on_tell(evutil_socket_t fd, short what, void *arg)
{
	struct route *r = arg;
	struct route_told *t;

	(void)fd;
	(void)what;
	while ((t = take_told(r))) {
		r->result(r->arg, t->tag, &(struct verdict){
			t->event, t->reason });
		free(t);
	}
}

/* -------------------------------- route -------------------------------- */

struct route *route_new(struct event_base *base,
			const struct route_config *config,
			route_result *result, void *arg)
{
	static const struct route_ops *const kinds[] = {
		[ROUTE_UDP] = &route_udp,
		[ROUTE_CONSOLE] = &route_console,
		[ROUTE_FILE] = &route_file,
		[ROUTE_PCAP] = &route_pcap,
	};
	const struct route_ops *ops = kinds[config->kind];
	struct route *r = xcalloc(1, ops->size);

	r->ops = ops;
	r->config = config;
	r->base = base;
	r->tell = evtimer_new(base, on_tell, r);
	r->told_end = &r->told;
	r->result = result;
	r->arg = arg;
	return r;
}

void route_free(struct route *r)
{
	struct route_told *t;

	if (!r)
		return;
	if (r->ops->close)
		r->ops->close(r);
	while ((t = take_told(r)))
		free(t);
	event_free(r->tell);
	free(r);
}

bool route_takes_whole(const struct route *r)
{
	return r->ops->whole;
}

void route_send(struct route *r, const struct route_sms *sms)
{
	r->ops->send(r, sms);
}

size_t route_message(const struct route_sms *sms, uint8_t *out)
{
	size_t len = 0;

	for (unsigned i = 0; i < sms->job->n_segments; i++) {
		const struct segment *s = &sms->segments[i].sms;

		memcpy(out + len, s->octets + s->udh_len,
		       (size_t)(s->len - s->udh_len));
		len += (size_t)(s->len - s->udh_len);
	}
	return len;
}
