/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/account.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/cp_xml.h"
#include "bootstrap/dm_profile.h"
#include "tests/tap.h"
#include "tests/vectors.h"

#define CLIENT_MD5 { true, "DIGEST", "device42", "clientpw", \
	"Y2xpZW50bm9uY2Ux" }
#define CLIENT_BASIC { true, "BASIC", "u1", "p1", NULL }
#define SERVER_HMAC { true, "HMAC", "dm.example.com", "p2", "AQIDBA==" }
#define SERVER_MD5 { true, "DIGEST", "dm.example.com", "serverpw", \
	"c2VydmVybm9uY2Ux" }

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

/* Every vector that sets up an account, and the account. */
static const struct {
	const char *vector;
	struct account account;
} golden[] = {
	{ "cp-w7-dm112-wm5",
	  { "dm.example.com", "Example DM", "https://dm.example.com:8443/dm",
	    NULL, NULL, CLIENT_MD5, SERVER_MD5, true } },
	{ "cp-w7-dm12-wm6",
	  { "dm.example.com", "Example DM 1.2", "https://dm.example.com/dm12",
	    "8443", NULL, CLIENT_MD5, SERVER_MD5, true } },
	{ "cp-wm6-tps-headers",
	  { "dm.example.com", "Example DM 1.2", "https://dm.example.com/dm12",
	    "8443", NULL, CLIENT_MD5, SERVER_MD5, true } },
	{ "cp-w7-dm-oma-generic",
	  { "dm.example.com", "Example DM", "http://dm.example.com/dm", "80",
	    NULL, CLIENT_BASIC, SERVER_HMAC, true } },
	{ "cp-large-10sms",
	  { "dm.example.com", "Example DM", "http://dm.example.com/dm", "80",
	    NULL, CLIENT_BASIC, SERVER_HMAC, true } },
	{ "dm112-con-dmacc-userpin",
	  { "dm.example.com", "Example DM", "https://dm.example.com/dm",
	    "8443", "1.1.2",
	    { true, "syncml:auth-md5", "device42", "clientpw",
	      "Y2xpZW50bm9uY2Ux" },
	    { true, NULL, NULL, "serverpw", "c2VydmVybm9uY2Ux" }, false } },
	{ "dm12-dmacc-netwpin",
	  { "dm.example.com", "Example DM", "https://dm.example.com/dm12",
	    "8443", "1.2", CLIENT_MD5, SERVER_MD5, false } },
	{ "dm12-dmacc-usernetwpin",
	  { "dm.example.com", "Example DM", "https://dm.example.com/dm12",
	    "8443", "1.2", CLIENT_MD5, SERVER_MD5, false } },
	{ "dm12-inbox-tnds-userpin",
	  { "dm.example.com", "Example DM", "https://dm.example.com/dm12",
	    "8443", "1.2", CLIENT_MD5, SERVER_MD5, false } },
};

#define N_GOLDEN (sizeof(golden) / sizeof(golden[0]))

static void assert_text(const char *got, const char *want)
{
	CU_ASSERT_EQUAL(!got, !want);
	if (got && want)
		CU_ASSERT_STRING_EQUAL(got, want);
}

static void assert_auth(const struct account_auth *got,
			const struct account_auth *want)
{
	CU_ASSERT_EQUAL(got->given, want->given);
	assert_text(got->type, want->type);
	assert_text(got->name, want->name);
	assert_text(got->secret, want->secret);
	assert_text(got->nonce, want->nonce);
}

static void assert_account(const struct account *got,
			   const struct account *want)
{
	assert_text(got->server_id, want->server_id);
	assert_text(got->name, want->name);
	assert_text(got->addr, want->addr);
	assert_text(got->port, want->port);
	assert_text(got->dm_version, want->dm_version);
	CU_ASSERT_EQUAL(got->init, want->init);
	assert_auth(&got->client, &want->client);
	assert_auth(&got->server, &want->server);
}

/* The account of a document of either kind, as XML; texts are in room. */
static int account_in(const char *xml, struct account *out, struct err *e)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root = NULL;
	struct cp_doc doc;

	e->code = DM_OK;
	CU_ASSERT_EQUAL_FATAL(xml_read(&a, xml, strlen(xml), &root, e), DM_OK);
	if (!strcmp(root->name, "SyncML"))
		return account_from_dm(&a, root, out, e);
	CU_ASSERT_EQUAL_FATAL(cp_xml_from_tree(&a, root, &doc, e), DM_OK);
	return account_from_cp(&doc, out, e);
}

static void check_vector(const json_t *v)
{
	struct account got;
	struct err e;
	size_t i = 0;
	int rc = account_in(vector_text(v, "xml"), &got, &e);

	while (i < N_GOLDEN && strcmp(golden[i].vector, vector_text(v, "name")))
		i++;
	CU_ASSERT_EQUAL(rc, i < N_GOLDEN ? DM_OK : DM_ENOENT);
	if (!rc && i < N_GOLDEN)
		assert_account(&got, &golden[i].account);
}

static void finds_the_account_of_every_vector(void)
{
	size_t n = 0;

	vectors_each("bootstrap", "vectors", check_vector);
	for (size_t i = 0; i < N_GOLDEN; i++)
		n += !!vectors_find("bootstrap", "vectors", golden[i].vector);
	CU_ASSERT_EQUAL(n, N_GOLDEN);
}

static void finds_it_in_decoded_octets(void)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	uint8_t octets[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(vectors_find("bootstrap", "vectors",
					     "dm12-inbox-tnds-userpin"),
				"wbxml_hex", octets);
	struct xml_node *root = NULL;
	struct account got;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(dm_profile_decode(&a, octets, len, &root, &e),
			      DM_OK);
	CU_ASSERT_EQUAL_FATAL(account_from_dm(&a, root, &got, &e), DM_OK);
	assert_account(&got, &golden[N_GOLDEN - 1].account);
}

/* ------------------------------ other forms ------------------------------ */

#define CP(inner) "<wap-provisioningdoc>" inner "</wap-provisioningdoc>"
#define C(type, inner) "<characteristic type=\"" type "\">" inner \
	"</characteristic>"
#define P(name, value) "<parm name=\"" name "\" value=\"" value "\"/>"
#define W7 P("APPID", "w7") P("PROVIDER-ID", "s")
#define DM(inner) "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody>" inner \
	"</SyncBody></SyncML>"
#define LEAF(uri, data) "<Add><Item><Target><LocURI>" uri "</LocURI>" \
	"</Target><Data>" data "</Data></Item></Add>"
#define NODE(name, value) "<Node><NodeName>" name "</NodeName><Value>" value \
	"</Value></Node>"

static const struct {
	const char *xml;
	struct account account;
} forms[] = {
	/* the second APPLICATION, its first APPAUTH of a level, in any order */
	{ CP(C("APPLICATION", P("APPID", "w2") P("ADDR", "x"))
	     C("APPLICATION", C("APPAUTH", P("AAUTHLEVEL", "CLIENT"))
	       C("APPAUTH", P("AAUTHNAME", "n") P("AAUTHLEVEL", "APPSRV")
		 "<parm name=\"AAUTHSECRET\"/>")
	       C("APPAUTH", P("AAUTHNAME", "x") P("AAUTHLEVEL", "APPSRV"))
	       C("APPADDR", P("ADDR", "a")) P("PROVIDER-ID", "s")
	       P("APPID", "w7"))
	     C("APPLICATION", W7 P("ADDR", "x"))),
	  { .server_id = "s", .addr = "a",
	    .client = { .given = true, .name = "n", .secret = "" },
	    .server = { .given = true } } },
	{ CP(C("APPLICATION", W7 P("ADDR", "a") P("PORTNBR", "1"))),
	  { .server_id = "s", .addr = "a", .port = "1" } },
	{ CP(C("APPLICATION", W7 P("ADDR", "a")
	       C("APPADDR", P("ADDR", "x") C("PORT", P("PORTNBR", "1"))))),
	  { .server_id = "s", .addr = "a" } },
	{ CP(C("APPLICATION", W7 P("ADDR", "a")
	       C("APPADDR", C("PORT", P("PORTNBR", "1"))))),
	  { .server_id = "s", .addr = "a", .port = "1" } },
	{ CP(C("APPLICATION", W7 P("PORTNBR", "1")
	       C("APPADDR", P("ADDR", "a")))),
	  { .server_id = "s", .addr = "a", .port = "1" } },

	/* leaves in any order, in Replace, in Atomic; another account after */
	{ DM("<Atomic>" LEAF("./DMAcc/a/AppAddr/1/Addr", "a") "<Replace><Item>"
	     "<Target><LocURI>DMAcc/a/ServerID</LocURI></Target><Data>s</Data>"
	     "</Item></Replace></Atomic>" LEAF("./DMAcc/ab/Name", "x")
	     LEAF("./DMAcc/a/AppAuth/2/AAuthSecret", "2")
	     LEAF("./DMAcc/a/AppAuth/1/AAuthSecret", "1")
	     LEAF("./DMAcc/a/AppAuth/1/AAuthLevel", "SRVCRED")
	     LEAF("./DMAcc/a/AppAuth/2/AAuthLevel", "CLCRED")
	     LEAF("./DMAcc/a/AppAddr/2/Port/x/PortNbr", "9")
	     LEAF("./DMAcc/a/AppAddr/1/Port/x/PortNbr", "1")
	     LEAF("./DMAcc/a/AppAddr/2/Addr", "x")),
	  { .server_id = "s", .addr = "a", .port = "1", .dm_version = "1.2",
	    .client = { .given = true, .secret = "2" },
	    .server = { .given = true, .secret = "1" } } },
	{ DM(LEAF("./Vendor/SyncML/DMAcc/x/Addr", "x")
	     LEAF("./SyncML/DMAcc/a/Addr", "a")
	     LEAF("./SyncML/DMAcc/a/AuthPref", "t")
	     LEAF("./SyncML/DMAcc/a/ServerId", "s")),
	  { .server_id = "s", .addr = "a", .dm_version = "1.1.2",
	    .client = { .type = "t" } } },

	/* trees: below ./Inbox, with their own path, two of them */
	{ DM(LEAF("./Inbox", "<MgmtTree><Node><NodeName>Con</NodeName>"
		  NODE("AppID", "w5") "</Node><Node><NodeName>a</NodeName>"
		  NODE("ServerID", "s") NODE("AppID", "w7") "<Node><NodeName>"
		  "AppAddr</NodeName><Node><NodeName>1</NodeName>"
		  NODE("Addr", "a") "</Node></Node></Node></MgmtTree>")),
	  { .server_id = "s", .addr = "a", .dm_version = "1.2" } },
	{ DM(LEAF("./Inbox", "<MgmtTree><Node><NodeName>a</NodeName><Path>"
		  "./DMAcc</Path>" NODE("ServerID", "s") "<Node><NodeName>1"
		  "</NodeName><Path>./DMAcc/a/AppAddr</Path>" NODE("Addr", "a")
		  "</Node></Node></MgmtTree>")),
	  { .server_id = "s", .addr = "a", .dm_version = "1.2" } },
};

static void finds_it_in_other_forms(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		unsigned before = CU_get_number_of_failures();
		struct account got = { 0 };
		struct err e;

		CU_ASSERT_EQUAL(account_in(forms[i].xml, &got, &e), DM_OK);
		assert_account(&got, &forms[i].account);
		if (CU_get_number_of_failures() != before)
			printf("# in form %zu\n", i);
	}
}

static const struct {
	const char *xml;
	int rc;
	const char *field;
} bad[] = {
	{ CP(""), DM_ENOENT, NULL },
	{ CP(C("APPLICATION", P("APPID", "W7") P("ADDR", "a"))), DM_ENOENT,
	  NULL },
	{ CP(C("APPLICATION", P("PROVIDER-ID", "s"))), DM_ENOENT, NULL },
	{ CP(C("APPLICATION", P("APPID", "w7") P("ADDR", "a"))), DM_EINVAL,
	  "PROVIDER-ID" },
	{ CP(C("APPLICATION", P("APPID", "w7") P("PROVIDER-ID", ""))),
	  DM_EINVAL, "PROVIDER-ID" },
	{ CP(C("APPLICATION", W7)), DM_EINVAL, "ADDR" },
	{ CP(C("APPLICATION", W7 C("APPADDR", P("ADDR", "")))), DM_EINVAL,
	  "ADDR" },
	{ DM(""), DM_ENOENT, NULL },
	{ DM(LEAF("./DMAcc/a", "x")), DM_ENOENT, NULL },
	{ DM(LEAF("./x/AppID", "w5")), DM_ENOENT, NULL },
	{ DM(LEAF("/AppID", "w7")), DM_ENOENT, NULL },
	{ DM(LEAF("AppID", "w7")), DM_ENOENT, NULL },
	{ DM("<Get><Item><Target><LocURI>./DMAcc/a/Addr</LocURI></Target>"
	     "<Data/></Item></Get>"), DM_ENOENT, NULL },
	{ DM(LEAF("./DMAcc/a/AppAddr/1/Addr", "a")), DM_EINVAL, "ServerID" },
	{ DM(LEAF("./DMAcc/a/ServerID", "s")), DM_EINVAL, "Addr" },
	{ DM(LEAF("./DMAcc/a/ServerID", "s") LEAF("./DMAcc/a/Addr", "a")),
	  DM_EINVAL, "Addr" },
	{ DM(LEAF("./SyncML/DMAcc/a/ServerID", "s")), DM_EINVAL, "ServerId" },
	{ DM(LEAF("./SyncML/DMAcc/a/ServerId", "s")), DM_EINVAL, "Addr" },
};

static void tells_what_an_account_lacks(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct account got = { .name = "x" };
		struct err e;

		CU_ASSERT_EQUAL(account_in(bad[i].xml, &got, &e), bad[i].rc);
		CU_ASSERT_STRING_EQUAL(got.name, "x");
		if (bad[i].field)
			CU_ASSERT_STRING_EQUAL(e.field, bad[i].field);
	}
}

static void refuses_every_small_arena(void)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	const char *xml = vector_text(vectors_find("bootstrap", "vectors",
		"dm12-inbox-tnds-userpin"), "xml");
	struct xml_node *root = NULL;
	struct account got = { .name = "x" };
	struct err e;
	size_t used, need;

	CU_ASSERT_EQUAL_FATAL(xml_read(&a, xml, strlen(xml), &root, &e),
			      DM_OK);
	used = a.used;
	CU_ASSERT_EQUAL(account_from_dm(&a, root, &got, &e), DM_OK);
	need = a.used;
	for (a.cap = used; a.cap < need; a.cap++) {
		a.used = used;
		CU_ASSERT_EQUAL(account_from_dm(&a, root, &got, &e),
				DM_ENOSPC);
		CU_ASSERT_EQUAL(e.code, DM_ENOSPC);
	}
}

static CU_TestInfo tests[] = {
	{ "finds the account of every vector",
	  finds_the_account_of_every_vector },
	{ "finds it in decoded octets", finds_it_in_decoded_octets },
	{ "finds it in other forms", finds_it_in_other_forms },
	{ "tells what an account lacks", tells_what_an_account_lacks },
	{ "refuses every small arena", refuses_every_small_arena },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("account", tests);
}
