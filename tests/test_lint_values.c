/* SPDX-License-Identifier: Apache-2.0 */
/* What the parms of a provisioning document may say. */
#include "bootstrap/lint.h"

#include <string.h>

#include "tests/lint_fixture.h"
#include "tests/tap.h"

/* A NAPDEF and more parms; one with another address and its type. */
#define NAP_AND(more) C("NAPDEF", NAP_PARMS more)
#define NAP_AT(address, type) \
	C("NAPDEF", P("NAPID", "N") P("NAME", "n") P("NAP-ADDRESS", address) \
	  P("NAP-ADDRTYPE", type))
#define PROXY(parms) \
	NAP C("PXLOGICAL", P("PROXY-ID", "P") C("PXPHYSICAL", parms))
#define PROXY_AT(address, type) \
	PROXY(P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", address) \
	      P("PXADDRTYPE", type) P("TO-NAPID", "N"))
#define APP(content) C("APPLICATION", P("APPID", "w2") content)
#define APP_AT(address, type) \
	APP(C("APPADDR", P("ADDR", address) P("ADDRTYPE", type)))
#define APP_PORT(port) \
	APP(C("APPADDR", C("PORT", P("PORTNBR", "80") port)))

static void wants_a_value_where_one_is_needed(void)
{
	FINDS(C("NAPDEF", P0("NAPID") P("NAME", "n") P("NAP-ADDRESS", "a")),
	      "error NAPDEF/NAPID: has no value");
	FINDS(C("NAPDEF", P("NAPID", "") P("NAME", "n") P("NAP-ADDRESS", "a")),
	      "error NAPDEF/NAPID: has no value");
	FINDS(PROXY(P("PHYSICAL-PROXY-ID", "") P("PXADDR", "a")
		    P("TO-NAPID", "N")),
	      "error PXLOGICAL/PXPHYSICAL/PHYSICAL-PROXY-ID: has no value");
	FINDS(PROXY(P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", "a")
		    P("TO-NAPID", "")),
	      "error PXLOGICAL/PXPHYSICAL/TO-NAPID: has no value");
	FINDS(NAP_AND(P("DNS-ADDR", "")),
	      "warning NAPDEF/DNS-ADDR: has no value");
	FINDS(NAP_AND(P0("LINGER")), "warning NAPDEF/LINGER: has no value");
	FINDS(NAP_AND(P("LINGER", "")), "warning NAPDEF/LINGER: has no value");
	FINDS(APP(C("APPAUTH", P0("AAUTHNAME"))),
	      "warning APPLICATION/APPAUTH/AAUTHNAME: has no value");
}

/* An empty name to log in with is something else than none. */
static void lets_texts_be_empty(void)
{
	CLEAN(APP(P("NAME", "") C("APPAUTH", P("AAUTHNAME", "")
				  P("AAUTHSECRET", ""))));
	FINDS(C("NAPDEF", P("NAPID", "N") P("NAME", "") P("NAP-ADDRESS", "a")),
	      "warning NAPDEF/NAME: has no value");
}

static void wants_no_value_where_none_belongs(void)
{
	FINDS(NAP_AND(P("INTERNET", "1")),
	      "warning NAPDEF/INTERNET: has a value, but takes none");
	FINDS(NAP_AND(P("INTERNET", "")),
	      "warning NAPDEF/INTERNET: has a value, but takes none");
	FINDS(W7(P("INIT", "0")),
	      "warning APPLICATION/INIT: has a value, but takes none");
	FINDS(W7(P("BACKCOMPATRETRYDISABLED", "no")),
	      "warning APPLICATION/BACKCOMPATRETRYDISABLED: has a value");
	FINDS(W7(P("USEHWDEVID", "1")),
	      "warning APPLICATION/USEHWDEVID: has a value");
	FINDS(APP(C("RESOURCE", P("URI", "u") P("STARTPAGE", "1"))),
	      "warning APPLICATION/RESOURCE/STARTPAGE: has a value");
	CLEAN(NAP_AND(P0("INTERNET")));
	CLEAN(W7(P0("INIT") P0("BACKCOMPATRETRYDISABLED") P0("USEHWDEVID")));
	CLEAN(APP(C("RESOURCE", P("URI", "u") P0("STARTPAGE"))));
}

/* Spelt alike, but once a flag and once an address. */
static void knows_startpage_in_either_place(void)
{
	CLEAN(NAP C("PXLOGICAL", P("PROXY-ID", "P")
		    P("STARTPAGE", "http://a/") C("PXPHYSICAL", PX_PARMS)));
	CLEAN(NAP C("PXLOGICAL", P("PROXY-ID", "P") P0("MASTER")
		    P("TRUST", "1") C("PXPHYSICAL", PX_PARMS)));
}

static void knows_the_words_of_each_parm(void)
{
	static const struct {
		const char *wrong, *finding, *unknown, *warning, *right;
	} words[] = {
		{ NAP_AND(P("BEARER", "GSM-GRPS")),
		  "error NAPDEF/BEARER: did you mean GSM-GPRS? The value is "
		  "\"GSM-GRPS\"",
		  NAP_AND(P("BEARER", "SATELLITE")),
		  "warning NAPDEF/BEARER: unknown value \"SATELLITE\"",
		  NAP_AND(P("BEARER", "GSM-GPRS") P("BEARER", "3G-GSM")) },
		{ NAP_AT("a", "apn"),
		  "error NAPDEF/NAP-ADDRTYPE: did you mean APN?",
		  NAP_AT("a", "X25ADDR"),
		  "warning NAPDEF/NAP-ADDRTYPE: unknown value",
		  NAP_AT("a", "APN") },
		{ NAP_AND(C("NAPAUTHINFO", P("AUTHTYPE", "Chap"))),
		  "error NAPDEF/NAPAUTHINFO/AUTHTYPE: did you mean CHAP?",
		  NAP_AND(C("NAPAUTHINFO", P("AUTHTYPE", "EAP-SIM"))),
		  "warning NAPDEF/NAPAUTHINFO/AUTHTYPE: unknown value",
		  NAP_AND(C("NAPAUTHINFO", P("AUTHTYPE", "CHAP"))) },
		{ PROXY_AT("10.0.0.1", "IPv4"),
		  "error PXLOGICAL/PXPHYSICAL/PXADDRTYPE: did you mean IPV4?",
		  PROXY_AT("10.0.0.1", "NOVELL"),
		  "warning PXLOGICAL/PXPHYSICAL/PXADDRTYPE: unknown value",
		  PROXY_AT("10.0.0.1", "IPV4") },
		{ APP_AT("http://a/", "Uri"),
		  "error APPLICATION/APPADDR/ADDRTYPE: did you mean URI?",
		  APP_AT("http://a/", "NOVELL"),
		  "warning APPLICATION/APPADDR/ADDRTYPE: unknown value",
		  APP_AT("http://a/", "URI") },
		{ APP_PORT(P("SERVICE", "OTA-HTTP-T0")),
		  "error APPLICATION/APPADDR/PORT/SERVICE: did you mean OTA-"
		  "HTTP-TO?",
		  APP_PORT(P("SERVICE", "GOPHER")),
		  "warning APPLICATION/APPADDR/PORT/SERVICE: unknown value",
		  APP_PORT(P("SERVICE", "OTA-HTTP-TO") P("SERVICE", "993")
			   P("SERVICE", "STARTTLS")) },
		{ APP(C("APPAUTH", P("AAUTHTYPE", "HTTP_BASIC"))),
		  "error APPLICATION/APPAUTH/AAUTHTYPE: did you mean HTTP-B",
		  APP(C("APPAUTH", P("AAUTHTYPE", "KERBEROS"))),
		  "warning APPLICATION/APPAUTH/AAUTHTYPE: unknown value",
		  APP(C("APPAUTH", P("AAUTHTYPE", "HTTP-BASIC,HTTP-DIGEST"))) },
		{ W7(AUTH("0BEX", "")),
		  "error APPLICATION/APPAUTH[3]/AAUTHLEVEL: did you mean OBEX?",
		  W7(AUTH("ROOT", "")),
		  "warning APPLICATION/APPAUTH[3]/AAUTHLEVEL: unknown value",
		  W7(AUTH("OBEX", "")) },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		FINDS(words[i].wrong, words[i].finding);
		FINDS(words[i].unknown, words[i].warning);
		CLEAN(words[i].right);
	}
}

/* Also the second of several, and one that is too long to be any word. */
static void looks_at_each_word_between_commas(void)
{
	FINDS(APP(C("APPAUTH", P("AAUTHTYPE", "HTTP-BASIC,DIGEST,hmac"))),
	      "error APPLICATION/APPAUTH/AAUTHTYPE: did you mean HMAC?");
	FINDS(APP(C("APPAUTH", P("AAUTHTYPE", "BASIC,"))),
	      "warning APPLICATION/APPAUTH/AAUTHTYPE: unknown value \"\"");
	FINDS(NAP_AND(P("CALLTYPE", "DIRECT-ASYNCHRONOUS-DATA-SERVICE-AND-MUCH"
		      "-MORE-THAN-ANY-WORD-THAT-IS-KNOWN-HAS-IN-CHARACTERS")),
	      "warning NAPDEF/CALLTYPE: unknown value");
	CLEAN(NAP_AND(P("CALLTYPE", "DIRECT-ASYNCHRONOUS-DATA-SERVICE")));
}

static void knows_applications_by_their_letter_case(void)
{
	FINDS(C("APPLICATION", P("APPID", "W2")),
	      "error APPLICATION/APPID: did you mean w2?");
	FINDS(C("APPLICATION", P("APPID", "W7") P("PROVIDER-ID", "d") W7_ADDR
		AUTHS), "error APPLICATION/APPID: did you mean w7?");
	CLEAN(C("APPLICATION", P("APPID", "w9")));
	CLEAN(C("APPLICATION", P("APPID", "ap0006")));
}

static void wants_ports_from_1_to_65535(void)
{
	static const char finding[] = "error APPLICATION/APPADDR/PORT/PORTNBR: "
				      "is not a port from 1 to 65535";

	FINDS(APP(C("APPADDR", C("PORT", P("PORTNBR", "0")))), finding);
	FINDS(APP(C("APPADDR", C("PORT", P("PORTNBR", "65536")))), finding);
	FINDS(APP(C("APPADDR", C("PORT", P("PORTNBR", "http")))), finding);
	FINDS(APP(C("APPADDR", C("PORT", P("PORTNBR", "80 ")))), finding);
	CLEAN(APP(C("APPADDR", C("PORT", P("PORTNBR", "1")))));
	CLEAN(APP(C("APPADDR", C("PORT", P("PORTNBR", "65535")))));
}

static void wants_numbers(void)
{
	FINDS(NAP_AND(P("LINGER", "1 h")),
	      "error NAPDEF/LINGER: is not a number");
	CLEAN(NAP_AND(P("LINGER", "3600")));
	FINDS(NAP_AND(P("LINKSPEED", "fast")),
	      "warning NAPDEF/LINKSPEED: unknown value");
	CLEAN(NAP_AND(P("LINKSPEED", "9600")));
	CLEAN(NAP_AND(P("LINKSPEED", "AUTOBAUDING")));
}

static void wants_ip_addresses_of_name_servers(void)
{
	FINDS(NAP_AND(P("DNS-ADDR", "dns.example.net")),
	      "error NAPDEF/DNS-ADDR: is not an IPv4 or IPv6 address");
	CLEAN(NAP_AND(P("DNS-ADDR", "10.0.0.1") P("DNS-ADDR", "2001:db8::1")));
}

static void holds_addresses_against_their_types(void)
{
	static const struct {
		const char *wrong, *finding, *right;
	} cases[] = {
		{ PROXY_AT("proxy.example.net", "IPV4"),
		  "error PXLOGICAL/PXPHYSICAL/PXADDR: is not an IPv4 address, "
		  "but PXADDRTYPE is IPV4", PROXY_AT("10.0.0.1", "IPV4") },
		{ PROXY_AT("10.0.0.1", "IPV6"),
		  "error PXLOGICAL/PXPHYSICAL/PXADDR: is not an IPv6 address",
		  PROXY_AT("2001:db8::1", "IPV6") },
		{ PROXY_AT("10.0.0.1", "E164"),
		  "error PXLOGICAL/PXPHYSICAL/PXADDR: is not a telephone",
		  PROXY_AT("+491234", "E164") },
		{ NAP_AT("internet", "IPV4"),
		  "error NAPDEF/NAP-ADDRESS: is not an IPv4 address",
		  NAP_AT("10.0.0.1", "IPV4") },
		{ NAP_AT("internet", "E164"),
		  "error NAPDEF/NAP-ADDRESS: is not a telephone number",
		  NAP_AT("0123456", "E164") },
		{ NAP_AT("10.0.0.1", "APN"),
		  "error NAPDEF/NAP-ADDRESS: is an IP address, not an APN",
		  NAP_AT("internet.example.net", "APN") },
		{ NAP_AT("my apn", "APN"),
		  "warning NAPDEF/NAP-ADDRESS: has characters that no APN has",
		  NAP_AT("any thing", "ALPHA") },
		{ NAP_AND(P("LOCAL-ADDR", "a") P("LOCAL-ADDRTYPE", "IPV4")),
		  "error NAPDEF/LOCAL-ADDR: is not an IPv4 address, but LOCAL",
		  NAP_AND(P("LOCAL-ADDR", "10.0.0.1")
			  P("LOCAL-ADDRTYPE", "IPV4")) },
		{ APP_AT("a.example.net", "IPV4"),
		  "error APPLICATION/APPADDR/ADDR: is not an IPv4 address",
		  APP_AT("10.0.0.1", "IPV4") },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		FINDS(cases[i].wrong, cases[i].finding);
		CLEAN(cases[i].right);
	}
	CLEAN(PROXY(P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", "any")
		    P("TO-NAPID", "N")));
}

/* What a user reported: NAP-ADDRESS "IPV6" and the address in the type. */
static void finds_address_and_type_exchanged(void)
{
	FINDS(NAP_AT("IPV6", "2001:db8::1"),
	      "error NAPDEF/NAP-ADDRTYPE: is an address, where a word like "
	      "IPV4 is due");
	FINDS(NAP_AT("internet", "10.0.0.1"),
	      "error NAPDEF/NAP-ADDRTYPE: is an address, where a word");
	FINDS(C("NAPDEF", P("NAPID", "N") P("NAME", "n")
		P("NAP-ADDRESS", "IPV6")),
	      "error NAPDEF/NAP-ADDRESS: is a type of address: it belongs in "
	      "NAP-ADDRTYPE");
}

static void finds_definitions_that_come_twice(void)
{
	FINDS(NAP NAP, "error NAPDEF[2]/NAPID: another NAPDEF has the name");
	FINDS(PX C("PXLOGICAL", P("PROXY-ID", "P") C("PXPHYSICAL", PX_PARMS)),
	      "error PXLOGICAL[2]/PROXY-ID: another PXLOGICAL has the name "
	      "\"P\"");
	CLEAN(PX C("PXLOGICAL", P("PROXY-ID", "Q") C("PXPHYSICAL", PX_PARMS)));
}

static void follows_references_to_access_points(void)
{
	FINDS(APP(P("TO-NAPID", "N")),
	      "error APPLICATION/TO-NAPID: no NAPDEF of the document is \"N\"");
	FINDS(NAP APP(P("TO-NAPID", "n")),
	      "error APPLICATION/TO-NAPID: no NAPDEF of the document is \"n\"");
	FINDS(PX C("ACCESS", P("TO-NAPID", "P")),
	      "error ACCESS/TO-NAPID: no NAPDEF of the document is \"P\"");
	FINDS(PROXY(P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", "a")
		    P("TO-NAPID", "M")),
	      "error PXLOGICAL/PXPHYSICAL/TO-NAPID: no NAPDEF of the document");
	CLEAN(APP(P("TO-NAPID", "N")) NAP C("ACCESS", P("TO-NAPID", "N")));
}

static void takes_internet_for_any_access_point_to_it(void)
{
	FINDS(NAP APP(P("TO-NAPID", "INTERNET")),
	      "warning APPLICATION/TO-NAPID: no NAPDEF of the document has "
	      "INTERNET");
	CLEAN(NAP_AND(P0("INTERNET")) APP(P("TO-NAPID", "INTERNET")));
}

static void follows_references_to_proxies(void)
{
	FINDS(NAP APP(P("TO-PROXY", "N")),
	      "error APPLICATION/TO-PROXY: no proxy of the document is \"N\"");
	FINDS(C("BOOTSTRAP", P("NAME", "b") P("PROXY-ID", "P")),
	      "error BOOTSTRAP/PROXY-ID: no proxy of the document is \"P\"");
	FINDS(C("ACCESS", P("TO-PROXY", "P")),
	      "error ACCESS/TO-PROXY: no proxy of the document is \"P\"");
	CLEAN(PX APP(P("TO-PROXY", "P") P("TO-PROXY", "PP"))
	      C("BOOTSTRAP", P("PROXY-ID", "P"))
	      C("ACCESS", P("TO-PROXY", "P")));
}

static CU_TestInfo tests[] = {
	{ "wants a value where one is needed",
	  wants_a_value_where_one_is_needed },
	{ "lets texts be empty", lets_texts_be_empty },
	{ "wants no value where none belongs",
	  wants_no_value_where_none_belongs },
	{ "knows STARTPAGE in either place",
	  knows_startpage_in_either_place },
	{ "knows the words of each parm", knows_the_words_of_each_parm },
	{ "looks at each word between commas",
	  looks_at_each_word_between_commas },
	{ "knows applications by their letter case",
	  knows_applications_by_their_letter_case },
	{ "wants ports from 1 to 65535", wants_ports_from_1_to_65535 },
	{ "wants numbers", wants_numbers },
	{ "wants IP addresses of name servers",
	  wants_ip_addresses_of_name_servers },
	{ "holds addresses against their types",
	  holds_addresses_against_their_types },
	{ "finds address and type exchanged",
	  finds_address_and_type_exchanged },
	{ "finds definitions that come twice",
	  finds_definitions_that_come_twice },
	{ "follows references to access points",
	  follows_references_to_access_points },
	{ "takes INTERNET for any access point to it",
	  takes_internet_for_any_access_point_to_it },
	{ "follows references to proxies", follows_references_to_proxies },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("lint values", tests);
}
