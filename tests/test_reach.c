/* SPDX-License-Identifier: Apache-2.0 */
/* What a device has lost, and what follows from it, in time. */
#include "emulator/network.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* ---------------------------------- pure ---------------------------------- */

static void power_takes_all_with_it(void)
{
	struct reach r = { 0 };

	CU_ASSERT(reach_is_on(&r) && reach_takes_sms(&r) &&
		  reach_has_data(&r));
	CU_ASSERT_EQUAL(reach_next_ms(&r), INT64_MAX);
	reach_lose(&r, REACH_DATA, 1000, 50);
	CU_ASSERT(reach_takes_sms(&r) && !reach_has_data(&r));
	CU_ASSERT_EQUAL(reach_next_ms(&r), 1050);
	reach_lose(&r, REACH_RADIO, 1000, REACH_FOR_EVER);
	CU_ASSERT(reach_is_on(&r) && !reach_takes_sms(&r));
	CU_ASSERT_EQUAL(reach_next_ms(&r), 1050);
	reach_lose(&r, REACH_POWER, 1000, 20);
	CU_ASSERT(!reach_is_on(&r) && !reach_takes_sms(&r) &&
		  !reach_has_data(&r));
	CU_ASSERT_EQUAL(reach_next_ms(&r), 1020);
}

static void each_way_ends_once_and_for_itself(void)
{
	struct reach r = { 0 };

	reach_lose(&r, REACH_POWER, 1000, 20);
	reach_lose(&r, REACH_DATA, 1000, 50);
	CU_ASSERT(!reach_ends(&r, REACH_POWER, 1019));
	CU_ASSERT(!reach_is_on(&r));
	CU_ASSERT(reach_ends(&r, REACH_POWER, 1020));
	CU_ASSERT(!reach_ends(&r, REACH_POWER, 1020));
	CU_ASSERT(reach_is_on(&r) && !reach_has_data(&r));
	CU_ASSERT(!reach_ends(&r, REACH_RADIO, 9000));
	CU_ASSERT(reach_ends(&r, REACH_DATA, 9000));
	CU_ASSERT(reach_has_data(&r));
}

static void the_last_word_counts(void)
{
	struct reach r = { 0 };

	reach_lose(&r, REACH_RADIO, 1000, REACH_FOR_EVER);
	CU_ASSERT(!reach_ends(&r, REACH_RADIO, INT64_MAX - 1));
	reach_lose(&r, REACH_RADIO, 1000, 5);
	CU_ASSERT_EQUAL(reach_next_ms(&r), 1005);
	reach_mend(&r);
	CU_ASSERT(!reach_takes_sms(&r));
	CU_ASSERT(reach_ends(&r, REACH_RADIO, 1000));
	CU_ASSERT(reach_takes_sms(&r));
}

/* -------------------------------- in time --------------------------------- */

static struct event_base *base;
static struct network *network;
static struct device device;
static struct faults faults;
static struct report report = { .json = true };
static const struct mishaps mishaps = { &faults, &report };
static char *events;
static size_t events_len;
static char told[200];			/* what the watcher has heard */
static const char *lose_again;		/* what it does about the next */

static void on_change(void *arg, struct device *d, enum network_change change)
{
	static const char *const names[] = {
		[NETWORK_POWER_LOST] = "power-lost",
		[NETWORK_DATA_LOST] = "data-lost",
		[NETWORK_POWER_BACK] = "power-back",
		[NETWORK_SMS_BACK] = "sms-back",
	};
	size_t len = strlen(told);

	CU_ASSERT_PTR_EQUAL(arg, told);
	CU_ASSERT_PTR_EQUAL(d, &device);
	snprintf(told + len, sizeof(told) - len, "%s%s", len ? " " : "",
		 names[change]);
	if (lose_again && !strcmp(names[change], lose_again)) {
		lose_again = NULL;
		network_lose(network, d, REACH_POWER, 0);
	}
}

static void begin(void)
{
	const struct network_watcher watcher = { on_change, told };

	base = event_base_new();
	device = (struct device){ .msisdn = "+49170" };
	faults = (struct faults){ 0 };
	told[0] = '\0';
	report.out = open_memstream(&events, &events_len);
	network = network_new(base, &mishaps);
	network_watch(network, &watcher);
}

static void end(void)
{
	network_free(network);
	event_base_free(base);
	fault_list_clear(&device.faults);
	fclose(report.out);
	free(events);
	events = NULL;
}

/* Until nothing is to happen any more. */
static void run(void)
{
	event_base_dispatch(base);
	fflush(report.out);
}

/* All that is due now. */
static void run_once(void)
{
	event_base_loop(base, EVLOOP_ONCE);
}

static void rule(const char *text)
{
	struct err e;

	CU_ASSERT_EQUAL(fault_list_add(&device.faults, text, &e), DM_OK);
}

static void is_off_for_a_time(void)
{
	begin();
	network_lose(network, &device, REACH_POWER, 30);
	CU_ASSERT(!reach_is_on(&device.reach));
	CU_ASSERT_STRING_EQUAL(network_why(&device), "off");
	CU_ASSERT_STRING_EQUAL(told, "");
	run_once();
	CU_ASSERT_STRING_EQUAL(told, "power-lost");
	run();
	CU_ASSERT_STRING_EQUAL(told, "power-lost power-back sms-back");
	CU_ASSERT(reach_has_data(&device.reach));
	CU_ASSERT_PTR_NULL(device.outage);
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"device.off\",\"device\":"
				      "\"+49170\",\"for-ms\":30"));
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"device.on\""));
	end();
}

/* However short that is, what it did has stopped. */
static void is_off_for_no_time(void)
{
	begin();
	network_lose(network, &device, REACH_POWER, 0);
	run();
	CU_ASSERT_STRING_EQUAL(told, "power-lost power-back sms-back");
	end();
}

static void is_off_until_it_is_told(void)
{
	begin();
	network_mend(network, &device);
	network_lose(network, &device, REACH_POWER, REACH_FOR_EVER);
	network_lose(network, &device, REACH_RADIO, REACH_FOR_EVER);
	run();
	CU_ASSERT_STRING_EQUAL(told, "power-lost");
	CU_ASSERT_PTR_NULL(strstr(events, "for-ms"));
	network_mend(network, &device);
	run();
	CU_ASSERT_STRING_EQUAL(told, "power-lost power-back sms-back");
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "device.in-reach"));
	end();
}

static void takes_sms_where_there_is_no_data(void)
{
	begin();
	network_lose(network, &device, REACH_DATA, 10);
	run_once();
	CU_ASSERT_STRING_EQUAL(network_why(&device), "no-data");
	CU_ASSERT(network_takes_sms(network, &device));
	CU_ASSERT(!network_has_data(network, &device));
	run();
	CU_ASSERT_STRING_EQUAL(told, "data-lost");
	CU_ASSERT(network_has_data(network, &device));
	network_lose(network, &device, REACH_RADIO, 10);
	CU_ASSERT(!network_takes_sms(network, &device));
	CU_ASSERT(!network_has_data(network, &device));
	run();
	CU_ASSERT_STRING_EQUAL(told, "data-lost data-lost sms-back");
	CU_ASSERT(network_has_data(NULL, &device));
	end();
}

static void loses_something_while_it_is_told(void)
{
	begin();
	lose_again = "sms-back";
	network_lose(network, &device, REACH_RADIO, 0);
	run();
	CU_ASSERT_STRING_EQUAL(told, "data-lost sms-back power-lost "
			       "power-back sms-back");
	CU_ASSERT_PTR_NULL(device.outage);
	end();
}

static void an_sms_finds_it_off(void)
{
	begin();
	rule("off 10 1x");
	rule("out-of-reach 10 1x");
	CU_ASSERT(!network_takes_sms(network, &device));
	CU_ASSERT_STRING_EQUAL(network_why(&device), "off");
	CU_ASSERT(!network_takes_sms(network, &device));
	run();
	CU_ASSERT(!network_takes_sms(network, &device));
	CU_ASSERT_STRING_EQUAL(network_why(&device), "out-of-reach");
	run();
	CU_ASSERT(network_takes_sms(network, &device));
	CU_ASSERT_STRING_EQUAL(told, "power-lost power-back sms-back "
			       "data-lost sms-back");
	CU_ASSERT_EQUAL(faults.n_hits, 2);
	end();
}

static void a_session_finds_no_data(void)
{
	begin();
	rule("no-data 10 1x");
	CU_ASSERT(!network_has_data(network, &device));
	CU_ASSERT(!network_has_data(network, &device));
	run();
	CU_ASSERT(network_has_data(network, &device));
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"fault\":\"no-data\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(events, "\"device.data\""));
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "power takes all with it", power_takes_all_with_it },
		{ "each way ends once, and for itself",
		  each_way_ends_once_and_for_itself },
		{ "the last word counts", the_last_word_counts },
		{ "is off for a time", is_off_for_a_time },
		{ "is off for no time", is_off_for_no_time },
		{ "is off until it is told", is_off_until_it_is_told },
		{ "takes SMS where there is no data",
		  takes_sms_where_there_is_no_data },
		{ "loses something while it is told",
		  loses_something_while_it_is_told },
		{ "an SMS finds it off", an_sms_finds_it_off },
		{ "a session finds no data", a_session_finds_no_data },
		CU_TEST_INFO_NULL,
	};

	return tap_run("reach", tests);
}
