/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/job_log.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

#define DLR_MASK (BOX_DLR_DELIVERED | BOX_DLR_FAILED | BOX_DLR_SMSC_REFUSED)

struct outcome_op {
	struct store_outcome store;
	void (*stored)(void *arg);
	void *arg;
	struct segment_result results[];	/* one a segment */
};

static void outcome_done(struct store_op *op)
{
	struct outcome_op *o = (struct outcome_op *)op;

	if (op->rc == DM_OK && o->store.changed)
		job_log(&o->store.job);
	o->stored(o->arg);
	free(o);
}

struct flight *flight_new(struct store_claimed *c,
			  const struct attempt_plan *plan,
			  void (*stored)(void *arg), void *arg)
{
	struct flight *f = xcalloc(1, sizeof(*f));
	struct outcome_op *o = xcalloc(1, sizeof(*o) + c->job.n_segments *
				       sizeof(o->results[0]));

	o->store.op.run = store_outcome_run;
	o->store.op.done = outcome_done;
	o->store.op.keep_trying = true;
	o->store.plan = plan;
	o->store.id = c->job.id;
	o->store.attempt = c->job.attempt;
	o->store.results = o->results;
	o->stored = stored;
	o->arg = arg;
	f->job = c->job;
	f->segments = c->segments;
	c->segments = NULL;
	f->outcome = &o->store;
	return f;
}

void flight_end(struct flight *f, struct store *store)
{
	struct store_outcome *o = f->outcome;

	o->now_ms = clock_ms();
	o->retry_now = f->link_lost;
	random_octets(&o->random, sizeof(o->random));
	store_push(store, &o->op);
	wipe_free(f->segments);
	free(f);
}

static bool is_whole(const struct flight *f)
{
	return f->route && route_takes_whole(f->route);
}

static void give_to_route(const struct flight *f, unsigned segment,
			  uint64_t tag)
{
	route_send(f->route, &(struct route_sms){
		.tag = tag,
		.job = &f->job,
		.segments = f->segments,
		.segment = segment,
	});
}

int flight_send(const struct flight *f, unsigned segment,
		struct box_link *link, uint64_t tag, struct err *e)
{
	const struct job *j = &f->job;
	const struct segment *sms = &f->segments[segment].sms;
	char key[JOB_DLR_KEY_SIZE];

	if (f->route) {
		give_to_route(f, segment, tag);
		return DM_OK;
	}
	job_dlr_key(j, segment, key);
	return box_link_send(link, &(struct box_sms){
		.tag = tag,
		.sender = j->from,
		.receiver = j->to,
		.udh = sms->octets,
		.udh_len = sms->udh_len,
		.data = sms->octets + sms->udh_len,
		.data_len = (size_t)(sms->len - sms->udh_len),
		.smsc_id = j->smsc_id[0] ? j->smsc_id : NULL,
		.dcs = (uint8_t)j->dcs,
		.validity = attempt_validity_s(j),
		.dlr_mask = j->until > REACHED_TAKEN ? DLR_MASK : 0,
		.dlr_key = (const uint8_t *)key,
		.dlr_key_len = strlen(key),
	}, e);
}

void flight_sent(struct flight *f)
{
	f->next_segment = is_whole(f) ? f->job.n_segments : f->next_segment + 1;
}

void flight_result(struct flight *f, unsigned segment,
		   enum segment_event event, const char *reason)
{
	struct store_outcome *o = f->outcome;
	unsigned end = is_whole(f) ? f->job.n_segments : segment + 1;

	for (; segment < end; segment++)
		o->results[o->n++] = (struct segment_result){
			.segment = segment,
			.event = event,
		};
	if (*reason && !f->refused)
		snprintf(o->reason, sizeof(o->reason), "%s", reason);
	f->refused |= event == SEGMENT_NACKED;
}

bool flight_is_over(const struct flight *f, int64_t now_ms)
{
	return f->job.expires_ms <= now_ms || f->job.deadline_ms <= now_ms;
}

bool flight_is_late(const struct flight *f, int64_t now_ms)
{
	return now_ms / 1000 > attempt_validity_s(&f->job);
}

bool flight_all_sent(const struct flight *f)
{
	return f->next_segment == f->job.n_segments;
}

void flight_skip_taken(struct flight *f)
{
	while (!flight_all_sent(f) &&
	       f->segments[f->next_segment].state != SEGMENT_WAITING)
		f->next_segment++;
}

void flight_stop(struct flight *f)
{
	f->next_segment = f->job.n_segments;
}

/* -------------------------------- a queue -------------------------------- */

void flight_queue_init(struct flight_queue *q)
{
	*q = (struct flight_queue){ .end = &q->first };
}

void flight_queue_put(struct flight_queue *q, struct flight *f)
{
	*q->end = f;
	q->end = &f->next;
	q->n++;
}

void flight_queue_take(struct flight_queue *q, struct flight *f)
{
	struct flight **p = &q->first;

	while (*p && *p != f)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = f->next;
	if (!*p)
		q->end = p;
	q->n--;
}
