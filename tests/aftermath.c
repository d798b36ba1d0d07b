/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/aftermath.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/store/store_devices.h"
#include "tests/store_fixture.h"

#define KEYS_LOOKED_AT 6	/* the newest ones */
#define FAR_MS (T0 + 1000000000)

static char *said;		/* what is wrong */

static bool wrong(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(said, AFTERMATH_TEXT_MAX, format, ap);
	va_end(ap);
	for (char *c = said; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return false;
}

/* ----------------------------- the database ----------------------------- */

static bool says(sqlite3 *db, const char *question, const char *want)
{
	sqlite3_stmt *s;
	bool right = false;
	const char *got = NULL;

	if (sqlite3_prepare_v2(db, question, -1, &s, NULL))
		return wrong("%s", sqlite3_errmsg(db));
	if (sqlite3_step(s) == SQLITE_ROW)
		got = (const char *)sqlite3_column_text(s, 0);
	right = got && strcmp(got, want) == 0;
	if (!right)
		wrong("%s: %s", question, got ? got : sqlite3_errmsg(db));
	sqlite3_finalize(s);
	return right;
}

static bool is_sound(const char *path)
{
	sqlite3 *db;
	bool sound = sqlite3_open(path, &db) == SQLITE_OK &&
		says(db, "PRAGMA integrity_check", "ok") &&
		says(db, "SELECT count(*) FROM secrets WHERE job NOT IN"
		     " (SELECT id FROM jobs WHERE live = 1 AND method = 1)",
		     "0") &&
		says(db, "SELECT count(*) FROM jobs WHERE state = 1", "0");

	sqlite3_close(db);
	return sound;
}

/* All that is unfinished is due, so that it can be looked at. */
static bool make_due(const char *path)
{
	sqlite3 *db;
	bool made = sqlite3_open(path, &db) == SQLITE_OK &&
		sqlite3_exec(db, "UPDATE jobs SET next_ms = 0,"
			     " expires_ms = 9000000000000 WHERE live = 1",
			     NULL, NULL, NULL) == SQLITE_OK;

	sqlite3_close(db);
	return made || wrong("its jobs cannot be changed");
}

/* --------------------------------- jobs --------------------------------- */

static bool is_listed(const struct ledger_job *want)
{
	struct ledger_difference d;

	for (size_t i = 0; i < list.n; i++) {
		if (list_jobs[i].id != want->job.id)
			continue;
		if (want->pruned)
			return wrong("job %lld is there again",
				     (long long)want->job.id);
		if (ledger_agrees(want, &list_jobs[i], &d))
			return true;
		return wrong("job %lld: %s is %lld, not %lld",
			     (long long)want->job.id, d.what,
			     (long long)d.got, (long long)d.want);
	}
	return want->pruned || wrong("job %lld is lost",
				     (long long)want->job.id);
}

static bool is_as(const struct ledger *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_jobs; i++) {
		if (!is_listed(&l->jobs[i]))
			return false;
		n += !l->jobs[i].pruned;
	}
	return list.n == n || wrong("%zu jobs, not %zu", list.n, n);
}

/* Each octet follows from the job's serial number and its session id. */
static bool is_whole(const struct store_claimed *c)
{
	const struct job *j = &c->job;
	unsigned serial = ledger_serial(j);
	struct segment want;

	if (j->n_segments != ledger_n_segments(serial))
		return wrong("job %lld: %u segments", (long long)j->id,
			     j->n_segments);
	for (unsigned i = 0; i < j->n_segments; i++) {
		const struct segment *got = &c->segments[i].sms;

		ledger_segment(serial, i, (uint16_t)j->session_id, &want);
		if (got->len != want.len || got->udh_len != want.udh_len ||
		    memcmp(got->octets, want.octets, want.len) != 0)
			return wrong("job %lld: segment %u has other octets",
				     (long long)j->id, i);
	}
	return true;
}

/* Exactly what is unfinished is sent, and it is whole. */
static bool sends_what_is_alive(void)
{
	size_t n_alive = 0, n_sent = 0;

	for (size_t i = 0; i < list.n; i++)
		n_alive += !job_is_final(list_jobs[i].state);
	do {
		if (claim_at(FAR_MS, STORE_CLAIM_MAX))
			return wrong("nothing can be claimed");
		for (size_t i = 0; i < claim.n; i++)
			if (!is_whole(&claim.jobs[i]))
				return false;
		n_sent += claim.n;
	} while (claim.n > 0);
	return n_sent == n_alive ||
	       wrong("%zu are sent, %zu were alive", n_sent, n_alive);
}

/* ---------------------------- what is beside ---------------------------- */

static bool has_device(unsigned number, unsigned version)
{
	char name[16], nonce[32];
	struct store_device op = { .key = { .device = name } };
	int rc;

	snprintf(name, sizeof(name), "dev%u", number);
	ledger_nonce(version, nonce);
	op.op.run = store_device_get_run;
	rc = store_do(&op.op);
	if (version == 0)
		return rc == DM_ENOENT || wrong("%s is there", name);
	return (rc == DM_OK && strcmp(op.device.nonce, nonce) == 0) ||
	       wrong("%s has the nonce %s, not %s", name, op.device.nonce,
		     nonce);
}

static bool has_devices(const struct ledger *l)
{
	for (unsigned i = 0; i < LEDGER_DEVICES; i++)
		if (!has_device(i, l->device_nonce[i]))
			return false;
	return true;
}

static unsigned number;

static void for_number(struct store_submit *s)
{
	ledger_number(number, s->job.to);
	s->on_busy = BUSY_SUPERSEDE;
}

static bool goes_on_counting(const struct ledger *l)
{
	for (number = 0; number < LEDGER_NUMBERS; number++) {
		uint16_t want = job_next_session_id(
			(uint16_t)l->session_id[number], false);

		if (add_with(1, for_number) < 0)
			return wrong("a new job is refused");
		if (l->session_id[number] && submit.job.session_id != want)
			return wrong("session id %d, not %u",
				     submit.job.session_id, want);
	}
	return true;
}

static unsigned serial_of_key;

static void with_key(struct store_submit *s)
{
	snprintf(s->key, sizeof(s->key), LEDGER_KEY, serial_of_key);
	memset(s->digest, (int)serial_of_key, sizeof(s->digest));
}

static bool knows_key(const struct job *j)
{
	serial_of_key = ledger_serial(j);
	return (add_with(1, with_key) == j->id && submit.repeated) ||
	       wrong("the key of job %lld is lost", (long long)j->id);
}

static bool knows_keys(const struct ledger *l)
{
	unsigned n = 0;

	for (size_t i = l->n_jobs; i > 0 && n < KEYS_LOOKED_AT; i--) {
		const struct ledger_job *j = &l->jobs[i - 1];

		if (!j->has_key || j->pruned)
			continue;
		if (!knows_key(&j->job))
			return false;
		n++;
	}
	return true;
}

/* ------------------------------ all of it ------------------------------ */

static bool is_right(const char *path, const struct ledger *before,
		     const struct ledger *after)
{
	const struct ledger *l = after;

	if (!is_sound(path))
		return false;
	if (list_jobs_of(0, -1, "", STORE_LIST_MAX))
		return wrong("its jobs cannot be listed");
	if (before && is_as(before) && has_devices(before))
		l = before;
	else if (!is_as(after) || !has_devices(after))
		return false;
	return make_due(path) && sends_what_is_alive() &&
	       goes_on_counting(l) && knows_keys(l);
}

bool aftermath_is_right(const char *path, const struct ledger *before,
			const struct ledger *after,
			char why[AFTERMATH_TEXT_MAX])
{
	struct store *other = store;
	char text[ERR_TEXT_MAX];
	struct err e;
	bool right;

	said = why;
	if (store_open(path, &store, &e)) {
		store = other;
		return wrong("%s", err_text(&e, text, sizeof(text)));
	}
	right = is_right(path, before, after);
	store_stop();
	store = other;
	return right;
}
