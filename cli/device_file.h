/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_file.h - files of devices: dmbox device import and export
 */
#ifndef CLI_DEVICE_FILE_H
#define CLI_DEVICE_FILE_H

#include "cli/online.h"

enum device_format {
	DEVICE_CSV,		/* with a line of names at its head */
	DEVICE_JSONL,		/* an object a line */
};

extern const struct field device_import_fields[];
extern const struct field device_export_fields[];
extern const struct field_choice device_formats[];

/* The runs of their commands. */
int device_import(struct run *r, const struct command *c);
int device_export(struct run *r, const struct command *c);

#endif
