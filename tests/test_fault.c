/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/fault/fault.h"

#include <stdio.h>
#include <string.h>

#include "emulator/fault/chance.h"
#include "tests/tap.h"

static struct faults faults;
static struct fault_list own;		/* of one device */
static struct fault_plan plan;

static void fresh(uint64_t seed)
{
	faults_clear(&faults);
	fault_list_clear(&own);
	faults = (struct faults){ .chance = seed };
}

static const struct fault_rule *last_of(const struct fault_list *l, int rc,
					const struct err *e)
{
	char why[ERR_TEXT_MAX];

	if (rc) {
		printf("# %s\n", err_text(e, why, sizeof(why)));
		CU_FAIL_FATAL("refused");
	}
	return &l->rules[l->n - 1];
}

static const struct fault_rule *add(const char *text)
{
	struct err e;
	int rc = faults_add(&faults, text, &e);

	return last_of(&faults.all, rc, &e);
}

static const struct fault_rule *add_own(const char *text)
{
	struct err e;
	int rc = fault_list_add(&own, text, &e);

	return last_of(&own, rc, &e);
}

/* The names of the faults that an SMS meets, in the order of the groups. */
static const char *met(const char *number)
{
	static char names[200];
	size_t len = 0;

	names[0] = '\0';
	faults_draw(&faults, &own, number, &plan);
	for (size_t i = 0; i < FAULT_PLAN_GROUPS; i++)
		if (plan.by[i])
			len += (size_t)snprintf(names + len,
						sizeof(names) - len, "%s%s",
						len ? " " : "",
						plan.by[i]->kind->name);
	return names;
}

/* ------------------------------- pattern ------------------------------- */

static void matches_numbers(void)
{
	static const struct {
		const char *pattern, *number;
		bool matches;
	} cases[] = {
		{ "+491701234567", "491701234567", true },
		{ "491701234567", "+491701234567", true },
		{ "491701234567", "49170123456", false },
		{ "49170123456", "491701234567", false },
		{ "*", "491701234567", true }, { "*", "", true },
		{ "?", "4", true }, { "?", "", false }, { "?", "49", false },
		{ "+49170*", "+4917012", true }, { "49170*", "49170", true },
		{ "49170*", "4916012", false }, { "*7", "4917", true },
		{ "*7", "49171", false }, { "*17*", "4917012", true },
		{ "*17*", "4910712", false }, { "4*7*1", "4917071", true },
		{ "4*7*1", "4917072", false }, { "49??0", "49170", true },
		{ "49??0", "4917", false }, { "*??", "4", false },
		{ "**", "49", true }, { "*171", "4917171", true },
		{ "*1*1*1*1*1*1*1*1*1*2", "111111111111111", false },
		{ "*", "any text", true }, { "1", "one", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (pattern_matches(cases[i].pattern, cases[i].number) !=
		    cases[i].matches)
			printf("# %s %s\n", cases[i].pattern,
			       cases[i].number);
		CU_ASSERT_EQUAL(pattern_matches(cases[i].pattern,
						cases[i].number),
				cases[i].matches);
	}
}

/* -------------------------------- parse -------------------------------- */

static void takes_every_fault(void)
{
	static const char *const texts[] = {
		"* RTHROTTLED", "* RMSGQFUL", "* RSYSERR", "* RX_T_APPN",
		"* RINVDSTADR", "* RSUBMITFAIL", "* RX_P_APPN", "* RX_R_APPN",
		"* drop", "* drop-taken", "* drop-answered", "* slow 0",
		"* stop", "* DELIVRD", "* EXPIRED", "* DELETED", "* UNDELIV",
		"* ACCEPTD", "* UNKNOWN", "* REJECTD", "* lost",
		"* late 3600000", "* duplicate", "* early",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fresh(1);
		add(texts[i]);
		CU_ASSERT_EQUAL(strncmp(met("49170"), texts[i] + 2,
					strlen(met("49170"))), 0);
		CU_ASSERT_STRING_NOT_EQUAL(met("49170"), "");
	}
}

static void reads_all_of_a_rule(void)
{
	const struct fault_rule *r;

	fresh(1);
	r = add("  +4917?*\tlate 1500 2.5%  3x ");
	CU_ASSERT_STRING_EQUAL(r->pattern, "+4917?*");
	CU_ASSERT_STRING_EQUAL(r->kind->name, "late");
	CU_ASSERT_EQUAL(r->value, 1500);
	CU_ASSERT_EQUAL(r->millionths, 25000);
	CU_ASSERT_EQUAL(r->left, 3);
	fresh(1);
	r = add("12345678901234567890 REJECTD 1000000x 0.0001%");
	CU_ASSERT_PTR_EQUAL(r->state, receipt_state_find("REJECTD"));
	CU_ASSERT_EQUAL(r->millionths, 1);
	CU_ASSERT_EQUAL(r->left, 1000000);
	fresh(1);
	r = add("* lost");
	CU_ASSERT_PTR_NULL(r->state);
	CU_ASSERT_EQUAL(r->millionths, CHANCE_ALWAYS);
	CU_ASSERT_EQUAL(r->left, FAULT_FOR_EVER);
}

/* Each with its group, its value, and all of its range. */
static void takes_every_fault_of_a_device(void)
{
	static const struct {
		const char *text;
		enum fault_group group;
		enum fault_id id;
		unsigned value;
	} all[] = {
		{ "off", FAULT_AT_SMS, FAULT_OFF, FAULT_FOR_EVER },
		{ "off 0 2x", FAULT_AT_SMS, FAULT_OFF, 0 },
		{ "off 50%", FAULT_AT_SMS, FAULT_OFF, FAULT_FOR_EVER },
		{ "out-of-reach 3600000", FAULT_AT_SMS, FAULT_OUT_OF_REACH,
		  3600000 },
		{ "out-of-reach 2x 5%", FAULT_AT_SMS, FAULT_OUT_OF_REACH,
		  FAULT_FOR_EVER },
		{ "forgets-nonce", FAULT_AT_NOTIFICATION, FAULT_FORGETS_NONCE,
		  0 },
		{ "forgets-credential", FAULT_AT_NOTIFICATION,
		  FAULT_FORGETS_CREDENTIAL, 0 },
		{ "ignores 1x", FAULT_AT_NOTIFICATION, FAULT_IGNORES, 0 },
		{ "user-no", FAULT_AT_USER, FAULT_USER_NO, 0 },
		{ "user-never", FAULT_AT_USER, FAULT_USER_NEVER, 0 },
		{ "user-late 7", FAULT_AT_USER, FAULT_USER_LATE, 7 },
		{ "no-data 5 10%", FAULT_AT_DATA, FAULT_NO_DATA, 5 },
		{ "no-data", FAULT_AT_DATA, FAULT_NO_DATA, FAULT_FOR_EVER },
		{ "breaks-off", FAULT_AT_MESSAGE, FAULT_BREAKS_OFF, 0 },
		{ "dm-status 400", FAULT_AT_MESSAGE, FAULT_DM_STATUS, 400 },
		{ "battery 0", FAULT_AT_DOWNLOAD, FAULT_BATTERY, 0 },
		{ "battery 99 2% 3x", FAULT_AT_DOWNLOAD, FAULT_BATTERY, 99 },
		{ "network-lost 50", FAULT_AT_DOWNLOAD, FAULT_NETWORK_LOST,
		  50 },
		{ "http-status 599", FAULT_AT_DOWNLOAD, FAULT_HTTP_STATUS,
		  599 },
		{ "corrupted", FAULT_AT_DOWNLOAD, FAULT_CORRUPTED, 0 },
		{ "no-space", FAULT_AT_DOWNLOAD, FAULT_NO_SPACE, 501 },
		{ "no-memory", FAULT_AT_INSTALL, FAULT_NO_MEMORY, 502 },
		{ "install-fails", FAULT_AT_INSTALL, FAULT_INSTALL_FAILS,
		  410 },
		{ "result 200", FAULT_AT_INSTALL, FAULT_RESULT, 200 },
		{ "result 599", FAULT_AT_INSTALL, FAULT_RESULT, 599 },
		{ "report-never", FAULT_AT_RESULT, FAULT_REPORT_NEVER, 0 },
		{ "report-twice", FAULT_AT_RESULT, FAULT_REPORT_TWICE, 0 },
		{ "report-late 9", FAULT_AT_RESULT, FAULT_REPORT_LATE, 9 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct fault_rule *r;

		fresh(1);
		r = add_own(all[i].text);
		CU_ASSERT_EQUAL(r->kind->group, all[i].group);
		CU_ASSERT_EQUAL(r->kind->id, all[i].id);
		CU_ASSERT_EQUAL(r->value, all[i].value);
		CU_ASSERT_STRING_EQUAL(r->text, all[i].text);
	}
}

static const struct {
	const char *text, *message;
} bad_own[] = {
	{ "", "fault: 0 words, allowed: FAULT [VALUE] [N%] [Nx]" },
	{ "* off", "fault: \"*\", allowed: a status like RTHROTTLED" },
	{ "off 3600001", "off: \"3600001\", allowed: milliseconds behind it, "
	  "0 to 3600000, or none of them" },
	{ "off x", "times: \"x\"" }, { "off never", "off: \"never\"" },
	{ "user-late", "user-late: \"\", allowed: milliseconds" },
	{ "user-no 5", "fault: \"5\", allowed: after it" },
	{ "battery", "battery: \"\", allowed: percent behind it, 0 to 99" },
	{ "battery 100", "battery: \"100\"" },
	{ "battery 50%", "battery: \"50%\", allowed: percent" },
	{ "dm-status 399", "dm-status: \"399\", allowed: an HTTP status behind "
	  "it, 400 to 599" },
	{ "http-status 600", "http-status: \"600\"" },
	{ "result 199", "result: \"199\", allowed: a result code behind it, "
	  "200 to 599" },
	{ "result 600", "result: \"600\"" }, { "report-late", "report-late: " },
};

static void says_what_is_wrong_in_a_device(void)
{
	char why[ERR_TEXT_MAX];
	struct err e;

	fresh(1);
	for (size_t i = 0; i < sizeof(bad_own) / sizeof(bad_own[0]); i++) {
		CU_ASSERT_EQUAL(fault_list_add(&own, bad_own[i].text, &e),
				DM_EINVAL);
		err_text(&e, why, sizeof(why));
		if (!strstr(why, bad_own[i].message))
			printf("# \"%s\" is not in \"%s\"\n",
			       bad_own[i].message, why);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, bad_own[i].message));
	}
	CU_ASSERT_EQUAL(own.n, 0);
}

static const struct {
	const char *text, *message;
} bad[] = {
	{ "", "fault: 0 words, allowed: PATTERN FAULT [VALUE] [N%] [Nx]" },
	{ "*", "fault: 1 words, " },
	{ "+49x RTHROTTLED", "pattern: \"+49x\", allowed: digits, * and ?" },
	{ "++49 RTHROTTLED", "pattern: \"++49\", " },
	{ "+ RTHROTTLED", "pattern: 0 characters, allowed: 1 to 20" },
	{ "123456789012345678901 lost", "pattern: 21 characters, " },
	{ "* throttled", "fault: \"throttled\", allowed: a status like " },
	{ "* undeliv", "fault: \"undeliv\", " },
	{ "* late", "late: \"\", allowed: milliseconds behind it, 0 to 36" },
	{ "* late 20%", "late: \"20%\", " },
	{ "* late -1", "late: \"-1\", " },
	{ "* slow 3600001", "slow: \"3600001\", " },
	{ "* slow 99999999999999999999", "slow: " },
	{ "* lost 500", "fault: \"500\", allowed: after it once N% and once" },
	{ "* lost 20% 20%", "fault: \"20%\", " },
	{ "* lost 2x 2x", "fault: \"2x\", " },
	{ "* late 1 2% 3x 4", "fault: \"4\", " },
	{ "* lost 0%", "percent: \"0%\", allowed: 0.0001% to 100%" },
	{ "* lost 0.00001%", "percent: " }, { "* lost 100.1%", "percent: " },
	{ "* lost %", "percent: \"%\", " }, { "* lost .%", "percent: " },
	{ "* lost 1.2.3%", "percent: " }, { "* lost nan%", "percent: " },
	{ "* lost 1e1%", "percent: " }, { "* lost -1%", "percent: " },
	{ "* lost 0x", "times: \"0x\", allowed: 1x to 1000000x" },
	{ "* lost x", "times: \"x\", " }, { "* lost 1000001x", "times: " },
	{ "* lost +1x", "times: " },
};

static void says_what_is_wrong(void)
{
	char why[ERR_TEXT_MAX];
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fresh(1);
		CU_ASSERT_EQUAL(faults_add(&faults, bad[i].text, &e),
				DM_EINVAL);
		err_text(&e, why, sizeof(why));
		if (!strstr(why, bad[i].message))
			printf("# \"%s\" is not in \"%s\"\n", bad[i].message,
			       why);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, bad[i].message));
		CU_ASSERT_EQUAL(faults.all.n, 0);
	}
}

static void takes_so_many_and_no_longer_ones(void)
{
	char text[FAULT_TEXT_MAX + 2];
	struct err e;

	fresh(1);
	memset(text, ' ', sizeof(text));
	memcpy(text, "* lost", 6);
	text[FAULT_TEXT_MAX] = '\0';
	add(text);
	text[FAULT_TEXT_MAX] = ' ';
	text[FAULT_TEXT_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(faults_add(&faults, text, &e), DM_EINVAL);
	while (faults.all.n < FAULTS_MAX)
		add("* lost");
	CU_ASSERT_EQUAL(faults_add(&faults, "* lost", &e), DM_ENOSPC);
	faults_clear(&faults);
	CU_ASSERT_STRING_EQUAL(met("49170"), "");
	add("* lost");
}

/* -------------------------------- draw -------------------------------- */

static void the_first_rule_of_a_group_counts(void)
{
	fresh(1);
	add("+49170* UNDELIV 1x");
	add("+49* lost");
	add("+49* late 5");
	add("+49* duplicate");
	CU_ASSERT_STRING_EQUAL(met("491701"), "UNDELIV late duplicate");
	CU_ASSERT_STRING_EQUAL(met("491701"), "lost late duplicate");
	CU_ASSERT_STRING_EQUAL(met("441701"), "");
	CU_ASSERT_EQUAL(faults.all.rules[0].n_hits, 1);
	CU_ASSERT_EQUAL(faults.all.rules[1].n_hits, 1);
}

static void what_is_refused_has_no_receipt(void)
{
	fresh(1);
	add("* lost 1x");
	add("* slow 10");
	add("* RTHROTTLED 1x");
	add("* drop 1x");
	add("* drop-taken 1x");
	CU_ASSERT_STRING_EQUAL(met("49170"), "slow RTHROTTLED");
	CU_ASSERT(!fault_plan_takes(&plan));
	CU_ASSERT_STRING_EQUAL(met("49170"), "slow drop");
	CU_ASSERT(!fault_plan_takes(&plan));
	CU_ASSERT_STRING_EQUAL(met("49170"), "slow drop-taken lost");
	CU_ASSERT(fault_plan_takes(&plan));
	CU_ASSERT_STRING_EQUAL(met("49170"), "slow");
	CU_ASSERT(fault_plan_takes(&plan));
}

static const char *met_at(enum fault_group group)
{
	const struct fault_rule *r = faults_meet(&faults, &own, "49170",
						 group, -1);

	return r ? r->kind->name : "";
}

static void an_occasion_meets_one_fault_of_its_group(void)
{
	fresh(1);
	add("+49170 battery 20 1x");
	add("* network-lost 30");
	add("+49171 off");
	add("* user-no 2x");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_SMS), "");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_DOWNLOAD), "battery");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_DOWNLOAD), "network-lost");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_USER), "user-no");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_USER), "user-no");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_USER), "");
	CU_ASSERT_STRING_EQUAL(met("49170"), "");
	CU_ASSERT_EQUAL(faults.n_hits, 4);
}

static const char *met_from(int percent)
{
	const struct fault_rule *r = faults_meet(&faults, &own, "49170",
						 FAULT_AT_DOWNLOAD, percent);

	return r ? r->text : "";
}

static void a_download_meets_what_is_ahead_of_it(void)
{
	fresh(1);
	add_own("battery 0");
	add_own("battery 40");
	add_own("network-lost 41");
	CU_ASSERT_STRING_EQUAL(met_from(-1), "battery 0");
	CU_ASSERT_STRING_EQUAL(met_from(0), "battery 40");
	CU_ASSERT_STRING_EQUAL(met_from(40), "network-lost 41");
	CU_ASSERT_STRING_EQUAL(met_from(41), "");
	CU_ASSERT_EQUAL(own.rules[1].n_hits, 1);
	add_own("corrupted");
	CU_ASSERT_STRING_EQUAL(met_from(99), "corrupted");
}

static void rules_of_its_own_come_first(void)
{
	fresh(1);
	add("* off 5");
	add("* UNDELIV");
	add_own("out-of-reach 7 1x");
	add_own("lost 1x");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_SMS), "out-of-reach");
	CU_ASSERT_STRING_EQUAL(met_at(FAULT_AT_SMS), "off");
	CU_ASSERT_STRING_EQUAL(met("49170"), "lost");
	CU_ASSERT_STRING_EQUAL(met("49170"), "UNDELIV");
	CU_ASSERT_EQUAL(own.rules[0].n_hits, 1);
	CU_ASSERT_EQUAL(faults.n_hits, 4);
	faults_draw(&faults, NULL, "49170", &plan);
	CU_ASSERT_PTR_NOT_NULL(plan.by[FAULT_STATE]);
}

static unsigned hits_of(uint64_t seed, unsigned n)
{
	unsigned hits = 0;

	fresh(seed);
	add("* RTHROTTLED 20%");
	for (unsigned i = 0; i < n; i++)
		hits += met("49170")[0] != '\0';
	return hits;
}

static void hits_as_often_as_it_says(void)
{
	unsigned n = hits_of(42, 100000);

	CU_ASSERT(n > 19000 && n < 21000);
}

static void repeats_for_the_same_seed(void)
{
	char first[200], again[200], other[200];
	char *const runs[] = { first, again, other };

	for (size_t i = 0; i < 3; i++) {
		fresh(i == 2 ? 8 : 7);
		add("* lost 50%");
		for (size_t k = 0; k < sizeof(first); k++)
			runs[i][k] = met("49170")[0];
	}
	CU_ASSERT(!memcmp(first, again, sizeof(first)));
	CU_ASSERT(memcmp(first, other, sizeof(first)));
}

/* The numbers of splitmix64 as its authors' program prints them. */
static void draws_the_numbers_of_splitmix64(void)
{
	uint64_t state = 1234567;

	CU_ASSERT_EQUAL(chance_next(&state), 6457827717110365317u);
	CU_ASSERT_EQUAL(chance_next(&state), 3203168211198807973u);
	CU_ASSERT_EQUAL(chance_next(&state), 9817491932198370423u);
}

int main(void)
{
	int rc;
	CU_TestInfo tests[] = {
		{ "matches numbers", matches_numbers },
		{ "takes every fault", takes_every_fault },
		{ "takes every fault of a device",
		  takes_every_fault_of_a_device },
		{ "reads all of a rule", reads_all_of_a_rule },
		{ "says what is wrong in a device",
		  says_what_is_wrong_in_a_device },
		{ "says what is wrong", says_what_is_wrong },
		{ "takes so many and no longer ones",
		  takes_so_many_and_no_longer_ones },
		{ "the first rule of a group counts",
		  the_first_rule_of_a_group_counts },
		{ "what is refused has no receipt",
		  what_is_refused_has_no_receipt },
		{ "an occasion meets one fault of its group",
		  an_occasion_meets_one_fault_of_its_group },
		{ "a download meets what is ahead of it",
		  a_download_meets_what_is_ahead_of_it },
		{ "rules of its own come first", rules_of_its_own_come_first },
		{ "hits as often as it says", hits_as_often_as_it_says },
		{ "repeats for the same seed", repeats_for_the_same_seed },
		{ "draws the numbers of splitmix64",
		  draws_the_numbers_of_splitmix64 },
		CU_TEST_INFO_NULL,
	};

	rc = tap_run("fault", tests);
	fresh(0);
	return rc;
}
