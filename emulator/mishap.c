/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/mishap.h"

void mishap_tell(const struct report *report, const struct device *d,
		 const struct fault_rule *r)
{
	const struct report_field fields[] = {
		report_text("fault", r->kind->name),
		report_text("rule", r->text),
	};

	if (!report->quiet)
		report_event(report, "fault.hit", d->msisdn, fields, 2);
}

static const struct fault_rule *meet(const struct mishaps *m, struct device *d,
				     enum fault_group group, int percent)
{
	const struct fault_rule *r = m ?
		faults_meet(m->faults, &d->faults, d->msisdn, group, percent) :
		NULL;

	if (r)
		mishap_tell(m->report, d, r);
	return r;
}

const struct fault_rule *mishap_meet(const struct mishaps *m, struct device *d,
				     enum fault_group group)
{
	return meet(m, d, group, -1);
}

const struct fault_rule *mishap_meet_download(const struct mishaps *m,
					      struct device *d, int percent)
{
	return meet(m, d, FAULT_AT_DOWNLOAD, percent);
}

struct dm_user_reply mishap_ask(const struct mishaps *m, struct device *d)
{
	const struct fault_rule *r = mishap_meet(m, d, FAULT_AT_USER);
	struct dm_user_reply reply = {
		d->client->answers, d->client->answers_after_ms
	};

	if (r && r->kind->id == FAULT_USER_NO)
		reply.says = DM_USER_NO;
	else if (r && r->kind->id == FAULT_USER_NEVER)
		reply.says = DM_USER_NEVER;
	else if (r)
		reply.after_ms = r->value;
	return reply;
}
