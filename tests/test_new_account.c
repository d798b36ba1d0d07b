/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/new_account.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static struct device d;
static struct new_account_random chance;
static struct err e;
static json_t *made;

static void begin(void)
{
	memset(&chance, 0xfb, sizeof(chance));
	memset(chance.server_password, 0, sizeof(chance.server_password));
	chance.server_nonce[15] = 0xff;
	d = (struct device){ .name = "dev1", .server_id = "srv" };
}

/* With fields as JSON; NULL: none. */
static int make(const char *text)
{
	json_t *fields = text ? json_loads(text, 0, NULL) : NULL;
	int rc;

	json_decref(made);
	made = NULL;
	rc = new_account_make(&d, fields, &chance, &made, &e);
	json_decref(fields);
	return rc;
}

static bool has(json_t *o, const char *name, const char *want)
{
	const char *got = json_string_value(json_object_get(o, name));

	if (got && !strcmp(got, want))
		return true;
	printf("# %s: %s\n", name, got ? got : "nothing");
	return false;
}

static void passwords_are_base64url_and_nonces_base64(void)
{
	begin();
	CU_ASSERT_EQUAL(make(NULL), DM_OK);
	CU_ASSERT(has(made, "client-password", "-_v7-_v7-_v7-_v7-_v7-w"));
	CU_ASSERT(has(made, "client-nonce", "+/v7+/v7+/v7+/v7+/v7+w=="));
	CU_ASSERT(has(made, "server-password", "AAAAAAAAAAAAAAAAAAAAAA"));
	CU_ASSERT(has(made, "server-nonce", "+/v7+/v7+/v7+/v7+/v7/w=="));
}

static void names_come_from_the_device(void)
{
	begin();
	CU_ASSERT_EQUAL(make("{\"addr\":\"https://x\"}"), DM_OK);
	CU_ASSERT(has(made, "client-name", "dev1"));
	CU_ASSERT(has(made, "server-id", "srv"));
	CU_ASSERT(has(made, "addr", "https://x"));
}

static void unless_the_fields_have_them(void)
{
	begin();
	d.server_id[0] = '\0';
	CU_ASSERT_EQUAL(make("{\"client-name\":\"c\",\"server-id\":\"s\"}"),
			DM_OK);
	CU_ASSERT(has(made, "client-name", "c"));
	CU_ASSERT(has(made, "server-id", "s"));
	CU_ASSERT_EQUAL(make("{\"client-name\":\"c\"}"), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "server-id");
}

static void a_device_with_credentials_is_refused(void)
{
	begin();
	strcpy(d.credential, "x");
	CU_ASSERT_EQUAL(new_account_check(&d, &e), DM_ESTATE);
	CU_ASSERT_STRING_EQUAL(e.field, "create-account");
}

static void fields_with_secrets_of_their_own_are_refused(void)
{
	static const char *const names[] = {
		"client-password", "client-nonce", "server-password",
		"server-nonce",
	};
	char text[64];

	begin();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "{\"%s\":\"x\"}", names[i]);
		CU_ASSERT_EQUAL(make(text), DM_EINVAL);
		CU_ASSERT_STRING_EQUAL(e.field, names[i]);
	}
}

static void the_account_is_told_and_nothing_else(void)
{
	json_t *account;

	begin();
	CU_ASSERT_EQUAL(make("{\"server-name\":\"sn\",\"addr\":\"a\"}"), DM_OK);
	account = new_account_json(made);
	CU_ASSERT_EQUAL(json_object_size(account), 7);
	CU_ASSERT(has(account, "server-name", "sn"));
	CU_ASSERT(has(account, "client-name", "dev1"));
	CU_ASSERT_PTR_NULL(json_object_get(account, "addr"));
	json_decref(account);
}

int main(void)
{
	int rc = tap_run("new_account", (CU_TestInfo[]){
		{ "passwords are base64url and nonces base64",
		  passwords_are_base64url_and_nonces_base64 },
		{ "names come from the device", names_come_from_the_device },
		{ "unless the fields have them", unless_the_fields_have_them },
		{ "a device with credentials is refused",
		  a_device_with_credentials_is_refused },
		{ "fields with secrets of their own are refused",
		  fields_with_secrets_of_their_own_are_refused },
		{ "the account is told and nothing else",
		  the_account_is_told_and_nothing_else },
		CU_TEST_INFO_NULL,
	});

	json_decref(made);
	return rc;
}
