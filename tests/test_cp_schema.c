/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_schema.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

/*
 * The same table as the specification has it: occurrence (1, +, ?, *) behind
 * each name; characteristics in parentheses, those that are their owner's
 * affair in brackets. "w7 " stands before what accounts of OMA DM add.
 */
static const struct {
	const char *type;
	const char *content;
} spec[] = {
	{ "", "(BOOTSTRAP)* (CLIENTIDENTITY)? (NAPDEF)* (PXLOGICAL)* "
	      "(APPLICATION)* (ACCESS)* [VENDORCONFIG]* [SecurityPolicy]* "
	      "[CM_*]* [CertificateStore]* [BrowserFavorite]* [Registry]* "
	      "[Metabase]* [FileOperation]* [EMAIL2]* [Sync]* [SpeedDial]* "
	      "[Clock]* [Home]*" },
	{ "BOOTSTRAP", "NAME? PROVURL? CONTEXT-ALLOW? PROXY-ID*" },
	{ "CLIENTIDENTITY", "CLIENT-ID1" },
	{ "NAPDEF", "(NAPAUTHINFO)* (VALIDITY)* [BEARERINFO]* [DNS-ADDRINFO]* "
		    "[WLAN]* NAPID1 NAME1 BEARER* NAP-ADDRESS1 NAP-ADDRTYPE? "
		    "INTERNET? DNS-ADDR* CALLTYPE? LOCAL-ADDR? "
		    "LOCAL-ADDRTYPE? LINKSPEED? DNLINKSPEED? LINGER? "
		    "DELIVERY-ERR-SDU? DELIVERY-ORDER? TRAFFIC-CLASS? "
		    "MAX-SDU-SIZE? MAX-BITRATE-UPLINK? MAX-BITRATE-DNLINK? "
		    "RESIDUAL-BER? SDU-ERROR-RATIO? TRAFFIC-HANDL-PRIO? "
		    "TRANSFER-DELAY? GUARANTEED-BITRATE-UPLINK? "
		    "GUARANTEED-BITRATE-DNLINK? MAX-NUM-RETRY? "
		    "FIRST-RETRY-TIMEOUT? REREG-THRESHOLD? T-BIT?" },
	{ "NAPAUTHINFO", "AUTHTYPE1 AUTHNAME? AUTHSECRET? AUTH-ENTITY* SPI?" },
	{ "VALIDITY", "COUNTRY* NETWORK* SID* SOC* VALIDUNTIL*" },
	{ "PXLOGICAL", "(PXPHYSICAL)+ (PXAUTHINFO)* (PORT)* PROXY-ID1 NAME? "
		       "PROXY-PW? PPGAUTH-TYPE? PROXY-PROVIDER-ID? DOMAIN* "
		       "TRUST? MASTER? STARTPAGE? BASAUTH-ID? BASAUTH-PW? "
		       "WSP-VERSION? PUSHENABLED? PULLENABLED?" },
	{ "PXAUTHINFO", "PXAUTH-TYPE1 PXAUTH-ID? PXAUTH-PW?" },
	{ "PXPHYSICAL", "(PORT)* PHYSICAL-PROXY-ID1 PXADDR1 PXADDRTYPE? "
			"PXADDR-FQDN? DOMAIN* TO-NAPID+ WSP-VERSION? "
			"PUSHENABLED? PULLENABLED?" },
	{ "PORT", "PORTNBR1 SERVICE*" },
	{ "APPLICATION", "(APPADDR)* (APPAUTH)* (RESOURCE)* APPID1 "
			 "PROVIDER-ID? NAME? AACCEPT? APROTOCOL? TO-PROXY* "
			 "TO-NAPID* APPREF? TO-APPREF* ADDR*" },
	{ "w7 APPLICATION",
	  "PROVIDER-ID1 ADDR* INIT? ROLE? PROTOVER? DEFAULTENCODING? "
	  "CONNRETRYFREQ? INITIALBACKOFFTIME? INITIALBACKOFTIME? "
	  "MAXBACKOFFTIME? MAXBACKOFTIME? BACKCOMPATRETRYDISABLED? "
	  "USEHWDEVID? USENONCERESYNC? SSLCLIENTCERTSEARCHCRITERIA?" },
	{ "APPADDR", "(PORT)* ADDR? ADDRTYPE?" },
	{ "w7 APPADDR", "ADDR?" },
	{ "APPAUTH", "AAUTHLEVEL? AAUTHTYPE? AAUTHNAME? AAUTHSECRET? "
		     "AAUTHDATA?" },
	{ "w7 APPAUTH", "AAUTHLEVEL? AAUTHTYPE? AAUTHDATA?" },
	{ "RESOURCE", "URI1 NAME? AACCEPT? AAUTHTYPE? AAUTHNAME? AAUTHSECRET? "
		      "AAUTHDATA? STARTPAGE?" },
	{ "ACCESS", "RULE* APPID* PORTNBR* DOMAIN* TO-NAPID* TO-PROXY*" },
	{ "VENDORCONFIG", "NAME1" },
};

#define N_SPEC (sizeof(spec) / sizeof(spec[0]))

static const char *rule_text(const struct cp_rule *r)
{
	static const char occurs[] = {
		[CP_ONE] = '1', [CP_SOME] = '+', [CP_OPTIONAL] = '?',
		[CP_ANY] = '*',
	};
	static char text[80];
	const char *format = r->kind == CP_CHARACTERISTIC ? "(%s)%c"
			     : r->kind < CP_PARM ? "[%s]%c" : "%s%c";

	snprintf(text, sizeof(text), format, r->name, occurs[r->occurs]);
	return text;
}

/* All rules of a type of the table, in their order, as a text. */
static const char *content_of(const char *type)
{
	static char text[2048];
	struct cp_scope scope = { type, !strncmp(type, "w7 ", 3) };
	const struct cp_rule *r = NULL;
	size_t len = 0;

	text[0] = '\0';
	if (scope.w7)
		scope.type += 3;
	while ((r = cp_schema_next(&scope, r)) != NULL)
		if (!strcmp(r->parent, type))
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s%s", len ? " " : "",
						rule_text(r));
	return text;
}

static size_t words_in(const char *text)
{
	size_t n = *text != '\0';

	for (; *text; text++)
		n += *text == ' ';
	return n;
}

/* Is each word of one list in the other? */
static bool covers(const char *list, const char *other)
{
	char padded[2048], word[80];
	size_t len;

	snprintf(padded, sizeof(padded), " %s ", other);
	for (; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		snprintf(word, sizeof(word), " %.*s ", (int)len, list);
		if (!strstr(padded, word)) {
			printf("# not there:%s\n", word);
			return false;
		}
	}
	return true;
}

static void says_what_the_specification_says(void)
{
	for (size_t i = 0; i < N_SPEC; i++) {
		const char *content = content_of(spec[i].type);

		CU_ASSERT(covers(content, spec[i].content));
		CU_ASSERT(covers(spec[i].content, content));
		CU_ASSERT_EQUAL(words_in(content), words_in(spec[i].content));
	}
}

static void knows_the_content_of_each_characteristic(void)
{
	for (size_t i = 0; i < N_SPEC; i++) {
		struct cp_scope scope = { spec[i].type, false };
		const struct cp_rule *r = NULL;

		while ((r = cp_schema_next(&scope, r)) != NULL)
			if (r->kind == CP_CHARACTERISTIC)
				CU_ASSERT_STRING_NOT_EQUAL(content_of(r->name),
							   "");
	}
}

static void knows_more_of_accounts_of_oma_dm(void)
{
	struct cp_scope any = { "APPLICATION", false };
	struct cp_scope w7 = { "APPLICATION", true };

	CU_ASSERT_PTR_NULL(cp_schema_find(&any, true, "ROLE"));
	CU_ASSERT_PTR_NOT_NULL(cp_schema_find(&w7, true, "ROLE"));
	CU_ASSERT_PTR_NOT_NULL(cp_schema_find(&w7, true, "APPID"));
	CU_ASSERT_EQUAL(cp_schema_find(&any, true, "ADDR")->kind, CP_TEXT);
	CU_ASSERT_EQUAL(cp_schema_find(&w7, true, "ADDR")->kind, CP_URL);
	CU_ASSERT_PTR_NULL(cp_schema_elsewhere(&any, true, "ROLE"));
	CU_ASSERT_PTR_NOT_NULL(cp_schema_elsewhere(&w7, true, "ROLE"));
}

static void tells_parms_from_characteristics(void)
{
	struct cp_scope root = { "", false };
	struct cp_scope nap = { "NAPDEF", false };

	CU_ASSERT_PTR_NULL(cp_schema_find(&root, true, "NAPDEF"));
	CU_ASSERT_PTR_NULL(cp_schema_find(&nap, false, "NAPID"));
	CU_ASSERT_PTR_NULL(cp_schema_near(&nap, false, "NAPIDS"));
	CU_ASSERT_PTR_NULL(cp_schema_elsewhere(&root, false, "NAPID"));
	CU_ASSERT_STRING_EQUAL(cp_schema_near(&nap, true, "NAPIDS")->name,
			       "NAPID");
	CU_ASSERT_STRING_EQUAL(cp_schema_elsewhere(&root, true, "PORTNBR")
			       ->parent, "PORT");
}

static CU_TestInfo tests[] = {
	{ "says what the specification says",
	  says_what_the_specification_says },
	{ "knows the content of each characteristic",
	  knows_the_content_of_each_characteristic },
	{ "knows more of accounts of OMA DM",
	  knows_more_of_accounts_of_oma_dm },
	{ "tells parms from characteristics",
	  tells_parms_from_characteristics },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("cp schema", tests);
}
