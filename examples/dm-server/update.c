/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/update.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "examples/dm-server/contact.h"
#include "examples/dm-server/json_text.h"
#include "examples/dm-server/say.h"
#include "wap/utf8.h"

/* --------------------------------- words --------------------------------- */

static void keep_words(struct member *m, const char *words, va_list ap)
{
	struct update *u = &m->device.update;

	vsnprintf(u->words, sizeof(u->words), words, ap);
	utf8_end_whole(u->words);
}

void update_say(struct member *m, const char *event, const char *words, ...)
{
	va_list ap;

	va_start(ap, words);
	keep_words(m, words, ap);
	va_end(ap);
	say(m->device.name, event, "%s", m->device.update.words);
}

void update_fail(struct member *m, const char *words, ...)
{
	va_list ap;

	m->device.update.step = UPDATE_FAILED;
	va_start(ap, words);
	keep_words(m, words, ap);
	va_end(ap);
	say(m->device.name, "update.failed", "%s", m->device.update.words);
}

/* ------------------------------ again, later ----------------------------- */

static bool is_open(const struct update *u)
{
	return u->step == UPDATE_WANTED || u->step == UPDATE_STARTED ||
	       u->step == UPDATE_AGAIN;
}

/* why: what has gone wrong, in words. */
static void again_in(struct member *m, int delay_s, const char *why)
{
	struct update *u = &m->device.update;

	if (u->wakes >= m->server->config->wakes_max) {
		update_fail(m, "%.200s; it was woken %u times", why, u->wakes);
		return;
	}
	u->due_s = (long long)time(NULL) + delay_s;
	update_say(m, "update.again", "%.200s; it is woken again in %d s", why,
		   delay_s);
}

static void wake(struct member *m)
{
	struct update *u = &m->device.update;

	u->due_s = 0;
	u->wakes++;
	if (u->step == UPDATE_AGAIN) {
		u->step = UPDATE_WANTED;
		u->result = 0;		/* that of the next try is awaited */
	}
	server_save(m);
	contact_next(m);
}

void update_after_session(struct member *m)
{
	const struct config *c = m->server->config;
	struct update *u = &m->device.update;
	char why[DEVICE_TEXT_MAX + 1];

	if (u->number != m->session.update) {	/* a new order meanwhile */
		contact_next(m);
	} else if (u->step == UPDATE_STARTED) {
		u->due_s = (long long)time(NULL) + c->result_within_s;
	} else if (u->step == UPDATE_WANTED) {
		again_in(m, c->retry_s, m->session.ended_well ?
			 "its session did not come to the update" :
			 "its session broke off");
	} else if (u->step == UPDATE_AGAIN && !u->due_s) {
		memcpy(why, u->words, sizeof(why));
		again_in(m, c->retry_s, why);
	}
}

void update_tick(struct member *m, long long now_s)
{
	struct update *u = &m->device.update;

	if (!is_open(u) || !u->due_s || u->due_s > now_s ||
	    m->session.phase == SESSION_OPEN)
		return;
	if (u->step == UPDATE_STARTED &&
	    u->wakes >= m->server->config->wakes_max) {
		update_fail(m, "has begun the update, and never told how it "
			    "went; it was woken %u times", u->wakes);
		server_save(m);
	} else {
		wake(m);
	}
}

/* ------------------------------ no session ------------------------------- */

/* Its nonce may be lost. DM 1.1.2 knows no way back from that. */
static bool may_resync(const struct device *d)
{
	const struct update *u = &d->update;

	return !u->resync_wake && !strcmp(d->dm_version, "1.2");
}

/* The network has delivered it, and the device does not come. */
static void not_coming(struct member *m, const char *why)
{
	struct update *u = &m->device.update;

	if (u->resync_wake && u->resync_wake == u->wakes) {
		update_fail(m, "does not come, not even by the default nonce: "
			    "bootstrap it anew? (%.160s)", why);
	} else if (may_resync(&m->device)) {
		u->resync_wake = u->wakes + 1;
		update_say(m, "update.again", "does not come: it is woken by "
			   "the default nonce, its own may be lost");
		wake(m);
	} else {
		again_in(m, 0, why);
	}
}

void update_job_ended(struct member *m, json_t *job)
{
	const char *state = text_of(job, "state");
	const char *reason = text_of(job, "reason");
	bool delivered = !strcmp(text_of(job, "reached"), "delivered");
	struct update *u = &m->device.update;

	if (!is_open(u) || u->due_s || m->session.phase == SESSION_OPEN)
		return;
	m->job[0] = '\0';
	if (!strcmp(state, "cancelled"))
		update_fail(m, "its notification was cancelled: %.200s",
			    reason);
	else if (delivered)
		not_coming(m, reason);
	else if (!strcmp(state, "failed"))
		update_fail(m, "cannot be woken: %.200s", reason);
	else
		again_in(m, 0, reason);
	server_save(m);
}
