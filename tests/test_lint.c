/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand where and how often; the list of findings itself. */
#include "bootstrap/lint.h"

#include <stdio.h>
#include <string.h>

#include "tests/lint_fixture.h"
#include "tests/tap.h"
#include "tests/vectors.h"
#include "wap/utf8.h"

/* ------------------------------ the vectors ------------------------------ */

/* Their references really lead nowhere. */
static const char *const unresolved[] = { "cp-codepage1-tokens" };

static bool is_unresolved(const char *name)
{
	for (size_t i = 0; i < sizeof(unresolved) / sizeof(*unresolved); i++)
		if (!strcmp(unresolved[i], name))
			return true;
	return false;
}

static void assert_no_error(const char *quirk, const json_t *v)
{
	const struct lint *l = lint_text(quirk, vector_text(v, "xml"));

	CU_ASSERT_EQUAL(l->n_errors, 0);
	if (l->n_errors)
		print_findings(l);
}

static void check_vector(const json_t *v)
{
	const char *name = vector_text(v, "name");
	const struct lint *l;

	if (strcmp(vector_text(v, "kind"), "cp"))
		return;
	if (!is_unresolved(name)) {
		assert_no_error("generic", v);
		return;
	}
	l = lint_text("generic", vector_text(v, "xml"));
	CU_ASSERT_EQUAL(l->n_errors, 4);
	CU_ASSERT(has_finding(l, "error ACCESS/TO-NAPID: no NAPDEF"));
	CU_ASSERT(has_finding(l, "error ACCESS/TO-PROXY: no proxy"));
	CU_ASSERT(has_finding(l, "error APPLICATION/TO-NAPID: no NAPDEF"));
	CU_ASSERT(has_finding(l, "error APPLICATION/TO-PROXY: no proxy"));
}

static void finds_no_error_in_the_vectors(void)
{
	vectors_each("bootstrap", "vectors", check_vector);
}

static void finds_no_error_in_accounts_for_their_own_client(void)
{
	static const char *const accounts[][2] = {
		{ "cp-w7-dm112-wm5", "windows-mobile-5" },
		{ "cp-w7-dm12-wm6", "windows-mobile-6" },
		{ "cp-wm6-tps-headers", "windows-mobile-6" },
	};

	for (size_t i = 0; i < sizeof(accounts) / sizeof(*accounts); i++)
		assert_no_error(accounts[i][1],
				vectors_find("bootstrap", "vectors",
					     accounts[i][0]));
}

/* ------------------------------- document ------------------------------- */

static void misses_characteristics_in_an_empty_document(void)
{
	FINDS("", "error wap-provisioningdoc: the document has no char");
	CLEAN(NAP);
}

static void knows_the_versions_1_0_and_1_1(void)
{
	finds_in("generic", "<wap-provisioningdoc version=\"1.2\">" NAP
		 "</wap-provisioningdoc>",
		 "warning wap-provisioningdoc: the version is neither");
	finds_in("generic", "<wap-provisioningdoc version=\"1.0\">" NAP
		 "</wap-provisioningdoc>", "");
	finds_in("generic", "<wap-provisioningdoc>" NAP
		 "</wap-provisioningdoc>", "");
}

static void wants_version_1_1_for_an_application_of_windows_mobile(void)
{
	static const char without[] =
		"<wap-provisioningdoc>" W7("") "</wap-provisioningdoc>";

	finds_in("windows-mobile-5", without,
		 "warning wap-provisioningdoc: the version is not 1.1");
	finds_in("generic", without, "");
	finds_in("windows-mobile-5", "<wap-provisioningdoc>" NAP
		 "</wap-provisioningdoc>", "");
	finds("windows-mobile-5", W7(""), "");
}

/* --------------------------------- names --------------------------------- */

static void tells_which_name_was_meant(void)
{
	FINDS(C("Napdef", NAP_PARMS),
	      "error Napdef: unknown characteristic: did you mean NAPDEF?");
	FINDS(C("SecurityPolcy", P("4119", "128")),
	      "error SecurityPolcy: unknown characteristic: did you mean Sec");
	FINDS(C("NAPDEF", NAP_PARMS P("LINGR", "60")),
	      "error NAPDEF/LINGR: unknown parm: did you mean LINGER?");
	FINDS(W7(P("INITALBACKOFFTIME", "1")),
	      "error APPLICATION/INITALBACKOFFTIME: unknown parm: did you mean "
	      "INITIALBACKOFFTIME?");
	FINDS(NAP C("PXLOGICAL", P("PROXY-ID", "P") P("BASAUTH-P", "marker")
		    C("PXPHYSICAL", PX_PARMS)),
	      "error PXLOGICAL/BASAUTH-P: unknown parm: did you mean BASAUTH-"
	      "PW?");
	CLEAN(NAP C("NAPDEF", P("NAPID", "M") P("NAME", "m")
		    P("NAP-ADDRESS", "m") P("LINGER", "60")));
}

static void tells_a_misspelt_name_once_and_not_as_missing(void)
{
	FINDS(C("NAPDEF", P("NAPDI", "N") P("NAME", "n")
		P("NAP-ADDRESS", "a")),
	      "error NAPDEF/NAPDI: unknown parm: did you mean NAPID?");
	FINDS(NAP C("PXLOGICAL", P("PROXY-ID", "P")
		    C("PXPHYSIKAL", PX_PARMS)),
	      "error PXLOGICAL/PXPHYSIKAL: unknown characteristic: did you");
	FINDS(C("NAPDEFS", NAP_PARMS)
	      C("APPLICATION", P("APPID", "w2") P("TO-NAPID", "N")),
	      "error NAPDEFS: unknown characteristic: did you mean NAPDEF?");
	FINDS(C("NAPDEF", P("NAPDI", "N") P("NAME", "n") P("NAP-ADDRESS", "a"))
	      C("APPLICATION", P("APPID", "w2") P("TO-NAPID", "N")),
	      "error NAPDEF/NAPDI: unknown parm: did you mean NAPID?");
	FINDS(C("APPLICATION", W7_PARMS P("ADR", "https://a/") AUTHS),
	      "error APPLICATION/ADR: unknown parm: did you mean ADDR?");
	FINDS(C("APPLICATION", P("APPIDS", "w7") P("PROVIDER-ID", "d") W7_ADDR
		AUTHS), "error APPLICATION/APPIDS: unknown parm: did you");
}

/* What looks like one known name may be another one. */
static void does_not_take_one_known_name_for_another(void)
{
	FINDS(NAP C("PXLOGICAL", P("PROXY-PW", "marker")
		    C("PXPHYSICAL", PX_PARMS)),
	      "error PXLOGICAL: parm PROXY-ID is missing");
	FINDS(C("NAPDEF", P("NAPID", "N") P("NAP-ADDRESS", "a")
		C("VALIDITY", P("SOC", "1"))),
	      "error NAPDEF: parm NAME is missing");
}

static void goes_on_inside_a_misspelt_characteristic(void)
{
	const struct lint *l = lint_body("generic",
		C("NAPDFE", NAP_PARMS P("LINGER", "long") P("LINGR", "long")));

	CU_ASSERT_EQUAL(l->n, 3);
	CU_ASSERT(has_finding(l, "error NAPDFE/LINGR: unknown parm: did you"));
	CU_ASSERT(has_finding(l, "error NAPDFE: unknown characteristic: did"));
	CU_ASSERT(has_finding(l, "error NAPDFE/LINGER: is not a number"));
}

static void tells_where_a_misplaced_name_belongs(void)
{
	FINDS(NAP C("PXPHYSICAL", PX_PARMS), "error PXPHYSICAL: "
	      "characteristic in a wrong place: it belongs in PXLOGICAL");
	FINDS(C("NAPDEF", NAP_PARMS P("AUTHNAME", "x")),
	      "error NAPDEF/AUTHNAME: parm in a wrong place: it belongs in "
	      "NAPAUTHINFO");
	FINDS(C("NAPDEF", NAP_PARMS C("SecurityPolicy", "")),
	      "error NAPDEF/SecurityPolicy: characteristic in a wrong place: "
	      "it belongs in wap-provisioningdoc");
	FINDS(W7(C("RESOURCE", P("URI", "u") P("ROLE", "8"))),
	      "error APPLICATION/RESOURCE/ROLE: parm in a wrong place: it "
	      "belongs in w7 APPLICATION");
	FINDS(C("NAPDEF", NAP_PARMS P("ROLE", "8")),
	      "warning NAPDEF/ROLE: unknown parm");
	CLEAN(C("NAPDEF", NAP_PARMS C("NAPAUTHINFO", P("AUTHTYPE", "PAP")
				      P("AUTHNAME", "x"))));
}

static void warns_of_a_name_that_nobody_knows(void)
{
	FINDS(C("X-VENDOR", P("a", "b")),
	      "warning X-VENDOR: unknown characteristic");
	FINDS(C("NAPDEF", NAP_PARMS P("X-COLOUR", "red")),
	      "warning NAPDEF/X-COLOUR: unknown parm");
	FINDS(W7(P("X-COLOUR", "red")),
	      "warning APPLICATION/X-COLOUR: unknown parm");
}

/* Each application registers parms of its own. */
static void lets_other_applications_have_parms_of_their_own(void)
{
	CLEAN(C("APPLICATION", P("APPID", "w4") P("CM", "D") P("PC-ADDR", "1")
		C("RESOURCE", P("URI", "u") P("CLIURI", "c"))));
	FINDS(C("APPLICATION", P("APPID", "w4") C("APPADDR", P("CM", "D"))),
	      "warning APPLICATION/APPADDR/CM: unknown parm");
}

static void keeps_out_of_what_is_its_owners_affair(void)
{
	CLEAN(C("VENDORCONFIG", P("NAME", "v") P("Any", "") C("thing", "")));
	CLEAN(C("CM_GPRSEntries", C("x", P("UserName", "") P0("napid"))));
	CLEAN(C("CM_Anything", P0("NAPID")));
	CLEAN(C("CertificateStore", C("ROOT", P("EncodedCertificate", "A"))));
	CLEAN(C("BrowserFavorite", C("a", P("URL", "u"))));
	FINDS(C("VENDORCONFIG", P("Any", "")),
	      "error VENDORCONFIG: parm NAME is missing");
}

static void wants_numbers_for_names_of_policies(void)
{
	FINDS(C("SecurityPolicy", P("4119", "1") P("41O7", "3200")),
	      "error SecurityPolicy/41O7: the policy's name is not a number");
	CLEAN(C("SecurityPolicy", P("4119", "1") P("4107", "3200")));
}

static void refuses_vendorconfig_for_gecko(void)
{
	finds("gecko", C("VENDORCONFIG", P("NAME", "v")),
	      "error VENDORCONFIG: not for this client");
	CLEAN(C("VENDORCONFIG", P("NAME", "v")));
}

/* ------------------------------- how often ------------------------------- */

static void misses_what_is_required(void)
{
	static const char *const pairs[][2] = {
		{ C("NAPDEF", P("NAME", "n") P("NAP-ADDRESS", "a")),
		  "error NAPDEF: parm NAPID is missing" },
		{ C("NAPDEF", P("NAPID", "N") P("NAME", "n")),
		  "error NAPDEF: parm NAP-ADDRESS is missing" },
		{ C("NAPDEF", NAP_PARMS C("NAPAUTHINFO", "")),
		  "error NAPDEF/NAPAUTHINFO: parm AUTHTYPE is missing" },
		{ C("PXLOGICAL", P("PROXY-ID", "P")),
		  "error PXLOGICAL: characteristic PXPHYSICAL is missing" },
		{ C("PXLOGICAL", P("PROXY-ID", "P") C("PXPHYSICAL",
		    P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", "a"))),
		  "error PXLOGICAL/PXPHYSICAL: parm TO-NAPID is missing" },
		{ NAP C("PXLOGICAL", P("PROXY-ID", "P") C("PORT", "")
			C("PXPHYSICAL", PX_PARMS)),
		  "error PXLOGICAL/PORT: parm PORTNBR is missing" },
		{ NAP C("PXLOGICAL", P("PROXY-ID", "P") C("PXAUTHINFO", "")
			C("PXPHYSICAL", PX_PARMS)),
		  "error PXLOGICAL/PXAUTHINFO: parm PXAUTH-TYPE is missing" },
		{ C("CLIENTIDENTITY", ""),
		  "error CLIENTIDENTITY: parm CLIENT-ID is missing" },
		{ C("APPLICATION", P("NAME", "n")),
		  "error APPLICATION: parm APPID is missing" },
		{ C("APPLICATION", P("APPID", "w2") C("RESOURCE", "")),
		  "error APPLICATION/RESOURCE: parm URI is missing" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		FINDS(pairs[i][0], pairs[i][1]);
	CLEAN(NAP C("PXLOGICAL", P("PROXY-ID", "P") C("PORT",
		    P("PORTNBR", "80")) C("PXAUTHINFO", P("PXAUTH-TYPE", "PAP"))
		    C("PXPHYSICAL", PX_PARMS))
	      C("CLIENTIDENTITY", P("CLIENT-ID", "c"))
	      C("APPLICATION", P("APPID", "w2") C("RESOURCE", P("URI", "u"))));
}

static void takes_once_only_what_is_there_once(void)
{
	FINDS(C("NAPDEF", NAP_PARMS P("NAPID", "M")),
	      "error NAPDEF/NAPID[2]: is there more than once");
	FINDS(C("CLIENTIDENTITY", P("CLIENT-ID", "a"))
	      C("CLIENTIDENTITY", P("CLIENT-ID", "b")),
	      "error CLIENTIDENTITY[2]: is there more than once");
	CLEAN(PX C("NAPDEF", P("NAPID", "M") P("NAME", "m")
		   P("NAP-ADDRESS", "m") P("DNS-ADDR", "10.0.0.1")
		   P("DNS-ADDR", "10.0.0.2"))
	      C("APPLICATION", P("APPID", "w2") P("TO-NAPID", "N")
		P("TO-NAPID", "M")));
}

/* ------------------------- the list of findings ------------------------- */

static void says_where_and_in_which_line(void)
{
	const struct lint *l = lint_text("generic",
		"<wap-provisioningdoc>\n" NAP C("APPLICATION",
		P("APPID", "w2")) "\n<characteristic type=\"APPLICATION\">\n"
		P("APPID", "w2") C("APPAUTH", "") "\n"
		C("APPAUTH", "\n\n" P("AAUTHTYP", "marker"))
		"</characteristic></wap-provisioningdoc>");

	CU_ASSERT_EQUAL_FATAL(l->n, 1);
	CU_ASSERT_STRING_EQUAL(l->findings[0].where,
			       "APPLICATION[2]/APPAUTH[2]/AAUTHTYP");
	CU_ASSERT_EQUAL(l->findings[0].line, 7);
	CU_ASSERT_EQUAL(l->findings[0].severity, LINT_ERROR);
	CU_ASSERT(strlen(l->findings[0].why) > 0);
}

/* A parm and a characteristic of one name are not two of a kind. */
static void counts_parms_and_characteristics_apart(void)
{
	const struct lint *l = lint_body("generic",
		C("X", "") C("NAPDEF", NAP_PARMS P("X", "1") C("X", "")));

	CU_ASSERT_EQUAL(l->n, 3);
	CU_ASSERT(has_finding(l, "warning X: unknown characteristic"));
	CU_ASSERT(has_finding(l, "warning NAPDEF/X: unknown parm"));
	CU_ASSERT(has_finding(l, "warning NAPDEF/X: unknown characteristic"));
}

static void tells_findings_in_the_order_of_the_document(void)
{
	static const char *const order[] = {
		"NAPDEF[1]", "NAPDEF[1]/NAP-ADDRTYPE", "NAPDEF[1]/LINGER",
		"APPLICATION/PORT", "NAPDEF[2]", "NAPDEF[2]/X",
	};
	const struct lint *l = lint_body("generic",
		C("NAPDEF", P("NAPID", "a") P("NAP-ADDRTYPE", "apn")
		  P("LINGER", "x") P("NAP-ADDRESS", "a"))
		C("APPLICATION", P("APPID", "w2") C("PORT", ""))
		C("NAPDEF", P("NAPID", "b") P("X", "") P("NAME", "b")));
	size_t n = sizeof(order) / sizeof(*order);

	CU_ASSERT_EQUAL_FATAL(l->n, n);
	for (size_t i = 0; i < n; i++)
		CU_ASSERT_STRING_EQUAL(l->findings[i].where, order[i]);
	CU_ASSERT_EQUAL(l->n_errors, 5);
}

/* A document with n parms that nobody knows, and then one misspelt. */
static const char *many(size_t n)
{
	static char body[64 * (LINT_FINDINGS_MAX + 10)];
	size_t len = 0;

	len += (size_t)sprintf(body, "<characteristic type=\"NAPDEF\">"
			       NAP_PARMS);
	for (size_t i = 0; i < n; i++)
		len += (size_t)sprintf(body + len, "<parm name=\"X-%zu\" "
				       "value=\"\"/>", i);
	sprintf(body + len, P("LINGR", "1") "</characteristic>");
	return body;
}

static void counts_what_the_list_cannot_hold(void)
{
	const struct lint *l = lint_body("generic",
					 many(LINT_FINDINGS_MAX - 1));

	CU_ASSERT_EQUAL(l->n, LINT_FINDINGS_MAX);
	CU_ASSERT_EQUAL(l->n_left_out, 0);
	CU_ASSERT_EQUAL(l->n_errors, 1);
	l = lint_body("generic", many(LINT_FINDINGS_MAX + 2));
	CU_ASSERT_EQUAL(l->n, LINT_FINDINGS_MAX);
	CU_ASSERT_EQUAL(l->n_left_out, 3);
	CU_ASSERT_EQUAL(l->n_errors, 1);	/* the last one of all */
	CU_ASSERT_STRING_EQUAL(l->findings[LINT_FINDINGS_MAX - 1].where,
			       "NAPDEF/X-99");
}

static void adds_to_what_is_there(void)
{
	struct lint *l = lint_body("generic", "");

	lint_size(30, 20, l);
	lint_size(5, 20, l);
	CU_ASSERT_EQUAL(l->n, 3);
	CU_ASSERT_EQUAL(l->n_errors, 2);
}

static void cuts_long_texts_between_characters(void)
{
	static struct lint l;
	char text[400];

	for (size_t n = 0; n < 4; n++) {
		memset(text, 'a', n);
		for (size_t i = n; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 4);
		lint_add(&l, LINT_WARNING, 1, text, text, "%s", text);
		CU_ASSERT(utf8_valid(l.findings[n].where,
				     strlen(l.findings[n].where)));
		CU_ASSERT(utf8_valid(l.findings[n].what,
				     strlen(l.findings[n].what)));
		CU_ASSERT(utf8_valid(l.findings[n].why,
				     strlen(l.findings[n].why)));
		CU_ASSERT_PTR_NOT_NULL(strstr(l.findings[n].where, "..."));
		CU_ASSERT(strlen(l.findings[n].where) >
			  sizeof(l.findings[n].where) - 5);
	}
	lint_add(&l, LINT_WARNING, 1, "a\nb", "c\x7f", "%s", "\x1b[m");
	CU_ASSERT_STRING_EQUAL(l.findings[4].where, "a?b");
	CU_ASSERT_STRING_EQUAL(l.findings[4].what, "?[m");
}

static void weighs_the_message_in_segments(void)
{
	static const struct {
		size_t segments, max;
		const char *finding;	/* NULL: none */
	} cases[] = {
		{ 1, 20, NULL },
		{ LINT_SEGMENTS_WARN, 20, NULL },
		{ LINT_SEGMENTS_WARN + 1, 20, "warning message: 5 SMS, more" },
		{ 20, 20, "warning message: 20 SMS, more than 4" },
		{ 21, 20, "error message: 21 SMS, allowed are 20" },
		{ 3, 2, "error message: 3 SMS, allowed are 2" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lint l = { .n = 0 };

		lint_size(cases[i].segments, cases[i].max, &l);
		CU_ASSERT_EQUAL(l.n, cases[i].finding ? 1 : 0);
		CU_ASSERT(!cases[i].finding ||
			  has_finding(&l, cases[i].finding));
	}
}

static void names_severities(void)
{
	CU_ASSERT_STRING_EQUAL(lint_severity_name(LINT_WARNING), "warning");
	CU_ASSERT_STRING_EQUAL(lint_severity_name(LINT_ERROR), "error");
}

static CU_TestInfo tests[] = {
	{ "finds no error in the vectors", finds_no_error_in_the_vectors },
	{ "finds no error in accounts for their own client",
	  finds_no_error_in_accounts_for_their_own_client },
	{ "misses characteristics in an empty document",
	  misses_characteristics_in_an_empty_document },
	{ "knows the versions 1.0 and 1.1", knows_the_versions_1_0_and_1_1 },
	{ "wants version 1.1 for an application of windows mobile",
	  wants_version_1_1_for_an_application_of_windows_mobile },
	{ "tells which name was meant", tells_which_name_was_meant },
	{ "tells a misspelt name once and not as missing",
	  tells_a_misspelt_name_once_and_not_as_missing },
	{ "does not take one known name for another",
	  does_not_take_one_known_name_for_another },
	{ "goes on inside a misspelt characteristic",
	  goes_on_inside_a_misspelt_characteristic },
	{ "tells where a misplaced name belongs",
	  tells_where_a_misplaced_name_belongs },
	{ "warns of a name that nobody knows",
	  warns_of_a_name_that_nobody_knows },
	{ "lets other applications have parms of their own",
	  lets_other_applications_have_parms_of_their_own },
	{ "keeps out of what is its owner's affair",
	  keeps_out_of_what_is_its_owners_affair },
	{ "wants numbers for names of policies",
	  wants_numbers_for_names_of_policies },
	{ "refuses VENDORCONFIG for gecko", refuses_vendorconfig_for_gecko },
	{ "misses what is required", misses_what_is_required },
	{ "takes once only what is there once",
	  takes_once_only_what_is_there_once },
	{ "says where and in which line", says_where_and_in_which_line },
	{ "counts parms and characteristics apart",
	  counts_parms_and_characteristics_apart },
	{ "tells findings in the order of the document",
	  tells_findings_in_the_order_of_the_document },
	{ "counts what the list cannot hold",
	  counts_what_the_list_cannot_hold },
	{ "adds to what is there", adds_to_what_is_there },
	{ "cuts long texts between characters",
	  cuts_long_texts_between_characters },
	{ "weighs the message in segments", weighs_the_message_in_segments },
	{ "names severities", names_severities },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("lint", tests);
}
