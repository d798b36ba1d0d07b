/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/notif.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wap/bits.h"
#include "wap/utf8.h"

/* "1 to 23 octets" and whose limit that is. */
static int refuse_for(const struct quirk *quirk, struct err *e,
		      const char *field, const char *came,
		      const char *allowed, ...)
	__attribute__((format(printf, 5, 6)));

static int refuse_for(const struct quirk *quirk, struct err *e,
		      const char *field, const char *came,
		      const char *allowed, ...)
{
	char text[sizeof(e->allowed)], whole[sizeof(e->allowed)];
	va_list ap;

	va_start(ap, allowed);
	vsnprintf(text, sizeof(text), allowed, ap);
	va_end(ap);
	snprintf(whole, sizeof(whole), "%.80s for a %s client", text,
		 quirk->name);
	return err_set(e, DM_EINVAL, field, whole, "%s", came);
}

static int check_version(const struct trigger *t, const struct quirk *quirk,
			 struct err *e)
{
	char came[8];

	if (!quirk->version_max || (t->version >= quirk->version_min &&
				    t->version <= quirk->version_max))
		return DM_OK;
	snprintf(came, sizeof(came), "%u", t->version);
	if (quirk->version_min == quirk->version_max)
		return refuse_for(quirk, e, "version-field", came, "%u",
				  quirk->version_min);
	return refuse_for(quirk, e, "version-field", came, "%u to %u",
			  quirk->version_min, quirk->version_max);
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] > 0x7f)
			return false;
	return true;
}

static int check_server_id(const struct trigger *t, const struct quirk *quirk,
			   struct err *e)
{
	char came[64];

	snprintf(came, sizeof(came), "%zu octets", t->server_id_len);
	if (quirk->server_id_max && t->server_id_len > quirk->server_id_max)
		return refuse_for(quirk, e, "server-id", came,
				  "1 to %u octets", quirk->server_id_max);
	if (quirk->ascii_server_id &&
	    !is_ascii(t->server_id, t->server_id_len))
		return refuse_for(quirk, e, "server-id", "other characters",
				  "ASCII");
	return DM_OK;
}

static int check_length(const struct trigger *t, const struct quirk *quirk,
			struct err *e)
{
	size_t len = TRIGGER_HDR_LEN + t->server_id_len + t->vendor_len;
	char came[64];

	snprintf(came, sizeof(came), "%zu octets", t->vendor_len);
	if (t->vendor_len && quirk->refuses_vendor_body)
		return refuse_for(quirk, e, "vendor-hex", came, "none");
	if (!quirk->trigger_max || len <= quirk->trigger_max)
		return DM_OK;
	snprintf(came, sizeof(came), "a trigger of %zu octets", len);
	return refuse_for(quirk, e, t->vendor_len ? "vendor-hex" : "server-id",
			  came, "a trigger of at most %zu octets",
			  quirk->trigger_max);
}

int notif_check_quirk(const struct trigger *t, const struct quirk *quirk,
		      struct err *e)
{
	int rc = check_version(t, quirk, e);

	if (!rc)
		rc = check_server_id(t, quirk, e);
	return rc ? rc : check_length(t, quirk, e);
}

int notif_fit_key(struct digest_key *key, const struct quirk *quirk,
		  struct err *e)
{
	char came[64];

	snprintf(came, sizeof(came), "%zu octets", key->nonce_len);
	if (quirk->nonce_max && key->nonce_len > quirk->nonce_max)
		return refuse_for(quirk, e, "nonce", came, "0 to %u octets",
				  quirk->nonce_max);
	if (quirk->cuts_nonce)
		key->nonce_len = strnlen((const char *)key->nonce,
					 key->nonce_len);
	return DM_OK;
}

int notif_check(const struct trigger *t, const struct quirk *quirk,
		struct err *e)
{
	unsigned deviations = notif_deviations(t);

	if (t->version < 10 || t->version > 12)
		return err_set(e, DM_EINVAL, "version-field",
			       "10 to 12; 11 is right for DM 1.1.2 and 1.2",
			       "%u", t->version);
	if (deviations & NOTIF_SESSION_ID_0)
		return err_set(e, DM_EINVAL, "session-id", "1 to 65535", "0");
	if (t->server_id_len == 0 || t->server_id_len > TRIGGER_SERVER_ID_MAX)
		return err_set(e, DM_EINVAL, "server-id", "1 to 255 octets",
			       "%zu octets", t->server_id_len);
	if (deviations & NOTIF_SERVER_ID_NOT_UTF8)
		return err_set(e, DM_EINVAL, "server-id", "text in UTF-8",
			       "octets that are not UTF-8");
	if (deviations & NOTIF_FUTURE_USE)
		return err_set(e, DM_EINVAL, "future-use", "0", "%u",
			       t->future_use);
	if (t->vendor_len > NOTIF_VENDOR_MAX)
		return err_set(e, DM_EINVAL, "vendor-hex",
			       "0 to 1024 octets", "%zu octets",
			       t->vendor_len);
	return notif_check_quirk(t, quirk, e);
}

int notif_encode(const struct trigger *t, const struct digest_key *key,
		 uint8_t *out, size_t cap, size_t *len)
{
	size_t trigger_len;
	int rc;

	if (cap < DIGEST_LEN)
		return DM_ENOSPC;
	rc = trigger_encode(t, out + DIGEST_LEN, cap - DIGEST_LEN,
			    &trigger_len);
	if (!rc)
		rc = digest_compute(key, out + DIGEST_LEN, trigger_len, out);
	if (!rc)
		*len = DIGEST_LEN + trigger_len;
	return rc;
}

int notif_decode(struct notif *n, const uint8_t *in, size_t len)
{
	struct reader r = { .buf = in, .len = len };
	struct notif got = { .digest = get_mem(&r, DIGEST_LEN) };

	got.trigger_octets = get_rest(&r, &got.trigger_len);
	if (r.err || trigger_decode(&got.trigger, got.trigger_octets,
				    got.trigger_len))
		return DM_EPROTO;
	*n = got;
	return DM_OK;
}

int notif_verify(const struct notif *n, const struct digest_key *key)
{
	uint8_t digest[DIGEST_LEN];

	if (digest_compute(key, n->trigger_octets, n->trigger_len, digest))
		return DM_EIO;
	return hash_equal(digest, n->digest, DIGEST_LEN) ? DM_OK : DM_EINVAL;
}

unsigned notif_deviations(const struct trigger *t)
{
	unsigned bits = 0;

	if (t->version != TRIGGER_VERSION_DM)
		bits |= NOTIF_VERSION;
	if (t->future_use)
		bits |= NOTIF_FUTURE_USE;
	if (t->session_id == 0)
		bits |= NOTIF_SESSION_ID_0;
	if (t->server_id_len == 0)
		bits |= NOTIF_SERVER_ID_EMPTY;
	if (!utf8_valid(t->server_id, t->server_id_len))
		bits |= NOTIF_SERVER_ID_NOT_UTF8;
	return bits;
}

const char *notif_deviation_text(unsigned bit)
{
	static const char *const texts[NOTIF_DEVIATIONS] = {
		"version field is not 11",
		"future-use bits are set",
		"session id is 0, outside 1 to 65535",
		"server-id is empty",
		"server-id is not UTF-8",
	};

	return texts[bit];
}
