/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clients that differ from the specification make of a notification: the
 * devices of doc/clients.md, and the captured messages.
 */
#include <stdio.h>
#include <string.h>

#include "emulator/device.h"
#include "tests/notif_vectors.h"
#include "tests/tap.h"

#define MESSAGE_MAX 2048

static struct reassembly_slot slots[4];
static struct device_room room = { .pool = { slots, 4, 1000 } };
static struct device_outcome out;
static struct dm_client client;

/* A DM 1.2 device of the server com.example.dms, with this nonce. */
static struct device device_of(const char *quirk, const char *password,
			       const char *nonce, size_t nonce_len)
{
	struct device d = {
		.msisdn = "+491701234567", .dm_version = "1.2",
		.quirk = quirks_find(quirk), .client = &client,
		.account = { .given = true, .has_key = true },
	};
	struct digest_source source = {
		.server_id = "com.example.dms", .password = password,
		.drops_colon = d.quirk->drops_colon, .nonce_text = "",
	};
	struct err e;

	client = (struct dm_client){ .version = SYNCML_12 };
	strcpy(d.account.server_id, source.server_id);
	CU_ASSERT_EQUAL(digest_key_make(&source, &d.account.key, &e), DM_OK);
	memcpy(d.account.key.nonce, nonce, nonce_len);
	d.account.key.nonce_len = nonce_len;
	return d;
}

static struct trigger trigger_of(const char *vendor)
{
	return (struct trigger){
		.version = TRIGGER_VERSION_DM, .server_initiated = true,
		.session_id = 0x0104, .server_id = "com.example.dms",
		.server_id_len = 15, .vendor = (const uint8_t *)vendor,
		.vendor_len = strlen(vendor),
	};
}

/* The device takes package 0 in a push. */
static void take_package(struct device *d, const uint8_t *package, size_t len)
{
	static const uint8_t headers[] = { 1, 6, 3, 0xc4, 0xaf, 0x87 };
	uint8_t message[MESSAGE_MAX];

	memcpy(message, headers, sizeof(headers));
	memcpy(message + sizeof(headers), package, len);
	device_take_message(d, &room, message, sizeof(headers) + len, &out);
}

/* A notification that the server signs with this nonce. */
static void notify(struct device *d, const struct trigger *t,
		   const char *nonce, size_t nonce_len)
{
	struct digest_key key = d->account.key;
	uint8_t package[NOTIF_LEN_MAX];
	size_t len = 0;

	memcpy(key.nonce, nonce, nonce_len);
	key.nonce_len = nonce_len;
	CU_ASSERT_EQUAL_FATAL(notif_encode(t, &key, package, sizeof(package),
					   &len), DM_OK);
	take_package(d, package, len);
}

static void refused(const char *reason)
{
	CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
	if (!strstr(out.reason, reason))
		printf("# \"%s\" is not in \"%s\"\n", reason, out.reason);
	CU_ASSERT_PTR_NOT_NULL(strstr(out.reason, reason));
}

static void proved(enum proof by)
{
	CU_ASSERT_EQUAL(out.verdict, DEVICE_VERIFIED);
	CU_ASSERT_EQUAL(out.proof, by);
	if (out.proof != by)
		printf("# %s instead of %s\n", proof_nonce_name(out.proof),
		       proof_nonce_name(by));
}

/* ------------------------------ nonces of AOSP ---------------------------- */

/* By another program: base64 of "server nonce", and of four NUL. */
#define NONCE "server nonce", 12
#define NONCE_TEXT "c2VydmVyIG5vbmNl", 16
#define DEFAULT "\0\0\0\0", 4
#define DEFAULT_TEXT "AAAAAA==", 8

static void aosp_tries_four_nonces(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("aosp", "pw", NONCE);

	notify(&d, &t, NONCE);
	proved(PROOF_NONCE);
	notify(&d, &t, NONCE_TEXT);
	proved(PROOF_NONCE_TEXT);
	CU_ASSERT_EQUAL(d.account.key.nonce_len, 12);	/* it stays */
	notify(&d, &t, "another", 7);
	refused("digest does not verify");
	notify(&d, &t, DEFAULT);
	proved(PROOF_DEFAULT);
	CU_ASSERT_EQUAL(d.account.key.nonce_len, 4);
	CU_ASSERT_EQUAL(client.key.nonce_len, 4);
	d = device_of("aosp", "pw", NONCE);
	notify(&d, &t, DEFAULT_TEXT);
	proved(PROOF_DEFAULT_TEXT);
	CU_ASSERT_EQUAL(client.key.nonce_len, 8);
}

static void others_do_not(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("samsung", "pw", NONCE);

	notify(&d, &t, NONCE_TEXT);
	refused("digest does not verify");
	notify(&d, &t, DEFAULT_TEXT);
	refused("digest does not verify");
	notify(&d, &t, DEFAULT);
	proved(PROOF_DEFAULT);
}

static void aosp_tries_one_for_an_account_of_dm_112(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("aosp", "pw", NONCE);

	d.dm_version = "1.1.2";
	client.version = SYNCML_11;
	notify(&d, &t, NONCE);
	proved(PROOF_NONCE);
	notify(&d, &t, NONCE_TEXT);
	refused("digest does not verify");
	notify(&d, &t, DEFAULT);
	refused("digest does not verify");
}

static void aosp_decodes_no_long_nonce(void)
{
	struct trigger t = trigger_of("");
	char nonce[51];
	struct device d;

	memset(nonce, 'n', sizeof(nonce));
	d = device_of("aosp", "pw", nonce, 50);
	notify(&d, &t, nonce, 50);
	proved(PROOF_NONCE);
	d = device_of("aosp", "pw", nonce, 51);
	notify(&d, &t, nonce, 51);
	refused("digest does not verify");
}

/* --------------------------- who minds the digest ------------------------- */

static void without_resynchronisation_some_come_all_the_same(void)
{
	static const char *const all[] = { "aosp", "samsung", "generic",
					   "windows-mobile-6", "libdmclient" };
	struct trigger t = trigger_of("");

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct device d = device_of(all[i], "pw", NONCE);

		notify(&d, &t, "another", 7);
		refused("digest does not verify");
		d.no_resync = true;
		notify(&d, &t, DEFAULT);
		if (i < 2)
			proved(PROOF_NOT_ASKED);
		else
			refused("digest does not verify");
		CU_ASSERT_EQUAL(d.account.key.nonce_len, 12);
		notify(&d, &t, NONCE);
		proved(PROOF_NONCE);
	}
}

static void symbian_never_looks(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("symbian", "pw", NONCE);

	notify(&d, &t, "another", 7);
	proved(PROOF_NOT_ASKED);
	d.account.has_key = false;
	notify(&d, &t, NONCE);
	proved(PROOF_NOT_ASKED);
	t.server_id_len = 14;		/* but it has to know the server */
	notify(&d, &t, NONCE);
	refused("unknown server-id");
}

/* ------------------------------ other nonces ------------------------------ */

static void libsynthesis_hashes_c_strings(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("libsynthesis", "", "ab\0cd", 5);

	notify(&d, &t, "ab", 2);
	proved(PROOF_NONCE);
	notify(&d, &t, "ab\0cd", 5);
	refused("digest does not verify");
	CU_ASSERT_STRING_EQUAL(d.account.key.credential,
			       "dTytYYJm5Y+abhejcS03uA==");	/* no colon */
}

static void a_device_may_hash_the_text_of_its_nonce(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("generic", "pw", "1234", 4);

	d.nonce_as_text = true;
	notify(&d, &t, "1234", 4);
	refused("digest does not verify");
	notify(&d, &t, "MTIzNA==", 8);
	proved(PROOF_NONCE_TEXT);
	notify(&d, &t, DEFAULT);
	proved(PROOF_DEFAULT);
}

/* ------------------------------ the message ------------------------------- */

static void who_looks_at_the_version_field(void)
{
	static const struct {
		const char *client;
		bool takes[3];		/* 10, 11, 12 */
	} cases[] = {
		{ "generic", { false, true, false } },
		{ "windows-mobile-6", { false, true, false } },
		{ "aosp", { true, true, true } },
		{ "samsung", { true, true, true } },
		{ "symbian", { true, true, true } },
		{ "libdmclient", { false, true, false } },
		{ "libsynthesis", { true, true, true } },
		{ "buteo", { false, true, true } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (uint16_t v = 10; v <= 12; v++) {
			struct device d = device_of(cases[i].client, "pw",
						    NONCE);
			struct trigger t = trigger_of("");

			t.version = v;
			notify(&d, &t, NONCE);
			CU_ASSERT_EQUAL(out.verdict == DEVICE_VERIFIED,
					cases[i].takes[v - 10]);
			if (out.verdict == DEVICE_REFUSED)
				refused("version");
		}
}

static void symbian_drops_an_octet_and_buteo_the_message(void)
{
	struct trigger t = trigger_of("body");
	struct device d = device_of("symbian", "pw", NONCE);

	notify(&d, &t, NONCE);
	proved(PROOF_NONCE);
	CU_ASSERT_EQUAL(out.trigger.vendor_len, 3);
	CU_ASSERT(!memcmp(out.trigger.vendor, "ody", 3));
	t = trigger_of("");
	notify(&d, &t, NONCE);
	CU_ASSERT_EQUAL(out.trigger.vendor_len, 0);
	t = trigger_of("body");
	d = device_of("aosp", "pw", NONCE);
	notify(&d, &t, NONCE);
	CU_ASSERT_EQUAL(out.trigger.vendor_len, 4);
	d = device_of("buteo", "pw", NONCE);
	notify(&d, &t, NONCE);
	refused("vendor-hex: 4 octets, allowed: none for a buteo client");
}

/* Session id 0 is a number like others, to who takes it. */
static void session_id_0_is_taken(void)
{
	struct trigger t = trigger_of("");
	struct device d = device_of("generic", "pw", NONCE);

	t.session_id = 0;
	d.plan.comes_after = 1;
	notify(&d, &t, NONCE);
	proved(PROOF_NONCE);
	CU_ASSERT(out.comes);
	CU_ASSERT_EQUAL(d.session.id, 0);
}

/* -------------------------------- captures -------------------------------- */

/* The device that a capture was for. */
static struct device device_for(const char *quirk, const json_t *v)
{
	struct device d = device_of(quirk, "", "", 0);
	struct digest_source source = {
		.server_id = vector_text(v, "server_id"), .password = "",
		.nonce_text = "",
	};
	struct err e;

	strcpy(d.account.server_id, source.server_id);
	CU_ASSERT_EQUAL(digest_key_make(&source, &d.account.key, &e), DM_OK);
	return d;
}

static void take_capture(struct device *d, const json_t *v)
{
	uint8_t package[VECTOR_OCTETS_MAX];

	take_package(d, package, vector_hex(v, "package0_hex", package));
}

static void same_as(const json_t *v)
{
	CU_ASSERT_EQUAL(out.trigger.version,
			vector_number(v, "version_field"));
	CU_ASSERT_EQUAL(out.trigger.session_id,
			vector_number(v, "session_id"));
	CU_ASSERT_EQUAL(out.trigger.ui_mode,
			vector_number(v, "ui_mode_value"));
	CU_ASSERT_EQUAL(out.trigger.server_initiated,
			vector_number(v, "initiator_value"));
}

/* A DS message of version 12; its digest is of the same kind. */
static void nokia_suite_is_verified(void)
{
	const json_t *v = vectors_find("notification", "captures",
				       "nokia-suite-contacts");
	static const char *const takers[] = { "aosp", "samsung", "symbian" };

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		struct device d = device_for(takers[i], v);

		take_capture(&d, v);
		proved(PROOF_NONCE);
		same_as(v);
	}
}

/* Nobody knows with what these were signed; who does not look takes them. */
static void captures_without_a_key_are_read(void)
{
	static const char *const names[] = { "dm12-appendix-c",
					     "symbian-test-dm112" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *v = vectors_find("notification", "captures",
					       names[i]);
		struct device d = device_for("generic", v);

		take_capture(&d, v);
		refused("digest does not verify");
		d.quirk = quirks_find("symbian");
		take_capture(&d, v);
		proved(PROOF_NOT_ASKED);
		same_as(v);
	}
}

/* The only one with its WSP octets as they were sent. */
static void a_captured_push_is_taken(void)
{
	const json_t *v = vectors_find("notification", "captures",
				       "dm12-appendix-c");
	struct device d = device_for("symbian", v);
	uint8_t wsp[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "wsp_hex", wsp);

	device_take_message(&d, &room, wsp, len, &out);
	proved(PROOF_NOT_ASKED);
	same_as(v);
	v = vectors_find("notification", "wsp_captures",
			 "carrier-test-server-wsp");
	len = vector_hex(v, "wsp_hex", wsp);
	device_take_message(&d, &room, wsp, len, &out);
	refused("package 0 of 22 octets is cut short");
}

static CU_TestInfo tests[] = {
	{ "aosp tries four nonces", aosp_tries_four_nonces },
	{ "others do not", others_do_not },
	{ "aosp tries one for an account of DM 1.1.2",
	  aosp_tries_one_for_an_account_of_dm_112 },
	{ "aosp decodes no long nonce", aosp_decodes_no_long_nonce },
	{ "without resynchronisation some come all the same",
	  without_resynchronisation_some_come_all_the_same },
	{ "symbian never looks", symbian_never_looks },
	{ "libsynthesis hashes C strings",
	  libsynthesis_hashes_c_strings },
	{ "a device may hash the text of its nonce",
	  a_device_may_hash_the_text_of_its_nonce },
	{ "who looks at the version field",
	  who_looks_at_the_version_field },
	{ "symbian drops an octet, and buteo the message",
	  symbian_drops_an_octet_and_buteo_the_message },
	{ "session id 0 is taken", session_id_0_is_taken },
	{ "Nokia Suite is verified", nokia_suite_is_verified },
	{ "captures without a key are read",
	  captures_without_a_key_are_read },
	{ "a captured push is taken", a_captured_push_is_taken },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("proof", tests);
}
