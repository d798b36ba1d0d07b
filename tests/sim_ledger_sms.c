/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger at bearerbox: SMS, acknowledgements, delivery reports. */
#include "tests/sim_deal.h"

#include "gateway/clock.h"
#include "tests/sim_device.h"
#include "tests/sim_dmboxd.h"
#include "tests/sim_loop.h"
#include "tests/sim_network.h"

#define LAG_MS 50	/* from a commit until the sender has heard of it */
#define BUSY_MS 120000	/* how long a claimed job waits for the window */

static int64_t clock_high_s;	/* the latest time that the computer showed */
static struct sim_inbox parts;

static struct deal_segment *segment_of(struct deal *d,
				       const struct sim_sms *sms)
{
	SIM_CHECK(d, sms->key.segment < d->n_segments, "segment %u of %u",
		  sms->key.segment, d->n_segments);
	return &d->segments[sms->key.segment];
}

static uint32_t sum_of(const struct sim_sms *sms)
{
	uint32_t sum = 2166136261U;

	for (unsigned i = 0; i < sms->len; i++)
		sum = (sum ^ sms->octets[i]) * 16777619U;
	return sum;
}

/* -------------------------------- an SMS -------------------------------- */

static void check_time(const struct deal *d, const struct sim_sms *sms)
{
	const struct attempt_plan *p = sim_dmboxd_plan();
	int64_t longest_ms = attempt_ms(p, sms->key.attempt, LONGEST);

	SIM_CHECK(d, clock_ms() < d->expires_ms,
		  "an SMS was sent after it expired");
	if (sms->validity_s == BOX_NO_VALIDITY)
		return;
	SIM_CHECK(d, sms->validity_s * 1000 <= d->expires_ms,
		  "its SMS is valid until %lld, and it expires at %lld",
		  (long long)sms->validity_s, (long long)d->expires_ms / 1000);
	SIM_CHECK(d, sms->validity_s >= clock_ms() / 1000 ||
		  !sim_clock_is_steady(longest_ms),
		  "its SMS is not valid any more when it is sent");
	SIM_CHECK(d, sms->validity_s * 1000 <= clock_ms() + longest_ms ||
		  !sim_clock_is_steady(sim_now_ms() - d->accepted_ms),
		  "its SMS is valid longer than the attempt lasts");
}

static void check_life(const struct deal *d, const struct sim_sms *sms)
{
	SIM_CHECK(d, d->job == sms->key.job, "an SMS of job %lld",
		  (long long)sms->key.job);
	SIM_CHECK(d, !d->ended_ms || d->ended_ms + LAG_MS > sim_now_ms(),
		  "an SMS was sent, and it has ended");
	SIM_CHECK(d, !d->refused_ms || d->refused_life != sim_dmboxd_life() ||
		  d->refused_ms + LAG_MS > sim_now_ms(),
		  "it is sent again, and was refused for good");
}

/*
 * Nothing of the attempts before can still arrive. One that waited for the
 * window is not sent if a late report of an earlier one makes it needless.
 */
static void check_attempt(const struct deal *d, const struct sim_sms *sms)
{
	SIM_CHECK(d, sms->key.attempt >= d->sent_attempt &&
		  (sms->key.attempt <= d->sent_attempt + 1 ||
		   d->segments[0].delivered_once),
		  "attempt %u after %u", sms->key.attempt, d->sent_attempt);
	SIM_CHECK(d, sms->key.attempt <= (uint32_t)sim_dmboxd_plan()->max,
		  "attempt %u of %d", sms->key.attempt,
		  sim_dmboxd_plan()->max);
	for (unsigned i = 0; i < d->n_segments; i++) {
		const struct deal_segment *s = &d->segments[i];

		SIM_CHECK(d, !s->attempt || s->attempt == sms->key.attempt ||
			  s->over || s->validity_s <= clock_high_s,
			  "attempt %u begins, and segment %u of the one before "
			  "is valid until %lld", sms->key.attempt, i,
			  (long long)s->validity_s);
	}
}

static void check_again(const struct deal *d, const struct deal_segment *s,
			const struct sim_sms *sms)
{
	SIM_CHECK(d, s->attempt != sms->key.attempt || !s->acked ||
		  s->acked_life != sim_dmboxd_life(),
		  "a segment is sent again that was taken");
	SIM_CHECK(d, !s->sum || s->sum == sum_of(sms),
		  "its octets have changed, and it was not rebuilt");
}

/* Parts that wait for others may be older than the device's key. */
static void check_message(const struct deal *d, const struct sim_sms *sms)
{
	struct sim_message m;

	if (d->rq.method == JOB_BOOTSTRAP ||
	    !sim_message_read(&parts, d->rq.number, sms, &m))
		return;
	SIM_CHECK(d, m.session_id == d->session_id,
		  "session id %u stands in its message, %u in the job",
		  m.session_id, d->session_id);
	SIM_CHECK(d, !d->rq.by_name ? sim_message_proves(&m, d->rq.key) :
		  d->n_segments > 1 ||
		  sim_device_key_may_be(d->rq.device, &m),
		  "its message is not signed with the device's key");
}

/* What has begun goes on, unless it waits too long for the window. */
static void check_bootstrap(const struct deal *d)
{
	const struct deal_bootstraps *b = sim_deal_bootstraps(d);
	int64_t lag_ms = d->n_segments == 1 ? LAG_MS : BUSY_MS;

	SIM_CHECK(d, d->rq.method == JOB_BOOTSTRAP || b->n == 0 ||
		  b->since_ms + lag_ms > sim_now_ms(),
		  "it is sent while its device has a bootstrap");
}

static void note_attempt(struct deal *d, const struct sim_sms *sms)
{
	for (unsigned i = 0; i < d->n_segments; i++)
		d->segments[i].acked = false;
	d->sent_attempt = sms->key.attempt;
	sim_totals.attempts++;
}

void sim_ledger_clock_seen(void)
{
	if (clock_ms() / 1000 > clock_high_s)
		clock_high_s = clock_ms() / 1000;
}

void sim_ledger_sent(const struct sim_sms *sms)
{
	struct deal *d = sim_deal(sms->request);
	struct deal_segment *s = segment_of(d, sms);

	sim_ledger_clock_seen();
	sim_ledger_note(sms->request, "SMS %u of attempt %u, valid until %lld",
			sms->key.segment, sms->key.attempt,
			(long long)sms->validity_s);
	sim_totals.sms++;
	check_life(d, sms);
	check_time(d, sms);
	check_attempt(d, sms);
	check_again(d, s, sms);
	check_message(d, sms);
	check_bootstrap(d);
	if (sms->key.attempt != d->sent_attempt)
		note_attempt(d, sms);
	if (s->attempt != sms->key.attempt || s->over ||
	    sms->validity_s > s->validity_s)
		s->validity_s = sms->validity_s;
	s->attempt = sms->key.attempt;
	s->sum = sum_of(sms);
	s->acked = false;
	s->over = false;
}

/* ----------------------- what dmboxd hears of it ------------------------ */

void sim_ledger_answered(const struct sim_sms *sms, enum box_nack nack)
{
	struct deal *d = sim_deal(sms->request);
	struct deal_segment *s = segment_of(d, sms);
	bool is_taken;

	sim_ledger_note(sms->request, "ack %d of SMS %u", nack,
			sms->key.segment);
	d->may_fail |= nack == BOX_ACK_FAILED;
	is_taken = nack == BOX_ACK_SUCCESS || nack == BOX_ACK_BUFFERED;
	s->taken_once |= is_taken;
	if (sms->key.attempt != s->attempt || s->over)
		return;			/* it was slow */
	s->over = !is_taken;
	s->acked = is_taken;
	s->acked_life = sim_dmboxd_life();
	if (nack == BOX_ACK_FAILED && !s->delivered_once &&
	    s->told_attempt != s->attempt &&	/* that came first */
	    clock_ms() / 1000 <= sms->validity_s) {
		d->refused_ms = sim_now_ms();
		d->refused_life = sim_dmboxd_life();
	}
}

void sim_ledger_report_comes(const struct sim_sms *sms, enum box_dlr event,
			     const char *text)
{
	struct deal *d = sim_deal(sms->request);
	struct deal_segment *s = segment_of(d, sms);
	enum sim_meaning meaning = sim_network_meaning(event, text);

	sim_ledger_note(sms->request, "report 0x%02x of SMS %u, attempt %u: %s",
			event, sms->key.segment, sms->key.attempt, text);
	if (meaning == MEANS_NEVER)
		d->may_fail = true;
	if (meaning == MEANS_NOTHING)
		return;
	s->told_attempt = sms->key.attempt;
	if (meaning == MEANS_BACK) {
		s->acked &= sms->key.attempt != s->attempt;
		return;
	}
	s->taken_once = true;
	s->delivered_once |= meaning == MEANS_DELIVERED;
	if (s->delivered_once)
		d->refused_ms = 0;	/* that was another try of it */
}

/* dmboxd has it on disk: what follows from it has happened. */
void sim_ledger_reported(const struct sim_sms *sms, enum box_dlr event,
			 const char *text)
{
	struct deal *d = sim_deal(sms->request);
	struct deal_segment *s = segment_of(d, sms);
	enum sim_meaning meaning = sim_network_meaning(event, text);
	bool is_open = sms->key.attempt == d->sent_attempt && !s->over &&
		       !s->delivered_once && clock_ms() / 1000 < s->validity_s;

	if (meaning == MEANS_DELIVERED && d->n_segments == 1)
		SIM_CHECK(d, d->ended_ms || (d->rq.until == REACHED_SESSION &&
			  d->reached >= REACHED_DELIVERED),
			  "it was delivered, and is not done");
	if (meaning == MEANS_LATER && is_open && d->n_segments == 1)
		SIM_CHECK(d, d->state != JOB_PUSHED,
			  "it was not delivered, and does not wait");
	if (meaning == MEANS_NEVER && is_open)
		SIM_CHECK(d, d->ended_ms, "it was rejected for good, and has "
			  "not failed");
	if (meaning != MEANS_NOTHING && sms->key.attempt == s->attempt)
		s->over = true;
}

void sim_ledger_sms_start(void)
{
	sim_inbox_init(&parts);
}
