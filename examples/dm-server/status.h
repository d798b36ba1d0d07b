/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h - how the devices and their updates stand, for the operator
 */
#ifndef DM_SERVER_STATUS_H
#define DM_SERVER_STATUS_H

#include "examples/dm-server/server.h"

/*
 * Prints a line for each device, as it stands in the data folder: as a table,
 * or each as a JSON object.
 */
void status_print(const struct server *s, bool json);

#endif
