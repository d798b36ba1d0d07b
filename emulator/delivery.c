/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/delivery.h"

#include <string.h>

#include "emulator/outcome.h"
#include "emulator/smsc/smpp_time.h"
#include "emulator/xalloc.h"

#define N_FIELDS(fields) (sizeof(fields) / sizeof((fields)[0]))

void delivery_init(struct delivery *d, struct config *config,
		   const struct report *report, struct dm_clients *clients,
		   struct network *network)
{
	struct reassembly *pool = &d->room.pool;
	struct arena *arena = &d->room.arena;

	*d = (struct delivery){
		.config = config, .report = report, .clients = clients,
		.network = network,
	};
	d->room.faults = &config->faults;
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

static void report_sms(const struct delivery *d, const struct delivery_sms *p,
		       const struct device *to,
		       const struct device_outcome *out)
{
	struct report_field fields[] = {
		report_text("from", p->sms->from.digits),
		report_number("segment", out->segment),
		report_number("segments", out->n_segments),
		report_number("octets", p->sms->len),
		report_text("message-id", p->message_id),
	};

	report_event(d->report, "sms.received", to->msisdn, fields,
		     N_FIELDS(fields));
}

static void report_lost(const struct delivery *d, const struct delivery_sms *p,
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

static void report_outcome(const struct delivery *d, const struct device *to,
			   const struct device_outcome *out)
{
	if (out->fault)
		mishap_tell(d->report, to, out->fault);
	outcome_report(d->report, to, out);
}

static void settle(struct delivery *d, struct device *to,
		   const struct device_outcome *out)
{
	count_outcome(&d->totals, out);
	if (!d->report->quiet)
		report_outcome(d, to, out);
	if (out->comes)
		dm_clients_come(d->clients, to);
	device_forget(&d->room);
}

static void give_to_device(struct delivery *d, struct device *to,
			   const struct delivery_sms *p)
{
	struct device_sms sms = {
		.from = p->sms->from.digits,
		.has_udh = p->sms->esm_class & SMPP_ESM_UDHI,
		.octets = p->sms->octets,
		.len = p->sms->len,
		.now_ms = p->now.mono_ms,
	};
	struct device_outcome out;

	device_take(to, &d->room, &sms, &out);
	if (!d->report->quiet)
		report_sms(d, p, to, &out);
	settle(d, to, &out);
}

static void report_datagram_lost(const struct delivery *d,
				 const struct device *to)
{
	const struct report_field reason = report_text("reason",
						       network_why(to));

	if (!d->report->quiet)
		report_event(d->report, "datagram.lost", to->msisdn, &reason,
			     1);
}

void delivery_take_message(struct delivery *d, struct device *to,
			   const uint8_t *message, size_t len)
{
	struct device_outcome out;

	if (!reach_has_data(&to->reach)) {
		report_datagram_lost(d, to);
		return;
	}
	device_take_message(to, &d->room, message, len, &out);
	settle(d, to, &out);
}

/* Its final state, and its device: NULL if nobody has the number. */
static void find_end(struct delivery *d, const struct delivery_sms *p,
		     struct delivery_result *result)
{
	struct device *to = config_find(d->config, p->sms->to.digits);

	*result = (struct delivery_result){
		.device = to, .delay_ms = to ? to->receipt_delay_ms : 0,
		.state = p->forced ? p->forced :
			 to ? to->receipt : d->config->unknown_number,
	};
}

static bool reaches_device(const struct delivery_result *result)
{
	return result->device &&
	       (!result->state || result->state->reaches_device);
}

static void conclude(struct delivery *d, const struct delivery_sms *p,
		     const struct delivery_result *result)
{
	const struct device *to = result->device;

	if (reaches_device(result)) {
		give_to_device(d, result->device, p);
		return;
	}
	d->totals.not_delivered += to != NULL;
	d->totals.unknown_number += !to;
	report_lost(d, p, to ? "sms.not-delivered" : "sms.unknown-number",
		    to ? to->msisdn : p->sms->to.digits, result->state);
}

void delivery_give(struct delivery *d, const struct delivery_sms *p,
		   struct delivery_result *result)
{
	find_end(d, p, result);
	conclude(d, p, result);
}

void delivery_expire(struct delivery *d, const struct delivery_sms *p,
		     struct delivery_result *result)
{
	find_end(d, p, result);
	result->state = receipt_state_find("EXPIRED");
	result->delay_ms = 0;
	d->totals.not_delivered++;
	report_lost(d, p, "sms.not-delivered", result->device ?
		    result->device->msisdn : p->sms->to.digits,
		    result->state);
}

/* No network carries more than one SMS at once. */
static bool fits(const struct smpp_submit *sms)
{
	return !(sms->esm_class & SMPP_ESM_UDHI) ||
	       sms->len <= SEGMENT_OCTETS_MAX;
}

enum smpp_status delivery_take(struct delivery *d,
			       const struct delivery_sms *p,
			       struct delivery_result *result)
{
	int64_t until_s = INT64_MAX;

	if (!fits(p->sms))
		return ESME_RINVMSGLEN;
	if (p->sms->validity[0] &&
	    smpp_time_parse(p->sms->validity, p->now.wall_s, &until_s))
		return ESME_RINVEXPIRY;
	if (until_s < p->now.wall_s) {
		delivery_expire(d, p, result);
		return ESME_ROK;
	}
	find_end(d, p, result);
	if (reaches_device(result) &&
	    !network_takes_sms(d->network, result->device)) {
		result->waits = true;
		result->until_s = until_s;
	} else {
		conclude(d, p, result);
	}
	return ESME_ROK;
}
