/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.h - documents made from fields
 *
 * A profile is a file (conf/profiles/, dmbox-profile(5)): typed fields, and a
 * template of the document, of either kind, in which {field} stands for a
 * field's value and the attributes if="field" and unless="field" keep an
 * element only where the field has a value (a flag: is yes), or has none.
 * Values are put in after the XML is read, so they cannot become XML. Pure: the
 * caller reads the file.
 */
#ifndef BOOTSTRAP_PROFILE_H
#define BOOTSTRAP_PROFILE_H

#include <stdint.h>

#include "bootstrap/xml.h"

#define PROFILE_NAME_MAX 32	/* characters */
#define PROFILE_FIELDS_MAX 64
#define PROFILE_VALUE_MAX 4096	/* octets of one value */

enum profile_type {
	PROFILE_TEXT,		/* min to max octets of UTF-8, no controls */
	PROFILE_WORD,		/* the same of letters, digits, - . and _ */
	PROFILE_NUMBER,		/* min to max */
	PROFILE_FLAG,		/* yes or no */
	PROFILE_CHOICE,		/* one of choices */
	PROFILE_URL,		/* http:// or https://; min to max octets */
	PROFILE_HOST,		/* name or IPv4 address; min to max octets */
	PROFILE_IPV4,
	PROFILE_BASE64,		/* min to max octets, decoded */
	PROFILE_HEX,		/* the same */
};

struct profile_field {
	const char *name;
	enum profile_type type;
	bool required;
	bool secret;
	int32_t min, max;		/* 0: the type has no range */
	const char *choices;		/* "PAP, CHAP"; NULL: no choice */
	const char *default_value;	/* NULL: none, a flag is "no" */
	const char *help;
};

struct profile {
	const char *name;
	const char *summary;
	const char *client;		/* a name of wap/quirks */
	struct profile_field fields[PROFILE_FIELDS_MAX];
	size_t n_fields;
	struct xml_node *template;	/* wap-provisioningdoc or SyncML */
	bool is_dm;
};

/*
 * DM_OK, or DM_EINVAL with *e about "profile". To be asked before a path is
 * made of a name.
 */
int profile_name_check(const char *name, struct err *e) DM_CHECK;

/*
 * Reads a profile file; *out lives in the arena. Returns DM_OK; DM_EPROTO or
 * DM_ENOSPC with *e from xml_read(), or DM_EINVAL with *e about "profile" that
 * names the line: no profile, a field that contradicts itself, one that the
 * template does not declare, does not use, or uses where it may have no value.
 */
int profile_read(struct arena *a, const char *name, const char *text,
		 size_t len, struct profile *out, struct err *e) DM_CHECK;

struct profile_value {
	const char *name;
	const char *value;
};

/*
 * Fills the template. Returns DM_OK and the document's tree, in the arena but
 * for what it borrows from *p (names, namespaces), each line 0; DM_EINVAL with
 * *e (field unknown, twice, missing, of wrong type or range, or given where the
 * document has no place for it; the values of secret fields are not told);
 * DM_ENOSPC with *e.
 */
int profile_fill(const struct profile *p, const struct profile_value *values,
		 size_t n, struct arena *a, struct xml_node **root,
		 struct err *e) DM_CHECK;

const char *profile_type_name(enum profile_type type);	/* "text", ... */

#endif
