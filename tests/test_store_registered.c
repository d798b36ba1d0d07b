/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs of registered devices: their names, and whose they are. */
#include <stdio.h>
#include <string.h>

#include "gateway/store_devices.h"
#include "gateway/store_events.h"
#include "tests/store_fixture.h"

static struct device device;

/* A device with this number; of the server that jobs of the fixture have. */
static int put_device(const char *name, const char *msisdn)
{
	struct device_put_request rq = {
		.device = name, .msisdn = msisdn,
		.key = { .server_id = SERVER_ID },
		.dm_version = REQUEST_UNSET,
	};
	struct store_device_put put = { .request = &rq, .now_ms = T0 };

	put.op.run = store_device_put_run;
	return store_do(&put.op);
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

int main(void)
{
	return store_tests("store_registered", (CU_TestInfo[]){
		{ "a job knows its device", a_job_knows_its_device },
		{ "lists go by device", lists_go_by_device },
		{ "events go by device", events_go_by_device },
		CU_TEST_INFO_NULL,
	});
}
