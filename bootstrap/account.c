/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/account.h"

#include <string.h>

#define APPID_DM "w7"		/* OMNA: OMA DM */

static int check_account(const struct account *a, const char *id_name,
			 const char *addr_name, struct err *e)
{
	if (!a->server_id || !*a->server_id)
		return err_set(e, DM_EINVAL, id_name,
			       "the server's identifier", "none");
	if (!a->addr || !*a->addr)
		return err_set(e, DM_EINVAL, addr_name,
			       "the server's address", "none");
	return DM_OK;
}

/* ---------------------------------- CP ---------------------------------- */

static bool has_value(const struct cp_node *list, const char *name,
		      const char *value)
{
	const char *got = cp_value(list, name);

	return got && !strcmp(got, value);
}

static const struct cp_node *find_application(const struct cp_doc *doc)
{
	const struct cp_node *n = cp_characteristic(doc->nodes, "APPLICATION");

	while (n && !has_value(n->children, "APPID", APPID_DM))
		n = cp_characteristic(n->next, "APPLICATION");
	return n;
}

/*
 * ADDR and PORTNBR stand in the APPLICATION itself, or in its first APPADDR,
 * whose port is not one of another address.
 */
static void take_address(const struct cp_node *app, struct account *out)
{
	const struct cp_node *addr = cp_characteristic(app, "APPADDR");
	const struct cp_node *port;
	const char *value = addr ? cp_value(addr->children, "ADDR") : NULL;

	out->addr = cp_value(app, "ADDR");
	out->port = cp_value(app, "PORTNBR");
	if (!addr || (out->addr && value))
		return;
	out->addr = value ? value : out->addr;
	port = cp_characteristic(addr->children, "PORT");
	if (port)
		out->port = cp_value(port->children, "PORTNBR");
}

/* The first APPAUTH of a level. */
static void take_appauth(const struct cp_node *app, const char *level,
			 struct account_auth *out)
{
	const struct cp_node *n = cp_characteristic(app, "APPAUTH");

	while (n && !has_value(n->children, "AAUTHLEVEL", level))
		n = cp_characteristic(n->next, "APPAUTH");
	if (!n)
		return;
	out->given = true;
	out->type = cp_value(n->children, "AAUTHTYPE");
	out->name = cp_value(n->children, "AAUTHNAME");
	out->secret = cp_value(n->children, "AAUTHSECRET");
	out->nonce = cp_value(n->children, "AAUTHDATA");
}

int account_from_cp(const struct cp_doc *doc, struct account *out,
		    struct err *e)
{
	const struct cp_node *app = find_application(doc);
	struct account got = { 0 };
	int rc;

	if (!app)
		return DM_ENOENT;
	got.server_id = cp_value(app->children, "PROVIDER-ID");
	got.name = cp_value(app->children, "NAME");
	got.init = cp_parm(app->children, "INIT");
	take_address(app->children, &got);
	take_appauth(app->children, "APPSRV", &got.client);
	take_appauth(app->children, "CLIENT", &got.server);
	rc = check_account(&got, "PROVIDER-ID", "ADDR", e);
	if (!rc)
		*out = got;
	return rc;
}

/* ---------------------------------- DM ---------------------------------- */

/* A node of the management tree that gets a value; the path without "./". */
struct leaf {
	const char *path;
	const char *value;
	struct leaf *next;
};

struct leaves {
	struct arena *arena;
	struct leaf *first;
	struct leaf **end;
	bool full;		/* the arena is */
};

static const char *without_dot(const char *path)
{
	return strncmp(path, "./", 2) ? path : path + 2;
}

static void add_leaf(struct leaves *l, const char *path, const char *value)
{
	struct leaf *leaf = arena_alloc(l->arena, sizeof(*leaf));

	if (!leaf || !path) {
		l->full = true;
		return;
	}
	leaf->path = path;
	leaf->value = value;
	*l->end = leaf;
	l->end = &leaf->next;
}

/* base/name in the arena; NULL if it is full. */
static const char *join(struct arena *a, const char *base, const char *name)
{
	size_t len = strlen(base);
	char *path = arena_alloc(a, len + strlen(name) + 2);

	if (!path)
		return NULL;
	memcpy(path, base, len);
	path[len] = '/';
	strcpy(path + len + 1, name);
	return path;
}

static const char *child_text(const struct xml_node *n, const char *name)
{
	n = n ? xml_child(n, name) : NULL;
	return n ? xml_text(n) : "";
}

/* A Node below base, which its Path may overrule; and what is below it. */
static void collect_node(struct leaves *l, const char *base,
			 const struct xml_node *node)
{
	const char *own_base = child_text(node, "Path");
	const struct xml_node *value = xml_child(node, "Value");
	const char *path;

	if (*own_base)
		base = without_dot(own_base);
	path = join(l->arena, base, child_text(node, "NodeName"));
	if (value || !path)
		add_leaf(l, path, value ? xml_text(value) : "");
	node = path ? xml_child(node, "Node") : NULL;
	for (; node; node = xml_next(node, "Node"))
		collect_node(l, path, node);
}

static void collect_item(struct leaves *l, const struct xml_node *item)
{
	const struct xml_node *target = xml_child(item, "Target");
	const struct xml_node *data = xml_child(item, "Data");
	const struct xml_node *tree = data ? xml_child(data, "MgmtTree") : NULL;
	const char *path = without_dot(child_text(target, "LocURI"));

	if (data && !tree)
		add_leaf(l, path, xml_text(data));
	tree = tree ? xml_child(tree, "Node") : NULL;
	for (; tree; tree = xml_next(tree, "Node"))
		collect_node(l, path, tree);
}

/* Items of Add and Replace, also inside Atomic and Sequence. */
static void collect(struct leaves *l, const struct xml_node *n)
{
	bool sets = !strcmp(n->name, "Add") || !strcmp(n->name, "Replace");

	for (const struct xml_node *c = n->children; c; c = c->next) {
		if (!c->name)
			continue;
		if (sets && !strcmp(c->name, "Item"))
			collect_item(l, c);
		else
			collect(l, c);
	}
}

/* Does the path fit, where * is one part of it? */
static bool matches(const char *path, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '*')
			path += strcspn(path, "/");
		else if (*path++ != *pattern)
			return false;
	}
	return !*path;
}

/* A node whose children are looked at: the first len octets of path. */
struct place {
	const char *path;
	size_t len;
};

static struct place parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct place){ path, slash ? (size_t)(slash - path) : 0 };
}

/* The first leaf from here on that fits the pattern below a place. */
static const struct leaf *find(const struct leaf *l, struct place at,
			       const char *pattern)
{
	while (l && (strncmp(l->path, at.path, at.len) ||
		     l->path[at.len] != '/' ||
		     !matches(l->path + at.len + 1, pattern)))
		l = l->next;
	return l;
}

static const char *value_of(const struct leaf *l, struct place at,
			    const char *pattern)
{
	l = find(l, at, pattern);
	return l ? l->value : NULL;
}

/* Where accounts are: of DM 1.1.2, of 1.2. */
#define FOLDER_11 "SyncML/DMAcc/"
#define FOLDER_12 "DMAcc/"

/* The part of a path that is an account in this folder; len 0: none. */
static struct place account_in(const char *path, const char *folder)
{
	size_t len = strlen(folder);
	const char *end = NULL;

	if (!strncmp(path, folder, len))
		end = strchr(path + len, '/');
	return (struct place){ path, end ? (size_t)(end - path) : 0 };
}

/* Elsewhere (./Inbox) it is the node whose AppID is DM's. */
static struct place account_of(const struct leaf *l)
{
	const char *last = strrchr(l->path, '/');
	struct place at = account_in(l->path, FOLDER_11);

	if (!at.len)
		at = account_in(l->path, FOLDER_12);
	if (!at.len && last && !strcmp(last, "/AppID") &&
	    !strcmp(l->value, APPID_DM))
		at = parent_of(l->path);
	return at;
}

/* DM 1.1.2 has its leaves right in the account. */
static void take_dm_11(const struct leaf *l, struct place at,
		       struct account *out)
{
	out->server_id = value_of(l, at, "ServerId");
	out->addr = value_of(l, at, "Addr");
	out->port = value_of(l, at, "PortNbr");
	out->client.type = value_of(l, at, "AuthPref");
	out->client.name = value_of(l, at, "UserName");
	out->client.secret = value_of(l, at, "ClientPW");
	out->client.nonce = value_of(l, at, "ClientNonce");
	out->client.given = out->client.name || out->client.secret;
	out->server.secret = value_of(l, at, "ServerPW");
	out->server.nonce = value_of(l, at, "ServerNonce");
	out->server.given = out->server.secret;
}

/* The first AppAuth of a level. */
static void take_app_auth(const struct leaf *l, struct place at,
			  const char *level, struct account_auth *out)
{
	const struct leaf *auth = find(l, at, "AppAuth/*/AAuthLevel");

	while (auth && strcmp(auth->value, level))
		auth = find(auth->next, at, "AppAuth/*/AAuthLevel");
	if (!auth)
		return;
	at = parent_of(auth->path);
	out->given = true;
	out->type = value_of(l, at, "AAuthType");
	out->name = value_of(l, at, "AAuthName");
	out->secret = value_of(l, at, "AAuthSecret");
	out->nonce = value_of(l, at, "AAuthData");
}

static void take_dm_12(const struct leaf *l, struct place at,
		       struct account *out)
{
	const struct leaf *addr = find(l, at, "AppAddr/*/Addr");

	out->server_id = value_of(l, at, "ServerID");
	if (addr) {
		out->addr = addr->value;
		out->port = value_of(l, parent_of(addr->path),
				     "Port/*/PortNbr");
	}
	take_app_auth(l, at, "CLCRED", &out->client);
	take_app_auth(l, at, "SRVCRED", &out->server);
}

int account_from_dm(struct arena *a, const struct xml_node *root,
		    struct account *out, struct err *e)
{
	struct leaves leaves = { .arena = a, .end = &leaves.first };
	struct account got = { 0 };
	struct place at = { 0 };
	bool is_11;
	int rc;

	collect(&leaves, root);
	if (leaves.full)
		return err_set(e, DM_ENOSPC, "xml", "a smaller document",
			       "there is too much of it");
	for (const struct leaf *l = leaves.first; l && !at.len; l = l->next)
		at = account_of(l);
	if (!at.len)
		return DM_ENOENT;
	is_11 = account_in(at.path, FOLDER_11).len;
	got.dm_version = is_11 ? "1.1.2" : "1.2";
	got.name = value_of(leaves.first, at, "Name");
	if (is_11)
		take_dm_11(leaves.first, at, &got);
	else
		take_dm_12(leaves.first, at, &got);
	rc = check_account(&got, is_11 ? "ServerId" : "ServerID", "Addr", e);
	if (!rc)
		*out = got;
	return rc;
}
