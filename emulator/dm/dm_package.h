/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_package.h - a firmware package, as it comes
 *
 * Pure. A package is a text line "dmbox-firmware VERSION [MODEL]" and any
 * octets behind it; without MODEL, which is all behind the second blank, it is
 * for every device. Of what has come only that line and a digest are kept, so
 * that the memory for it does not grow.
 */
#ifndef EMULATOR_DM_PACKAGE_H
#define EMULATOR_DM_PACKAGE_H

#include "emulator/dm/dm_fumo.h"
#include "wap/hash.h"

#define DM_PACKAGE_MAX (64 * 1024 * 1024)	/* octets */
#define DM_PACKAGE_MODEL_MAX 127		/* octets */
#define DM_PACKAGE_VALIDATOR_MAX 127		/* octets */
#define DM_PACKAGE_LINE_MAX 200			/* octets; longer is no line */

struct dm_package {
	char validator[DM_PACKAGE_VALIDATOR_MAX + 1];	/* of what has come,
						 * for If-Range; "": none, so
						 * the rest cannot be got */
	size_t len;			/* octets that are here */
	size_t total;			/* of all; 0: nobody has said it */
	char line[DM_PACKAGE_LINE_MAX];	/* the first of them */
	struct hash_run *sha256;	/* owned: of all of them */
};

/* Nothing has come yet. A validator that is too long is none. */
void dm_package_begin(struct dm_package *p, const char *validator,
		      size_t total);

/* How much is here, 0..100; -1: nothing, or nobody has said of how much. */
int dm_package_percent(const struct dm_package *p);

void dm_package_add(struct dm_package *p, const void *octets, size_t len);

/*
 * All of it is here. digest is what the server said as its header Digest (RFC
 * 3230: "SHA-256=" and base64), NULL if it did not; other algorithms are no
 * proof. Returns DM_FUMO_SUCCESS with the version of what it installs,
 * DM_FUMO_CORRUPTED or DM_FUMO_WRONG_PACKAGE (it is for another model).
 */
enum dm_fumo_result dm_package_check(struct dm_package *p, const char *digest,
				     const char *model,
				     char version[DM_FUMO_VERSION_MAX + 1]);

/* What it holds; p itself is the caller's. */
void dm_package_end(struct dm_package *p);

#endif
