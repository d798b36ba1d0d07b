/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_doc.h"

#include <stdalign.h>
#include <stdlib.h>

#include "tests/tap.h"

static alignas(max_align_t) uint8_t room[4096];

static void finds_nodes_by_kind_and_name(void)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct cp_doc doc = { .version = NULL };
	struct cp_node *list, *first, *empty, *second;

	list = cp_add(&a, &doc.nodes, false, "PORT", NULL);
	CU_ASSERT_PTR_EQUAL(doc.nodes, list);
	first = cp_add(&a, &list->children, true, "PORT", "1");
	empty = cp_add(&a, &list->children, true, "port", NULL);
	second = cp_add(&a, &list->children, true, "PORT", "");
	CU_ASSERT(!list->is_parm && first->is_parm);

	list = list->children;
	CU_ASSERT_PTR_EQUAL(list, first);
	CU_ASSERT_PTR_EQUAL(cp_parm(list, "PORT"), first);
	CU_ASSERT_PTR_EQUAL(cp_parm(first->next, "PORT"), second);
	CU_ASSERT_PTR_EQUAL(cp_parm(list, "port"), empty);
	CU_ASSERT_PTR_NULL(cp_parm(list, "POR"));
	CU_ASSERT_PTR_NULL(cp_characteristic(list, "PORT"));
	CU_ASSERT_PTR_EQUAL(cp_characteristic(doc.nodes, "PORT"), doc.nodes);
	CU_ASSERT_PTR_NULL(cp_parm(NULL, "PORT"));
}

static void tells_an_empty_value_from_none(void)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct cp_node *list = NULL;

	CU_ASSERT_PTR_NULL(cp_add(&a, &list, true, "A", NULL)->value);
	CU_ASSERT_STRING_EQUAL(cp_add(&a, &list, true, "B", "")->value, "");
	cp_add(&a, &list, true, "C", " x ");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "A"), "");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "B"), "");
	CU_ASSERT_STRING_EQUAL(cp_value(list, "C"), " x ");
	CU_ASSERT_PTR_NULL(cp_value(list, "D"));
}

static void check_add(uint8_t *buf, size_t cap)
{
	struct arena a = { .buf = buf, .cap = cap };
	struct cp_node *list = NULL;

	CU_ASSERT_PTR_NULL(cp_add(&a, &list, true, "NAME", "value"));
	CU_ASSERT_PTR_NULL(list);
}

static void refuses_every_arena_that_is_too_small(void)
{
	tap_each_short(sizeof(struct cp_node) + 5 + 6, check_add);
}

static void knows_what_is_secret(void)
{
	static const char *const secret[] = {
		"AAUTHSECRET", "AAUTHDATA", "AUTHSECRET", "PROXY-PW",
		"PXAUTH-PW", "BASAUTH-PW", "Password", "ClientPW", "ServerPW",
		"ClientNonce", "ServerNonce", "AAuthSecret", "AAuthData",
		"Secret", "aauthsecret", "X-PASSWD", "PASSWORD", "pw", "UserPw",
		"X-Secret-2", "WPA-PRES-KEY-ASC", "WPA-PRES-KEY-HEX", "DATA",
		"NetworkKey",
	};
	static const char *const open[] = {
		"", "P", "PWD", "NAME", "AAUTHNAME", "AUTHNAME", "USERNAME",
		"PXAUTH-ID", "AAUTHTYPE", "AAUTHLEVEL", "NAPID", "ADDR", "URI",
		"DATABASE", "WEPKEYIND",
	};

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		CU_ASSERT(cp_is_secret(secret[i]));
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		CU_ASSERT(!cp_is_secret(open[i]));
}

static CU_TestInfo tests[] = {
	{ "finds nodes by kind and name", finds_nodes_by_kind_and_name },
	{ "tells an empty value from none", tells_an_empty_value_from_none },
	{ "refuses every arena that is too small",
	  refuses_every_arena_that_is_too_small },
	{ "knows what is secret", knows_what_is_secret },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp_doc", tests);
}
