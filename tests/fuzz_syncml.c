/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SyncML DM messages, as XML and as WBXML. What is read can be written as XML
 * again, and that reads as the same message; where it can be written as WBXML,
 * that does, too, but for the format "bin", which goes as b64.
 */
#include <string.h>

#include "syncml/codec.h"
#include "tests/fuzz.h"

static _Alignas(max_align_t) uint8_t room[2 * SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t xml[XML_OCTETS_MAX], again[XML_OCTETS_MAX];
static uint8_t wbxml[WBXML_SCAN_OCTETS_MAX];

/* The message's XML into out, or 0 if it holds a tree or is too long. */
static size_t write_xml(const struct syncml_message *m, uint8_t *out)
{
	struct err e;
	size_t len = 0;
	int rc = syncml_write(&arena, SYNCML_XML, m, out, XML_OCTETS_MAX, &len,
			      &e);

	FUZZ_CHECK(!rc || rc == DM_EINVAL || rc == DM_ENOSPC);
	return len;
}

static void check_wbxml(const struct syncml_message *m, size_t xml_len)
{
	struct syncml_message got;
	struct err e;
	size_t len;

	if (strstr((char *)xml, ">bin<") ||
	    syncml_write(&arena, SYNCML_WBXML, m, wbxml, sizeof(wbxml), &len,
			 &e))
		return;
	FUZZ_CHECK(!syncml_read(&arena, SYNCML_WBXML, wbxml, len, &got, &e));
	FUZZ_CHECK(write_xml(&got, again) == xml_len);
	FUZZ_CHECK(!memcmp(xml, again, xml_len));
}

static void check(enum syncml_encoding encoding, const uint8_t *in, size_t len)
{
	struct syncml_message m, got;
	struct err e = { 0 };
	int rc;

	arena.used = 0;
	rc = syncml_read(&arena, encoding, in, len, &m, &e);
	FUZZ_CHECK(!rc || e.code == rc);
	len = rc ? 0 : write_xml(&m, xml);
	if (!len)
		return;
	FUZZ_CHECK(!syncml_read(&arena, SYNCML_XML, xml, len, &got, &e));
	FUZZ_CHECK(write_xml(&got, again) == len);
	FUZZ_CHECK(!memcmp(xml, again, len));
	check_wbxml(&m, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	check(SYNCML_XML, in, len);
	check(SYNCML_WBXML, in, len);
	return 0;
}
