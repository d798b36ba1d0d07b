/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_fit.h - a device's message, not longer than the server takes
 *
 * Pure. The last Results are left out until it fits, and the Status of their
 * commands says 413.
 */
#ifndef EMULATOR_DM_FIT_H
#define EMULATOR_DM_FIT_H

#include "syncml/codec.h"

/*
 * syncml_write() with what is left of m, which has been changed then.
 * DM_ENOSPC: without any Results it is still too long. In time that grows with
 * n log n.
 */
int dm_fit_write(struct arena *a, enum syncml_encoding encoding,
		 struct syncml_message *m, uint8_t *out, size_t cap,
		 size_t *len, struct err *e) DM_CHECK;

#endif
