/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of the registry: how they change, and what they add to requests. */
#include "gateway/request/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json/device_json.h"
#include "tests/tap.h"

#define T0 1700000000000	/* milliseconds */
#define SIXTY "123456789012345678901234567890123456789012345678901234567890"
#define CREDENTIAL "WqU5XbDuI3Yl05pnBLrjrw=="

static struct device d;
static struct err e;
static json_t *params;		/* of the last request: it borrows from it */

static bool is(int rc, int code, const char *field)
{
	if (rc == code && (!rc || !strcmp(e.field, field)))
		return true;
	printf("# %d \"%s\" \"%s\" \"%s\"\n", rc, e.field, e.came, e.allowed);
	return false;
}

static void parse(const struct field *table, const char *json, void *out)
{
	json_decref(params);
	params = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(params);
	CU_ASSERT(is(fields_parse(table, params, false, out, &e), DM_OK, ""));
}

/* device.put of the device at hand. */
static int put(const char *json)
{
	struct device_put_request rq;

	parse(request_device_put_fields, json, &rq);
	return device_change(&d, &rq, &e);
}

static void begin(void)
{
	memset(&d, 0, sizeof(d));
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"msisdn\":\"+491701234567\","
		"\"imsi\":\"262011234567890\",\"server-id\":\"srv\","
		"\"password\":\"pw\",\"nonce-hex\":\"0011223344\","
		"\"dm-version\":\"1.2\",\"quirks\":\"samsung\"}"), DM_OK,
		""));
}

/* -------------------------------- names -------------------------------- */

static void names_have_something_that_is_no_digit(void)
{
	static const char *const good[] = {
		"a", "7x", "dev-1", "IMEI:490154203237518", "a.b_c:d@e-f",
		(SIXTY "123x"),
	};
	static const char *const bad[] = {
		"", "1", "491701234567", "+491701234567", "a b", "a/b",
		"\xc3\xa4",
		"a\n",
		(SIXTY "1234x"),
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CU_ASSERT(is(device_name_check(good[i], "x", &e), DM_OK, ""));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT(is(device_name_check(bad[i], "x", &e), DM_EINVAL,
			     "x"));
}

static void a_key_is_one_of_three(void)
{
	struct device_key name = { .device = "dev1" };
	struct device_key number = { .to = "+491701234567" };
	struct device_key both = { .device = "dev1", .to = "dev1" };
	struct device_key short_number = { .to = "1234" };
	struct device_key bad_name = { .to = "a b" };
	struct device_key as_number = { .device = "491701234567" };
	struct device_key dev_id = { .dev_id = "any text" };
	struct device_key none = { .to = NULL };

	CU_ASSERT(is(device_key_check(&name, &e), DM_OK, ""));
	CU_ASSERT(is(device_key_check(&number, &e), DM_OK, ""));
	CU_ASSERT(is(device_key_check(&dev_id, &e), DM_OK, ""));
	CU_ASSERT(is(device_key_check(&both, &e), DM_EINVAL, "device"));
	CU_ASSERT(is(device_key_check(&none, &e), DM_EINVAL, "device"));
	CU_ASSERT(is(device_key_check(&short_number, &e), DM_EINVAL, "to"));
	CU_ASSERT(is(device_key_check(&bad_name, &e), DM_EINVAL, "to"));
	CU_ASSERT(is(device_key_check(&as_number, &e), DM_EINVAL, "device"));
}

/* ------------------------------- changes ------------------------------- */

static void a_new_device_has_what_was_given(void)
{
	begin();
	CU_ASSERT_STRING_EQUAL(d.name, "dev1");
	CU_ASSERT_STRING_EQUAL(d.msisdn, "+491701234567");
	CU_ASSERT_STRING_EQUAL(d.imsi, "262011234567890");
	CU_ASSERT_STRING_EQUAL(d.dev_id, "");
	CU_ASSERT_STRING_EQUAL(d.server_id, "srv");
	CU_ASSERT_STRING_EQUAL(d.auth_name, "");
	CU_ASSERT(d.has_nonce);
	CU_ASSERT_STRING_EQUAL(d.nonce, "ABEiM0Q=");
	CU_ASSERT_EQUAL(d.dm_version, DM_VERSION_12);
	CU_ASSERT_STRING_EQUAL(d.quirks, "samsung");
}

static void a_new_device_needs_a_number(void)
{
	memset(&d, 0, sizeof(d));
	CU_ASSERT(is(put("{\"device\":\"x\"}"), DM_EINVAL, "msisdn"));
	memset(&d, 0, sizeof(d));
	CU_ASSERT(is(put("{\"device\":\"x\",\"msisdn\":\"12345\"}"), DM_OK,
		     ""));
	CU_ASSERT_EQUAL(d.dm_version, REQUEST_UNSET);
	CU_ASSERT_FALSE(d.has_nonce);
	CU_ASSERT_STRING_EQUAL(d.credential, "");
}

static void what_is_not_given_stays(void)
{
	json_t *before, *after;

	begin();
	before = device_json(&d, true);
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"dev-id\":\"IMEI:1\"}"), DM_OK,
		     ""));
	json_object_set_new(before, "dev-id", json_string("IMEI:1"));
	after = device_json(&d, true);
	CU_ASSERT(json_equal(before, after));
	json_decref(before);
	json_decref(after);
}

static void secrets_are_shown_only_when_asked_for(void)
{
	static const char *const names[] = { "imsi", "credential", "nonce" };
	json_t *open, *closed;
	char has[32];

	begin();
	open = device_json(&d, true);
	closed = device_json(&d, false);
	for (size_t i = 0; i < 3; i++) {
		snprintf(has, sizeof(has), "has-%s", names[i]);
		CU_ASSERT(json_is_true(json_object_get(closed, has)));
		CU_ASSERT_PTR_NULL(json_object_get(closed, names[i]));
		CU_ASSERT(json_is_string(json_object_get(open, names[i])));
	}
	json_decref(open);
	json_decref(closed);
}

static void of_a_password_the_credential_stays(void)
{
	struct digest_source s = { .server_id = "srv", .password = "pw" };
	char credential[DIGEST_CREDENTIAL_SIZE];

	begin();
	CU_ASSERT_EQUAL(digest_credential(&s, credential, &e), DM_OK);
	CU_ASSERT_STRING_EQUAL(d.credential, credential);
	s.server_id = "AuthName";
	CU_ASSERT_EQUAL(digest_credential(&s, credential, &e), DM_OK);
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"auth-name\":\"AuthName\","
		"\"password\":\"pw\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(d.credential, credential);
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"credential\":\""
		CREDENTIAL "\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(d.credential, CREDENTIAL);
}

static void a_new_name_of_the_server_needs_a_credential(void)
{
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"server-id\":\"srv\"}"), DM_OK,
		     ""));
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"server-id\":\"other\"}"),
		     DM_EINVAL, "password"));
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"auth-name\":\"other\"}"),
		     DM_EINVAL, "password"));
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"server-id\":\"other\","
		"\"credential\":\"" CREDENTIAL "\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(d.server_id, "other");
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"auth-name\":\"srv\"}"), DM_OK,
		     ""));
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"server-id\":\"other\"}"),
		     DM_OK, ""));
}

static void a_nonce_may_be_empty(void)
{
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"nonce-hex\":\"\"}"), DM_OK,
		     ""));
	CU_ASSERT(d.has_nonce);
	CU_ASSERT_STRING_EQUAL(d.nonce, "");
}

static void refuses_what_is_wrong(void)
{
	static const struct {
		const char *json, *field;
	} bad[] = {
		{ "{\"device\":\"1\"}", "device" },
		{ "{\"device\":\"dev1\",\"msisdn\":\"+49x17\"}", "msisdn" },
		{ "{\"device\":\"dev1\",\"imsi\":\"26201x\"}", "imsi" },
		{ "{\"device\":\"dev1\",\"dev-id\":\"a\\nb\"}", "dev-id" },
		{ "{\"device\":\"dev1\",\"auth-name\":\"a\\u007f\","
		  "\"password\":\"\"}", "auth-name" },
		{ "{\"device\":\"dev1\",\"nonce\":\"AA\"}", "nonce" },
		{ "{\"device\":\"dev1\",\"nonce\":\"AAAA\",\"nonce-hex\":"
		  "\"00\"}", "nonce" },
		{ "{\"device\":\"dev1\",\"password\":\"x\",\"credential\":\""
		  CREDENTIAL "\"}", "credential" },
		{ "{\"device\":\"dev1\",\"credential\":"
		  "\"!qU5XbDuI3Yl05pnBLrjrw==\"}", "credential" },
		{ "{\"device\":\"dev1\",\"quirks\":\"nokia\"}", "quirks" },
		{ "{\"device\":\"dev1\",\"route\":\"a b\"}", "route" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		CU_ASSERT(is(put(bad[i].json), DM_EINVAL, bad[i].field));
	}
	memset(&d, 0, sizeof(d));
	CU_ASSERT(is(put("{\"device\":\"x\",\"msisdn\":\"12345\","
		"\"password\":\"a\"}"), DM_EINVAL, "server-id"));
}

static void errors_hold_no_secret(void)
{
	begin();
	CU_ASSERT_NOT_EQUAL(put("{\"device\":\"dev1\",\"imsi\":\"2620x1\"}"),
			    DM_OK);
	CU_ASSERT_PTR_NULL(strstr(e.came, "2620"));
	CU_ASSERT_NOT_EQUAL(put("{\"device\":\"dev1\",\"nonce\":\"QUJD!\"}"),
			    DM_OK);
	CU_ASSERT_PTR_NULL(strstr(e.came, "QUJD"));
}

/* ------------------------------- requests ------------------------------- */

static struct notify_request rq;

static int merge(const char *json)
{
	parse(request_notify_fields, json, &rq);
	return device_merge(&d, &rq, &e);
}

static void a_notification_needs_the_name_only(void)
{
	begin();
	CU_ASSERT(is(merge("{\"to\":\"dev1\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.delivery.to, "+491701234567");
	CU_ASSERT_STRING_EQUAL(rq.key.server_id, "srv");
	CU_ASSERT_STRING_EQUAL(rq.key.credential, d.credential);
	CU_ASSERT_PTR_NULL(rq.key.password);
	CU_ASSERT_STRING_EQUAL(rq.key.nonce, "ABEiM0Q=");
	CU_ASSERT_EQUAL(rq.dm_version, DM_VERSION_12);
	CU_ASSERT_STRING_EQUAL(rq.quirks, "samsung");
}

static void what_a_request_has_goes_first(void)
{
	begin();
	CU_ASSERT(is(merge("{\"to\":\"dev1\",\"server-id\":\"srv\","
		"\"password\":\"p2\",\"nonce-hex\":\"aa\",\"dm-version\":"
		"\"1.1.2\",\"quirks\":\"generic\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.key.password, "p2");
	CU_ASSERT_PTR_NULL(rq.key.credential);
	CU_ASSERT_PTR_NULL(rq.key.nonce);
	CU_ASSERT_STRING_EQUAL(rq.key.nonce_hex, "aa");
	CU_ASSERT_EQUAL(rq.dm_version, DM_VERSION_112);
	CU_ASSERT_STRING_EQUAL(rq.quirks, "generic");
}

static void another_server_gets_no_credential_of_this_one(void)
{
	begin();
	CU_ASSERT(is(merge("{\"to\":\"dev1\",\"server-id\":\"other\"}"), DM_OK,
		     ""));
	CU_ASSERT_STRING_EQUAL(rq.key.server_id, "other");
	CU_ASSERT_PTR_NULL(rq.key.credential);
	CU_ASSERT_PTR_NULL(rq.key.nonce);
	CU_ASSERT_STRING_EQUAL(rq.quirks, "samsung");
}

static void a_device_may_know_little(void)
{
	memset(&d, 0, sizeof(d));
	put("{\"device\":\"x\",\"msisdn\":\"12345\"}");
	CU_ASSERT(is(merge("{\"to\":\"x\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.delivery.to, "12345");
	CU_ASSERT_PTR_NULL(rq.key.server_id);
	CU_ASSERT_PTR_NULL(rq.key.credential);
	CU_ASSERT_PTR_NULL(rq.key.nonce);
	CU_ASSERT_PTR_NULL(rq.quirks);
	CU_ASSERT_EQUAL(rq.dm_version, REQUEST_UNSET);
}

/* bearerbox takes back another one. */
static void its_route_is_that_of_requests_without(void)
{
	begin();
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"route\":\"lab\"}"), DM_OK,
		     ""));
	CU_ASSERT(is(merge("{\"to\":\"dev1\"}"), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.delivery.route, "lab");
	CU_ASSERT(is(merge("{\"to\":\"dev1\",\"route\":\"bearerbox\"}"),
		     DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.delivery.route, "bearerbox");
	CU_ASSERT(is(put("{\"device\":\"dev1\",\"route\":\"bearerbox\"}"),
		     DM_OK, ""));
	CU_ASSERT(is(merge("{\"to\":\"dev1\"}"), DM_OK, ""));
	CU_ASSERT_PTR_NULL(rq.delivery.route);
}

static struct bootstrap_request brq;

static void merge_bootstrap(const char *sec, const char *more)
{
	char json[256];

	snprintf(json, sizeof(json), "{\"to\":\"dev1\",\"sec\":\"%s\"%s}", sec,
		 more);
	parse(request_bootstrap_fields, json, &brq);
	device_merge_bootstrap(&d, &brq);
}

static void a_bootstrap_is_signed_with_the_imsi(void)
{
	begin();
	merge_bootstrap("NETWPIN", "");
	CU_ASSERT_STRING_EQUAL(brq.delivery.to, "+491701234567");
	CU_ASSERT_STRING_EQUAL(brq.security.imsi, "262011234567890");
	CU_ASSERT_STRING_EQUAL(brq.security.quirks, "samsung");
	merge_bootstrap("USERNETWPIN", ",\"quirks\":\"aosp\"");
	CU_ASSERT_STRING_EQUAL(brq.security.imsi, "262011234567890");
	CU_ASSERT_STRING_EQUAL(brq.security.quirks, "aosp");
	merge_bootstrap("NETWPIN", ",\"imsi\":\"310150\"");
	CU_ASSERT_STRING_EQUAL(brq.security.imsi, "310150");
	merge_bootstrap("NETWPIN", ",\"key-hex\":\"00\"");
	CU_ASSERT_PTR_NULL(brq.security.imsi);
	merge_bootstrap("USERPIN", ",\"pin\":\"1234\"");
	CU_ASSERT_PTR_NULL(brq.security.imsi);
}

/* --------------------------- resynchronisation --------------------------- */

static int resync(const char *quirks, int64_t now_ms)
{
	char json[128];

	snprintf(json, sizeof(json), "{\"to\":\"dev1\",\"resync\":true,"
		 "\"quirks\":\"%s\"}", quirks);
	CU_ASSERT(is(merge(json), DM_OK, ""));
	return device_resync(&d, &rq, now_ms, &e);
}

static void the_default_nonce_is_as_the_client_reads_it(void)
{
	begin();
	CU_ASSERT(is(resync("samsung", T0), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.key.nonce_hex, "00000000");
	CU_ASSERT_PTR_NULL(rq.key.nonce);
	CU_ASSERT_PTR_NULL(rq.key.nonce_text);
	CU_ASSERT_EQUAL(d.resync_ms, T0);
	begin();
	CU_ASSERT(is(resync("libdmclient", T0), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(rq.key.nonce_text, "0x00000000");
	CU_ASSERT_PTR_NULL(rq.key.nonce_hex);
}

static void a_client_without_one_is_not_resynchronized(void)
{
	begin();
	CU_ASSERT(is(resync("symbian", T0), DM_EINVAL, "resync"));
	CU_ASSERT(is(resync("windows-mobile-5", T0), DM_EINVAL, "resync"));
	CU_ASSERT_EQUAL(d.resync_ms, 0);
	d.dm_version = DM_VERSION_112;
	CU_ASSERT(is(resync("samsung", T0), DM_EINVAL, "resync"));
}

static void once_a_day(void)
{
	begin();
	CU_ASSERT(is(resync("samsung", T0), DM_OK, ""));
	CU_ASSERT(is(resync("samsung", T0 + 1), DM_ESTATE, "resync"));
	CU_ASSERT(is(resync("samsung", T0 + DEVICE_RESYNC_MS - 1), DM_ESTATE,
		     "resync"));
	CU_ASSERT_EQUAL(d.resync_ms, T0);
	CU_ASSERT(is(resync("samsung", T0 + DEVICE_RESYNC_MS), DM_OK, ""));
	CU_ASSERT_EQUAL(d.resync_ms, T0 + DEVICE_RESYNC_MS);
}

static void a_nonce_goes_not_with_it(void)
{
	begin();
	CU_ASSERT(is(merge("{\"to\":\"dev1\",\"resync\":true,\"nonce\":"
		"\"AAAA\"}"), DM_EINVAL, "nonce"));
}

static void there_is_no_other_way_to_a_default_nonce(void)
{
	static const char *const defaults[] = {
		"\"nonce-hex\":\"00000000\"", "\"nonce\":\"AAAAAA==\"",
		"\"nonce-text\":\"0x00000000\"",
		"\"nonce-text\":\"AAAAAA==\"",
	};
	char json[128];
	struct nonce_put_request put_rq;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		begin();
		snprintf(json, sizeof(json), "{\"to\":\"dev1\",%s}",
			 defaults[i]);
		CU_ASSERT(is(merge(json), DM_EINVAL, "nonce"));
		parse(request_nonce_put_fields, json, &put_rq);
		CU_ASSERT(is(device_set_nonce(&d, &put_rq.key, &e), DM_EINVAL,
			     "nonce"));
		snprintf(json, sizeof(json), "{\"to\":\"dev1\","
			 "\"password\":\"pw\",%s}", defaults[i]);
		CU_ASSERT(is(merge(json), DM_OK, ""));
	}
	CU_ASSERT(is(merge("{\"to\":\"dev1\",\"nonce-hex\":\"000000\"}"), DM_OK,
		     ""));
}

static void a_session_gives_the_next_nonce(void)
{
	struct nonce_put_request put_rq;

	begin();
	parse(request_nonce_put_fields, "{\"device\":\"dev1\",\"nonce-text\":"
	      "\"next\"}", &put_rq);
	CU_ASSERT(is(device_set_nonce(&d, &put_rq.key, &e), DM_OK, ""));
	CU_ASSERT_STRING_EQUAL(d.nonce, "bmV4dA==");
}

int main(void)
{
	int rc = tap_run("registry", (CU_TestInfo[]){
		{ "names have something that is no digit",
		  names_have_something_that_is_no_digit },
		{ "a key is one of three", a_key_is_one_of_three },
		{ "a new device has what was given",
		  a_new_device_has_what_was_given },
		{ "a new device needs a number", a_new_device_needs_a_number },
		{ "what is not given stays", what_is_not_given_stays },
		{ "secrets are shown only when asked for",
		  secrets_are_shown_only_when_asked_for },
		{ "of a password the credential stays",
		  of_a_password_the_credential_stays },
		{ "a new name of the server needs a credential",
		  a_new_name_of_the_server_needs_a_credential },
		{ "a nonce may be empty", a_nonce_may_be_empty },
		{ "refuses what is wrong", refuses_what_is_wrong },
		{ "errors hold no secret", errors_hold_no_secret },
		{ "a notification needs the name only",
		  a_notification_needs_the_name_only },
		{ "what a request has goes first",
		  what_a_request_has_goes_first },
		{ "another server gets no credential of this one",
		  another_server_gets_no_credential_of_this_one },
		{ "a device may know little", a_device_may_know_little },
		{ "its route is that of requests without",
		  its_route_is_that_of_requests_without },
		{ "a bootstrap is signed with the imsi",
		  a_bootstrap_is_signed_with_the_imsi },
		{ "the default nonce is as the client reads it",
		  the_default_nonce_is_as_the_client_reads_it },
		{ "a client without one is not resynchronized",
		  a_client_without_one_is_not_resynchronized },
		{ "once a day", once_a_day },
		{ "a nonce goes not with it", a_nonce_goes_not_with_it },
		{ "there is no other way to a default nonce",
		  there_is_no_other_way_to_a_default_nonce },
		{ "a session gives the next nonce",
		  a_session_gives_the_next_nonce },
		CU_TEST_INFO_NULL,
	});

	json_decref(params);
	return rc;
}
