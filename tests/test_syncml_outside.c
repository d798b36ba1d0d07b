/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that others wrote, in tests/syncml/outside/: the examples of the
 * specification, and what clients send. Where each is from stands in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syncml/alert.h"
#include "syncml/auth.h"
#include "tests/profile_fixture.h"
#include "tests/syncml_fixture.h"
#include "tests/tap.h"

static _Alignas(max_align_t) uint8_t room[SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t octets[WBXML_SCAN_OCTETS_MAX];

/* What is in each; codes: of its alerts and Status, in their order. */
static const struct outside {
	const char *name, *session_id;
	enum syncml_version version;
	uint32_t msg_id;
	bool final;
	const char *codes;
} outside[] = {
	{ "pro12-one-step-1", "1", SYNCML_12, 1, true, "1200 " },
	{ "pro12-one-step-2", "1", SYNCML_12, 1, true, "212 200 200 1101 " },
	{ "pro12-one-step-3", "1", SYNCML_12, 2, true, "212 200 200 200 " },
	{ "pro12-one-step-4", "1", SYNCML_12, 2, true, "200 " },
	{ "pro12-two-step-1", "1", SYNCML_12, 1, true, "1200 " },
	{ "pro12-two-step-2", "1", SYNCML_12, 1, true, "212 200 200 1100 " },
	{ "pro12-two-step-3", "1", SYNCML_12, 2, true, "212 200 200 " },
	{ "pro12-two-step-4", "1", SYNCML_12, 2, true, "212 " },
	{ "samsung-1", "5A", SYNCML_12, 1, true, "1201 1226 " },
	{ "scts-1", "b", SYNCML_11, 1, true, "1201 " },
	{ "sony-ericsson-3", "1065", SYNCML_11, 3, false, "200 200 " },
	{ "windows-1", "258", SYNCML_12, 1, true, "1201 1224 " },
};

#define N_OUTSIDE (sizeof(outside) / sizeof(outside[0]))

static struct syncml_message load(const char *name)
{
	char path[60];

	snprintf(path, sizeof(path), "outside/%s", name);
	arena.used = 0;
	return syncml_from_text(&arena, syncml_file(path));
}

static void put_codes(const struct syncml_command *c, char *out, size_t cap)
{
	for (; c; c = c->next) {
		size_t len = strlen(out);

		if (c->code)
			snprintf(out + len, cap - len, "%u ", c->code);
		put_codes(c->commands, out, cap);
	}
}

static void reads_them(void)
{
	for (size_t i = 0; i < N_OUTSIDE; i++) {
		struct syncml_message m = load(outside[i].name);
		unsigned before = CU_get_number_of_failures();
		char codes[200] = "";

		put_codes(m.commands, codes, sizeof(codes));
		CU_ASSERT_STRING_EQUAL(m.session_id, outside[i].session_id);
		CU_ASSERT_EQUAL(m.version, outside[i].version);
		CU_ASSERT_EQUAL(m.msg_id, outside[i].msg_id);
		CU_ASSERT_EQUAL(m.final, outside[i].final);
		CU_ASSERT_STRING_EQUAL(codes, outside[i].codes);
		if (CU_get_number_of_failures() != before)
			printf("# in %s: %s\n", outside[i].name, codes);
	}
}

/* As our XML, what a message means; the caller's. */
static char *meaning(const struct syncml_message *m)
{
	return strdup(syncml_to_text(m));
}

static void they_stay_the_same_in_wbxml(void)
{
	for (size_t i = 0; i < N_OUTSIDE; i++) {
		struct syncml_message m = load(outside[i].name), got;
		char *want = meaning(&m);
		size_t len = 0;
		struct err e;

		CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_WBXML, &m, octets,
					     sizeof(octets), &len, &e), DM_OK);
		CU_ASSERT_EQUAL_FATAL(syncml_read(&arena, SYNCML_WBXML, octets,
						  len, &got, &e), DM_OK);
		CU_ASSERT_STRING_EQUAL(syncml_to_text(&got), want);
		free(want);
	}
}

/* WBXML 1.2 whose public id is a text without its NUL, inline strings. */
static void reads_captured_wbxml(void)
{
	static char hex[4096];
	struct syncml_message m = load("scts-1"), got;
	char *want = meaning(&m);
	size_t len;
	struct err e;

	read_test_file("syncml/outside/scts-1.hex", hex, sizeof(hex));
	for (char *c = hex; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	len = tap_hex(hex, octets, sizeof(octets));
	CU_ASSERT_EQUAL(len, 417);
	CU_ASSERT_EQUAL_FATAL(syncml_read(&arena, SYNCML_WBXML, octets, len,
					  &got, &e), DM_OK);
	CU_ASSERT_STRING_EQUAL(syncml_to_text(&got), want);
	free(want);
}

/* Status without CmdRef; credentials that are the user's name and password. */
static void understands_the_specification_s_examples(void)
{
	struct syncml_message m = load("pro12-two-step-3");
	const struct digest_source source = { .auth_name = "user1",
		.password = "secret1", .nonce_text = "" };
	const struct syncml_command *s = syncml_status_of(&m, 1, 0);
	struct digest_key key;
	struct err e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(s->code, 212);
	CU_ASSERT_EQUAL_FATAL(digest_key_make(&source, &key, &e), DM_OK);
	m = load("pro12-one-step-1");
	CU_ASSERT_STRING_EQUAL(m.cred.type, "syncml:auth-basic");
	CU_ASSERT(auth_basic_verify(&m.cred, &key));
	CU_ASSERT_EQUAL(m.max_msg_size, 5000);
	m = load("pro12-one-step-2");
	CU_ASSERT_EQUAL(m.commands->next->next->next->verb, SYNCML_SEQUENCE);
}

/* KGM's client, too: base64 of base64. What is decoded once is text. */
static void a_nonce_may_be_base64_twice(void)
{
	struct syncml_message m = load("sony-ericsson-3");
	struct syncml_chal chal = m.commands->chal;
	struct digest_key key = { .nonce_len = 0 };

	CU_ASSERT_STRING_EQUAL(chal.type, "syncml:auth-MAC");
	chal.type = "syncml:auth-md5";
	CU_ASSERT_EQUAL(auth_chal_nonce(&chal, &key), DM_OK);
	CU_ASSERT_EQUAL(key.nonce_len, 8);
	CU_ASSERT(!memcmp(key.nonce, "MTIzNA==", 8));
	CU_ASSERT(m.commands->next->next->items->more_data);
}

static CU_TestInfo tests[] = {
	{ "reads them", reads_them },
	{ "they stay the same in WBXML", they_stay_the_same_in_wbxml },
	{ "reads captured WBXML", reads_captured_wbxml },
	{ "understands the specification's examples",
	  understands_the_specification_s_examples },
	{ "a nonce may be base64 twice", a_nonce_may_be_base64_twice },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("syncml_outside", tests);
}
