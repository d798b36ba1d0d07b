/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/codec.h"

#include <stdio.h>
#include <string.h>

#include "bootstrap/dm_mend.h"
#include "bootstrap/dm_profile.h"

#define NS_METINF "syncml:metinf"

static const struct {
	const char *ns, *dtd, *proto;
} versions[] = {
	[SYNCML_11] = { "SYNCML:SYNCML1.1", "1.1", "DM/1.1" },
	[SYNCML_12] = { "SYNCML:SYNCML1.2", "1.2", "DM/1.2" },
};

/* One message on its way into a tree. The first complaint stays. */
struct writing {
	struct arena *arena;
	const char *ns;
	struct err *e;
	int rc;
};

/* An element that is being filled. */
struct element {
	struct xml_node *node;
	struct xml_node **end;		/* where its next child goes */
};

static void *get_room(struct writing *w, size_t len)
{
	void *room = w->rc ? NULL : arena_alloc(w->arena, len);

	if (!room && !w->rc)
		w->rc = err_set(w->e, DM_ENOSPC, "arena", "a smaller message",
				"there is too much of it");
	return room;
}

/* ------------------------------- the tree ------------------------------- */

static struct xml_node *append(struct writing *w, struct element *parent,
			       const char *ns, const char *name)
{
	struct xml_node *n = parent->node ? get_room(w, sizeof(*n)) : NULL;

	if (!n)
		return NULL;
	n->name = name;
	n->ns = ns;
	*parent->end = n;
	parent->end = &n->next;
	return n;
}

static struct element open_in(struct writing *w, struct element *parent,
			      const char *name)
{
	struct xml_node *n = append(w, parent, w->ns, name);

	return (struct element){ n, n ? &n->children : NULL };
}

static void put_empty(struct writing *w, struct element *parent,
		      const char *name, bool is_there)
{
	if (is_there)
		append(w, parent, w->ns, name);
}

/* An element with a text; nothing for NULL. */
static void put_text_ns(struct writing *w, struct element *parent,
			const char *ns, const char *name, const char *text)
{
	struct element e;
	struct xml_node *n;

	if (!text || w->rc)
		return;
	if (!xml_text_valid(text, strlen(text))) {
		w->rc = err_set(w->e, DM_EINVAL, name, "text that XML can hold",
				"%zu octets with others", strlen(text));
		return;
	}
	n = append(w, parent, ns, name);
	e = (struct element){ n, n ? &n->children : NULL };
	n = *text ? append(w, &e, NULL, NULL) : NULL;
	if (n)
		n->text = text;
}

static void put_text(struct writing *w, struct element *parent,
		     const char *name, const char *text)
{
	put_text_ns(w, parent, w->ns, name, text);
}

static void put_number_ns(struct writing *w, struct element *parent,
			  const char *ns, const char *name, uint32_t number)
{
	char *text = get_room(w, sizeof("4294967295"));

	if (text) {
		snprintf(text, sizeof("4294967295"), "%u", (unsigned)number);
		put_text_ns(w, parent, ns, name, text);
	}
}

static void put_number(struct writing *w, struct element *parent,
		       const char *name, uint32_t number)
{
	put_number_ns(w, parent, w->ns, name, number);
}

static void put_location(struct writing *w, struct element *parent,
			 const char *element, const char *uri,
			 const char *name)
{
	struct element e;

	if (!uri)
		return;
	e = open_in(w, parent, element);
	put_text(w, &e, "LocURI", uri);
	put_text(w, &e, "LocName", name);
}

/* ---------------------------------- Meta ---------------------------------- */

static void put_meta(struct writing *w, struct element *parent,
		     const struct syncml_meta *m)
{
	struct element e;

	if (!m->format && !m->type && !m->mark && !m->size)
		return;
	e = open_in(w, parent, "Meta");
	put_text_ns(w, &e, NS_METINF, "Format", m->format);
	put_text_ns(w, &e, NS_METINF, "Type", m->type);
	put_text_ns(w, &e, NS_METINF, "Mark", m->mark);
	if (m->size)
		put_number_ns(w, &e, NS_METINF, "Size", m->size);
}

static void put_cred(struct writing *w, struct element *parent,
		     const struct syncml_cred *c)
{
	const struct syncml_meta meta = { .format = c->format,
					  .type = c->type };
	struct element e;

	if (!c->type)
		return;
	e = open_in(w, parent, "Cred");
	put_meta(w, &e, &meta);
	put_text(w, &e, "Data", c->data);
}

static void put_chal(struct writing *w, struct element *parent,
		     const struct syncml_chal *c)
{
	struct element chal, meta;

	if (!c->type)
		return;
	chal = open_in(w, parent, "Chal");
	meta = open_in(w, &chal, "Meta");
	put_text_ns(w, &meta, NS_METINF, "Format", c->format);
	put_text_ns(w, &meta, NS_METINF, "Type", c->type);
	put_text_ns(w, &meta, NS_METINF, "NextNonce", c->next_nonce);
}

/* The only Meta with sizes of messages. */
static void put_sizes(struct writing *w, struct element *parent,
		      const struct syncml_message *m)
{
	struct element e;

	if (!m->max_msg_size && !m->max_obj_size)
		return;
	e = open_in(w, parent, "Meta");
	if (m->max_msg_size)
		put_number_ns(w, &e, NS_METINF, "MaxMsgSize", m->max_msg_size);
	if (m->max_obj_size)
		put_number_ns(w, &e, NS_METINF, "MaxObjSize", m->max_obj_size);
}

/* -------------------------------- commands -------------------------------- */

static void put_item(struct writing *w, struct element *parent,
		     const struct syncml_item *i)
{
	struct element e = open_in(w, parent, "Item");

	if (i->has_tree && !w->rc)
		w->rc = err_set(w->e, DM_EINVAL, "Data", "text", "a tree");
	put_location(w, &e, "Target", i->target, NULL);
	put_location(w, &e, "Source", i->source, NULL);
	put_meta(w, &e, &i->meta);
	put_text(w, &e, "Data", i->data);
	put_empty(w, &e, "MoreData", i->more_data);
}

static void put_references(struct writing *w, struct element *e,
			   const struct syncml_command *c)
{
	bool is_status = c->verb == SYNCML_STATUS;

	if (!is_status && c->verb != SYNCML_RESULTS)
		return;
	put_number(w, e, "MsgRef", c->msg_ref);
	put_number(w, e, "CmdRef", c->cmd_ref);
	if (is_status)
		put_text(w, e, "Cmd", c->cmd);
}

/* In this order the DTD has them, of whichever command. */
static void put_command(struct writing *w, struct element *parent,
			const struct syncml_command *c)
{
	struct element e = open_in(w, parent, syncml_verb_name(c->verb));

	put_number(w, &e, "CmdID", c->cmd_id);
	put_references(w, &e, c);
	put_empty(w, &e, "NoResp", c->no_resp);
	put_meta(w, &e, &c->meta);
	put_text(w, &e, "TargetRef", c->target_ref);
	put_text(w, &e, "SourceRef", c->source_ref);
	put_chal(w, &e, &c->chal);
	if (c->verb == SYNCML_ALERT || c->verb == SYNCML_STATUS)
		put_number(w, &e, "Data", c->code);
	put_text(w, &e, "Correlator", c->correlator);
	for (const struct syncml_item *i = c->items; i; i = i->next)
		put_item(w, &e, i);
	for (const struct syncml_command *s = c->commands; s; s = s->next)
		put_command(w, &e, s);
}

/* ------------------------------- a message -------------------------------- */

static void put_header(struct writing *w, struct element *root,
		       const struct syncml_message *m)
{
	struct element e = open_in(w, root, "SyncHdr");

	put_text(w, &e, "VerDTD", versions[m->version].dtd);
	put_text(w, &e, "VerProto", versions[m->version].proto);
	put_text(w, &e, "SessionID", m->session_id);
	put_number(w, &e, "MsgID", m->msg_id);
	put_location(w, &e, "Target", m->target, NULL);
	put_location(w, &e, "Source", m->source, m->source_name);
	put_text(w, &e, "RespURI", m->resp_uri);
	put_empty(w, &e, "NoResp", m->no_resp);
	put_cred(w, &e, &m->cred);
	put_sizes(w, &e, m);
}

static struct xml_node *put_message(struct writing *w,
				    const struct syncml_message *m)
{
	struct xml_node *top = NULL;
	struct xml_node outside = { .name = NULL };
	struct element none = { &outside, &top };
	struct element root = open_in(w, &none, "SyncML"), body;

	put_header(w, &root, m);
	body = open_in(w, &root, "SyncBody");
	for (const struct syncml_command *c = m->commands; c; c = c->next)
		put_command(w, &body, c);
	put_empty(w, &body, "Final", m->final);
	return top;
}

static int write_xml(struct writing *w, const struct xml_node *root,
		     uint8_t *out, size_t cap, size_t *len)
{
	if (xml_write(root, false, (char *)out, cap, len))
		return err_set(w->e, DM_ENOSPC, "size", "a smaller message",
			       "more than %zu octets", cap);
	return DM_OK;
}

int syncml_write(struct arena *a, enum syncml_encoding encoding,
		 const struct syncml_message *m, uint8_t *out, size_t cap,
		 size_t *len, struct err *e)
{
	struct writing w = { .arena = a, .ns = versions[m->version].ns,
			     .e = e };
	size_t before = a->used;
	struct xml_node *root = put_message(&w, m);

	if (!w.rc && encoding == SYNCML_XML)
		w.rc = write_xml(&w, root, out, cap, len);
	else if (!w.rc)
		w.rc = dm_mend(a, root, e);
	if (!w.rc && encoding == SYNCML_WBXML)
		w.rc = dm_profile_encode(a, root, out, cap, len, e);
	a->used = before;
	return w.rc;
}
