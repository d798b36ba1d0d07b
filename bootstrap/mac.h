/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mac.h - who may provision a device: HMAC-SHA1 over the body
 *
 * Spec: OMA-WAP-TS-ProvBoot-V1_1 ("The Generic Security Mechanism"), and
 * OMA-WAP-TS-ProvCont-V1_1, 4.3 (SEC and MAC). The body is the WBXML as it is
 * sent behind the WSP headers.
 */
#ifndef BOOTSTRAP_MAC_H
#define BOOTSTRAP_MAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"
#include "wap/hash.h"
#include "wap/quirks.h"

#define MAC_LEN HASH_SHA1_LEN		/* octets */
#define MAC_TEXT_SIZE (2 * MAC_LEN + 1)	/* characters, with NUL */
#define MAC_PIN_MAX 32			/* characters */
#define MAC_KEY_MAX 64			/* octets */
#define MAC_K_MIN 5			/* digits of USERPINMAC's K */
#define MAC_K_MAX 20		/* digits: as many as the MAC has octets */
#define MAC_OOB_PIN_SIZE (2 * MAC_K_MAX + 1)	/* with NUL */

enum mac_sec {				/* the SEC parameter */
	MAC_NETWPIN = 0,
	MAC_USERPIN = 1,
	MAC_USERNETWPIN = 2,
	MAC_USERPINMAC = 3,
	MAC_SEC_NONE = -1,		/* no SEC: unsigned */
};

struct mac_key {
	uint8_t octets[MAC_KEY_MAX];	/* a secret: wipe after use */
	size_t len;
};

/* What a key is made of; texts borrowed, NULL where not given. */
struct mac_source {
	enum mac_sec sec;
	const char *imsi;		/* 6 to 15 digits */
	const char *pin;		/* 1 to MAC_PIN_MAX printable ASCII; K:
					 * MAC_K_MIN to MAC_K_MAX digits */
	const char *key_hex;		/* the whole key instead, as for CDMA */
	enum imsi_key imsi_key;		/* the client's rule */
	enum netwpin_order order;	/* of USERNETWPIN */
};

/*
 * Makes the key. Returns DM_OK, or DM_EINVAL with *e: something is missing,
 * given for nothing ("pin" with NETWPIN; anything with "key-hex", and that
 * with USERPINMAC, whose K the user is told), too long, malformed. sec must
 * not be MAC_SEC_NONE. Errors tell no digit of IMSI or PIN.
 */
int mac_key_make(const struct mac_source *s, struct mac_key *key,
		 struct err *e) DM_CHECK;

/* Returns DM_OK or DM_EIO (the library failed). */
int mac_compute(const struct mac_key *key, const uint8_t *body, size_t len,
		uint8_t mac[MAC_LEN]) DM_CHECK;

/* As it is sent: upper case hexadecimal, which some clients insist on. */
void mac_text(const uint8_t mac[MAC_LEN], char out[MAC_TEXT_SIZE]);

/*
 * USERPINMAC: what the user is told, K followed by as many digits made of the
 * MAC. k is a K that passed mac_key_make().
 */
void mac_oob_pin(const char *k, const uint8_t mac[MAC_LEN],
		 char out[MAC_OOB_PIN_SIZE]);

/*
 * The device's side of USERPINMAC: does what the user typed fit the body?
 * DM_OK, DM_EINVAL (no), DM_EIO.
 */
int mac_oob_verify(const char *oob_pin, const uint8_t *body, size_t len)
	DM_CHECK;

/* What goes into a key. */
bool mac_takes_imsi(enum mac_sec sec);
bool mac_takes_pin(enum mac_sec sec);

const char *mac_sec_name(enum mac_sec sec);	/* "NETWPIN", ..., "none" */

#endif
