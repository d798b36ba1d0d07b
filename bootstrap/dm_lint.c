/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/dm_lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/lint_account.h"
#include "bootstrap/spelling.h"

#define PATH_SIZE 128		/* lint_add() cuts it to what a finding has */

/* How an account proves a side; of DM 1.1.2 by a node, of 1.2 by a value. */
struct credential {
	const char *path;
	const char *value;
};

/* Where accounts stand. */
struct layout {
	const char *base;
	bool is_12;
	const struct dm_rule *rules;
	struct credential client, server;
};

static const struct layout layouts[] = {
	{ "SyncML/DMAcc", false, dm_rules_112,
	  { "ClientPW", NULL }, { "ServerPW", NULL } },
	{ "DMAcc", true, dm_rules_12,
	  { "AppAuth/*/AAuthLevel", "CLCRED" },
	  { "AppAuth/*/AAuthLevel", "SRVCRED" } },
	{ "Inbox", true, dm_rules_12,
	  { "AppAuth/*/AAuthLevel", "CLCRED" },
	  { "AppAuth/*/AAuthLevel", "SRVCRED" } },
};

#define N_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

struct account {
	const struct layout *layout;
	const struct dm_node *first;	/* the first node that is in it */
	size_t root_len;		/* octets of "DMAcc/x" in a path */
};

/* -------------------------------- report -------------------------------- */

static void add(struct dm_lint *d, enum lint_severity severity, unsigned line,
		const char *path, size_t len, const char *why,
		const char *what)
{
	char where[PATH_SIZE];

	snprintf(where, sizeof(where), "./%.*s", (int)len, path);
	lint_add(d->out, severity, line, where, why, "%s", what);
}

void dm_lint_add(struct dm_lint *d, enum lint_severity severity,
		 const struct dm_node *n, const char *why, const char *what,
		 ...)
{
	char text[2 * sizeof(d->out->findings[0].what)];
	va_list ap;

	va_start(ap, what);
	vsnprintf(text, sizeof(text), what, ap);
	va_end(ap);
	add(d, severity, n->line, n->path, strlen(n->path), why, text);
}

static void add_account(struct dm_lint *d, enum lint_severity severity,
			const struct account *a, const char *why,
			const char *what)
{
	add(d, severity, a->first->line, a->first->path, a->root_len, why,
	    what);
}

/* -------------------------------- account -------------------------------- */

/* The path of a node below its account; "" for the account itself. */
static const char *below(const struct account *a, const char *path)
{
	path += a->root_len;
	return path + (*path == '/');
}

static bool is_in(const struct account *a, const char *path)
{
	return path && !strncmp(path, a->first->path, a->root_len) &&
	       (!path[a->root_len] || path[a->root_len] == '/');
}

static const struct dm_rule *find_rule(const struct dm_rule *r,
				       const char *path, bool is_near)
{
	while (r->path && !dm_path_fits(path, r->path, is_near))
		r++;
	return r->path ? r : NULL;
}

/* Is a path this one, or, not being known itself, nearly this one? */
static bool is_meant(const struct account *a, const char *path,
		     const char *known)
{
	return dm_path_fits(path, known, false) ||
	       (dm_path_fits(path, known, true) &&
		!find_rule(a->layout->rules, path, false));
}

/* Has the account such a node, with this value unless it is NULL? */
static bool has(const struct dm_lint *d, const struct account *a,
		const char *path, const char *value)
{
	for (const struct dm_node *n = d->nodes; n; n = n->next)
		if (is_in(a, n->path) && is_meant(a, below(a, n->path), path) &&
		    (!value ||
		     (n->value && spelling_is_near(n->value, value))))
			return true;
	return false;
}

/* What the Inbox holds may also be a connection. */
static bool is_account(const struct dm_lint *d, const struct account *a)
{
	return strcmp(a->layout->base, "Inbox") ||
	       has(d, a, "AppID", NULL) || has(d, a, "ServerID", NULL);
}

/* The first node that is in an account, which has one. */
static const struct dm_node *first_in(const struct dm_lint *d,
				      const struct account *a)
{
	const struct dm_node *n = d->nodes;

	while (!is_in(a, n->path))
		n = n->next;
	return n;
}

/*
 * The account that a node is in; false if it is in none, without a first node
 * if it could not be in one.
 */
static bool find_account(const struct dm_lint *d, const struct dm_node *n,
			 struct account *a)
{
	a->first = NULL;
	for (size_t i = 0; i < N_LAYOUTS; i++) {
		size_t len = strlen(layouts[i].base);

		if (strncmp(n->path, layouts[i].base, len) ||
		    n->path[len] != '/' || !n->path[len + 1])
			continue;
		a->layout = &layouts[i];
		a->root_len = len + 1 + strcspn(n->path + len + 1, "/");
		a->first = n;
		a->first = first_in(d, a);
		return is_account(d, a);
	}
	return false;
}

static void check_complete(struct dm_lint *d, const struct account *a)
{
	const struct layout *y = a->layout;
	char what[PATH_SIZE];

	for (const struct dm_rule *r = y->rules; r->path; r++) {
		if (!r->is_required || has(d, a, r->path, NULL))
			continue;
		snprintf(what, sizeof(what), "%s is missing", r->path);
		add_account(d, LINT_ERROR, a,
			    "a client has no use for an account without it",
			    what);
	}
	if (!has(d, a, y->client.path, y->client.value))
		add_account(d, LINT_WARNING, a, lint_no_client_credential,
			    "the account has no credential of the client");
	if (!has(d, a, y->server.path, y->server.value))
		add_account(d, LINT_WARNING, a, lint_no_server_credential,
			    "the account has no credential of the server");
}

static void add_unknown(struct dm_lint *d, const struct dm_node *n,
			const struct dm_rule *near)
{
	if (near)
		dm_lint_add(d, LINT_ERROR, n, lint_misspelt,
			    "unknown node: did you mean %s?", near->path);
	else
		dm_lint_add(d, LINT_WARNING, n,
			    "clients refuse or ignore what they do not know",
			    "unknown node");
}

static void check_node(struct dm_lint *d, const struct account *a,
		       const struct dm_node *n)
{
	const char *path = below(a, n->path);
	const struct dm_rule *r = find_rule(a->layout->rules, path, false);

	if (!*path || dm_path_is_in(path, "Ext"))
		return;
	if (!r) {
		add_unknown(d, n, find_rule(a->layout->rules, path, true));
		return;
	}
	if (r->is_required && (!n->value || !*n->value))
		dm_lint_add(d, LINT_ERROR, n,
			    "a client refuses it as if it were not there",
			    "has no value");
	if (r->check && n->value && *n->value)
		r->check(d, n, r->values);
}

/* -------------------------------- document -------------------------------- */

static void check_command(struct dm_lint *d, const struct dm_node *n)
{
	if (!n->path)
		lint_add(d->out, LINT_ERROR, n->line, n->command,
			 "a client cannot tell what to do with it",
			 "names no node");
	if (strcmp(n->command, "Add"))
		lint_add(d->out, LINT_WARNING, n->line, n->command,
			 "a client must not answer a bootstrap, and many take "
			 "Add alone", "is not an Add");
}

/* The beginning of a path that has as many names as base. */
static void head_of(const char *path, const char *base, char head[PATH_SIZE])
{
	size_t len = strcspn(path, "/");

	if (strchr(base, '/') && path[len])
		len += 1 + strcspn(path + len + 1, "/");
	snprintf(head, PATH_SIZE, "%.*s", (int)len, path);
}

/* Is this a node of DM 1.1 or 1.2, and is the document? Told once each. */
static void check_place(struct dm_lint *d, const struct dm_node *n)
{
	for (size_t i = 0; i < N_LAYOUTS; i++) {
		const struct layout *y = &layouts[i];
		char head[PATH_SIZE];

		head_of(n->path, y->base, head);
		if (!dm_path_fits(head, y->base, true) || d->told & 1u << i)
			continue;
		if (strcmp(head, y->base))
			dm_lint_add(d, LINT_ERROR, n, lint_misspelt,
				    "did you mean ./%s?", y->base);
		else if (y->is_12 && !d->is_12)
			dm_lint_add(d, LINT_ERROR, n,
				    "a client of DM 1.1 has its accounts in "
				    "./SyncML/DMAcc",
				    "./%s in a document of DM 1.1", y->base);
		else if (!y->is_12 && d->is_12)
			dm_lint_add(d, LINT_WARNING, n,
				    "a client of DM 1.2 has its accounts in "
				    "./DMAcc, and takes new ones in ./Inbox",
				    "./%s in a document of DM 1.2", y->base);
		else
			continue;
		d->told |= 1u << i;
		d->has_account = true;
	}
}

static void check_nodes(struct dm_lint *d)
{
	struct account a = { .first = NULL };
	bool found = false;

	for (const struct dm_node *n = d->nodes; n; n = n->next) {
		check_command(d, n);
		if (!n->path)
			continue;
		check_place(d, n);
		if (!a.first || !is_in(&a, n->path))
			found = find_account(d, n, &a);
		if (!found)
			continue;
		d->has_account = true;
		if (a.first == n)
			check_complete(d, &a);
		check_node(d, &a, n);
	}
}

static bool is_12(const struct xml_node *root)
{
	const struct xml_node *hdr = xml_child(root, "SyncHdr");
	const struct xml_node *dtd = hdr ? xml_child(hdr, "VerDTD") : NULL;

	return dtd && !strcmp(xml_text(dtd), "1.2");
}

void lint_dm(struct arena *a, const struct xml_node *root,
	     const struct quirk *quirk, struct lint *l)
{
	struct dm_lint d = { .quirk = quirk, .out = l, .is_12 = is_12(root) };
	struct dm_node *nodes;

	if (quirk->refuses_dm_profile) {
		lint_add(l, LINT_ERROR, root->line, root->name,
			 "it takes client provisioning alone: an APPLICATION "
			 "with APPID w7",
			 "a DM profile is not for this client");
		return;
	}
	if (dm_nodes_list(a, root, &nodes)) {
		lint_add(l, LINT_ERROR, root->line, root->name,
			 "it would take more SMS than there may be",
			 "the document is too big to be looked at");
		return;
	}
	d.nodes = nodes;
	check_nodes(&d);
	if (!d.has_account)
		lint_add(l, LINT_ERROR, root->line, root->name,
			 "a client learns of no server from it",
			 "no command adds an account");
}
