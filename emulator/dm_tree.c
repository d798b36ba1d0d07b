/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_tree.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum access {
	MAY_GET = 1,
	MAY_REPLACE = 2,
	MAY_ADD = 4,			/* children */
	MAY_DELETE = 8,
	MAY_EXEC = 16,
	MAY_ALL = 15,			/* with what a server added itself */
};

#define NODE "node"
#define FUMO "FUMO/Firmware"
#define FWUPDATE "FwUpdate/Firmware"
#define ACC_12 "DMAcc/1"
#define ACC_11 "SyncML/DMAcc/1"

#define FACT(name) offsetof(struct dm_tree_facts, name)
#define NO_FACT SIZE_MAX

/* Interior nodes are listed only if a server may do more than get them. */
struct row {
	const char *path;
	unsigned access;
	const char *format;
	const char *value;
	size_t fact;			/* offset; NO_FACT: value says it */
};

static const struct row rows_both[] = {
	{ "DevInfo/DevId", MAY_GET, "chr", NULL, FACT(dev_id) },
	{ "DevInfo/Man", MAY_GET, "chr", NULL, FACT(man) },
	{ "DevInfo/Mod", MAY_GET, "chr", NULL, FACT(mod) },
	{ "DevInfo/DmV", MAY_GET, "chr", NULL, FACT(dm_version) },
	{ "DevInfo/Lang", MAY_GET, "chr", NULL, FACT(lang) },
	{ "DevDetail/DevTyp", MAY_GET, "chr", "phone", NO_FACT },
	{ "DevDetail/OEM", MAY_GET, "chr", NULL, FACT(man) },
	{ "DevDetail/FwV", MAY_GET, "chr", NULL, FACT(firmware) },
	{ "DevDetail/SwV", MAY_GET, "chr", "1.0", NO_FACT },
	{ "DevDetail/HwV", MAY_GET, "chr", "1.0", NO_FACT },
	{ "DevDetail/LrgObj", MAY_GET, "bool", "false", NO_FACT },
	{ "Vendor", MAY_GET | MAY_ADD, NODE, "", NO_FACT },
	{ NULL, 0, NULL, NULL, 0 },
};

#define FIRMWARE(at) \
	{ at "/PkgName", MAY_GET | MAY_REPLACE, "chr", "", NO_FACT }, \
	{ at "/PkgVersion", MAY_GET | MAY_REPLACE, "chr", "", NO_FACT }, \
	{ at "/Download", MAY_GET | MAY_EXEC, NODE, "", NO_FACT }, \
	{ at "/Download/PkgURL", MAY_GET | MAY_REPLACE, "chr", "", NO_FACT }, \
	{ at "/Update", MAY_GET | MAY_EXEC, NODE, "", NO_FACT }, \
	{ at "/DownloadAndUpdate", MAY_GET | MAY_EXEC, NODE, "", NO_FACT }, \
	{ at "/DownloadAndUpdate/PkgURL", MAY_GET | MAY_REPLACE, "chr", "", \
	  NO_FACT }, \
	{ at "/State", MAY_GET, "int", "10", NO_FACT }

static const struct row rows_12[] = {
	{ ACC_12 "/AppID", MAY_GET, "chr", "w7", NO_FACT },
	{ ACC_12 "/ServerID", MAY_GET, "chr", NULL, FACT(server_id) },
	{ ACC_12 "/AppAddr/1/Addr", MAY_GET, "chr", NULL, FACT(url) },
	{ ACC_12 "/AppAddr/1/AddrType", MAY_GET, "chr", "URI", NO_FACT },
	{ ACC_12 "/AppAuth/1/AAuthLevel", MAY_GET, "chr", "CLCRED", NO_FACT },
	{ ACC_12 "/AppAuth/1/AAuthType", MAY_GET, "chr", "DIGEST", NO_FACT },
	{ ACC_12 "/AppAuth/1/AAuthName", MAY_GET, "chr", NULL, FACT(user) },
	{ ACC_12 "/AppAuth/1/AAuthSecret", 0, "chr", "", NO_FACT },
	{ ACC_12 "/AppAuth/1/AAuthData", 0, "bin", "", NO_FACT },
	FIRMWARE(FUMO),
	{ NULL, 0, NULL, NULL, 0 },
};

static const struct row rows_11[] = {
	{ ACC_11 "/ServerId", MAY_GET, "chr", NULL, FACT(server_id) },
	{ ACC_11 "/Addr", MAY_GET, "chr", NULL, FACT(url) },
	{ ACC_11 "/AddrType", MAY_GET, "int", "1", NO_FACT },
	{ ACC_11 "/AuthPref", MAY_GET, "chr", "syncml:auth-md5", NO_FACT },
	{ ACC_11 "/UserName", MAY_GET, "chr", NULL, FACT(user) },
	{ ACC_11 "/ClientPW", 0, "chr", "", NO_FACT },
	{ ACC_11 "/ClientNonce", 0, "bin", "", NO_FACT },
	FIRMWARE(FWUPDATE),
	{ FWUPDATE "/Result", MAY_GET, "int", "0", NO_FACT },
	{ NULL, 0, NULL, NULL, 0 },
};

/* --------------------------------- paths --------------------------------- */

/* Without "./"; "" is the root. */
static const char *path_of(const char *uri)
{
	if (!strcmp(uri, "."))
		return "";
	return strncmp(uri, "./", 2) ? uri : uri + 2;
}

static size_t find(const struct dm_tree *t, const char *path)
{
	size_t i = 0;

	while (i < t->n_nodes && strcmp(t->nodes[i].path, path))
		i++;
	return i;
}

static struct dm_tree_node *find_node(struct dm_tree *t, const char *uri)
{
	size_t i = find(t, path_of(uri));

	return i < t->n_nodes ? &t->nodes[i] : NULL;
}

static bool is_interior(const struct dm_tree_node *n)
{
	return !strcmp(n->format, NODE);
}

/* The part of path behind the node n; NULL if it is not below it. */
static const char *below(const struct dm_tree_node *n, const char *path)
{
	size_t len = strlen(n->path);

	if (!len)
		return *path ? path : NULL;
	if (strncmp(path, n->path, len) || path[len] != '/')
		return NULL;
	return path + len + 1;
}

/* ---------------------------------- new ---------------------------------- */

static void append(struct dm_tree *t, const char *path, unsigned access,
		   const char *format, const char *value)
{
	struct dm_tree_node *n = &t->nodes[t->n_nodes++];

	assert(t->n_nodes <= DM_TREE_NODES_MAX);
	n->access = access;
	snprintf(n->path, sizeof(n->path), "%s", path);
	snprintf(n->format, sizeof(n->format), "%s", format);
	snprintf(n->value, sizeof(n->value), "%s", value);
}

static void append_parents(struct dm_tree *t, const char *path)
{
	char parent[DM_TREE_PATH_MAX + 1];

	for (size_t len = 0; path[len]; len++) {
		if (path[len] != '/')
			continue;
		memcpy(parent, path, len);
		parent[len] = '\0';
		if (find(t, parent) == t->n_nodes)
			append(t, parent, MAY_GET, NODE, "");
	}
}

static void append_rows(struct dm_tree *t, const struct row *r,
			const struct dm_tree_facts *facts)
{
	for (; r->path; r++) {
		const char *value = r->value;

		if (r->fact != NO_FACT)
			memcpy(&value, (const char *)facts + r->fact,
			       sizeof(value));
		append_parents(t, r->path);
		append(t, r->path, r->access, r->format, value);
	}
}

void dm_tree_init(struct dm_tree *t, enum syncml_version version,
		  const struct dm_tree_facts *facts)
{
	*t = (struct dm_tree){ .version = version };
	append(t, "", MAY_GET, NODE, "");
	append_rows(t, rows_both, facts);
	append_rows(t, version == SYNCML_12 ? rows_12 : rows_11, facts);
}

/* ------------------------------- the device ------------------------------- */

const char *dm_tree_firmware(enum syncml_version version)
{
	return version == SYNCML_12 ? "./" FUMO : "./" FWUPDATE;
}

const char *dm_tree_value(const struct dm_tree *t, const char *uri)
{
	size_t i = find(t, path_of(uri));

	assert(i < t->n_nodes);
	return t->nodes[i].value;
}

void dm_tree_set(struct dm_tree *t, const char *uri, const char *value)
{
	struct dm_tree_node *n = find_node(t, uri);

	assert(n);
	snprintf(n->value, sizeof(n->value), "%s", value);
}

static const char *firmware_uri(const struct dm_tree *t, const char *leaf,
				char uri[DM_TREE_PATH_MAX + 3])
{
	snprintf(uri, DM_TREE_PATH_MAX + 3, "%s/%s",
		 dm_tree_firmware(t->version), leaf);
	return uri;
}

const char *dm_tree_firmware_value(const struct dm_tree *t, const char *leaf)
{
	char uri[DM_TREE_PATH_MAX + 3];

	return dm_tree_value(t, firmware_uri(t, leaf, uri));
}

void dm_tree_set_firmware(struct dm_tree *t, const char *leaf,
			  const char *value)
{
	char uri[DM_TREE_PATH_MAX + 3];

	dm_tree_set(t, firmware_uri(t, leaf, uri), value);
}

/* ------------------------------- the server ------------------------------- */

static unsigned check_uri(const char *uri)
{
	if (strlen(path_of(uri)) > DM_TREE_PATH_MAX)
		return STATUS_URI_TOO_LONG;
	return strchr(uri, '?') ? STATUS_NOT_SUPPORTED : STATUS_OK;
}

/* 200, and the node that may be treated so. */
static unsigned allowed(const struct dm_tree *t, const char *uri,
			enum access access, size_t *i)
{
	unsigned code = check_uri(uri);

	if (code != STATUS_OK)
		return code;
	*i = find(t, path_of(uri));
	if (*i == t->n_nodes)
		return STATUS_NOT_FOUND;
	return t->nodes[*i].access & access ? STATUS_OK : STATUS_NOT_ALLOWED;
}

/* false: it does not fit. */
static bool list_children(const struct dm_tree *t,
			  const struct dm_tree_node *parent, char *out)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < t->n_nodes; i++) {
		const char *name = below(parent, t->nodes[i].path);
		size_t left = DM_TREE_LIST_MAX + 1 - len;

		if (!name || strchr(name, '/'))
			continue;
		if (strlen(name) + (len > 0) >= left)
			return false;
		len += (size_t)snprintf(out + len, left, "%s%s",
					len ? "/" : "", name);
	}
	return true;
}

unsigned dm_tree_get(const struct dm_tree *t, const char *uri,
		     struct dm_tree_answer *answer)
{
	size_t i;
	unsigned code = allowed(t, uri, MAY_GET, &i);

	if (code != STATUS_OK)
		return code;
	answer->format = t->nodes[i].format;
	if (!is_interior(&t->nodes[i]))
		strcpy(answer->value, t->nodes[i].value);
	else if (!list_children(t, &t->nodes[i], answer->value))
		return STATUS_TOO_LARGE;
	return STATUS_OK;
}

unsigned dm_tree_replace(struct dm_tree *t, const char *uri,
			 const char *format, const char *value)
{
	size_t i;
	unsigned code = allowed(t, uri, MAY_REPLACE, &i);

	if (code != STATUS_OK)
		return code;
	if (is_interior(&t->nodes[i]))
		return STATUS_NOT_ALLOWED;
	if (format && strcmp(format, t->nodes[i].format))
		return STATUS_BAD_FORMAT;
	if (strlen(value) > DM_TREE_VALUE_MAX)
		return STATUS_TOO_LARGE;
	strcpy(t->nodes[i].value, value);
	return STATUS_OK;
}

/* 200: there is a parent that takes children, and path has a name. */
static unsigned check_parent(const struct dm_tree *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[DM_TREE_PATH_MAX + 1] = "";
	size_t i;

	if (slash)
		memcpy(parent, path, (size_t)(slash - path));
	i = find(t, parent);
	if (i == t->n_nodes)
		return STATUS_NOT_FOUND;
	if (!is_interior(&t->nodes[i]) || !(t->nodes[i].access & MAY_ADD) ||
	    !slash || !slash[1])
		return STATUS_NOT_ALLOWED;
	return STATUS_OK;
}

unsigned dm_tree_add(struct dm_tree *t, const char *uri, const char *format,
		     const char *value)
{
	const char *path = path_of(uri);
	unsigned code = check_uri(uri);

	if (code == STATUS_OK && find(t, path) < t->n_nodes)
		code = STATUS_EXISTS;
	if (code == STATUS_OK)
		code = check_parent(t, path);
	if (code != STATUS_OK)
		return code;
	if (format && strlen(format) > DM_TREE_FORMAT_MAX)
		return STATUS_BAD_FORMAT;
	if (strlen(value) > DM_TREE_VALUE_MAX)
		return STATUS_TOO_LARGE;
	if (t->n_nodes == DM_TREE_NODES_MAX)
		return STATUS_DEVICE_FULL;
	append(t, path, MAY_ALL, format ? format : "chr", value);
	return STATUS_OK;
}

unsigned dm_tree_delete(struct dm_tree *t, const char *uri)
{
	struct dm_tree_node gone;
	size_t i, kept;
	unsigned code = allowed(t, uri, MAY_DELETE, &i);

	if (code != STATUS_OK)
		return code;
	gone = t->nodes[i];
	for (kept = i++; i < t->n_nodes; i++)
		if (!below(&gone, t->nodes[i].path))
			t->nodes[kept++] = t->nodes[i];
	t->n_nodes = kept;
	return STATUS_OK;
}

unsigned dm_tree_exec(const struct dm_tree *t, const char *uri)
{
	size_t i;

	return allowed(t, uri, MAY_EXEC, &i);
}
