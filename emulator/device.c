/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/device.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "emulator/fault/chance.h"
#include "emulator/provisioning.h"
#include "wap/base64.h"
#include "wap/wsp_push.h"

/* One message on its way through the steps below. */
struct reading {
	struct device *device;
	struct reassembled whole;
	struct wsp_push push;
	struct notif notif;
	struct faults *faults;		/* or NULL */
	struct device_outcome *out;
};

typedef bool step(struct reading *);

const char *device_digits(const char *msisdn)
{
	return msisdn + (msisdn[0] == '+');
}

bool device_refuse(struct device_outcome *out, const char *reason, ...)
{
	va_list ap;

	va_start(ap, reason);
	vsnprintf(out->reason, sizeof(out->reason), reason, ap);
	va_end(ap);
	out->verdict = DEVICE_REFUSED;
	return false;
}

/* ------------------------------ any push ------------------------------ */

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
		return device_refuse(r->out, "not a WSP push: no ports, "
				     "allowed: destination port %d",
				     UDH_PORT_WAP_PUSH);
	if (u->dest_port != UDH_PORT_WAP_PUSH)
		return device_refuse(r->out, "destination port %u, allowed: "
				     "%d", u->dest_port, UDH_PORT_WAP_PUSH);
	return true;
}

static bool step_push(struct reading *r)
{
	const struct quirk *quirk = r->device->quirk;

	if (wsp_push_decode(&r->push, r->whole.msg, r->whole.len))
		return device_refuse(r->out, "not a WSP push: %zu octets do "
				     "not parse", r->whole.len);
	if (r->push.pdu_type != WSP_PUSH)
		return device_refuse(r->out, "WSP PDU type %u, allowed: %d, "
				     "a connectionless push",
				     r->push.pdu_type, WSP_PUSH);
	if (!takes_tid(quirk, r->push.tid))
		return device_refuse(r->out, "WSP transaction id 0, allowed: "
				     "1 to 255 for a %s client", quirk->name);
	return true;
}

static bool is_number(const struct wsp_value *v)
{
	return !v->text && !v->raw;
}

/* OMA DM Notification 1.2, 6.3.1: neither this nor the id may be text. */
static bool step_content_type(struct reading *r)
{
	const struct wsp_value *type = &r->push.content_type;

	if (!is_number(type))
		return device_refuse(r->out, "content type as text, allowed: "
				     "the numbers 0x36, 0x42, 0x44");
	r->out->is_bootstrap = type->number == WSP_CONNECTIVITY_WBXML ||
			       type->number == WSP_SYNCML_DM_WBXML;
	if (!r->out->is_bootstrap && type->number != WSP_SYNCML_NOTIFICATION)
		return device_refuse(r->out, "content type 0x%02x, allowed: "
				     "0x36, 0x42, 0x44", type->number);
	return true;
}

/* Client provisioning needs none: its content type says it all. */
static bool step_application(struct reading *r)
{
	const struct wsp_value *id = wsp_push_find(&r->push,
						   WSP_APPLICATION_ID);

	if (r->push.content_type.number == WSP_CONNECTIVITY_WBXML)
		return true;
	if (!id)
		return device_refuse(r->out, "no application id, allowed: %d",
				     WSP_APPLICATION_SYNCML_DM);
	if (!is_number(id))
		return device_refuse(r->out, "application id as text, "
				     "allowed: the number %d",
				     WSP_APPLICATION_SYNCML_DM);
	if (id->number != WSP_APPLICATION_SYNCML_DM)
		return device_refuse(r->out, "application id %u, allowed: %d",
				     id->number, WSP_APPLICATION_SYNCML_DM);
	return true;
}

/* --------------------------- a notification --------------------------- */

static bool step_package(struct reading *r)
{
	struct err e;
	char text[ERR_TEXT_MAX];

	if (notif_decode(&r->notif, r->push.body, r->push.body_len))
		return device_refuse(r->out, "package 0 of %zu octets is cut "
				     "short", r->push.body_len);
	if (notif_check_quirk(&r->notif.trigger, r->device->quirk, &e))
		return device_refuse(r->out, "%s",
				     err_text(&e, text, sizeof(text)));
	if (!r->device->quirk->version_max &&
	    r->notif.trigger.version != TRIGGER_VERSION_DM)
		return device_refuse(r->out, "version field %u, allowed: %d",
				     r->notif.trigger.version,
				     TRIGGER_VERSION_DM);
	return true;
}

static bool step_server(struct reading *r)
{
	const struct trigger *t = &r->notif.trigger;
	const char *known = r->device->account.server_id;

	if (!r->device->account.given)
		return device_refuse(r->out, "no account: it has not been "
				     "bootstrapped");
	if (t->server_id_len != strlen(known) ||
	    memcmp(t->server_id, known, t->server_id_len))
		return device_refuse(r->out, "unknown server-id \"%.*s\"",
				     (int)t->server_id_len, t->server_id);
	return true;
}

static void draw_octets(struct faults *f, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)chance_next(&f->chance);
}

/* Another one of the same kind takes its place. */
static void forget(struct faults *f, struct digest_key *key, enum fault_id what)
{
	uint8_t octets[16];

	draw_octets(f, octets, sizeof(octets));
	if (what == FAULT_FORGETS_NONCE) {
		memcpy(key->nonce, octets, sizeof(octets));
		key->nonce_len = sizeof(octets);
	} else {
		base64_encode(octets, sizeof(octets), key->credential);
	}
}

static bool step_fault(struct reading *r)
{
	struct device *d = r->device;

	if (!r->faults || !d->account.has_key)
		return true;
	r->out->fault = faults_meet(r->faults, &d->faults, d->msisdn,
				    FAULT_AT_NOTIFICATION, -1);
	if (r->out->fault && r->out->fault->kind->id != FAULT_IGNORES)
		forget(r->faults, &d->account.key, r->out->fault->kind->id);
	return true;
}

static bool is_ignored(const struct device_outcome *out)
{
	return out->fault && out->fault->kind->id == FAULT_IGNORES;
}

static bool step_digest(struct reading *r)
{
	r->out->proof = proof_of(r->device, &r->notif);
	if (r->out->proof != PROOF_NONE)
		return true;
	return r->device->account.has_key ?
	       device_refuse(r->out, "digest does not verify") :
	       device_refuse(r->out, "the account has no credential of the "
			     "server");
}

/* What the client hands on of the vendor body. */
static void drop_octet(struct trigger *t)
{
	if (t->vendor_len == 0)
		return;
	t->vendor++;
	t->vendor_len--;
}

static void verified(struct reading *r)
{
	struct device *d = r->device;

	r->out->verdict = DEVICE_VERIFIED;
	r->out->trigger = r->notif.trigger;
	if (d->quirk->drops_body_octet)
		drop_octet(&r->out->trigger);
	if (is_ignored(r->out))
		return;
	r->out->number = dm_session_notified(&d->session, &d->plan, &r->notif,
					     d->quirk);
	r->out->comes = r->out->number &&
			r->out->number == d->plan.comes_after;
}

/* ------------------------------ a message ------------------------------ */

static bool each(step *const *steps, struct reading *r)
{
	while (*steps)
		if (!(*steps++)(r))
			return false;
	return true;
}

static void read_message(struct reading *r, struct arena *a)
{
	static step *const of_push[] = {
		step_ports, step_push, step_content_type, step_application,
		NULL,
	};
	static step *const of_notification[] = {
		step_package, step_server, step_fault, step_digest, NULL,
	};

	if (!each(of_push, r))
		return;
	if (r->out->is_bootstrap)
		provisioning_take(r->device, &r->push, a, r->out);
	else if (each(of_notification, r))
		verified(r);
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

void device_take(struct device *d, struct device_room *room,
		 const struct device_sms *sms, struct device_outcome *out)
{
	struct reading r = {
		.device = d, .faults = room->faults, .out = out,
	};
	uint64_t peer = peer_of(sms->from, device_digits(d->msisdn));
	int rc;

	*out = (struct device_outcome){
		.verdict = DEVICE_WAITS, .segment = 1, .n_segments = 1,
	};
	note_segment(out, sms);
	if (!sms->has_udh) {
		device_refuse(out, "not a WSP push: no user data header");
		return;
	}
	rc = reassembly_add(&room->pool, peer, sms->octets, sms->len,
			    sms->now_ms, &r.whole);
	if (rc == DM_OK)
		read_message(&r, &room->arena);
	else if (rc != DM_EBUSY)
		device_refuse(out, "not a WSP push: the user data header does "
			      "not parse");
}

void device_take_message(struct device *d, struct device_room *room,
			 const uint8_t *message, size_t len,
			 struct device_outcome *out)
{
	struct reading r = {
		.device = d, .faults = room->faults, .out = out,
		.whole = {
			.udh = { .has_ports = true,
				 .dest_port = UDH_PORT_WAP_PUSH },
			.msg = message, .len = len,
		},
	};

	*out = (struct device_outcome){ .segment = 1, .n_segments = 1 };
	read_message(&r, &room->arena);
}

void device_forget(struct device_room *room)
{
	if (room->arena.used)
		hash_wipe(room->arena.buf, room->arena.used);
	room->arena.used = 0;
}
