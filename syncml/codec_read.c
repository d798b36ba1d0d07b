/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/codec.h"

#include <string.h>
#include <strings.h>

#include "bootstrap/dm_profile.h"

static const char *const types[] = {
	[SYNCML_XML] = "application/vnd.syncml.dm+xml",
	[SYNCML_WBXML] = "application/vnd.syncml.dm+wbxml",
};

/* One message on its way out of its tree. The first complaint stays. */
struct reading {
	struct arena *arena;
	struct err *e;
	int rc;
	size_t n_items;
	size_t n_commands;
};

static void refuse(struct reading *r, int code, const char *field,
		   const char *allowed, const char *came)
{
	if (!r->rc)
		r->rc = err_set(r->e, code, field, allowed, "%s", came);
}

static void *get_room(struct reading *r, size_t len)
{
	void *room = r->rc ? NULL : arena_alloc(r->arena, len);

	if (!room)
		refuse(r, DM_ENOSPC, "arena", "a smaller message",
		       "there is too much of it");
	return room;
}

/* ------------------------------ content type ------------------------------ */

const char *syncml_content_type(enum syncml_encoding encoding)
{
	return types[encoding];
}

int syncml_encoding_of(const char *content_type, enum syncml_encoding *encoding,
		       struct err *e)
{
	size_t len = strcspn(content_type, "; \t");

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i]) != len ||
		    strncasecmp(types[i], content_type, len))
			continue;
		*encoding = (enum syncml_encoding)i;
		return DM_OK;
	}
	return err_set(e, DM_EINVAL, "Content-Type",
		       "application/vnd.syncml.dm+xml, "
		       "application/vnd.syncml.dm+wbxml", "%s", content_type);
}

/* --------------------------------- values --------------------------------- */

static const struct xml_node *child(const struct xml_node *parent,
				    const char *name)
{
	return parent ? xml_child(parent, name) : NULL;
}

static const char *text(const struct xml_node *parent, const char *name)
{
	const struct xml_node *n = child(parent, name);

	return n ? xml_text(n) : NULL;
}

static const char *loc_uri(const struct xml_node *parent, const char *name)
{
	return text(child(parent, name), "LocURI");
}

static bool read_decimal(const char *digits, uint32_t *value)
{
	uint64_t sum = 0;

	if (!*digits || strlen(digits) > 10)
		return false;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return false;
		sum = sum * 10 + (uint64_t)(*digits - '0');
	}
	*value = (uint32_t)sum;
	return sum <= UINT32_MAX;
}

/* 0 where it is missing and need not be there. */
static uint32_t number(struct reading *r, const struct xml_node *parent,
		       const char *name, bool required)
{
	const char *digits = text(parent, name);
	uint32_t value = 0;

	if (!digits && required)
		refuse(r, DM_EPROTO, name, "a number", "missing");
	if (digits && !read_decimal(digits, &value))
		refuse(r, DM_EPROTO, name, "0 to 4294967295", "another text");
	return value;
}

/* What has to be there and not empty. */
static const char *needed(struct reading *r, const char *value,
			  const char *name)
{
	if (!value || !*value)
		refuse(r, DM_EPROTO, name, "some text",
		       value ? "empty" : "missing");
	return value;
}

static struct syncml_meta read_meta(struct reading *r,
				    const struct xml_node *parent)
{
	const struct xml_node *meta = child(parent, "Meta");

	return (struct syncml_meta){
		.format = text(meta, "Format"),
		.type = text(meta, "Type"),
		.mark = text(meta, "Mark"),
		.size = number(r, meta, "Size", false),
	};
}

/* --------------------------------- header --------------------------------- */

static enum syncml_version read_version(struct reading *r,
					const struct xml_node *header)
{
	static const char *const versions[] = {
		[SYNCML_11] = "1.1",
		[SYNCML_12] = "1.2",
	};
	const char *dtd = text(header, "VerDTD");
	const char *proto = text(header, "VerProto");

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (dtd && proto && !strcmp(dtd, versions[i]) &&
		    !strncmp(proto, "DM/", 3) && !strcmp(proto + 3, dtd))
			return (enum syncml_version)i;
	refuse(r, DM_EPROTO, "VerProto",
	       "VerDTD 1.1 with DM/1.1, or 1.2 with DM/1.2", "another one");
	return SYNCML_12;
}

static struct syncml_cred read_cred(const struct xml_node *header)
{
	const struct xml_node *cred = child(header, "Cred");
	const char *type = text(child(cred, "Meta"), "Type");

	if (!cred)
		return (struct syncml_cred){ NULL, NULL, NULL };
	return (struct syncml_cred){
		.type = type ? type : "",
		.format = text(child(cred, "Meta"), "Format"),
		.data = text(cred, "Data"),
	};
}

static void read_header(struct reading *r, const struct xml_node *header,
			struct syncml_message *m)
{
	const struct xml_node *meta = child(header, "Meta");

	m->version = read_version(r, header);
	m->session_id = needed(r, text(header, "SessionID"), "SessionID");
	m->msg_id = number(r, header, "MsgID", true);
	m->target = needed(r, loc_uri(header, "Target"), "Target");
	m->source = needed(r, loc_uri(header, "Source"), "Source");
	m->source_name = text(child(header, "Source"), "LocName");
	m->resp_uri = text(header, "RespURI");
	m->no_resp = child(header, "NoResp") != NULL;
	m->cred = read_cred(header);
	m->max_msg_size = number(r, meta, "MaxMsgSize", false);
	m->max_obj_size = number(r, meta, "MaxObjSize", false);
}

/* -------------------------------- commands -------------------------------- */

static bool has_element(const struct xml_node *data)
{
	const struct xml_node *n = data ? data->children : NULL;

	while (n && !n->name)
		n = n->next;
	return n;
}

static struct syncml_item *read_item(struct reading *r,
				     const struct xml_node *n)
{
	struct syncml_item *i = get_room(r, sizeof(*i));

	if (++r->n_items > SYNCML_ITEMS_MAX)
		refuse(r, DM_ENOSPC, "Item", "1024 of them", "more");
	if (!i)
		return NULL;
	i->target = loc_uri(n, "Target");
	i->source = loc_uri(n, "Source");
	i->meta = read_meta(r, n);
	i->data = text(n, "Data");
	i->has_tree = has_element(child(n, "Data"));
	i->more_data = child(n, "MoreData") != NULL;
	return i;
}

static void read_items(struct reading *r, const struct xml_node *command,
		       struct syncml_item **end)
{
	const struct xml_node *n = child(command, "Item");

	for (; n && !r->rc; n = xml_next(n, "Item")) {
		*end = read_item(r, n);
		if (*end)
			end = &(*end)->next;
	}
}

static struct syncml_chal read_chal(const struct xml_node *status)
{
	const struct xml_node *chal = child(status, "Chal");
	const struct xml_node *meta = child(chal, "Meta");
	const char *type = text(meta, "Type");

	if (!chal)
		return (struct syncml_chal){ NULL, NULL, NULL };
	return (struct syncml_chal){
		.type = type ? type : "",
		.format = text(meta, "Format"),
		.next_nonce = text(meta, "NextNonce"),
	};
}

/* The specification's own examples leave it out where it is the SyncHdr's. */
static uint32_t read_cmd_ref(struct reading *r, const struct xml_node *n,
			     const struct syncml_command *c)
{
	bool of_header = c->cmd && !strcmp(c->cmd, "SyncHdr");

	return number(r, n, "CmdRef", !of_header);
}

/* What only answers have. */
static void read_references(struct reading *r, const struct xml_node *n,
			    struct syncml_command *c)
{
	bool is_status = c->verb == SYNCML_STATUS;

	if (!is_status && c->verb != SYNCML_RESULTS)
		return;
	c->msg_ref = number(r, n, "MsgRef", is_status);
	c->target_ref = text(n, "TargetRef");
	c->source_ref = text(n, "SourceRef");
	if (is_status) {
		c->cmd = needed(r, text(n, "Cmd"), "Cmd");
		c->chal = read_chal(n);
	}
	c->cmd_ref = read_cmd_ref(r, n, c);
}

static void read_commands(struct reading *r, const struct xml_node *parent,
			  struct syncml_command **end, unsigned depth);

static struct syncml_command *read_command(struct reading *r,
					   enum syncml_verb verb,
					   const struct xml_node *n,
					   unsigned depth)
{
	struct syncml_command *c = get_room(r, sizeof(*c));

	if (++r->n_commands > SYNCML_COMMANDS_MAX)
		refuse(r, DM_ENOSPC, "SyncBody", "256 commands", "more");
	if (!c)
		return NULL;
	c->verb = verb;
	c->cmd_id = number(r, n, "CmdID", true);
	c->no_resp = child(n, "NoResp") != NULL;
	c->meta = read_meta(r, n);
	c->correlator = text(n, "Correlator");
	if (verb == SYNCML_ALERT || verb == SYNCML_STATUS)
		c->code = number(r, n, "Data", true);
	read_references(r, n, c);
	if (verb == SYNCML_ATOMIC || verb == SYNCML_SEQUENCE)
		read_commands(r, n, &c->commands, depth + 1);
	else
		read_items(r, n, &c->items);
	return c;
}

static bool find_verb(const char *name, enum syncml_verb *verb)
{
	for (int v = SYNCML_ADD; v <= SYNCML_STATUS; v++) {
		if (strcmp(name, syncml_verb_name((enum syncml_verb)v)))
			continue;
		*verb = (enum syncml_verb)v;
		return true;
	}
	return false;
}

/* What may stand beside the commands in a body or a group. */
static bool is_no_command(const char *name)
{
	static const char *const others[] = {
		"CmdID", "NoResp", "Cred", "Meta", "Final",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(name, others[i]))
			return true;
	return false;
}

static void read_commands(struct reading *r, const struct xml_node *parent,
			  struct syncml_command **end, unsigned depth)
{
	enum syncml_verb verb;

	if (depth > SYNCML_GROUPS_MAX)
		refuse(r, DM_ENOSPC, "SyncBody", "4 groups in each other",
		       "more");
	for (const struct xml_node *n = parent->children; n && !r->rc;
	     n = n->next) {
		if (!n->name || is_no_command(n->name))
			continue;
		if (!find_verb(n->name, &verb)) {
			refuse(r, DM_EPROTO, "SyncBody", "commands of DM",
			       "another element");
			return;
		}
		*end = read_command(r, verb, n, depth);
		if (*end)
			end = &(*end)->next;
	}
}

/* ------------------------------- a message -------------------------------- */

static void read_message(struct reading *r, const struct xml_node *root,
			 struct syncml_message *m)
{
	const struct xml_node *header = xml_child(root, "SyncHdr");
	const struct xml_node *body = xml_child(root, "SyncBody");

	if (strcmp(root->name, "SyncML") || !header || !body) {
		refuse(r, DM_EPROTO, "SyncML", "a SyncHdr and a SyncBody",
		       "another document");
		return;
	}
	read_header(r, header, m);
	read_commands(r, body, &m->commands, 0);
	m->final = xml_child(body, "Final") != NULL;
}

int syncml_read(struct arena *a, enum syncml_encoding encoding,
		const uint8_t *in, size_t len, struct syncml_message *m,
		struct err *e)
{
	struct reading r = { .arena = a, .e = e };
	struct syncml_message got = { .msg_id = 0 };
	struct xml_node *root;

	r.rc = encoding == SYNCML_XML ?
	       xml_read(a, (const char *)in, len, &root, e) :
	       dm_profile_decode(a, in, len, &root, e);
	if (!r.rc)
		read_message(&r, root, &got);
	if (!r.rc)
		*m = got;
	return r.rc;
}
