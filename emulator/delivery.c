/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/delivery.h"

#include <string.h>

#include "emulator/outcome.h"
#include "emulator/smpp_time.h"
#include "emulator/xalloc.h"

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

static void settle(struct delivery *d, struct device *to,
		   const struct device_outcome *out)
{
	count_outcome(&d->totals, out);
	if (!d->report->quiet)
		outcome_report(d->report, to, out);
	if (out->comes)
		dm_clients_come(d->clients, to);
	device_forget(&d->room);
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
	if (!d->report->quiet)
		report_sms(d, p, &out);
	settle(d, p->device, &out);
}

void delivery_take_message(struct delivery *d, struct device *to,
			   const uint8_t *message, size_t len)
{
	struct device_outcome out;

	device_take_message(to, &d->room, message, len, &out);
	settle(d, to, &out);
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
