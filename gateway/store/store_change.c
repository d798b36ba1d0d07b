/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_change.h"

#include "gateway/store/store_events.h"
#include "gateway/store/store_rebuild.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

/* What was kept for its sending goes. */
static int end(struct store_sql *sql, const struct job *j, struct err *e)
{
	int rc;

	if (j->method == JOB_NOTIFY)
		return sql_request_delete(sql, j->id, e);
	rc = sql_secret_delete(sql, j->id, e);
	return rc ? rc : sql_heads_wake(sql, j, e);
}

int store_changed(struct store_sql *sql, const struct job *j,
		  enum job_state was, struct err *e)
{
	enum event_kind kind;
	int rc = DM_OK;

	if (j->state != was && event_of_state(j->state, &kind))
		rc = event_write(sql, j, kind, j->changed_ms, e);
	if (rc || !job_is_final(j->state) || job_is_final(was))
		return rc;
	return end(sql, j, e);
}

int store_change(struct store_sql *sql, const struct job *j,
		 enum job_state was, struct err *e)
{
	int rc = sql_job_update(sql, j, was, e);

	return rc ? rc : store_changed(sql, j, was, e);
}

int store_read_segments(struct store_sql *sql, const struct job *j,
			struct job_segment **out, struct err *e)
{
	wipe_free(*out);
	*out = xcalloc(j->n_segments, sizeof(**out));
	return sql_segments_select(sql, j->id, *out, j->n_segments, e);
}
