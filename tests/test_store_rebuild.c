/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications follow their device while they wait. */
#include "gateway/store/store_rebuild.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/request/notify.h"
#include "gateway/store/store_devices.h"
#include "gateway/store/store_events.h"
#include "gateway/wipe.h"
#include "tests/store_fixture.h"

#define SMALL "{\"to\":\"dev1\",\"server-id\":\"srv\"}"
#define VENDOR "\"vendor-hex\":\"%0600d\""	/* three segments */

static char request[1024];
static struct device device;
static struct notify_request rq;
static struct err e;
static json_t *json;

static int merge_request(const struct device *d)
{
	json_decref(json);
	json = json_loads(request, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	CU_ASSERT_EQUAL(fields_parse(request_notify_fields, json, false, &rq,
				     &e), DM_OK);
	return device_merge(d, &rq, &e);
}

static int merge(struct store_submit *s, struct err *why)
{
	(void)why;
	snprintf(s->job.to, sizeof(s->job.to), "%s", s->device->msisdn);
	s->swaps_session_id = false;
	CU_ASSERT_EQUAL(merge_request(s->device), DM_OK);
	return notify_describe(&rq, &s->job, &e);
}

static int encode(struct store_submit *s, uint16_t session_id,
		  uint16_t reference, struct err *why)
{
	struct message m;
	int rc = notify_encode(&rq, session_id, reference, false, &m, why);

	s->job.session_id = session_id;
	if (!rc)
		store_submit_segments(s, m.segments, m.n_segments);
	return rc;
}

static void for_dev1(struct store_submit *s)
{
	s->device_name = "dev1";
	s->device = &device;
	s->merge = merge;
	s->encode = encode;
	s->request = request;
}

static int put_device(const char *credential, const char *nonce,
		      const char *quirks)
{
	struct device_put_request put_rq = {
		.device = "dev1", .msisdn = TO,
		.key = { .server_id = "srv", .credential = credential,
			 .nonce = nonce },
		.dm_version = REQUEST_UNSET, .quirks = quirks,
	};
	struct store_device_put put = { .request = &put_rq, .now_ms = T0 };

	put.op.run = store_device_put_run;
	return store_do(&put.op);
}

static int delete_device(void)
{
	struct store_device one = { .key = { .device = "dev1" } };

	one.op.run = store_device_delete_run;
	return store_do(&one.op);
}

/* A job for dev1, with a request of this text; its id. */
static int64_t begin(const char *text, const char *quirks)
{
	snprintf(request, sizeof(request), "%s", text);
	store_start();
	CU_ASSERT_EQUAL(put_device("P6kcmW+CC0AH37opDBUPeg==", "AAAA", quirks),
			DM_OK);
	return add_with(1, for_dev1);
}

/* Does the job have the octets that the device's key makes now? */
static bool is_made_of_now(const struct job *j,
			   const struct job_segment *segments,
			   uint16_t reference)
{
	struct store_device one = { .key = { .device = "dev1" } };
	struct message m;

	one.op.run = store_device_get_run;
	CU_ASSERT_EQUAL(store_do(&one.op), DM_OK);
	CU_ASSERT_EQUAL(merge_request(&one.device), DM_OK);
	CU_ASSERT_EQUAL(notify_encode(&rq, (uint16_t)j->session_id, reference,
				      false, &m, &e), DM_OK);
	for (unsigned i = 0; i < j->n_segments; i++)
		if (memcmp(segments[i].sms.octets, m.segments[i].octets,
			   m.segments[i].len))
			return false;
	return m.n_segments == j->n_segments;
}

static uint16_t reference_of(const struct job_segment *segments)
{
	struct udh u;

	CU_ASSERT_EQUAL_FATAL(udh_decode(&u, segments[0].sms.octets,
					 segments[0].sms.udh_len), DM_OK);
	return u.reference;
}

static void a_device_that_stays_changes_nothing(void)
{
	int64_t id = begin(SMALL, "generic");

	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_FALSE(claim.jobs[0].rebuilt);
	CU_ASSERT(is_made_of_now(&claim.jobs[0].job, claim.jobs[0].segments,
				 0));
	CU_ASSERT_EQUAL(claim.jobs[0].job.id, id);
	store_stop();
}

static void another_nonce_makes_another_message(void)
{
	int64_t id = begin(SMALL, "generic");
	enum segment_event not_now = SEGMENT_NOT_NOW;
	int32_t session_id = submit.job.session_id;

	put_device(NULL, "AQEB", NULL);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT(claim.jobs[0].rebuilt);
	CU_ASSERT_EQUAL(claim.jobs[0].job.session_id, session_id);
	CU_ASSERT(is_made_of_now(&claim.jobs[0].job, claim.jobs[0].segments,
				 0));
	CU_ASSERT_EQUAL(get_job(id), DM_OK);
	CU_ASSERT(is_made_of_now(&get.job, get.segments, 0));
	CU_ASSERT_EQUAL(outcome_of(id, &not_now, 1), DM_OK);
	CU_ASSERT_EQUAL(claim_at(T0 + 100000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_FALSE(claim.jobs[0].rebuilt);
	store_stop();
}

static void so_does_another_credential(void)
{
	begin(SMALL, "generic");
	put_device("AAAAAAAAAAAAAAAAAAAAAA==", NULL, NULL);
	store_restart();
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT(claim.jobs[0].rebuilt);
	CU_ASSERT(is_made_of_now(&claim.jobs[0].job, claim.jobs[0].segments,
				 0));
	store_stop();
}

static void its_parts_have_a_reference_of_their_own(void)
{
	char text[1024];
	uint16_t before;

	snprintf(text, sizeof(text), "{\"to\":\"dev1\",\"server-id\":\"srv\","
		 VENDOR "}", 0);
	begin(text, "generic");
	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	CU_ASSERT_EQUAL(get.job.n_segments, 3);
	before = reference_of(get.segments);
	put_device(NULL, "AQEB", NULL);
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	CU_ASSERT(claim.jobs[0].rebuilt);
	CU_ASSERT_EQUAL(reference_of(claim.jobs[0].segments),
			(uint8_t)(before + 1));
	CU_ASSERT(is_made_of_now(&claim.jobs[0].job, claim.jobs[0].segments,
				 (uint8_t)(before + 1)));
	store_stop();
}

static void what_is_half_sent_stays(void)
{
	enum segment_event half[] = { SEGMENT_ACKED, SEGMENT_NOT_NOW,
				      SEGMENT_NOT_NOW };
	char text[1024];

	snprintf(text, sizeof(text), "{\"to\":\"dev1\",\"server-id\":\"srv\","
		 VENDOR "}", 0);
	begin(text, "generic");
	claim_at(T0, 1);
	CU_ASSERT_EQUAL(outcome_of(1, half, 3), DM_OK);
	put_device(NULL, "AQEB", NULL);
	CU_ASSERT_EQUAL(claim_at(T0 + 100000, 1), DM_OK);
	CU_ASSERT_EQUAL(claim.n, 1);
	CU_ASSERT_FALSE(claim.jobs[0].rebuilt);
	store_stop();
}

static unsigned count_rebuilt(void)
{
	static struct store_events page;
	unsigned n = 0;

	page = (struct store_events){ .op = { .run = store_events_run } };
	CU_ASSERT_EQUAL(store_do(&page.op), DM_OK);
	for (size_t i = 0; i < page.n; i++)
		n += page.events[i].kind == EVENT_REBUILT;
	return n;
}

static void the_next_attempt_is_made_anew(void)
{
	enum segment_event half[] = { SEGMENT_ACKED, SEGMENT_NOT_NOW,
				      SEGMENT_NOT_NOW };
	char text[1024];

	snprintf(text, sizeof(text), "{\"to\":\"dev1\",\"server-id\":\"srv\","
		 VENDOR "}", 0);
	begin(text, "generic");
	claim_at(T0, 1);
	CU_ASSERT_EQUAL(outcome_of(1, half, 3), DM_OK);
	put_device(NULL, "AQEB", NULL);
	CU_ASSERT_EQUAL(claim_at(T0 + 2 * ATTEMPT_MS, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT_EQUAL(claim.jobs[0].job.attempt, 2);
	CU_ASSERT(claim.jobs[0].rebuilt);
	CU_ASSERT(is_made_of_now(&claim.jobs[0].job, claim.jobs[0].segments,
				 reference_of(claim.jobs[0].segments)));
	CU_ASSERT_EQUAL(count_rebuilt(), 1);
	store_stop();
}

static void or_has_a_new_session_id_for_that_client(void)
{
	int32_t before;

	begin(SMALL, "symbian");
	before = submit.job.session_id;
	claim_at(T0, 1);
	CU_ASSERT_FALSE(claim.jobs[0].rebuilt);
	take_all(1, 1);
	CU_ASSERT_EQUAL(claim_at(T0 + 2 * ATTEMPT_MS, 1), DM_OK);
	CU_ASSERT_EQUAL_FATAL(claim.n, 1);
	CU_ASSERT(claim.jobs[0].rebuilt);
	CU_ASSERT_NOT_EQUAL(claim.jobs[0].job.session_id, before);
	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	CU_ASSERT_EQUAL(get.job.session_id, claim.jobs[0].job.session_id);
	store_stop();
}

static void with_key(struct store_submit *s)
{
	for_dev1(s);
	strcpy(s->key, "key 1");
}

/* Whether merge() would refuse it now does not matter. */
static void a_repeat_does_not_ask_the_device(void)
{
	int64_t id;

	begin(SMALL, "generic");
	cancel_job(1);
	id = add_with(1, with_key);
	CU_ASSERT_EQUAL(id, 2);
	CU_ASSERT_EQUAL(delete_device(), DM_OK);
	CU_ASSERT_EQUAL(add_with(1, with_key), id);
	CU_ASSERT(submit.repeated);
	CU_ASSERT_EQUAL(add_with(1, for_dev1), -1);
	CU_ASSERT_EQUAL(submit.op.rc, DM_ENOENT);
	store_stop();
}

/* Is the job sent as it was? */
static bool stays(void)
{
	struct job_segment before;

	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	before = get.segments[0];
	CU_ASSERT_EQUAL(claim_at(T0, 1), DM_OK);
	return claim.n == 1 && !claim.jobs[0].rebuilt &&
	       !memcmp(claim.jobs[0].segments[0].sms.octets,
		       before.sms.octets, before.sms.len);
}

static void what_cannot_be_made_anew_stays(void)
{
	begin(SMALL, "generic");
	CU_ASSERT_EQUAL(delete_device(), DM_OK);
	CU_ASSERT(stays());
	store_stop();

	begin(SMALL, "generic");
	put_device(NULL, NULL, "aosp");
	store_stop();
	store_run_sql("UPDATE devices SET server_id = 'other'");
	store_reopen();
	CU_ASSERT(stays());
	store_stop();

	begin(SMALL, "generic");
	put_device(NULL, "AQEB", NULL);
	store_stop();
	store_run_sql("UPDATE requests SET request = 'no json'");
	store_reopen();
	CU_ASSERT(stays());
	store_stop();
}

/* The request of a job that another attempt begins for. */
struct again_op {
	struct store_op op;
	bool rebuilt;
};

static int again_run(struct store_sql *sql, struct store_op *base,
		     struct err *why)
{
	struct again_op *op = (struct again_op *)base;

	return store_rebuild(sql, &get.job, get.segments, true, &op->rebuilt,
			     why);
}

static bool is_rebuilt_when_sent_again(void)
{
	struct again_op op = { .op = { .run = again_run } };

	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	CU_ASSERT_EQUAL(store_do(&op.op), DM_OK);
	return op.rebuilt;
}

static void a_client_may_want_a_new_session_id(void)
{
	int32_t before;

	begin(SMALL, "generic");
	CU_ASSERT_FALSE(is_rebuilt_when_sent_again());
	store_stop();

	begin(SMALL, "symbian");
	before = submit.job.session_id;
	CU_ASSERT(is_rebuilt_when_sent_again());
	CU_ASSERT_EQUAL(get.job.session_id,
			job_next_session_id((uint16_t)before, false));
	CU_ASSERT(is_made_of_now(&get.job, get.segments, 0));
	CU_ASSERT_EQUAL(get_job(1), DM_OK);
	CU_ASSERT_NOT_EQUAL(get.job.session_id, before);
	CU_ASSERT_EQUAL(get.job.n_ids_before, 1);
	CU_ASSERT(is_made_of_now(&get.job, get.segments, 0));
	store_stop();

	begin("{\"to\":\"dev1\",\"server-id\":\"srv\",\"session-id\":7}",
	      "symbian");
	CU_ASSERT_FALSE(is_rebuilt_when_sent_again());
	store_stop();
}

/* Rows of the table, in a database that is closed. */
static int count_requests(void)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	int n;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(store_path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT count(*) FROM requests", -1, &s, NULL);
	CU_ASSERT_EQUAL(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void the_request_goes_with_the_job(void)
{
	begin(SMALL, "generic");
	store_stop();
	CU_ASSERT_EQUAL(count_requests(), 1);
	store_reopen();
	CU_ASSERT_EQUAL(cancel_job(1), DM_OK);
	store_stop();
	CU_ASSERT_EQUAL(count_requests(), 0);
}

int main(void)
{
	int rc = store_tests("store_rebuild", (CU_TestInfo[]){
		{ "a device that stays changes nothing",
		  a_device_that_stays_changes_nothing },
		{ "another nonce makes another message",
		  another_nonce_makes_another_message },
		{ "so does another credential", so_does_another_credential },
		{ "its parts have a reference of their own",
		  its_parts_have_a_reference_of_their_own },
		{ "what is half sent stays", what_is_half_sent_stays },
		{ "the next attempt is made anew",
		  the_next_attempt_is_made_anew },
		{ "or has a new session id, for that client",
		  or_has_a_new_session_id_for_that_client },
		{ "a repeat does not ask the device",
		  a_repeat_does_not_ask_the_device },
		{ "what cannot be made anew stays",
		  what_cannot_be_made_anew_stays },
		{ "a client may want a new session id",
		  a_client_may_want_a_new_session_id },
		{ "the request goes with the job",
		  the_request_goes_with_the_job },
		CU_TEST_INFO_NULL,
	});

	json_decref(json);
	store_claim_clear(&claim);
	wipe_free(get.segments);
	return rc;
}
