/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document.h - options that say where a bootstrap's document comes from
 */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include <stdio.h>

#include "bootstrap/lint.h"
#include "gateway/profile_dir.h"
#include "gateway/request/fields.h"

/* Member `document` of a command's own options; texts borrowed. */
struct document_options {
	const char *xml;		/* a file, or "-" */
	const char *dm_xml;
	json_t *set;			/* of FIELD=VALUE */
};

#define DOCUMENT_FIELDS(own) \
	{ "xml", FIELD_TEXT, 0, offsetof(struct own, document.xml), 1, 4000, \
	  0, NULL, "FILE: client provisioning as XML; - is standard input" }, \
	{ "dm-xml", FIELD_TEXT, 0, offsetof(struct own, document.dm_xml), 1, \
	  4000, 0, NULL, "FILE: DM profile as XML, a SyncML DM message" }, \
	{ "set", FIELD_LIST, 0, offsetof(struct own, document.set), 1, \
	  PROFILE_FIELDS_MAX, 0, NULL, \
	  "FIELD=VALUE: of the profile; may come several times" }

/*
 * Puts the files' texts and the profile's fields where the method wants them.
 * Returns DM_OK or DM_EINVAL with *e.
 */
int document_fill(const struct document_options *o, json_t *fields,
		  struct err *e) DM_CHECK;

/*
 * Loads the folder at path; NULL: what DMBOX_PROFILES says, else the installed
 * one. As profile_dir_load().
 */
int document_profiles(const char *path, struct profile_dir *d, struct err *e)
	DM_CHECK;

/* A line "PREFIX: error: WHERE: WHAT (WHY)" a finding, with line numbers. */
void document_print_findings(const struct lint *l, const char *prefix,
			     FILE *to);

#endif
