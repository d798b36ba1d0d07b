/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/dm_nodes.h"

#include <stdio.h>
#include <string.h>

#include "bootstrap/spelling.h"

struct listing {
	struct arena *arena;
	struct dm_node **end;	/* where the next node goes */
	const char *command;
	bool no_room;
};

static void add(struct listing *l, const char *path, const char *value,
		unsigned line)
{
	struct dm_node *n = arena_alloc(l->arena, sizeof(*n));

	if (!n) {
		l->no_room = true;
		return;
	}
	n->command = l->command;
	n->path = path;
	n->value = value;
	n->line = line;
	*l->end = n;
	l->end = &n->next;
}

const char *dm_path(const char *uri)
{
	return strncmp(uri, "./", 2) ? uri : uri + 2;
}

/* NULL if there is no room. */
static const char *join(struct listing *l, const char *base, const char *name)
{
	size_t len = strlen(base) + strlen(name) + sizeof("/");
	char *path = arena_alloc(l->arena, len);

	if (path)
		snprintf(path, len, "%s%s%s", base, *base ? "/" : "", name);
	else
		l->no_room = true;
	return path;
}

static const char *text_of(const struct xml_node *parent, const char *name)
{
	const struct xml_node *child = xml_child(parent, name);

	return child ? xml_text(child) : NULL;
}

/*
 * The Nodes below a MgmtTree or Node. A Path says where a Node is instead of
 * base: as a whole, or from there. As deep as the XML reader lets it be.
 */
static void list_tree(struct listing *l, const struct xml_node *parent,
		      const char *base)
{
	const struct xml_node *n = xml_child(parent, "Node");

	for (; n && !l->no_room; n = xml_next(n, "Node")) {
		const char *name = text_of(n, "NodeName");
		const char *at = text_of(n, "Path");
		const char *path = base;

		if (at && *at)
			path = strncmp(at, "./", 2) ? join(l, base, at)
						    : dm_path(at);
		if (path)
			path = join(l, path, name ? name : "");
		if (!path)
			return;
		add(l, name && *name ? path : NULL, text_of(n, "Value"),
		    n->line);
		list_tree(l, n, path);
	}
}

static void list_item(struct listing *l, const struct xml_node *item)
{
	const struct xml_node *target = xml_child(item, "Target");
	const struct xml_node *data = xml_child(item, "Data");
	const struct xml_node *tree = data ? xml_child(data, "MgmtTree") : NULL;
	const char *uri = target ? text_of(target, "LocURI") : NULL;

	if (!uri || !*uri) {
		add(l, NULL, NULL, item->line);
		return;
	}
	add(l, dm_path(uri), data && !tree ? xml_text(data) : NULL, item->line);
	if (tree)
		list_tree(l, tree, dm_path(uri));
}

static void list_command(struct listing *l, const struct xml_node *command)
{
	const struct xml_node *item = xml_child(command, "Item");

	l->command = command->name;
	if (!item)
		add(l, NULL, NULL, command->line);
	for (; item; item = xml_next(item, "Item"))
		list_item(l, item);
}

static bool is_one_of(const char *name, const char *const names[])
{
	while (*names && strcmp(*names, name))
		names++;
	return *names;
}

/* The commands of SyncBody, Atomic or Sequence. */
static void list_commands(struct listing *l, const struct xml_node *parent)
{
	static const char *const groups[] = { "Atomic", "Sequence", NULL };
	static const char *const others[] = {
		"CmdID", "NoResp", "Meta", "Final", NULL,
	};

	for (const struct xml_node *n = parent->children; n; n = n->next) {
		if (!n->name || is_one_of(n->name, others))
			continue;
		if (is_one_of(n->name, groups))
			list_commands(l, n);
		else
			list_command(l, n);
	}
}

int dm_nodes_list(struct arena *a, const struct xml_node *root,
		  struct dm_node **list)
{
	struct listing l = { .arena = a, .end = list };
	const struct xml_node *body = xml_child(root, "SyncBody");

	*list = NULL;
	if (body)
		list_commands(&l, body);
	return l.no_room ? DM_ENOSPC : DM_OK;
}

bool dm_path_is_in(const char *path, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

static bool name_fits(const char *name, size_t len, const char *pattern,
		      size_t pattern_len)
{
	if (pattern_len == 1 && *pattern == '*')
		return len > 0;
	return len == pattern_len && !strncmp(name, pattern, len);
}

bool dm_path_fits(const char *path, const char *pattern, bool is_near)
{
	for (;;) {
		size_t len = strcspn(path, "/");
		size_t pattern_len = strcspn(pattern, "/");
		bool is_last = !path[len];

		if (is_last != !pattern[pattern_len])
			return false;
		if (!name_fits(path, len, pattern, pattern_len) &&
		    !(is_last && is_near && spelling_is_near(path, pattern)))
			return false;
		if (is_last)
			return true;
		path += len + 1;
		pattern += pattern_len + 1;
	}
}
