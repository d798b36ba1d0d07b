/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_fleet.h - one section of the file that stands for many devices
 *
 * With count = N it stands for N devices, with the numbers from its own on. In
 * its texts "%n" is the number of the device, without '+', and "%%" is '%'.
 */
#ifndef EMULATOR_CONFIG_FLEET_H
#define EMULATOR_CONFIG_FLEET_H

#include "emulator/config_device.h"

#define CONFIG_COUNT_MAX 100000

struct config_fleet {
	cfg_t *sec;			/* borrowed; its texts change */
	char number[MSISDN_SIZE];	/* of the device at hand */
	unsigned n;			/* devices */
	bool given;			/* else one, and texts are as they are */
	char *texts[CONFIG_DEVICE_FIELDS];	/* owned; NULL: nothing to do */
};

/*
 * Begins with the section's first device, and goes to the next one: the section
 * says what goes for it. Returns DM_OK, or DM_EINVAL with *e. To be closed in
 * any case, which wipes what texts it has.
 */
int config_fleet_open(struct config_fleet *f, cfg_t *sec, struct err *e)
	DM_CHECK;
int config_fleet_next(struct config_fleet *f, struct err *e) DM_CHECK;
void config_fleet_close(struct config_fleet *f);

#endif
