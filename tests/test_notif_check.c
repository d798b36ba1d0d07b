/* SPDX-License-Identifier: Apache-2.0 */
/* What a sender may say: notif_check() and notif_deviations(). */
#include <string.h>

#include "notif/notif.h"
#include "tests/tap.h"

static char id[257];
static uint8_t vendor[NOTIF_VENDOR_MAX + 1];

static struct trigger good(size_t id_len, size_t vendor_len)
{
	memset(id, 'a', sizeof(id));
	return (struct trigger){
		.version = TRIGGER_VERSION_DM,
		.session_id = 1,
		.server_id = id,
		.server_id_len = id_len,
		.vendor = vendor,
		.vendor_len = vendor_len,
	};
}

static void assert_allowed(const struct trigger *t, const char *client)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(notif_check(t, quirks_find(client), &e), DM_OK);
}

/* The error names the field and says what came. */
static void assert_refused(const struct trigger *t, const char *client,
			   const char *field, const char *came)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(notif_check(t, quirks_find(client), &e), DM_EINVAL);
	CU_ASSERT_EQUAL(e.code, DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, field);
	CU_ASSERT_STRING_EQUAL(e.came, came);
	if (strcmp(client, "generic"))
		CU_ASSERT_PTR_NOT_NULL(strstr(e.allowed, client));
}

static void allows_what_the_specification_allows(void)
{
	struct trigger t = good(255, NOTIF_VENDOR_MAX);

	assert_allowed(&t, "generic");
	t = good(1, 0);
	t.session_id = 0xffff;
	assert_allowed(&t, "generic");
	t.version = 10;		/* not right, but there are clients */
	assert_allowed(&t, "generic");
	t.version = 12;
	assert_allowed(&t, "generic");
	t.version = TRIGGER_VERSION_DM;
	t.server_id = "\xc3\xa9";
	t.server_id_len = 2;
	assert_allowed(&t, "generic");
}

static void refuses_what_a_sender_may_not_say(void)
{
	struct trigger t = good(1, 0);

	t.version = 9;
	assert_refused(&t, "generic", "version-field", "9");
	t.version = 13;
	assert_refused(&t, "generic", "version-field", "13");
	t = good(1, 0);
	t.session_id = 0;
	assert_refused(&t, "generic", "session-id", "0");
	t = good(0, 0);
	assert_refused(&t, "generic", "server-id", "0 octets");
	t = good(256, 0);
	assert_refused(&t, "generic", "server-id", "256 octets");
	t = good(1, 0);
	t.server_id = "\xe9";
	assert_refused(&t, "generic", "server-id",
		       "octets that are not UTF-8");
	t = good(1, 0);
	t.future_use = 1;
	assert_refused(&t, "generic", "future-use", "1");
	t = good(1, NOTIF_VENDOR_MAX + 1);
	assert_refused(&t, "generic", "vendor-hex", "1025 octets");
}

static void knows_the_limits_of_clients(void)
{
	struct trigger t = good(23, 255 - 8 - 23);

	assert_allowed(&t, "aosp");
	t = good(23, 255 - 8 - 23 + 1);
	assert_refused(&t, "aosp", "vendor-hex", "a trigger of 256 octets");
	t = good(24, 0);
	assert_refused(&t, "aosp", "server-id", "24 octets");
	assert_allowed(&t, "samsung");
	t = good(127, 0);
	assert_allowed(&t, "samsung");
	t = good(128, 0);
	assert_refused(&t, "samsung", "server-id", "128 octets");
	assert_allowed(&t, "symbian");
}

static void keeps_to_the_versions_and_characters_of_a_client(void)
{
	struct trigger t = good(10, 0);

	t.version = 12;
	assert_allowed(&t, "libsynthesis");
	assert_allowed(&t, "buteo");
	assert_allowed(&t, "aosp");		/* it ignores the field */
	assert_refused(&t, "libdmclient", "version-field", "12");
	t.version = 10;
	assert_allowed(&t, "libsynthesis");
	assert_refused(&t, "buteo", "version-field", "10");
	t = good(10, 1);
	assert_refused(&t, "buteo", "vendor-hex", "1 octets");
	t = good(10, 0);
	memcpy(id, "\xc3\xa9", 2);
	assert_refused(&t, "buteo", "server-id", "other characters");
	assert_allowed(&t, "libsynthesis");
}

static struct digest_key key_with(const char *nonce, size_t len)
{
	struct digest_key key = { .nonce_len = len };

	memcpy(key.nonce, nonce, len);
	return key;
}

static void fits_a_nonce_to_its_client(void)
{
	static const char text[52];
	struct digest_key key = key_with("ab\0cd", 5);
	struct err e;

	CU_ASSERT_EQUAL(notif_fit_key(&key, quirks_row(0), &e), DM_OK);
	CU_ASSERT_EQUAL(key.nonce_len, 5);
	CU_ASSERT_EQUAL(notif_fit_key(&key, quirks_find("libsynthesis"), &e),
			DM_OK);
	CU_ASSERT_EQUAL(key.nonce_len, 2);
	key = key_with("abcd", 4);
	CU_ASSERT_EQUAL(notif_fit_key(&key, quirks_find("libsynthesis"), &e),
			DM_OK);
	CU_ASSERT_EQUAL(key.nonce_len, 4);
	key = key_with(text, 50);
	CU_ASSERT_EQUAL(notif_fit_key(&key, quirks_find("aosp"), &e), DM_OK);
	CU_ASSERT_EQUAL(key.nonce_len, 50);
	key = key_with(text, 51);
	CU_ASSERT_EQUAL(notif_fit_key(&key, quirks_find("aosp"), &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "nonce");
	CU_ASSERT_STRING_EQUAL(e.came, "51 octets");
	CU_ASSERT_STRING_EQUAL(e.allowed, "0 to 50 octets for a aosp client");
}

/* No client in the table is like these; the rules hold all the same. */
static void obeys_any_row(void)
{
	struct quirk no_body = *quirks_row(0), small = no_body;
	struct trigger t = good(10, 1);
	struct err e;

	no_body.refuses_vendor_body = true;
	CU_ASSERT_EQUAL(notif_check_quirk(&t, &no_body, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "vendor-hex");
	small.trigger_max = 8 + 10;
	CU_ASSERT_EQUAL(notif_check_quirk(&t, &small, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "vendor-hex");
	t = good(10, 0);
	CU_ASSERT_EQUAL(notif_check_quirk(&t, &no_body, &e), DM_OK);
	CU_ASSERT_EQUAL(notif_check_quirk(&t, &small, &e), DM_OK);
	t = good(11, 0);
	CU_ASSERT_EQUAL(notif_check_quirk(&t, &small, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "server-id");
}

static void lists_deviations_one_by_one(void)
{
	struct trigger t = good(1, 0);

	CU_ASSERT_EQUAL(notif_deviations(&t), 0);
	t.version = 12;
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_VERSION);
	t.version = 10;
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_VERSION);
	t = good(1, 0);
	t.future_use = 1 << 26;
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_FUTURE_USE);
	t = good(1, 0);
	t.session_id = 0;
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_SESSION_ID_0);
	t = good(0, 0);
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_SERVER_ID_EMPTY);
	t = good(1, 0);
	t.server_id = "\xff";
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_SERVER_ID_NOT_UTF8);
	t.session_id = 0;
	CU_ASSERT_EQUAL(notif_deviations(&t), NOTIF_SERVER_ID_NOT_UTF8 |
			NOTIF_SESSION_ID_0);
}

static void explains_each_deviation(void)
{
	static const struct {
		unsigned deviation;
		const char *word;
	} words[NOTIF_DEVIATIONS] = {
		{ NOTIF_VERSION, "version" },
		{ NOTIF_FUTURE_USE, "future-use" },
		{ NOTIF_SESSION_ID_0, "session id" },
		{ NOTIF_SERVER_ID_EMPTY, "empty" },
		{ NOTIF_SERVER_ID_NOT_UTF8, "UTF-8" },
	};

	for (unsigned bit = 0; bit < NOTIF_DEVIATIONS; bit++) {
		CU_ASSERT_EQUAL(words[bit].deviation, 1u << bit);
		CU_ASSERT_PTR_NOT_NULL(strstr(notif_deviation_text(bit),
					      words[bit].word));
	}
}

static CU_TestInfo tests[] = {
	{ "allows what the specification allows",
	  allows_what_the_specification_allows },
	{ "refuses what a sender may not say",
	  refuses_what_a_sender_may_not_say },
	{ "knows the limits of clients", knows_the_limits_of_clients },
	{ "keeps to the versions and characters of a client",
	  keeps_to_the_versions_and_characters_of_a_client },
	{ "fits a nonce to its client", fits_a_nonce_to_its_client },
	{ "obeys any row", obeys_any_row },
	{ "lists deviations one by one", lists_deviations_one_by_one },
	{ "explains each deviation", explains_each_deviation },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("notif_check", tests);
}
