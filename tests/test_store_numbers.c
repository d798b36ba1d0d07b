/* SPDX-License-Identifier: Apache-2.0 */
/* Session ids and concatenation references: counted per device. */
#include <string.h>

#include "tests/store_fixture.h"

static void other_device(struct store_submit *s)
{
	next_for_device(s);
	strcpy(s->job.to, "+4917099");
	s->random = 0x00070063;		/* reference 7, session id 99 */
}

static void other_server(struct store_submit *s)
{
	next_for_device(s);
	strcpy(s->job.server_id, "other");
	s->random = 0x00090063;
}

static void first_session_id(struct store_submit *s)
{
	next_for_device(s);
	s->random = 0xffff;
}

static void swaps(struct store_submit *s)
{
	next_for_device(s);
	s->swaps_session_id = true;
}

static void bootstrap_with_server(struct store_submit *s)
{
	next_for_device(s);
	s->job.method = JOB_BOOTSTRAP;
}

static void bootstrap_for_device(struct store_submit *s)
{
	bootstrap(s);
	same_device(s);
}

static void without_server(struct store_submit *s)
{
	next_for_device(s);
	s->job.server_id[0] = '\0';
	s->random = 99;
}

static void session_ids_count_per_device_and_server(void)
{
	store_start();
	add_with(1, first_session_id);
	CU_ASSERT_EQUAL(submit.job.session_id, 1);	/* never 0 */
	add_with(1, next_for_device);
	CU_ASSERT_EQUAL(submit.job.session_id, 2);
	add_with(1, other_device);
	CU_ASSERT_EQUAL(submit.job.session_id, 100);
	add_with(1, other_server);
	CU_ASSERT_EQUAL(submit.job.session_id, 100);
	store_restart();
	add_with(1, next_for_device);
	CU_ASSERT_EQUAL(submit.job.session_id, 3);
	add_with(1, other_device);
	CU_ASSERT_EQUAL(submit.job.session_id, 101);
	add_with(1, swaps);
	CU_ASSERT_EQUAL(submit.job.session_id, 0x0101);
	add_with(1, swaps);
	CU_ASSERT_EQUAL(submit.job.session_id, 0x0202);
	store_stop();
}

/* The session table, were it touched, would have a row for server "". */
static void a_bootstrap_has_no_session_id(void)
{
	int64_t id;

	store_start();
	add_with(1, first_session_id);
	id = add_with(1, bootstrap);
	CU_ASSERT_EQUAL(submit.job.session_id, 0);
	store_restart();
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_EQUAL(get.job.method, JOB_BOOTSTRAP);
	CU_ASSERT_EQUAL(get.job.session_id, 0);
	CU_ASSERT_EQUAL(get.job.dm_version, -1);
	CU_ASSERT_STRING_EQUAL(get.job.server_id, "");
	add_with(1, bootstrap_with_server);
	CU_ASSERT_STRING_EQUAL(submit.job.server_id, SERVER_ID);
	add_with(1, next_for_device);
	CU_ASSERT_EQUAL(submit.job.method, JOB_NOTIFY);
	CU_ASSERT_EQUAL(submit.job.session_id, 2);
	add_with(1, without_server);
	CU_ASSERT_EQUAL(submit.job.session_id, 100);
	store_stop();
}

static uint8_t reference_of(unsigned n, void (*change)(struct store_submit *))
{
	add_with(n, change);
	return sent[0].octets[0];
}

static void references_count_per_device(void)
{
	store_start();
	CU_ASSERT_EQUAL(reference_of(2, next_for_device), 1);
	CU_ASSERT_EQUAL(reference_of(1, next_for_device), 2);	/* not used */
	CU_ASSERT_EQUAL(reference_of(2, next_for_device), 2);
	CU_ASSERT_EQUAL(reference_of(2, other_device), 8);
	CU_ASSERT_EQUAL(reference_of(2, other_server), 3);
	CU_ASSERT_EQUAL(reference_of(2, bootstrap_for_device), 4);
	store_restart();
	CU_ASSERT_EQUAL(reference_of(2, next_for_device), 5);
	CU_ASSERT_EQUAL(reference_of(2, other_device), 9);
	store_stop();
}

int main(void)
{
	return store_tests("store_numbers", (CU_TestInfo[]){
		{ "session ids count per device and server",
		  session_ids_count_per_device_and_server },
		{ "a bootstrap has no session id",
		  a_bootstrap_has_no_session_id },
		{ "references count per device", references_count_per_device },
		CU_TEST_INFO_NULL,
	});
}
