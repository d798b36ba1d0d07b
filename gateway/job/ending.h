/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ending.h - why a job ends without success, in words
 *
 * For who asks what to do now: how far it came, what was missing then, and what
 * that means. Nothing in it is a secret. Pure.
 */
#ifndef GATEWAY_ENDING_H
#define GATEWAY_ENDING_H

#include "gateway/job/job.h"

/*
 * Sets the reason of a job that has no more time or attempts. last is what was
 * said of it last, or "": a delivery report, or why it still waited. It may be
 * j->reason.
 */
void ending_tell(struct job *j, const char *last);

/* The same of one that this delivery report refuses for good. */
void ending_refused(struct job *j, const char *report);

/* Ends it because its time is over. False: it has ended before. */
bool ending_expire(struct job *j, int64_t now_ms);

/* Ends it because this client (a Unix uid) says so; the same. */
bool ending_cancel(struct job *j, uint32_t client, int64_t now_ms);

#endif
