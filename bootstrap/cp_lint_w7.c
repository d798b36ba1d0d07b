/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "bootstrap/cp_lint.h"
#include "bootstrap/lint_account.h"
#include "bootstrap/spelling.h"

static const struct cp_scope application = { "APPLICATION", true };
static const struct cp_scope appaddr = { "APPADDR", true };
static const struct cp_scope appauth = { "APPAUTH", true };

bool cp_lint_is_w7(const struct cp_node *n)
{
	const struct cp_node *appid =
		cp_lint_meant(n->children, &application, true, "APPID");

	return appid && appid->value && !strcasecmp(appid->value, "w7");
}

static void add_verdict(struct cp_lint *c, const struct cp_place *p,
			const struct lint_verdict *v)
{
	if (v)
		cp_lint_add(c, v->severity, p, v->why, "%s", v->what);
}

void cp_lint_server_id(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r)
{
	(void)r;
	add_verdict(c, p, lint_server_id(p->node->value, c->quirk));
}

void cp_lint_url(struct cp_lint *c, const struct cp_place *p,
		 const struct cp_rule *r)
{
	const char *type = r->values ? cp_value(p->siblings, r->values) : NULL;

	if (type && (!strcmp(type, "IPV4") || !strcmp(type, "IPV6")))
		cp_lint_address(c, p, r);
	else
		add_verdict(c, p, lint_url(p->node->value, c->quirk));
}

void cp_lint_protover(struct cp_lint *c, const struct cp_place *p,
		      const struct cp_rule *r)
{
	cp_lint_enum(c, p, r);
	if (!strcmp(c->quirk->name, "windows-mobile-5") &&
	    !strcmp(p->node->value, "1.2"))
		cp_lint_add(c, LINT_ERROR, p,
			    "Windows Mobile 5 speaks OMA DM 1.1.2 alone",
			    "not for this client");
}

/* ------------------------------ credentials ------------------------------ */

static bool needs_nonce(const char *type)
{
	return type && (!strcmp(type, "DIGEST") || !strcmp(type, "HMAC"));
}

void cp_lint_auth_type(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r)
{
	const struct cp_node *nonce =
		cp_lint_meant(p->siblings, &appauth, true, "AAUTHDATA");

	cp_lint_enum(c, p, r);
	if (lint_is_windows_mobile(c->quirk) &&
	    strcmp(p->node->value, "BASIC") &&
	    strcmp(p->node->value, "DIGEST"))
		cp_lint_add(c, LINT_WARNING, p,
			    "Windows Mobile knows BASIC and DIGEST",
			    "not for this client");
	if (needs_nonce(p->node->value) &&
	    (!nonce || !nonce->value || !*nonce->value))
		add_verdict(c, p, lint_nonce(NULL));
}

void cp_lint_nonce(struct cp_lint *c, const struct cp_place *p,
		   const struct cp_rule *r)
{
	(void)r;
	if (needs_nonce(cp_value(p->siblings, "AAUTHTYPE")))
		add_verdict(c, p, lint_nonce(p->node->value));
}

/* -------------------------------- account -------------------------------- */

static bool is_level(const struct cp_node *auth, const char *level)
{
	const struct cp_node *parm =
		cp_lint_meant(auth->children, &appauth, true, "AAUTHLEVEL");

	return parm && parm->value && spelling_is_near(parm->value, level);
}

static bool has_level(const struct cp_node *list, const char *level)
{
	for (const struct cp_node *n = list; n; n = n->next)
		if (spelling_is_near(n->name, "APPAUTH") && is_level(n, level))
			return true;
	return false;
}

static bool has_address(const struct cp_node *list)
{
	if (cp_lint_meant(list, &application, true, "ADDR"))
		return true;
	for (const struct cp_node *n = list; n; n = n->next)
		if (spelling_is_near(n->name, "APPADDR") &&
		    cp_lint_meant(n->children, &appaddr, true, "ADDR"))
			return true;
	return false;
}

static const struct {
	const char *level;
	const char *why;
} levels[] = {
	{ "APPSRV", lint_no_client_credential },
	{ "CLIENT", lint_no_server_credential },
};

void cp_lint_w7(struct cp_lint *c, const struct cp_place *p)
{
	const struct cp_node *list = p->node->children;
	bool strict = lint_is_windows_mobile(c->quirk);

	if (!has_address(list))
		cp_lint_add(c, LINT_ERROR, p,
			    "a client cannot find the server",
			    "the account has no address: neither ADDR nor "
			    "APPADDR/ADDR");
	for (size_t i = 0; i < 2; i++)
		if (!has_level(list, levels[i].level))
			cp_lint_add(c, strict ? LINT_ERROR : LINT_WARNING, p,
				    strict ? "Windows Mobile takes no account "
					     "without both credentials"
					   : levels[i].why,
				    "the account has no APPAUTH of level %s",
				    levels[i].level);
}
