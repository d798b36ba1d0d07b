/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs of registered devices: their names, and whose they are. */
#include <stdio.h>
#include <string.h>

#include "gateway/store/store_devices.h"
#include "gateway/store/store_events.h"
#include "tests/store_fixture.h"

static struct device device;

/* A device with this number; of the server that jobs of the fixture have. */
static int put_device(const char *name, const char *msisdn)
{
	char dev_id[32];
	struct device_put_request rq = {
		.device = name, .msisdn = msisdn, .dev_id = dev_id,
		.key = { .server_id = SERVER_ID },
		.dm_version = REQUEST_UNSET,
	};
	struct store_device_put put = { .request = &rq, .now_ms = T0 };

	snprintf(dev_id, sizeof(dev_id), "IMEI:%s", name);
	put.op.run = store_device_put_run;
	return store_do(&put.op);
}

static int delete_device(const char *name)
{
	struct store_device one = { .key = { .device = name } };

	one.op.run = store_device_delete_run;
	return store_do(&one.op);
}

static int merge(struct store_submit *s, struct err *e)
{
	(void)e;
	snprintf(s->job.to, sizeof(s->job.to), "%s", s->device->msisdn);
	return DM_OK;
}

static void for_device(struct store_submit *s, const char *name)
{
	s->device_name = name;
	s->device = &device;
	s->merge = merge;
}

static void for_a(struct store_submit *s)
{
	for_device(s, "a");
}

static void for_b(struct store_submit *s)
{
	for_device(s, "b");
}

static void boot_a(struct store_submit *s)
{
	bootstrap(s);
	for_a(s);
}

static void other_server(struct store_submit *s)
{
	for_a(s);
	strcpy(s->job.server_id, "other");
}

static void begin(void)
{
	store_start();
	CU_ASSERT_EQUAL(put_device("a", TO), DM_OK);
	CU_ASSERT_EQUAL(put_device("b", "+491709999999"), DM_OK);
}

/* Does the list with these filters have these jobs? 0 ends them. */
static bool lists(const char *name, const char *to, int state,
		  const int64_t *ids)
{
	list = (struct store_list){ .state = state, .limit = 10,
				    .jobs = list_jobs };
	snprintf(list.device, sizeof(list.device), "%s", name);
	snprintf(list.to, sizeof(list.to), "%s", to);
	list.op.run = store_list_run;
	if (store_do(&list.op))
		return false;
	for (size_t i = 0; i < list.n; i++)
		if (list_jobs[i].id != ids[i])
			return false;
	return ids[list.n] == 0;
}

static void a_job_knows_its_device(void)
{
	int64_t a, boot, nobody;

	begin();
	a = add_with(1, for_a);
	boot = add_with(1, boot_a);
	nobody = add(1);
	store_restart();
	CU_ASSERT_EQUAL(get_job(a), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.device, "a");
	CU_ASSERT_STRING_EQUAL(get.job.to, TO);
	CU_ASSERT_EQUAL(get_job(boot), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.device, "a");
	CU_ASSERT_EQUAL(get_job(nobody), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.device, "");
	store_stop();
}

static void lists_go_by_device(void)
{
	int64_t a, boot, b;

	begin();
	a = add_with(1, for_a);
	boot = add_with(1, boot_a);
	b = add_with(1, for_b);
	add(1);
	cancel_job(boot);
	CU_ASSERT(lists("a", "", -1, (int64_t[]){ a, boot, 0 }));
	CU_ASSERT(lists("b", "", -1, (int64_t[]){ b, 0 }));
	CU_ASSERT(lists("a", "", JOB_WAITING, (int64_t[]){ a, 0 }));
	CU_ASSERT(lists("a", TO, -1, (int64_t[]){ a, boot, 0 }));
	CU_ASSERT(lists("a", "+491709999999", -1, (int64_t[]){ 0 }));
	CU_ASSERT(lists("c", "", -1, (int64_t[]){ 0 }));
	store_stop();
}

static void events_go_by_device(void)
{
	struct store_events page = { .filter = { .device = "b" } };
	int64_t b;

	begin();
	add_with(1, for_a);
	b = add_with(1, for_b);
	add(1);
	page.op.run = store_events_run;
	CU_ASSERT_EQUAL(store_do(&page.op), DM_OK);
	CU_ASSERT_EQUAL_FATAL(page.n, 1);
	CU_ASSERT_EQUAL(page.events[0].job, b);
	CU_ASSERT_STRING_EQUAL(page.events[0].device, "b");
	store_stop();
}

/* ---------------------------- a shared number ---------------------------- */

static void b_next(struct store_submit *s)
{
	for_b(s);
	s->on_busy = BUSY_SUPERSEDE;
}

static void a_message_for_one_device_is_none_for_another(void)
{
	int64_t a, b;

	begin();
	CU_ASSERT_EQUAL(put_device("b", TO), DM_OK);
	a = add_with(1, for_a);
	CU_ASSERT_EQUAL(add_with(1, for_b), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_ESTATE);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "on-busy");
	CU_ASSERT_STRING_EQUAL(submit.op.err.came, "job 1 in flight is of a, "
			       "which has this number, too");
	CU_ASSERT_EQUAL(submit.other.id, a);
	CU_ASSERT_EQUAL(add_with(1, for_a), a);
	CU_ASSERT_EQUAL(add_with(1, same_device), a);
	b = add_with(1, b_next);
	CU_ASSERT(b > a);
	CU_ASSERT_EQUAL(state_of(a), JOB_CANCELLED);
	store_stop();
}

/* A bootstrap of a or b for the server of the fixture. */
static void account_of_a(struct store_submit *s)
{
	boot_a(s);
	strcpy(s->job.server_id, SERVER_ID);
}

static void account_of_b(struct store_submit *s)
{
	bootstrap(s);
	for_b(s);
	strcpy(s->job.server_id, SERVER_ID);
}

static void account_of_a_anew(struct store_submit *s)
{
	account_of_a(s);
	s->replaces_account = true;
}

static void of_two_accounts_the_new_one_goes_out(void)
{
	int64_t first, settings, b, anew;

	begin();
	CU_ASSERT_EQUAL(put_device("b", TO), DM_OK);
	first = add_with(1, account_of_a);
	settings = add_with(1, boot_a);
	b = add_with(1, account_of_b);
	CU_ASSERT_EQUAL(claim_at(T0, 3), DM_OK);
	anew = add_with(1, account_of_a_anew);
	CU_ASSERT_EQUAL(submit.other.id, first);
	store_restart();
	CU_ASSERT_EQUAL(state_of(first), JOB_CANCELLED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "superseded by job 4");
	CU_ASSERT_EQUAL(state_of(settings), JOB_WAITING);
	CU_ASSERT_EQUAL(state_of(b), JOB_WAITING);
	CU_ASSERT_EQUAL(state_of(anew), JOB_WAITING);
	store_stop();
}

/* ------------------------------- sessions ------------------------------- */

static struct store_session session;

/* The session of this id started; server "": it is not told. */
static int started(struct device_key key, const char *server, int32_t id)
{
	session = (struct store_session){
		.report = { .session_id = id, .result = SESSION_UNSET },
		.device = &key, .now_ms = T0 + 50,
	};
	snprintf(session.report.server_id, sizeof(session.report.server_id),
		 "%s", server);
	session.op.run = store_session_run;
	return store_do(&session.op);
}

static const struct device_key a_by_name = { .device = "a" };
static const struct device_key b_by_name = { .device = "b" };

/* Is it that of a registered device, and of no job? */
static bool finds_none(struct device_key key, int32_t id)
{
	return started(key, "", id) == DM_OK && !session.job.id &&
	       !session.changed && session.no_job.came[0];
}

static void a_session_is_reported_by_device(void)
{
	static const struct device_key keys[] = {
		{ .device = "a" }, { .dev_id = "IMEI:a" }, { .to = "a" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int64_t id;

		begin();
		add_with(1, for_b);
		id = add_with(1, for_a);
		CU_ASSERT_EQUAL(started(keys[i], "", SESSION_UNSET), DM_OK);
		CU_ASSERT_EQUAL(session.job.id, id);
		CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
		CU_ASSERT_EQUAL(get.job.reached, REACHED_SESSION);
		store_stop();
	}
}

static void one_that_was_asked_for_by_number_is_found_too(void)
{
	int64_t id;

	begin();
	id = add_with(1, same_device);
	CU_ASSERT_EQUAL(started(a_by_name, "", submit.job.session_id), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, id);
	store_stop();
}

static void an_unknown_device_changes_nothing(void)
{
	static const struct {
		struct device_key key;
		const char *field;
	} unknown[] = {
		{ { .device = "c" }, "device" },
		{ { .dev_id = "IMEI:c" }, "dev-id" },
		{ { .to = "c" }, "to" },
	};
	int64_t id;

	begin();
	id = add_with(1, for_a);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		CU_ASSERT_EQUAL(started(unknown[i].key, "", SESSION_UNSET),
				DM_ENOENT);
		CU_ASSERT_STRING_EQUAL(session.op.err.field,
				       unknown[i].field);
	}
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.session.started_ms, 0);
	store_stop();
}

static void the_server_is_the_device_s_unless_another_is_named(void)
{
	int64_t ours, other;

	begin();
	ours = add_with(1, for_a);
	other = add_with(1, other_server);
	CU_ASSERT_EQUAL(started(a_by_name, "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, ours);
	CU_ASSERT(finds_none(a_by_name, SESSION_UNSET));
	CU_ASSERT_EQUAL(started(a_by_name, "other", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, other);
	store_stop();
}

static void of_two_with_one_number_each_has_its_own(void)
{
	int64_t a, b;

	begin();
	CU_ASSERT_EQUAL(put_device("b", TO), DM_OK);
	a = add_with(1, for_a);
	CU_ASSERT(finds_none(b_by_name, submit.job.session_id));
	CU_ASSERT_EQUAL(started(a_by_name, "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, a);
	b = add_with(1, for_b);
	CU_ASSERT_EQUAL(started(b_by_name, "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, b);
	store_stop();
}

static void a_session_that_nobody_asked_for_is_no_error(void)
{
	int64_t id;

	begin();
	id = add_with(1, for_a);
	CU_ASSERT(finds_none(b_by_name, SESSION_UNSET));
	CU_ASSERT_STRING_EQUAL(session.device_name, "b");
	CU_ASSERT_STRING_EQUAL(session.no_job.came,
			       "no job of this device fits it");
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.session.started_ms, 0);
	cancel_job(id);
	CU_ASSERT(finds_none(a_by_name, submit.job.session_id));
	CU_ASSERT_STRING_EQUAL(session.no_job.came,
			       "job 1 is cancelled already");
	CU_ASSERT_EQUAL(state_of(id), JOB_CANCELLED);
	store_stop();
}

/* -------------------------------- nonces -------------------------------- */

/* Of the device a; server "": it is not told. */
static int report_nonce(const char *base64, const char *server, int32_t id)
{
	struct digest_source nonce = { .nonce = base64 };

	session = (struct store_session){
		.report = { .session_id = id, .result = SESSION_UNSET },
		.device = &a_by_name, .nonce = &nonce, .now_ms = T0 + 60,
	};
	snprintf(session.report.server_id, sizeof(session.report.server_id),
		 "%s", server);
	session.op.run = store_session_run;
	return store_do(&session.op);
}

/* Also across a restart. */
static struct device device_a(void)
{
	struct store_device one = { .key = a_by_name };

	store_restart();
	one.op.run = store_device_get_run;
	CU_ASSERT_EQUAL(store_do(&one.op), DM_OK);
	return one.device;
}

static void a_report_brings_the_next_nonce(void)
{
	struct device before, after;
	int64_t id;

	begin();
	id = add_with(1, for_a);
	before = device_a();
	CU_ASSERT_EQUAL(report_nonce("bm9uY2Ux", SERVER_ID, SESSION_UNSET),
			DM_OK);
	CU_ASSERT_EQUAL(session.job.id, id);
	after = device_a();
	CU_ASSERT_STRING_EQUAL(after.nonce, "bm9uY2Ux");
	CU_ASSERT(after.generation > before.generation);
	CU_ASSERT_EQUAL(state_of(id), JOB_DONE);
	store_stop();
}

/* By itself, or too late: its nonce is kept all the same. */
static void so_does_one_of_no_job(void)
{
	int64_t id;

	begin();
	CU_ASSERT_EQUAL(report_nonce("bm9uY2Ux", "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, 0);
	CU_ASSERT_STRING_EQUAL(device_a().nonce, "bm9uY2Ux");
	id = add_with(1, for_a);
	cancel_job(id);
	CU_ASSERT_EQUAL(report_nonce("bm9uY2Uy", "", submit.job.session_id),
			DM_OK);
	CU_ASSERT_EQUAL(session.job.id, 0);
	CU_ASSERT_STRING_EQUAL(device_a().nonce, "bm9uY2Uy");
	store_stop();
}

static void the_same_nonce_again_changes_nothing(void)
{
	int64_t generation;

	begin();
	CU_ASSERT_EQUAL(report_nonce("", "", SESSION_UNSET), DM_OK);
	CU_ASSERT(device_a().has_nonce);
	CU_ASSERT_EQUAL(report_nonce("bm9uY2Ux", "", SESSION_UNSET), DM_OK);
	generation = device_a().generation;
	CU_ASSERT_EQUAL(report_nonce("bm9uY2Ux", "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(device_a().generation, generation);
	store_stop();
}

/* The default one, what is no base64, that of another server. */
static void a_nonce_that_is_none_refuses_the_report(void)
{
	static const struct {
		const char *nonce, *server;
	} bad[] = {
		{ "AAAAAA==", "" }, { "AAA", "" }, { "bm9uY2Ux", "other" },
	};
	int64_t id;

	begin();
	id = add_with(1, for_a);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(report_nonce(bad[i].nonce, bad[i].server,
					     SESSION_UNSET), DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(session.op.err.field, "nonce");
	}
	CU_ASSERT_FALSE(device_a().has_nonce);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	store_stop();
}

/* It goes where it was sent for; its device may tell of it all the same. */
static void a_device_with_another_number_finds_its_job(void)
{
	int64_t id;

	begin();
	id = add_with(1, for_a);
	CU_ASSERT_EQUAL(put_device("a", "+491708888888"), DM_OK);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_STRING_EQUAL(claim.jobs[0].job.to, TO);
	CU_ASSERT_EQUAL(started(a_by_name, "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, id);
	CU_ASSERT(add_with(1, for_a) > id);
	CU_ASSERT_STRING_EQUAL(submit.job.to, "+491708888888");
	store_stop();
}

static void a_job_outlives_its_device(void)
{
	int64_t id;

	begin();
	id = add_with(1, for_a);
	CU_ASSERT_EQUAL(delete_device("a"), DM_OK);
	CU_ASSERT_EQUAL(started(a_by_name, "", SESSION_UNSET), DM_ENOENT);
	CU_ASSERT(lists("a", "", JOB_WAITING, (int64_t[]){ id, 0 }));
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_EQUAL(put_device("a", "+491708888888"), DM_OK);
	CU_ASSERT_EQUAL(started(a_by_name, "", SESSION_UNSET), DM_OK);
	CU_ASSERT_EQUAL(session.job.id, id);
	store_stop();
}

int main(void)
{
	return store_tests("store_registered", (CU_TestInfo[]){
		{ "a job knows its device", a_job_knows_its_device },
		{ "lists go by device", lists_go_by_device },
		{ "events go by device", events_go_by_device },
		{ "a message for one device is none for another",
		  a_message_for_one_device_is_none_for_another },
		{ "of two accounts the new one goes out",
		  of_two_accounts_the_new_one_goes_out },
		{ "a session is reported by device",
		  a_session_is_reported_by_device },
		{ "one that was asked for by number is found, too",
		  one_that_was_asked_for_by_number_is_found_too },
		{ "an unknown device changes nothing",
		  an_unknown_device_changes_nothing },
		{ "the server is the device's unless another is named",
		  the_server_is_the_device_s_unless_another_is_named },
		{ "of two with one number each has its own",
		  of_two_with_one_number_each_has_its_own },
		{ "a session that nobody asked for is no error",
		  a_session_that_nobody_asked_for_is_no_error },
		{ "a report brings the next nonce",
		  a_report_brings_the_next_nonce },
		{ "so does one of no job", so_does_one_of_no_job },
		{ "the same nonce again changes nothing",
		  the_same_nonce_again_changes_nothing },
		{ "a nonce that is none refuses the report",
		  a_nonce_that_is_none_refuses_the_report },
		{ "a device with another number finds its job",
		  a_device_with_another_number_finds_its_job },
		{ "a job outlives its device", a_job_outlives_its_device },
		CU_TEST_INFO_NULL,
	});
}
