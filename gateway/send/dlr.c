/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/send/dlr.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway/box/verdict.h"
#include "gateway/clock.h"
#include "gateway/job_log.h"
#include "gateway/log.h"
#include "gateway/xalloc.h"

struct dlr_op {
	struct store_report store;
	const struct dlr_sink *sink;
	struct box_report_id id;
};

static void dlr_done(struct store_op *op)
{
	struct dlr_op *d = (struct dlr_op *)op;
	const struct job *j = &d->store.job;

	if (op->rc != DM_EIO)
		box_link_ack_report(d->sink->link, &d->id);
	if (op->rc == DM_ENOENT)
		log_warn("report.unknown job=%lld",
			 (long long)d->store.key.job);
	if (op->rc == DM_OK && d->store.changed)
		job_log(j);
	if (op->rc == DM_OK && job_is_final(j->state))
		d->sink->ended(d->sink->arg, j->id);
	free(d);
}

/* The text comes from the network: only what can be shown, and no message. */
static void set_reason(struct store_report *r, const uint8_t *text, size_t len)
{
	int n = snprintf(r->reason, sizeof(r->reason), JOB_REASON_REPORT);

	len = verdict_text_len(text, len);
	for (size_t i = 0; i < len && (size_t)n + 1 < sizeof(r->reason); i++)
		r->reason[n++] = text[i] >= 0x20 && text[i] < 0x7f ?
				 (char)text[i] : '?';
	r->reason[n] = '\0';
}

void dlr_store(const struct dlr_sink *sink,
	       const struct box_link_report *report)
{
	struct dlr_op *d = xcalloc(1, sizeof(*d));
	struct store_report *r = &d->store;

	if (!verdict_of_report(report->event, report->text, report->text_len,
			       &r->event) ||
	    job_dlr_key_parse((const char *)report->key, report->key_len,
			      &r->key)) {
		log_debug("report.ignored event=%d", (int)report->event);
		box_link_ack_report(sink->link, &report->id);
		free(d);
		return;
	}
	r->op.run = store_report_run;
	r->op.done = dlr_done;
	r->op.keep_trying = true;
	r->plan = sink->plan;
	r->now_ms = clock_ms();
	random_octets(&r->random, sizeof(r->random));
	set_reason(r, report->text, report->text_len);
	d->sink = sink;
	d->id = report->id;
	store_push(sink->store, &r->op);
}
