/* SPDX-License-Identifier: Apache-2.0 */
/* How SQLite finds the rows that statements want. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "gateway/store/store_db.h"
#include "gateway/store/store_schema.h"
#include "tests/tap.h"

#define PLAN_SIZE 1024

static sqlite3 *db;

static void begin(void)
{
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (size_t i = 0; i < SCHEMA_VERSION; i++)
		CU_ASSERT_EQUAL_FATAL(sqlite3_exec(db, schema_steps[i], NULL,
						   NULL, NULL), SQLITE_OK);
}

/* The lines of a statement's plan, each with a ; behind it. */
static void read_plan(enum statement which, char out[PLAN_SIZE])
{
	char text[2 * PLAN_SIZE];
	sqlite3_stmt *s;
	size_t len = 0;

	out[0] = '\0';
	snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s",
		 statement_sql[which]);
	CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, text, -1, &s, NULL),
			      SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW && len < PLAN_SIZE)
		len += (size_t)snprintf(out + len, PLAN_SIZE - len, "%s;",
			(const char *)sqlite3_column_text(s, 3));
	sqlite3_finalize(s);
}

static bool has(const char *plan, const char *part, enum statement which)
{
	if (!strstr(plan, part))
		return false;
	printf("# %s\n# %s\n", statement_sql[which], plan);
	return true;
}

/* A page of all jobs goes from one to the next; and of many in one state. */
static bool goes_through_jobs(enum statement which)
{
	return which == LIST_ALL || which == LIST_STATE;
}

static void no_statement_looks_at_all_jobs(void)
{
	char plan[PLAN_SIZE];

	begin();
	for (enum statement i = 0; i < N_STATEMENTS; i++) {
		if (i == LIST_LIVE)	/* sorts those that are unfinished */
			continue;
		read_plan(i, plan);
		CU_ASSERT_FALSE(has(plan, "SCAN jobs", i));
		CU_ASSERT_FALSE(has(plan, "SCAN segments", i));
		CU_ASSERT_FALSE(has(plan, "SCAN devices", i));
		CU_ASSERT_FALSE(has(plan, "SCAN keys", i));
		CU_ASSERT_FALSE(has(plan, "TEMP B-TREE", i));
		CU_ASSERT(goes_through_jobs(i) ||
			  !has(plan, "jobs USING INTEGER PRIMARY KEY (rowid>?)",
			       i));
	}
	sqlite3_close(db);
}

static void what_the_sending_goes_by_has_an_index(void)
{
	static const struct {
		enum statement which;
		const char *index;
	} indexes[] = {
		{ DUE_SELECT, "INDEX jobs_due (<expr>=? AND next_ms<?)" },
		{ DUE_NEXT, "INDEX jobs_due (<expr>=?)" },
		{ ROUTED_SELECT, "INDEX jobs_routed (route=? AND next_ms<?)" },
		{ ROUTED_NEXT, "INDEX jobs_routed (route=?)" },
		{ EXPIRED_SELECT, "INDEX jobs_live (expires_ms<?)" },
		{ HEAD_SELECT, "sessions USING PRIMARY KEY (msisdn=? "
			"AND server_id=?)" },
		{ HEADS_WAKE, "sessions USING PRIMARY KEY (msisdn=?)" },
		{ BOOTSTRAP_SELECT, "INDEX jobs_bootstrap (<expr>=?)" },
		{ ACCOUNT_SELECT, "INDEX jobs_bootstrap (<expr>=?)" },
		{ SESSIONS_OF_NUMBER, "INDEX jobs_device (<expr>=?)" },
		{ SESSIONS_OF_NAME, "INDEX jobs_registered (device=?)" },
		{ LIST_TO, "INDEX jobs_device (<expr>=? AND id>?)" },
		{ LIST_DEVICE, "INDEX jobs_registered (device=? AND id>?)" },
		{ LIST_ENDED, "INDEX jobs_ended (state=? AND id>?)" },
		{ LIST_LIVE, "INDEX jobs_live" },
		{ JOBS_OLDEST, "INDEX jobs_old (changed_ms<?)" },
		{ KEYS_DELETE, "INDEX keys_job (job=?)" },
	};
	char plan[PLAN_SIZE];

	begin();
	for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++) {
		read_plan(indexes[i].which, plan);
		CU_ASSERT_PTR_NOT_NULL(strstr(plan, indexes[i].index));
		if (!strstr(plan, indexes[i].index))
			printf("# want %s\n# got  %s\n", indexes[i].index,
			       plan);
	}
	sqlite3_close(db);
}

int main(void)
{
	return tap_run("store_plans", (CU_TestInfo[]){
		{ "no statement looks at all jobs",
		  no_statement_looks_at_all_jobs },
		{ "what the sending goes by has an index",
		  what_the_sending_goes_by_has_an_index },
		CU_TEST_INFO_NULL,
	});
}
