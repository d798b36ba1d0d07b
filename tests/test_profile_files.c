/* SPDX-License-Identifier: Apache-2.0 */
/* The profiles that are installed, conf/profiles/: each field has its place. */
#include <stdio.h>
#include <string.h>

#include "tests/profile_fixture.h"
#include "tests/tap.h"
#include "wap/quirks.h"

static void each_profile(void (*test)(const struct profile *p))
{
	for (const char *const *name = profile_names; *name; name++) {
		unsigned before = CU_get_number_of_failures();

		load_profile(*name);
		test(&profile);
		if (CU_get_number_of_failures() != before)
			printf("# in profile %s\n", *name);
	}
}

static void check_client(const struct profile *p)
{
	CU_ASSERT_EQUAL(p->is_dm, !strncmp(p->name, "dm", 2));
	CU_ASSERT_PTR_NOT_NULL(quirks_find(p->client));
	if (quirks_find(p->name))
		CU_ASSERT_STRING_EQUAL(p->client, p->name);
}

static void are_all_read(void)
{
	each_profile(check_client);
}

/* And not without any one of them. */
static void check_required(const struct profile *p)
{
	struct profile_value values[PROFILE_FIELDS_MAX];
	size_t n = required_values(values);

	CU_ASSERT(n > 0 && n < p->n_fields);
	assert_fills(values, n);
	for (size_t i = 0; i < n; i++) {
		struct profile_value last = values[n - 1];

		values[n - 1] = values[i];
		values[i] = last;
		CU_ASSERT_PTR_NULL(fill_values(values, n - 1));
		CU_ASSERT_STRING_EQUAL(profile_err.field, values[n - 1].name);
		CU_ASSERT_STRING_EQUAL(profile_err.came, "missing");
	}
}

static void fill_with_the_required_fields_alone(void)
{
	each_profile(check_required);
}

/* All fields but one. */
static const struct xml_node *fill_without(const struct profile *p, size_t but)
{
	struct profile_value values[PROFILE_FIELDS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < p->n_fields; i++)
		if (i != but)
			values[n++] = (struct profile_value){
				p->fields[i].name, some_value(i),
			};
	return fill_values(values, n);
}

/* Without it the document differs, or another field has no place. */
static void check_difference(const struct profile *p)
{
	static char with_all[XML_OCTETS_MAX];
	const struct xml_node *root = fill_without(p, SIZE_MAX);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	strcpy(with_all, xml_of(root));
	for (size_t i = 0; i < p->n_fields; i++) {
		if (p->fields[i].required)
			continue;
		root = fill_without(p, i);
		CU_ASSERT(root ? strcmp(xml_of(root), with_all) :
			  !strcmp(profile_err.came,
				  "it has no place in this document"));
	}
}

static void make_a_difference_of_each_field(void)
{
	each_profile(check_difference);
}

#define P(name, value) "<parm name=\"" name "\" value=\"" value "\"/>"
#define BEGIN(type) "<characteristic type=\"" type "\">"
#define END "</characteristic>"
#define LEVEL(level, auth_type) BEGIN("APPAUTH") P("AAUTHLEVEL", level) \
	P("AAUTHTYPE", auth_type)

/* What no vector has: a field, its value, and what then stands there. */
static const struct place {
	const char *profile;
	struct profile_value values[4];
	const char *text;
} places[] = {
	{ "windows-mobile-5", { { "root-cert", "AAEC" }, { "root-cert-hash",
		"000102030405060708090a0b0c0d0e0f10111213" } },
		"<wap-provisioningdoc version=\"1.1\">"
		BEGIN("CertificateStore") BEGIN("ROOT")
		BEGIN("000102030405060708090a0b0c0d0e0f10111213")
		P("EncodedCertificate", "AAEC") END END END
		BEGIN("APPLICATION") },
	{ "windows-mobile-6", { { "root-cert", "AAEC" }, { "root-cert-hash",
		"000102030405060708090A0B0C0D0E0F10111213" } },
		BEGIN("CertificateStore") BEGIN("ROOT")
		BEGIN("000102030405060708090A0B0C0D0E0F10111213")
		P("EncodedCertificate", "AAEC") END END END
		BEGIN("APPLICATION") },
	{ "windows-mobile-5", { { "protover", "1.1" } },
		P("ROLE", "8") P("PROTOVER", "1.1") LEVEL("APPSRV",
		"DIGEST") },
	{ "windows-mobile-5", { { "auth-type", "BASIC" } },
		LEVEL("APPSRV", "BASIC") },
	{ "windows-mobile-5", { { "auth-type", "BASIC" } },
		LEVEL("CLIENT", "DIGEST") },
	{ "windows-mobile-5", { { "init", "no" } },
		P("TO-NAPID", "INTERNET") P("ROLE", "8") },
	{ "windows-mobile-6", { { "role", "8" }, { "protover", "1.1" } },
		"<parm name=\"INIT\"/>" P("ROLE", "8")
		P("PROTOVER", "1.1") BEGIN("APPADDR") },
	{ "windows-mobile-6", { { "server-name", "s" } },
		LEVEL("CLIENT", "DIGEST") P("AAUTHNAME", "s")
		"<parm name=\"AAUTHSECRET\"" },
	{ "generic", { { "client-nonce", "AAEC" } },
		P("AAUTHDATA", "AAEC") END LEVEL("CLIENT", "DIGEST") },
	{ "generic", { { "init", "no" } },
		P("TO-NAPID", "INTERNET") BEGIN("APPADDR") },
	{ "generic", { { "server-name", "s" } },
		LEVEL("CLIENT", "DIGEST") P("AAUTHNAME", "s") },
	{ "generic", { { "apn", "a" }, { "apn-user", "u" },
		{ "apn-auth", "CHAP" } },
		"<parm name=\"INTERNET\"/>" BEGIN("NAPAUTHINFO")
		P("AUTHTYPE", "CHAP") P("AUTHNAME", "u") END END },
	{ "browser", { { "start-page", "http://a/" },
		{ "start-page-name", "n" } },
		P("TO-NAPID", "INET1") BEGIN("RESOURCE")
		P("URI", "http://a/") P("NAME", "n")
		"<parm name=\"STARTPAGE\"/>" },
	{ "mms", { { "proxy", "10.0.0.1" }, { "proxy-port", "9201" },
		{ "proxy-service", "CO-WSP" } },
		BEGIN("PORT") P("PORTNBR", "9201")
		P("SERVICE", "CO-WSP") END END END },
	{ "mms", { { "apn-user", "u" }, { "apn-password", "p" } },
		P("NAP-ADDRTYPE", "APN") BEGIN("NAPAUTHINFO")
		P("AUTHTYPE", "PAP") P("AUTHNAME", "u")
		P("AUTHSECRET", "p") END END BEGIN("APPLICATION") },
	{ "dm112", { { "auth-pref", "syncml:auth-MAC" } },
		"<Data>syncml:auth-MAC</Data>" },
	{ "dm12", { { "server-name", "s" } }, "SRVCRED</Data></Item></Add>"
		"<Add><CmdID>22</CmdID><Item><Target><LocURI>./DMAcc/dm1/"
		"AppAuth/2/AAuthType</LocURI></Target><Meta><Format xmlns="
		"\"syncml:metinf\">chr</Format></Meta><Data>DIGEST</Data>"
		"</Item></Add><Add><CmdID>23</CmdID><Item><Target><LocURI>"
		"./DMAcc/dm1/AppAuth/2/AAuthName</LocURI></Target><Meta>"
		"<Format xmlns=\"syncml:metinf\">chr</Format></Meta>"
		"<Data>s</Data></Item></Add><Add><CmdID>24</CmdID>" },
	{ "dm12-tnds", { { "server-auth-type", "BASIC" } },
		"<Value>SRVCRED</Value></Node><Node><NodeName>AAuthType"
		"</NodeName><RTProperties><Format><chr/></Format><Type><MIME>"
		"text/plain</MIME></Type></RTProperties><Value>BASIC</Value>"
	},
};

static void put_each_optional_field_in_its_place(void)
{
	struct profile_value values[PROFILE_FIELDS_MAX];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place *at = &places[i];
		const char *xml;
		size_t n;

		load_profile(at->profile);
		n = required_values(values);
		for (size_t k = 0; k < 4 && at->values[k].name; k++)
			values[n++] = at->values[k];
		xml = xml_of(assert_fills(values, n));
		CU_ASSERT_PTR_NOT_NULL(strstr(xml, at->text));
		if (!strstr(xml, at->text))
			printf("# %s: no %s\n# in %s\n", at->profile,
			       at->text, xml);
	}
}

static void want_certificate_and_hash_together(void)
{
	struct profile_value values[PROFILE_FIELDS_MAX];
	size_t n;

	load_profile("windows-mobile-6");
	n = required_values(values);
	values[n] = (struct profile_value){ "root-cert", "AAEC" };
	CU_ASSERT_PTR_NULL(fill_values(values, n + 1));
	CU_ASSERT_STRING_EQUAL(profile_err.field, "root-cert");
}

/* Passwords and nonces, by their names. */
static void check_secret(const struct profile *p)
{
	for (size_t i = 0; i < p->n_fields; i++)
		CU_ASSERT_EQUAL(p->fields[i].secret,
				strstr(p->fields[i].name, "password") ||
				strstr(p->fields[i].name, "nonce"));
}

static void know_which_fields_are_secret(void)
{
	each_profile(check_secret);
}

/* Its example, its types, and its list of profiles. */
static void are_what_the_manual_says(void)
{
	static char page[64 * 1024];
	char item[100], *from, *end;

	read_test_file("../man/dmbox-profile.5", page, sizeof(page));
	for (size_t i = 0; i <= PROFILE_HEX; i++) {
		snprintf(item, sizeof(item), "\n.It Cm %s\n",
			 profile_type_name((enum profile_type)i));
		CU_ASSERT_PTR_NOT_NULL(strstr(page, item));
	}
	for (const char *const *name = profile_names; *name; name++) {
		snprintf(item, sizeof(item), "\n.It Cm %s\n", *name);
		CU_ASSERT_PTR_NOT_NULL(strstr(page, item));
	}
	from = strstr(page, "\n<profile ");
	end = from ? strstr(from, "</profile>\n") : NULL;
	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	strchr(end, '\n')[0] = '\0';
	assert_reads(from);
	CU_ASSERT_EQUAL(profile.n_fields, 5);
}

static CU_TestInfo tests[] = {
	{ "are all read", are_all_read },
	{ "fill with the required fields alone",
	  fill_with_the_required_fields_alone },
	{ "make a difference of each field", make_a_difference_of_each_field },
	{ "put each optional field in its place",
	  put_each_optional_field_in_its_place },
	{ "want certificate and hash together",
	  want_certificate_and_hash_together },
	{ "know which fields are secret", know_which_fields_are_secret },
	{ "are what the manual says", are_what_the_manual_says },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("profile_files", tests);
}
