/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/bootstrap.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "wap/bits.h"
#include "wap/hex.h"
#include "wap/wbxml.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define SHORT_INTEGER 0x80	/* WSP 8.4.2.1 */

/* -------------------------------- kinds -------------------------------- */

static const struct {
	const char *name;
	uint32_t public_id;
	enum wsp_content_type type;
	int application;
} kinds[] = {
	[BOOTSTRAP_CP] = {
		"cp", WBXML_PUBLIC_PROV, WSP_CONNECTIVITY_WBXML, -1,
	},
	[BOOTSTRAP_DM_112] = {
		"dm-1.1.2", WBXML_PUBLIC_SYNCML_11, WSP_SYNCML_DM_WBXML,
		WSP_APPLICATION_SYNCML_DM,
	},
	[BOOTSTRAP_DM_12] = {
		"dm-1.2", WBXML_PUBLIC_SYNCML_12, WSP_SYNCML_DM_WBXML,
		WSP_APPLICATION_SYNCML_DM,
	},
};

int bootstrap_kind(const uint8_t *body, size_t len, enum bootstrap_kind *kind)
{
	struct wbxml_head h;

	if (wbxml_head_decode(&h, body, len))
		return DM_EPROTO;
	for (size_t i = 0; i < N(kinds); i++) {
		if (kinds[i].public_id == h.public_id) {
			*kind = (enum bootstrap_kind)i;
			return DM_OK;
		}
	}
	return DM_EPROTO;
}

const char *bootstrap_kind_name(enum bootstrap_kind kind)
{
	return kinds[kind].name;
}

enum wsp_content_type bootstrap_content_type(enum bootstrap_kind kind)
{
	return kinds[kind].type;
}

int bootstrap_application(enum bootstrap_kind kind)
{
	return kinds[kind].application;
}

/* ----------------------------- parameters ----------------------------- */

size_t bootstrap_params_encode(const struct bootstrap_security *s,
			       uint8_t out[BOOTSTRAP_PARAMS_MAX])
{
	struct writer w = { .buf = out, .cap = BOOTSTRAP_PARAMS_MAX };
	char text[MAC_TEXT_SIZE];

	if (s->sec == MAC_SEC_NONE)
		return 0;
	put_u8(&w, SHORT_INTEGER | WSP_PARAM_SEC);
	put_u8(&w, SHORT_INTEGER | (unsigned)s->sec);
	if (s->sec != MAC_USERPINMAC) {
		assert(s->has_mac);
		mac_text(s->mac, text);
		put_u8(&w, SHORT_INTEGER | WSP_PARAM_MAC);
		put_mem(&w, text, sizeof(text));
	}
	assert(!w.err);
	return w.len;
}

/* The names of ProvCont, as well as those of OMA DM Security. */
static const struct {
	const char *text;
	enum mac_sec sec;
} sec_texts[] = {
	{ "0", MAC_NETWPIN },
	{ "NETWPIN", MAC_NETWPIN },
	{ "NETWORKID", MAC_NETWPIN },
	{ "1", MAC_USERPIN },
	{ "USERPIN", MAC_USERPIN },
	{ "2", MAC_USERNETWPIN },
	{ "USERNETWPIN", MAC_USERNETWPIN },
	{ "USERPIN_NETWORKID", MAC_USERNETWPIN },
	{ "3", MAC_USERPINMAC },
	{ "USERPINMAC", MAC_USERPINMAC },
};

static bool same_text(const char *text, size_t len, const char *want)
{
	return len == strlen(want) && !strncasecmp(text, want, len);
}

static enum mac_sec sec_of(const struct wsp_value *v)
{
	if (!v->text)
		return v->raw || v->number > MAC_USERPINMAC ?
		       MAC_SEC_NONE : (enum mac_sec)v->number;
	for (size_t i = 0; i < N(sec_texts); i++)
		if (same_text(v->text, v->text_len, sec_texts[i].text))
			return sec_texts[i].sec;
	return MAC_SEC_NONE;
}

static int refuse(struct err *e, const char *field, const char *allowed,
		  const char *came)
{
	return err_set(e, DM_EPROTO, field, allowed, "%s", came);
}

static int take_sec(const struct wsp_value *v, struct bootstrap_security *s,
		    struct err *e)
{
	if (s->sec != MAC_SEC_NONE)
		return refuse(e, "sec", "one", "came twice");
	s->sec = sec_of(v);
	if (s->sec == MAC_SEC_NONE)
		return refuse(e, "sec", "0 to 3, or their names",
			      "something else");
	return DM_OK;
}

static int take_mac(const struct wsp_value *v, struct bootstrap_security *s,
		    struct err *e)
{
	size_t len = 0;

	if (s->has_mac)
		return refuse(e, "mac", "one", "came twice");
	if (!v->text || v->text_len != 2 * MAC_LEN ||
	    hex_decode(v->text, v->text_len, s->mac, MAC_LEN, &len) ||
	    len != MAC_LEN)
		return refuse(e, "mac", "40 hexadecimal digits",
			      "something else");
	s->has_mac = true;
	return DM_OK;
}

static bool is_param(const struct wsp_param *p, enum wsp_param_code code,
		     const char *name)
{
	return p->name ? same_text(p->name, p->name_len, name)
		       : p->code == code;
}

int bootstrap_params_decode(const uint8_t *params, size_t len,
			    struct bootstrap_security *out, struct err *e)
{
	struct reader r = { .buf = params, .len = len };
	struct bootstrap_security got = { .sec = MAC_SEC_NONE };
	int rc = DM_OK;

	while (!rc && get_left(&r) > 0) {
		struct wsp_param p = wsp_param_get(&r);

		if (r.err)
			rc = refuse(e, "content-type", "",
				    "its parameters do not parse");
		else if (is_param(&p, WSP_PARAM_SEC, "SEC"))
			rc = take_sec(&p.value, &got, e);
		else if (is_param(&p, WSP_PARAM_MAC, "MAC"))
			rc = take_mac(&p.value, &got, e);
	}
	if (!rc)
		*out = got;
	return rc;
}

/* ------------------------------- verify ------------------------------- */

static int computing_failed(struct err *e)
{
	return err_set(e, DM_EIO, "mac", "an OpenSSL that offers HMAC-SHA1",
		       "could not be computed");
}

static int verify_oob(const char *oob_pin, const uint8_t *body, size_t len,
		      struct err *e)
{
	int rc;

	if (!oob_pin)
		return err_set(e, DM_EINVAL, "pin", "required with USERPINMAC",
			       "missing");
	rc = mac_oob_verify(oob_pin, body, len);
	if (rc == DM_EIO)
		return computing_failed(e);
	if (rc)
		return err_set(e, DM_EINVAL, "pin",
			       "K, and as many digits made of the MAC",
			       "does not fit this body");
	return DM_OK;
}

static const char *key_name(const struct mac_source *s)
{
	if (s->key_hex)
		return "key";
	if (s->imsi && s->pin)
		return "IMSI or PIN";
	return s->imsi ? "IMSI" : "PIN";
}

static int verify_mac(const uint8_t want[MAC_LEN], const struct mac_source *s,
		      const uint8_t *body, size_t len, struct err *e)
{
	struct mac_key key;
	uint8_t mac[MAC_LEN];
	int rc = mac_key_make(s, &key, e);

	if (rc)
		return rc;
	rc = mac_compute(&key, body, len, mac);
	hash_wipe(&key, sizeof(key));
	if (rc)
		return computing_failed(e);
	if (!hash_equal(mac, want, MAC_LEN))
		return err_set(e, DM_EINVAL, "mac", "",
			       "was made with another %s, or of another body",
			       key_name(s));
	return DM_OK;
}

int bootstrap_verify(const struct bootstrap_security *message,
		     const struct mac_source *source, const uint8_t *body,
		     size_t len, struct err *e)
{
	struct mac_source s = *source;

	s.sec = message->sec;
	if (s.sec == MAC_SEC_NONE)
		return err_set(e, DM_EINVAL, "sec", "", "missing: unsigned");
	if (s.sec == MAC_USERPINMAC)
		return verify_oob(s.pin, body, len, e);
	if (!message->has_mac)
		return err_set(e, DM_EINVAL, "mac", "required with SEC",
			       "missing");
	if (!mac_takes_imsi(s.sec))
		s.imsi = NULL;
	if (!mac_takes_pin(s.sec))
		s.pin = NULL;
	return verify_mac(message->mac, &s, body, len, e);
}
