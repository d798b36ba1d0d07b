/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/dm_profile.h"

#include <string.h>

#include "bootstrap/cp_doc.h"
#include "bootstrap/dm_mend.h"
#include "wap/hash.h"
#include "wap/syncml_wbxml.h"

#define NS_SYNCML "SYNCML:SYNCML"	/* and the version: 1.1, 1.2 */

/* --------------------------------- read --------------------------------- */

static bool is_named(const struct xml_node *n, const char *name)
{
	return n->name && !strcmp(n->name, name);
}

static bool has_add(const struct xml_node *n)
{
	for (const struct xml_node *c = n->children; c; c = c->next)
		if (is_named(c, "Add") || has_add(c))
			return true;
	return false;
}

static int check_message(const struct xml_node *root, struct err *e)
{
	const struct xml_node *header = xml_child(root, "SyncHdr");
	const struct xml_node *body = xml_child(root, "SyncBody");
	const struct xml_node *version;

	if (!is_named(root, "SyncML") || !root->ns ||
	    (strcmp(root->ns, NS_SYNCML "1.1") &&
	     strcmp(root->ns, NS_SYNCML "1.2")))
		return err_set(e, DM_EPROTO, "xml", "SyncML of namespace "
			       NS_SYNCML "1.1 or " NS_SYNCML "1.2",
			       "line %u: another root", root->line);
	version = header ? xml_child(header, "VerDTD") : NULL;
	if (!version || strcmp(xml_text(version),
			       root->ns + strlen(NS_SYNCML)))
		return err_set(e, DM_EINVAL, "xml",
			       "a SyncHdr with the namespace's version",
			       "line %u: another VerDTD, or none",
			       version ? version->line : root->line);
	if (!body || !has_add(body))
		return err_set(e, DM_EINVAL, "xml", "a SyncBody with an Add",
			       "line %u: nothing is added", root->line);
	return DM_OK;
}

int dm_profile_read(struct arena *a, const char *text, size_t len,
		    struct xml_node **root, struct err *e)
{
	struct xml_node *got;
	int rc = xml_read(a, text, len, &got, e);

	if (!rc)
		rc = check_message(got, e);
	if (!rc)
		rc = dm_mend(a, got, e);
	if (!rc)
		*root = got;
	return rc;
}

/* ----------------------------- encode, decode ----------------------------- */

/* Room for a document as text; NULL with *e. */
static char *get_room(struct arena *a, struct err *e)
{
	char *xml = arena_alloc(a, XML_OCTETS_MAX);

	if (!xml)
		err_set(e, DM_ENOSPC, "arena", "less before it",
			"%zu octets in use", a->used);
	return xml;
}

int dm_profile_encode(struct arena *a, const struct xml_node *root,
		      uint8_t *out, size_t cap, size_t *len, struct err *e)
{
	size_t before = a->used, xml_len = 0;
	char *xml = get_room(a, e);
	int rc;

	if (!xml)
		return DM_ENOSPC;
	rc = xml_write(root, false, xml, XML_OCTETS_MAX, &xml_len);
	if (rc)
		err_set(e, rc, "xml", "a smaller document",
			"there is too much of it");
	else
		rc = syncml_wbxml_encode(xml, xml_len, out, cap, len, e);
	hash_wipe(xml, XML_OCTETS_MAX);
	a->used = before;
	return rc;
}

int dm_profile_decode(struct arena *a, const uint8_t *in, size_t len,
		      struct xml_node **root, struct err *e)
{
	char *xml = get_room(a, e);
	struct xml_node *got;
	size_t xml_len;
	int rc;

	if (!xml)
		return DM_ENOSPC;
	rc = syncml_wbxml_decode(in, len, xml, XML_OCTETS_MAX, &xml_len, e);
	if (!rc)
		rc = xml_read(a, xml, xml_len, &got, e);
	if (rc)
		return rc;
	dm_mend_decoded(a, got);
	*root = got;
	return DM_OK;
}

/* --------------------------------- write --------------------------------- */

/* Does this child of n hold a secret? */
static bool is_secret(const struct xml_node *n, const struct xml_node *child)
{
	const struct xml_node *name;

	if (is_named(n, "Item") && is_named(child, "Data"))
		return cp_is_secret(dm_item_name(n)) ||
		       dm_is_tree_text(xml_text(child));
	if (is_named(n, "Node") && is_named(child, "Value")) {
		name = xml_child(n, "NodeName");
		return name && cp_is_secret(xml_text(name));
	}
	return is_named(n, "Cred") && is_named(child, "Data");
}

/* A copy without secrets; NULL if the arena is full. */
static struct xml_node *masked(struct arena *a, const struct xml_node *n,
			       bool secret)
{
	struct xml_node *copy = arena_alloc(a, sizeof(*copy));
	struct xml_node **end;

	if (!copy)
		return NULL;
	*copy = *n;
	copy->next = NULL;
	copy->children = NULL;
	if (secret && !n->name)
		copy->text = "***";
	end = &copy->children;
	for (const struct xml_node *c = n->children; c; c = c->next) {
		*end = masked(a, c, secret || is_secret(n, c));
		if (!*end)
			return NULL;
		end = &(*end)->next;
	}
	return copy;
}

int dm_profile_write(struct arena *a, const struct xml_node *root,
		     bool show_secrets, char *out, size_t cap, size_t *len)
{
	if (!show_secrets)
		root = masked(a, root, false);
	if (!root)
		return DM_ENOSPC;
	return xml_write(root, true, out, cap, len);
}
