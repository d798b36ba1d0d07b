/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_session.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct dm_session session;
static struct dm_plan plan;
static const struct quirk *quirk;

static void fresh(const char *client, unsigned comes_after)
{
	memset(&session, 0, sizeof(session));
	plan = (struct dm_plan){ .comes_after = comes_after };
	quirk = quirks_find(client);
	CU_ASSERT_PTR_NOT_NULL_FATAL(quirk);
}

/* A notification; its digest follows from session id and nonce. */
static unsigned notify_from(bool server, uint16_t id, uint8_t nonce)
{
	uint8_t digest[DIGEST_LEN] = {
		(uint8_t)(id >> 8), (uint8_t)id, server, nonce,
	};
	struct notif n = {
		.digest = digest,
		.trigger = { .session_id = id, .server_initiated = server },
	};

	return dm_session_notified(&session, &plan, &n, quirk);
}

static unsigned notify(uint16_t id)
{
	return notify_from(true, id, 0);
}

static void comes(uint16_t id)
{
	CU_ASSERT_EQUAL(session.phase, DM_COMING);
	CU_ASSERT_EQUAL(session.id, id);
}

static void has_been_there(void)
{
	dm_session_start(&session);
	CU_ASSERT_EQUAL(session.phase, DM_IN_SESSION);
	dm_session_end(&session);
	CU_ASSERT_EQUAL(session.phase, DM_AWAY);
}

static void never_comes(void)
{
	fresh("generic", 0);
	for (int i = 0; i < 20; i++)
		CU_ASSERT_EQUAL(notify(0x0104), 0);
	CU_ASSERT_EQUAL(session.phase, DM_AWAY);
}

static void comes_when_it_has_been_pushed_often_enough(void)
{
	fresh("generic", 3);
	CU_ASSERT_EQUAL(notify(0x0104), 1);
	CU_ASSERT_EQUAL(notify(0x0104), 2);
	CU_ASSERT_EQUAL(session.phase, DM_AWAY);
	CU_ASSERT_EQUAL(notify(0x0104), 3);
	comes(0x0104);
}

static void counts_notifications_of_other_ids_too(void)
{
	fresh("generic", 2);
	CU_ASSERT_EQUAL(notify(0x0104), 1);
	CU_ASSERT_EQUAL(notify(0x0105), 2);
	comes(0x0105);
}

static void takes_nothing_while_it_comes_or_is_there(void)
{
	fresh("generic", 1);
	CU_ASSERT_EQUAL(notify(0x0104), 1);
	CU_ASSERT_EQUAL(notify(0x0105), 0);
	comes(0x0104);
	dm_session_start(&session);
	CU_ASSERT_EQUAL(notify(0x0105), 0);
	CU_ASSERT_EQUAL(session.phase, DM_IN_SESSION);
	CU_ASSERT_EQUAL(session.id, 0x0104);
}

static void does_not_come_twice_for_one_notification(void)
{
	fresh("generic", 1);
	notify(0x0104);
	has_been_there();
	CU_ASSERT_EQUAL(notify(0x0104), 0);
	CU_ASSERT_EQUAL(notify_from(true, 0x0104, 9), 0);
	CU_ASSERT_EQUAL(session.phase, DM_AWAY);
	CU_ASSERT_EQUAL(notify(0x0105), 1);
	comes(0x0105);
}

static void counts_anew_after_a_session(void)
{
	fresh("generic", 2);
	notify(0x0104);
	notify(0x0104);
	has_been_there();
	CU_ASSERT_EQUAL(notify(0x0105), 1);
	CU_ASSERT_EQUAL(notify(0x0105), 2);
	comes(0x0105);
}

static void a_new_account_has_had_no_session(void)
{
	fresh("symbian", 1);
	notify(0x0104);
	has_been_there();
	dm_session_forget(&session);
	CU_ASSERT_EQUAL(notify(0x0104), 1);
	comes(0x0104);
}

static void swaps_the_octets_as_its_client_does(void)
{
	fresh("libdmclient", 1);
	notify(0x0104);
	comes(0x0401);
	has_been_there();
	CU_ASSERT_EQUAL(notify(0x0104), 0);
	CU_ASSERT_EQUAL(notify(0x0401), 1);
	comes(0x0104);
}

static void begins_its_own_session_for_its_user(void)
{
	fresh("libdmclient", 1);
	notify_from(false, 0x0104, 0);
	comes(1);
	has_been_there();
	CU_ASSERT_EQUAL(notify_from(false, 2, 0), 1);
	comes(3);
	has_been_there();
	session.last_own_id = 0xffff;
	notify_from(false, 0x0104, 0);
	comes(1);
}

static void aosp_asks_for_an_update_then(void)
{
	fresh("aosp", 1);
	notify(0x0104);
	CU_ASSERT_FALSE(session.asks_for_update);
	has_been_there();
	notify_from(false, 0x0105, 0);
	comes(1);
	CU_ASSERT(session.own && session.asks_for_update);
	has_been_there();
	dm_session_come(&session);
	CU_ASSERT_FALSE(session.asks_for_update);
	fresh("generic", 1);
	notify_from(false, 0x0104, 0);
	CU_ASSERT(session.own && !session.asks_for_update);
}

static void comes_by_itself(void)
{
	fresh("generic", 1);
	dm_session_come(&session);
	comes(1);
	CU_ASSERT(session.own);
	has_been_there();
	CU_ASSERT_EQUAL(notify(2), 1);
	comes(2);
	CU_ASSERT(!session.own);
	dm_session_start(&session);
	dm_session_come(&session);
	comes(3);
	CU_ASSERT(session.own);
	CU_ASSERT_EQUAL(notify(4), 0);
	has_been_there();
	CU_ASSERT_EQUAL(notify(2), 0);
	CU_ASSERT_EQUAL(notify(4), 1);
}

/* Its count needs other digests, from another session id or nonce. */
static void symbian_drops_an_equal_digest(void)
{
	fresh("symbian", 3);
	CU_ASSERT_EQUAL(notify(0x0104), 1);
	CU_ASSERT_EQUAL(notify(0x0104), 0);
	CU_ASSERT_EQUAL(notify_from(true, 0x0104, 1), 2);
	CU_ASSERT_EQUAL(notify(0x0105), 3);
	comes(0x0105);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a device that never comes", never_comes },
		{ "comes by itself", comes_by_itself },
		{ "comes when it has been pushed often enough",
		  comes_when_it_has_been_pushed_often_enough },
		{ "counts notifications of other ids, too",
		  counts_notifications_of_other_ids_too },
		{ "takes nothing while it comes or is there",
		  takes_nothing_while_it_comes_or_is_there },
		{ "does not come twice for one notification",
		  does_not_come_twice_for_one_notification },
		{ "counts anew after a session", counts_anew_after_a_session },
		{ "a new account has had no session",
		  a_new_account_has_had_no_session },
		{ "swaps the octets as its client does",
		  swaps_the_octets_as_its_client_does },
		{ "begins its own session for its user",
		  begins_its_own_session_for_its_user },
		{ "aosp asks for an update then",
		  aosp_asks_for_an_update_then },
		{ "symbian drops an equal digest",
		  symbian_drops_an_equal_digest },
		CU_TEST_INFO_NULL,
	};

	return tap_run("dm_session", tests);
}
