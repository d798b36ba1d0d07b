/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of the DM profile. */
#include "bootstrap/lint.h"

#include <stdio.h>
#include <string.h>

#include "bootstrap/dm_nodes.h"
#include "tests/lint_fixture.h"
#include "tests/tap.h"
#include "tests/vectors.h"

#define DOC(version, commands) \
	"<SyncML xmlns=\"SYNCML:SYNCML" version "\"><SyncHdr><VerDTD>" version \
	"</VerDTD></SyncHdr><SyncBody>" commands "<Final/></SyncBody></SyncML>"
#define ITEM(path, data) \
	"<Item><Target><LocURI>" path "</LocURI></Target>" data "</Item>"
#define ADD(path, value) \
	"<Add><CmdID>1</CmdID>" ITEM(path, "<Data>" value "</Data>") "</Add>"
#define NODE(path) "<Add><CmdID>1</CmdID>" ITEM(path, "") "</Add>"

/* DM 1.1.2 */
#define A11 "./SyncML/DMAcc/x"
#define PLACE11 ADD(A11 "/Addr", "https://dm.example.com/")
#define ID11 ADD(A11 "/ServerId", "dm.example.com")
#define PWS11 ADD(A11 "/ClientPW", "marker") ADD(A11 "/ServerPW", "marker")
#define DM11(more) DOC("1.1", NODE(A11) PLACE11 ID11 PWS11 more)

/* DM 1.2, in ./DMAcc or ./Inbox */
#define A12 "./DMAcc/x"
#define APP12(at) ADD(at "/AppID", "w7")
#define ID12(at) ADD(at "/ServerID", "dm.example.com")
#define PLACE12(at) ADD(at "/AppAddr/1/Addr", "https://dm.example.com/")
#define LEVEL(at, i, level) ADD(at "/AppAuth/" i "/AAuthLevel", level)
#define LEVELS(at) LEVEL(at, "1", "CLCRED") LEVEL(at, "2", "SRVCRED")
#define ACCOUNT12(at) NODE(at) APP12(at) ID12(at) PLACE12(at) LEVELS(at)
#define DM12(more) DOC("1.2", ACCOUNT12(A12) more)

/* TNDS */
#define T(name, content) \
	"<Node><NodeName>" name "</NodeName>" content "</Node>"
#define TV(name, value) T(name, "<Value>" value "</Value>")
#define TREE(content) \
	"<Add><CmdID>1</CmdID>" ITEM("./Inbox", "<Data><MgmtTree xmlns=\"" \
	"syncml:dmddf1.2\"><VerDTD>1.2</VerDTD>" content \
	"</MgmtTree></Data>") "</Add>"
#define T_ACCOUNT(more) T("x", TV("AppID", "w7") TV("ServerID", "d") \
	T("AppAddr", T("1", TV("Addr", "https://a/"))) \
	T("AppAuth", T("1", TV("AAuthLevel", "CLCRED")) \
	  T("2", TV("AAuthLevel", "SRVCRED"))) more)

#define DM_FINDS(text, finding) finds_in("generic", text, finding)
#define DM_CLEAN(text) finds_in("generic", text, "")

/* ------------------------------ the vectors ------------------------------ */

static unsigned n_vectors;

static void check_vector(const json_t *v)
{
	if (strcmp(vector_text(v, "kind"), "dm"))
		return;
	n_vectors++;
	DM_CLEAN(vector_text(v, "xml"));
	finds_in("windows-mobile-6", vector_text(v, "xml"),
		 "error SyncML: a DM profile is not for this client");
}

static void finds_nothing_in_the_vectors(void)
{
	n_vectors = 0;
	vectors_each("bootstrap", "vectors", check_vector);
	CU_ASSERT_EQUAL(n_vectors, 4);
}

/* -------------------------------- document -------------------------------- */

static void takes_complete_accounts(void)
{
	DM_CLEAN(DM11(""));
	DM_CLEAN(DM12(""));
	DM_CLEAN(DOC("1.2", ACCOUNT12("./Inbox/x")));
	DM_CLEAN(DOC("1.2", TREE(T_ACCOUNT(""))));
	DM_CLEAN(DOC("1.2", "<Sequence><CmdID>1</CmdID><Atomic><CmdID>2"
		     "</CmdID>" ACCOUNT12(A12) "</Atomic></Sequence>"));
}

static void refuses_a_dm_profile_for_windows_mobile(void)
{
	finds_in("windows-mobile-5", DM11(""),
		 "error SyncML: a DM profile is not for this client");
	finds_in("windows-mobile-6", DOC("1.2", ""),
		 "error SyncML: a DM profile is not for this client");
	finds_in("symbian", DM12(""), "");
}

static void misses_an_account(void)
{
	DM_FINDS(DOC("1.2", ""), "error SyncML: no command adds an account");
	DM_FINDS("<SyncML/>", "error SyncML: no command adds an account");
	DM_FINDS(DOC("1.2", ADD("./NAP/1/Addr", "internet")),
		 "error SyncML: no command adds an account");
	DM_FINDS(DOC("1.2", NODE("./DMAcc") NODE("./DMAcc/")),
		 "error SyncML: no command adds an account");
	DM_FINDS(DOC("1.2", TREE(T("N", TV("Addr", "internet")))),
		 "error SyncML: no command adds an account");
}

static void warns_of_other_commands_than_add(void)
{
	DM_FINDS(DM12("<Get><CmdID>9</CmdID>" ITEM("./DevInfo", "") "</Get>"),
		 "warning Get: is not an Add");
	DM_FINDS(DM12("<Atomic><Replace>" ITEM("./DevInfo", "")
		      "</Replace></Atomic>"),
		 "warning Replace: is not an Add");
	DM_CLEAN(DM12(ADD("./DevInfo/Lang", "en")));
}

static void wants_commands_to_name_nodes(void)
{
	DM_FINDS(DM12("<Add><CmdID>9</CmdID></Add>"),
		 "error Add: names no node");
	DM_FINDS(DM12("<Add><Item><Data>a</Data></Item></Add>"),
		 "error Add: names no node");
	DM_FINDS(DM12("<Add><Item><Target/></Item></Add>"),
		 "error Add: names no node");
	DM_FINDS(DM12("<Add>" ITEM("", "") "</Add>"),
		 "error Add: names no node");
	DM_FINDS(DOC("1.2", TREE(T_ACCOUNT("") "<Node><Value>v</Value>"
				 "</Node>")),
		 "error Add: names no node");
}

static void knows_where_each_version_has_its_accounts(void)
{
	DM_FINDS(DOC("1.1", ACCOUNT12(A12)),
		 "error ./DMAcc/x: ./DMAcc in a document of DM 1.1");
	DM_FINDS(DOC("1.1", TREE(T_ACCOUNT(""))),
		 "error ./Inbox: ./Inbox in a document of DM 1.1");
	DM_FINDS(DM11(ADD("./Inbox/N/Addr", "internet")),
		 "error ./Inbox/N/Addr: ./Inbox in a document of DM 1.1");
	DM_FINDS(DOC("1.2", PLACE11 ID11 PWS11),
		 "warning ./SyncML/DMAcc/x/Addr: ./SyncML/DMAcc in a document "
		 "of DM 1.2");
	DM_FINDS(DOC("1.2", ACCOUNT12("./DmAcc/x")),
		 "error ./DmAcc/x: did you mean ./DMAcc?");
	DM_FINDS(DOC("1.1", ADD("./SyncML/DMAccs/x/Addr", "https://a/")),
		 "error ./SyncML/DMAccs/x/Addr: did you mean ./SyncML/DMAcc?");
}

/* -------------------------------- account -------------------------------- */

static void misses_what_an_account_needs(void)
{
	DM_FINDS(DOC("1.1", PLACE11 PWS11),
		 "error ./SyncML/DMAcc/x: ServerId is missing");
	DM_FINDS(DOC("1.1", ID11 PWS11),
		 "error ./SyncML/DMAcc/x: Addr is missing");
	DM_FINDS(DOC("1.2", ID12(A12) PLACE12(A12) LEVELS(A12)),
		 "error ./DMAcc/x: AppID is missing");
	DM_FINDS(DOC("1.2", APP12(A12) PLACE12(A12) LEVELS(A12)),
		 "error ./DMAcc/x: ServerID is missing");
	DM_FINDS(DOC("1.2", APP12(A12) ID12(A12) LEVELS(A12)),
		 "error ./DMAcc/x: AppAddr/*/Addr is missing");
	DM_FINDS(DOC("1.2", APP12("./Inbox/x") PLACE12("./Inbox/x")
		     LEVELS("./Inbox/x")),
		 "error ./Inbox/x: ServerID is missing");
}

/* One account does not stand in for another. */
static void looks_at_each_account_alone(void)
{
	DM_CLEAN(DOC("1.2", ACCOUNT12(A12) ACCOUNT12("./DMAcc/y")));
	DM_FINDS(DM12(APP12("./DMAcc/xy") PLACE12("./DMAcc/xy")
		      LEVELS("./DMAcc/xy")),
		 "error ./DMAcc/xy: ServerID is missing");
}

static void wants_a_value_of_what_is_required(void)
{
	DM_FINDS(DOC("1.1", PLACE11 PWS11 ADD(A11 "/ServerId", "")),
		 "error ./SyncML/DMAcc/x/ServerId: has no value");
	DM_FINDS(DOC("1.1", NODE(A11 "/Addr") ID11 PWS11),
		 "error ./SyncML/DMAcc/x/Addr: has no value");
	DM_CLEAN(DM11(ADD(A11 "/Name", "")));
}

static void wants_both_credentials(void)
{
	DM_FINDS(DOC("1.1", PLACE11 ID11 ADD(A11 "/ClientPW", "marker")),
		 "warning ./SyncML/DMAcc/x: the account has no credential of "
		 "the server");
	DM_FINDS(DOC("1.1", PLACE11 ID11 ADD(A11 "/ServerPW", "marker")),
		 "warning ./SyncML/DMAcc/x: the account has no credential of "
		 "the client");
	DM_FINDS(DOC("1.2", APP12(A12) ID12(A12) PLACE12(A12)
		     LEVEL(A12, "1", "CLCRED")),
		 "warning ./DMAcc/x: the account has no credential of "
		 "the server");
	DM_FINDS(DOC("1.2", APP12(A12) ID12(A12) PLACE12(A12)
		     LEVEL(A12, "1", "SRVCRED")),
		 "warning ./DMAcc/x: the account has no credential of "
		 "the client");
	DM_FINDS(DOC("1.2", APP12(A12) ID12(A12) PLACE12(A12)
		     LEVEL(A12, "1", "CLCRED") LEVEL(A12, "2", "SRVCERD")),
		 "error ./DMAcc/x/AppAuth/2/AAuthLevel: did you mean SRVCRED?");
}

static void tells_which_node_was_meant(void)
{
	DM_FINDS(DOC("1.1", PLACE11 PWS11 ADD(A11 "/ServerID", "d")),
		 "error ./SyncML/DMAcc/x/ServerID: unknown node: did you mean "
		 "ServerId?");
	DM_FINDS(DOC("1.2", APP12(A12) PLACE12(A12) LEVELS(A12)
		     ADD(A12 "/ServerId", "d")),
		 "error ./DMAcc/x/ServerId: unknown node: did you mean Ser");
	DM_FINDS(DM12(ADD(A12 "/AppAuth/2/AAuthDta", "bWFya2Vy")),
		 "error ./DMAcc/x/AppAuth/2/AAuthDta: unknown node: did you "
		 "mean AppAuth/*/AAuthData?");
	DM_FINDS(DM12(ADD(A12 "/Colour", "red")),
		 "warning ./DMAcc/x/Colour: unknown node");
	DM_FINDS(DM12(ADD(A12 "/E", "red")),
		 "warning ./DMAcc/x/E: unknown node");
	DM_CLEAN(DM12(NODE(A12 "/Ext") ADD(A12 "/Ext/Colour", "red")));
}

/* --------------------------------- values --------------------------------- */

static void wants_nonces_in_base64(void)
{
	DM_FINDS(DM11(ADD(A11 "/ServerNonce", "marker")),
		 "error ./SyncML/DMAcc/x/ServerNonce: is not base64");
	DM_FINDS(DM11(ADD(A11 "/ClientNonce", "bWFya2V=")),
		 "error ./SyncML/DMAcc/x/ClientNonce: is not base64");
	DM_FINDS(DM12(ADD(A12 "/AppAuth/1/AAuthData", "marker")),
		 "error ./DMAcc/x/AppAuth/1/AAuthData: is not base64");
	DM_FINDS(DOC("1.2", TREE(T_ACCOUNT(T("AppAuth", T("1",
		     TV("AAuthData", "marker")))))),
		 "error ./Inbox/x/AppAuth/1/AAuthData: is not base64");
	DM_CLEAN(DM11(ADD(A11 "/ServerNonce", "bWFya2Vy")
		      ADD(A11 "/ClientNonce", "AQIDBA==")));
	DM_CLEAN(DM12(ADD(A12 "/AppAuth/1/AAuthData", "bWFya2Vy")));
}

static void wants_a_nonce_for_a_digest(void)
{
	DM_FINDS(DM12(ADD(A12 "/AppAuth/1/AAuthType", "DIGEST")),
		 "warning ./DMAcc/x/AppAuth/1/AAuthType: there is no nonce");
	DM_FINDS(DM12(ADD(A12 "/AppAuth/1/AAuthType", "HMAC")
		      ADD(A12 "/AppAuth/2/AAuthData", "bWFya2Vy")),
		 "warning ./DMAcc/x/AppAuth/1/AAuthType: there is no nonce");
	DM_CLEAN(DM12(ADD(A12 "/AppAuth/1/AAuthType", "BASIC")));
	DM_CLEAN(DM12(ADD(A12 "/AppAuth/1/AAuthType", "DIGEST")
		      ADD(A12 "/AppAuth/1/AAuthData", "bWFya2Vy")));
}

static void wants_urls_and_tls(void)
{
	DM_FINDS(DOC("1.1", ADD(A11 "/Addr", "http://a/") ID11 PWS11),
		 "warning ./SyncML/DMAcc/x/Addr: is not an https:// address");
	DM_FINDS(DOC("1.1", ADD(A11 "/Addr", "dm.example.com") ID11 PWS11),
		 "error ./SyncML/DMAcc/x/Addr: does not begin with https://");
	DM_FINDS(DM12(ADD(A12 "/AppAddr/2/Addr", "http://a/")),
		 "warning ./DMAcc/x/AppAddr/2/Addr: is not an https:// addr");
	DM_CLEAN(DM12(ADD(A12 "/AppAddr/2/Addr", "10.0.0.1")
		      ADD(A12 "/AppAddr/2/AddrType", "IPv4")));
	DM_CLEAN(DOC("1.1", ADD(A11 "/Addr", "10.0.0.1") ID11 PWS11
		     ADD(A11 "/AddrType", "3")));
}

static void knows_the_words_of_each_node(void)
{
	DM_FINDS(DM12(ADD(A12 "/AppAddr/1/AddrType", "uri")),
		 "error ./DMAcc/x/AppAddr/1/AddrType: did you mean URI?");
	DM_FINDS(DM12(ADD(A12 "/AAuthPref", "KERBEROS")),
		 "warning ./DMAcc/x/AAuthPref: unknown value \"KERBEROS\"");
	DM_FINDS(DM11(ADD(A11 "/AuthPref", "syncml:auth-md4")),
		 "error ./SyncML/DMAcc/x/AuthPref: did you mean syncml:auth-md5"
		 "?");
	DM_FINDS(DM11(ADD(A11 "/AddrType", "URI")),
		 "warning ./SyncML/DMAcc/x/AddrType: unknown value \"URI\"");
	DM_FINDS(DOC("1.2", ADD(A12 "/AppID", "W7") ID12(A12) PLACE12(A12)
		     LEVELS(A12)),
		 "error ./DMAcc/x/AppID: did you mean w7?");
	DM_CLEAN(DM12(ADD(A12 "/AppAddr/1/AddrType", "URI")
		      ADD(A12 "/AAuthPref", "DIGEST")));
	DM_CLEAN(DM11(ADD(A11 "/AuthPref", "syncml:auth-md5")
		      ADD(A11 "/AddrType", "1")));
}

static void wants_ports_from_1_to_65535(void)
{
	DM_FINDS(DM11(ADD(A11 "/PortNbr", "0")),
		 "error ./SyncML/DMAcc/x/PortNbr: is not a port");
	DM_FINDS(DM12(ADD(A12 "/AppAddr/1/Port/1/PortNbr", "65536")),
		 "error ./DMAcc/x/AppAddr/1/Port/1/PortNbr: is not a port");
	DM_CLEAN(DM11(ADD(A11 "/PortNbr", "443")));
}

static void limits_the_server_id_where_the_client_does(void)
{
	static const char text[] = DOC("1.1", PLACE11 PWS11
		ADD(A11 "/ServerId", "dm-server.example.com-24"));

	finds_in("aosp", text,
		 "warning ./SyncML/DMAcc/x/ServerId: longer than");
	finds_in("aosp", DM11(""), "");
	DM_CLEAN(text);
}

static void follows_references_to_connections(void)
{
	DM_FINDS(DM11(ADD(A11 "/ConRef", "./SyncML/Con/GPRS")),
		 "error ./SyncML/DMAcc/x/ConRef: no node of the document is "
		 "\"./SyncML/Con/GPRS\"");
	DM_FINDS(DM12(ADD(A12 "/ToConRef/1/ConRef", "./Inbox/N")
		      ADD("./Inbox/NX/Addr", "a")),
		 "error ./DMAcc/x/ToConRef/1/ConRef: no node of the document");
	DM_FINDS(DM12(ADD(A12 "/PrefConRef", "./NAP/1")),
		 "error ./DMAcc/x/PrefConRef: no node of the document is");
	DM_CLEAN(DM11(ADD(A11 "/ConRef", "./SyncML/Con/GPRS")
		      NODE("./SyncML/Con/GPRS")));
	DM_CLEAN(DM12(ADD(A12 "/ToConRef/1/ConRef", "./NAP/1")
		      ADD("./NAP/1/Addr", "internet")));
	DM_CLEAN(DOC("1.2", TREE(T_ACCOUNT(T("ToConRef", T("1",
		     TV("ConRef", "./Inbox/N")))) T("N", TV("Addr", "a")))));
}

/* --------------------------------- nodes --------------------------------- */

static void lists_the_nodes_of_a_document(void)
{
	static const char text[] = DOC("1.2",
		"<Add>" ITEM("./a/b", "<Data>1</Data>") ITEM("c", "") "</Add>"
		TREE(T("d", "<Path>./x</Path>" TV("e", "2"))
		     T("f", "<Path>y/z</Path>")));
	static const char *const want[][3] = {
		{ "Add", "a/b", "1" }, { "Add", "c", NULL },
		{ "Add", "Inbox", NULL }, { "Add", "x/d", NULL },
		{ "Add", "x/d/e", "2" }, { "Add", "Inbox/y/z/f", NULL },
	};
	_Alignas(16) uint8_t room[16384];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct dm_node *n;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(xml_read(&a, text, strlen(text), &root, &e),
			      DM_OK);
	CU_ASSERT_EQUAL_FATAL(dm_nodes_list(&a, root, &n), DM_OK);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(n);
		CU_ASSERT_STRING_EQUAL(n->command, want[i][0]);
		CU_ASSERT_STRING_EQUAL(n->path, want[i][1]);
		CU_ASSERT_EQUAL(!n->value, !want[i][2]);
		if (n->value && want[i][2])
			CU_ASSERT_STRING_EQUAL(n->value, want[i][2]);
		n = n->next;
	}
	CU_ASSERT_PTR_NULL(n);
}

/* Whatever room is left, it fits or is told. */
static void tells_when_there_is_no_room(void)
{
	static const char text[] = DOC("1.2", TREE(T_ACCOUNT("")));
	static _Alignas(16) uint8_t room[65536];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct err e;
	size_t used, need = 0;

	CU_ASSERT_EQUAL_FATAL(xml_read(&a, text, strlen(text), &root, &e),
			      DM_OK);
	used = a.used;
	for (size_t cap = used; !need && cap < sizeof(room); cap++) {
		struct lint l = { .n = 0 };

		a.cap = cap;
		a.used = used;
		lint_dm(&a, root, quirks_row(0), &l);
		if (l.n == 0)
			need = cap;
		else
			CU_ASSERT(has_finding(&l, "error SyncML: the document "
						  "is too big"));
	}
	CU_ASSERT(need > used + 100);
}

static void fits_paths_to_patterns(void)
{
	CU_ASSERT(dm_path_fits("a/b", "a/b", false));
	CU_ASSERT(dm_path_fits("a/x/c", "a/*/c", false));
	CU_ASSERT(!dm_path_fits("a//c", "a/*/c", false));
	CU_ASSERT(!dm_path_fits("a/b", "a", false));
	CU_ASSERT(!dm_path_fits("a", "a/b", false));
	CU_ASSERT(!dm_path_fits("a/bb", "a/b", false));
	CU_ASSERT(!dm_path_fits("a/Addt", "a/Addr", false));
	CU_ASSERT(dm_path_fits("a/Addt", "a/Addr", true));
	CU_ASSERT(!dm_path_fits("Addt/a", "Addr/a", true));
	CU_ASSERT(dm_path_is_in("a/b", "a"));
	CU_ASSERT(dm_path_is_in("a", "a"));
	CU_ASSERT(!dm_path_is_in("ab", "a"));
}

static void says_in_which_line(void)
{
	const struct lint *l = lint_text("generic", "<SyncML><SyncHdr><VerDTD>"
		"1.1</VerDTD></SyncHdr>\n<SyncBody>\n" PLACE11 "\n" ID11 "\n"
		PWS11 "\n" ADD(A11 "/PortNbr", "x") "</SyncBody></SyncML>");

	CU_ASSERT_EQUAL_FATAL(l->n, 1);
	CU_ASSERT_EQUAL(l->findings[0].line, 6);
	CU_ASSERT_EQUAL(l->n_errors, 1);
}

static CU_TestInfo tests[] = {
	{ "finds nothing in the vectors", finds_nothing_in_the_vectors },
	{ "takes complete accounts", takes_complete_accounts },
	{ "refuses a DM profile for windows mobile",
	  refuses_a_dm_profile_for_windows_mobile },
	{ "misses an account", misses_an_account },
	{ "warns of other commands than Add",
	  warns_of_other_commands_than_add },
	{ "wants commands to name nodes", wants_commands_to_name_nodes },
	{ "knows where each version has its accounts",
	  knows_where_each_version_has_its_accounts },
	{ "misses what an account needs", misses_what_an_account_needs },
	{ "looks at each account alone", looks_at_each_account_alone },
	{ "wants a value of what is required",
	  wants_a_value_of_what_is_required },
	{ "wants both credentials", wants_both_credentials },
	{ "tells which node was meant", tells_which_node_was_meant },
	{ "wants nonces in base64", wants_nonces_in_base64 },
	{ "wants a nonce for a digest", wants_a_nonce_for_a_digest },
	{ "wants URLs and TLS", wants_urls_and_tls },
	{ "knows the words of each node", knows_the_words_of_each_node },
	{ "wants ports from 1 to 65535", wants_ports_from_1_to_65535 },
	{ "limits the server-id where the client does",
	  limits_the_server_id_where_the_client_does },
	{ "follows references to connections",
	  follows_references_to_connections },
	{ "lists the nodes of a document", lists_the_nodes_of_a_document },
	{ "tells when there is no room", tells_when_there_is_no_room },
	{ "fits paths to patterns", fits_paths_to_patterns },
	{ "says in which line", says_in_which_line },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm lint", tests);
}
