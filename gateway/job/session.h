/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - what a DM server reports of a device's session, and of which job
 *
 * The server knows the session by SyncHdr/SessionID. That is not always the id
 * of the notification: some clients swap its octets, and after a notification
 * whose initiator is the client they begin a session of their own, with an id
 * of their own. The result of an update comes in a later session, too. So a
 * report goes to the job that fits it best. Pure.
 */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include "gateway/job/job.h"

#define SESSION_ALERT_TYPE_SIZE 129	/* octets, with NUL */
#define SESSION_CORRELATOR_SIZE 65	/* octets, with NUL */
#define SESSION_RESULT_MAX 65535
#define SESSION_UNSET (-1)

enum session_event {
	SESSION_STARTED,
	SESSION_ENDED,
};

struct session_report {
	enum session_event event;
	int64_t job;		/* 0: found by what follows */
	char to[MSISDN_SIZE];	/* "": of a registered device */
	char server_id[JOB_SERVER_ID_SIZE];	/* "": any */
	int32_t session_id;	/* or SESSION_UNSET */
	int32_t result;		/* or SESSION_UNSET */
	char alert_type[SESSION_ALERT_TYPE_SIZE];	/* "": none */
	char correlator[SESSION_CORRELATOR_SIZE];	/* "": none */
};

/* What a job keeps of them. */
struct job_session {
	int64_t started_ms;	/* since 1970; 0: it has not */
	int64_t ended_ms;	/* the same */
	int32_t result;		/* or SESSION_UNSET */
	char alert_type[SESSION_ALERT_TYPE_SIZE];
	char correlator[SESSION_CORRELATOR_SIZE];
};

/*
 * How well a report fits a notification of its device and server: the best one
 * gets it, of equal ones the newest. A job whose session started, or that was
 * done, before since_ms is too old for it. SESSION_TOO_LATE: it is of this job,
 * which has ended otherwise.
 */
enum session_fit {
	SESSION_NO_FIT = 0,
	SESSION_TOO_LATE,
	SESSION_FITS,		/* and better ones behind it */
};
int session_fit(const struct session_report *r, const struct job *j,
		const struct job_session *s, int64_t since_ms);

/*
 * Applies a report to a job that may have one. Returns whether anything
 * changed.
 */
bool session_apply(const struct session_report *r, struct job *j,
		   struct job_session *s, int64_t now_ms);

#endif
