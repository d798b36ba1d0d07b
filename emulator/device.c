/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/device.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wap/wsp_push.h"

/* One message on its way through the steps below. */
struct reading {
	const struct device *device;
	struct reassembled whole;
	struct wsp_push push;
	struct notif notif;
	struct device_outcome *out;
};

const char *device_digits(const char *msisdn)
{
	return msisdn + (msisdn[0] == '+');
}

static bool refuse(struct device_outcome *out, const char *reason, ...)
	__attribute__((format(printf, 2, 3)));

static bool refuse(struct device_outcome *out, const char *reason, ...)
{
	va_list ap;

	va_start(ap, reason);
	vsnprintf(out->reason, sizeof(out->reason), reason, ap);
	va_end(ap);
	out->verdict = DEVICE_REFUSED;
	return false;
}

/* Not every client takes any transaction id: a Samsung one only strips the
 * WSP header if its first octet is not 0. */
static bool takes_tid(const struct quirk *quirk, uint8_t tid)
{
	return tid != 0 || !quirk->needs_tid;
}

static bool step_ports(struct reading *r)
{
	const struct udh *u = &r->whole.udh;

	if (!u->has_ports)
		return refuse(r->out, "not a WSP push: no ports, allowed: "
			      "destination port %d", UDH_PORT_WAP_PUSH);
	if (u->dest_port != UDH_PORT_WAP_PUSH)
		return refuse(r->out, "destination port %u, allowed: %d",
			      u->dest_port, UDH_PORT_WAP_PUSH);
	return true;
}

static bool step_push(struct reading *r)
{
	const struct quirk *quirk = r->device->quirk;

	if (wsp_push_decode(&r->push, r->whole.msg, r->whole.len))
		return refuse(r->out, "not a WSP push: %zu octets do not parse",
			      r->whole.len);
	if (r->push.pdu_type != WSP_PUSH)
		return refuse(r->out, "WSP PDU type %u, allowed: %d, a "
			      "connectionless push", r->push.pdu_type,
			      WSP_PUSH);
	if (!takes_tid(quirk, r->push.tid))
		return refuse(r->out, "WSP transaction id 0, allowed: 1 to "
			      "255 for a %s client", quirk->name);
	return true;
}

static bool is_number(const struct wsp_value *v)
{
	return !v->text && !v->raw;
}

/* OMA DM Notification 1.2, 6.3.1: neither may be text. */
static bool step_headers(struct reading *r)
{
	const struct wsp_value *type = &r->push.content_type;
	const struct wsp_value *id = wsp_push_find(&r->push,
						   WSP_APPLICATION_ID);

	if (!is_number(type))
		return refuse(r->out, "content type as text, allowed: the "
			      "number 0x%02x", WSP_SYNCML_NOTIFICATION);
	if (type->number != WSP_SYNCML_NOTIFICATION)
		return refuse(r->out, "content type 0x%02x, allowed: 0x%02x",
			      type->number, WSP_SYNCML_NOTIFICATION);
	if (!id)
		return refuse(r->out, "no application id, allowed: %d",
			      WSP_APPLICATION_SYNCML_DM);
	if (!is_number(id))
		return refuse(r->out, "application id as text, allowed: the "
			      "number %d", WSP_APPLICATION_SYNCML_DM);
	if (id->number != WSP_APPLICATION_SYNCML_DM)
		return refuse(r->out, "application id %u, allowed: %d",
			      id->number, WSP_APPLICATION_SYNCML_DM);
	return true;
}

static bool step_package(struct reading *r)
{
	struct err e;
	char text[ERR_TEXT_MAX];

	if (notif_decode(&r->notif, r->push.body, r->push.body_len))
		return refuse(r->out, "package 0 of %zu octets is cut short",
			      r->push.body_len);
	if (notif_check_quirk(&r->notif.trigger, r->device->quirk, &e))
		return refuse(r->out, "%s", err_text(&e, text, sizeof(text)));
	if (r->notif.trigger.version != TRIGGER_VERSION_DM)
		return refuse(r->out, "version field %u, allowed: %d",
			      r->notif.trigger.version, TRIGGER_VERSION_DM);
	return true;
}

static bool step_server(struct reading *r)
{
	const struct trigger *t = &r->notif.trigger;
	const char *known = r->device->server_id;

	if (t->server_id_len == strlen(known) &&
	    !memcmp(t->server_id, known, t->server_id_len))
		return true;
	return refuse(r->out, "unknown server-id \"%.*s\"",
		      (int)t->server_id_len, t->server_id);
}

static bool step_digest(struct reading *r)
{
	if (notif_verify(&r->notif, &r->device->key))
		return refuse(r->out, "digest does not verify");
	return true;
}

static bool (*const steps[])(struct reading *) = {
	step_ports, step_push, step_headers, step_package, step_server,
	step_digest,
};

static void read_message(struct reading *r)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!steps[i](r))
			return;
	r->out->verdict = DEVICE_VERIFIED;
	r->out->trigger = r->notif.trigger;
}

/* FNV-1a over sender, a NUL and receiver: tells messages apart. */
static uint64_t peer_of(const char *from, const char *to)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *from; from++)
		h = (h ^ (uint8_t)*from) * 0x100000001b3u;
	h *= 0x100000001b3u;
	for (; *to; to++)
		h = (h ^ (uint8_t)*to) * 0x100000001b3u;
	return h;
}

static void note_segment(struct device_outcome *out,
			 const struct device_sms *sms)
{
	struct udh u;

	if (sms->has_udh && !udh_decode(&u, sms->octets, sms->len) &&
	    u.concat != UDH_CONCAT_NONE) {
		out->segment = u.index;
		out->n_segments = u.total;
	}
}

void device_take(const struct device *d, struct reassembly *pool,
		 const struct device_sms *sms, struct device_outcome *out)
{
	struct reading r = { .device = d, .out = out };
	uint64_t peer = peer_of(sms->from, device_digits(d->msisdn));
	int rc;

	*out = (struct device_outcome){
		.verdict = DEVICE_WAITS, .segment = 1, .n_segments = 1,
	};
	note_segment(out, sms);
	if (!sms->has_udh) {
		refuse(out, "not a WSP push: no user data header");
		return;
	}
	rc = reassembly_add(pool, peer, sms->octets, sms->len, sms->now_ms,
			    &r.whole);
	if (rc == DM_OK)
		read_message(&r);
	else if (rc != DM_EBUSY)
		refuse(out, "not a WSP push: the user data header does not "
		       "parse");
}
