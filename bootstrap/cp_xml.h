/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_xml.h - client provisioning documents as XML
 *
 * text/vnd.wap.connectivity-xml, DTD -//WAPFORUM//DTD PROV 1.0//EN (also for
 * documents of version 1.1).
 */
#ifndef BOOTSTRAP_CP_XML_H
#define BOOTSTRAP_CP_XML_H

#include "bootstrap/cp_doc.h"
#include "bootstrap/xml.h"

/*
 * Reads a document; DOCTYPE or not. Returns DM_OK; DM_EPROTO or DM_EINVAL with
 * *e (an element or attribute that the DTD does not have, a characteristic
 * without type, a parm without name, one inside a parm, text, too deep), with
 * the line; DM_ENOSPC.
 */
int cp_xml_read(struct arena *a, const char *text, size_t len,
		struct cp_doc *doc, struct err *e) DM_CHECK;

/* The same from a tree whose root is wap-provisioningdoc. */
int cp_xml_from_tree(struct arena *a, const struct xml_node *root,
		     struct cp_doc *doc, struct err *e) DM_CHECK;

/*
 * Writes a document with XML declaration and DOCTYPE, indented by two blanks a
 * level, and a NUL. Without show_secrets, values of cp_is_secret() parms that
 * are not empty come out as "***". Returns DM_OK or DM_ENOSPC.
 */
int cp_xml_write(const struct cp_doc *doc, bool show_secrets, char *out,
		 size_t cap, size_t *len) DM_CHECK;

#endif
