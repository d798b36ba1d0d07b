/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - the file that says which devices there are
 *
 * Its format is told in dmbox-emulator(1).
 */
#ifndef EMULATOR_CONFIG_H
#define EMULATOR_CONFIG_H

#include "emulator/device.h"
#include "emulator/fault/fault.h"

#define CONFIG_ERROR_MAX 512	/* octets of a message, with its NUL */

/* Devices change when they are bootstrapped, so this does not stay const. */
struct config {
	struct device *devices;		/* owned; sorted by their digits */
	size_t n_devices;
	const struct receipt_state *unknown_number;	/* NULL: no receipt */
	struct faults faults;	/* commands change them, too */
};

/*
 * Reads the file. Returns DM_OK; DM_EINVAL with a message in why that names
 * file, line, device, field, what came and what is allowed. On success *c is
 * to be freed, which wipes its secrets.
 */
int config_load(struct config *c, const char *path,
		char why[CONFIG_ERROR_MAX]) DM_CHECK;
void config_free(struct config *c);

/* The device with this number, '+' or not; NULL if there is none. */
struct device *config_find(struct config *c, const char *msisdn);

#endif
