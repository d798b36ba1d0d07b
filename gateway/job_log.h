/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job_log.h - the log line of a job that has changed
 */
#ifndef GATEWAY_JOB_LOG_H
#define GATEWAY_JOB_LOG_H

#include "gateway/job/job.h"

/* level info once it is pushed or final, debug before; see log.h */
void job_log(const struct job *j);

#endif
