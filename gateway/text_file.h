/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_file.h - a whole file, up to a limit
 */
#ifndef GATEWAY_TEXT_FILE_H
#define GATEWAY_TEXT_FILE_H

#include <stddef.h>

#include "wap/err.h"

/*
 * Reads the file at path ("-": standard input), of up to max octets. *text gets
 * it with a NUL behind; the caller wipes and frees it. Returns DM_OK or
 * DM_EINVAL with *e about "file".
 */
int text_file_read(const char *path, size_t max, char **text, size_t *len,
		   struct err *e) DM_CHECK;

#endif
