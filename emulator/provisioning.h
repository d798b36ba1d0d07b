/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provisioning.h - what a device makes of a bootstrap
 *
 * Spec: OMA-WAP-TS-ProvBoot-V1_1; OMA-TS-DM_Bootstrap-V1_2. The device checks
 * what its client checks, lets the message prove itself with the device's IMSI
 * and its user's PIN, and takes over the DM account that the document has.
 */
#ifndef EMULATOR_PROVISIONING_H
#define EMULATOR_PROVISIONING_H

#include "emulator/device.h"
#include "wap/wsp_push.h"

/*
 * Takes a push of a content type of bootstraps. Sets out->verdict to
 * DEVICE_APPLIED and fills out->bootstrap; or to DEVICE_REFUSED with a reason.
 * The account changes only when a document that has one is applied.
 */
void provisioning_take(struct device *d, const struct wsp_push *push,
		       struct arena *a, struct device_outcome *out);

/*
 * The account in a document, whoever signed it; it borrows from the arena and
 * has secrets. DM_OK, DM_ENOENT (there is none), or another error with *e.
 */
int provisioning_account(enum bootstrap_kind kind, struct arena *a,
			 const uint8_t *body, size_t len, struct account *out,
			 struct err *e) DM_CHECK;

#endif
