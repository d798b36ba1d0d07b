/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/lint_account.h"
#include "bootstrap/spelling.h"

#define DOCUMENT "wap-provisioningdoc"
#define PATH_SIZE 256		/* lint_add() cuts it to what a finding has */

/* -------------------------------- report -------------------------------- */

static bool is_like(const struct cp_node *a, const struct cp_node *b)
{
	return a->is_parm == b->is_parm && !strcmp(a->name, b->name);
}

/* "APPAUTH[2]": the index only where there are several. */
static void put_path(const struct cp_place *p, char path[PATH_SIZE])
{
	size_t index = 0, n = 0, at;

	if (p->parent)
		put_path(p->parent, path);
	for (const struct cp_node *s = p->siblings; s; s = s->next) {
		n += is_like(s, p->node);
		if (s == p->node)
			index = n;
	}
	at = strlen(path);
	snprintf(path + at, PATH_SIZE - at, "%s%s", at ? "/" : "",
		 p->node->name[0] ? p->node->name : "\"\"");
	at = strlen(path);
	if (n > 1)
		snprintf(path + at, PATH_SIZE - at, "[%zu]", index);
}

void cp_lint_add(struct cp_lint *c, enum lint_severity severity,
		 const struct cp_place *p, const char *why, const char *what,
		 ...)
{
	char path[PATH_SIZE] = "";
	char text[2 * sizeof(c->out->findings[0].what)];
	va_list ap;

	if (c->out->n < LINT_FINDINGS_MAX)
		put_path(p, path);
	va_start(ap, what);
	vsnprintf(text, sizeof(text), what, ap);
	va_end(ap);
	lint_add(c->out, severity, p->node->line, path, why, "%s", text);
}

/* ------------------------------- structure ------------------------------- */

const struct cp_node *cp_lint_meant(const struct cp_node *list,
				    const struct cp_scope *scope, bool is_parm,
				    const char *name)
{
	const struct cp_node *n = is_parm ? cp_parm(list, name)
					  : cp_characteristic(list, name);

	if (n)
		return n;
	for (n = list; n; n = n->next)
		if (n->is_parm == is_parm && spelling_is_near(n->name, name) &&
		    !cp_schema_find(scope, is_parm, n->name))
			return n;
	return NULL;
}

/* Each application registers parms of its own; those of w7 we know. */
static bool is_open(const struct cp_scope *scope)
{
	return !scope->w7 && (!strcmp(scope->type, "APPLICATION") ||
			      !strcmp(scope->type, "RESOURCE"));
}

/*
 * Tells of a name that is not known in this scope. Returns the rule of the
 * characteristic that was meant, or NULL: what a misspelt parm says is not
 * looked at, since a finding tells values and this one may be a secret.
 */
static const struct cp_rule *add_unknown(struct cp_lint *c,
					 const struct cp_place *p,
					 const struct cp_scope *scope)
{
	bool is_parm = p->node->is_parm;
	const char *name = p->node->name;
	const char *kind = is_parm ? "parm" : "characteristic";
	const struct cp_rule *near = cp_schema_near(scope, is_parm, name);
	const struct cp_rule *elsewhere =
		cp_schema_elsewhere(scope, is_parm, name);

	if (near)
		cp_lint_add(c, LINT_ERROR, p, lint_misspelt,
			    "unknown %s: did you mean %s?", kind, near->name);
	else if (elsewhere)
		cp_lint_add(c, LINT_ERROR, p,
			    "a device does not look for it here",
			    "%s in a wrong place: it belongs in %s", kind,
			    elsewhere->parent[0] ? elsewhere->parent
						 : DOCUMENT);
	else if (!is_parm || !is_open(scope))
		cp_lint_add(c, LINT_WARNING, p,
			    "devices ignore what they do not know",
			    "unknown %s", kind);
	return is_parm ? NULL : near;
}

/* Is an earlier node of the list like this one? */
static bool came_before(const struct cp_place *p)
{
	const struct cp_node *n = p->siblings;

	while (!is_like(n, p->node))
		n = n->next;
	return n != p->node;
}

static void check_once(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r)
{
	if ((r->occurs == CP_ONE || r->occurs == CP_OPTIONAL) && came_before(p))
		cp_lint_add(c, LINT_ERROR, p,
			    "devices differ in which one they take, or refuse "
			    "both", "is there more than once");
}

static void check_complete(struct cp_lint *c, const struct cp_place *p,
			   const struct cp_scope *scope)
{
	const struct cp_rule *r = NULL;

	while ((r = cp_schema_next(scope, r)) != NULL) {
		bool is_parm = r->kind >= CP_PARM;

		if ((r->occurs == CP_ONE || r->occurs == CP_SOME) &&
		    !cp_lint_meant(p->node->children, scope, is_parm, r->name))
			cp_lint_add(c, LINT_ERROR, p,
				    "it is required: a device refuses the "
				    "characteristic without it", "%s %s is "
				    "missing", is_parm ? "parm"
				    : "characteristic", r->name);
	}
}

static void check_policies(struct cp_lint *c, const struct cp_place *p)
{
	const struct cp_node *list = p->node->children;

	for (const struct cp_node *n = list; n; n = n->next) {
		struct cp_place policy = { p, list, n };

		if (n->is_parm && !spelling_is_number(n->name))
			cp_lint_add(c, LINT_ERROR, &policy,
				    "a policy has a number, as 4119: a device "
				    "knows no other names",
				    "the policy's name is not a number");
	}
}

static void check_list(struct cp_lint *c, const struct cp_place *parent,
		       const struct cp_node *list,
		       const struct cp_scope *scope);

static void check_characteristic(struct cp_lint *c, const struct cp_place *p,
				 const struct cp_scope *outer,
				 const struct cp_rule *r)
{
	struct cp_scope scope = { r->name, outer->w7 };

	if (!strcmp(r->name, "VENDORCONFIG") &&
	    !strcmp(c->quirk->name, "gecko"))
		cp_lint_add(c, LINT_ERROR, p,
			    "Gecko does not parse a message that holds one",
			    "not for this client");
	if (!strcmp(r->name, "APPLICATION"))
		scope.w7 = cp_lint_is_w7(p->node);
	check_complete(c, p, &scope);
	if (r->kind == CP_POLICY)
		check_policies(c, p);
	if (r->kind != CP_CHARACTERISTIC)
		return;
	if (!strcmp(r->name, "APPLICATION") && scope.w7)
		cp_lint_w7(c, p);
	check_list(c, p, p->node->children, &scope);
}

/* As deep as a document may be. */
static void check_list(struct cp_lint *c, const struct cp_place *parent,
		       const struct cp_node *list,
		       const struct cp_scope *scope)
{
	for (const struct cp_node *n = list; n; n = n->next) {
		struct cp_place p = { parent, list, n };
		const struct cp_rule *r = cp_schema_find(scope, n->is_parm,
							 n->name);

		if (r)
			check_once(c, &p, r);
		else
			r = add_unknown(c, &p, scope);
		if (!r)
			continue;
		if (n->is_parm)
			cp_lint_value(c, &p, r);
		else
			check_characteristic(c, &p, scope, r);
	}
}

/* -------------------------------- document -------------------------------- */

static void check_version(struct cp_lint *c)
{
	const char *version = c->doc->version;

	if (version && strcmp(version, "1.0") && strcmp(version, "1.1"))
		lint_add(c->out, LINT_WARNING, 0, DOCUMENT,
			 "devices know 1.0 and 1.1, and may refuse others",
			 "the version is neither 1.0 nor 1.1");
	else if ((!version || strcmp(version, "1.1")) &&
		 cp_characteristic(c->doc->nodes, "APPLICATION") &&
		 lint_is_windows_mobile(c->quirk))
		lint_add(c->out, LINT_WARNING, 0, DOCUMENT,
			 "Windows Mobile reads APPLICATION in documents of "
			 "version 1.1", "the version is not 1.1");
}

void lint_cp(const struct cp_doc *doc, const struct quirk *quirk,
	     struct lint *l)
{
	struct cp_lint c = { doc, quirk, l };
	const struct cp_scope root = { "", false };

	check_version(&c);
	if (!doc->nodes)
		lint_add(l, LINT_ERROR, 0, DOCUMENT,
			 "a device has nothing to do with it",
			 "the document has no characteristic");
	check_list(&c, NULL, doc->nodes, &root);
}
