/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/delivery.h"

#include <string.h>

#include "emulator/smpp_time.h"
#include "emulator/xalloc.h"
#include "wap/hex.h"

#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

/* One SMS on its way. */
struct passage {
	const struct smpp_submit *sms;
	const char *message_id;
	const struct instant *now;
	struct device *device;
	const struct receipt_state *forced;	/* or NULL */
};

void delivery_init(struct delivery *d, struct config *config,
		   const struct report *report, struct dm_clients *clients)
{
	struct reassembly *pool = &d->room.pool;
	struct arena *arena = &d->room.arena;

	*d = (struct delivery){
		.config = config, .report = report, .clients = clients,
	};
	pool->n_slots = DELIVERY_UNFINISHED_MAX;
	pool->timeout_ms = DEVICE_REASSEMBLY_TIMEOUT_MS;
	pool->slots = xcalloc(pool->n_slots, sizeof(*pool->slots));
	arena->cap = DEVICE_ARENA_MAX;
	arena->buf = xcalloc(1, arena->cap);
}

/* Bootstraps, too, were put together in the slots. */
void delivery_free(struct delivery *d)
{
	struct reassembly *pool = &d->room.pool;

	hash_wipe(pool->slots, pool->n_slots * sizeof(*pool->slots));
	free(pool->slots);
	free(d->room.arena.buf);
	d->room = (struct device_room){ 0 };
}

/* ------------------------------- report ------------------------------- */

static void report_sms(const struct delivery *d, const struct passage *p,
		       const struct device_outcome *out)
{
	struct report_field fields[] = {
		report_text("from", p->sms->from.digits),
		report_number("segment", out->segment),
		report_number("segments", out->n_segments),
		report_number("octets", p->sms->len),
		report_text("message-id", p->message_id),
	};

	report_event(d->report, "sms.received", p->device->msisdn, fields,
		     N_FIELDS(fields));
}

static void report_lost(const struct delivery *d, const struct passage *p,
			const char *event, const char *device,
			const struct receipt_state *state)
{
	struct report_field fields[] = {
		report_text("from", p->sms->from.digits),
		report_number("octets", p->sms->len),
		report_text("state", state ? state->name : "none"),
		report_text("message-id", p->message_id),
	};

	if (!d->report->quiet)
		report_event(d->report, event, device, fields,
			     N_FIELDS(fields));
}

static void report_verified(const struct delivery *d, const struct device *to,
			    const struct device_outcome *out)
{
	char session[5], vendor[HEX_SIZE(NOTIF_VENDOR_MAX)];
	const struct trigger *t = &out->trigger;
	size_t shown = t->vendor_len < NOTIF_VENDOR_MAX ? t->vendor_len :
		       NOTIF_VENDOR_MAX;
	size_t n = 7;
	struct report_field fields[11] = {
		{ .key = "server-id", .kind = REPORT_TEXT,
		  .text = t->server_id, .len = t->server_id_len },
		{ .key = "session-id", .kind = REPORT_HEX16,
		  .number = t->session_id },
		{ .key = "session-id-text", .kind = REPORT_JSON_TEXT,
		  .text = session },
		report_text("ui-mode", ui_mode_name(t->ui_mode)),
		report_text("initiator",
			    t->server_initiated ? "server" : "client"),
		report_text("dm-version", to->dm_version),
		{ .key = "version-field", .kind = REPORT_JSON_NUMBER,
		  .number = t->version },
	};

	fields[2].len = (size_t)snprintf(session, sizeof(session), "%X",
					 t->session_id);
	if (out->resynchronised)
		fields[n++] = report_text("nonce", "default");
	if (to->plan.comes_after)
		fields[n++] = report_number("counted", out->number);
	if (t->vendor_len) {
		hex_encode(t->vendor, shown, vendor);
		fields[n++] = report_number("vendor-octets", t->vendor_len);
		fields[n++] = report_text("vendor-hex", vendor);
	}
	report_event(d->report, "notification.verified", to->msisdn, fields,
		     n);
}

static struct report_field auth_type(const char *key,
				     const struct account_auth *auth)
{
	return report_text(key, !auth->given ? "none" :
			   auth->type ? auth->type : "not-specified");
}

static void report_applied(const struct delivery *d, const struct device *to,
			   const struct device_bootstrap *b)
{
	const struct account *a = &b->account;
	struct report_field fields[8] = {
		report_text("kind", bootstrap_kind_name(b->kind)),
		report_text("sec", mac_sec_name(b->sec)),
		report_number("octets", b->octets),
	};
	size_t n = 3;

	if (b->has_account) {
		fields[n++] = report_text("server-id", a->server_id);
		fields[n++] = report_text("addr", a->addr);
		fields[n++] = auth_type("client-auth", &a->client);
		fields[n++] = auth_type("server-auth", &a->server);
	}
	if (b->has_account && a->name) {
		fields[n] = report_text("name", a->name);
		fields[n++].kind = REPORT_JSON_TEXT;
	}
	report_event(d->report, "bootstrap.applied", to->msisdn, fields, n);
}

static void report_outcome(const struct delivery *d, const struct passage *p,
			   const struct device_outcome *out)
{
	struct report_field reason = report_text("reason", out->reason);

	report_sms(d, p, out);
	switch (out->verdict) {
	case DEVICE_WAITS:
		break;
	case DEVICE_VERIFIED:
		report_verified(d, p->device, out);
		break;
	case DEVICE_APPLIED:
		report_applied(d, p->device, &out->bootstrap);
		break;
	case DEVICE_REFUSED:
		report_event(d->report, out->is_bootstrap ?
			     "bootstrap.refused" : "notification.refused",
			     p->device->msisdn, &reason, 1);
		break;
	}
}

/* ------------------------------ delivery ------------------------------ */

static void count_outcome(struct delivery_totals *t,
			  const struct device_outcome *out)
{
	bool refused = out->verdict == DEVICE_REFUSED;

	t->verified += out->verdict == DEVICE_VERIFIED;
	t->applied += out->verdict == DEVICE_APPLIED;
	t->refused += refused && !out->is_bootstrap;
	t->not_applied += refused && out->is_bootstrap;
}

static void give_to_device(struct delivery *d, const struct passage *p)
{
	struct device_sms sms = {
		.from = p->sms->from.digits,
		.has_udh = p->sms->esm_class & SMPP_ESM_UDHI,
		.octets = p->sms->octets,
		.len = p->sms->len,
		.now_ms = p->now->mono_ms,
	};
	struct device_outcome out;

	device_take(p->device, &d->room, &sms, &out);
	count_outcome(&d->totals, &out);
	if (!d->report->quiet)
		report_outcome(d, p, &out);
	if (out.comes)
		dm_clients_come(d->clients, p->device);
	device_forget(&d->room);
}

static void deliver(struct delivery *d, const struct passage *p,
		    struct delivery_result *result)
{
	result->state = p->forced ? p->forced : p->device->receipt;
	result->delay_ms = p->device->receipt_delay_ms;
	if (!result->state || result->state->reaches_device) {
		give_to_device(d, p);
		return;
	}
	d->totals.not_delivered++;
	report_lost(d, p, "sms.not-delivered", p->device->msisdn,
		    result->state);
}

static void expire(struct delivery *d, const struct passage *p,
		   struct delivery_result *result)
{
	result->state = receipt_state_find("EXPIRED");
	d->totals.not_delivered++;
	report_lost(d, p, "sms.not-delivered", p->device ?
		    p->device->msisdn : p->sms->to.digits, result->state);
}

static void deliver_nowhere(struct delivery *d, const struct passage *p,
			    struct delivery_result *result)
{
	result->state = p->forced ? p->forced : d->config->unknown_number;
	d->totals.unknown_number++;
	report_lost(d, p, "sms.unknown-number", p->sms->to.digits,
		    result->state);
}

/* No network carries more than one SMS at once. */
static bool fits(const struct smpp_submit *sms)
{
	return !(sms->esm_class & SMPP_ESM_UDHI) ||
	       sms->len <= SEGMENT_OCTETS_MAX;
}

enum smpp_status delivery_take(struct delivery *d,
			       const struct smpp_submit *sms,
			       const char *message_id,
			       const struct instant *now,
			       const struct receipt_state *forced,
			       struct delivery_result *result)
{
	struct passage p = {
		.sms = sms, .message_id = message_id, .now = now,
		.forced = forced,
		.device = config_find(d->config, sms->to.digits),
	};
	int64_t until_s = INT64_MAX;

	if (!fits(sms))
		return ESME_RINVMSGLEN;
	if (sms->validity[0] &&
	    smpp_time_parse(sms->validity, now->wall_s, &until_s))
		return ESME_RINVEXPIRY;
	*result = (struct delivery_result){ .device = p.device };
	d->totals.sms++;
	if (until_s < now->wall_s)
		expire(d, &p, result);
	else if (p.device)
		deliver(d, &p, result);
	else
		deliver_nowhere(d, &p, result);
	return ESME_ROK;
}
