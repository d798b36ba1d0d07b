/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bootstrap_vectors.h - vectors of bootstraps as our structs
 */
#ifndef TESTS_BOOTSTRAP_VECTORS_H
#define TESTS_BOOTSTRAP_VECTORS_H

#include "bootstrap/mac.h"
#include "tests/vectors.h"

#define BOOTSTRAP_VECTOR_MAX 2048	/* octets of a message */

/* One encoder's message; texts are borrowed. */
struct bootstrap_vector {
	const char *name;
	struct mac_source source;	/* what the sender knows */
	const char *key_hex;		/* NULL: unsigned */
	uint8_t body[BOOTSTRAP_VECTOR_MAX];
	size_t body_len;
	uint8_t mac[MAC_LEN];		/* if signed; of USERPINMAC, too */
	const char *oob_pin;		/* of USERPINMAC; else NULL */
	uint8_t wsp[BOOTSTRAP_VECTOR_MAX];
	size_t wsp_len;
};

/* The recommended message of the vector with this name. */
struct bootstrap_vector bootstrap_vector(const char *name);

/*
 * Calls test for the recommended message of each vector, and then for those of
 * all encoders. Returns how many messages there were.
 */
size_t bootstrap_vectors_each(void (*test)(const struct bootstrap_vector *v));

#endif
