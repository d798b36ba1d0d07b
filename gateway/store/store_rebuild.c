/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_rebuild.h"

#include <string.h>

#include "gateway/request/notify.h"
#include "gateway/store/store_db.h"
#include "gateway/store/store_devices.h"

/* -------------------------------- rows -------------------------------- */

int sql_request_put(struct store_sql *sql, const struct job *j,
		    const struct device *d, const char *request,
		    struct err *e)
{
	sqlite3_stmt *s = sql->statements[REQUEST_INSERT];

	sqlite3_bind_int64(s, 1, j->id);
	db_bind_text(s, 2, d->name);
	sqlite3_bind_int64(s, 3, d->generation);
	db_bind_text(s, 4, request);
	return db_run(sql, s, e);
}

int sql_request_delete(struct store_sql *sql, int64_t job, struct err *e)
{
	sqlite3_stmt *s = sql->statements[REQUEST_DELETE];

	sqlite3_bind_int64(s, 1, job);
	return db_run(sql, s, e);
}

static int request_update(struct store_sql *sql, const struct job *j,
			  const struct device *d, struct err *e)
{
	sqlite3_stmt *s = sql->statements[REQUEST_UPDATE];

	sqlite3_bind_int64(s, 1, j->id);
	sqlite3_bind_int64(s, 2, d->generation);
	return db_run(sql, s, e);
}

/* What is kept of a job: *json is NULL if nothing is, else the caller's. */
static int request_select(struct store_sql *sql, const struct job *j,
			  struct device *d, int64_t *generation,
			  json_t **json, struct err *e)
{
	sqlite3_stmt *s = sql->statements[REQUEST_SELECT];
	struct device_key key;
	int rc;

	*json = NULL;
	sqlite3_bind_int64(s, 1, j->id);
	rc = db_step(sql, s, e);
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? DM_OK : rc;
	key = (struct device_key){
		.device = (const char *)sqlite3_column_text(s, 0),
	};
	*generation = sqlite3_column_int64(s, 1);
	rc = sql_device_find(sql, &key, d, e);
	if (!rc)
		*json = json_loads((const char *)sqlite3_column_text(s, 2), 0,
				   NULL);
	sqlite3_reset(s);
	return rc == DM_ENOENT ? DM_OK : rc;
}

static int session_update(struct store_sql *sql, const struct job *j,
			  struct err *e)
{
	sqlite3_stmt *s = sql->statements[JOB_SESSION_ID];

	sqlite3_bind_int64(s, 1, j->id);
	sqlite3_bind_int(s, 2, j->session_id);
	sqlite3_bind_int64(s, 3, j->n_ids_before);
	return db_run(sql, s, e);
}

static int segments_update(struct store_sql *sql, const struct job *j,
			   const struct message *m, struct job_segment *out,
			   struct err *e)
{
	sqlite3_stmt *s = sql->statements[SEGMENT_OCTETS];
	int rc = DM_OK;

	for (unsigned i = 0; i < j->n_segments && !rc; i++) {
		out[i].sms = m->segments[i];
		sqlite3_bind_int64(s, 1, j->id);
		sqlite3_bind_int64(s, 2, i);
		sqlite3_bind_int(s, 3, out[i].sms.udh_len);
		sqlite3_bind_blob(s, 4, out[i].sms.octets, out[i].sms.len,
				  SQLITE_STATIC);
		rc = db_run(sql, s, e);
	}
	return rc;
}

/* ------------------------------ the message ------------------------------ */

static bool wants_new_session_id(const struct notify_request *rq)
{
	const struct quirk *quirk = rq->quirks ? quirks_find(rq->quirks)
					       : NULL;

	return rq->session_id == REQUEST_UNSET && quirk &&
	       quirk->new_session_id;
}

/* The numbers of the new message; read here, written when it is made. */
struct numbers {
	uint16_t session_id;
	uint16_t reference;
	bool new_session_id;
};

/* Parts of the old message must not be taken for parts of this one. */
static int read_numbers(struct store_sql *sql, const struct job *j,
			struct numbers *n, struct err *e)
{
	int64_t last_id = j->session_id, last_reference = 0;

	if (n->new_session_id && sql_session_get(sql, j, &last_id, e))
		return DM_EIO;
	if (sql_reference_get(sql, j, &last_reference, e))
		return DM_EIO;
	n->session_id = n->new_session_id ?
			job_next_session_id((uint16_t)last_id, false) :
			(uint16_t)j->session_id;
	n->reference = (uint16_t)(last_reference + 1);
	return DM_OK;
}

static int write_numbers(struct store_sql *sql, struct job *j,
			 const struct numbers *n, struct err *e)
{
	int rc = DM_OK;

	if (n->new_session_id) {
		j->session_id = n->session_id;
		j->n_ids_before++;
		rc = sql_session_put(sql, j, e);
		if (!rc)
			rc = session_update(sql, j, e);
	}
	if (!rc && j->n_segments > 1)
		rc = sql_reference_put(sql, j, n->reference, e);
	return rc;
}

/* The job's row says for which server and how many segments; these stay. */
static bool is_of(const struct job *j, const struct notify_request *rq,
		  const struct message *m)
{
	return m->n_segments == j->n_segments &&
	       !strcmp(rq->key.server_id, j->server_id);
}

static int make_anew(struct store_sql *sql, struct job *j,
		     const struct notify_request *rq, const struct device *d,
		     struct numbers *n, struct job_segment *segments,
		     bool *rebuilt, struct err *e)
{
	struct message m;
	struct err why_not;
	int rc = read_numbers(sql, j, n, e);

	if (rc)
		return rc;
	if (notify_encode(rq, n->session_id, n->reference, false, &m,
			  &why_not) || !is_of(j, rq, &m))
		return DM_OK;
	rc = write_numbers(sql, j, n, e);
	if (!rc)
		rc = segments_update(sql, j, &m, segments, e);
	if (!rc)
		rc = request_update(sql, j, d, e);
	*rebuilt = !rc;
	return rc;
}

int store_rebuild(struct store_sql *sql, struct job *j,
		  struct job_segment *segments, bool again, bool *rebuilt,
		  struct err *e)
{
	struct device d = { .generation = 0 };
	struct numbers n = { .new_session_id = false };
	struct notify_request rq;
	struct err why_not;
	int64_t generation;
	json_t *json;
	int rc = request_select(sql, j, &d, &generation, &json, e);

	*rebuilt = false;
	if (!rc && json &&
	    !fields_parse(request_notify_fields, json, false, &rq, &why_not) &&
	    !device_merge(&d, &rq, &why_not)) {
		n.new_session_id = again && wants_new_session_id(&rq);
		if (n.new_session_id || d.generation != generation)
			rc = make_anew(sql, j, &rq, &d, &n, segments, rebuilt,
				       e);
	}
	hash_wipe(&d, sizeof(d));
	json_decref(json);
	return rc;
}
