/* SPDX-License-Identifier: Apache-2.0 */
/*
 * new_account.h - credentials for a device that has none yet
 *
 * They are made of chance alone: what is made of an IMEI or IMSI, others can
 * make, too. Pure.
 */
#ifndef GATEWAY_NEW_ACCOUNT_H
#define GATEWAY_NEW_ACCOUNT_H

#include <jansson.h>

#include "gateway/request/device.h"

#define NEW_ACCOUNT_SECRET_LEN 16	/* octets of each, 128 bits */

struct new_account_random {	/* to be filled with octets nobody can guess */
	uint8_t client_password[NEW_ACCOUNT_SECRET_LEN];
	uint8_t client_nonce[NEW_ACCOUNT_SECRET_LEN];
	uint8_t server_password[NEW_ACCOUNT_SECRET_LEN];
	uint8_t server_nonce[NEW_ACCOUNT_SECRET_LEN];
};

/* DM_ESTATE with *e: the device has credentials, and keeps them. */
int new_account_check(const struct device *d, struct err *e) DM_CHECK;

/*
 * The fields of a profile, with the new credentials among them: passwords as
 * base64url (RFC 4648, 5) without padding, nonces as base64. client-name is the
 * device's name and server-id the device's, where fields (or NULL) does not
 * say. Returns DM_OK and a new object, the caller's; DM_EINVAL (fields has
 * some, or nobody says the server-id) with *e.
 */
int new_account_make(const struct device *d, json_t *fields,
		     const struct new_account_random *random, json_t **out,
		     struct err *e) DM_CHECK;

/* What of these fields is the account: for who asked for it. */
json_t *new_account_json(json_t *fields);

#endif
