/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job_log.h"

#include "gateway/log.h"

void job_log(const struct job *j)
{
	char masked[MSISDN_SIZE];

	if (!job_is_final(j->state) && j->state != JOB_PUSHED) {
		log_debug("job.%s job=%lld reason=\"%s\"",
			  job_state_name(j->state), (long long)j->id,
			  job_reason(j));
		return;
	}
	log_info("job.%s job=%lld to=%s reached=%s segments=%u reason=\"%s\"",
		 job_state_name(j->state), (long long)j->id,
		 log_msisdn(j->to, masked), job_reached_name(j->reached),
		 j->n_segments, job_reason(j));
}
