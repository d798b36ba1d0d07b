/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - the durable queue
 *
 * A thread of its own owns the database. The loop hands it operations; it runs
 * all that have come meanwhile in one transaction (group commit) and gives
 * them back after the commit, so an operation that is back with DM_OK survives
 * kill -9 and power loss. An operation that fails leaves nothing behind.
 *
 * An operation belongs to the store from store_push() until its done() is
 * called, on the loop's thread, by store_poll().
 */
#ifndef GATEWAY_STORE_H
#define GATEWAY_STORE_H

#include "gateway/job/attempt.h"
#include "gateway/job/session.h"
#include "wap/hash.h"

struct device;
struct device_key;
struct digest_source;
struct store;
struct store_sql;
struct store_op;

/* Runs an operation, on the store's thread, inside a transaction. */
typedef int store_run(struct store_sql *sql, struct store_op *op,
		      struct err *e);

/*
 * What takes long is done in steps instead, outside of transactions, with those
 * of others in between: step() is called while it returns STORE_MORE. One at a
 * time is at it.
 */
#define STORE_MORE 1

struct store_op {
	store_run *run;		/* store_submit_run and so on: see below */
	store_run *step;	/* or this one */
	bool give_up;		/* to step(): the store closes, end now */
	void (*done)(struct store_op *op);	/* on the loop; owns op */
	bool keep_trying;	/* while the database fails, once a second */
	int rc;			/* DM_OK, or what *err tells */
	struct err err;
	struct store_op *next;	/* the store's */
};

/*
 * Opens or creates the database (mode 0600), takes the lock beside it, puts
 * jobs that were being sent when dmboxd died back to waiting, and starts the
 * thread. Returns DM_OK or DM_EIO with *e.
 */
int store_open(const char *path, struct store **out, struct err *e) DM_CHECK;

/* Runs what is queued, calls every done(), ends the thread, frees. */
void store_close(struct store *s);

/* Readable when operations are back; then call store_poll(). */
int store_fd(const struct store *s);
void store_poll(struct store *s);

/* The newest event that is committed, as operations that are back know it. */
int64_t store_last_event(struct store *s);

void store_push(struct store *s, struct store_op *op);

/*
 * A new job. encode() is called on the store's thread, inside the
 * transaction, with the session id and concatenation reference that are next
 * for this device and server (0 for a bootstrap, which has no session); it
 * fills job.session_id, segments and job.n_segments, and touches nothing but
 * its own operation. An error of it refuses the job. It is called again if the
 * database failed, and also for a job that then joins another.
 *
 * A request whose key the client has used before gets the job of then, and
 * DM_EINVAL about "key" if it was another request. DM_ESTATE: the device is
 * busy, and that is not wanted.
 *
 * A job for a registered device: merge() is called before, in the transaction,
 * too, with *device as it is stored. It completes the job: its to and
 * server_id; the store fills job.device. And where it changes the device and
 * says so, that is stored with the job, but not where the job is not a new one.
 */
struct store_submit {
	struct store_op op;
	struct job job;		/* in: without id; out: whole, if it is new */
	struct segment *segments;	/* of xcalloc(); taken by the store */
	bool swaps_session_id;	/* the client's quirk */
	uint32_t random;	/* where a device's numbers begin */
	int64_t jobs_max;	/* unfinished ones; more is DM_EBUSY */
	enum on_busy on_busy;
	char key[JOB_KEY_MAX + 1];	/* "": none */
	uint8_t digest[HASH_SHA1_LEN];	/* of the request, with a key */
	bool repeated;		/* out: the key has been used before */
	bool joined;		/* out: another request made the job */
	struct job other;	/* out: of that key; or the one that is joined,
				   superseded or in the way; id 0: none */
	int (*encode)(struct store_submit *s, uint16_t session_id,
		      uint16_t reference, struct err *e);
	const char *device_name;	/* borrowed; NULL: not registered */
	struct device *device;		/* room for it; borrowed */
	bool device_changed;
	int (*merge)(struct store_submit *s, struct err *e);
	bool replaces_account;	/* unfinished bootstraps that give the device
				   another account of this server are
				   cancelled; other is the last of them */
	char *request;		/* to make a notification anew: a text of the
				 * caller's, see store_rebuild.h; or NULL */
	char *account;		/* a bootstrap's, and its PIN, kept while it
				 * lives: a text of the caller's, a secret; or
				 * NULL. Out: with a repeated key that of the
				 * job then */
};
store_run store_submit_run;

/* The job that the request has got. */
const struct job *store_submit_job(const struct store_submit *s);
/* Reads the device and calls merge(); stores nothing. */
store_run store_merge_run;
/*
 * Looks for the job of a request whose key has been used before, and stores
 * nothing. DM_ENOENT, without op.err, if there is none.
 */
store_run store_repeat_run;

/* For encode(): gives the job a copy of n segments. */
void store_submit_segments(struct store_submit *s, const struct segment *list,
			   size_t n);

/*
 * A DM server's report of a session; DM_ENOENT if no job fits it, DM_ESTATE if
 * its job has ended otherwise: then nothing changes. Of a registered device it
 * is about the jobs that were asked for by its name, and those for its number
 * that were asked for by no name; of the device's server, unless the report
 * names another. That no job gets it is no error then: job.id is 0, and no_job
 * what it would have been. Its next nonce is stored in any case. DM_ENOENT:
 * there is no such device; DM_EINVAL: the nonce is none.
 */
struct store_session {
	struct store_op op;
	struct session_report report;
	const struct device_key *device;	/* not report.to; borrowed;
						 * passed device_key_check() */
	const struct digest_source *nonce;	/* with device; borrowed; NULL:
						 * none */
	int64_t now_ms;
	int64_t since_ms;	/* older jobs are too old: see session_fit() */
	struct job job;			/* out */
	struct job_session session;	/* out */
	bool changed;			/* out */
	char device_name[JOB_DEVICE_SIZE];	/* out: if job.id is 0 */
	struct err no_job;			/* out: the same */
};
store_run store_session_run;

/* One job with its segments; those of a bootstrap without their octets. */
struct store_get {
	struct store_op op;
	int64_t id;
	struct job job;		/* out */
	struct job_session session;	/* out */
	struct job_segment *segments;	/* out: the caller's; wipe_free() */
};
store_run store_get_run;

/* Jobs in the order of their ids, without their segments. */
#define STORE_LIST_MAX 1000
struct store_list {
	struct store_op op;
	int64_t after;		/* 0: from the first */
	int state;		/* enum job_state; -1: any */
	char to[MSISDN_SIZE];	/* "": any */
	char device[JOB_DEVICE_SIZE];	/* the same */
	size_t limit;		/* 1..STORE_LIST_MAX */
	size_t n;		/* out */
	struct job *jobs;	/* out: room for limit jobs; the caller's */
};
store_run store_list_run;

/* Ends a job that is not final; DM_ENOENT, DM_ESTATE. */
struct store_cancel {
	struct store_op op;
	int64_t id;
	uint32_t client;	/* Unix uid of who says so */
	int64_t now_ms;
	struct job job;		/* out */
};
store_run store_cancel_run;

/*
 * Takes up jobs whose time has come; they are JOB_SENDING from then on. Jobs
 * that were never sent come first, and fill what room there is; with
 * again_first those that are sent again do. A notification whose device has an
 * unfinished bootstrap waits until that has ended. A claim is for bearerbox or
 * for one route, of which jobs come as they are due.
 */
#define STORE_CLAIM_MAX 256
struct store_claimed {
	struct job job;
	struct job_segment *segments;	/* who takes them leaves NULL */
	bool rebuilt;			/* see store_rebuild.h */
};
struct store_claim {
	struct store_op op;
	const struct attempt_plan *plan;
	const char *route;	/* its name; NULL: bearerbox */
	int64_t now_ms;
	uint32_t random;
	bool again_first;
	size_t limit;		/* 1..STORE_CLAIM_MAX */
	size_t n;		/* out */
	int64_t next_ms;	/* out: when the next job is due; -1: none */
	struct store_claimed jobs[STORE_CLAIM_MAX];	/* out */
};
store_run store_claim_run;

/* Wipes and frees the segments that nobody has taken. */
void store_claim_clear(struct store_claim *op);

/*
 * What became of the segments of a claimed job. Nothing changes if that has
 * begun another attempt since.
 */
struct segment_result {
	unsigned segment;
	enum segment_event event;
};
struct store_outcome {
	struct store_op op;
	const struct attempt_plan *plan;
	int64_t id;
	uint32_t attempt;	/* as it was claimed */
	int64_t now_ms;
	bool retry_now;		/* the link broke: no back-off */
	uint32_t random;	/* for the back-off's jitter */
	size_t n;		/* results */
	struct segment_result *results;	/* borrowed until done() */
	char reason[JOB_REASON_SIZE];	/* of the last refusal */
	struct job job;		/* out */
	bool changed;		/* out */
};
store_run store_outcome_run;

/*
 * A delivery report; DM_ENOENT if its key fits no segment. That an earlier
 * attempt failed changes nothing, that it was delivered counts.
 */
struct store_report {
	struct store_op op;
	const struct attempt_plan *plan;
	struct job_dlr_key key;
	enum segment_event event;
	int64_t now_ms;
	uint32_t random;
	char reason[JOB_REASON_SIZE];
	struct job job;		/* out */
	bool changed;		/* out */
};
store_run store_report_run;

/* Ends jobs whose time is over, up to 1000 at once. */
struct store_expire {
	struct store_op op;
	int64_t now_ms;
	size_t n;		/* out */
};
store_run store_expire_run;

/* Counts of all jobs by state, and how long the oldest due one waits. */
struct store_status {
	struct store_op op;
	int64_t now_ms;
	int64_t counts[JOB_STATES];	/* out */
	int64_t oldest_due_ms;		/* out: for bearerbox; 0: none is */
};
store_run store_status_run;

#endif
