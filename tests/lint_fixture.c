/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lint_fixture.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define TEXT_MAX XML_OCTETS_MAX

static struct lint findings;

static _Noreturn void bail_out(const char *what, const char *text)
{
	printf("Bail out! lint: %s: %.400s\n", what, text);
	exit(EXIT_FAILURE);
}

struct lint *lint_text(const char *quirk, const char *text)
{
	static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	const struct quirk *q = quirks_find(quirk);
	struct xml_node *root;
	struct cp_doc doc;
	struct err e;

	memset(&findings, 0, sizeof(findings));
	if (!q)
		bail_out("no such quirk", quirk);
	if (xml_read(&a, text, strlen(text), &root, &e))
		bail_out(e.came, text);
	if (!strcmp(root->name, "SyncML"))
		lint_dm(&a, root, q, &findings);
	else if (cp_xml_from_tree(&a, root, &doc, &e))
		bail_out(e.came, text);
	else
		lint_cp(&doc, q, &findings);
	return &findings;
}

struct lint *lint_body(const char *quirk, const char *body)
{
	static char text[TEXT_MAX];
	int n = snprintf(text, sizeof(text), "<wap-provisioningdoc version="
			 "\"1.1\">%s</wap-provisioningdoc>", body);

	if (n >= (int)sizeof(text))
		bail_out("TEXT_MAX is too small", body);
	return lint_text(quirk, text);
}

void print_findings(const struct lint *l)
{
	for (size_t i = 0; i < l->n; i++)
		printf("# found: %s %s: %s (%s)\n",
		       lint_severity_name(l->findings[i].severity),
		       l->findings[i].where, l->findings[i].what,
		       l->findings[i].why);
}

bool has_finding(const struct lint *l, const char *finding)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct lint_finding *f = &l->findings[i];
		char text[sizeof(*f)];

		snprintf(text, sizeof(text), "%s %s: %s",
			 lint_severity_name(f->severity), f->where, f->what);
		n += !strncmp(text, finding, strlen(finding));
	}
	return n == 1;
}

static void assert_findings(const struct lint *l, const char *finding)
{
	bool ok = *finding ? l->n == 1 && has_finding(l, finding) : l->n == 0;

	CU_ASSERT(ok);
	if (ok)
		return;
	printf("# want : %s\n", *finding ? finding : "nothing");
	print_findings(l);
}

void finds_in(const char *quirk, const char *text, const char *finding)
{
	assert_findings(lint_text(quirk, text), finding);
}

void finds(const char *quirk, const char *body, const char *finding)
{
	assert_findings(lint_body(quirk, body), finding);
}
