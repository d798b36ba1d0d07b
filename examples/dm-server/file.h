/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - the JSON files of the data folder, DATA/FOLDER/NAME.json; and files
 * of many objects, one a line
 */
#ifndef DM_SERVER_FILE_H
#define DM_SERVER_FILE_H

#include <jansson.h>
#include <stdbool.h>

#include "wap/err.h"

#define FILE_PATH_MAX 4096	/* octets, with NUL */

/* Makes the folders that the server writes to, mode 0700. DM_OK or DM_EIO. */
int file_make_folders(const char *data, struct err *e) DM_CHECK;

/*
 * Reads a file; *object is the caller's. Returns DM_OK, DM_ENOENT (there is
 * none) or DM_EINVAL, with *e.
 */
int file_read_json(const char *data, const char *folder, const char *name,
		   json_t **object, struct err *e) DM_CHECK;

/* Replaces a file as a whole, mode 0600. Returns DM_OK or DM_EIO with *e. */
int file_write_json(const char *data, const char *folder, const char *name,
		    json_t *object, struct err *e) DM_CHECK;

/* It need not be there. */
void file_remove(const char *data, const char *folder, const char *name);

/*
 * Calls take for the NAME of each file of a folder. Returns false if the folder
 * cannot be read.
 */
bool file_each(const char *data, const char *folder,
	       void (*take)(void *arg, const char *name), void *arg);

/*
 * Calls take for each object of a file of JSON lines, until it returns an error
 * of its own. Returns DM_OK, or an error with *e.
 */
int file_each_line(const char *path,
		   int (*take)(void *arg, json_t *object, struct err *e),
		   void *arg, struct err *e) DM_CHECK;

#endif
