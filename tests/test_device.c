/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/device.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define MESSAGE_MAX 140

static json_t *vectors;		/* tests/vectors/notification.json */
static struct reassembly_slot slots[4];
static struct device_room room;		/* no bootstraps here */
static struct device_outcome out;

/* The UDH of a single segment, 9200 to 2948, and the WSP headers. */
static const char udh[] = "0605040b8423f0";
static const char wsp[] = "010603c4af87";

static void fresh_pool(void)
{
	memset(slots, 0, sizeof(slots));
	room.pool = (struct reassembly){
		slots, 4, DEVICE_REASSEMBLY_TIMEOUT_MS
	};
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const json_t *find(const char *list, const char *name)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(vectors, list), i, v)
		if (!strcmp(text_of(v, "name"), name))
			return v;
	printf("Bail out! no vector %s\n", name);
	exit(EXIT_FAILURE);
}

/* The device that a vector is for. */
static struct device device_for(const json_t *v)
{
	struct device d = {
		.msisdn = "+491701234567", .dm_version = "1.2",
		.quirk = quirks_find("generic"),
		.account = { .given = true, .has_key = true },
	};
	struct digest_source source = {
		.server_id = d.account.server_id,
		.password = text_of(v, "password"),
		.nonce_hex = text_of(v, "nonce_hex"),
	};
	struct err e;

	snprintf(d.account.server_id, sizeof(d.account.server_id), "%s",
		 text_of(v, "server_id"));
	if (digest_key_make(&source, &d.account.key, &e))
		CU_FAIL("no key");
	return d;
}

static void take(struct device *d, const char *a, const char *b,
		 int64_t now_ms)
{
	static uint8_t octets[2 * MESSAGE_MAX];
	size_t len = tap_hex(a, octets, sizeof(octets));
	struct device_sms sms = {
		.from = "12345", .has_udh = true, .octets = octets,
		.now_ms = now_ms,
	};

	sms.len = len + tap_hex(b, octets + len, sizeof(octets) - len);
	device_take(d, &room, &sms, &out);
}

static void take_segment(struct device *d, const json_t *s)
{
	take(d, text_of(s, "udh_hex"), text_of(s, "ud_hex"), 0);
}

/* A package 0 in one segment behind the headers above. */
static void take_package(struct device *d, const char *package_hex)
{
	char hex[1024];

	snprintf(hex, sizeof(hex), "%s%s", wsp, package_hex);
	take(d, udh, hex, 0);
}

static void refused(const char *reason)
{
	CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
	if (!strstr(out.reason, reason))
		printf("# \"%s\" is not in \"%s\"\n", reason, out.reason);
	CU_ASSERT_PTR_NOT_NULL(strstr(out.reason, reason));
}

/* The segments in any order: from first on, step by step. */
static void take_all(struct device *d, const json_t *segments,
		     size_t first, size_t step)
{
	size_t n = json_array_size(segments);

	fresh_pool();
	for (size_t i = 0; i < n; i++) {
		size_t k = (first + i * step) % n;

		if (i)
			CU_ASSERT_EQUAL(out.verdict, DEVICE_WAITS);
		take_segment(d, json_array_get(segments, k));
		CU_ASSERT_EQUAL(out.segment, k + 1);
		CU_ASSERT_EQUAL(out.n_segments, n);
	}
}

static void expect_vector(const json_t *v)
{
	const struct trigger *t = &out.trigger;
	size_t len = strlen(text_of(v, "server_id"));

	CU_ASSERT_EQUAL_FATAL(out.verdict, DEVICE_VERIFIED);
	CU_ASSERT_EQUAL(t->version, 11);
	CU_ASSERT_EQUAL(t->session_id, json_integer_value(
			json_object_get(v, "session_id")));
	CU_ASSERT_EQUAL(t->ui_mode, json_integer_value(
			json_object_get(v, "ui_mode_value")));
	CU_ASSERT_EQUAL(t->server_initiated, json_integer_value(
			json_object_get(v, "initiator_value")));
	CU_ASSERT_EQUAL(t->server_id_len, len);
	CU_ASSERT(!memcmp(t->server_id, text_of(v, "server_id"), len));
	CU_ASSERT_EQUAL(2 * t->vendor_len, strlen(text_of(v, "body_hex")));
}

static void verifies_every_vector_of_version_11(void)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(vectors, "vectors"), i, v) {
		struct device d = device_for(v);
		const json_t *wide = json_object_get(v, "sms16");

		if (json_integer_value(json_object_get(v, "version_field")) !=
		    11)
			continue;
		take_all(&d, json_object_get(v, "sms8"), 0, 1);
		expect_vector(v);
		if (!wide)
			continue;
		take_all(&d, wide, 0, 1);
		expect_vector(v);
	}
}

static void takes_segments_in_any_order(void)
{
	const json_t *v = find("vectors", "dm12-serverid-255");
	struct device d = device_for(v);

	for (size_t first = 0; first < 3; first++) {
		take_all(&d, json_object_get(v, "sms8"), first, 1);
		expect_vector(v);
		take_all(&d, json_object_get(v, "sms8"), first, 2);
		expect_vector(v);
	}
}

static void forgets_segments_after_five_minutes(void)
{
	const json_t *v = find("vectors", "dm12-serverid-127");
	const json_t *s = json_object_get(v, "sms8");
	const json_t *one = json_array_get(s, 0), *two = json_array_get(s, 1);
	struct device d = device_for(v);

	fresh_pool();
	take(&d, text_of(one, "udh_hex"), text_of(one, "ud_hex"), 0);
	take(&d, text_of(two, "udh_hex"), text_of(two, "ud_hex"), 300000);
	CU_ASSERT_EQUAL(out.verdict, DEVICE_WAITS);
	take(&d, text_of(one, "udh_hex"), text_of(one, "ud_hex"), 599999);
	expect_vector(v);
}

static void keeps_devices_apart(void)
{
	const json_t *v = find("vectors", "dm12-serverid-127");
	const json_t *s = json_object_get(v, "sms8");
	struct device d = device_for(v), other = d;

	fresh_pool();
	strcpy(other.msisdn, "491701234568");
	take_segment(&d, json_array_get(s, 0));
	take_segment(&other, json_array_get(s, 1));
	CU_ASSERT_EQUAL(out.verdict, DEVICE_WAITS);
	take_segment(&d, json_array_get(s, 1));
	CU_ASSERT_EQUAL(out.verdict, DEVICE_VERIFIED);
}

static void refuses_other_versions(void)
{
	const json_t *v = find("vectors", "opt-version-12");
	struct device d = device_for(v);

	take_package(&d, text_of(v, "package0_hex"));
	refused("version field 12, allowed: 11");
	v = find("vectors", "opt-version-10");
	take_package(&d, text_of(v, "package0_hex"));
	refused("version field 10, allowed: 11");
}

static void refuses_damaged_messages(void)
{
	static const struct {
		const char *name, *reason;
	} cases[] = {
		{ "dm12-bg-srv-bad-digest", "digest does not verify" },
		{ "dm12-bg-srv-bad-trigger",
		  "unknown server-id \"com.example.dmr\"" },
		{ "dm12-bg-srv-short-23", "package 0 of 23 octets" },
		{ "dm12-bg-srv-truncated-serverid", "package 0 of 38 octets" },
		{ "dm12-bg-srv-future-bit", "digest does not verify" },
	};
	struct device d = device_for(find("vectors", "dm12-bg-srv"));

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const json_t *v = find("negative", cases[i].name);

		take_package(&d, text_of(v, "package0_hex"));
		refused(cases[i].reason);
	}
}

static void refuses_another_nonce_or_password(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);

	d.account.key.nonce[0] ^= 1;
	take_package(&d, text_of(v, "package0_hex"));
	refused("digest does not verify");
	d = device_for(v);
	d.account.key.credential[0] ^= 1;
	take_package(&d, text_of(v, "package0_hex"));
	refused("digest does not verify");
}

/* The vector is signed with it; the device has another nonce. */
static struct device lost_device(const char *client, const json_t *v)
{
	struct device d = device_for(v);

	d.quirk = quirks_find(client);
	d.account.key.nonce_len = 1;
	return d;
}

static void resynchronises_with_the_nonce_of_its_client(void)
{
	static const struct {
		const char *client, *vector;
		bool verifies;
	} cases[] = {
		{ "generic", "dm12-nonce-default-4nul", true },
		{ "libdmclient", "dm12-nonce-default-ascii", true },
		{ "generic", "dm12-nonce-default-ascii", false },
		{ "libdmclient", "dm12-nonce-default-4nul", false },
		{ "buteo", "dm12-nonce-default-4nul", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const json_t *v = find("vectors", cases[i].vector);
		struct dm_client client = { .version = SYNCML_12 };
		struct device d = lost_device(cases[i].client, v);

		d.client = &client;
		take_package(&d, text_of(v, "package0_hex"));
		CU_ASSERT_EQUAL(out.verdict, cases[i].verifies ?
				DEVICE_VERIFIED : DEVICE_REFUSED);
		CU_ASSERT_EQUAL(out.proof, cases[i].verifies ?
				PROOF_DEFAULT : PROOF_NONE);
		CU_ASSERT_EQUAL(client.key.nonce_len,
				cases[i].verifies ?
				d.account.key.nonce_len : 0);
	}
}

static void does_not_resynchronise_without_a_client_or_with_dm_112(void)
{
	const json_t *v = find("vectors", "dm12-nonce-default-4nul");
	struct dm_client client = { .version = SYNCML_11 };
	struct device d = lost_device("generic", v);

	take_package(&d, text_of(v, "package0_hex"));
	refused("digest does not verify");
	d.client = &client;
	take_package(&d, text_of(v, "package0_hex"));
	refused("digest does not verify");
}

/* Gives it two of these notifications, and a fault at the first. */
static void take_with_fault(struct device *d, const json_t *v,
			    const char *fault, enum device_verdict first,
			    enum device_verdict second)
{
	struct faults faults = { .chance = 1 };
	struct err e;

	CU_ASSERT_EQUAL(fault_list_add(&d->faults, fault, &e), DM_OK);
	room.faults = &faults;
	take_package(d, text_of(v, "package0_hex"));
	CU_ASSERT_EQUAL(out.verdict, first);
	CU_ASSERT_PTR_EQUAL(out.fault, &d->faults.rules[0]);
	take_package(d, text_of(v, "package0_hex"));
	CU_ASSERT_EQUAL(out.verdict, second);
	CU_ASSERT_PTR_NULL(out.fault);
	room.faults = NULL;
	fault_list_clear(&d->faults);
}

static void forgets_nonce_or_credential(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);
	const struct digest_key was = d.account.key;

	take_with_fault(&d, v, "forgets-nonce 1x", DEVICE_REFUSED,
			DEVICE_REFUSED);
	refused("digest does not verify");
	CU_ASSERT_EQUAL(d.account.key.nonce_len, 16);
	CU_ASSERT(memcmp(d.account.key.nonce, was.nonce, 16));
	CU_ASSERT_STRING_EQUAL(d.account.key.credential, was.credential);
	d = device_for(v);
	take_with_fault(&d, v, "forgets-credential 1x", DEVICE_REFUSED,
			DEVICE_REFUSED);
	refused("digest does not verify");
	CU_ASSERT(!memcmp(d.account.key.nonce, was.nonce, was.nonce_len));
	CU_ASSERT_STRING_NOT_EQUAL(d.account.key.credential, was.credential);
	CU_ASSERT_EQUAL(strlen(d.account.key.credential),
			strlen(was.credential));
}

/* A nonce that is forgotten can be agreed upon anew, a credential cannot. */
static void resynchronises_what_it_forgot(void)
{
	const json_t *v = find("vectors", "dm12-nonce-default-4nul");
	struct dm_client client = { .version = SYNCML_12 };
	struct device d = device_for(v);

	d.client = &client;
	take_with_fault(&d, v, "forgets-nonce 1x", DEVICE_VERIFIED,
			DEVICE_VERIFIED);
	d = device_for(v);
	d.client = &client;
	take_with_fault(&d, v, "forgets-credential 1x", DEVICE_REFUSED,
			DEVICE_REFUSED);
}

static void ignores_what_it_has_verified(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);

	d.plan.comes_after = 1;
	take_with_fault(&d, v, "ignores 1x", DEVICE_VERIFIED,
			DEVICE_VERIFIED);
	CU_ASSERT_EQUAL(out.number, 1);		/* the second */
	CU_ASSERT(out.comes);
}

static void refuses_notifications_without_an_account(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);

	d.account.has_key = false;
	take_package(&d, text_of(v, "package0_hex"));
	refused("the account has no credential of the server");
	d.account.given = false;
	take_package(&d, text_of(v, "package0_hex"));
	refused("no account: it has not been bootstrapped");
}

/* What the headers of the vectors lead to; NULL: verified. */
static const struct {
	const char *name, *reason;
} variants[] = {
	{ "minimal", NULL },
	{ "content-length-short", NULL },
	{ "push-flag-last", NULL },
	{ "push-flag-trusted", NULL },
	{ "encoding-version", NULL },
	{ "tid-00", NULL },
	{ "content-type-text", "content type as text, allowed: the number" },
	{ "application-id-text", "application id as text, allowed: the" },
	{ "confirmed-push", "WSP PDU type 7, allowed: 6" },
	{ "ds-notification-4e", "content type 0x4e, allowed: 0x36, 0x42, " },
	{ "dm-notification-58", "content type 0x58, allowed: 0x36, 0x42, " },
};

static void takes_only_the_headers_that_the_spec_allows(void)
{
	struct device d = device_for(find("vectors", "dm12-bg-srv"));
	size_t n = sizeof(variants) / sizeof(variants[0]);

	CU_ASSERT_EQUAL(json_array_size(json_object_get(vectors,
				"wsp_variants")), n);
	for (size_t i = 0; i < n; i++) {
		const json_t *v = find("wsp_variants", variants[i].name);

		take(&d, udh, text_of(v, "wsp_hex"), 0);
		if (variants[i].reason)
			refused(variants[i].reason);
		else
			CU_ASSERT_EQUAL(out.verdict, DEVICE_VERIFIED);
	}
}

static void refuses_other_headers(void)
{
	static const struct {
		const char *wsp, *reason;
	} cases[] = {
		{ "010703c4af87", "WSP PDU type 7, allowed: 6" },
		{ "010403c4af87", "not a WSP push" },
		{ "010603c3af87", "content type 0x43, allowed: 0x36, 0x42" },
		{ "010601c4", "no application id, allowed: 7" },
		{ "010603c4af9a", "application id 26, allowed: 7" },
		{ "010605c4af783700", "application id as text" },
		{ "01067fc4af87", "not a WSP push" },
	};
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);
	char hex[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(hex, sizeof(hex), "%s%s", cases[i].wsp,
			 text_of(v, "package0_hex"));
		take(&d, udh, hex, 0);
		refused(cases[i].reason);
	}
}

static void refuses_other_ports_and_no_ports(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);

	take(&d, "0605040b8523f0", text_of(v, "wsp_hex"), 0);
	refused("destination port 2949, allowed: 2948");
	take(&d, "00", text_of(v, "wsp_hex"), 0);
	refused("not a WSP push: no ports");
}

static void refuses_what_has_no_user_data_header(void)
{
	struct device d = device_for(find("vectors", "dm12-bg-srv"));
	struct device_sms sms = {
		.from = "1", .octets = (const uint8_t *)"hello", .len = 5,
	};

	device_take(&d, &room, &sms, &out);
	refused("not a WSP push: no user data header");
	CU_ASSERT_EQUAL(out.segment, 1);
	CU_ASSERT_EQUAL(out.n_segments, 1);
	sms = (struct device_sms){ .from = "1", .has_udh = true };
	device_take(&d, &room, &sms, &out);
	refused("the user data header does not parse");
	take(&d, "ff0001", "", 0);
	refused("the user data header does not parse");
}

static void takes_tid_0_unless_its_client_does_not(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);
	char hex[1024];

	snprintf(hex, sizeof(hex), "00%s", text_of(v, "wsp_hex") + 2);
	take(&d, udh, hex, 0);
	CU_ASSERT_EQUAL(out.verdict, DEVICE_VERIFIED);
	d.quirk = quirks_find("samsung");
	take(&d, udh, hex, 0);
	refused("transaction id 0, allowed: 1 to 255 for a samsung client");
	take(&d, udh, text_of(v, "wsp_hex"), 0);
	CU_ASSERT_EQUAL(out.verdict, DEVICE_VERIFIED);
}

static void keeps_the_limits_of_its_client(void)
{
	static const struct {
		const char *quirk, *vector;
		bool verified;
	} cases[] = {
		{ "aosp", "dm12-serverid-23", true },
		{ "aosp", "dm12-serverid-24", false },
		{ "samsung", "dm12-serverid-127", true },
		{ "samsung", "dm12-serverid-128", false },
		{ "aosp", "dm12-body-200", true },
		{ "generic", "dm12-serverid-255", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const json_t *v = find("vectors", cases[i].vector);
		struct device d = device_for(v);

		d.quirk = quirks_find(cases[i].quirk);
		take_all(&d, json_object_get(v, "sms8"), 0, 1);
		CU_ASSERT_EQUAL(out.verdict == DEVICE_VERIFIED,
				cases[i].verified);
		if (!cases[i].verified)
			refused(cases[i].quirk);
	}
}

static void verifies_no_cut_message(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);
	uint8_t octets[MESSAGE_MAX];
	char hex[1024];
	size_t whole;

	snprintf(hex, sizeof(hex), "%s%s", udh, text_of(v, "wsp_hex"));
	whole = tap_hex(hex, octets, sizeof(octets));
	for (size_t len = 0; len < whole; len++) {
		uint8_t *cut = malloc(len + 1);
		struct device_sms sms = {
			.from = "1", .has_udh = true, .octets = cut,
			.len = len,
		};

		memcpy(cut, octets, len);
		device_take(&d, &room, &sms, &out);
		CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
		free(cut);
	}
}

static void verifies_no_message_with_a_wrong_bit(void)
{
	const json_t *v = find("vectors", "dm12-bg-srv");
	struct device d = device_for(v);
	uint8_t octets[MESSAGE_MAX];
	struct device_sms sms = {
		.from = "1", .has_udh = true, .octets = octets,
	};
	char hex[1024];

	snprintf(hex, sizeof(hex), "%s%s", udh, text_of(v, "wsp_hex"));
	sms.len = tap_hex(hex, octets, sizeof(octets));
	for (size_t bit = 13 * 8; bit < sms.len * 8; bit++) {
		octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
		device_take(&d, &room, &sms, &out);
		CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
		octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "verifies every vector of version 11",
		  verifies_every_vector_of_version_11 },
		{ "takes segments in any order", takes_segments_in_any_order },
		{ "forgets segments after five minutes",
		  forgets_segments_after_five_minutes },
		{ "keeps devices apart", keeps_devices_apart },
		{ "refuses other versions", refuses_other_versions },
		{ "refuses damaged messages", refuses_damaged_messages },
		{ "resynchronises with the nonce of its client",
		  resynchronises_with_the_nonce_of_its_client },
		{ "does not resynchronise without a client, or with DM 1.1.2",
		  does_not_resynchronise_without_a_client_or_with_dm_112 },
		{ "refuses another nonce or password",
		  refuses_another_nonce_or_password },
		{ "forgets nonce or credential", forgets_nonce_or_credential },
		{ "resynchronises what it forgot",
		  resynchronises_what_it_forgot },
		{ "ignores what it has verified",
		  ignores_what_it_has_verified },
		{ "refuses notifications without an account",
		  refuses_notifications_without_an_account },
		{ "takes only the headers that the spec allows",
		  takes_only_the_headers_that_the_spec_allows },
		{ "refuses other headers", refuses_other_headers },
		{ "refuses other ports and no ports",
		  refuses_other_ports_and_no_ports },
		{ "refuses what has no user data header",
		  refuses_what_has_no_user_data_header },
		{ "takes transaction id 0 unless its client does not",
		  takes_tid_0_unless_its_client_does_not },
		{ "keeps the limits of its client",
		  keeps_the_limits_of_its_client },
		{ "verifies no cut message", verifies_no_cut_message },
		{ "verifies no message with a wrong bit",
		  verifies_no_message_with_a_wrong_bit },
		CU_TEST_INFO_NULL,
	};
	int rc;

	vectors = json_load_file(tap_path("vectors/notification.json"), 0,
				 NULL);
	if (!vectors) {
		puts("Bail out! vectors/notification.json cannot be read");
		return EXIT_FAILURE;
	}
	fresh_pool();
	rc = tap_run("device", tests);
	json_decref(vectors);
	return rc;
}
