/* SPDX-License-Identifier: Apache-2.0 */
/* One notification in flight for a device and server; keys of requests. */
#include <stdio.h>
#include <string.h>

#include "tests/store_fixture.h"

static void refusing(struct store_submit *s)
{
	same_device(s);
	s->on_busy = BUSY_REFUSE;
}

static void without_plus(struct store_submit *s)
{
	snprintf(s->job.to, sizeof(s->job.to), "%s", &TO[1]);
}

static void other_server(struct store_submit *s)
{
	refusing(s);
	strcpy(s->job.server_id, "other");
}

static void bootstrap_for_device(struct store_submit *s)
{
	bootstrap(s);
	same_device(s);
}

static int encode_refuses(struct store_submit *s, uint16_t session_id,
			  uint16_t reference, struct err *e)
{
	(void)s;
	(void)session_id;
	(void)reference;
	return err_set(e, DM_EINVAL, "nonce", "another", "a bad one");
}

static void bad(struct store_submit *s)
{
	same_device(s);
	s->encode = encode_refuses;
}

static void full(struct store_submit *s)
{
	same_device(s);
	s->jobs_max = 1;
}

/* ------------------------------- on-busy ------------------------------- */

static void a_second_notification_joins_the_first(void)
{
	int64_t id;
	int32_t session_id;

	store_start();
	id = add_with(2, same_device);
	session_id = submit.job.session_id;
	CU_ASSERT_FALSE(submit.joined);
	CU_ASSERT_EQUAL(add_with(1, same_device), id);
	CU_ASSERT(submit.joined);
	CU_ASSERT_EQUAL(store_submit_job(&submit)->n_segments, 2);
	CU_ASSERT_EQUAL(store_submit_job(&submit)->session_id, session_id);
	CU_ASSERT_EQUAL(add_with(1, without_plus), id);
	CU_ASSERT_EQUAL(add_with(1, full), id);	/* it takes no room */
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_EQUAL(add_with(1, same_device), id);
	take_all(id, 2);
	CU_ASSERT_EQUAL(add_with(1, same_device), id);
	CU_ASSERT(add_with(1, bootstrap_for_device) > id);
	store_restart();
	CU_ASSERT_EQUAL(add_with(1, same_device), id);
	cancel_job(id);
	CU_ASSERT(add_with(1, same_device) > id);
	CU_ASSERT_FALSE(submit.joined);
	CU_ASSERT_EQUAL(submit.job.session_id, session_id + 1);
	store_stop();
}

static void a_bad_request_does_not_join(void)
{
	store_start();
	add_with(1, same_device);
	CU_ASSERT_EQUAL(add_with(1, bad), -1);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "nonce");
	store_stop();
}

static void it_can_be_refused_instead(void)
{
	int64_t id;

	store_start();
	id = add_with(1, refusing);
	CU_ASSERT_EQUAL(add_with(1, refusing), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_ESTATE);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "on-busy");
	CU_ASSERT_EQUAL(submit.other.id, id);
	CU_ASSERT(add_with(1, other_server) > id);
	CU_ASSERT_EQUAL(list_jobs_of(0, -1, "", 10), DM_OK);
	CU_ASSERT_EQUAL(list.n, 2);
	store_stop();
}

static void it_can_supersede_the_first(void)
{
	int64_t first, second;

	store_start();
	first = add_with(1, next_for_device);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	second = add_with(1, next_for_device);
	CU_ASSERT(second > first);
	CU_ASSERT_EQUAL(submit.other.id, first);
	CU_ASSERT_EQUAL(state_of(first), JOB_CANCELLED);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "superseded by job 2");
	CU_ASSERT_EQUAL(state_of(second), JOB_WAITING);
	CU_ASSERT_EQUAL(status_at(T0), DM_OK);
	CU_ASSERT_EQUAL(status.counts[JOB_CANCELLED], 1);
	CU_ASSERT_EQUAL(status.counts[JOB_SENDING], 0);
	CU_ASSERT_EQUAL(status.counts[JOB_WAITING], 1);
	store_stop();
}

static void after_its_time(struct store_submit *s)
{
	refusing(s);
	s->job.created_ms = T0 + 3600000;
	s->job.expires_ms = T0 + 2 * 3600000;
	s->jobs_max = 1;		/* it takes the place of the other */
}

/* Before anybody has come to end it. */
static void one_whose_time_is_over_is_not_in_the_way(void)
{
	int64_t first, second;

	store_start();
	first = add_with(1, same_device);
	second = add_with(1, after_its_time);
	CU_ASSERT(second > first);
	CU_ASSERT_EQUAL(submit.other.id, 0);
	CU_ASSERT_EQUAL(state_of(first), JOB_EXPIRED);
	CU_ASSERT_EQUAL(get.job.changed_ms, T0 + 3600000);
	CU_ASSERT_EQUAL(state_of(second), JOB_WAITING);
	store_stop();
}

static void do_something(uint64_t *state)
{
	static void (*const changes[])(struct store_submit *) = {
		same_device, next_for_device, refusing, other_server,
		without_plus, bootstrap_for_device,
	};
	int64_t id = 1 + (int64_t)tap_random_below(state, 20);

	switch (tap_random_below(state, 5)) {
	case 0:
		cancel_job(id);
		break;
	case 1:
		(void)report_on(id, 0, SEGMENT_REPORTED_OK);
		break;
	case 2:
		CU_ASSERT_EQUAL(claim_at(T0 + 1000, 3), DM_OK);
		break;
	default:
		add_with(1, changes[tap_random_below(state, 6)]);
	}
}

static void only_one_is_in_flight(uint64_t *state)
{
	store_start();
	for (unsigned i = 0; i < 60; i++) {
		unsigned n[2] = { 0 };

		do_something(state);
		list_jobs_of(0, -1, "", STORE_LIST_MAX);
		for (size_t k = 0; k < list.n; k++)
			if (list_jobs[k].method == JOB_NOTIFY &&
			    !job_is_final(list_jobs[k].state))
				n[!strcmp(list_jobs[k].server_id, "other")]++;
		CU_ASSERT(n[0] <= 1 && n[1] <= 1);
	}
	store_stop();
}

static void whatever_happens_only_one_is_in_flight(void)
{
	tap_property(5, only_one_is_in_flight);
}

/* ------------------------------ bootstraps ------------------------------ */

static void a_notification_waits_for_a_bootstrap(void)
{
	int64_t boot, id;

	store_start();
	boot = add_with(1, bootstrap_for_device);
	id = add_with(1, without_plus);
	add(1);
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 2);
	CU_ASSERT_EQUAL(claim.next_ms, -1);
	CU_ASSERT_EQUAL(state_of(id), JOB_WAITING);
	CU_ASSERT_STRING_EQUAL(get.job.reason, "waits for bootstrap 1");
	CU_ASSERT_EQUAL(status_at(T0 + 1000), DM_OK);
	CU_ASSERT_EQUAL(status.oldest_due_ms, 0);
	take_all(boot, 1);
	CU_ASSERT_EQUAL(report_on(boot, 0, SEGMENT_REPORTED_OK), DM_OK);
	CU_ASSERT_EQUAL(state_of(boot), JOB_DONE);
	CU_ASSERT_EQUAL(claim_at(T0 + 20, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	store_stop();
}

static void one_that_was_sent_already_is_not_sent_again_until_then(void)
{
	int64_t boot, id;

	store_start();
	id = add_with(1, same_device);
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	take_all(id, 1);
	boot = add_with(1, bootstrap_for_device);
	CU_ASSERT_EQUAL(claim_at(T0 + 2 * ATTEMPT_MS, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, boot);
	CU_ASSERT_EQUAL(state_of(id), JOB_PUSHED);
	CU_ASSERT_EQUAL(cancel_job(boot), DM_OK);
	CU_ASSERT_EQUAL(claim_at(T0 + 2 * ATTEMPT_MS, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 2);
	store_stop();
}

static void it_waits_for_the_last_of_several(void)
{
	int64_t first, second, id;

	store_start();
	first = add_with(1, bootstrap_for_device);
	second = add_with(1, bootstrap_for_device);
	id = add_with(1, same_device);
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	cancel_job(first);
	CU_ASSERT_EQUAL(claim_at(T0 + 30, 10), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 0);
	cancel_job(second);
	CU_ASSERT_EQUAL(claim_at(T0 + 30, 10), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	store_stop();
}

static void one_that_waits_expires_all_the_same(void)
{
	int64_t id;

	store_start();
	add_with(1, bootstrap_for_device);
	id = add_with(1, same_device);
	CU_ASSERT_EQUAL(claim_at(T0, 10), DM_OK);
	expire = (struct store_expire){ .now_ms = T0 + 3600000 };
	expire.op.run = store_expire_run;
	CU_ASSERT_EQUAL(store_do(&expire.op), DM_OK);
	CU_ASSERT_EQUAL(expire.n, 2);
	CU_ASSERT_EQUAL(state_of(id), JOB_EXPIRED);
	store_stop();
}

/* --------------------------------- keys --------------------------------- */

static void with_key(struct store_submit *s)
{
	strcpy(s->key, "key 1");
	s->digest[0] = 1;
}

static void with_key_of_another(struct store_submit *s)
{
	with_key(s);
	s->digest[19] = 1;
}

static void by_other_client(struct store_submit *s)
{
	with_key_of_another(s);
	s->job.client = 1001;
}

static void joining_with_key(struct store_submit *s)
{
	with_key(s);
	same_device(s);
}

static void the_same_request_gets_the_same_job(void)
{
	int64_t id;

	store_start();
	id = add_with(2, with_key);
	CU_ASSERT_FALSE(submit.repeated);
	CU_ASSERT_EQUAL(add_with(1, with_key), id);
	CU_ASSERT(submit.repeated);
	CU_ASSERT_FALSE(submit.joined);
	CU_ASSERT_EQUAL(store_submit_job(&submit)->n_segments, 2);
	cancel_job(id);
	store_restart();
	CU_ASSERT_EQUAL(add_with(1, with_key), id);	/* ended or not */
	CU_ASSERT(add_with(1, NULL) > id);
	store_stop();
}

static void another_request_is_refused(void)
{
	int64_t id;

	store_start();
	id = add_with(1, with_key);
	CU_ASSERT_EQUAL(add_with(1, with_key_of_another), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(submit.op.err.field, "key");
	CU_ASSERT(add_with(1, by_other_client) > id);
	store_stop();
}

static void one_that_joined_has_joined_again(void)
{
	int64_t id;

	store_start();
	id = add_with(1, same_device);
	CU_ASSERT_EQUAL(add_with(1, joining_with_key), id);
	cancel_job(id);
	CU_ASSERT_EQUAL(add_with(1, joining_with_key), id);
	CU_ASSERT(submit.joined && submit.repeated);
	store_stop();
}

static void bad_with_key(struct store_submit *s)
{
	bad(s);
	with_key(s);
}

static void what_was_refused_has_no_key(void)
{
	store_start();
	CU_ASSERT_EQUAL(add_with(1, bad_with_key), -1);
	CU_ASSERT(add_with(1, with_key) > 0);
	CU_ASSERT_FALSE(submit.repeated);
	store_stop();
}

int main(void)
{
	return store_tests("store_busy", (CU_TestInfo[]){
		{ "a second notification joins the first",
		  a_second_notification_joins_the_first },
		{ "a bad request does not join", a_bad_request_does_not_join },
		{ "it can be refused instead", it_can_be_refused_instead },
		{ "one whose time is over is not in the way",
		  one_whose_time_is_over_is_not_in_the_way },
		{ "it can supersede the first", it_can_supersede_the_first },
		{ "whatever happens, only one is in flight",
		  whatever_happens_only_one_is_in_flight },
		{ "a notification waits for a bootstrap",
		  a_notification_waits_for_a_bootstrap },
		{ "one that was sent already is not sent again until then",
		  one_that_was_sent_already_is_not_sent_again_until_then },
		{ "it waits for the last of several",
		  it_waits_for_the_last_of_several },
		{ "one that waits expires all the same",
		  one_that_waits_expires_all_the_same },
		{ "the same request gets the same job",
		  the_same_request_gets_the_same_job },
		{ "another request is refused", another_request_is_refused },
		{ "one that joined has joined again",
		  one_that_joined_has_joined_again },
		{ "what was refused has no key", what_was_refused_has_no_key },
		CU_TEST_INFO_NULL,
	});
}
