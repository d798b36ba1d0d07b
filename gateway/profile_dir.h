/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile_dir.h - the profiles of a folder: files NAME.xml, dmbox-profile(5)
 */
#ifndef GATEWAY_PROFILE_DIR_H
#define GATEWAY_PROFILE_DIR_H

#include "bootstrap/profile.h"

#define PROFILE_DIR_MAX 1000	/* profiles in a folder */

struct profile_dir {
	struct profile_file **files;	/* owned; sorted by name */
	size_t n;
};

/*
 * Reads all profiles of a folder, or of one file where path is a file. Returns
 * DM_OK; DM_ENOENT with *e (there is no such folder); DM_EINVAL with *e (one
 * cannot be read; its file and line are named). On success *d is to be freed.
 */
int profile_dir_load(struct profile_dir *d, const char *path, struct err *e)
	DM_CHECK;
void profile_dir_free(struct profile_dir *d);

/* The profile with this name, or in the order of names; NULL: none. */
const struct profile *profile_dir_find(const struct profile_dir *d,
				       const char *name);
const struct profile *profile_dir_at(const struct profile_dir *d, size_t i);

#endif
