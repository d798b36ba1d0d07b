/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/session.h"

#include <stdio.h>
#include <string.h>

/* The id itself, or what a client makes of it that swaps its octets. */
static bool is_id(int32_t reported, int32_t id)
{
	return reported == id ||
	       reported == ((id & 0xff) << 8 | (id >> 8 & 0xff));
}

/* The device may come for an earlier attempt, which had another id. */
static bool has_id(const struct session_report *r, const struct job *j)
{
	int32_t id = j->session_id;

	for (uint32_t n = 0; n <= j->n_ids_before; n++) {
		if (is_id(r->session_id, id))
			return true;
		id = id > 1 ? id - 1 : UINT16_MAX;
	}
	return false;
}

/* Can its session have an id that is not the job's, or that was not told? */
static bool may_have_any_id(const struct session_report *r,
			    const struct job *j)
{
	return r->session_id == SESSION_UNSET || j->client_initiated;
}

/* Of a session that has ended already, and without a result: told again? */
static bool is_end_again(const struct session_report *r,
			 const struct job_session *s)
{
	return r->session_id == SESSION_UNSET && s->ended_ms &&
	       r->result == SESSION_UNSET && !r->alert_type[0] &&
	       !r->correlator[0];
}

enum {				/* the larger, the better */
	FITS_ANY = SESSION_FITS,	/* nothing speaks against it */
	FITS_LATER,		/* the result of a session before this one */
	FITS_DONE,		/* by its id, and it is done */
	FITS_ID,		/* by its id */
};

int session_fit(const struct session_report *r, const struct job *j,
		const struct job_session *s, int64_t since_ms)
{
	bool id = has_id(r, j);
	bool started = j->reached == REACHED_SESSION;

	if (!job_is_final(j->state))
		return id ? FITS_ID :
		       may_have_any_id(r, j) ? FITS_ANY : SESSION_NO_FIT;
	if (j->state != JOB_DONE)
		return id ? SESSION_TOO_LATE : SESSION_NO_FIT;
	if ((started ? s->started_ms : j->changed_ms) < since_ms)
		return SESSION_NO_FIT;
	if (id)
		return started ? FITS_ID : FITS_DONE;
	if (r->event == SESSION_ENDED && started)
		return is_end_again(r, s) ? FITS_ANY : FITS_LATER;
	return !started && may_have_any_id(r, j) ? FITS_ANY : SESSION_NO_FIT;
}

static bool set_text(char *out, size_t size, const char *text)
{
	if (!text[0] || !strcmp(out, text))
		return false;
	snprintf(out, size, "%s", text);
	return true;
}

static bool set_time(int64_t *ms, int64_t now_ms)
{
	if (*ms)
		return false;
	*ms = now_ms;
	return true;
}

static bool apply_end(const struct session_report *r, struct job_session *s,
		      int64_t now_ms)
{
	bool changed = set_time(&s->ended_ms, now_ms);

	if (r->result != SESSION_UNSET && r->result != s->result) {
		s->result = r->result;
		changed = true;
	}
	changed |= set_text(s->alert_type, sizeof(s->alert_type),
			    r->alert_type);
	changed |= set_text(s->correlator, sizeof(s->correlator),
			    r->correlator);
	return changed;
}

/* What has ended has started, even if nobody told. */
bool session_apply(const struct session_report *r, struct job *j,
		   struct job_session *s, int64_t now_ms)
{
	bool changed = set_time(&s->started_ms, now_ms);

	if (j->reached < REACHED_SESSION)
		changed |= job_apply(j, JOB_SESSION, now_ms);
	if (r->event == SESSION_ENDED)
		changed |= apply_end(r, s, now_ms);
	if (changed) {
		j->changed_ms = now_ms;
		j->reason[0] = '\0';
	}
	return changed;
}
