/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/syncml_wbxml.h"

#include <stdlib.h>
#include <wbxml/wbxml_conv.h>

#include "wap/bits.h"
#include "wap/hash.h"
#include "wap/wbxml_scan.h"

static int refused(struct err *e, const char *field, WBXMLError error)
{
	if (error == WBXML_ERROR_NOT_ENOUGH_MEMORY)
		return err_set(e, DM_EIO, "memory", "", "there is none left");
	if (error == WBXML_ERROR_STRTBL_DISABLED)
		return err_set(e, DM_EPROTO, field, "elements of SyncML DM",
			       "another element");
	return err_set(e, DM_EPROTO, field, "", "%s",
		       (const char *)wbxml_errors_string(error));
}

/* What libwbxml made is taken: copied to out, wiped and freed. */
static int hand_over(WB_UTINY *made, size_t made_len, void *out, size_t cap,
		     size_t *len, struct err *e)
{
	struct writer w = { .buf = out, .cap = cap };
	int rc;

	put_mem(&w, made, made_len);
	rc = put_done(&w, len);
	hash_wipe(made, made_len);
	free(made);
	if (rc)
		return err_set(e, rc, "size", "less", "%zu octets", made_len);
	return DM_OK;
}

int syncml_wbxml_encode(const char *xml, size_t xml_len, uint8_t *out,
			size_t cap, size_t *len, struct err *e)
{
	WBXMLConvXML2WBXML *conv;
	WB_UTINY *made = NULL;
	WB_ULONG made_len = 0;
	WBXMLError error = wbxml_conv_xml2wbxml_create(&conv);
	size_t out_len;
	int rc;

	if (error)
		return refused(e, "xml", error);
	wbxml_conv_xml2wbxml_set_version(conv, WBXML_VERSION_12);
	wbxml_conv_xml2wbxml_disable_string_table(conv);
	wbxml_conv_xml2wbxml_enable_preserve_whitespaces(conv);
	error = wbxml_conv_xml2wbxml_run(conv, (WB_UTINY *)xml,
					 (WB_ULONG)xml_len, &made, &made_len);
	wbxml_conv_xml2wbxml_destroy(conv);
	if (error)
		return refused(e, "xml", error);
	rc = hand_over(made, made_len, out, cap, &out_len, e);
	if (!rc)
		rc = wbxml_scan(out, out_len, e);
	if (!rc)
		*len = out_len;
	return rc;
}

/* The canonical form keeps blanks, and line ends where they can be kept. */
int syncml_wbxml_decode(const uint8_t *in, size_t len, char *out, size_t cap,
			size_t *out_len, struct err *e)
{
	WBXMLConvWBXML2XML *conv;
	WB_UTINY *made = NULL;
	WB_ULONG made_len = 0;
	WBXMLError error;
	int rc = wbxml_scan(in, len, e);

	if (rc)
		return rc;
	error = wbxml_conv_wbxml2xml_create(&conv);
	if (error)
		return refused(e, "wbxml", error);
	wbxml_conv_wbxml2xml_set_gen_type(conv, WBXML_GEN_XML_CANONICAL);
	wbxml_conv_wbxml2xml_enable_preserve_whitespaces(conv);
	error = wbxml_conv_wbxml2xml_run(conv, (WB_UTINY *)in, (WB_ULONG)len,
					 &made, &made_len);
	wbxml_conv_wbxml2xml_destroy(conv);
	if (error)
		return refused(e, "wbxml", error);
	/* libwbxml ends it with a NUL that it does not count. */
	rc = hand_over(made, made_len + 1, out, cap, out_len, e);
	*out_len -= rc ? 0 : 1;
	return rc;
}
