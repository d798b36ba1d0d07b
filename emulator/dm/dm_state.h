/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_state.h - what a device keeps over a restart of the emulator
 *
 * A file of JSON a device, DIGITS.json, that only its owner may read: the
 * firmware that is installed, an update on its way, the nonces of both sides.
 * Its format is told in dmbox-emulator(1).
 */
#ifndef EMULATOR_DM_STATE_H
#define EMULATOR_DM_STATE_H

#include "emulator/device.h"

/*
 * Reads the file of a device that has a client, if there is one; nonces only
 * if it is of the same server. Returns DM_OK, DM_ENOENT, or DM_EINVAL with *e.
 */
int dm_state_load(const char *dir, struct device *d, struct err *e) DM_CHECK;

/* Writes it, and gives it its name when it is whole. DM_OK or DM_EIO, *e. */
int dm_state_save(const char *dir, const struct device *d, struct err *e)
	DM_CHECK;

#endif
