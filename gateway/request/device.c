/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/device.h"

#include <stdio.h>
#include <string.h>

#include "gateway/request/route_config.h"
#include "gateway/request/submit.h"

#define DIGITS "0123456789"
#define NAME_CHARACTERS DIGITS "abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ._:@-"

/* The default nonce 0x00000000, as clients read it. */
static const struct digest_source default_nonces[] = {
	[RESYNC_4NUL] = { .nonce_hex = "00000000" },
	[RESYNC_ASCII] = { .nonce_text = "0x00000000" },
	[RESYNC_BASE64_TEXT] = { .nonce_text = "AAAAAA==" },
};
#define N_DEFAULT_NONCES (sizeof(default_nonces) / sizeof(default_nonces[0]))

int device_name_check(const char *name, const char *field, struct err *e)
{
	size_t len = strspn(name, NAME_CHARACTERS);

	if (!name[len] && len >= 1 && len <= DEVICE_NAME_MAX &&
	    strspn(name, DIGITS) < len)
		return DM_OK;
	return err_set(e, DM_EINVAL, field,
		       "1 to 64 letters, digits, . _ : @ -, not digits alone",
		       "\"%s\"", name);
}

int device_key_check(const struct device_key *key, struct err *e)
{
	char msisdn[MSISDN_SIZE];
	int n = !!key->device + !!key->dev_id + !!key->to;

	if (n != 1)
		return err_set(e, DM_EINVAL, "device",
			       "one of device, dev-id and to", "%d came", n);
	if (key->dev_id)
		return DM_OK;
	if (key->device)
		return device_name_check(key->device, "device", e);
	return msisdn_looks_like(key->to) ?
	       msisdn_parse(key->to, "to", msisdn, e) :
	       device_name_check(key->to, "to", e);
}

/* ------------------------------- changes ------------------------------- */

bool device_has_nonce(const struct digest_source *s)
{
	return s->nonce || s->nonce_hex || s->nonce_text;
}

/* Control characters would come out in tables and files of devices. */
static int set_text(char *out, size_t cap, const char *text, const char *field,
		    struct err *e)
{
	if (!text)
		return DM_OK;
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return err_set(e, DM_EINVAL, field,
				       "text without control characters",
				       "one in it");
	snprintf(out, cap, "%s", text);
	return DM_OK;
}

static int set_name(struct device *d, const struct device_put_request *rq,
		    struct err *e)
{
	int rc = device_name_check(rq->device, "device", e);

	if (rc)
		return rc;
	if (!d->msisdn[0] && !rq->msisdn)
		return err_set(e, DM_EINVAL, "msisdn",
			       "it is required of a new device", "missing");
	snprintf(d->name, sizeof(d->name), "%s", rq->device);
	return rq->msisdn ? msisdn_parse(rq->msisdn, "msisdn", d->msisdn, e) :
	       DM_OK;
}

static int set_imsi(struct device *d, const char *imsi, struct err *e)
{
	int rc = imsi ? imsi_check(imsi, e) : DM_OK;

	if (!rc && imsi)
		snprintf(d->imsi, sizeof(d->imsi), "%s", imsi);
	return rc;
}

static int set_quirks(struct device *d, const char *name, struct err *e)
{
	const struct quirk *quirk;
	int rc = submit_quirk(name, &quirk, e);

	if (!rc && name)
		snprintf(d->quirks, sizeof(d->quirks), "%s", name);
	return rc;
}

/* Which routes there are is the configuration's, and may change. */
static int set_route(struct device *d, const char *name, struct err *e)
{
	int rc = name ? route_name_check(name, "route", e) : DM_OK;

	if (!rc && name)
		snprintf(d->route, sizeof(d->route), "%s",
			 route_is_bearerbox(name) ? "" : name);
	return rc;
}

/* The name that the credential holds. */
static const char *name_in_credential(const struct device *d)
{
	return d->auth_name[0] ? d->auth_name : d->server_id;
}

static int set_credential(struct device *d, const struct digest_source *key,
			  const char *name_before, struct err *e)
{
	const struct quirk *quirk = quirks_find(d->quirks);
	struct digest_source s = {
		.password = key->password,
		.credential = key->credential,
		.drops_colon = quirk && quirk->drops_colon,
	};

	if (s.password && name_in_credential(d)[0])
		s.auth_name = name_in_credential(d);
	if (s.password || s.credential)
		return digest_credential(&s, d->credential, e);
	if (!d->credential[0] || !strcmp(name_before, name_in_credential(d)))
		return DM_OK;
	return err_set(e, DM_EINVAL, "password",
		       "password or credential, with a new name of the server",
		       "missing");
}

static int set_nonce(struct device *d, const struct digest_source *s,
		     struct err *e)
{
	uint8_t nonce[DIGEST_NONCE_MAX];
	size_t len;
	int rc = digest_nonce(s, nonce, &len, e);

	if (rc)
		return rc;
	base64_encode(nonce, len, d->nonce);
	d->has_nonce = true;
	hash_wipe(nonce, sizeof(nonce));
	return DM_OK;
}

static int set_key(struct device *d, const struct digest_source *key,
		   struct err *e)
{
	char before[DEVICE_AUTH_NAME_SIZE];
	int rc;

	snprintf(before, sizeof(before), "%s", name_in_credential(d));
	rc = set_text(d->server_id, sizeof(d->server_id), key->server_id,
		      "server-id", e);
	if (!rc)
		rc = set_text(d->auth_name, sizeof(d->auth_name),
			      key->auth_name, "auth-name", e);
	if (!rc)
		rc = set_credential(d, key, before, e);
	if (!rc && device_has_nonce(key))
		rc = set_nonce(d, key, e);
	return rc;
}

int device_change(struct device *d, const struct device_put_request *rq,
		  struct err *e)
{
	bool is_new = !d->msisdn[0];
	int rc = set_name(d, rq, e);

	if (!rc)
		rc = set_imsi(d, rq->imsi, e);
	if (!rc)
		rc = set_text(d->dev_id, sizeof(d->dev_id), rq->dev_id,
			      "dev-id", e);
	if (!rc)
		rc = set_quirks(d, rq->quirks, e);
	if (!rc)
		rc = set_key(d, &rq->key, e);
	if (!rc)
		rc = set_route(d, rq->route, e);
	if (is_new || rq->dm_version != REQUEST_UNSET)
		d->dm_version = rq->dm_version;
	return rc;
}

/* ---------------------------- default nonces ---------------------------- */

static bool is_default(const uint8_t *nonce, size_t len)
{
	uint8_t other[DIGEST_NONCE_MAX];
	size_t other_len;
	struct err e;

	for (size_t i = RESYNC_4NUL; i < N_DEFAULT_NONCES; i++)
		if (!digest_nonce(&default_nonces[i], other, &other_len, &e) &&
		    other_len == len && !memcmp(other, nonce, len))
			return true;
	return false;
}

static int refuse_default(const struct digest_source *s, struct err *e)
{
	uint8_t nonce[DIGEST_NONCE_MAX];
	size_t len;
	int rc = digest_nonce(s, nonce, &len, e);

	if (!rc && is_default(nonce, len))
		rc = err_set(e, DM_EINVAL, "nonce",
			     "the nonce of a session; or resync of notify",
			     "the default nonce");
	hash_wipe(nonce, sizeof(nonce));
	return rc;
}

int device_set_nonce(struct device *d, const struct digest_source *nonce,
		     struct err *e)
{
	int rc = refuse_default(nonce, e);

	return rc ? rc : set_nonce(d, nonce, e);
}

/* ------------------------------- requests ------------------------------- */

static void merge_delivery(const struct device *d, struct delivery_request *rq)
{
	rq->to = d->msisdn;
	if (!rq->route && d->route[0])
		rq->route = d->route;
}

static int merge_key(const struct device *d, struct digest_source *key,
		     struct err *e)
{
	bool came = device_has_nonce(key);

	if (key->server_id && strcmp(key->server_id, d->server_id))
		return DM_OK;
	if (d->server_id[0])
		key->server_id = d->server_id;
	if (!came && d->has_nonce)
		key->nonce = d->nonce;
	if (key->password || key->credential || !d->credential[0])
		return DM_OK;
	key->credential = d->credential;
	return came ? refuse_default(key, e) : DM_OK;
}

int device_merge(const struct device *d, struct notify_request *rq,
		 struct err *e)
{
	if (rq->resync && device_has_nonce(&rq->key))
		return err_set(e, DM_EINVAL, "nonce", "none, with resync",
			       "it came");
	merge_delivery(d, &rq->delivery);
	if (rq->dm_version == REQUEST_UNSET)
		rq->dm_version = d->dm_version;
	if (!rq->quirks && d->quirks[0])
		rq->quirks = d->quirks;
	return merge_key(d, &rq->key, e);
}

void device_merge_bootstrap(const struct device *d,
			    struct bootstrap_request *rq)
{
	struct security_request *s = &rq->security;
	bool signs_with_imsi = rq->sec == MAC_NETWPIN ||
			       rq->sec == MAC_USERNETWPIN;

	merge_delivery(d, &rq->delivery);
	if (signs_with_imsi && !s->imsi && !s->key_hex && d->imsi[0])
		s->imsi = d->imsi;
	if (!s->quirks && d->quirks[0])
		s->quirks = d->quirks;
}

/* DM 1.1.2 does not know it. */
static int check_client(const struct notify_request *rq,
			const struct quirk *quirk, struct err *e)
{
	if (rq->dm_version == DM_VERSION_112)
		return err_set(e, DM_EINVAL, "resync", "with DM 1.2",
			       "the device speaks 1.1.2");
	if (quirk->resync_nonce == RESYNC_NONE)
		return err_set(e, DM_EINVAL, "resync",
			       "a client that has one: see dmbox quirks",
			       "%s has none", quirk->name);
	return DM_OK;
}

int device_resync(struct device *d, struct notify_request *rq, int64_t now_ms,
		  struct err *e)
{
	const struct quirk *quirk;
	int rc = submit_quirk(rq->quirks, &quirk, e);

	if (!rc)
		rc = check_client(rq, quirk, e);
	if (rc)
		return rc;
	if (d->resync_ms && now_ms - d->resync_ms < DEVICE_RESYNC_MS)
		return err_set(e, DM_ESTATE, "resync",
			       "once in 24 hours for a device",
			       "the last one was %lld minutes ago",
			       (long long)(now_ms - d->resync_ms) / 60000);
	rq->key.nonce = NULL;
	rq->key.nonce_hex = default_nonces[quirk->resync_nonce].nonce_hex;
	rq->key.nonce_text = default_nonces[quirk->resync_nonce].nonce_text;
	d->resync_ms = now_ms;
	return DM_OK;
}
