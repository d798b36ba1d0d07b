/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provisioning_fixture.h - devices that get bootstraps and notifications
 *
 * Each take_...() gives a device a push in as many segments as it needs;
 * *out is what came of the last one.
 */
#ifndef TESTS_PROVISIONING_FIXTURE_H
#define TESTS_PROVISIONING_FIXTURE_H

#include "emulator/device.h"
#include "tests/vectors.h"

#define PUSH_MAX VECTOR_OCTETS_MAX

extern struct device_room room;
extern struct device_outcome out;

/* A device without an account. */
struct device new_device(const char *dm_version, const char *imsi,
			 const char *pin);

/* Such a one that a vector is for. */
struct device device_for(const json_t *v);

/* A vector of bootstrap.json, and its push: the recommended one, if any. */
const json_t *find(const char *name);
size_t push_of(const json_t *v, uint8_t push[PUSH_MAX]);

/* Its segments from first on, in steps; returns how many there are. */
size_t take_push(struct device *d, const uint8_t *push, size_t len,
		 size_t first, size_t step);

/* The same in order. */
void take(struct device *d, const uint8_t *push, size_t len);
void take_vector(struct device *d, const json_t *v);

/* A client provisioning document, signed. */
void take_document(struct device *d, const uint8_t *body, size_t len,
		   const struct mac_source *source);

extern const struct mac_source pin_1234;	/* USERPIN */

/* A document with a w7 account, signed by the PIN 1234; NULL: no such parm. */
struct w7 {
	const char *server_id, *level, *auth_name, *secret, *nonce;
};

void take_w7(struct device *d, const struct w7 *w);
void take_w7_with_init(struct device *d, const struct w7 *w);

/* What the last bootstrap must have come to. */
void applied(void);
void refused(const char *reason);

/* Does a notification with this secret verify? The nonce is in base64. */
bool verifies(struct device *d, const char *server_id, const char *auth_name,
	      const char *password, const char *nonce);

/* The same with the account that most vectors have. */
bool example_verifies(struct device *d);

#endif
