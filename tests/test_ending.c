/* SPDX-License-Identifier: Apache-2.0 */
/* Why a job ends without success, in words. */
#include "gateway/job/ending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define T0 1700000000000	/* milliseconds */
#define REPORT JOB_REASON_REPORT

static struct job job_with(enum job_reached reached, uint32_t attempt,
			   const char *reason)
{
	struct job j = { .state = JOB_WAITING, .until = REACHED_SESSION,
			 .reached = reached, .attempt = attempt,
			 .n_segments = 1 };

	snprintf(j.reason, sizeof(j.reason), "%s", reason);
	return j;
}

static void what_expires_says_how_far_it_came(void)
{
	static const struct {
		enum job_reached reached;
		uint32_t attempt;
		const char *reason, *words;
	} cases[] = {
		{ REACHED_NONE, 0, "", "not sent: bearerbox was away, or did "
			"not take every segment" },
		{ REACHED_NONE, 0, "waits for bootstrap 7",
			"not sent: waits for bootstrap 7" },
		{ REACHED_NONE, 1, "bearerbox cannot take it now",
			"1 attempt, not sent: bearerbox cannot take it now" },
		{ REACHED_NONE, 1, REPORT "stat:UNDELIV", "1 attempt, not "
			"delivered by the network (last report: "
			"stat:UNDELIV)" },
		{ REACHED_TAKEN, 2, "", "2 attempts, no delivery report came: "
			"the device is off, or the SMSC tells nothing of it" },
		{ REACHED_TAKEN, 2, "waits for bootstrap 7", "2 attempts, no "
			"delivery report came: the device is off, or the SMSC "
			"tells nothing of it" },
		{ REACHED_TAKEN, 2, REPORT "stat:UNDELIV err:001",
			"2 attempts, not delivered by the network (last "
			"report: stat:UNDELIV err:001)" },
		{ REACHED_DELIVERED, 3, REPORT "stat:EXPIRED", "3 attempts, "
			"delivered, and no session came: the device is off the "
			"data network, its user did not agree, or it refused "
			"it (nonce or password)" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct job j = job_with(cases[i].reached, cases[i].attempt,
					cases[i].reason);

		CU_ASSERT(ending_expire(&j, T0));
		CU_ASSERT_EQUAL(j.state, JOB_EXPIRED);
		CU_ASSERT_EQUAL(j.changed_ms, T0);
		CU_ASSERT_STRING_EQUAL(j.reason, cases[i].words);
		CU_ASSERT_STRING_EQUAL(job_reason(&j), cases[i].words);
	}
}

static void a_long_report_is_cut(void)
{
	struct job j = job_with(REACHED_TAKEN, 1, REPORT);

	memset(j.reason + strlen(REPORT), 'x',
	       sizeof(j.reason) - strlen(REPORT) - 1);
	j.reason[sizeof(j.reason) - 1] = '\0';
	CU_ASSERT(ending_expire(&j, T0));
	CU_ASSERT_PTR_NOT_NULL(strstr(j.reason, "xxx)"));
	j = job_with(REACHED_TAKEN, 1, "");
	ending_refused(&j, REPORT "stat:REJECTD");
	CU_ASSERT_STRING_EQUAL(j.reason, "refused by the network for good "
			       "(report: stat:REJECTD)");
}

static void who_cancelled_it_is_told(void)
{
	struct job j = job_with(REACHED_NONE, 0, "waits for bootstrap 7");

	CU_ASSERT(ending_cancel(&j, 1000, T0));
	CU_ASSERT_EQUAL(j.state, JOB_CANCELLED);
	CU_ASSERT_STRING_EQUAL(j.reason, "cancelled by client 1000");
}

static void what_has_ended_stays(void)
{
	struct job j = job_with(REACHED_SESSION, 1, "");

	j.state = JOB_DONE;
	CU_ASSERT(!ending_expire(&j, T0));
	CU_ASSERT(!ending_cancel(&j, 1000, T0));
	CU_ASSERT_EQUAL(j.state, JOB_DONE);
	CU_ASSERT_STRING_EQUAL(j.reason, "");
}

int main(void)
{
	return tap_run("ending", (CU_TestInfo[]){
		{ "what expires says how far it came",
		  what_expires_says_how_far_it_came },
		{ "a long report is cut", a_long_report_is_cut },
		{ "who cancelled it is told", who_cancelled_it_is_told },
		{ "what has ended stays", what_has_ended_stays },
		CU_TEST_INFO_NULL,
	});
}
