/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_package_file.h - what has come of a package, over a restart
 *
 * A file beside the state of its device, DIGITS.part: a line each with the URL,
 * the validator and the length of all of it, then the octets, as they come. It
 * outlives the emulator, however that ends; of what a machine loses that loses
 * its power the package's digest tells.
 */
#ifndef EMULATOR_DM_PACKAGE_FILE_H
#define EMULATOR_DM_PACKAGE_FILE_H

#include "emulator/device.h"
#include "emulator/dm/dm_package.h"

/*
 * Reads what has come of the package that the device fetches; false, and *p as
 * it was, if there is nothing.
 */
bool dm_package_file_load(const char *dir, const struct device *d,
			  struct dm_package *p);

/*
 * Opens it for the octets behind those in *p; of a new package, begins it.
 * Returns a descriptor, or -1 with errno.
 */
int dm_package_file_open(const char *dir, const struct device *d,
			 const struct dm_package *p);

/* Appends octets; false, with errno: not all of them. */
bool dm_package_file_add(int fd, const void *octets, size_t len);

void dm_package_file_remove(const char *dir, const struct device *d);

#endif
