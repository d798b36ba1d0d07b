/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_dialog.h"

#include <stdio.h>
#include <string.h>

#include "tests/dm_conversation.h"
#include "tests/tap.h"

static struct dm_scene scene;

static void begin(enum syncml_version version, enum syncml_encoding encoding)
{
	dm_scene_begin(&scene, version);
	scene.setup.encoding = encoding;
}

static bool nonce_is(const struct digest_key *key, const char *text)
{
	return key->nonce_len == strlen(text) &&
	       !memcmp(key->nonce, text, key->nonce_len);
}

/* Each recording in XML, and again in WBXML. */
static void play(enum syncml_version version, const char *name,
		 void (*prepare)(void), void (*check)(void))
{
	for (int e = SYNCML_XML; e <= SYNCML_WBXML; e++) {
		begin(version, (enum syncml_encoding)e);
		if (prepare)
			prepare();
		CU_ASSERT_EQUAL(dm_scene_play(&scene, name), DM_DIALOG_DONE);
		check();
	}
}

/* ------------------------------ recordings ------------------------------ */

static void update_is_accepted(void)
{
	CU_ASSERT_EQUAL(dm_fumo_next(&scene.fumo), DM_FUMO_FETCH);
	CU_ASSERT_STRING_EQUAL(scene.fumo.url, "http://dm.example.com/fw-2.0");
	CU_ASSERT_STRING_EQUAL(scene.fumo.correlator,
			       scene.tree.version == SYNCML_12 ? "job-1" : "");
	CU_ASSERT(nonce_is(&scene.client_key, "next client nonce"));
	CU_ASSERT_EQUAL(scene.server_key.nonce_len, DM_DIALOG_NONCE_LEN);
	CU_ASSERT_EQUAL(scene.server_key.nonce[0], 1);
}

static void is_updated_with_dm_12(void)
{
	play(SYNCML_12, "dm12-update", NULL, update_is_accepted);
}

static void is_updated_with_dm_112(void)
{
	play(SYNCML_11, "dm112-update", NULL, update_is_accepted);
}

static void has_a_result(void)
{
	scene.setup.server_initiated = false;
	dm_fumo_exec(&scene.fumo, DM_FUMO_DOWNLOAD_UPDATE, "http://x/", "job-1");
	dm_fumo_failed(&scene.fumo, DM_FUMO_NETWORK_FAILED);
}

/* With DM 1.2 nothing more is said, so the server cannot get a new nonce. */
static void is_reported(void)
{
	CU_ASSERT(scene.dialog.reported);
	CU_ASSERT_EQUAL(nonce_is(&scene.server_key, "server nonce"),
			scene.tree.version == SYNCML_12);
}

static void tells_its_result_with_dm_12(void)
{
	play(SYNCML_12, "dm12-report", has_a_result, is_reported);
}

static void tells_its_result_with_dm_112(void)
{
	play(SYNCML_11, "dm112-report", has_a_result, is_reported);
}

static void user_asks(void)
{
	scene.setup.server_initiated = false;
	scene.setup.asks_for_update = true;
}

static void nothing_is_done(void)
{
	CU_ASSERT_EQUAL(dm_fumo_next(&scene.fumo), DM_FUMO_REST);
	CU_ASSERT_FALSE(scene.dialog.reported);
}

static void asks_for_an_update(void)
{
	play(SYNCML_12, "dm12-user-request", user_asks, nothing_is_done);
}

/* DM 1.1.2 has no such alert. */
static void does_not_ask_with_dm_112(void)
{
	enum dm_dialog_turn turn;

	begin(SYNCML_11, SYNCML_XML);
	user_asks();
	CU_ASSERT_PTR_NULL(strstr(dm_scene_first(&scene, &turn), "1226"));
	CU_ASSERT_EQUAL(turn, DM_DIALOG_SEND);
}

static void has_session_1(void)
{
	scene.setup.session_id = "1";
}

static void believes_the_server(void)
{
	CU_ASSERT(scene.dialog.server_proved);
	CU_ASSERT_EQUAL(scene.server_key.nonce[0], 1);
}

static void answers_the_server_of_the_specification(void)
{
	play(SYNCML_12, "pro12-one-step", has_session_1, believes_the_server);
	play(SYNCML_12, "pro12-two-step", has_session_1, believes_the_server);
}

static void knows_new_nonces(void)
{
	CU_ASSERT(nonce_is(&scene.client_key, "nonce of the next session"));
	CU_ASSERT_EQUAL(scene.server_key.nonce[0], 3);
}

static void both_sides_challenge(void)
{
	play(SYNCML_12, "dm12-challenge", NULL, knows_new_nonces);
}

static void atomic_is_undone(void)
{
	CU_ASSERT_STRING_EQUAL(dm_tree_firmware_value(&scene.tree, "PkgName"),
			       "");
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&scene.tree, "./Vendor/B"),
			       "text");
}

static void alerts_and_groups(void)
{
	play(SYNCML_12, "dm12-groups", NULL, atomic_is_undone);
}

/* ------------------------------ what fails ------------------------------ */

/* A message of the server; more: its Cred, or nothing. */
#define MESSAGE(id, more, body) \
	"<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD>" \
	"<VerProto>DM/1.2</VerProto><SessionID>104</SessionID><MsgID>" id \
	"</MsgID><Target><LocURI>t</LocURI></Target><Source><LocURI>s" \
	"</LocURI></Source>" more "</SyncHdr><SyncBody>" body "<Final/>" \
	"</SyncBody></SyncML>"
#define HEADER_STATUS(ref, code) "<Status><CmdID>1</CmdID><MsgRef>" ref \
	"</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>" code \
	"</Data></Status>"
#define GET(id, uri) "<Get><CmdID>" id "</CmdID><Item><Target><LocURI>" uri \
	"</LocURI></Target></Item></Get>"

static enum dm_dialog_turn answer(const char *xml)
{
	enum dm_dialog_turn turn;

	dm_scene_answer(&scene, xml, &turn);
	return turn;
}

/* A session that has begun, with a server that need not prove itself. */
static void begin_open(void)
{
	enum dm_dialog_turn turn;

	begin(SYNCML_12, SYNCML_XML);
	scene.setup.server_key = NULL;
	dm_scene_first(&scene, &turn);
	CU_ASSERT_EQUAL(turn, DM_DIALOG_SEND);
}

static void assert_fails(const char *xml, const char *why)
{
	begin_open();
	CU_ASSERT_EQUAL(answer(xml), DM_DIALOG_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.dialog.why, why));
	if (!strstr(scene.dialog.why, why))
		printf("# %s: %s\n", why, scene.dialog.why);
}

static void ends_with_a_reason(void)
{
	assert_fails("no XML", "xml");
	assert_fails(MESSAGE("1", "", ""), "none came");
	assert_fails(MESSAGE("1", "", HEADER_STATUS("1", "503")), "503");
	assert_fails(MESSAGE("1", "", HEADER_STATUS("2", "200")), "none came");
	assert_fails(MESSAGE("1", "", HEADER_STATUS("1", "200")
			     "<Alert><CmdID>2</CmdID><Data>1223</Data>"
			     "</Alert>"), "aborts");
	assert_fails("<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2"
		     "</VerProto><SessionID>105</SessionID><MsgID>1</MsgID>"
		     "<Target><LocURI>t</LocURI></Target><Source><LocURI>s"
		     "</LocURI></Source></SyncHdr><SyncBody/></SyncML>",
		     "another session");
	assert_fails("<SyncML><SyncHdr><VerDTD>1.1</VerDTD><VerProto>DM/1.1"
		     "</VerProto><SessionID>104</SessionID><MsgID>1</MsgID>"
		     "<Target><LocURI>t</LocURI></Target><Source><LocURI>s"
		     "</LocURI></Source></SyncHdr><SyncBody/></SyncML>",
		     "version");
}

#define CHALLENGE(ref, nonce) "<Status><CmdID>1</CmdID><MsgRef>" ref \
	"</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Chal><Meta><Format>" \
	"b64</Format><Type>syncml:auth-md5</Type><NextNonce>" nonce \
	"</NextNonce></Meta></Chal><Data>401</Data></Status>"

static void tries_its_credential_three_times(void)
{
	begin_open();
	CU_ASSERT_EQUAL(answer(MESSAGE("1", "", CHALLENGE("1", "AAAA"))),
			DM_DIALOG_SEND);
	CU_ASSERT_EQUAL(answer(MESSAGE("2", "", CHALLENGE("2", "AAAB"))),
			DM_DIALOG_SEND);
	CU_ASSERT_EQUAL(answer(MESSAGE("3", "", CHALLENGE("3", "AAAC"))),
			DM_DIALOG_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(scene.dialog.why, "refuses"));
	begin_open();
	CU_ASSERT_EQUAL(answer(MESSAGE("1", "", CHALLENGE("1", "no b64"))),
			DM_DIALOG_FAILED);
}

static void without_a_credential_gives_up_at_once(void)
{
	enum dm_dialog_turn turn;
	const char *first;

	begin(SYNCML_12, SYNCML_XML);
	scene.setup.client_key = NULL;
	scene.setup.server_key = NULL;
	first = dm_scene_first(&scene, &turn);
	CU_ASSERT_PTR_NULL(strstr(first, "Cred"));
	CU_ASSERT_EQUAL(answer(MESSAGE("1", "", CHALLENGE("1", "AAAA"))),
			DM_DIALOG_FAILED);
}

/* The nonces of both sides stay what they were. */
static void obeys_no_stranger(void)
{
	static const char *const asks[] = {
		MESSAGE("1", "", HEADER_STATUS("1", "212")
			GET("2", "./DevInfo/DevId")),
		MESSAGE("2", "", HEADER_STATUS("2", "212")
			GET("2", "./DevInfo/DevId")),
		MESSAGE("3", "", HEADER_STATUS("3", "212")
			GET("2", "./DevInfo/DevId")),
	};
	enum dm_dialog_turn turn;

	begin(SYNCML_12, SYNCML_XML);
	dm_scene_first(&scene, &turn);
	for (int i = 0; i < 2; i++) {
		const char *got = dm_scene_answer(&scene, asks[i], &turn);

		CU_ASSERT_EQUAL(turn, DM_DIALOG_SEND);
		CU_ASSERT_PTR_NULL(strstr(got, "<Results>"));
		CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>407</Data>"));
	}
	CU_ASSERT_EQUAL(answer(asks[2]), DM_DIALOG_FAILED);
	CU_ASSERT(nonce_is(&scene.client_key, "client nonce"));
	CU_ASSERT(nonce_is(&scene.server_key, "server nonce"));
}

/* The Status of Alert 1226, its third command. */
#define REPORT_STATUS "<Status><CmdID>3</CmdID><MsgRef>1</MsgRef>" \
	"<CmdRef>3</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>"

static void believes_no_stranger_that_its_result_has_arrived(void)
{
	enum dm_dialog_turn turn;

	begin(SYNCML_12, SYNCML_XML);
	has_a_result();
	dm_scene_first(&scene, &turn);
	CU_ASSERT_EQUAL(answer(MESSAGE("1", "", HEADER_STATUS("1", "212")
			       REPORT_STATUS)), DM_DIALOG_SEND);
	CU_ASSERT(!scene.dialog.reported);
	begin_open();
	has_a_result();
	dm_scene_first(&scene, &turn);
	CU_ASSERT_EQUAL(answer(MESSAGE("1", "", HEADER_STATUS("1", "212")
			       REPORT_STATUS)), DM_DIALOG_DONE);
	CU_ASSERT(scene.dialog.reported);
}

/* Another update may be ordered at once: it does not wait for a report. */
static void takes_an_order_when_its_result_has_arrived(void)
{
	enum dm_dialog_turn turn;
	const char *got;

	begin_open();
	has_a_result();
	dm_scene_first(&scene, &turn);
	got = dm_scene_answer(&scene, MESSAGE("1", "",
		HEADER_STATUS("1", "212") REPORT_STATUS
		"<Exec><CmdID>4</CmdID><Item><Target><LocURI>./FUMO/Firmware/"
		"DownloadAndUpdate</LocURI></Target></Item></Exec>"), &turn);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>202</Data>"));
	CU_ASSERT(scene.dialog.reported);
}

static void leaves_out_what_the_server_cannot_take(void)
{
	enum dm_dialog_turn turn;
	const char *got;

	begin_open();
	got = dm_scene_answer(&scene, MESSAGE("1",
		"<Meta><MaxMsgSize>900</MaxMsgSize></Meta>",
		HEADER_STATUS("1", "212") GET("2", "./DevInfo/DevId")
		GET("3", "./FUMO/Firmware")), &turn);
	CU_ASSERT_EQUAL(turn, DM_DIALOG_SEND);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>413</Data>"));
	begin_open();
	CU_ASSERT_EQUAL(answer(MESSAGE("1",
		"<Meta><MaxMsgSize>100</MaxMsgSize></Meta>",
		HEADER_STATUS("1", "212") GET("2", "./DevInfo/DevId"))),
		DM_DIALOG_FAILED);
}

/* As many of a thousand as fit, the first ones; and soon. */
static void leaves_out_most_of_a_thousand(void)
{
	static char xml[65536];
	enum dm_dialog_turn turn;
	const char *got;
	size_t n = 0, len;

	begin(SYNCML_12, SYNCML_WBXML);
	scene.setup.server_key = NULL;
	dm_scene_first(&scene, &turn);
	strcpy(xml, MESSAGE("1", "<Meta><MaxMsgSize xmlns='syncml:metinf'>2000"
	       "</MaxMsgSize></Meta>", HEADER_STATUS("1", "212")
	       "<Get><CmdID>2</CmdID>"));
	len = (size_t)(strstr(xml, "<Final") - xml);
	for (int i = 0; i < 1000; i++)
		len += (size_t)sprintf(xml + len, "<Item><Target><LocURI>%s"
				       "</LocURI></Target></Item>",
				       i ? "./DevInfo" : "./DevDetail/FwV");
	strcpy(xml + len, "</Get><Final/></SyncBody></SyncML>");
	got = dm_scene_answer(&scene, xml, &turn);
	CU_ASSERT_EQUAL(turn, DM_DIALOG_SEND);
	CU_ASSERT(scene.out_len > 1800 && scene.out_len <= 2000);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>1.0</Data>"));
	for (; (got = strstr(got, "<Results>")); got++)
		n++;
	CU_ASSERT(n > 10 && n < 100);
}

static void assert_ends(const char *body)
{
	char xml[1000];
	unsigned n = 0;

	begin_open();
	do
		snprintf(xml, sizeof(xml), MESSAGE("%u", "",
			 HEADER_STATUS("%u", "212") "%s"), n, n, body);
	while (n++ < 2 * DM_DIALOG_MESSAGES_MAX &&
	       (n == 1 || answer(xml) == DM_DIALOG_SEND));
	CU_ASSERT_EQUAL(n - 1, DM_DIALOG_MESSAGES_MAX);
	CU_ASSERT_EQUAL(scene.dialog.msg_id, DM_DIALOG_MESSAGES_MAX);
}

static void does_not_talk_for_ever(void)
{
	assert_ends(GET("2", "./DevInfo"));
	assert_ends("<Alert><CmdID>2</CmdID><Data>1222</Data></Alert>");
}

static void goes_where_the_server_says(void)
{
	char xml[1000], uri[300];
	enum dm_dialog_turn turn;
	const char *got;

	begin_open();
	got = dm_scene_answer(&scene, MESSAGE("1",
		"<RespURI>http://dm.example.com/7</RespURI>",
		HEADER_STATUS("1", "212") GET("2", "./DevInfo")), &turn);
	CU_ASSERT_STRING_EQUAL(scene.dialog.url, "http://dm.example.com/7");
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "/7</LocURI>"));
	CU_ASSERT_EQUAL(answer(MESSAGE("2", "", HEADER_STATUS("2", "200")
			       GET("2", "./DevInfo"))), DM_DIALOG_SEND);
	CU_ASSERT_STRING_EQUAL(scene.dialog.url, "http://dm.example.com/7");
	memset(uri, 'x', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	snprintf(xml, sizeof(xml), MESSAGE("1", "<RespURI>%s</RespURI>",
		 HEADER_STATUS("1", "212")), uri);
	assert_fails(xml, "RespURI: 299 octets");
}

/* --------------------------------- users --------------------------------- */

static void assert_answers(enum dm_user user, unsigned code,
			   const char *options, unsigned want,
			   const char *typed)
{
	struct syncml_item text = { .data = "text" };
	struct syncml_item first = { .data = options, .next = &text };
	const struct syncml_command alert = {
		.verb = SYNCML_ALERT, .code = code, .items = &first,
	};
	struct dm_user_answer got;

	CU_ASSERT(dm_user_answers(user, &alert, &got));
	CU_ASSERT_EQUAL(got.code, want);
	CU_ASSERT_EQUAL(got.has_typed, typed != NULL);
	if (typed)
		CU_ASSERT_STRING_EQUAL(got.typed, typed);
	CU_ASSERT_STRING_EQUAL(dm_user_text(&alert), "text");
}

static void users_answer(void)
{
	assert_answers(DM_USER_YES, 1100, "", 200, NULL);
	assert_answers(DM_USER_NEVER, 1100, "", 200, NULL);
	assert_answers(DM_USER_YES, 1101, "DR=0", 200, NULL);
	assert_answers(DM_USER_NO, 1101, "DR=1", 304, NULL);
	assert_answers(DM_USER_NEVER, 1101, "MAXDT=5", 408, NULL);
	assert_answers(DM_USER_NEVER, 1101, "MAXDT=5&DR=1", 200, NULL);
	assert_answers(DM_USER_NEVER, 1101, "DR=0&MAXDT=5", 304, NULL);
	assert_answers(DM_USER_YES, 1102, "XDR=a", 200, "");
	assert_answers(DM_USER_YES, 1102, "IT=A&DR=Bob&ET=T", 200, "Bob");
	assert_answers(DM_USER_NO, 1102, "DR=Bob", 214, NULL);
	assert_answers(DM_USER_NEVER, 1102, "", 408, NULL);
	assert_answers(DM_USER_NEVER, 1103, "DR=2", 200, "2");
	assert_answers(DM_USER_YES, 1104, "", 200, "1");
}

static void assert_in_time(unsigned after_ms, const char *options,
			   enum dm_user says, unsigned want_ms)
{
	struct syncml_item first = { .data = options };
	const struct syncml_command alert = {
		.verb = SYNCML_ALERT, .code = 1101, .items = &first,
	};
	struct dm_user_reply reply = { DM_USER_YES, after_ms };

	dm_user_hurry(&reply, &alert);
	CU_ASSERT_EQUAL(reply.says, says);
	CU_ASSERT_EQUAL(reply.after_ms, want_ms);
}

/* MAXDT is in seconds. */
static void users_answer_in_time_or_never(void)
{
	assert_in_time(0, "MAXDT=0", DM_USER_YES, 0);
	assert_in_time(1, "MAXDT=0", DM_USER_NEVER, 0);
	assert_in_time(5000, "MAXDT=5", DM_USER_YES, 5000);
	assert_in_time(5001, "MINDT=9&MAXDT=5&DR=1", DM_USER_NEVER, 5000);
	assert_in_time(3600000, "MAXDT=99999999999999999999", DM_USER_YES,
		       3600000);
	assert_in_time(3600000, "XMAXDT=1", DM_USER_YES, 3600000);
	assert_in_time(3600000, "", DM_USER_YES, 3600000);
}

static void rejecting_skips_the_rest(void)
{
	enum dm_dialog_turn turn;
	const char *got;

	begin_open();
	scene.dialog.setup.answers = DM_USER_NO;
	got = dm_scene_answer(&scene, MESSAGE("1", "",
		HEADER_STATUS("1", "212") "<Sequence><CmdID>2</CmdID><Alert>"
		"<CmdID>3</CmdID><Data>1101</Data></Alert>"
		GET("4", "./DevInfo") "</Sequence>"), &turn);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>304</Data>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "<Data>215</Data>"));
	CU_ASSERT_PTR_NULL(strstr(got, "<Results>"));
}

static CU_TestInfo tests[] = {
	{ "is updated with DM 1.2", is_updated_with_dm_12 },
	{ "is updated with DM 1.1.2", is_updated_with_dm_112 },
	{ "tells its result with DM 1.2", tells_its_result_with_dm_12 },
	{ "tells its result with DM 1.1.2", tells_its_result_with_dm_112 },
	{ "asks for an update", asks_for_an_update },
	{ "does not ask with DM 1.1.2", does_not_ask_with_dm_112 },
	{ "answers the server of the specification",
	  answers_the_server_of_the_specification },
	{ "both sides challenge", both_sides_challenge },
	{ "alerts, a message without Final, and groups", alerts_and_groups },
	{ "ends with a reason", ends_with_a_reason },
	{ "tries its credential three times",
	  tries_its_credential_three_times },
	{ "without a credential gives up at once",
	  without_a_credential_gives_up_at_once },
	{ "obeys no stranger", obeys_no_stranger },
	{ "believes no stranger that its result has arrived",
	  believes_no_stranger_that_its_result_has_arrived },
	{ "takes an order when its result has arrived",
	  takes_an_order_when_its_result_has_arrived },
	{ "leaves out what the server cannot take",
	  leaves_out_what_the_server_cannot_take },
	{ "leaves out most of a thousand", leaves_out_most_of_a_thousand },
	{ "does not talk for ever", does_not_talk_for_ever },
	{ "goes where the server says", goes_where_the_server_says },
	{ "users answer", users_answer },
	{ "users answer in time, or never", users_answer_in_time_or_never },
	{ "rejecting skips the rest", rejecting_skips_the_rest },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm dialog", tests);
}
