/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request_key.h - requests that are safe to repeat
 *
 * A client may give its request a key. The store keeps with the key a digest
 * of the request, to tell the same request from another: an HMAC, since the
 * request has PINs and passwords in it that are short enough to be guessed. Its
 * secret is a file of its own beside the queue.
 */
#ifndef GATEWAY_REQUEST_KEY_H
#define GATEWAY_REQUEST_KEY_H

#include <jansson.h>

#include "gateway/store/store.h"

#define REQUEST_SECRET_LEN 32	/* octets */

struct request_secret {
	uint8_t octets[REQUEST_SECRET_LEN];
};

/*
 * Reads the secret from the file STORE.key, or makes that (mode 0600) with a
 * new one. Returns DM_OK or DM_EIO with *e.
 */
int request_secret_load(const char *store, struct request_secret *s,
			struct err *e) DM_CHECK;

/*
 * Fills key and digest of an operation whose job has its client; key NULL:
 * none. The order of members in params does not matter. Returns DM_OK or
 * DM_EIO with *e.
 */
int request_key_set(struct store_submit *op, const struct request_secret *s,
		    const char *key, const char *method, json_t *params,
		    struct err *e) DM_CHECK;

/*
 * size - 1 digits and a NUL that nobody can guess, for a request with a key
 * always the same ones. Returns DM_OK or DM_EIO with *e.
 */
int request_key_digits(const struct store_submit *op,
		       const struct request_secret *s, char *out, size_t size,
		       struct err *e) DM_CHECK;

#endif
