/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syncml/alert.h"
#include "syncml/compose.h"
#include "syncml/status.h"
#include "tests/syncml_fixture.h"
#include "tests/tap.h"
#include "wap/wbxml.h"

static _Alignas(max_align_t) uint8_t room[SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t octets[WBXML_SCAN_OCTETS_MAX];

static struct syncml_message load(const char *name)
{
	arena.used = 0;
	return syncml_from_text(&arena, syncml_file(name));
}

static void each_file(void (*test)(const char *name))
{
	for (size_t i = 0; syncml_names[i]; i++) {
		unsigned before = CU_get_number_of_failures();

		test(syncml_names[i]);
		if (CU_get_number_of_failures() != before)
			printf("# in %s\n", syncml_names[i]);
	}
}

static size_t encode(const struct syncml_message *m)
{
	struct err e = { .field = "" };
	size_t len = 0;

	CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_WBXML, m, octets,
				     sizeof(octets), &len, &e), DM_OK);
	if (e.field[0])
		printf("# %s: %s\n", e.field, e.came);
	return len;
}

/* --------------------------- both encodings --------------------------- */

static void comes_back_as_xml(const char *name)
{
	struct syncml_message m = load(name);

	CU_ASSERT_STRING_EQUAL(syncml_to_text(&m), syncml_file(name));
}

static void xml_comes_back(void)
{
	each_file(comes_back_as_xml);
}

static void comes_back_as_wbxml(const char *name)
{
	struct syncml_message m = load(name), got = { .msg_id = 0 };
	size_t len = encode(&m);
	struct wbxml_head head;
	struct err e;

	CU_ASSERT_EQUAL(wbxml_head_decode(&head, octets, len), DM_OK);
	CU_ASSERT_EQUAL(head.public_id, m.version == SYNCML_11 ?
			WBXML_PUBLIC_SYNCML_11 : WBXML_PUBLIC_SYNCML_12);
	CU_ASSERT_EQUAL(syncml_read(&arena, SYNCML_WBXML, octets, len, &got,
				    &e), DM_OK);
	CU_ASSERT_STRING_EQUAL(syncml_to_text(&got), syncml_file(name));
}

static void wbxml_comes_back(void)
{
	each_file(comes_back_as_wbxml);
}

static void refuses_cuts_of(enum syncml_encoding encoding,
			    const uint8_t *whole, size_t len)
{
	struct syncml_message got;
	struct err e;

	for (size_t n = 0; n < len; n++) {
		uint8_t *cut = malloc(n ? n : 1);
		int rc;

		memcpy(cut, whole, n);
		arena.used = 0;
		rc = syncml_read(&arena, encoding, cut, n, &got, &e);
		CU_ASSERT_EQUAL(rc, DM_EPROTO);
		CU_ASSERT_EQUAL(e.code, rc);
		free(cut);
	}
}

static void refuses_cuts(const char *name)
{
	struct syncml_message m = load(name);
	size_t len = encode(&m);
	const char *xml = syncml_file(name);

	refuses_cuts_of(SYNCML_WBXML, octets, len);
	refuses_cuts_of(SYNCML_XML, (const uint8_t *)xml,
			strlen(xml) - strlen("\n"));
}

static void refuses_every_cut_input(void)
{
	each_file(refuses_cuts);
}

static void refuses_short_buffers(void)
{
	struct syncml_message m = load("dm12-package2");
	size_t len = encode(&m), ignored;
	size_t used = arena.used;
	struct err e;

	CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_WBXML, &m, octets, len,
				     &ignored, &e), DM_OK);
	CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_WBXML, &m, octets, len - 1,
				     &ignored, &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_XML, &m, octets, 1000,
				     &ignored, &e), DM_ENOSPC);
	CU_ASSERT_EQUAL(arena.used, used);
}

static void lives_in_any_arena(void)
{
	const char *xml = syncml_file("dm112-package2");
	struct syncml_message m;
	struct err e;
	size_t cap = 0;
	int rc;

	do {
		struct arena a = { .buf = room, .cap = cap };

		rc = syncml_read(&a, SYNCML_XML, (const uint8_t *)xml,
				 strlen(xml), &m, &e);
		CU_ASSERT(!rc || rc == DM_ENOSPC);
		cap += 16;
	} while (rc && cap < sizeof(room));
	CU_ASSERT_EQUAL(rc, DM_OK);
}

/* ----------------------------- what is read ----------------------------- */

static void reads_a_header(void)
{
	struct syncml_message m = load("dm12-package1");

	CU_ASSERT_EQUAL(m.version, SYNCML_12);
	CU_ASSERT_STRING_EQUAL(m.session_id, "104");
	CU_ASSERT_EQUAL(m.msg_id, 1);
	CU_ASSERT_STRING_EQUAL(m.source, "IMEI:493005100592800");
	CU_ASSERT_STRING_EQUAL(m.source_name, "phone");
	CU_ASSERT_STRING_EQUAL(m.cred.type, "syncml:auth-md5");
	CU_ASSERT_EQUAL(m.max_msg_size, 16384);
	CU_ASSERT_EQUAL(m.max_obj_size, 1048576);
	CU_ASSERT(m.final);
}

static void reads_a_generic_alert(void)
{
	struct syncml_message m = load("dm12-package1");
	const struct syncml_command *c = m.commands->next->next;

	CU_ASSERT_EQUAL(c->verb, SYNCML_ALERT);
	CU_ASSERT_EQUAL(c->code, ALERT_GENERIC);
	CU_ASSERT_STRING_EQUAL(c->correlator, "job-17");
	CU_ASSERT_STRING_EQUAL(c->items->meta.type,
			       ALERT_TYPE_DOWNLOAD_UPDATE);
	CU_ASSERT_STRING_EQUAL(c->items->data, "200");
}

static void reads_answers(void)
{
	struct syncml_message m = load("dm112-package2");
	const struct syncml_command *c = syncml_status_of(&m, 1, 0);

	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT_EQUAL(c->code, STATUS_AUTHENTICATED);
	CU_ASSERT_STRING_EQUAL(c->cmd, "SyncHdr");
	CU_ASSERT_STRING_EQUAL(c->chal.next_nonce, "ZUdKbG9FZGh2d3p4Ng==");
	c = syncml_status_of(&m, 1, 2);
	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT_STRING_EQUAL(c->source_ref, "./DevInfo/DevId");
	CU_ASSERT_PTR_NULL(syncml_status_of(&m, 1, 3));
	CU_ASSERT_PTR_NULL(syncml_status_of(&m, 2, 0));
}

static void reads_groups(void)
{
	struct syncml_message m = load("dm12-package2");
	const struct syncml_command *c = m.commands;
	const struct syncml_item *i;

	while (c->verb != SYNCML_ATOMIC)
		c = c->next;
	CU_ASSERT_PTR_NULL(c->items);
	i = c->commands->next->items;
	CU_ASSERT(i->more_data);
	CU_ASSERT_EQUAL(i->meta.size, 9);
	CU_ASSERT_STRING_EQUAL(syncml_format(c->commands->next, i), "b64");
	CU_ASSERT_STRING_EQUAL(syncml_type(c->commands, c->commands->items),
			       "text/plain");
	CU_ASSERT_PTR_NULL(c->commands->next->next);
	CU_ASSERT(c->next->no_resp);
	CU_ASSERT_EQUAL(c->next->commands->verb, SYNCML_DELETE);
}

/* ----------------------------- what is wrong ----------------------------- */

#define HEADER(more) "<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>" \
	"<SessionID>1</SessionID><MsgID>1</MsgID>" \
	"<Target><LocURI>t</LocURI></Target>" \
	"<Source><LocURI>s</LocURI></Source>" more
#define MESSAGE(header, body) "<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr>" \
	header "</SyncHdr><SyncBody>" body "<Final/></SyncBody></SyncML>"
#define BODY(body) MESSAGE(HEADER(""), body)

static int read_xml(const char *xml, struct err *e)
{
	struct syncml_message m;

	arena.used = 0;
	return syncml_read(&arena, SYNCML_XML, (const uint8_t *)xml,
			   strlen(xml), &m, e);
}

static void assert_refused(const char *xml, const char *field)
{
	struct err e = { .field = "" };

	CU_ASSERT_EQUAL(read_xml(xml, &e), DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.field, field);
	if (strcmp(e.field, field))
		printf("# %s: %s\n", e.field, xml);
}

static void says_what_is_wrong(void)
{
	struct err e;

	CU_ASSERT_EQUAL(read_xml(BODY(""), &e), DM_OK);
	assert_refused("<SyncML/>", "SyncML");
	assert_refused("<Other><SyncHdr/><SyncBody/></Other>", "SyncML");
	assert_refused("<SyncML><SyncHdr/><SyncBody/></SyncML>", "VerProto");
	assert_refused(MESSAGE("<VerDTD>1.2</VerDTD><VerProto>DM/1.1"
			       "</VerProto>", ""), "VerProto");
	assert_refused(MESSAGE("<VerDTD>1.2</VerDTD><VerProto>SyncML/1.2"
			       "</VerProto>", ""), "VerProto");
	assert_refused(MESSAGE("<VerDTD>1.1</VerDTD><VerProto>DM/1.1"
			       "</VerProto><SessionID/>", ""), "SessionID");
	assert_refused(MESSAGE(HEADER("<Meta><MaxMsgSize>4294967296"
				      "</MaxMsgSize></Meta>"), ""),
		       "MaxMsgSize");
	assert_refused(BODY("<Get/>"), "CmdID");
	assert_refused(BODY("<Get><CmdID>-1</CmdID></Get>"), "CmdID");
	assert_refused(BODY("<Get><CmdID>12345678901</CmdID></Get>"), "CmdID");
	assert_refused(BODY("<Alert><CmdID>1</CmdID></Alert>"), "Data");
	assert_refused(BODY("<Status><CmdID>1</CmdID><Data>200</Data>"
			    "</Status>"), "MsgRef");
	assert_refused(BODY("<Status><CmdID>1</CmdID><MsgRef>1</MsgRef>"
			    "<CmdRef>1</CmdRef><Data>200</Data></Status>"),
		       "Cmd");
	assert_refused(BODY("<Results><CmdID>1</CmdID></Results>"), "CmdRef");
	assert_refused(BODY("<Sync><CmdID>1</CmdID></Sync>"), "SyncBody");
}

static void repeat(char *out, const char *text, unsigned n)
{
	while (n-- > 0)
		out = stpcpy(out, text);
}

static int read_many(const char *begin, const char *text, unsigned n,
		     const char *end)
{
	static char xml[XML_OCTETS_MAX], many[XML_OCTETS_MAX / 2];
	struct err e;

	repeat(many, text, n);
	snprintf(xml, sizeof(xml), MESSAGE(HEADER(""), "%s%s%s"), begin, many,
		 end);
	return read_xml(xml, &e);
}

static void bounds_what_it_reads(void)
{
	const char *get = "<Get><CmdID>1</CmdID>";
	const char *group = "<Atomic><CmdID>1</CmdID>";

	CU_ASSERT_EQUAL(read_many(get, "<Item/>", SYNCML_ITEMS_MAX, "</Get>"),
			DM_OK);
	CU_ASSERT_EQUAL(read_many(get, "<Item/>", SYNCML_ITEMS_MAX + 1,
				  "</Get>"), DM_ENOSPC);
	CU_ASSERT_EQUAL(read_many("", "<Get><CmdID>1</CmdID></Get>",
				  SYNCML_COMMANDS_MAX, ""), DM_OK);
	CU_ASSERT_EQUAL(read_many("", "<Get><CmdID>1</CmdID></Get>",
				  SYNCML_COMMANDS_MAX + 1, ""), DM_ENOSPC);
	CU_ASSERT_EQUAL(read_many("", group, SYNCML_GROUPS_MAX,
				  "</Atomic></Atomic></Atomic></Atomic>"),
			DM_OK);
	CU_ASSERT_EQUAL(read_many("", group, SYNCML_GROUPS_MAX + 1,
				  "</Atomic></Atomic></Atomic></Atomic>"
				  "</Atomic>"), DM_ENOSPC);
}

static void knows_content_types(void)
{
	enum syncml_encoding got = SYNCML_XML;
	struct err e;

	CU_ASSERT_EQUAL(syncml_encoding_of("Application/vnd.syncml.dm+WBXML",
					   &got, &e), DM_OK);
	CU_ASSERT_EQUAL(got, SYNCML_WBXML);
	CU_ASSERT_EQUAL(syncml_encoding_of("application/vnd.syncml.dm+xml; "
					   "charset=utf-8", &got, &e), DM_OK);
	CU_ASSERT_EQUAL(got, SYNCML_XML);
	CU_ASSERT_EQUAL(syncml_encoding_of("application/vnd.syncml+xml", &got,
					   &e), DM_EINVAL);
	CU_ASSERT_EQUAL(syncml_encoding_of("", &got, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(syncml_content_type(SYNCML_WBXML),
			       "application/vnd.syncml.dm+wbxml");
}

/* ---------------------------- what is written ---------------------------- */

static struct syncml_message begin(struct compose *c, struct syncml_message *m)
{
	arena.used = 0;
	*m = (struct syncml_message){
		.version = SYNCML_12, .session_id = "1F", .msg_id = 2,
		.target = "t", .source = "s", .final = true,
	};
	compose_begin(c, &arena, m);
	return *m;
}

static void composes_a_message(void)
{
	struct syncml_message to = load("dm12-package2"), m;
	struct compose c;
	struct syncml_command *results;
	struct syncml_item *i;
	static const char want[] =
		"<Delete><CmdID>2</CmdID></Delete>"
		"<Results><CmdID>3</CmdID><MsgRef>1</MsgRef>"
		"<CmdRef>4</CmdRef><Item><Meta>"
		"<Format xmlns=\"syncml:metinf\">b64</Format></Meta>"
		"<Data>AAE=</Data></Item></Results></SyncBody></SyncML>";
	size_t len;
	struct err e;

	m = (struct syncml_message){
		.session_id = to.session_id, .target = to.source,
		.source = to.target, .msg_id = 7,
	};
	compose_begin(&c, &arena, &m);
	compose_status(&c, &to, to.commands->next->next->next, STATUS_OK);
	compose_command(&c, SYNCML_DELETE);
	results = compose_command(&c, SYNCML_RESULTS);
	results->msg_ref = 1;
	results->cmd_ref = 4;
	i = compose_item(&c, results);
	i->meta.format = "b64";
	i->data = compose_text(&c, "%s", "AAE=");
	CU_ASSERT_EQUAL(compose_done(&c), DM_OK);
	CU_ASSERT_STRING_EQUAL(m.commands->target_ref, "./DevDetail/FwV");
	CU_ASSERT_EQUAL(syncml_write(&arena, SYNCML_XML, &m, octets,
				     sizeof(octets), &len, &e), DM_OK);
	CU_ASSERT_STRING_EQUAL(strstr((char *)octets, "<Delete>"), want);
}

static void composing_without_room_fails_late(void)
{
	struct syncml_message m;
	struct compose c;

	begin(&c, &m);
	arena.used = arena.cap - sizeof(struct syncml_command);
	compose_item(&c, compose_alert(&c, 1))->data =
		compose_text(&c, "%s", "long");
	CU_ASSERT_EQUAL(compose_done(&c), DM_ENOSPC);
}

static int write_data(enum syncml_encoding encoding, const char *data)
{
	struct syncml_message m;
	struct compose c;
	struct err e;
	size_t len;

	begin(&c, &m);
	compose_item(&c, compose_command(&c, SYNCML_REPLACE))->data = data;
	return syncml_write(&arena, encoding, &m, octets, sizeof(octets), &len,
			    &e);
}

static void refuses_data_that_would_change(void)
{
	CU_ASSERT_EQUAL(write_data(SYNCML_XML, "two\nlines"), DM_OK);
	CU_ASSERT_EQUAL(write_data(SYNCML_XML, "]]>"), DM_OK);
	CU_ASSERT_EQUAL(write_data(SYNCML_XML, "\001"), DM_EINVAL);
	CU_ASSERT_EQUAL(write_data(SYNCML_XML, "\xff"), DM_EINVAL);
	CU_ASSERT_EQUAL(write_data(SYNCML_WBXML, "a & <b> ü"), DM_OK);
	CU_ASSERT_EQUAL(write_data(SYNCML_WBXML, "two\nlines"), DM_EINVAL);
	CU_ASSERT_EQUAL(write_data(SYNCML_WBXML, "\001"), DM_EINVAL);
	CU_ASSERT_EQUAL(write_data(SYNCML_WBXML, "]]>"), DM_EPROTO);
}

static void has_words_for_codes(void)
{
	CU_ASSERT_STRING_EQUAL(status_text(404), "not found");
	CU_ASSERT_STRING_EQUAL(status_text(499), "unknown status");
	CU_ASSERT(status_is_success(212));
	CU_ASSERT(!status_is_success(304));
}

static CU_TestInfo tests[] = {
	{ "XML comes back as it was", xml_comes_back },
	{ "WBXML comes back as it was", wbxml_comes_back },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses short buffers", refuses_short_buffers },
	{ "lives in any arena", lives_in_any_arena },
	{ "reads a header", reads_a_header },
	{ "reads a generic alert", reads_a_generic_alert },
	{ "reads answers", reads_answers },
	{ "reads groups", reads_groups },
	{ "says what is wrong", says_what_is_wrong },
	{ "bounds what it reads", bounds_what_it_reads },
	{ "knows content types", knows_content_types },
	{ "composes a message", composes_a_message },
	{ "composing without room fails late",
	  composing_without_room_fails_late },
	{ "refuses data that would change", refuses_data_that_would_change },
	{ "has words for codes", has_words_for_codes },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("syncml", tests);
}
