/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With the right values the profiles in conf/profiles/ make the documents of
 * the vectors, which are known to be good.
 */
#include <stdio.h>
#include <string.h>

#include "tests/profile_fixture.h"
#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"

#define VALUES_MAX 32

static struct xml_node *read_vector(const char *name)
{
	static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	const char *text = vector_text(vectors_find("bootstrap", "vectors",
						    name), "xml");
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(xml_read(&a, text, strlen(text), &root, &e),
			      DM_OK);
	return root;
}

/* Leaves of the children only n, from the one at first on. */
static void keep_children(struct xml_node *node, unsigned first, unsigned n)
{
	struct xml_node *last;

	while (first-- > 0)
		node->children = node->children->next;
	for (last = node->children; --n > 0; )
		last = last->next;
	last->next = NULL;
}

#define ACCOUNT { "server-id", "dm.example.com" }, \
	{ "client-name", "device42" }, { "client-password", "clientpw" }, \
	{ "client-nonce", "Y2xpZW50bm9uY2Ux" }, \
	{ "server-password", "serverpw" }, \
	{ "server-nonce", "c2VydmVybm9uY2Ux" }
#define ACCESS_POINT { "apn", "internet.example.net" }, \
	{ "apn-user", "guest" }, { "apn-password", "s3cr3t" }
#define NAMED_ACCESS_POINT ACCESS_POINT, { "apn-name", "Acme Internet" }
#define CONTEXT { "context-name", "Acme Mobile" }, \
	{ "prov-url", "http://prov.example.net/" }
#define PROXY { "proxy", "10.0.0.172" }, { "proxy-name", "Acme WAP" }, \
	{ "proxy-port", "8080" }, { "proxy-service", "OTA-HTTP-TO" }, \
	{ "proxy-start-page", "http://wap.example.net/" }
#define BARE_ACCESS_POINT { "apn", "internet.example.net" }, \
	{ "apn-name", "Acme Internet" }, { "internet", "no" }
#define DM12_ACCOUNT ACCOUNT, { "name", "Example DM" }, \
	{ "device-id", "IMEI:351234567890124" }, { "account", "ExampleDM" }, \
	{ "addr", "https://dm.example.com/dm12" }, { "port", "8443" }

static const struct made {
	const char *vector, *profile;
	unsigned first, n;	/* of the root's children; 0: all of them */
	struct profile_value values[VALUES_MAX];
} made[] = {
	{ "cp-w7-dm112-wm5", "windows-mobile-5", 0, 0, {
		ACCOUNT, NAMED_ACCESS_POINT, { "name", "Example DM" },
		{ "addr", "https://dm.example.com:8443/dm" },
		{ "role", "24" } } },
	{ "cp-w7-dm12-wm6", "windows-mobile-6", 0, 0, {
		ACCOUNT, NAMED_ACCESS_POINT, { "name", "Example DM 1.2" },
		{ "addr", "https://dm.example.com/dm12" },
		{ "port", "8443" }, { "default-encoding", "wbxml" },
		{ "conn-retry-freq", "3" },
		{ "initial-backoff-time", "16000" },
		{ "max-backoff-time", "86400000" },
		{ "back-compat-retry-disabled", "yes" },
		{ "use-hw-dev-id", "yes" } } },
	{ "cp-internet-userpin", "browser", 0, 0, {
		NAMED_ACCESS_POINT, CONTEXT, PROXY,
		{ "name", "Acme Browser" },
		{ "start-page", "http://wap.example.net/" } } },
	{ "cp-internet-nosec", "browser", 0, 0, {
		CONTEXT, BARE_ACCESS_POINT, { "name", "Acme Browser" } } },
	{ "cp-internet-userpin", "internet", 0, 3, {
		NAMED_ACCESS_POINT, CONTEXT, PROXY } },
	{ "cp-internet-nosec", "internet", 0, 2, {
		CONTEXT, BARE_ACCESS_POINT } },
	{ "cp-large-10sms", "mms", 4, 3, {
		{ "name", "Acme MMS" }, { "apn", "mms.example.net" },
		{ "apn-name", "Acme MMS" }, { "proxy", "10.0.0.173" },
		{ "proxy-name", "Acme MMS" }, { "proxy-port", "8080" },
		{ "mmsc", "http://mmsc.example.net/mms" } } },
	{ "dm112-con-dmacc-userpin", "dm112", 0, 0, {
		ACCOUNT, ACCESS_POINT, { "name", "Example DM" },
		{ "device-id", "IMEI:351234567890124" },
		{ "account", "ExampleDM" },
		{ "addr", "https://dm.example.com/dm" },
		{ "port", "8443" } } },
	{ "dm12-dmacc-netwpin", "dm12", 0, 0, { DM12_ACCOUNT } },
	{ "dm12-dmacc-usernetwpin", "dm12", 0, 0, { DM12_ACCOUNT } },
	{ "dm12-inbox-tnds-userpin", "dm12-tnds", 0, 0, { DM12_ACCOUNT } },
};

static size_t count(const struct profile_value *values)
{
	size_t n = 0;

	while (n < VALUES_MAX && values[n].name)
		n++;
	return n;
}

static void make_the_documents_of_the_vectors(void)
{
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		const struct made *m = &made[i];
		struct xml_node *want = read_vector(m->vector), *got;
		bool same;

		if (m->n)
			keep_children(want, m->first, m->n);
		load_profile(m->profile);
		got = assert_fills(m->values, count(m->values));
		same = trees_same_xml(got, want);
		CU_ASSERT(same);
		if (same)
			continue;
		printf("# %s is not %s:\n", m->profile, m->vector);
		printf("# %s\n", xml_of(got));
		printf("# %s\n", xml_of(want));
	}
}

/* But for its OBEX level, the last APPAUTH, which the profile does not have. */
static void make_the_generic_account_of_the_vectors(void)
{
	static const struct profile_value values[] = {
		CONTEXT, NAMED_ACCESS_POINT, { "server-id", "dm.example.com" },
		{ "name", "Example DM" }, { "port", "80" },
		{ "addr", "http://dm.example.com/dm" },
		{ "client-name", "u1" }, { "client-password", "p1" },
		{ "auth-type", "BASIC" }, { "server-password", "p2" },
		{ "server-auth-type", "HMAC" }, { "server-nonce", "AQIDBA==" },
	};
	struct xml_node *want = read_vector("cp-w7-dm-oma-generic"), *got;

	keep_children(want->children->next->next, 0, 8);
	load_profile("generic");
	got = assert_fills(values, sizeof(values) / sizeof(values[0]));
	CU_ASSERT(trees_same_xml(got, want));
}

/* The last thing in the document, as in the vector of Microsoft's parms. */
static void reset_the_policies_at_the_end(void)
{
	struct xml_node *want = read_vector("cp-ms-characteristics");
	struct profile_value values[PROFILE_FIELDS_MAX];

	for (const char *const *name = profile_names; *name; name++) {
		const struct xml_node *last;
		size_t n;

		if (strncmp(*name, "windows-mobile", 14))
			continue;
		load_profile(*name);
		n = required_values(values);
		values[n++] = (struct profile_value){ "policy-reset", "yes" };
		last = assert_fills(values, n)->children;
		while (last->next)
			last = last->next;
		CU_ASSERT(trees_same_xml(last, want->children));
	}
}

static CU_TestInfo tests[] = {
	{ "make the documents of the vectors",
	  make_the_documents_of_the_vectors },
	{ "make the generic account of the vectors",
	  make_the_generic_account_of_the_vectors },
	{ "reset the policies at the end", reset_the_policies_at_the_end },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("profile_vectors", tests);
}
