/* SPDX-License-Identifier: Apache-2.0 */
/* The registry, on disk. */
#include "gateway/store/store_devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json/device_json.h"
#include "gateway/store/store_sql.h"
#include "tests/store_fixture.h"

static struct store_device_put put;
static struct store_device one;
static struct store_device_list page;
static struct device found[STORE_LIST_MAX];

static int put_with(const char *name, const char *msisdn, const char *dev_id,
		    const char *nonce, int64_t now_ms)
{
	struct device_put_request rq = {
		.device = name,
		.msisdn = msisdn,
		.dev_id = dev_id,
		.key = { .nonce = nonce },
		.dm_version = REQUEST_UNSET,
	};

	put = (struct store_device_put){ .request = &rq, .now_ms = now_ms };
	put.op.run = store_device_put_run;
	return store_do(&put.op);
}

static int run_one(store_run *run, struct device_key key, const char *nonce,
		   int64_t now_ms)
{
	struct digest_source s = { .nonce = nonce };

	one = (struct store_device){ .key = key, .nonce = &s,
				     .now_ms = now_ms };
	one.op.run = run;
	return store_do(&one.op);
}

static int get_by(struct device_key key)
{
	return run_one(store_device_get_run, key, NULL, 0);
}

static int get_name(const char *name)
{
	return get_by((struct device_key){ .device = name });
}

static int list_devices(const char *after, const char *msisdn, size_t limit)
{
	page = (struct store_device_list){ .after = after, .msisdn = msisdn,
					   .limit = limit, .devices = found };
	page.op.run = store_device_list_run;
	return store_do(&page.op);
}

static void a_device_survives_a_restart(void)
{
	json_t *before, *after;
	struct device_put_request rq = {
		.device = "dev1", .msisdn = TO, .imsi = "262011234567890",
		.dev_id = "IMEI:1",
		.key = { .server_id = "srv", .auth_name = "auth",
			 .password = "pw", .nonce = "ABEiM0Q=" },
		.dm_version = DM_VERSION_112, .quirks = "samsung", .route = "lab",
	};

	store_start();
	put = (struct store_device_put){ .request = &rq, .now_ms = T0 };
	put.op.run = store_device_put_run;
	CU_ASSERT_EQUAL(store_do(&put.op), DM_OK);
	CU_ASSERT(put.created);
	before = device_json(&put.device, true);
	CU_ASSERT_EQUAL(put.device.changed_ms, T0);
	store_restart();
	CU_ASSERT_EQUAL(get_name("dev1"), DM_OK);
	after = device_json(&one.device, true);
	CU_ASSERT(json_equal(after, before));
	CU_ASSERT_EQUAL(one.device.generation, put.device.generation);
	json_decref(before);
	json_decref(after);
	store_stop();
}

static void it_is_found_by_name_dev_id_and_number(void)
{
	store_start();
	put_with("a", "+491701", "IMEI:1", NULL, T0);
	put_with("b", "491702", NULL, NULL, T0);
	CU_ASSERT_EQUAL(get_name("b"), DM_OK);
	CU_ASSERT_STRING_EQUAL(one.device.msisdn, "491702");
	CU_ASSERT_EQUAL(get_by((struct device_key){ .dev_id = "IMEI:1" }),
			DM_OK);
	CU_ASSERT_STRING_EQUAL(one.device.name, "a");
	CU_ASSERT_EQUAL(get_by((struct device_key){ .to = "b" }), DM_OK);
	CU_ASSERT_EQUAL(get_by((struct device_key){ .to = "491701" }), DM_OK);
	CU_ASSERT_STRING_EQUAL(one.device.name, "a");
	CU_ASSERT_EQUAL(get_by((struct device_key){ .to = "+491702" }), DM_OK);
	CU_ASSERT_STRING_EQUAL(one.device.name, "b");
	store_stop();
}

static void what_is_not_there_is_not_found(void)
{
	static const struct {
		struct device_key key;
		const char *field;
	} keys[] = {
		{ { .device = "x" }, "device" },
		{ { .dev_id = "x" }, "dev-id" },
		{ { .to = "x" }, "to" },
		{ { .to = "+491799" }, "to" },
	};

	store_start();
	put_with("a", "+491701", NULL, NULL, T0);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		CU_ASSERT_EQUAL(get_by(keys[i].key), DM_ENOENT);
		CU_ASSERT_STRING_EQUAL(one.op.err.field, keys[i].field);
		CU_ASSERT_EQUAL(run_one(store_device_delete_run, keys[i].key,
					NULL, 0), DM_ENOENT);
		CU_ASSERT_EQUAL(run_one(store_nonce_put_run, keys[i].key,
					"AAAA", 0), DM_ENOENT);
	}
	store_stop();
}

static void a_number_may_be_that_of_several(void)
{
	store_start();
	put_with("a", "+491701", NULL, NULL, T0);
	put_with("b", "491701", NULL, NULL, T0);
	CU_ASSERT_EQUAL(get_by((struct device_key){ .to = "+491701" }),
			DM_ESTATE);
	CU_ASSERT_EQUAL(list_devices("", "+491701", 10), DM_OK);
	CU_ASSERT_EQUAL(page.n, 2);
	CU_ASSERT_EQUAL(get_name("a"), DM_OK);
	store_stop();
}

static void a_dev_id_is_that_of_one(void)
{
	store_start();
	put_with("a", "+491701", "IMEI:1", NULL, T0);
	CU_ASSERT_EQUAL(put_with("b", "+491702", "IMEI:1", NULL, T0),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(put.op.err.field, "dev-id");
	CU_ASSERT_EQUAL(get_name("b"), DM_ENOENT);
	CU_ASSERT_EQUAL(put_with("a", NULL, "IMEI:1", NULL, T0), DM_OK);
	CU_ASSERT_FALSE(put.created);
	CU_ASSERT_EQUAL(put_with("b", "+491702", "IMEI:2", NULL, T0), DM_OK);
	store_stop();
}

static void each_change_has_a_generation_of_its_own(void)
{
	int64_t first, second;

	store_start();
	put_with("a", "+491701", NULL, NULL, T0);
	first = put.device.generation;
	put_with("a", NULL, NULL, "AAAA", T0 + 1);
	second = put.device.generation;
	CU_ASSERT(second > first);
	CU_ASSERT_EQUAL(put.device.changed_ms, T0 + 1);
	CU_ASSERT_EQUAL(run_one(store_nonce_put_run,
		(struct device_key){ .device = "a" }, "AQEB", T0 + 2), DM_OK);
	CU_ASSERT(one.device.generation > second);
	CU_ASSERT_EQUAL(run_one(store_device_delete_run,
		(struct device_key){ .device = "a" }, NULL, 0), DM_OK);
	put_with("a", "+491701", NULL, NULL, T0 + 3000);
	CU_ASSERT(put.device.generation > one.device.generation);
	store_stop();
}

static void a_nonce_is_replaced(void)
{
	store_start();
	put_with("a", "+491701", "IMEI:1", NULL, T0);
	CU_ASSERT_EQUAL(run_one(store_nonce_put_run,
		(struct device_key){ .dev_id = "IMEI:1" }, "AQEB", T0), DM_OK);
	CU_ASSERT_EQUAL(get_name("a"), DM_OK);
	CU_ASSERT(one.device.has_nonce);
	CU_ASSERT_STRING_EQUAL(one.device.nonce, "AQEB");
	CU_ASSERT_EQUAL(run_one(store_nonce_put_run,
		(struct device_key){ .device = "a" }, "!", T0), DM_EINVAL);
	CU_ASSERT_EQUAL(get_name("a"), DM_OK);
	CU_ASSERT_STRING_EQUAL(one.device.nonce, "AQEB");
	store_stop();
}

static void lists_come_in_pages(void)
{
	char name[16];

	store_start();
	for (int i = 0; i < 25; i++) {
		snprintf(name, sizeof(name), "dev%02d", i);
		put_with(name, "+491701", NULL, NULL, T0);
	}
	CU_ASSERT_EQUAL(list_devices("", NULL, 10), DM_OK);
	CU_ASSERT_EQUAL(page.n, 10);
	CU_ASSERT_STRING_EQUAL(found[9].name, "dev09");
	CU_ASSERT_EQUAL(list_devices("dev19", NULL, 10), DM_OK);
	CU_ASSERT_EQUAL(page.n, 5);
	CU_ASSERT_STRING_EQUAL(found[0].name, "dev20");
	CU_ASSERT_EQUAL(list_devices("", "491702", 10), DM_OK);
	CU_ASSERT_EQUAL(page.n, 0);
	CU_ASSERT_EQUAL(list_devices("dev22", "491701", 10), DM_OK);
	CU_ASSERT_EQUAL(page.n, 2);
	store_stop();
}

/* Does a file of the database have these octets? */
static bool on_disk(const char *text)
{
	char command[256];

	snprintf(command, sizeof(command), "grep -aq '%s' %s*", text,
		 store_path);
	return system(command) == 0;
}

static void a_deleted_device_leaves_nothing(void)
{
	store_start();
	put_with("a", "+491701", NULL, "UGxhbnRlZE5vbmNl", T0);
	CU_ASSERT(on_disk("UGxhbnRlZE5vbmNl"));
	CU_ASSERT_EQUAL(run_one(store_device_delete_run,
		(struct device_key){ .device = "a" }, NULL, 0), DM_OK);
	CU_ASSERT_EQUAL(get_name("a"), DM_ENOENT);
	store_stop();
	CU_ASSERT_FALSE(on_disk("UGxhbnRlZE5vbmNl"));
}

/* ------------------------- jobs of devices ------------------------- */

static struct device merged;
static int merge_rc;
static unsigned n_merges;

static int merge(struct store_submit *s, struct err *e)
{
	n_merges++;
	snprintf(s->job.to, sizeof(s->job.to), "%s", s->device->msisdn);
	s->device->resync_ms = T0;
	s->device_changed = true;
	return merge_rc ? err_set(e, merge_rc, "x", "", "x") : DM_OK;
}

static void for_dev1(struct store_submit *s)
{
	s->device_name = "dev1";
	s->device = &merged;
	s->merge = merge;
	s->job.to[0] = '\0';
}

static void a_job_gets_its_number_from_the_device(void)
{
	int64_t id;

	store_start();
	put_with("dev1", "+491709", NULL, NULL, T0);
	merge_rc = DM_OK;
	id = add_with(1, for_dev1);
	CU_ASSERT(id > 0);
	CU_ASSERT_EQUAL(get_job(id), DM_OK);
	CU_ASSERT_STRING_EQUAL(get.job.to, "+491709");
	CU_ASSERT_EQUAL(get_name("dev1"), DM_OK);
	CU_ASSERT_EQUAL(one.device.resync_ms, T0);
	CU_ASSERT(one.device.generation > put.device.generation);
	store_stop();
}

static void a_device_that_refuses_stays_as_it_is(void)
{
	store_start();
	put_with("dev1", "+491709", NULL, NULL, T0);
	merge_rc = DM_ESTATE;
	CU_ASSERT_EQUAL(add_with(1, for_dev1), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_ESTATE);
	CU_ASSERT_EQUAL(get_name("dev1"), DM_OK);
	CU_ASSERT_EQUAL(one.device.resync_ms, 0);
	CU_ASSERT_EQUAL(one.device.generation, put.device.generation);
	store_stop();
}

static void a_job_for_an_unknown_device_is_refused(void)
{
	store_start();
	n_merges = 0;
	CU_ASSERT_EQUAL(add_with(1, for_dev1), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_ENOENT);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "to");
	CU_ASSERT_EQUAL(n_merges, 0);
	store_stop();
}

static void a_dry_run_stores_nothing(void)
{
	store_start();
	put_with("dev1", "+491709", NULL, NULL, T0);
	merge_rc = DM_OK;
	n_merges = 0;
	submit = (struct store_submit){ .jobs_max = 10 };
	for_dev1(&submit);
	submit.op.run = store_merge_run;
	CU_ASSERT_EQUAL(store_do(&submit.op), DM_OK);
	CU_ASSERT_EQUAL(n_merges, 1);
	CU_ASSERT_EQUAL(get_job(1), DM_ENOENT);
	CU_ASSERT_EQUAL(get_name("dev1"), DM_OK);
	CU_ASSERT_EQUAL(one.device.resync_ms, 0);
	store_stop();
}

/* Reads the account of a job, on the store's thread. */
struct account_op {
	struct store_op op;
	struct job job;
	char *account;
};

static int account_run(struct store_sql *sql, struct store_op *base,
		       struct err *e)
{
	struct account_op *op = (struct account_op *)base;

	return sql_account_get(sql, &op->job, &op->account, e);
}

static bool has_account(int64_t id, const char *want)
{
	struct account_op op = { .op = { .run = account_run } };
	bool same;

	CU_ASSERT_EQUAL(get_job(id), DM_OK);
	op.job = get.job;
	CU_ASSERT_EQUAL(store_do(&op.op), DM_OK);
	same = want ? op.account && !strcmp(op.account, want) : !op.account;
	free(op.account);
	return same;
}

static char planted[] = "{\"client-password\":\"PlantedSecret\"}";

static void with_account(struct store_submit *s)
{
	bootstrap(s);
	s->account = planted;
}

static void a_new_account_is_kept_until_the_job_ends(void)
{
	int64_t with, without;

	store_start();
	with = add_with(3, with_account);
	without = add_with(2, bootstrap);
	CU_ASSERT(has_account(with, planted));
	CU_ASSERT(has_account(without, NULL));
	CU_ASSERT_EQUAL(get.segments[1].sms.len, 10);
	store_restart();
	CU_ASSERT(has_account(with, planted));
	CU_ASSERT(on_disk("PlantedSecret"));
	CU_ASSERT_EQUAL(cancel_job(with), DM_OK);
	store_stop();
	CU_ASSERT_FALSE(on_disk("PlantedSecret"));
}

static void with_other_account(struct store_submit *s)
{
	bootstrap(s);
	strcpy(s->key, "key 1");
	s->account = strdup("{\"client-password\":\"another\"}");
}

static void with_key(struct store_submit *s)
{
	with_account(s);
	strcpy(s->key, "key 1");
}

static void a_repeat_gets_the_account_of_then(void)
{
	int64_t id;

	store_start();
	id = add_with(2, with_key);
	CU_ASSERT_EQUAL(add_with(2, with_other_account), id);
	CU_ASSERT_PTR_NOT_NULL_FATAL(submit.account);
	CU_ASSERT_STRING_EQUAL(submit.account, planted);
	free(submit.account);
	CU_ASSERT_EQUAL(cancel_job(id), DM_OK);
	CU_ASSERT_EQUAL(add_with(2, with_other_account), id);
	CU_ASSERT_PTR_NULL(submit.account);
	store_stop();
}

int main(void)
{
	return store_tests("store_devices", (CU_TestInfo[]){
		{ "a device survives a restart", a_device_survives_a_restart },
		{ "it is found by name, dev-id and number",
		  it_is_found_by_name_dev_id_and_number },
		{ "what is not there is not found",
		  what_is_not_there_is_not_found },
		{ "a number may be that of several",
		  a_number_may_be_that_of_several },
		{ "a dev-id is that of one", a_dev_id_is_that_of_one },
		{ "each change has a generation of its own",
		  each_change_has_a_generation_of_its_own },
		{ "a nonce is replaced", a_nonce_is_replaced },
		{ "lists come in pages", lists_come_in_pages },
		{ "a deleted device leaves nothing",
		  a_deleted_device_leaves_nothing },
		{ "a job gets its number from the device",
		  a_job_gets_its_number_from_the_device },
		{ "a device that refuses stays as it is",
		  a_device_that_refuses_stays_as_it_is },
		{ "a job for an unknown device is refused",
		  a_job_for_an_unknown_device_is_refused },
		{ "a dry run stores nothing", a_dry_run_stores_nothing },
		{ "a new account is kept until the job ends",
		  a_new_account_is_kept_until_the_job_ends },
		{ "a repeat gets the account of then",
		  a_repeat_gets_the_account_of_then },
		CU_TEST_INFO_NULL,
	});
}
