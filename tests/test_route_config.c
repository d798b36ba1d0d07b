/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/route_config.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct err e;
static struct job j;

static struct route_config made(const char *name, const char *kind)
{
	return (struct route_config){ .name = name, .kind_text = kind,
				      .address = "", .token_file = "",
				      .file = "" };
}

static bool is(int rc, int want, const char *field)
{
	return rc == want && (!want || !strcmp(e.field, field));
}

static void each_kind_has_its_defaults(void)
{
	struct route_config udp = made("a", "udp");
	struct route_config console = made("b", "android-console");
	struct route_config file = made("c", "file");

	file.file = "x";
	CU_ASSERT_EQUAL(route_config_check(&udp, &e), DM_OK);
	CU_ASSERT_EQUAL(udp.kind, ROUTE_UDP);
	CU_ASSERT_STRING_EQUAL(udp.address, "127.0.0.1");
	CU_ASSERT_EQUAL(udp.port, 2948);
	CU_ASSERT_EQUAL(route_config_check(&console, &e), DM_OK);
	CU_ASSERT_EQUAL(console.kind, ROUTE_CONSOLE);
	CU_ASSERT_EQUAL(console.port, 5554);
	CU_ASSERT_EQUAL(route_config_check(&file, &e), DM_OK);
	CU_ASSERT_EQUAL(file.kind, ROUTE_FILE);
}

static void options_of_another_kind_are_refused(void)
{
	struct route_config r = made("a", "udp");

	r.file = "x";
	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "file"));
	r = made("a", "udp");
	r.token_file = "x";
	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "token-file"));
	r = made("a", "android-console");
	r.address = "10.0.0.1";
	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "address"));
	r = made("a", "pcap");
	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "file"));
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "missing"));
	r.file = "x";
	r.port = 2948;
	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "port"));
}

static void names_and_kinds_are_checked(void)
{
	static const char *const bad[] = { "", "a b", "a/b", "bearerbox",
		"123456789012345678901234567890123" };
	struct route_config r = made("a", "fax");

	CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "kind"));
	CU_ASSERT_STRING_EQUAL(e.allowed, "udp, android-console, file or pcap");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		r = made(bad[i], "udp");
		CU_ASSERT(is(route_config_check(&r, &e), DM_EINVAL, "route"));
	}
}

/* ------------------------------- requests ------------------------------- */

static const struct route_config routes[] = {
	{ .name = "lab", .kind_text = "udp", .kind = ROUTE_UDP },
	{ .name = "avd", .kind_text = "android-console",
	  .kind = ROUTE_CONSOLE },
};

static int choose(const char *route, int32_t until, enum job_reached by_default)
{
	struct delivery_request rq = { .route = route, .until = until };

	j = (struct job){ .from = "12345", .route = "before" };
	j.until = until == REQUEST_UNSET ? by_default
					 : (enum job_reached)until;
	return route_choose(routes, 2, &rq, &j, &e);
}

static void what_names_no_route_goes_to_bearerbox(void)
{
	CU_ASSERT_EQUAL(choose(NULL, REACHED_DELIVERED, 0), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.route, "");
	CU_ASSERT_EQUAL(choose("bearerbox", REACHED_DELIVERED, 0), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.route, "");
	CU_ASSERT_EQUAL(j.until, REACHED_DELIVERED);
}

static void an_unknown_route_is_refused_with_those_there_are(void)
{
	CU_ASSERT(is(choose("nope", REACHED_TAKEN, 0), DM_EINVAL, "route"));
	CU_ASSERT_STRING_EQUAL(e.allowed, "bearerbox, lab, avd");
	CU_ASSERT_STRING_EQUAL(e.came, "\"nope\"");
}

static void a_route_is_asked_for_what_it_can_tell(void)
{
	CU_ASSERT(is(choose("lab", REACHED_DELIVERED, 0), DM_EINVAL, "until"));
	CU_ASSERT_STRING_EQUAL(e.allowed, "taken or session");
	CU_ASSERT_EQUAL(choose("lab", REACHED_SESSION, 0), DM_OK);
	CU_ASSERT_EQUAL(j.until, REACHED_SESSION);
	CU_ASSERT_EQUAL(choose("lab", REQUEST_UNSET, REACHED_DELIVERED),
			DM_OK);
	CU_ASSERT_EQUAL(j.until, REACHED_TAKEN);
	CU_ASSERT_EQUAL(choose("lab", REQUEST_UNSET, REACHED_SESSION), DM_OK);
	CU_ASSERT_EQUAL(j.until, REACHED_SESSION);
	CU_ASSERT_EQUAL(choose("avd", REACHED_DELIVERED, 0), DM_OK);
	CU_ASSERT_STRING_EQUAL(j.route, "avd");
	CU_ASSERT_EQUAL(j.until, REACHED_DELIVERED);
}

static void what_only_bearerbox_has_is_refused(void)
{
	struct delivery_request rq = { .route = "lab", .smsc_id = "smsc1",
				       .until = REQUEST_UNSET };

	CU_ASSERT(is(route_choose(routes, 2, &rq, &j, &e), DM_EINVAL,
		     "smsc-id"));
	rq = (struct delivery_request){ .route = "avd" };
	strcpy(j.from, "a_b");
	CU_ASSERT(is(route_choose(routes, 2, &rq, &j, &e), DM_EINVAL, "from"));
}

int main(void)
{
	return tap_run("route_config", (CU_TestInfo[]){
		{ "each kind has its defaults", each_kind_has_its_defaults },
		{ "options of another kind are refused",
		  options_of_another_kind_are_refused },
		{ "names and kinds are checked", names_and_kinds_are_checked },
		{ "what names no route goes to bearerbox",
		  what_names_no_route_goes_to_bearerbox },
		{ "an unknown route is refused with those there are",
		  an_unknown_route_is_refused_with_those_there_are },
		{ "a route is asked for what it can tell",
		  a_route_is_asked_for_what_it_can_tell },
		{ "what only bearerbox has is refused",
		  what_only_bearerbox_has_is_refused },
		CU_TEST_INFO_NULL,
	});
}
