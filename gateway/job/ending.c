/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/ending.h"

#include <stdio.h>
#include <string.h>

#define LAST_MAX 120			/* octets of what was said last */

/* How far it came, and what that means. */
static const char *const missing[] = {
	[REACHED_NONE] = "not sent: bearerbox was away, or did not take "
		"every segment",
	[REACHED_TAKEN] = "no delivery report came: the device is off, or the "
		"SMSC tells nothing of it",
	[REACHED_DELIVERED] = "delivered, and no session came: the device is "
		"off the data network, its user did not agree, or it refused "
		"it (nonce or password)",
	[REACHED_SESSION] = "",
};

/* The report itself, as the SMSC wrote it. */
static const char *report_of(const struct job *j, const char *last)
{
	if (job_reason_is_report(last))
		return last + strlen(JOB_REASON_REPORT);
	return j->n_undelivered ? last : "";
}

/* As far as there is room for it, and without blanks behind. */
static int length(const char *text)
{
	size_t len = strnlen(text, LAST_MAX);

	while (len > 0 && text[len - 1] == ' ')
		len--;
	return (int)len;
}

void ending_tell(struct job *j, const char *last)
{
	const char *report = report_of(j, last);
	char text[JOB_REASON_SIZE];
	int n = 0;

	if (j->attempt > 0)
		n = snprintf(text, sizeof(text), "%u attempt%s, ", j->attempt,
			     j->attempt == 1 ? "" : "s");
	if (j->reached < REACHED_DELIVERED && report[0])
		snprintf(text + n, sizeof(text) - (size_t)n, "not delivered by "
			 "the network (last report: %.*s)", length(report),
			 report);
	else if (j->reached == REACHED_NONE && last[0])
		snprintf(text + n, sizeof(text) - (size_t)n, "not sent: %.*s",
			 length(last), last);
	else
		snprintf(text + n, sizeof(text) - (size_t)n, "%s",
			 missing[j->reached]);
	memcpy(j->reason, text, sizeof(text));
}

void ending_refused(struct job *j, const char *report)
{
	char text[JOB_REASON_SIZE];

	report += strlen(JOB_REASON_REPORT);
	snprintf(text, sizeof(text), "refused by the network for good "
		 "(report: %.*s)", length(report), report);
	memcpy(j->reason, text, sizeof(text));
}

bool ending_expire(struct job *j, int64_t now_ms)
{
	if (!job_apply(j, JOB_EXPIRE, now_ms))
		return false;
	ending_tell(j, j->reason);
	return true;
}

bool ending_cancel(struct job *j, uint32_t client, int64_t now_ms)
{
	if (!job_apply(j, JOB_CANCEL, now_ms))
		return false;
	snprintf(j->reason, sizeof(j->reason), "cancelled by client %u",
		 client);
	return true;
}
