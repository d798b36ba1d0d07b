/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of the store, made while it is in use. */
#include "gateway/store/store_backup.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/store/store_sql.h"
#include "tests/store_fixture.h"

static char path[128], part[160];
static struct store_backup backup;

static void name_it(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", store_dir, name);
	snprintf(part, sizeof(part), "%s.part", path);
	backup = (struct store_backup){ .path = path };
	backup.op.step = store_backup_step;
}

static int back_up(const char *name)
{
	name_it(name);
	return store_do(&backup.op);
}

static bool is_there(const char *name)
{
	return access(name, F_OK) == 0;
}

/* The number that a statement gives, in the copy. */
static int64_t ask(const char *text)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	int64_t n = -1;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK);
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static bool is_sound(void)
{
	return ask("SELECT integrity_check = 'ok' FROM"
		   " pragma_integrity_check") == 1;
}

/* Puts the copy where the database was, as an operator does. */
static void restore(void)
{
	store_stop();
	CU_ASSERT_EQUAL_FATAL(rename(path, store_path), 0);
	store_reopen();
}

static void what_was_there_is_there_again(void)
{
	int64_t done, secret, late;

	store_start();
	done = add(2);
	claim_at(T0, 1);
	take_all(done, 2);
	report_on(done, 0, SEGMENT_REPORTED_OK);
	report_on(done, 1, SEGMENT_REPORTED_OK);
	secret = add_with(3, bootstrap);
	CU_ASSERT_EQUAL(back_up("copy"), DM_OK);
	CU_ASSERT(is_sound());
	CU_ASSERT_FALSE(is_there(part));
	late = add(1);
	restore();
	CU_ASSERT_EQUAL(state_of(done), JOB_DONE);
	CU_ASSERT_EQUAL(get_job(late), DM_ENOENT);
	CU_ASSERT_EQUAL(store_last_event(store), 4);
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, secret);
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(claim.jobs[0].segments[i].sms.octets[5],
				i + 1);
	CU_ASSERT_EQUAL(add(1), late);
	store_stop();
}

static void it_is_its_owner_s_alone(void)
{
	struct stat st;

	store_start();
	add(1);
	CU_ASSERT_EQUAL(back_up("copy"), DM_OK);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	CU_ASSERT_EQUAL(backup.len, st.st_size);
	store_stop();
	unlink(path);
}

/* --------------------------- while it is in use --------------------------- */

static unsigned n_out;
static bool copied;

static void free_done(struct store_op *op)
{
	CU_ASSERT_EQUAL(op->rc, DM_OK);
	n_out--;
	free(op);
}

static void copy_done(struct store_op *op)
{
	(void)op;
	copied = true;
}

static void push_jobs(unsigned n)
{
	while (n-- > 0) {
		struct store_submit *s = malloc(sizeof(*s));

		*s = submit;
		new_device(s);
		s->op.done = free_done;
		n_out++;
		store_push(store, &s->op);
	}
}

static void wait_for_all(void)
{
	while (n_out > 0) {
		store_poll(store);
		usleep(100);
	}
}

/* So many that a copy takes a hundred steps. */
static void fill(void)
{
	add(1);
	push_jobs(60000);
	wait_for_all();
}

static void push_backup(const char *name)
{
	name_it(name);
	backup.op.done = copy_done;
	copied = false;
	store_push(store, &backup.op);
}

static void check_copy(int64_t at_least)
{
	int64_t n = ask("SELECT count(*) FROM jobs");

	CU_ASSERT(is_sound());
	CU_ASSERT(n >= at_least);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM events"), n);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM segments"), n);
}

/* Nobody waits for it, and it comes to an end though they go on. */
static void jobs_are_accepted_meanwhile(void)
{
	store_start();
	fill();
	push_backup("copy");
	while (!copied) {
		push_jobs(20);
		wait_for_all();
	}
	CU_ASSERT_EQUAL(backup.op.rc, DM_OK);
	check_copy(60001);
	store_stop();
	unlink(path);
}

/* An operation between two steps, as the store's thread does it. */
static void run_between(struct store_sql *sql, struct store_op *op)
{
	struct err e;

	CU_ASSERT_EQUAL(store_sql_begin(sql, &e), DM_OK);
	CU_ASSERT_EQUAL(op->run(sql, op, &e), DM_OK);
	CU_ASSERT_EQUAL(store_sql_commit(sql, &e), DM_OK);
}

static void what_happens_between_two_steps_is_in_it(void)
{
	struct store_sql *sql;
	int64_t n = 60002;
	unsigned n_steps = 0;
	struct err e;
	int rc;

	store_start();
	cancel = (struct store_cancel){ .id = add_with(1, bootstrap) };
	cancel.op.run = store_cancel_run;
	fill();
	store_stop();
	CU_ASSERT_EQUAL_FATAL(store_sql_open(store_path, &sql, &e), DM_OK);
	name_it("copy");
	while ((rc = store_backup_step(sql, &backup.op, &e)) == STORE_MORE) {
		new_device(&submit);
		run_between(sql, &submit.op);
		n++;
		if (++n_steps == 30) {
			run_between(sql, &cancel.op);
			CU_ASSERT_EQUAL(store_sql_clean(sql, &e), DM_OK);
		}
	}
	CU_ASSERT_EQUAL(rc, DM_OK);
	CU_ASSERT(n_steps > 40);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM jobs"), n);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM events"), n + 1);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM secrets"), 0);
	CU_ASSERT(is_sound());
	store_sql_close(sql);
	unlink(path);
}

/* A transaction that fails has been written in part already. */
static void what_is_rolled_back_is_not_in_it(void)
{
	struct store_sql *sql;
	struct err e;
	int rc, n_steps = 0;

	store_start();
	fill();
	store_stop();
	CU_ASSERT_EQUAL_FATAL(store_sql_open(store_path, &sql, &e), DM_OK);
	name_it("copy");
	while ((rc = store_backup_step(sql, &backup.op, &e)) == STORE_MORE) {
		if (++n_steps != 40)
			continue;
		CU_ASSERT_EQUAL(store_sql_begin(sql, &e), DM_OK);
		for (int i = 0; i < 30000; i++) {	/* fills the cache */
			new_device(&submit);
			CU_ASSERT_EQUAL(store_submit_run(sql, &submit.op, &e),
					DM_OK);
		}
		store_sql_rollback(sql);
	}
	CU_ASSERT_EQUAL(rc, DM_OK);
	CU_ASSERT(n_steps > 60);		/* it began anew */
	check_copy(60001);
	CU_ASSERT_EQUAL(ask("SELECT count(*) FROM jobs"), 60001);
	store_sql_close(sql);
	unlink(path);
}

static void closing_ends_it(void)
{
	store_start();
	fill();
	push_backup("copy");
	store_stop();
	CU_ASSERT(copied);
	CU_ASSERT_EQUAL(backup.op.rc, DM_EIO);
	CU_ASSERT_FALSE(is_there(path));
	CU_ASSERT_FALSE(is_there(part));
	store_reopen();
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 60001);
	store_stop();
}

static void one_comes_after_the_other(void)
{
	static struct store_backup second;
	char other[128];

	store_start();
	fill();
	push_backup("copy");
	snprintf(other, sizeof(other), "%s/other", store_dir);
	second = (struct store_backup){ .path = other };
	second.op.step = store_backup_step;
	CU_ASSERT_EQUAL(store_do(&second.op), DM_OK);
	CU_ASSERT(copied);
	CU_ASSERT_EQUAL(backup.op.rc, DM_OK);
	CU_ASSERT_EQUAL(second.len, backup.len);
	CU_ASSERT(is_sound());
	store_stop();
	unlink(path);
	unlink(other);
}

/* -------------------------------- refusals -------------------------------- */

static bool is_refused(const char *name, const char *why)
{
	int rc = back_up(name);

	if (rc == DM_EINVAL && !strcmp(backup.op.err.field, "file") &&
	    strstr(backup.op.err.came, why))
		return true;
	printf("# %s: %d %s\n", name, rc, backup.op.err.came);
	return false;
}

static void no_file_is_overwritten(void)
{
	store_start();
	add(1);
	CU_ASSERT_EQUAL(back_up("copy"), DM_OK);
	CU_ASSERT(is_refused("copy", "there is one"));
	unlink(path);
	CU_ASSERT_EQUAL(symlink("nowhere", part), 0);
	CU_ASSERT(is_refused("copy", "File exists"));
	CU_ASSERT_EQUAL(unlink(part), 0);
	CU_ASSERT(is_refused("none/copy", "No such file or directory"));
	CU_ASSERT_EQUAL(back_up("copy"), DM_OK);
	store_stop();
	unlink(path);
}

static void a_full_disk_leaves_no_file(void)
{
	signal(SIGXFSZ, SIG_IGN);
	store_start();
	fill();
	store_limit_files(1000000);
	CU_ASSERT_EQUAL(back_up("copy"), DM_EIO);
	CU_ASSERT_STRING_EQUAL(backup.op.err.field, "file");
	store_limit_files(0);
	CU_ASSERT_FALSE(is_there(path));
	CU_ASSERT_FALSE(is_there(part));
	CU_ASSERT(add(1) > 0);
	CU_ASSERT_EQUAL(back_up("copy"), DM_OK);
	CU_ASSERT(is_sound());
	store_stop();
	unlink(path);
}

int main(void)
{
	return store_tests("store_backup", (CU_TestInfo[]){
		{ "what was there is there again",
		  what_was_there_is_there_again },
		{ "it is its owner's alone", it_is_its_owner_s_alone },
		{ "jobs are accepted meanwhile", jobs_are_accepted_meanwhile },
		{ "closing ends it", closing_ends_it },
		{ "one comes after the other", one_comes_after_the_other },
		{ "what happens between two steps is in it",
		  what_happens_between_two_steps_is_in_it },
		{ "what is rolled back is not in it",
		  what_is_rolled_back_is_not_in_it },
		{ "no file is overwritten", no_file_is_overwritten },
		{ "a full disk leaves no file", a_full_disk_leaves_no_file },
		CU_TEST_INFO_NULL,
	});
}
