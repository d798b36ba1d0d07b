/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/mac.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "wap/bits.h"
#include "wap/hex.h"
#include "wap/imsi.h"

#define DIGITS "0123456789"

static const struct {
	const char *name;
	bool imsi;
	bool pin;
} secs[] = {
	[MAC_NETWPIN] = { "NETWPIN", true, false },
	[MAC_USERPIN] = { "USERPIN", false, true },
	[MAC_USERNETWPIN] = { "USERNETWPIN", true, true },
	[MAC_USERPINMAC] = { "USERPINMAC", false, true },
};

const char *mac_sec_name(enum mac_sec sec)
{
	return sec == MAC_SEC_NONE ? "none" : secs[sec].name;
}

bool mac_takes_imsi(enum mac_sec sec)
{
	return sec != MAC_SEC_NONE && secs[sec].imsi;
}

bool mac_takes_pin(enum mac_sec sec)
{
	return sec != MAC_SEC_NONE && secs[sec].pin;
}

/* A text is there if it must, and not if it has nothing to do here. */
static int check_given(const char *text, bool wanted, const char *field,
		       enum mac_sec sec, struct err *e)
{
	char allowed[sizeof(e->allowed)];

	if (!!text == wanted)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%s with %s",
		 wanted ? "required" : "none", mac_sec_name(sec));
	return err_set(e, DM_EINVAL, field, allowed, "%s",
		       wanted ? "missing" : "came");
}

static bool is_k(const char *pin)
{
	size_t len = strlen(pin);

	return len >= MAC_K_MIN && len <= MAC_K_MAX &&
	       strspn(pin, DIGITS) == len;
}

static bool is_pin(const char *pin)
{
	size_t len = 0;

	while (pin[len] >= ' ' && pin[len] <= '~')
		len++;
	return pin[len] == '\0' && len >= 1 && len <= MAC_PIN_MAX;
}

static int check_pin(const char *pin, enum mac_sec sec, struct err *e)
{
	if (sec == MAC_USERPINMAC ? is_k(pin) : is_pin(pin))
		return DM_OK;
	return err_set(e, DM_EINVAL, "pin",
		       sec == MAC_USERPINMAC ?
		       "5 to 20 digits with USERPINMAC" :
		       "1 to 32 characters of printable ASCII",
		       "%zu octets", strlen(pin));
}

static int check_source(const struct mac_source *s, struct err *e)
{
	int rc = check_given(s->imsi, secs[s->sec].imsi, "imsi", s->sec, e);

	if (!rc)
		rc = check_given(s->pin, secs[s->sec].pin, "pin", s->sec, e);
	if (!rc && s->imsi)
		rc = imsi_check(s->imsi, e);
	if (!rc && s->pin)
		rc = check_pin(s->pin, s->sec, e);
	return rc;
}

/* The whole key as hex: for all but USERPINMAC, whose user needs K. */
static int make_from_hex(const struct mac_source *s, struct mac_key *key,
			 struct err *e)
{
	size_t len = strlen(s->key_hex);
	int rc;

	if (s->sec == MAC_USERPINMAC)
		return check_given(s->key_hex, false, "key-hex", s->sec, e);
	if (s->imsi || s->pin)
		return err_set(e, DM_EINVAL, "key-hex",
			       "key-hex alone, or what a key is made of",
			       "came with %s", s->imsi ? "imsi" : "pin");
	rc = hex_decode(s->key_hex, len, key->octets, MAC_KEY_MAX, &key->len);
	if (rc || key->len == 0)
		return err_set(e, DM_EINVAL, "key-hex",
			       "hexadecimal, 1 to 64 octets", "%zu characters",
			       len);
	return DM_OK;
}

/* Puts together what check_source() let pass; there is room for all of it. */
static void make_from_parts(const struct mac_source *s, struct mac_key *key)
{
	struct writer w = { .buf = key->octets, .cap = MAC_KEY_MAX };
	size_t pin_len = s->pin ? strlen(s->pin) : 0;
	uint8_t imsi[IMSI_OCTETS_MAX];
	size_t imsi_len = s->imsi ? imsi_octets(s->imsi, s->imsi_key, imsi) : 0;

	if (s->sec == MAC_USERNETWPIN && s->order == NETWPIN_PIN_IMSI) {
		put_mem(&w, s->pin, pin_len);
		put_u8(&w, ':');
		put_mem(&w, imsi, imsi_len);
	} else {
		put_mem(&w, imsi, imsi_len);
		put_mem(&w, s->pin, pin_len);
	}
	assert(!w.err);
	key->len = w.len;
	hash_wipe(imsi, sizeof(imsi));
}

int mac_key_make(const struct mac_source *s, struct mac_key *key,
		 struct err *e)
{
	struct mac_key made = { .len = 0 };
	int rc;

	assert(s->sec != MAC_SEC_NONE);
	if (s->key_hex) {
		rc = make_from_hex(s, &made, e);
	} else {
		rc = check_source(s, e);
		if (!rc)
			make_from_parts(s, &made);
	}
	if (!rc)
		*key = made;
	hash_wipe(&made, sizeof(made));
	return rc;
}

int mac_compute(const struct mac_key *key, const uint8_t *body, size_t len,
		uint8_t mac[MAC_LEN])
{
	return hash_hmac_sha1(&(struct hash_part){ key->octets, key->len },
			      &(struct hash_part){ body, len }, mac);
}

void mac_text(const uint8_t mac[MAC_LEN], char out[MAC_TEXT_SIZE])
{
	for (size_t i = 0; i < MAC_LEN; i++)
		snprintf(out + 2 * i, 3, "%02X", mac[i]);
}

/* Digit i of the second half is octet i of the MAC, modulo 10. */
void mac_oob_pin(const char *k, const uint8_t mac[MAC_LEN],
		 char out[MAC_OOB_PIN_SIZE])
{
	size_t n = strlen(k);

	assert(n <= MAC_K_MAX);
	memcpy(out, k, n);
	for (size_t i = 0; i < n; i++)
		out[n + i] = (char)('0' + mac[i] % 10);
	out[2 * n] = '\0';
}

int mac_oob_verify(const char *oob_pin, const uint8_t *body, size_t len)
{
	struct mac_key key = { .len = strlen(oob_pin) / 2 };
	char want[MAC_OOB_PIN_SIZE];
	uint8_t mac[MAC_LEN];
	int rc = DM_EINVAL;

	if (oob_pin[2 * key.len] || key.len < MAC_K_MIN ||
	    key.len > MAC_K_MAX || oob_pin[strspn(oob_pin, DIGITS)])
		return DM_EINVAL;
	memcpy(key.octets, oob_pin, key.len);
	if (mac_compute(&key, body, len, mac)) {
		rc = DM_EIO;
	} else {
		mac_oob_pin((const char *)key.octets, mac, want);
		if (hash_equal((const uint8_t *)want, (const uint8_t *)oob_pin,
			       2 * key.len))
			rc = DM_OK;
	}
	hash_wipe(&key, sizeof(key));
	hash_wipe(want, sizeof(want));
	return rc;
}
