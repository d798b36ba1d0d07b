/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts of OMA DM in provisioning documents: APPID w7. */
#include "bootstrap/lint.h"

#include <stdio.h>
#include <string.h>

#include "tests/lint_fixture.h"
#include "tests/tap.h"
#include "tests/vectors.h"

#define WM5 "windows-mobile-5"
#define WM6 "windows-mobile-6"

/* All but one of the parms that an account must have. */
#define ACCOUNT(content) C("APPLICATION", W7_PARMS content)
#define ACCOUNT_AT(address) ACCOUNT(P("ADDR", address) AUTHS)
#define ACCOUNT_WITH(auths) ACCOUNT(W7_ADDR auths)

static void takes_a_complete_account(void)
{
	CLEAN(W7(""));
	finds(WM5, W7(""), "");
	finds(WM6, W7(""), "");
}

static void wants_server_id_and_address(void)
{
	FINDS(C("APPLICATION", P("APPID", "w7") W7_ADDR AUTHS),
	      "error APPLICATION: parm PROVIDER-ID is missing");
	FINDS(C("APPLICATION", P("APPID", "w7") P("PROVIDER-ID", "") W7_ADDR
		AUTHS), "error APPLICATION/PROVIDER-ID: has no value");
	FINDS(ACCOUNT(AUTHS), "error APPLICATION: the account has no address");
	FINDS(ACCOUNT(C("APPADDR", P("ADDRTYPE", "URI")) AUTHS),
	      "error APPLICATION: the account has no address");
	FINDS(ACCOUNT(P("ADDR", "") AUTHS),
	      "error APPLICATION/ADDR: has no value");
	CLEAN(ACCOUNT(C("APPADDR", P("ADDR", "https://a/")) AUTHS));
	CLEAN(C("APPLICATION", P("APPID", "w5")));
}

static void limits_the_server_id_where_the_client_does(void)
{
	static const char body[] = C("APPLICATION", P("APPID", "w7")
		P("PROVIDER-ID", "dm-server.example.com-24") W7_ADDR AUTHS);

	finds("aosp", body, "warning APPLICATION/PROVIDER-ID: longer than");
	finds("aosp", C("APPLICATION", P("APPID", "w7")
			P("PROVIDER-ID", "dm-server.example.co-23") W7_ADDR
			AUTHS), "");
	CLEAN(body);
}

static void wants_a_url(void)
{
	FINDS(ACCOUNT_AT("dm.example.com"),
	      "error APPLICATION/ADDR: does not begin with https://");
	FINDS(ACCOUNT(C("APPADDR", P("ADDR", "dm.example.com")
			P("ADDRTYPE", "URI")) AUTHS),
	      "error APPLICATION/APPADDR/ADDR: does not begin with https://");
	CLEAN(ACCOUNT_AT("HTTPS://dm.example.com"));
}

/* ADDRTYPE may say that it is none. */
static void takes_an_ip_address_where_the_type_says_so(void)
{
	CLEAN(ACCOUNT(C("APPADDR", P("ADDR", "10.0.0.1")
			P("ADDRTYPE", "IPV4")) AUTHS));
	FINDS(ACCOUNT(C("APPADDR", P("ADDR", "https://a/")
			P("ADDRTYPE", "IPV6")) AUTHS),
	      "error APPLICATION/APPADDR/ADDR: is not an IPv6 address");
}

static void wants_tls(void)
{
	static const char http[] = ACCOUNT_AT("http://dm.example.com/");

	finds(WM5, http, "error APPLICATION/ADDR: is not an https:// address");
	finds(WM6, http, "error APPLICATION/ADDR: is not an https:// address");
	FINDS(http, "warning APPLICATION/ADDR: is not an https:// address");
	finds("symbian", http, "warning APPLICATION/ADDR: is not an https");
	FINDS(ACCOUNT(C("APPADDR", P("ADDR", "http://a/")) AUTHS),
	      "warning APPLICATION/APPADDR/ADDR: is not an https:// address");
}

static void wants_both_credentials(void)
{
	static const char no_client[] = ACCOUNT_WITH(AUTH("APPSRV", DIGEST));
	static const char no_appsrv[] = ACCOUNT_WITH(AUTH("CLIENT", DIGEST));

	finds(WM5, no_client,
	      "error APPLICATION: the account has no APPAUTH of level CLIENT");
	finds(WM6, no_appsrv,
	      "error APPLICATION: the account has no APPAUTH of level APPSRV");
	FINDS(no_client,
	      "warning APPLICATION: the account has no APPAUTH of level CLI");
	CU_ASSERT_PTR_NOT_NULL(strstr(lint_body("generic", no_client)
		->findings[0].why, "verify no notification"));
	FINDS(no_appsrv,
	      "warning APPLICATION: the account has no APPAUTH of level APP");
	CU_ASSERT_EQUAL(lint_body(WM6, ACCOUNT(W7_ADDR))->n_errors, 2);
	FINDS(ACCOUNT_WITH(AUTH("APPSRV", DIGEST) AUTH("CLEINT", DIGEST)),
	      "error APPLICATION/APPAUTH[2]/AAUTHLEVEL: did you mean CLIENT?");
	FINDS(ACCOUNT_WITH(AUTH("CLIENT", DIGEST) C("APPAUHT",
		P("AAUTHLEVEL", "APPSRV"))),
	      "error APPLICATION/APPAUHT: unknown characteristic: did you mean "
	      "APPAUTH?");
}

static void wants_a_nonce_for_a_digest(void)
{
	static const char finding[] =
		"warning APPLICATION/APPAUTH[3]/AAUTHTYPE: there is no nonce";

	FINDS(W7(AUTH("OBEX", P("AAUTHTYPE", "DIGEST"))), finding);
	FINDS(W7(AUTH("OBEX", P("AAUTHTYPE", "HMAC") P("AAUTHDATA", ""))),
	      finding);
	FINDS(W7(AUTH("OBEX", P0("AAUTHDATA") P("AAUTHTYPE", "DIGEST"))),
	      finding);
	CLEAN(W7(AUTH("OBEX", P("AAUTHTYPE", "BASIC"))));
	CLEAN(W7(AUTH("OBEX", P("AAUTHTYPE", "BASIC") P("AAUTHDATA", ""))));
	CLEAN(W7(AUTH("OBEX", DIGEST)));
}

static void wants_nonces_in_strict_base64(void)
{
	static const char *const bad[] = {
		W7(AUTH("OBEX", P("AAUTHTYPE", "DIGEST")
			P("AAUTHDATA", "bWFya2Vyc"))),
		W7(AUTH("OBEX", P("AAUTHTYPE", "HMAC")
			P("AAUTHDATA", "bWFya2U"))),
		W7(AUTH("OBEX", P("AAUTHTYPE", "DIGEST")
			P("AAUTHDATA", "bWFy a2Vy"))),
		W7(AUTH("OBEX", P("AAUTHDATA", "bWFya2V=")
			P("AAUTHTYPE", "DIGEST"))),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		FINDS(bad[i], "error APPLICATION/APPAUTH[3]/AAUTHDATA: is not "
			      "base64 with its padding");
	CLEAN(W7(AUTH("OBEX", P("AAUTHTYPE", "DIGEST")
		      P("AAUTHDATA", "AQIDBA=="))));
	CLEAN(W7(AUTH("OBEX", P("AAUTHTYPE", "BASIC")
		      P("AAUTHDATA", "not base64"))));
	CLEAN(C("APPLICATION", P("APPID", "w4") C("APPAUTH",
		P("AAUTHTYPE", "DIGEST") P("AAUTHDATA", "no nonce"))));
}

static void takes_microsofts_parms(void)
{
	CLEAN(W7(P("INITIALBACKOFFTIME", "1") P("INITIALBACKOFTIME", "1")
		 P("MAXBACKOFFTIME", "2") P("MAXBACKOFTIME", "2")
		 P("CONNRETRYFREQ", "3") P("USENONCERESYNC", "1")
		 P("DEFAULTENCODING", "application/vnd.syncml.dm+xml")
		 P("SSLCLIENTCERTSEARCHCRITERIA", "x")));
	FINDS(W7(P("CONNRETRYFREQ", "often")),
	      "error APPLICATION/CONNRETRYFREQ: is not a number");
	FINDS(W7(P("DEFAULTENCODING", "text/html")),
	      "warning APPLICATION/DEFAULTENCODING: unknown value");
	FINDS(C("APPLICATION", P("APPID", "w7") P("PROVIDER-ID", "d") W7_ADDR
		AUTHS P("Role", "8")),
	      "error APPLICATION/Role: unknown parm: did you mean ROLE?");
}

static void knows_roles_8_and_24(void)
{
	CLEAN(W7(P("ROLE", "8")));
	CLEAN(W7(P("ROLE", "24")));
	FINDS(W7(P("ROLE", "4")),
	      "warning APPLICATION/ROLE: unknown value \"4\"");
}

static void holds_protover_against_the_client(void)
{
	finds(WM5, W7(P("PROTOVER", "1.2")),
	      "error APPLICATION/PROTOVER: not for this client");
	finds(WM5, W7(P("PROTOVER", "1.1")), "");
	finds(WM6, W7(P("PROTOVER", "1.2")), "");
	CLEAN(W7(P("PROTOVER", "1.2")));
	FINDS(W7(P("PROTOVER", "1.1.2")),
	      "error APPLICATION/PROTOVER: did you mean 1.1?");
	FINDS(W7(P("PROTOVER", "2")),
	      "warning APPLICATION/PROTOVER: unknown value \"2\"");
}

static void knows_the_digests_of_windows_mobile(void)
{
	static const char hmac[] = W7(AUTH("OBEX", P("AAUTHTYPE", "HMAC")
					   P("AAUTHDATA", "bWFya2Vy")));

	finds(WM6, hmac, "warning APPLICATION/APPAUTH[3]/AAUTHTYPE: not for");
	CLEAN(hmac);
	finds(WM6, W7(AUTH("OBEX", P("AAUTHTYPE", "BASIC"))), "");
}

/* -------------------------------- secrets -------------------------------- */

static void assert_no_secret(const struct lint *l)
{
	static const char *const secrets[] = {
		"marker", "clientpw", "serverpw", "s3cr3t", "mailpw",
		"Y2xpZW50", "c2VydmVy",
	};

	for (size_t i = 0; i < l->n; i++) {
		const struct lint_finding *f = &l->findings[i];

		for (size_t k = 0; k < sizeof(secrets) / sizeof(*secrets); k++)
			CU_ASSERT(!strstr(f->where, secrets[k]) &&
				  !strstr(f->what, secrets[k]) &&
				  !strstr(f->why, secrets[k]));
	}
}

/* The text with every "from" made a "to", which is as long. */
static const char *changed(const char *text, const char *from, const char *to)
{
	static char out[16384];
	char *at = out;

	snprintf(out, sizeof(out), "%s", text);
	while ((at = strstr(at, from)) != NULL)
		memcpy(at, to, strlen(to));
	return out;
}

/* Each name and type misspelt in its turn, so that all rules speak up. */
static void check_secrets(const json_t *v)
{
	static const char *const changes[][2] = {
		{ "AAUTHSECRET", "AAUTHSECRAT" }, { "AAUTHDATA", "AAUTHDATE" },
		{ "AAUTHTYPE", "AAUTHTYPO" }, { "APPAUTH", "APPAHTU" },
		{ "AAUTHLEVEL", "AAUTHSECRE" },
		{ "NAPAUTHINFO", "NAPAUTHINFQ" },
		{ "AUTHSECRET", "AUTH-ENTIT" }, { "AUTHSECRET", "AUTHENTITY" },
		{ "AAUTHNAME", "AAUTHDATA" }, { "Y2xpZW50", "Y2xpZW=0" },
		{ "c2VydmVy", "c2VydmV!" }, { "AAuthSecret", "AAuthSecrat" },
		{ "AAuthData", "AAuthDate" }, { "ServerPW", "ServerPX" },
		{ "ClientNonce", "ClientNance" }, { "SRVCRED", "SRVKRED" },
	};
	const char *xml = vector_text(v, "xml");

	assert_no_secret(lint_text("windows-mobile-5", xml));
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		assert_no_secret(lint_text("generic", changed(xml,
			changes[i][0], changes[i][1])));
}

static void never_tells_a_secret(void)
{
	vectors_each("bootstrap", "vectors", check_secrets);
	assert_no_secret(lint_body("generic", ACCOUNT_WITH(
		AUTH("APPSRV", P("AAUTHTYPE", "DIGEST")
		     P("AAUTHDATA", "marker!")))));
	assert_no_secret(lint_body("generic", NAP C("PXLOGICAL",
		P("PROXY-PW", "marker") P("BASAUTH-PWD", "marker")
		C("PXAUTHINFO", P("PXAUTH-PW", "marker")
		  P("PXAUTH-PW", "marker")))));
}

static CU_TestInfo tests[] = {
	{ "takes a complete account", takes_a_complete_account },
	{ "wants server-id and address", wants_server_id_and_address },
	{ "limits the server-id where the client does",
	  limits_the_server_id_where_the_client_does },
	{ "wants a URL", wants_a_url },
	{ "takes an IP address where the type says so",
	  takes_an_ip_address_where_the_type_says_so },
	{ "wants TLS", wants_tls },
	{ "wants both credentials", wants_both_credentials },
	{ "wants a nonce for a digest", wants_a_nonce_for_a_digest },
	{ "wants nonces in strict base64", wants_nonces_in_strict_base64 },
	{ "takes microsoft's parms", takes_microsofts_parms },
	{ "knows roles 8 and 24", knows_roles_8_and_24 },
	{ "holds PROTOVER against the client",
	  holds_protover_against_the_client },
	{ "knows the digests of windows mobile",
	  knows_the_digests_of_windows_mobile },
	{ "never tells a secret", never_tells_a_secret },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("lint account", tests);
}
