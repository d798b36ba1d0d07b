/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/provision.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/cp_wbxml.h"
#include "bootstrap/cp_xml.h"
#include "bootstrap/dm_profile.h"
#include "wap/hex.h"

#define NUMBER_SIZE 24		/* characters of a JSON integer */

/* ----------------------------- the document ----------------------------- */

static int no_room(struct err *e)
{
	return err_set(e, DM_ENOSPC, "document", "a smaller document",
		       "it is too big");
}

static int read_xml(const struct bootstrap_request *rq, struct arena *a,
		    struct document *d, struct err *e)
{
	d->kind = BOOTSTRAP_CP;
	return cp_xml_read(a, rq->xml, strlen(rq->xml), &d->cp, e);
}

static void set_dm_kind(struct document *d)
{
	bool is_11 = d->dm->ns && !strcmp(d->dm->ns, "SYNCML:SYNCML1.1");

	d->kind = is_11 ? BOOTSTRAP_DM_112 : BOOTSTRAP_DM_12;
}

static int read_dm_xml(const struct bootstrap_request *rq, struct arena *a,
		       struct document *d, struct err *e)
{
	int rc = dm_profile_read(a, rq->dm_xml, strlen(rq->dm_xml), &d->dm, e);

	if (!rc)
		set_dm_kind(d);
	return rc;
}

int provision_decode(const uint8_t *body, size_t len, struct arena *a,
		     struct document *d, struct err *e)
{
	if (bootstrap_kind(body, len, &d->kind))
		return err_set(e, DM_EPROTO, "wbxml-hex",
			       "WBXML with public id 0x0b, 0xfd3 or 0x1201",
			       "another document");
	return d->kind == BOOTSTRAP_CP ?
	       cp_wbxml_decode(a, body, len, &d->cp, e) :
	       dm_profile_decode(a, body, len, &d->dm, e);
}

/* What nobody here can read is signed all the same, but the lint says so. */
static int read_wbxml(const struct bootstrap_request *rq, struct arena *a,
		      struct document *d, struct err *e)
{
	size_t len = strlen(rq->wbxml_hex);
	uint8_t *body = arena_alloc(a, len / 2);
	struct err why;

	if (!body)
		return no_room(e);
	if (hex_decode(rq->wbxml_hex, len, body, len / 2, &len) || len == 0)
		return err_set(e, DM_EINVAL, "wbxml-hex", "hexadecimal octets",
			       "%zu characters", strlen(rq->wbxml_hex));
	if (bootstrap_kind(body, len, &d->kind))
		return provision_decode(body, len, a, d, e);
	d->ready = body;
	d->ready_len = len;
	if (provision_decode(body, len, a, d, &why)) {
		d->unread = true;
		err_text(&why, d->unread_why, sizeof(d->unread_why));
	}
	return DM_OK;
}

/* A member of "fields" as the profile takes it: a text. */
static int field_value(struct arena *a, const char *name, json_t *value,
		       struct profile_value *out, struct err *e)
{
	char number[NUMBER_SIZE];
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		text = json_is_true(value) ? "yes" : "no";
	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		text = number;
	}
	out->name = name;
	out->value = arena_text(a, text, strlen(text));
	return out->value ? DM_OK : no_room(e);
}

static int read_profile(const struct bootstrap_request *rq,
			const struct profile *profile, struct arena *a,
			struct document *d, struct err *e)
{
	struct profile_value values[PROFILE_FIELDS_MAX];
	struct xml_node *root;
	const char *name;
	json_t *value;
	size_t n = 0;
	int rc = DM_OK;

	json_object_foreach(rq->fields, name, value)
		if (!rc)
			rc = field_value(a, name, value, &values[n++], e);
	if (!rc)
		rc = profile_fill(profile, values, n, a, &root, e);
	if (rc)
		return rc;
	d->kind = BOOTSTRAP_CP;
	if (!profile->is_dm)
		return cp_xml_from_tree(a, root, &d->cp, e);
	d->dm = root;
	set_dm_kind(d);
	return DM_OK;
}

static int check_one(const struct bootstrap_request *rq,
		     const struct profile *profile, struct err *e)
{
	int n = (rq->xml != NULL) + (rq->dm_xml != NULL) +
		(rq->wbxml_hex != NULL) + (rq->profile != NULL);

	if (n != 1)
		return err_set(e, DM_EINVAL, "document",
			       "one of xml, dm-xml, wbxml-hex, profile",
			       "%d came", n);
	if (rq->profile && !profile)
		return err_set(e, DM_EINVAL, "profile",
			       "a name of dmbox profile list", "\"%s\"",
			       rq->profile);
	if (rq->fields && !rq->profile)
		return err_set(e, DM_EINVAL, "fields", "only with profile",
			       "there is no profile");
	return DM_OK;
}

int provision_read(const struct bootstrap_request *rq,
		   const struct profile *profile, struct arena *a,
		   struct document *d, struct err *e)
{
	int rc = check_one(rq, profile, e);

	*d = (struct document){ .kind = BOOTSTRAP_CP };
	if (rc)
		return rc;
	if (rq->xml)
		return read_xml(rq, a, d, e);
	if (rq->dm_xml)
		return read_dm_xml(rq, a, d, e);
	if (rq->wbxml_hex)
		return read_wbxml(rq, a, d, e);
	return read_profile(rq, profile, a, d, e);
}

void provision_lint(const struct document *d, const struct quirk *quirk,
		    struct arena *a, struct lint *l)
{
	if (d->unread)
		lint_add(l, LINT_ERROR, 0, "document",
			 "a device can read it no better", "%s",
			 d->unread_why);
	else if (d->kind == BOOTSTRAP_CP)
		lint_cp(&d->cp, quirk, l);
	else
		lint_dm(a, d->dm, quirk, l);
}

int provision_refuse(const struct lint *l, struct err *e)
{
	size_t i = 0;

	if (l->n_errors == 0)
		return DM_OK;
	while (i < l->n && l->findings[i].severity != LINT_ERROR)
		i++;
	return err_set(e, DM_EINVAL, "document",
		       "a document without errors, or force", "%zu error%s: %s",
		       l->n_errors, l->n_errors == 1 ? "" : "s",
		       i < l->n ? l->findings[i].what : "");
}

int provision_write(const struct document *d, bool show_secrets,
		    struct arena *a, char *out, size_t cap, size_t *len)
{
	return d->kind == BOOTSTRAP_CP ?
	       cp_xml_write(&d->cp, show_secrets, out, cap, len) :
	       dm_profile_write(a, d->dm, show_secrets, out, cap, len);
}

/* ------------------------------ the message ------------------------------ */

static int encode_body(const struct document *d, struct arena *a,
		       struct message *m, struct err *e)
{
	int rc;

	if (d->ready) {
		if (d->ready_len > sizeof(m->body))
			return no_room(e);
		memcpy(m->body, d->ready, d->ready_len);
		m->body_len = d->ready_len;
		return DM_OK;
	}
	if (d->kind != BOOTSTRAP_CP)
		return dm_profile_encode(a, d->dm, m->body, sizeof(m->body),
					 &m->body_len, e);
	rc = cp_wbxml_encode(&d->cp, m->body, sizeof(m->body), &m->body_len);
	return rc ? no_room(e) : DM_OK;
}

struct mac_source provision_mac_source(const struct security_request *rq,
				       const struct quirk *quirk)
{
	return (struct mac_source){
		.sec = MAC_SEC_NONE,
		.imsi = rq->imsi,
		.pin = rq->pin,
		.key_hex = rq->key_hex,
		.imsi_key = quirk->imsi_key,
		.order = rq->netwpin_order == REQUEST_UNSET ?
			 quirk->netwpin_order :
			 (enum netwpin_order)rq->netwpin_order,
	};
}

static int check_unsigned(const struct security_request *rq, struct err *e)
{
	if (!rq->imsi && !rq->pin && !rq->key_hex)
		return DM_OK;
	return err_set(e, DM_EINVAL, "sec",
		       "with imsi, pin or key-hex: a method that signs",
		       "\"none\"");
}

static int sign(const struct bootstrap_request *rq, const struct quirk *quirk,
		const char *random_k, struct provision *p, struct err *e)
{
	struct mac_source source = provision_mac_source(&rq->security, quirk);
	struct mac_key key;
	int rc;

	p->security.sec = source.sec = (enum mac_sec)rq->sec;
	if (source.sec == MAC_SEC_NONE)
		return check_unsigned(&rq->security, e);
	if (source.sec == MAC_USERPINMAC && !source.pin && !source.key_hex)
		source.pin = random_k;
	rc = mac_key_make(&source, &key, e);
	if (rc)
		return rc;
	rc = mac_compute(&key, p->message.body, p->message.body_len,
			 p->security.mac);
	hash_wipe(&key, sizeof(key));
	if (rc)
		return err_set(e, rc, "sec", "", "no HMAC-SHA1 here");
	p->security.has_mac = true;
	if (source.sec == MAC_USERPINMAC && source.pin)
		mac_oob_pin(source.pin, p->security.mac, p->oob_pin);
	return DM_OK;
}

static int wrap(const struct bootstrap_request *rq, struct provision *p,
		struct err *e)
{
	uint8_t params[BOOTSTRAP_PARAMS_MAX];
	struct message *m = &p->message;
	struct transport_bootstrap b = {
		.type = bootstrap_content_type(p->document.kind),
		.application = bootstrap_application(p->document.kind),
		.params = params,
		.params_len = bootstrap_params_encode(&p->security, params),
		.initiator_uri = rq->initiator_uri,
		.ms_desc = rq->ms_desc,
		.body = m->body,
		.body_len = m->body_len,
	};

	return transport_wrap_bootstrap(&p->transport, &b, m->wsp,
					sizeof(m->wsp), &m->wsp_len, e);
}

/* The server that the device will belong to, if the document has an account. */
static void name_server(struct provision *p, struct arena *a)
{
	const struct document *d = &p->document;
	struct err e;
	int rc = d->unread ? DM_ENOENT : d->kind == BOOTSTRAP_CP ?
		 account_from_cp(&d->cp, &p->account, &e) :
		 account_from_dm(a, d->dm, &p->account, &e);

	p->has_account = !rc;
	if (!rc)
		snprintf(p->server_id, sizeof(p->server_id), "%s",
			 p->account.server_id);
}

int provision_make(const struct bootstrap_request *rq,
		   const struct profile *profile,
		   const char random_k[PROVISION_K_SIZE], uint16_t reference,
		   struct arena *a, struct provision *p, struct err *e)
{
	const char *client = rq->security.quirks;
	const struct quirk *quirk;
	int rc;

	if (!client && profile)
		client = profile->client;
	rc = submit_quirk(client, &quirk, e);
	if (!rc)
		rc = submit_transport(&rq->transport, reference, &p->transport,
				      e);
	if (!rc)
		rc = provision_read(rq, profile, a, &p->document, e);
	if (!rc)
		rc = encode_body(&p->document, a, &p->message, e);
	if (!rc)
		rc = sign(rq, quirk, random_k, p, e);
	if (!rc)
		rc = wrap(rq, p, e);
	if (!rc)
		rc = submit_split(&p->transport, &p->message, e);
	if (rc)
		return rc;
	name_server(p, a);
	provision_lint(&p->document, quirk, a, &p->lint);
	lint_sec(p->security.sec, quirk, &p->lint);
	lint_size(p->message.n_segments, (size_t)rq->segments_max, &p->lint);
	return DM_OK;
}

/* A client provisioning document does not say. */
static int32_t dm_version_of(enum bootstrap_kind kind)
{
	switch (kind) {
	case BOOTSTRAP_CP:
		break;
	case BOOTSTRAP_DM_112:
		return DM_VERSION_112;
	case BOOTSTRAP_DM_12:
		return DM_VERSION_12;
	}
	return REQUEST_UNSET;
}

void provision_describe(const struct bootstrap_request *rq,
			const struct provision *p, struct job *j)
{
	j->method = JOB_BOOTSTRAP;
	j->dcs = rq->transport.dcs;
	j->dm_version = dm_version_of(p->document.kind);
	snprintf(j->server_id, sizeof(j->server_id), "%s", p->server_id);
}
