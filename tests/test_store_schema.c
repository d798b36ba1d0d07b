/* SPDX-License-Identifier: Apache-2.0 */
/* Databases of older and newer versions. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "tests/store_fixture.h"

/* As version 1 made it, with one job that waits. Never to be changed. */
static const char version_1[] =
	"PRAGMA journal_mode = WAL;"
	"CREATE TABLE jobs ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" client INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" reached INTEGER NOT NULL,"
	" until INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" changed_ms INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL,"
	" next_ms INTEGER NOT NULL,"
	" msisdn TEXT NOT NULL,"
	" sender TEXT NOT NULL,"
	" smsc_id TEXT NOT NULL,"
	" server_id TEXT NOT NULL,"
	" dm_version INTEGER NOT NULL,"
	" session_id INTEGER NOT NULL,"
	" dcs INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL,"
	" n_segments INTEGER NOT NULL,"
	" n_taken INTEGER NOT NULL,"
	" n_delivered INTEGER NOT NULL,"
	" token BLOB NOT NULL,"
	" reason TEXT NOT NULL);"
	"CREATE INDEX jobs_due ON jobs (next_ms) WHERE state = 0;"
	"CREATE INDEX jobs_live ON jobs (expires_ms) WHERE state < 3;"
	"CREATE INDEX jobs_ended ON jobs (state, id) WHERE state > 3;"
	"CREATE INDEX jobs_device ON jobs (msisdn, id);"
	"CREATE TABLE segments ("
	" job INTEGER NOT NULL,"
	" segment INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" udh_len INTEGER NOT NULL,"
	" octets BLOB NOT NULL,"
	" PRIMARY KEY (job, segment)) WITHOUT ROWID;"
	"CREATE TABLE sessions ("
	" msisdn TEXT NOT NULL,"
	" server_id TEXT NOT NULL,"
	" session_id INTEGER NOT NULL,"
	" PRIMARY KEY (msisdn, server_id)) WITHOUT ROWID;"
	"CREATE TABLE concat_refs ("
	" msisdn TEXT PRIMARY KEY,"
	" reference INTEGER NOT NULL) WITHOUT ROWID;"
	"PRAGMA user_version = 1;"
	"INSERT INTO jobs VALUES (NULL, 1000, 0, 0, 2, 1700000000000,"
	" 1700000000000, 1700003600000, 1700000000000, '+491701234567',"
	" '12345', '', 'com.example.dms', 1, 77, 4, 0, 1, 0, 0,"
	" x'30313233343536373839616263646500', '');"
	"INSERT INTO segments VALUES (1, 0, 0, 3, x'00010203040506070809');"
	"INSERT INTO sessions VALUES ('491701234567', 'com.example.dms', 77);";

/* What turns it into version 2, with more jobs of each kind. */
static const char version_2[] =
	"ALTER TABLE jobs ADD COLUMN method INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE secrets (job INTEGER PRIMARY KEY, octets BLOB NOT NULL);"
	"PRAGMA user_version = 2;"
#define JOB(state, to, attempts, taken) \
	"INSERT INTO jobs VALUES (NULL, 1000, " state ", 0, 2, 1700000000000," \
	" 1700000000000, 1700003600000, 1700000000000, '" to "'," \
	" '12345', '', 'com.example.dms', 1, 77, 4, " attempts ", 1, " taken \
	", 0, x'30313233343536373839616263646500', '', 0);"
	JOB("2", "491701234567", "1", "1")	/* 2: as job 1, without a + */
	JOB("3", "491701234567", "1", "1")	/* 3: done */
	JOB("0", "491700000004", "0", "0")	/* 4: never sent */
	JOB("2", "491700000005", "1", "1");	/* 5: pushed */

/* Begins with no database, and runs SQL. */
static void make(const char *text)
{
	store_start();
	store_stop();
	CU_ASSERT_EQUAL(remove(store_path), 0);
	store_run_sql(text);
}

/* The text of all tables and indexes, as SQLite keeps it. */
static void read_schema(char *out, size_t cap)
{
	sqlite3 *db;
	sqlite3_stmt *s;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_prepare_v2(db, "SELECT group_concat(sql, ';')"
		" FROM (SELECT sql FROM sqlite_master ORDER BY name)", -1, &s,
		NULL), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_step(s), SQLITE_ROW);
	snprintf(out, cap, "%s", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
}

static bool opens(const char *why_not)
{
	struct err e;

	if (store_open(store_path, &store, &e) == DM_OK)
		return true;
	CU_ASSERT_STRING_EQUAL(e.field, "store");
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, why_not));
	return false;
}

static void jobs_of_version_1_are_notifications(void)
{
	make(version_1);
	store_reopen();
	CU_ASSERT_EQUAL(state_of(1), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.method, JOB_NOTIFY);
	CU_ASSERT_STRING_EQUAL(get.job.to, TO);
	CU_ASSERT_EQUAL(get.job.session_id, 77);
	CU_ASSERT_EQUAL(get.job.expires_ms, T0 + 3600000);
	CU_ASSERT(tap_same(get.segments[0].sms.octets,
			   get.segments[0].sms.len,
			   "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", 10));
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_EQUAL(take_all(1, 1), DM_OK);
	CU_ASSERT_EQUAL(report_on(1, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(1), JOB_DONE);
	CU_ASSERT_EQUAL(add_with(1, same_device), 2);
	CU_ASSERT_EQUAL(submit.job.session_id, 78);
	store_restart();
	CU_ASSERT_EQUAL(state_of(2), JOB_WAITING);
	store_stop();
}

static void of_two_for_one_device_the_later_goes_on(void)
{
	make(version_1);
	store_run_sql(version_2);
	store_reopen();
	CU_ASSERT_EQUAL(state_of(1), JOB_CANCELLED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "superseded by a later job");
	CU_ASSERT_EQUAL(state_of(2), JOB_PUSHED);
	CU_ASSERT_EQUAL(state_of(3), JOB_DONE);
	CU_ASSERT_EQUAL(add_with(1, same_device), 2);
	CU_ASSERT(submit.joined);
	store_stop();
}

/* Nobody knows what its SMSC still holds. */
static void what_was_pushed_before_is_not_sent_again(void)
{
	make(version_1);
	store_run_sql(version_2);
	store_reopen();
	CU_ASSERT_EQUAL(claim_at(T0 + 3599999, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, 4);
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 1);
	CU_ASSERT_EQUAL(state_of(5), JOB_PUSHED);
	CU_ASSERT_EQUAL(get.job.attempt, 1);
	CU_ASSERT_EQUAL(get.job.deadline_ms, T0 + 3600000);
	CU_ASSERT_EQUAL(get.job.tries, 1);
	CU_ASSERT_EQUAL(claim_at(T0 + 3600000, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	CU_ASSERT_EQUAL(state_of(5), JOB_EXPIRED);
	store_stop();
}

/* What makes version 8 of a newer one. */
static const char to_version_8[] =
	"DROP INDEX jobs_routed;"
	"DROP INDEX jobs_due;"
	"ALTER TABLE jobs DROP COLUMN route;"
	"ALTER TABLE devices DROP COLUMN route;"
	"CREATE INDEX jobs_due ON jobs ((n_taken > 0 OR attempt > 1), next_ms)"
	" WHERE state IN (0, 2);"
	"PRAGMA user_version = 8;";

static void jobs_that_wait_go_to_bearerbox(void)
{
	int64_t id;

	store_start();
	id = add(1);
	store_stop();
	store_run_sql(to_version_8);
	store_reopen();
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	CU_ASSERT_STRING_EQUAL(claim.jobs[0].job.route, "");
	store_stop();
}

/* What makes version 7 of version 8. */
static const char to_version_7[] =
	"ALTER TABLE sessions DROP COLUMN job;"
	"CREATE UNIQUE INDEX jobs_head ON jobs (ltrim(msisdn, '+'), server_id)"
	" WHERE method = 0 AND live = 1;"
	"PRAGMA user_version = 7;";

static void from_version_7(const char *text)
{
	store_stop();
	store_run_sql(to_version_8);
	store_run_sql(to_version_7);
	store_run_sql(text);
	store_reopen();
}

static void jobs_in_flight_are_found_again(void)
{
	int64_t first, second;

	store_start();
	first = add_with(1, same_device);
	from_version_7("");
	CU_ASSERT_EQUAL(add_with(1, same_device), first);
	CU_ASSERT_EQUAL(cancel_job(first), DM_OK);
	from_version_7("");
	second = add_with(1, same_device);
	CU_ASSERT(second > first);
	from_version_7("DELETE FROM sessions");
	CU_ASSERT_EQUAL(add_with(1, same_device), second);
	store_stop();
}

/* What makes version 6 of version 7; job 1 was for a registered device. */
static const char to_version_6[] =
	"DROP INDEX jobs_registered;"
	"ALTER TABLE jobs DROP COLUMN device;"
	"ALTER TABLE jobs DROP COLUMN n_ids_before;"
	"INSERT INTO requests VALUES (1, 'dev1', 1, '{}');"
	"PRAGMA user_version = 6;";

static void jobs_that_wait_get_the_name_of_their_device(void)
{
	store_start();
	add(1);
	add(1);
	store_stop();
	store_run_sql(to_version_8);
	store_run_sql(to_version_7);
	store_run_sql(to_version_6);
	store_reopen();
	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.device, "dev1");
	CU_ASSERT_EQUAL(get_job(2), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.device, "");
	store_stop();
}

static void an_old_database_becomes_what_a_new_one_is(void)
{
	static char new[8192], old[8192];

	store_start();
	store_stop();
	read_schema(new, sizeof(new));
	make(version_1);
	store_reopen();
	store_stop();
	read_schema(old, sizeof(old));
	CU_ASSERT_STRING_EQUAL(old, new);
}

static void what_cannot_be_brought_up_to_date_stays_as_it_is(void)
{
	static char before[8192], after[8192];

	make(version_1);
	store_run_sql("CREATE TABLE secrets (somebody_elses TEXT)");
	read_schema(before, sizeof(before));
	CU_ASSERT_FALSE(opens("table secrets already exists"));
	read_schema(after, sizeof(after));
	CU_ASSERT_STRING_EQUAL(after, before);
	store_run_sql("DROP TABLE secrets");
	CU_ASSERT_TRUE_FATAL(opens(""));
	CU_ASSERT_EQUAL(state_of(1), JOB_WAITING);
	store_stop();
}

static int user_version(void)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	int version;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL);
	CU_ASSERT_EQUAL_FATAL(sqlite3_step(s), SQLITE_ROW);
	version = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return version;
}

static void a_newer_database_is_refused_and_kept(void)
{
	char back[64];
	int ours;

	store_start();
	add(1);
	store_stop();
	ours = user_version();
	store_run_sql("PRAGMA user_version = 1000");
	CU_ASSERT_FALSE(opens("it has version 1000, made by a newer dmboxd"));
	snprintf(back, sizeof(back), "PRAGMA user_version = %d", ours);
	store_run_sql(back);
	CU_ASSERT_TRUE_FATAL(opens(""));
	CU_ASSERT_EQUAL(state_of(1), JOB_WAITING);
	store_stop();
}

int main(void)
{
	return store_tests("store_schema", (CU_TestInfo[]){
		{ "jobs that wait go to bearerbox",
		  jobs_that_wait_go_to_bearerbox },
		{ "jobs in flight are found again",
		  jobs_in_flight_are_found_again },
		{ "jobs of version 1 are notifications",
		  jobs_of_version_1_are_notifications },
		{ "of two for one device the later goes on",
		  of_two_for_one_device_the_later_goes_on },
		{ "what was pushed before is not sent again",
		  what_was_pushed_before_is_not_sent_again },
		{ "jobs that wait get the name of their device",
		  jobs_that_wait_get_the_name_of_their_device },
		{ "an old database becomes what a new one is",
		  an_old_database_becomes_what_a_new_one_is },
		{ "what cannot be brought up to date stays as it is",
		  what_cannot_be_brought_up_to_date_stays_as_it_is },
		{ "a newer database is refused and kept",
		  a_newer_database_is_refused_and_kept },
		CU_TEST_INFO_NULL,
	});
}
