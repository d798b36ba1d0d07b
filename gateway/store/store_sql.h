/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_sql.h - the rows of the queue's database
 *
 * Between the operations (what they mean: store_ops.c, store_submit.c,
 * store_attempt.c, store_session.c) and the SQL: store_db.c (the connection),
 * store_sqlite.c (rows), store_heads.c (what a device has in flight, and had).
 * All of it belongs to the store's thread. Functions return DM_OK or, with *e,
 * DM_EIO (the database failed), and what else they say.
 */
#ifndef GATEWAY_STORE_SQL_H
#define GATEWAY_STORE_SQL_H

#include "gateway/job/attempt.h"
#include "gateway/store/store.h"
#include "wap/hash.h"

int store_sql_open(const char *path, struct store_sql **out, struct err *e)
	DM_CHECK;
void store_sql_close(struct store_sql *sql);

/* A transaction; a commit that fails has rolled back. */
int store_sql_begin(struct store_sql *sql, struct err *e) DM_CHECK;
int store_sql_commit(struct store_sql *sql, struct err *e) DM_CHECK;
void store_sql_rollback(struct store_sql *sql);

/*
 * Secrets that were deleted, or whose transaction failed, still stand in the
 * WAL until that is emptied. clean does so; DM_EIO while somebody reads the
 * database: it does not wait, and it stays unclean.
 */
bool store_sql_is_unclean(const struct store_sql *sql);
int store_sql_clean(struct store_sql *sql, struct err *e);

/* Jobs by state, kept up to date; JOB_STATES numbers. */
const int64_t *sql_counts(const struct store_sql *sql);

/* The newest event, this transaction's among them; 0: there was none. */
int64_t sql_last_event(const struct store_sql *sql);

/* Sets j->id. */
int sql_job_insert(struct store_sql *sql, struct job *j, struct err *e)
	DM_CHECK;
/* DM_ENOENT: no such job. */
int sql_job_select(struct store_sql *sql, int64_t id, struct job *j,
		   struct err *e) DM_CHECK;
/* Writes what can change; was is the state that the row still has. */
int sql_job_update(struct store_sql *sql, const struct job *j,
		   enum job_state was, struct err *e) DM_CHECK;

/* octets NULL: zeros, as many as there would be. */
int sql_segment_insert(struct store_sql *sql, int64_t job, unsigned segment,
		       const struct segment *sms, const uint8_t *octets,
		       struct err *e) DM_CHECK;
int sql_segments_select(struct store_sql *sql, int64_t job,
			struct job_segment *out, unsigned n, struct err *e)
	DM_CHECK;
int sql_segment_state(struct store_sql *sql, int64_t job, unsigned segment,
		      enum segment_state *state, struct err *e) DM_CHECK;
int sql_segment_update(struct store_sql *sql, int64_t job, unsigned segment,
		       enum segment_state state, struct err *e) DM_CHECK;

/* All are to be sent once more. */
int sql_segments_reset(struct store_sql *sql, int64_t job, struct err *e)
	DM_CHECK;

/*
 * The octets of a bootstrap's segments. They do not stand in the rows of the
 * segments, but where nothing of them stays when they are deleted, but for the
 * WAL: see store_sql_clean(). get fills the octets of segments of known len.
 * The account that the bootstrap creates stands behind them: a text, or NULL.
 */
int sql_secret_put(struct store_sql *sql, int64_t job,
		   const struct segment *segments, unsigned n,
		   const char *account, struct err *e) DM_CHECK;
int sql_secret_get(struct store_sql *sql, int64_t job,
		   struct job_segment *segments, unsigned n, struct err *e)
	DM_CHECK;
/*
 * That of an unfinished bootstrap: NULL if there is none, else the caller's:
 * wipe_free().
 */
int sql_account_get(struct store_sql *sql, const struct job *j, char **account,
		    struct err *e) DM_CHECK;
int sql_secret_delete(struct store_sql *sql, int64_t job, struct err *e)
	DM_CHECK;

/*
 * The session id and concatenation reference that were last used for the
 * job's device (and server); get leaves *last where there is none yet. Putting
 * a session makes the job, which must be stored, the head of both: see
 * sql_head_select().
 */
int sql_session_get(struct store_sql *sql, const struct job *j, int64_t *last,
		    struct err *e) DM_CHECK;
int sql_session_put(struct store_sql *sql, const struct job *j,
		    struct err *e) DM_CHECK;
int sql_reference_get(struct store_sql *sql, const struct job *j, int64_t *last,
		      struct err *e) DM_CHECK;
int sql_reference_put(struct store_sql *sql, const struct job *j,
		      uint16_t reference, struct err *e) DM_CHECK;

/*
 * Jobs for bearerbox whose time has come, those that were never sent or those
 * that are sent again; and when the next one's comes, which is left where there
 * is none. routed: the same of a route.
 */
int sql_due_select(struct store_sql *sql, bool again, int64_t now_ms,
		   size_t limit, struct job *out, size_t *n, struct err *e)
	DM_CHECK;
int sql_due_next(struct store_sql *sql, int64_t *next_ms, struct err *e)
	DM_CHECK;
int sql_routed_select(struct store_sql *sql, const char *route, int64_t now_ms,
		      size_t limit, struct job *out, size_t *n, struct err *e)
	DM_CHECK;
int sql_routed_next(struct store_sql *sql, const char *route, int64_t *next_ms,
		    struct err *e) DM_CHECK;

/* Unfinished jobs whose time is over. */
int sql_expired_select(struct store_sql *sql, int64_t now_ms, size_t limit,
		       struct job *out, size_t *n, struct err *e) DM_CHECK;

/* Fills the page. */
int sql_jobs_list(struct store_sql *sql, struct store_list *op, struct err *e)
	DM_CHECK;

/*
 * The notification in flight for the device and server of a job, of which
 * there is one at most: DM_ENOENT, without *e, if there is none.
 */
int sql_head_select(struct store_sql *sql, const struct job *of,
		    struct job *head, struct err *e) DM_CHECK;

/* An unfinished bootstrap of the job's device; 0 if there is none. */
int sql_bootstrap_of(struct store_sql *sql, const struct job *of, int64_t *id,
		     struct err *e) DM_CHECK;

/*
 * Another unfinished bootstrap of this one's device, by its name and number,
 * for the same server: DM_ENOENT, without *e, if there is none.
 */
int sql_account_select(struct store_sql *sql, const struct job *of,
		       struct job *out, struct err *e) DM_CHECK;

/* Notifications of the device that waited for a bootstrap are due. */
int sql_heads_wake(struct store_sql *sql, const struct job *bootstrap,
		   struct err *e) DM_CHECK;

/* What a job keeps of its session. */
int sql_session_read(struct store_sql *sql, int64_t job,
		     struct job_session *out, struct err *e) DM_CHECK;
int sql_session_write(struct store_sql *sql, int64_t job,
		      const struct job_session *s, struct err *e) DM_CHECK;

/*
 * The last notifications for a server ("": any), newest first: for a number,
 * with or without those that were asked for by a device's name; by a name.
 */
struct session_job {
	struct job job;
	struct job_session session;
};
int sql_sessions_of_number(struct store_sql *sql, const char *to, bool named,
			   const char *server_id, size_t limit,
			   struct session_job *out, size_t *n, struct err *e)
	DM_CHECK;
int sql_sessions_of_name(struct store_sql *sql, const char *device,
			 const char *server_id, size_t limit,
			 struct session_job *out, size_t *n, struct err *e)
	DM_CHECK;

/*
 * The key that a client gave its request, and what became of it. get returns
 * DM_ENOENT, without *e, if the client never used it. A key goes with its job.
 */
struct store_key {
	int64_t job;
	bool joined;		/* the job was there before */
	uint8_t digest[HASH_SHA1_LEN];	/* of the request */
};
int sql_key_get(struct store_sql *sql, uint32_t client, const char *key,
		struct store_key *out, struct err *e) DM_CHECK;
int sql_key_put(struct store_sql *sql, uint32_t client, const char *key,
		const struct store_key *k, struct err *e) DM_CHECK;

#endif
