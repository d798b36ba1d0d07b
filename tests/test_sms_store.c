/* SPDX-License-Identifier: Apache-2.0 */
/* SMS that wait: their order, their end, and how many there may be. */
#include "emulator/smsc/sms_store.h"

#include <string.h>

#include "emulator/instant.h"
#include "tests/tap.h"

static struct event_base *base;
static struct device devices[2];
static const struct config config = { .devices = devices, .n_devices = 2 };
static struct sms_store *store;
static char expired[100];		/* message ids */

static void on_expired(void *arg, const struct stored_sms *s)
{
	CU_ASSERT_PTR_EQUAL(arg, expired);
	strcat(expired, s->receipt.message_id);
}

static void begin(void)
{
	base = event_base_new();
	expired[0] = '\0';
	store = sms_store_new(base, &config, on_expired, expired);
}

static void end(void)
{
	sms_store_free(store);
	event_base_free(base);
}

static bool put(size_t device, const char *id, int64_t until_s)
{
	struct stored_sms s = {
		.device = &devices[device], .until_s = until_s,
	};

	strcpy(s.receipt.message_id, id);
	return sms_store_put(store, &s);
}

/* The message id of the next one, "" if there is none. */
static const char *take(size_t device)
{
	static struct stored_sms s;

	return sms_store_take(store, &devices[device], &s) ?
	       s.receipt.message_id : "";
}

static void gives_each_device_its_own_in_their_order(void)
{
	begin();
	CU_ASSERT(put(0, "a", INT64_MAX));
	CU_ASSERT(put(1, "b", INT64_MAX));
	CU_ASSERT(put(0, "c", INT64_MAX));
	CU_ASSERT_EQUAL(sms_store_len(store), 3);
	CU_ASSERT_STRING_EQUAL(take(0), "a");
	CU_ASSERT_STRING_EQUAL(take(0), "c");
	CU_ASSERT_STRING_EQUAL(take(0), "");
	CU_ASSERT_STRING_EQUAL(take(1), "b");
	CU_ASSERT_EQUAL(sms_store_len(store), 0);
	end();
}

/* Those behind it and before it stay. */
static void hands_back_what_waits_too_long(void)
{
	int64_t now_s = instant_now().wall_s;

	begin();
	put(0, "a", now_s + 3600);
	put(0, "b", now_s);
	put(0, "c", INT64_MAX);
	while (!expired[0])
		event_base_loop(base, EVLOOP_ONCE);
	CU_ASSERT(instant_now().wall_s > now_s);
	CU_ASSERT_STRING_EQUAL(expired, "b");
	CU_ASSERT_STRING_EQUAL(take(0), "a");
	CU_ASSERT_STRING_EQUAL(take(0), "c");
	CU_ASSERT_STRING_EQUAL(take(0), "");
	end();
}

static void takes_so_many_and_no_more(void)
{
	begin();
	for (int i = 0; i < SMS_STORE_MAX; i++)
		CU_ASSERT_FATAL(put((size_t)i % 2, "a", INT64_MAX));
	CU_ASSERT(!put(0, "b", INT64_MAX));
	CU_ASSERT_STRING_EQUAL(take(1), "a");
	CU_ASSERT(put(0, "b", INT64_MAX));
	CU_ASSERT_EQUAL(sms_store_len(store), SMS_STORE_MAX);
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "gives each device its own, in their order",
		  gives_each_device_its_own_in_their_order },
		{ "hands back what waits too long",
		  hands_back_what_waits_too_long },
		{ "takes so many and no more", takes_so_many_and_no_more },
		CU_TEST_INFO_NULL,
	};

	return tap_run("sms_store", tests);
}
