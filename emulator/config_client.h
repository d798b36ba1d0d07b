/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_client.h - in the section of a device: how it talks to its DM server
 */
#ifndef EMULATOR_CONFIG_CLIENT_H
#define EMULATOR_CONFIG_CLIENT_H

#include <confuse.h>

#include "emulator/device.h"

/*
 * Gives *d a client if the section has a server-url; the account has been read.
 * Returns DM_OK, or an error with *e.
 */
int config_client_make(cfg_t *sec, struct device *d, struct err *e) DM_CHECK;

/* Wipes and frees it; also where there is none. */
void config_client_free(struct device *d);

#endif
