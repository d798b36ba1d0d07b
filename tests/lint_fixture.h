/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint_fixture.h - documents as text, and what lint says of them
 *
 * A finding that is expected is one text, "error APPLICATION/ADDR: what": its
 * severity, where, and how what begins. All fail the test and print what was
 * found if that is something else.
 */
#ifndef TESTS_LINT_FIXTURE_H
#define TESTS_LINT_FIXTURE_H

#include "bootstrap/cp_xml.h"
#include "bootstrap/lint.h"

#define C(type, content) \
	"<characteristic type=\"" type "\">" content "</characteristic>"
#define P(name, value) "<parm name=\"" name "\" value=\"" value "\"/>"
#define P0(name) "<parm name=\"" name "\"/>"

/* What is right, to build on. */
#define NAP_PARMS \
	P("NAPID", "N") P("NAME", "n") P("NAP-ADDRESS", "internet") \
	P("NAP-ADDRTYPE", "APN")
#define NAP C("NAPDEF", NAP_PARMS)
#define PX_PARMS \
	P("PHYSICAL-PROXY-ID", "PP") P("PXADDR", "10.0.0.1") \
	P("PXADDRTYPE", "IPV4") P("TO-NAPID", "N")
#define PX NAP C("PXLOGICAL", P("PROXY-ID", "P") C("PXPHYSICAL", PX_PARMS))

#define AUTH(level, more) \
	C("APPAUTH", P("AAUTHLEVEL", level) P("AAUTHNAME", "n") \
	  P("AAUTHSECRET", "marker") more)
#define DIGEST P("AAUTHTYPE", "DIGEST") P("AAUTHDATA", "bWFya2Vy")
#define AUTHS AUTH("APPSRV", DIGEST) AUTH("CLIENT", DIGEST)
#define W7_PARMS P("APPID", "w7") P("PROVIDER-ID", "dm.example.com")
#define W7_ADDR P("ADDR", "https://dm.example.com/")
#define W7(more) C("APPLICATION", W7_PARMS W7_ADDR AUTHS more)

/* The document is of version 1.1. */
struct lint *lint_body(const char *quirk, const char *body);

/* A whole document, of either kind. The result lives until the next call. */
struct lint *lint_text(const char *quirk, const char *text);

/* Is this the only finding? "" for none. */
void finds(const char *quirk, const char *body, const char *finding);
void finds_in(const char *quirk, const char *text, const char *finding);

/* Is this one of the findings of l, and is there only one like it? */
bool has_finding(const struct lint *l, const char *finding);

void print_findings(const struct lint *l);

/* For findings of the client "generic". */
#define FINDS(body, finding) finds("generic", body, finding)
#define CLEAN(body) finds("generic", body, "")

#endif
