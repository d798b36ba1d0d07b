/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/dlr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/job_log.h"
#include "gateway/log.h"
#include "gateway/verdict.h"
#include "gateway/xalloc.h"

struct dlr_op {
	struct store_report store;
	struct box_link *link;
	struct box_report_id id;
	void (*ended)(void *arg, int64_t job);
	void *arg;
};

static void dlr_done(struct store_op *op)
{
	struct dlr_op *d = (struct dlr_op *)op;

	if (op->rc != DM_EIO)
		box_link_ack_report(d->link, &d->id);
	if (op->rc == DM_ENOENT)
		log_warn("report.unknown job=%lld", (long long)d->store.id);
	if (op->rc == DM_OK && d->store.changed)
		job_log(&d->store.job);
	if (op->rc == DM_OK && job_is_final(d->store.job.state))
		d->ended(d->arg, d->store.id);
	free(d);
}

/* A receipt's text comes from the network: only what can be shown. */
static void set_reason(struct store_report *r, const uint8_t *text, size_t len)
{
	int n = snprintf(r->reason, sizeof(r->reason), "delivery report: ");

	for (size_t i = 0; i < len && (size_t)n + 1 < sizeof(r->reason); i++)
		r->reason[n++] = text[i] >= 0x20 && text[i] < 0x7f ?
				 (char)text[i] : '?';
	r->reason[n] = '\0';
}

void dlr_store(struct store *store, struct box_link *link,
	       const struct box_link_report *report,
	       void (*ended)(void *arg, int64_t job), void *arg)
{
	struct dlr_op *d = xcalloc(1, sizeof(*d));
	struct store_report *r = &d->store;
	struct job_dlr_key key;

	if (!verdict_of_report(report->event, report->text, report->text_len,
			       &r->event) ||
	    job_dlr_key_parse((const char *)report->key, report->key_len,
			      &key)) {
		log_debug("report.ignored event=%d", (int)report->event);
		box_link_ack_report(link, &report->id);
		free(d);
		return;
	}
	r->op.run = store_report_run;
	r->op.done = dlr_done;
	r->op.keep_trying = true;
	r->id = key.job;
	r->segment = key.segment;
	memcpy(r->token, key.token, sizeof(r->token));
	r->now_ms = clock_ms();
	set_reason(r, report->text, report->text_len);
	d->link = link;
	d->id = report->id;
	d->ended = ended;
	d->arg = arg;
	store_push(store, &r->op);
}
