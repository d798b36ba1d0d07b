/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/provisioning.h"

#include <string.h>

#include "bootstrap/cp_wbxml.h"
#include "bootstrap/dm_profile.h"

/* One bootstrap on its way through the steps below. */
struct reading {
	struct device *device;
	const struct wsp_push *push;
	struct arena *arena;
	struct bootstrap_security security;
	struct device_bootstrap got;
	struct device_outcome *out;
};

static bool refuse_err(const struct reading *r, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	return device_refuse(r->out, "%s", err_text(e, text, sizeof(text)));
}

/* ------------------------------ what came ------------------------------ */

static bool step_kind(struct reading *r)
{
	const uint32_t type = r->push->content_type.number;
	enum wsp_content_type allowed;

	if (bootstrap_kind(r->push->body, r->push->body_len, &r->got.kind))
		return device_refuse(r->out, "document of %zu octets, "
				     "allowed: WBXML of public id 0x0b, "
				     "0x0fd3, 0x1201", r->push->body_len);
	allowed = bootstrap_content_type(r->got.kind);
	if (type != allowed)
		return device_refuse(r->out, "content type 0x%02x, allowed: "
				     "0x%02x for this kind of document", type,
				     allowed);
	r->got.octets = r->push->body_len;
	return true;
}

static bool is_signed(const struct bootstrap_security *s)
{
	return s->sec == MAC_USERPINMAC ||
	       (s->sec != MAC_SEC_NONE && s->has_mac);
}

static bool step_security(struct reading *r)
{
	struct bootstrap_security *s = &r->security;
	struct err e;

	if (bootstrap_params_decode(r->push->params, r->push->params_len, s,
				    &e))
		return refuse_err(r, &e);
	r->got.sec = is_signed(s) ? s->sec : MAC_SEC_NONE;
	if (r->got.sec == MAC_SEC_NONE && !r->device->accepts_unsigned)
		return device_refuse(r->out, "unsigned (SEC %s, %s), allowed: "
				     "signed ones", mac_sec_name(s->sec),
				     s->has_mac ? "a MAC" : "no MAC");
	return true;
}

static bool step_client(struct reading *r)
{
	const struct quirk *quirk = r->device->quirk;
	const enum mac_sec sec = r->got.sec;

	if (quirk->refuses_dm_profile && r->got.kind != BOOTSTRAP_CP)
		return device_refuse(r->out, "a %s client takes client "
				     "provisioning only", quirk->name);
	if (sec != MAC_SEC_NONE && (quirk->refused_secs & 1u << sec))
		return device_refuse(r->out, "a %s client does not take %s",
				     quirk->name, mac_sec_name(sec));
	return true;
}

/* A DM profile is of one version; client provisioning serves both. */
static bool step_version(struct reading *r)
{
	static const char *const versions[] = {
		[BOOTSTRAP_CP] = NULL,
		[BOOTSTRAP_DM_112] = "1.1.2",
		[BOOTSTRAP_DM_12] = "1.2",
	};
	const char *version = versions[r->got.kind];

	if (version && strcmp(version, r->device->dm_version))
		return device_refuse(r->out, "bootstrap of DM %s, allowed: %s",
				     version, r->device->dm_version);
	return true;
}

/* ------------------------------- the MAC ------------------------------- */

static bool step_mac(struct reading *r)
{
	const struct device *d = r->device;
	const enum mac_sec sec = r->got.sec;
	const struct mac_source source = {
		.imsi = mac_takes_imsi(sec) ? d->imsi : NULL,
		.pin = mac_takes_pin(sec) ? d->pin : NULL,
		.imsi_key = d->quirk->imsi_key,
		.order = d->quirk->netwpin_order,
	};
	struct err e;
	int rc;

	if (sec == MAC_SEC_NONE)
		return true;
	if (source.imsi && !source.imsi[0])
		return device_refuse(r->out, "the device has no IMSI");
	if (source.pin && !source.pin[0])
		return device_refuse(r->out, "the user has no PIN to type");
	rc = bootstrap_verify(&r->security, &source, r->push->body,
			      r->push->body_len, &e);
	if (rc == DM_EIO)
		return refuse_err(r, &e);
	if (rc)
		return device_refuse(r->out, "MAC does not verify with this "
				     "device's IMSI and PIN");
	return true;
}

/* ----------------------------- the account ----------------------------- */

static int read_cp(struct arena *a, const uint8_t *body, size_t len,
		   struct account *out, struct err *e)
{
	struct cp_doc doc;
	int rc = cp_wbxml_decode(a, body, len, &doc, e);

	return rc ? rc : account_from_cp(&doc, out, e);
}

static int read_dm(struct arena *a, const uint8_t *body, size_t len,
		   struct account *out, struct err *e)
{
	struct xml_node *root;
	int rc = dm_profile_decode(a, body, len, &root, e);

	return rc ? rc : account_from_dm(a, root, out, e);
}

int provisioning_account(enum bootstrap_kind kind, struct arena *a,
			 const uint8_t *body, size_t len, struct account *out,
			 struct err *e)
{
	return kind == BOOTSTRAP_CP ? read_cp(a, body, len, out, e)
				    : read_dm(a, body, len, out, e);
}

static bool step_document(struct reading *r)
{
	struct err e;
	int rc = provisioning_account(r->got.kind, r->arena, r->push->body,
				      r->push->body_len, &r->got.account, &e);

	if (rc == DM_ENOSPC)
		return device_refuse(r->out, "the document is too large or "
				     "too deep");
	if (rc && rc != DM_ENOENT)
		return refuse_err(r, &e);
	r->got.has_account = !rc;
	return true;
}

/* What signs notifications from now on. */
static int make_key(const struct account *a, const struct quirk *quirk,
		    struct device_account *made, struct err *e)
{
	struct digest_source source = {
		.drops_colon = quirk->drops_colon,
		.server_id = a->server_id,
		.auth_name = a->server.name,
		.password = a->server.secret,
		.nonce = a->server.nonce ? a->server.nonce : "",
	};

	made->has_key = a->server.secret;
	return made->has_key ? digest_key_make(&source, &made->key, e) : DM_OK;
}

/* A bootstrap can ask for a session at once; one that is open is enough. */
static void come_if_asked(struct reading *r)
{
	struct device *d = r->device;

	if (!d->client || !r->got.account.init || d->session.phase != DM_AWAY)
		return;
	dm_session_come(&d->session);
	r->out->comes = true;
}

static bool step_account(struct reading *r)
{
	const struct account *a = &r->got.account;
	struct device_account made = { .given = true };
	bool ok;
	size_t len;
	struct err e;

	if (!r->got.has_account)
		return true;
	len = strlen(a->server_id);
	if (len < 1 || len > TRIGGER_SERVER_ID_MAX)
		return device_refuse(r->out, "server-id: %zu octets, allowed: "
				     "1 to 255 octets", len);
	memcpy(made.server_id, a->server_id, len + 1);
	ok = !make_key(a, r->device->quirk, &made, &e) &&
	     (!r->device->client ||
	      !dm_client_take_account(r->device->client, a, &e));
	if (ok) {
		r->device->account = made;
		dm_session_forget(&r->device->session);
		come_if_asked(r);
	}
	hash_wipe(&made, sizeof(made));
	return ok || refuse_err(r, &e);
}

void provisioning_take(struct device *d, const struct wsp_push *push,
		       struct arena *a, struct device_outcome *out)
{
	static bool (*const steps[])(struct reading *) = {
		step_kind, step_security, step_client, step_version, step_mac,
		step_document, step_account,
	};
	struct reading r = {
		.device = d, .push = push, .arena = a, .out = out,
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (!steps[i](&r))
			return;
	out->verdict = DEVICE_APPLIED;
	out->bootstrap = r.got;
}
