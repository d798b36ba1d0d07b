/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job_json.h - jobs as the API shows them; pure
 */
#ifndef GATEWAY_JOB_JSON_H
#define GATEWAY_JOB_JSON_H

#include <jansson.h>

#include "gateway/job/session.h"
#include "gateway/request/submit.h"

#define JOB_ID_SIZE 20		/* characters of an id, with the NUL */

/* The caller owns what these return. */
json_t *job_json(const struct job *j);

/* With what is known of its session. */
json_t *job_json_session(const struct job *j, const struct job_session *s);

/* And with its n_segments segments: their states and sizes, never octets. */
json_t *job_json_whole(const struct job *j, const struct job_session *s,
		       const struct job_segment *segments);

/* Members that events have, too: of a session id, and of a result in words. */
void job_json_set_session_id(json_t *o, int32_t session_id);
void job_json_set_result(json_t *o, int32_t result, const char *alert_type);

/* The answer to notify or bootstrap. */
json_t *job_json_accepted(const struct job *j);

/* All forms of a message in hex; its body has this name. */
json_t *job_json_message(const struct message *m, const char *body_name);

/* The answer to a dry run of notify. */
json_t *job_json_dry_run(const struct job *j, const struct message *m);

void job_id_text(int64_t id, char out[JOB_ID_SIZE]);

/* DM_EINVAL with *e about "job" if text is no job's id. */
int job_id_parse(const char *text, int64_t *id, struct err *e) DM_CHECK;

#endif
